/* experiment_bleu.c — BLEU of one translation, taken apart: which n-grams count, the precisions, the brevity penalty.
 *
 * Options: model, beam and penalty of the translation that is measured (beam 0 and 1: greedy). The references of the sentence
 * are those of assets/evaluation/own-en-fr.tsv; a sentence that is not in it has none, and then only the translation is there.
 * Entries (H tokens in the translation, n = 1 … 4; when the translation is shorter than n, one 0 stands for its n-grams):
 *   bleu.n.match    H − n + 1   1 where the n-gram that begins here counts, 0 where not (clipped counts)
 *   bleu.precision  4           the mean of each of them
 *   bleu.length, bleu.reference, bleu.penalty, bleu.score   1
 * Sequences: hypothesis, gram.n, and reference.R of each reference.
 * Surprise: BLEU is a measure of whole corpora; of one sentence it is often 0, because one precision is. */
#include <string.h>
#include "model/evaluate.h"
#include "model/experiment.h"
#include "text/bleu.h"
#include "trace/explain.h"

enum { ORDERS = 4, MOST_REFERENCES = 8 };

static const char references_file[] = "assets/evaluation/own-en-fr.tsv";

typedef struct {
    Arena *arena;
    Runner *runner;
    const char *source;
    int beam;
    double penalty;
    const char **reference;
    int reference_count;
    char *text; /* the translation; NULL until it is made */
} Measuring;

/* The references of the sentence; none when the file does not hold it. */
static bool find_references(Measuring *m, Error *error)
{
    TestSet set;
    Arena scratch = arena_make("references");
    char *home = file_home(&scratch, references_file, error);
    bool good = home && test_set_read(&scratch, path_join(&scratch, home, references_file), false, ROWS_ALL,
                                      &set, error);
    for (int i = 0; good && i < set.count; i++) {
        if (strcmp(set.source[i], m->source) != 0) continue;
        int count = set.reference_count[i] < MOST_REFERENCES ? set.reference_count[i] : MOST_REFERENCES;
        m->reference = arena_array(m->arena, const char *, (size_t)count + 1);
        for (int r = 0; r < count; r++) m->reference[r] = arena_string(m->arena, set.reference[i][r]);
        m->reference_count = count;
    }
    arena_free(&scratch);
    return good;
}

static bool bleu_start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    double beam, penalty;
    const Model *model;
    const char *name = experiment_option(request, "model", "en-fr-rnn-additive");
    if (!experiment_number(request, "beam", 1, 0, MODEL_MAX_BEAM, &beam, error) ||
        !experiment_number(request, "penalty", MODEL_LENGTH_PENALTY, 0, 10, &penalty, error) ||
        !request->models.open(request->models.self, name, &model, error))
        return false;
    Measuring *m = arena_new(arena, Measuring);
    *m = (Measuring){.arena = arena,
                     .source = arena_string(arena, request->source),
                     .beam = (int)beam,
                     .penalty = penalty};
    if (!find_references(m, error)) return false;
    m->runner = runner_make(arena, model);
    *state = m;
    return true;
}

static double bleu_advance(void *state)
{
    Measuring *m = state;
    if (m->text) return 1;
    RunRequest request = {.source = m->source, .beam = m->beam, .length_penalty = m->penalty};
    RunResult result;
    Error error = {0};
    bool good = runner_run(m->runner, &request, &result, &error);
    m->text = arena_string(m->arena, good ? result.text : "");
    return 1;
}

static void bleu_stop(void *state)
{
    Measuring *m = state;
    if (m->runner) runner_free(m->runner);
    m->runner = NULL;
}

/* ---- the trace ---- */

static int add_numbers(Trace *out, const char *name, const float *value, int count, int labels, int op)
{
    return trace_add(out, (TraceEntry){.name = name,
                                       .rank = 1,
                                       .dim = {count},
                                       .axis = {labels < 0 ? AXIS_NONE : AXIS_SEQUENCE},
                                       .labels = {labels, -1, -1, -1},
                                       .rows_done = count,
                                       .value = value,
                                       .op = op,
                                       .source = {-1, -1, -1, -1}});
}

static int add_tokens(Trace *out, Arena *arena, const char *name, char *const *word, int count)
{
    const char **token = arena_array(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++) token[i] = arena_format(arena, "▁%s", word[i]);
    return trace_add_sequence(out, (TraceSequence){name, count, token, NULL});
}

