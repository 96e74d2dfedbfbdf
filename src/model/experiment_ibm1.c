/* experiment_ibm1.c — IBM model 1 learning which words go together, from a toy corpus, and what it says of one sentence pair
 * after each update of EM.
 *
 * Options: pairs (of the grammar corpus, one clause each), seed, updates, pair: the pair that is looked at, 0 = the lecture's
 * sentence, which the corpus never holds, N = the N-th of the corpus.
 * Entries (U = updates + 1; J Chinese words x, I English words y and the empty word; E and F the words of the corpus):
 *   ibm1.count U × E × F  how much of f fell to e, counted over all pairs; before the first update 1 each
 *   ibm1.table U × E × F  t(f | e): the share of the count in its row
 *   ibm1.pair  U × J × I  t(x_j | y_i), looked up in the table
 *   ibm1.link  U × J × I  the share of x_j that falls to y_i
 *   ibm1.gold  J × I      1 where the grammar says that the words go together
 * Surprise: the translation model is P(x | y), so the words of the source are explained by those of the target. */
#include <string.h>
#include "model/experiment.h"
#include "model/ibm1.h"
#include "text/teaching.h"
#include "trace/explain.h"

enum { MOST_PAIRS = 20000, MOST_UPDATES = 40, MOST_LOOKED_AT = 100 };

static const char empty_word[] = "∅";

typedef struct {
    const char **word;
    int count, room;
} Words;

typedef struct {
    Arena *arena;
    int pairs, seed, updates, looked_at;
    Words e, f; /* of the corpus; e.word[0] is the empty word */
    float *count, *table, *pair, *link, *gold;
    const char **source, **target;
    int *source_id, *target_id, source_count, target_count; /* with the empty word */
    bool done;
} Learning;

static const char *const lecture_source[] = {"多", "个", "机场", "都", "被迫", "关闭", "了", "。"};
static const char *const lecture_target[] = {"many", "airports", "were", "forced",
                                             "to",   "close",    "down", "."};
/* As the grammar links them (text/teaching.h): source, target. */
static const WordLink lecture_links[] = {{0, 0}, {1, 0}, {2, 1}, {4, 2}, {4, 3},
                                         {5, 4}, {5, 5}, {5, 6}, {7, 7}};

static int number_of(Arena *arena, Words *words, const char *word)
{
    for (int i = 0; i < words->count; i++)
        if (!strcmp(words->word[i], word)) return i;
    if (words->count == words->room) {
        const char **bigger = arena_array(arena, const char *, (size_t)(words->room = 2 * words->room + 32));
        for (int i = 0; i < words->count; i++) bigger[i] = words->word[i];
        words->word = bigger;
    }
    words->word[words->count] = arena_string(arena, word);
    return words->count++;
}

/* ---- the pair that is looked at ---- */

static void look_at(Learning *l, const TeachingPair *pair)
{
    int J = l->source_count = pair->source_count, I = l->target_count = pair->target_count + 1;
    l->source = arena_array(l->arena, const char *, (size_t)J + 1);
    l->target = arena_array(l->arena, const char *, (size_t)I + 1);
    l->source_id = arena_array(l->arena, int, (size_t)J + 1);
    l->target_id = arena_array(l->arena, int, (size_t)I + 1);
    l->gold = arena_array(l->arena, float, (size_t)J *(size_t)I + 1);
    for (int j = 0; j < J; j++) {
        l->source_id[j] = number_of(l->arena, &l->f, pair->source[j]);
        l->source[j] = l->f.word[l->source_id[j]];
        l->gold[j * I + I - 1] = 1; /* nothing, until a link says otherwise */
    }
    for (int i = 0; i < I; i++) {
        l->target_id[i] = number_of(l->arena, &l->e, i == I - 1 ? empty_word : pair->target[i]);
        l->target[i] = l->e.word[l->target_id[i]];
    }
    for (int k = 0; k < pair->link_count; k++) {
        l->gold[pair->link[k].source * I + pair->link[k].target] = 1;
        l->gold[pair->link[k].source * I + I - 1] = 0;
    }
}

