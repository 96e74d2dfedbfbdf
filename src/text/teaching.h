/* teaching.h — sentence pairs made by small grammars, for models that train in minutes and can be checked by eye.
 *
 * The pairs are drawn, not stored: one seed gives one sequence on every machine, and the word links are known because
 * the grammar made them. Which corpora there are, and what each looks like, is one table in teaching.c:
 *
 * grammar  Chinese → English, the lecture's direction, 34 and 51 words. A clause is
 *              [昨天|明天] [因为 大雪|罢工|停电] determiner [adjective] noun (都) (将) [被迫] verb (了)
 *          and comes out as determiner, adjective, noun, predicate, cause, time: what stood in front moves to the end,
 *          two words become one (多 个 → many), one becomes several (被迫 → were … forced), some vanish (都), and the
 *          number of the noun decides "was" or "were". Clauses are joined by ， and closed by 。. 19,200 clauses.
 * reverse  letters → the same backwards; the links are the anti-diagonal.
 * dates    a date as people write it, in English or Chinese → 2024-03-05.
 *
 * No pair holds the lecture's sentence 多个机场都被迫关闭了。, not even as part of a longer one: it stays unseen. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/rng.h"

typedef struct {
    const char *name, *what; /* "grammar" and one line of help */
    int most_clauses;        /* 0 = this corpus has no clauses */
} TeachingCorpus;

typedef struct {
    int source, target; /* word numbers from 0 */
} WordLink;

/* Words hold no spaces. Everything lives in the arena given to teaching_next. */
typedef struct {
    const char **source, **target;
    int source_count, target_count;
    WordLink *link; /* sorted by target word, then source word; each once */
    int link_count;
} TeachingPair;

typedef struct Teaching Teaching;

int teaching_count(void);
const TeachingCorpus *teaching_corpus(int index);
/* Its row number, or -1. */
int teaching_find(const char *name);

typedef struct {
    int seed;    /* 0 or more */
    int clauses; /* in each sentence, 1 to most_clauses; 0 = as the corpus mixes them */
    const char *const
        *leave_out; /* texts: a pair whose source or target has the same words (text_key) is not made */
    int leave_out_count;
} TeachingOptions;

/* A sequence of pairs of corpus number `index`, from its beginning; it lives in `arena`. The texts to leave out are
 * copied. */
Teaching *teaching_make(Arena *arena, int index, const TeachingOptions *options);
/* The next pair, drawn independently of those before (so it may repeat one of them). False with an error when what is
 * left out leaves nothing to draw. */
bool teaching_next(Teaching *teaching, Arena *arena, TeachingPair *out, Error *error);
/* The words with single spaces between them, as `align` and IBM model 1 cut them again. */
char *teaching_text(Arena *arena, const char *const *word, int count);
