/* learn_words.c — see learn_words.h.
 *
 * Truecasing (Koehn et al.): the capital of a sentence's first word says nothing about the word, so the word takes the
 * form it has inside sentences. A word w is lowered when inside sentences
 *   - its small form is met at least as often as its capitalised one ("The": "the"), or
 *   - neither is met, and nothing but its first letter is a capital ("Poursuivez", but not "OK").
 * Inside means: behind a letter, digit or comma; what follows a full stop or a quote may owe its capital to that. */
#include "text/learn_words.h"
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "text/normalise.h"
#include "text/tokenizer_parts.h"
#include "text/words.h"

enum { WELL_KNOWN = 5 }; /* so often inside sentences, a word is in the table without ever having begun one */

/* One spelling of a word, whatever stands before it. */
typedef struct {
    const char *text;
    size_t size;
    long long at_head, inside;
} Form;

typedef struct {
    Arena *arena, line;
    WordType *word;
    size_t word_capacity, form_capacity;
    int word_count, form_count;
    Form *form;
    StringTable words, forms;
} Census;

static WordType *word_entry(Census *census, const char *text, size_t size, bool space)
{
    char *key = arena_push_raw(&census->line, size + 1); /* the space tells "▁to" from "to" */
    key[0] = space ? ' ' : '_';
    memcpy(key + 1, text, size);
    int *index = string_table_put(&census->words, key, size + 1);
    if (*index < 0) {
        *index = census->word_count++;
        if ((size_t)*index >= census->word_capacity) {
            census->word_capacity = census->word_capacity * 2 + 1024;
            census->word = memory_resize(census->word, census->word_capacity * sizeof *census->word);
        }
        census->word[*index] =
            (WordType){.text = arena_string_sized(census->arena, text, size), .size = size, .space = space};
    }
    return &census->word[*index];
}

static Form *form_entry(Census *census, const char *text, size_t size)
{
    int *index = string_table_put(&census->forms, text, size);
    if (*index < 0) {
        *index = census->form_count++;
        if ((size_t)*index >= census->form_capacity) {
            census->form_capacity = census->form_capacity * 2 + 1024;
            census->form = memory_resize(census->form, census->form_capacity * sizeof *census->form);
        }
        census->form[*index] = (Form){arena_string_sized(census->arena, text, size), size, 0, 0};
    }
    return &census->form[*index];
}

static void count_line(Census *census, const char *line)
{
    arena_reset(&census->line);
    size_t size;
    const char *text = text_normalise(&census->line, line, strlen(line), &size);
    const char *head = text + text_head(text, size), *end = text + size;
    bool fresh = true; /* could a sentence begin here? */
    for (const char *at = text; at < end;) {
        TextWord word = word_next(&at, end, at == text);
        WordType *entry = word_entry(census, word.at, word.size, word.space);
        bool is_head = word.size && word.at == head;
        entry->count++;
        entry->at_head += is_head;
        if (word.kind == CLASS_LETTER && (is_head || !fresh)) {
            Form *form = form_entry(census, word.at, word.size);
            form->at_head += is_head;
            form->inside += !is_head;
        }
        if (word.kind != CLASS_OTHER) fresh &= word.size == 0; /* a lone "▁" changes nothing */
        else if (!strchr(",'-", word.at[0])) fresh = true;
    }
}

/* The word with its first letter changed by `change`, or NULL when that letter has no such form. */
static const char *recased(Arena *arena, const char *text, unsigned (*change)(unsigned))
{
    const char *at = text;
    size_t size = strlen(text);
    unsigned code = change(utf8_next(&at, text + size));
    return code ? text_replace_letter(arena, text, 0, code, &size) : NULL;
}

static bool has_capital(const char *text)
{
    for (const char *at = text, *end = text + strlen(text); at < end;)
        if (letter_lower(utf8_next(&at, end))) return true;
    return false;
}

static bool is_lowered(const Form *small, const Form *capital)
{
    long long inside = small ? small->inside : 0, rival = capital ? capital->inside : 0;
    long long heads = capital ? capital->at_head : 0;
    if (inside > 0) return inside >= rival && (heads > 0 || inside >= WELL_KNOWN);
    return heads > 0 && rival == 0;
}

static const Form *find_form(const Census *census, const char *text)
{
    int index = text ? string_table_get(&census->forms, text, strlen(text)) : -1;
    return index < 0 ? NULL : &census->form[index];
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void choose_lowered(Census *census, WordList *list)
{
    list->lower = arena_array(census->arena, const char *, (size_t)census->form_count + 1);
    for (int i = 0; i < census->form_count; i++) {
        const Form *form = &census->form[i];
        const char *capital = recased(census->arena, form->text, letter_raise);
        const char *small = capital ? form->text : recased(census->arena, form->text, letter_lower);
        if (!small || form->size >= TOKEN_MAX_BYTES) continue;
        if (!capital && find_form(census, small)) continue; /* decided when the small form's turn comes */
        if (has_capital(small)) continue;
        if (is_lowered(capital ? form : NULL, capital ? find_form(census, capital) : form))
            list->lower[list->lower_count++] = small;
    }
    qsort(list->lower, (size_t)list->lower_count, sizeof *list->lower, by_text);
}

static void lower_heads(Census *census, const WordList *list)
{
    for (int i = 0, count = census->word_count; i < count; i++) {
        long long heads = census->word[i].at_head;
        if (!heads) continue;
        const char *small = recased(census->arena, census->word[i].text, letter_lower);
        if (!small || !bsearch(&small, list->lower, (size_t)list->lower_count, sizeof small, by_text))
            continue;
        census->word[i].count -= heads;
        word_entry(census, small, strlen(small), census->word[i].space)->count += heads;
    }
}

WordList learn_words(Arena *arena, const char *const *lines, size_t count)
{
    Census census = {.arena = arena, .line = arena_make("line"), .words.arena = arena, .forms.arena = arena};
    for (size_t i = 0; i < count; i++) count_line(&census, lines[i]);
    WordList list = {.arena = arena};
    choose_lowered(&census, &list);
    lower_heads(&census, &list);
    list.count = census.word_count;
    list.word = arena_array(arena, WordType, (size_t)census.word_count + 1);
    if (census.word_count) memcpy(list.word, census.word, (size_t)census.word_count * sizeof *list.word);
    memory_resize(census.word, 0);
    memory_resize(census.form, 0);
    arena_free(&census.line);
    return list;
}
