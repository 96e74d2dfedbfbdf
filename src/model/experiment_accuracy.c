/* experiment_accuracy.c — how many sentences of each length several models translate exactly, measured now.
 *
 * The sentences are drawn from the teaching grammar (text/teaching.h), so the one right translation of each is known, and all
 * models get the same ones. A translation is right when it has the same words (text_key): one wrong word is a wrong sentence.
 *   accuracy.count, .right, .rate  series × length; a rate is NaN until its first sentence
 *   accuracy.gap                   1 × length: rate of the last series minus that of the first
 *   shortest.words                 1 × 1: words of the shortest sentence that the first model gets wrong and the last one right,
 *                                  0 = none so far. Its words are the sequences shortest.source, shortest.gold and
 *                                  shortest.0 … (what each model wrote); shortest.right, series × 1, says which are right;
 *                                  shortest.where, 1 × length, is 1 at its length and 0 elsewhere. */
#include <math.h>
#include <string.h>
#include "model/experiment.h"
#include "text/normalise.h"
#include "text/teaching.h"

enum {
    ACCURACY_SERIES = 4,
    SENTENCES_A_SLICE = 4,
    USUAL_SENTENCES = 240,
    MOST_SENTENCES = 100000,
    USUAL_CLAUSES = 3,
    FEWEST_WORDS = 4, /* in a clause of the grammar: determiner, noun, verb, mark */
};

typedef struct {
    const char *source, *gold, *text[ACCURACY_SERIES];
    bool right[ACCURACY_SERIES];
    int at, words; /* its point on the axis */
} Found;

typedef struct {
    const Model *model[ACCURACY_SERIES];
    int models;
    int from, to; /* clauses of the sentences, each number equally often */
    int width;    /* so many lengths in words share a point; 0 = a point for each number of clauses */
    int sentences, seed;
    Arena *arena, scratch;
    Runner *runner[ACCURACY_SERIES];
    struct {
        const char *source, *gold;
        int at, words; /* its point on the axis */
    } * sentence;
    int lengths, done;
    int *count, *right[ACCURACY_SERIES]; /* by length */
    Found shortest;
} Accuracy;

static bool open_models(Accuracy *a, const ExperimentRequest *request, Error *error)
{
    const char *names = experiment_option(request, "models", "toy-grammar-rnn-none,toy-grammar-rnn-additive");
    for (const char *at = names; at;) {
        size_t size = strcspn(at, ",");
        if (a->models == ACCURACY_SERIES)
            return error_set(error, EXIT_INPUT, "more than %d models to compare", ACCURACY_SERIES);
        const char *name = arena_string_sized(a->arena, at, size);
        if (!request->models.open(request->models.self, name, &a->model[a->models], error)) return false;
        a->models++;
        at = at[size] ? at + size + 1 : NULL;
    }
    for (int s = 0; s < a->models; s++) a->runner[s] = runner_make(a->arena, a->model[s]);
    return true;
}

static bool read_numbers(Accuracy *a, const ExperimentRequest *request, Error *error)
{
    double from, to, width, sentences, seed;
    double most = teaching_corpus(teaching_find("grammar"))->most_clauses;
    if (!experiment_number(request, "from", 1, 1, most, &from, error) ||
        !experiment_number(request, "to", fmax(from, USUAL_CLAUSES), from, most, &to, error) ||
        !experiment_number(request, "width", 0, 0, 1000, &width, error) ||
        !experiment_number(request, "sentences", USUAL_SENTENCES, 1, MOST_SENTENCES, &sentences, error) ||
        !experiment_number(request, "seed", 0, 0, 1 << 30, &seed, error))
        return false;
    a->from = (int)from, a->to = (int)to, a->width = (int)width;
    a->sentences = (int)sentences, a->seed = (int)seed;
    return true;
}

/* Which point of the axis a sentence belongs to. */
static int place_of(const Accuracy *a, int kind, int words)
{
    return a->width ? (words - FEWEST_WORDS * a->from) / a->width : kind;
}