static void look_at_lecture(Learning *l)
{
    enum { WORDS = sizeof lecture_source / sizeof *lecture_source };
    const char *source[WORDS], *target[WORDS];
    WordLink link[sizeof lecture_links / sizeof *lecture_links];
    memcpy(source, lecture_source, sizeof source);
    memcpy(target, lecture_target, sizeof target);
    memcpy(link, lecture_links, sizeof link);
    look_at(l, &(TeachingPair){source, target, WORDS, WORDS, link, sizeof link / sizeof *link});
}

/* ---- learning ---- */

static void read_corpus(Learning *l, Ibm1 *ibm1)
{
    Arena scratch = arena_make("pair");
    TeachingOptions options = {.seed = l->seed, .clauses = 1};
    Teaching *corpus = teaching_make(l->arena, teaching_find("grammar"), &options);
    number_of(l->arena, &l->e, empty_word);
    for (int i = 1; i <= l->pairs; i++) {
        TeachingPair pair;
        Error error = {0};
        arena_reset(&scratch);
        if (!teaching_next(corpus, &scratch, &pair, &error)) break;
        for (int k = 0; k < pair.source_count; k++) number_of(l->arena, &l->f, pair.source[k]);
        for (int k = 0; k < pair.target_count; k++) number_of(l->arena, &l->e, pair.target[k]);
        ibm1_add(ibm1, pair.target, pair.target_count, pair.source, pair.source_count);
        if (i == l->looked_at) look_at(l, &pair);
    }
    if (!l->looked_at) look_at_lecture(l);
    arena_free(&scratch);
}

static void keep_counts(Learning *l, const Ibm1 *ibm1, int update)
{
    int E = l->e.count, F = l->f.count;
    float *count = l->count + (size_t)update * (size_t)(E * F),
          *table = l->table + (size_t)update * (size_t)(E * F);
    for (int e = 0; e < E; e++) {
        double sum = 0;
        for (int f = 0; f < F; f++) {
            double c = update ? ibm1_count(ibm1, e ? l->e.word[e] : NULL, l->f.word[f]) : 1;
            count[e * F + f] = (float)c;
            sum += c;
        }
        for (int f = 0; f < F; f++) table[e * F + f] = sum > 0 ? (float)((double)count[e * F + f] / sum) : 0;
    }
}

static void share_out(Learning *l, int update)
{
    int J = l->source_count, I = l->target_count, F = l->f.count;
    const float *table = l->table + (size_t)update * (size_t)(l->e.count * F);
    float *pair = l->pair + (size_t)update * (size_t)(J * I),
          *link = l->link + (size_t)update * (size_t)(J * I);
    for (int j = 0; j < J; j++) {
        double sum = 0;
        for (int i = 0; i < I; i++) {
            pair[j * I + i] = table[l->target_id[i] * F + l->source_id[j]];
            sum += (double)pair[j * I + i];
        }
        for (int i = 0; i < I; i++) link[j * I + i] = sum > 0 ? (float)((double)pair[j * I + i] / sum) : 0;
    }
}

/* All of it is a few milliseconds' work. */
static double ibm1_advance(void *state)
{
    Learning *l = state;
    if (l->done) return 1;
    Arena tables = arena_make("ibm1");
    Ibm1 *ibm1 = ibm1_make(&tables);
    read_corpus(l, ibm1);
    size_t steps = (size_t)l->updates + 1, words = (size_t)(l->e.count * l->f.count),
           cells = (size_t)(l->source_count * l->target_count);
    l->count = arena_array(l->arena, float, steps *words);
    l->table = arena_array(l->arena, float, steps *words);
    l->pair = arena_array(l->arena, float, steps *cells);
    l->link = arena_array(l->arena, float, steps *cells);
    for (int u = 0; u <= l->updates; u++) {
        if (u) ibm1_update(ibm1);
        keep_counts(l, ibm1, u);
        share_out(l, u);
    }
    ibm1_forget_pairs(ibm1);
    arena_free(&tables);
    l->done = true;
    return 1;
}

