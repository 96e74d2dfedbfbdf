/* teaching_parts.h — inside the teaching corpora: how a grammar writes its pair down. */
#pragma once
#include "text/teaching.h"

enum { TEACHING_MOST_WORDS = 128, TEACHING_MOST_LINKS = 256 };

/* An empty pair with room for that many words and links. */
TeachingPair pair_make(Arena *arena);
/* Appends a word, which is not copied; returns its number. */
int pair_source(TeachingPair *pair, const char *word);
int pair_target(TeachingPair *pair, const char *word);
void pair_link(TeachingPair *pair, int source, int target);

/* ---- teaching_grammar.c ---- */

enum { GRAMMAR_MOST_CLAUSES = 5, GRAMMAR_USUAL_CLAUSES = 3 };

/* What a clause chooses; each is an index into a table of teaching_grammar.c, -1 = left out. */
typedef struct {
    int time, cause, determiner, adjective, noun, verb;
    bool forced; /* 被迫 */
} Clause;

/* How many there are to choose from: 19,200 clauses are all combinations (with "left out", where that may be). */
enum {
    CLAUSE_TIMES = 2,
    CLAUSE_CAUSES = 3,
    CLAUSE_DETERMINERS = 5,
    CLAUSE_ADJECTIVES = 4,
    CLAUSE_NOUNS = 8,
    CLAUSE_VERBS = 4
};

void clause_write(const Clause *clause, bool last, TeachingPair *pair);
void grammar_draw(Rng *rng, int clauses, Arena *arena, TeachingPair *pair);

/* ---- teaching_reverse.c, teaching_dates.c ---- */

void reverse_draw(Rng *rng, int clauses, Arena *arena, TeachingPair *pair);
void dates_draw(Rng *rng, int clauses, Arena *arena, TeachingPair *pair);

typedef struct {
    int year, month, day; /* of the Gregorian calendar, month and day from 1 */
} Date;

int date_ways(void);
const char *date_way_language(int way); /* "en" or "zh" */
/* The date written in way number `way`, and in ISO 8601. */
void date_write(const Date *date, int way, Arena *arena, TeachingPair *pair);
/* 0 = Sunday … 6 = Saturday. */
int date_weekday(const Date *date);
int month_days(int year, int month);