/* All sentences are drawn beforehand: drawing is quick, and so the axis is as long as it will be. */
static bool draw_sentences(Accuracy *a, Error *error)
{
    int kinds = a->to - a->from + 1;
    Teaching **teaching = arena_array(a->arena, Teaching *, (size_t)kinds);
    for (int k = 0; k < kinds; k++)
        teaching[k] = teaching_make(a->arena, teaching_find("grammar"),
                                    &(TeachingOptions){.seed = a->seed * kinds + k, .clauses = a->from + k});
    a->sentence = arena_push_array(a->arena, sizeof *a->sentence, (size_t)a->sentences);
    for (int i = 0; i < a->sentences; i++) {
        TeachingPair pair;
        arena_reset(&a->scratch);
        if (!teaching_next(teaching[i % kinds], &a->scratch, &pair, error)) return false;
        a->sentence[i].source = teaching_text(a->arena, pair.source, pair.source_count);
        a->sentence[i].gold = teaching_text(a->arena, pair.target, pair.target_count);
        a->sentence[i].words = pair.source_count;
        a->sentence[i].at = place_of(a, i % kinds, pair.source_count);
        if (a->sentence[i].at >= a->lengths) a->lengths = a->sentence[i].at + 1;
    }
    return true;
}

static void stop(void *state)
{
    Accuracy *a = state;
    for (int s = 0; s < a->models; s++) runner_free(a->runner[s]);
    arena_free(&a->scratch);
}

static bool start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    Accuracy *a = arena_new(arena, Accuracy);
    *a = (Accuracy){.arena = arena};
    if (!read_numbers(a, request, error) || !open_models(a, request, error)) return false;
    a->scratch = arena_make("accuracy");
    if (!draw_sentences(a, error)) {
        stop(a);
        return false;
    }
    a->count = arena_array(arena, int, (size_t)a->lengths);
    for (int s = 0; s < a->models; s++) a->right[s] = arena_array(arena, int, (size_t)a->lengths);
    *state = a;
    return true;
}

static void keep_shortest(Accuracy *a, const Found *found)
{
    int last = a->models - 1;
    if (found->right[0] || !found->right[last]) return;
    if (a->shortest.words && found->words >= a->shortest.words) return;
    a->shortest = *found;
    a->shortest.gold = text_normalise(a->arena, found->gold, strlen(found->gold), NULL);
    for (int s = 0; s <= last; s++) a->shortest.text[s] = arena_string(a->arena, found->text[s]);
}

static void measure_one(Accuracy *a)
{
    Error error = {0};
    arena_reset(&a->scratch);
    int at = a->sentence[a->done].at;
    Found found = {.source = a->sentence[a->done].source,
                   .gold = a->sentence[a->done].gold,
                   .at = at,
                   .words = a->sentence[a->done].words};
    a->done++;
    const char *key = text_key(&a->scratch, found.gold);
    a->count[at]++;
    for (int s = 0; s < a->models; s++) {
        RunResult result = {0};
        RunRequest request = {.source = found.source};
        found.text[s] = "";
        if (!runner_run(a->runner[s], &request, &result, &error)) continue;
        found.text[s] = arena_string(&a->scratch, result.text);
        found.right[s] = !strcmp(text_key(&a->scratch, result.text), key);
        a->right[s][at] += found.right[s];
    }
    keep_shortest(a, &found);
}

static double advance(void *state)
{
    Accuracy *a = state;
    for (int i = 0; i < SENTENCES_A_SLICE && a->done < a->sentences; i++) measure_one(a);
    return (double)a->done / a->sentences;
}

/* ---- the trace ---- */

static int add(Trace *trace, const char *name, int rows, int columns, int row_labels, int labels,
               const float *value)
{
    return trace_add(trace, (TraceEntry){.name = name,
                                         .rank = 2,
                                         .dim = {rows, columns},
                                         .axis = {AXIS_NONE, AXIS_NONE},
                                         .labels = {row_labels, labels, -1, -1},
                                         .rows_done = rows,
                                         .value = value,
                                         .source = {-1, -1, -1, -1}});
}

