/* teaching_grammar.c — the corpus "grammar" of teaching.h: a small Chinese that is translated into a small English.
 *
 * The order of the tables is part of the corpus: the random numbers index them.
 * Surprise: 都 says again that the subject is plural and is translated by nothing; 了 (done) is only visible in English
 * where nothing else carries the past, in "did", so "did" is linked to both verb and 了. */
#include "text/teaching_parts.h"

typedef struct {
    const char *source, *target;
} Word;

static const struct {
    Word word;
    bool future;
} times[CLAUSE_TIMES] = {{{"昨天", "yesterday"}, false}, {{"明天", "tomorrow"}, true}};

static const struct {
    const char *source, *target[2];
} causes[CLAUSE_CAUSES] = {
    {"大雪", {"heavy", "snow"}}, {"罢工", {"the", "strike"}}, {"停电", {"the", "blackout"}}};

static const struct {
    const char *source[2], *target;
    bool plural;
} determiners[CLAUSE_DETERMINERS] = {{{"多", "个"}, "many", true},
                                     {{"一", "个"}, "one", false},
                                     {{"三", "个"}, "three", true},
                                     {{"这些", NULL}, "these", true},
                                     {{"那", "个"}, "that", false}};

static const Word adjectives[CLAUSE_ADJECTIVES] = {
    {"大", "large"}, {"小", "small"}, {"新", "new"}, {"旧", "old"}};

static const struct {
    const char *source, *one, *several;
} nouns[CLAUSE_NOUNS] = {{"机场", "airport", "airports"},   {"学校", "school", "schools"},
                         {"商店", "shop", "shops"},         {"公司", "company", "companies"},
                         {"医院", "hospital", "hospitals"}, {"工厂", "factory", "factories"},
                         {"车站", "station", "stations"},   {"银行", "bank", "banks"}};

static const struct {
    const char *source, *target[2];
} verbs[CLAUSE_VERBS] = {{"关闭", {"close", "down"}},
                         {"搬迁", {"move", "away"}},
                         {"停工", {"stop", "work"}},
                         {"开放", {"open", "up"}}};

/* Numbers of the clause's source words; -1 = not there. */
typedef struct {
    int time, because, cause, determiner[2], adjective, noun, future, forced, verb, done, stop;
} Places;

static Places write_source(const Clause *clause, bool future, bool last, TeachingPair *pair)
{
    Places at = {-1, -1, -1, {-1, -1}, -1, -1, -1, -1, -1, -1, -1};
    if (clause->time >= 0) at.time = pair_source(pair, times[clause->time].word.source);
    if (clause->cause >= 0) {
        at.because = pair_source(pair, "因为");
        at.cause = pair_source(pair, causes[clause->cause].source);
    }
    for (int i = 0; i < 2; i++)
        if (determiners[clause->determiner].source[i])
            at.determiner[i] = pair_source(pair, determiners[clause->determiner].source[i]);
    if (clause->adjective >= 0) at.adjective = pair_source(pair, adjectives[clause->adjective].source);
    at.noun = pair_source(pair, nouns[clause->noun].source);
    if (determiners[clause->determiner].plural) pair_source(pair, "都");
    if (future) at.future = pair_source(pair, "将");
    if (clause->forced) at.forced = pair_source(pair, "被迫");
    at.verb = pair_source(pair, verbs[clause->verb].source);
    if (!future) at.done = pair_source(pair, "了");
    at.stop = pair_source(pair, last ? "。" : "，");
    return at;
}

static void write_linked(TeachingPair *pair, const char *word, int source)
{
    pair_link(pair, source, pair_target(pair, word));
}

static void write_subject(const Clause *clause, const Places *at, TeachingPair *pair)
{
    bool plural = determiners[clause->determiner].plural;
    int determiner = pair_target(pair, determiners[clause->determiner].target);
    for (int i = 0; i < 2; i++)
        if (at->determiner[i] >= 0) pair_link(pair, at->determiner[i], determiner);
    if (clause->adjective >= 0) write_linked(pair, adjectives[clause->adjective].target, at->adjective);
    write_linked(pair, plural ? nouns[clause->noun].several : nouns[clause->noun].one, at->noun);
}

static void write_predicate(const Clause *clause, bool future, const Places *at, TeachingPair *pair)
{
    bool plural = determiners[clause->determiner].plural;
    if (future) write_linked(pair, "will", at->future);
    if (clause->forced) {
        write_linked(pair, future ? "be" : plural ? "were" : "was", at->forced);
        write_linked(pair, "forced", at->forced);
        write_linked(pair, "to", at->verb);
    } else if (!future) {
        int did = pair_target(pair, "did");
        pair_link(pair, at->verb, did);
        pair_link(pair, at->done, did);
    }
    for (int i = 0; i < 2; i++) write_linked(pair, verbs[clause->verb].target[i], at->verb);
}

void clause_write(const Clause *clause, bool last, TeachingPair *pair)
{
    bool future = clause->time >= 0 && times[clause->time].future;
    Places at = write_source(clause, future, last, pair);
    write_subject(clause, &at, pair);
    write_predicate(clause, future, &at, pair);
    if (clause->cause >= 0) {
        write_linked(pair, "because", at.because);
        write_linked(pair, "of", at.because);
        for (int i = 0; i < 2; i++) write_linked(pair, causes[clause->cause].target[i], at.cause);
    }
    if (clause->time >= 0) write_linked(pair, times[clause->time].word.target, at.time);
    write_linked(pair, last ? "." : ",", at.stop);
}

static int draw_maybe(Rng *rng, double chance, int count)
{
    return rng_uniform(rng) < chance ? (int)rng_below(rng, (uint32_t)count) : -1;
}

static Clause draw_clause(Rng *rng)
{
    Clause clause = {.time = draw_maybe(rng, 0.4, CLAUSE_TIMES)};
    clause.cause = draw_maybe(rng, 0.4, CLAUSE_CAUSES);
    clause.determiner = (int)rng_below(rng, CLAUSE_DETERMINERS);
    clause.adjective = draw_maybe(rng, 0.5, CLAUSE_ADJECTIVES);
    clause.noun = (int)rng_below(rng, CLAUSE_NOUNS);
    clause.forced = rng_uniform(rng) < 0.6;
    clause.verb = (int)rng_below(rng, CLAUSE_VERBS);
    return clause;
}

void grammar_draw(Rng *rng, int clauses, Arena *arena, TeachingPair *pair)
{
    (void)arena;
    if (!clauses) clauses = 1 + (int)rng_below(rng, GRAMMAR_USUAL_CLAUSES);
    for (int i = 0; i < clauses; i++) {
        Clause clause = draw_clause(rng);
        clause_write(&clause, i + 1 == clauses, pair);
    }
}
