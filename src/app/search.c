/* search.c — see search.h. Texts are compared by their keys (text/normalise.h): no case, no marks, no spaces. */
#include "app/search.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/actions.h"
#include "app/state_string.h"
#include "text/normalise.h"

enum { MOST_WORDS = 8 };

struct SearchIndex {
    Arena memory;
    const char ***step;   /* by slot and step: the key of its text in both languages */
    const char **heading; /* by slot: title, name */
};

void search_free(App *app)
{
    if (!app->index) return;
    arena_free(&app->index->memory);
    app->index = memory_resize(app->index, 0);
}

/* ---- the index ---- */

static void add_text(Buffer *out, const char *text)
{
    if (!text) return;
    buffer_text(out, text);
    buffer_text(out, " ");
}

static const char *key_of(Arena *memory, Buffer *text)
{
    const char *key = text_key(memory, text->at ? text->at : "");
    buffer_clear(text);
    return key;
}

static void add_step(Buffer *out, const Step *step)
{
    for (int language = 0; language < LESSON_LANGUAGES; language++) {
        add_text(out, step->title[language]);
        for (int b = 0; b < step->block_count[language]; b++)
            for (int s = 0; s < step->block[language][b].span_count; s++)
                if (step->block[language][b].span[s].kind != SPAN_MATH)
                    add_text(out, step->block[language][b].span[s].text);
        for (int q = 0; q < step->question_count; q++) add_text(out, step->question[q].prompt[language]);
    }
}

static void index_lesson(SearchIndex *index, int slot, const Lesson *lesson)
{
    Buffer text = {0};
    add_text(&text, lesson->name);
    for (int language = 0; language < LESSON_LANGUAGES; language++) add_text(&text, lesson->title[language]);
    index->heading[slot] = key_of(&index->memory, &text);
    index->step[slot] = arena_array(&index->memory, const char *, (size_t)lesson->step_count);
    for (int i = 0; i < lesson->step_count; i++) {
        add_step(&text, &lesson->step[i]);
        index->step[slot][i] = key_of(&index->memory, &text);
    }
    buffer_free(&text);
}

static const SearchIndex *index_of(App *app)
{
    if (app->index) return app->index;
    SearchIndex *index = app->index = memory_resize(NULL, sizeof *index);
    *index = (SearchIndex){.memory = arena_make("search")};
    index->heading = arena_array(&index->memory, const char *, (size_t)app->slot_count);
    index->step = arena_array(&index->memory, const char **, (size_t)app->slot_count);
    for (int i = 0; i < app->slot_count; i++)
        if (app->slot[i].ok) index_lesson(index, i, &app->slot[i].lesson);
    return index;
}

/* ---- searching ---- */

void search_set(App *app, const char *text)
{
    size_t size = text_cut_grapheme(text, strlen(text), sizeof app->search - 1);
    memcpy(app->search, text, size);
    app->search[size] = 0;
    app->text_scroll = 0;
}

/* "11-20, 29": is the page among them? */
static bool has_page(const char *pages, long page)
{
    while (pages && *pages) {
        char *end;
        long from = strtol(pages, &end, 10), to = from;
        if (end == pages) {
            pages++;
            continue;
        }
        if (*end == '-' || strncmp(end, "–", strlen("–")) == 0)
            to = strtol(end + (*end == '-' ? 1 : strlen("–")), &end, 10);
        if (page >= from && page <= to) return true;
        pages = end;
    }
    return false;
}

static bool in_heading(const Lesson *lesson, const char *heading, const char *word)
{
    char *end;
    long number = strtol(word, &end, 10);
    if (end != word && !*end) return number == lesson->number || has_page(lesson->pages, number);
    return strstr(heading, word) != NULL;
}

/* The words of the query as keys; what has no letters is left out. */
static int query_words(App *app, const char *word[MOST_WORDS])
{
    int count = 0;
    for (const char *at = app->search; *at && count < MOST_WORDS;) {
        at += strspn(at, " ");
        size_t size = strcspn(at, " ");
        const char *key = text_key(&app->note, arena_string_sized(&app->note, at, size));
        if (*key) word[count++] = key;
        at += size;
    }
    return count;
}

static bool finds(App *app, int slot, const char *const *word, int count, int *step)
{
    const SearchIndex *index = index_of(app);
    const Lesson *lesson = &app->slot[slot].lesson;
    bool named[MOST_WORDS], all = true;
    *step = -1;
    if (!app->slot[slot].ok) return count == 0;
    for (int w = 0; w < count; w++) all &= named[w] = in_heading(lesson, index->heading[slot], word[w]);
    if (all) return true;
    for (int i = 0; i < lesson->step_count; i++) {
        all = true;
        for (int w = 0; w < count; w++) all &= named[w] || strstr(index->step[slot][i], word[w]);
        *step = i;
        if (all) return true;
    }
    return false;
}

bool search_finds(App *app, int slot, int *step)
{
    const char *word[MOST_WORDS];
    *step = -1;
    if (!app->search[0]) return true;
    bool found = finds(app, slot, word, query_words(app, word), step);
    arena_reset(&app->note);
    return found;
}

/* ---- opening ---- */

int place_left(const App *app, int slot)
{
    const char *id = app->slot[slot].id, *left = progress_value(&app->progress, RECORD_PLACE, &id);
    const Lesson *lesson = &app->slot[slot].lesson;
    int step = app->slot[slot].ok && left ? lesson_find_step(lesson, left) : 0;
    return step > 0 && step + 1 < lesson->step_count ? step : 0;
}

/* The lesson of this number before those that have a page of it; -1 = nothing is found. *step: where in it. */
static int best_found(App *app, int *step)
{
    char *end;
    long number = strtol(app->search, &end, 10);
    int first = -1;
    for (int i = app->slot_count - 1, at; i >= 0; i--) {
        if (!app->slot[i].ok || !search_finds(app, i, &at)) continue;
        first = i;
        *step = at;
        if (end != app->search && !*end && app->slot[i].lesson.number == number) break;
    }
    return first;
}

void search_open_first(App *app)
{
    int step;
    Error error = {0};
    if (!app->search[0]) return;
    if (state_string_is(app->box.text)) {
        if (!state_string_open(app, app->box.text, &error)) app_notice_error(app, &error);
        return;
    }
    int found = best_found(app, &step);
    if (found >= 0) action_run(app, ACT_OPEN, (int64_t)(step + 1) << OPEN_STEP | found);
}
