/* teaching.c — the table of teaching corpora, and drawing from it without the sentences that are to stay unseen. */
#include "text/teaching.h"
#include <stdlib.h>
#include <string.h>
#include "base/buffer.h"
#include "text/normalise.h"
#include "text/teaching_parts.h"

typedef struct {
    TeachingCorpus about;
    uint64_t stream; /* of the random numbers, so that corpora of one seed share nothing */
    void (*draw)(Rng *rng, int clauses, Arena *arena, TeachingPair *pair);
} Row;

static const Row rows[] = {
    {{"grammar", "Chinese to English: a grammar of 19,200 clauses, one to three a sentence",
      GRAMMAR_MOST_CLAUSES},
     3001,
     grammar_draw},
    {{"reverse", "three to ten letters, to the same backwards", 0}, 3002, reverse_draw},
    {{"dates", "dates as people write them in English and Chinese, to 2024-03-05", 0}, 3003, dates_draw},
};
enum { ROWS = sizeof rows / sizeof *rows, MOST_TRIES = 10000 };

static const char lecture_sentence[] = "多个机场都被迫关闭了。";

struct Teaching {
    const Row *row;
    Rng rng;
    int clauses;
    char *lecture;   /* its key */
    char **left_out; /* keys, sorted */
    int left_out_count;
};

int teaching_count(void)
{
    return ROWS;
}

const TeachingCorpus *teaching_corpus(int index)
{
    return index >= 0 && index < ROWS ? &rows[index].about : NULL;
}

int teaching_find(const char *name)
{
    for (int i = 0; i < ROWS; i++)
        if (!strcmp(rows[i].about.name, name)) return i;
    return -1;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

Teaching *teaching_make(Arena *arena, int index, const TeachingOptions *options)
{
    Teaching *teaching = arena_new(arena, Teaching);
    CHECK(index >= 0 && index < ROWS, "%d", index);
    teaching->row = &rows[index];
    CHECK(options->clauses >= 0 && options->clauses <= teaching->row->about.most_clauses, "%d",
          options->clauses);
    teaching->rng = rng_make((uint64_t)options->seed, teaching->row->stream);
    teaching->clauses = options->clauses;
    teaching->lecture = text_key(arena, lecture_sentence);
    teaching->left_out = arena_array(arena, char *, (size_t)options->leave_out_count + 1);
    for (int i = 0; i < options->leave_out_count; i++) {
        char *key = text_key(arena, options->leave_out[i]);
        if (*key) teaching->left_out[teaching->left_out_count++] = key;
    }
    qsort(teaching->left_out, (size_t)teaching->left_out_count, sizeof *teaching->left_out, by_text);
    return teaching;
}

static bool has_left_out(const Teaching *teaching, char *key)
{
    size_t count = (size_t)teaching->left_out_count, size = sizeof *teaching->left_out;
    return count && bsearch(&key, teaching->left_out, count, size, by_text);
}

static bool is_left_out(const Teaching *teaching, Arena *arena, const TeachingPair *pair)
{
    char *source = text_key(arena, teaching_text(arena, pair->source, pair->source_count));
    if (strstr(source, teaching->lecture) || has_left_out(teaching, source)) return true;
    return teaching->left_out_count &&
           has_left_out(teaching, text_key(arena, teaching_text(arena, pair->target, pair->target_count)));
}

bool teaching_next(Teaching *teaching, Arena *arena, TeachingPair *out, Error *error)
{
    ArenaMark mark = arena_mark(arena);
    for (int i = 0; i < MOST_TRIES; i++) {
        *out = pair_make(arena);
        teaching->row->draw(&teaching->rng, teaching->clauses, arena, out);
        if (!is_left_out(teaching, arena, out)) return true;
        arena_rewind(arena, mark);
    }
    *out = (TeachingPair){0};
    error_set(error, EXIT_INPUT, "cannot draw from corpus %s", teaching->row->about.name);
    error_add(error, "found", "%d pairs in a row that are to be left out", MOST_TRIES);
    return error_add(error, "do", "leave out fewer texts than the corpus has");
}

char *teaching_text(Arena *arena, const char *const *word, int count)
{
    Buffer text = {0};
    buffer_text(&text, "");
    for (int i = 0; i < count; i++) {
        if (i) buffer_text(&text, " ");
        buffer_text(&text, word[i]);
    }
    char *copy = arena_string_sized(arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

TeachingPair pair_make(Arena *arena)
{
    return (TeachingPair){.source = arena_array(arena, const char *, TEACHING_MOST_WORDS),
                          .target = arena_array(arena, const char *, TEACHING_MOST_WORDS),
                          .link = arena_array(arena, WordLink, TEACHING_MOST_LINKS)};
}

int pair_source(TeachingPair *pair, const char *word)
{
    CHECK(pair->source_count < TEACHING_MOST_WORDS, "%d words", pair->source_count);
    pair->source[pair->source_count] = word;
    return pair->source_count++;
}

int pair_target(TeachingPair *pair, const char *word)
{
    CHECK(pair->target_count < TEACHING_MOST_WORDS, "%d words", pair->target_count);
    pair->target[pair->target_count] = word;
    return pair->target_count++;
}

void pair_link(TeachingPair *pair, int source, int target)
{
    int at = pair->link_count;
    CHECK(at < TEACHING_MOST_LINKS, "%d links", at);
    WordLink link = {source, target};
    /* Grammars link words nearly in order: a step or two of insertion keeps the list sorted. */
    for (; at > 0; at--) {
        WordLink before = pair->link[at - 1];
        if (before.target < target || (before.target == target && before.source < source)) break;
        pair->link[at] = before;
    }
    pair->link[at] = link;
    pair->link_count++;
}