static const char *gram(Arena *arena, char *const *word, int n)
{
    const char *text = arena_format(arena, "▁%s", word[0]);
    for (int k = 1; k < n; k++) text = arena_format(arena, "%s %s", text, word[k]);
    return text;
}

static void add_matches(Trace *out, Arena *arena, int n, char **tokens, int count, char ***reference,
                        const int *length, int references)
{
    int grams = count - n + 1, shown = grams < 1 ? 1 : grams;
    float *match = arena_array(arena, float, (size_t)shown);
    const char **name = arena_array(arena, const char *, (size_t)shown);
    name[0] = "▁–";
    for (int i = 0; i < grams; i++) {
        match[i] = bleu_counts(tokens, i, n, reference, length, references) ? 1 : 0;
        name[i] = gram(arena, tokens + i, n);
    }
    int labels =
        trace_add_sequence(out, (TraceSequence){arena_format(arena, "gram.%d", n), shown, name, NULL});
    add_numbers(out, arena_format(arena, "bleu.%d.match", n), match, shown, labels, OP_INPUT);
}

static void add_score(Trace *out, Arena *arena, int length, int reference)
{
    static const char *const orders[ORDERS] = {"▁1-gram", "▁2-gram", "▁3-gram", "▁4-gram"};
    const char **name = arena_array(arena, const char *, ORDERS);
    memcpy(name, orders, sizeof orders);
    int labels = trace_add_sequence(out, (TraceSequence){"order", ORDERS, name, NULL});
    float *number = arena_array(arena, float, ORDERS + 4);
    int precision = add_numbers(out, "bleu.precision", number, ORDERS, labels, OP_MEANS);
    for (int n = 1; n <= ORDERS; n++)
        out->entry[precision].source[n - 1] = trace_find(out, arena_format(arena, "bleu.%d.match", n));
    number[ORDERS] = (float)length;
    number[ORDERS + 1] = (float)reference;
    int a = add_numbers(out, "bleu.length", number + ORDERS, 1, -1, OP_INPUT);
    int b = add_numbers(out, "bleu.reference", number + ORDERS + 1, 1, -1, OP_INPUT);
    int penalty = add_numbers(out, "bleu.penalty", number + ORDERS + 2, 1, -1, OP_BREVITY);
    out->entry[penalty].source[0] = a;
    out->entry[penalty].source[1] = b;
    int score = add_numbers(out, "bleu.score", number + ORDERS + 3, 1, -1, OP_BLEU);
    out->entry[score].source[0] = precision;
    out->entry[score].source[1] = penalty;
    /* From the counts, as the sources say. */
    for (int n = 0; n < ORDERS; n++) number[n] = (float)trace_recompute(out, precision, (size_t)n);
    number[ORDERS + 2] = (float)trace_brevity_penalty(length, reference);
    number[ORDERS + 3] = (float)trace_recompute(out, score, 0);
}

static void bleu_show(void *state, Arena *arena, Trace *out)
{
    const Measuring *m = state;
    int count, length[MOST_REFERENCES];
    char **reference[MOST_REFERENCES];
    if (!m->text) return;
    char **tokens = bleu_tokens(arena, m->text, &count);
    out->source_text = arena_string(arena, m->source);
    out->target_text = arena_string(arena, m->text);
    add_tokens(out, arena, "hypothesis", tokens, count);
    for (int r = 0; r < m->reference_count; r++) {
        reference[r] = bleu_tokens(arena, m->reference[r], &length[r]);
        add_tokens(out, arena, arena_format(arena, "reference.%d", r + 1), reference[r], length[r]);
    }
    for (int n = 1; n <= ORDERS; n++)
        add_matches(out, arena, n, tokens, count, reference, length, m->reference_count);
    if (!m->reference_count || !count) return;
    add_score(out, arena, count, length[bleu_closest(count, length, m->reference_count)]);
}

const ExperimentKind experiment_bleu = {.name = "bleu",
                                        .options = "model beam penalty",
                                        .help_en = "BLEU of one translation, taken apart",
                                        .help_zh = "逐步拆解一个译文的 BLEU",
                                        .start = bleu_start,
                                        .advance = bleu_advance,
                                        .show = bleu_show,
                                        .stop = bleu_stop};