static int add_words(Arena *arena, Trace *trace, const char *name, const char *text)
{
    int count = 0;
    const char **word = arena_array(arena, const char *, strlen(text) / 2 + 2);
    for (const char *at = text; *at;) {
        at += strspn(at, " ");
        size_t size = strcspn(at, " ");
        if (size) word[count++] = arena_string_sized(arena, at, size);
        at += size;
    }
    return trace_add_sequence(trace, (TraceSequence){name, count, word, NULL});
}

static const char *length_name(const Accuracy *a, Arena *arena, int at)
{
    if (!a->width) return arena_format(arena, "▁%d", a->from + at);
    int from = FEWEST_WORDS * a->from + at * a->width;
    return a->width == 1 ? arena_format(arena, "▁%d", from)
                         : arena_format(arena, "▁%d–%d", from, from + a->width - 1);
}

static void add_names(const Accuracy *a, Arena *arena, Trace *trace)
{
    int models = a->models;
    const char **en = arena_array(arena, const char *, (size_t)models),
               **zh = arena_array(arena, const char *, (size_t)models),
               **length = arena_array(arena, const char *, (size_t)a->lengths);
    for (int s = 0; s < models; s++) {
        en[s] = arena_string(arena, model_title(a->model[s], 0));
        zh[s] = arena_string(arena, model_title(a->model[s], 1));
    }
    for (int i = 0; i < a->lengths; i++) length[i] = length_name(a, arena, i);
    trace_add_sequence(trace, (TraceSequence){"series", models, en, NULL});
    trace_add_sequence(trace, (TraceSequence){"length", a->lengths, length, NULL});
    trace_add_sequence(trace, (TraceSequence){"series.zh", models, zh, NULL});
}

static const char *none(const char *text)
{
    return text ? text : "";
}

static void add_shortest(const Accuracy *a, Arena *arena, Trace *trace)
{
    int models = a->models;
    float *words = arena_array(arena, float, 1), *right = arena_array(arena, float, (size_t)models);
    words[0] = (float)a->shortest.words;
    add(trace, "shortest.words", 1, 1, -1, -1, words);
    float *where = arena_array(arena, float, (size_t)a->lengths);
    if (a->shortest.words) where[a->shortest.at] = 1;
    add(trace, "shortest.where", 1, a->lengths, -1, trace_sequence(trace, "length"), where);
    add_words(arena, trace, "shortest.source", none(a->shortest.source));
    add_words(arena, trace, "shortest.gold", none(a->shortest.gold));
    for (int s = 0; s < models; s++) {
        right[s] = a->shortest.right[s];
        add_words(arena, trace, arena_format(arena, "shortest.%d", s), none(a->shortest.text[s]));
    }
    add(trace, "shortest.right", models, 1, trace_sequence(trace, "series"), -1, right);
}

static void show(void *state, Arena *arena, Trace *out)
{
    const Accuracy *a = state;
    int models = a->models, n = a->lengths;
    size_t cells = (size_t)models * (size_t)n;
    float *count = arena_array(arena, float, cells), *right = arena_array(arena, float, cells),
          *rate = arena_array(arena, float, cells), *gap = arena_array(arena, float, (size_t)n);
    add_names(a, arena, out);
    for (int s = 0; s < models; s++)
        for (int i = 0; i < n; i++) {
            count[s * n + i] = (float)a->count[i];
            right[s * n + i] = (float)a->right[s][i];
            rate[s * n + i] = a->count[i] ? right[s * n + i] / count[s * n + i] : NAN;
        }
    for (int i = 0; i < n; i++) gap[i] = rate[(models - 1) * n + i] - rate[i];
    enum { SERIES, LENGTH };
    add(out, "accuracy.count", models, n, SERIES, LENGTH, count);
    add(out, "accuracy.right", models, n, SERIES, LENGTH, right);
    add(out, "accuracy.rate", models, n, SERIES, LENGTH, rate);
    add(out, "accuracy.gap", 1, n, -1, LENGTH, gap);
    add_shortest(a, arena, out);
}

const ExperimentKind experiment_accuracy = {
    .name = "accuracy",
    .options = "models from to width sentences seed",
    .help_en = "how many sentences of each length several models translate exactly",
    .help_zh = "几个模型在各种长度上逐句完全译对的比例",
    .start = start,
    .advance = advance,
    .show = show,
    .stop = stop};