static bool ibm1_start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    double pairs, seed, updates, pair;
    if (!experiment_number(request, "pairs", 1000, 1, MOST_PAIRS, &pairs, error) ||
        !experiment_number(request, "seed", 1, 0, 1 << 30, &seed, error) ||
        !experiment_number(request, "updates", 10, 1, MOST_UPDATES, &updates, error) ||
        !experiment_number(request, "pair", 0, 0, MOST_LOOKED_AT, &pair, error))
        return false;
    if (pair > pairs)
        return error_set(error, EXIT_INPUT, "cannot look at pair %d of %d", (int)pair, (int)pairs);
    Learning *l = arena_new(arena, Learning);
    *l = (Learning){.arena = arena,
                    .pairs = (int)pairs,
                    .seed = (int)seed,
                    .updates = (int)updates,
                    .looked_at = (int)pair};
    *state = l;
    return true;
}

/* ---- the trace ---- */

static int add(Trace *out, Arena *arena, const char *name, const float *value, TraceEntry form)
{
    size_t count = 1;
    for (int i = 0; i < form.rank; i++) count *= (size_t)form.dim[i];
    float *copy = arena_array(arena, float, count + 1);
    memcpy(copy, value, count * sizeof *copy);
    form.name = name;
    form.value = copy;
    form.rows_done = form.dim[0];
    return trace_add(out, form);
}

/* With the mark that begins a word, as a model's tokens have it. */
static int add_words(Trace *out, Arena *arena, const char *name, const char *const *word, const int *id,
                     int count)
{
    const char **token = arena_array(arena, const char *, (size_t)count + 1);
    int *copy = arena_array(arena, int, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        token[i] = arena_format(arena, "▁%s", word[i]);
        copy[i] = id ? id[i] : i;
    }
    return trace_add_sequence(out, (TraceSequence){name, count, token, copy});
}

static void ibm1_show(void *state, Arena *arena, Trace *out)
{
    const Learning *l = state;
    if (!l->done) return;
    int U = l->updates + 1, J = l->source_count, I = l->target_count;
    int source = add_words(out, arena, "source", l->source, l->source_id, J),
        target = add_words(out, arena, "target", l->target, l->target_id, I),
        e = add_words(out, arena, "words.target", l->e.word, NULL, l->e.count),
        f = add_words(out, arena, "words.source", l->f.word, NULL, l->f.count);
    out->source_text = teaching_text(arena, l->source, J);
    out->target_text = teaching_text(arena, l->target, I - 1);
    TraceEntry words = {.rank = 3,
                        .dim = {U, l->e.count, l->f.count},
                        .axis = {AXIS_UPDATE, AXIS_VOCAB, AXIS_VOCAB},
                        .labels = {-1, e, f, -1},
                        .op = OP_INPUT,
                        .source = {-1, -1, -1, -1}};
    TraceEntry pair = {.rank = 3,
                       .dim = {U, J, I},
                       .axis = {AXIS_UPDATE, AXIS_SOURCE, AXIS_SEQUENCE},
                       .labels = {-1, source, target, -1},
                       .op = OP_PICK,
                       .source = {-1, -1, -1, -1}};
    words.source[0] = add(out, arena, "ibm1.count", l->count, words);
    words.op = OP_SHARE;
    pair.source[0] = add(out, arena, "ibm1.table", l->table, words);
    pair.source[0] = add(out, arena, "ibm1.pair", l->pair, pair);
    pair.op = OP_SHARE;
    add(out, arena, "ibm1.link", l->link, pair);
    add(out, arena, "ibm1.gold", l->gold,
        (TraceEntry){.rank = 2,
                     .dim = {J, I},
                     .axis = {AXIS_SOURCE, AXIS_SEQUENCE},
                     .labels = {source, target, -1, -1},
                     .op = OP_INPUT,
                     .source = {-1, -1, -1, -1}});
}

const ExperimentKind experiment_ibm1 = {
    .name = "ibm1",
    .options = "pairs seed updates pair",
    .help_en = "IBM model 1, learned by EM from pairs of the grammar corpus (toy)",
    .help_zh = "IBM 模型 1：用语法语料的句对以 EM 训练（玩具）",
    .start = ibm1_start,
    .advance = ibm1_advance,
    .show = ibm1_show,
    .toy = true};
