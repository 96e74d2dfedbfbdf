/* experiment_slip.c — one wrong word on the way, read again by the decoder (free running) or not (teacher forcing).
 *
 * The right words y* are those of the option `target`, else what the model writes by itself: a sentence that somebody has just
 * typed has no other reference. Number `word` (from 1; 0 = none) comes out wrong: the most probable word that is not y*.
 *   with teacher forcing  every step reads y*_{t-1}, whatever was written: the wrong word is never read
 *   free running          y* up to the wrong word, then everything the model writes itself is read again
 * The trace is that of one of the two runs (teacher=on|off), all its tensors, and
 *   slip.prob  2 × T, p(y*_t) with teacher forcing and free running; NaN where the free run had ended already
 *   slip.loss  1 × 1, −1/T Σ log p(y*_t) with teacher forcing: what training makes small
 * The sequence `reference` holds y*, `mode` the names of the two rows. */
#include <math.h>
#include <string.h>
#include "model/experiment.h"

enum { TAUGHT, FREE, MODES };

typedef struct {
    Runner *runner[MODES];
    RunResult result[MODES];
    int *right, count; /* y* */
    bool teacher;
} Slip;

/* The most probable word of the row that is not the right one. */
static int wrong_word(const Trace *trace, int row, int right)
{
    const TraceEntry *prob = trace_entry(trace, "dec.prob");
    const float *p = prob->value + (size_t)row * (size_t)prob->dim[1];
    int best = -1;
    for (int i = 0; i < prob->dim[1]; i++)
        if (i != right && (best < 0 || p[i] > p[best])) best = i;
    return best;
}

static bool run_both(Slip *slip, Arena *arena, const ExperimentRequest *request, int word, Error *error)
{
    RunRequest reference = {.source = request->source,
                            .target = option_sentence(arena, experiment_option(request, "target", NULL)),
                            .record = true};
    RunResult first;
    if (!runner_run(slip->runner[FREE], &reference, &first, error)) return false;
    slip->count = first.target_count;
    slip->right = arena_array(arena, int, (size_t)slip->count + 1);
    for (int t = 0; t < slip->count; t++) slip->right[t] = first.target[t];
    int *forced = arena_array(arena, int, (size_t)slip->count + 1);
    if (word > slip->count) word = slip->count;
    /* Without a target the words before are those that the model writes by itself anyway. */
    for (int t = 0; t < word; t++) forced[t] = reference.target ? slip->right[t] : -1;
    if (word) forced[word - 1] = wrong_word(first.trace, word - 1, slip->right[word - 1]);
    RunRequest taught = {.source = request->source,
                         .forced = slip->right,
                         .forced_count = slip->count,
                         .exact_target = slip->count,
                         .record = true};
    RunRequest free = {.source = request->source, .forced = forced, .forced_count = word, .record = true};
    return runner_run(slip->runner[TAUGHT], &taught, &slip->result[TAUGHT], error) &&
           runner_run(slip->runner[FREE], &free, &slip->result[FREE], error);
}

static void stop(void *state)
{
    Slip *slip = state;
    for (int i = 0; i < MODES; i++) runner_free(slip->runner[i]);
}

static bool start(Arena *arena, const ExperimentRequest *request, void **state, Error *error)
{
    const char *name = experiment_option(request, "model", "en-fr-rnn-none");
    const Model *model;
    double word;
    if (!experiment_number(request, "word", 2, 0, MODEL_MAX_TARGET, &word, error) ||
        !request->models.open(request->models.self, name, &model, error))
        return false;
    Slip *slip = arena_new(arena, Slip);
    slip->teacher = strcmp(experiment_option(request, "teacher", "off"), "on") == 0;
    for (int i = 0; i < MODES; i++) slip->runner[i] = runner_make(arena, model);
    if (!run_both(slip, arena, request, (int)word, error)) {
        stop(slip);
        return false;
    }
    *state = slip;
    return true;
}

static double advance(void *state)
{
    (void)state; /* two runs of a few milliseconds: start has made them */
    return 1;
}

/* ---- the trace ---- */

static void copy_sequences(Arena *arena, const Trace *from, Trace *out)
{
    for (int i = 0; i < from->sequence_count; i++) {
        TraceSequence s = from->sequence[i];
        const char **token = arena_array(arena, const char *, (size_t)s.count + 1);
        if (s.count) memcpy(token, s.token, sizeof *token * (size_t)s.count);
        int *id = s.id ? arena_array(arena, int, (size_t)s.count + 1) : NULL;
        if (id && s.count) memcpy(id, s.id, sizeof *id * (size_t)s.count);
        trace_add_sequence(out, (TraceSequence){arena_string(arena, s.name), s.count, token, id});
    }
}

/* Learned tensors live as long as the model; everything else is copied. */
static void copy_entries(Arena *arena, const Trace *from, Trace *out)
{
    for (int i = 0; i < from->entry_count; i++) {
        TraceEntry e = from->entry[i];
        size_t count = trace_count(&e);
        e.name = arena_string(arena, e.name);
        if (strncmp(e.name, "weight.", 7) && e.value) {
            float *value = arena_array(arena, float, count + 1);
            memcpy(value, e.value, sizeof *value * count);
            e.value = value;
        }
        trace_add(out, e);
    }
}

static float probability(const RunResult *result, int row, int word)
{
    const TraceEntry *prob = trace_entry(result->trace, "dec.prob");
    return row < result->target_count ? prob->value[(size_t)row * (size_t)prob->dim[1] + (size_t)word] : NAN;
}

static int add(Trace *out, const char *name, int rows, int columns, int row_labels, int labels,
               const float *value)
{
    return trace_add(out, (TraceEntry){.name = name,
                                       .rank = 2,
                                       .dim = {rows, columns},
                                       .labels = {row_labels, labels, -1, -1},
                                       .rows_done = rows,
                                       .value = value,
                                       .source = {-1, -1, -1, -1}});
}

static void show(void *state, Arena *arena, Trace *out)
{
    const Slip *slip = state;
    const RunResult *shown = &slip->result[slip->teacher ? TAUGHT : FREE];
    const Trace *taught = slip->result[TAUGHT].trace;
    copy_sequences(arena, shown->trace, out);
    copy_entries(arena, shown->trace, out);
    static const char *const mode[][MODES] = {{"with teacher forcing", "free running"},
                                              {"教师强制", "自由运行"}};
    const char **en = arena_array(arena, const char *, MODES), **zh = arena_array(arena, const char *, MODES);
    memcpy(en, mode[0], sizeof mode[0]);
    memcpy(zh, mode[1], sizeof mode[1]);
    int T = slip->count;
    const TraceSequence *target = &taught->sequence[trace_sequence(taught, "target")];
    const char **right = arena_array(arena, const char *, (size_t)T + 1);
    for (int t = 0; t < T; t++) right[t] = target->token[t];
    int modes = trace_add_sequence(out, (TraceSequence){"mode", MODES, en, NULL});
    trace_add_sequence(out, (TraceSequence){"mode.zh", MODES, zh, NULL});
    int words = trace_add_sequence(out, (TraceSequence){"reference", T, right, NULL});
    float *prob = arena_array(arena, float, (size_t)(MODES * T) + 1), *loss = arena_array(arena, float, 1);
    double sum = 0;
    for (int m = 0; m < MODES; m++)
        for (int t = 0; t < T; t++) prob[m * T + t] = probability(&slip->result[m], t, slip->right[t]);
    for (int t = 0; t < T; t++) sum -= log((double)prob[t]);
    loss[0] = (float)(sum / (T ? T : 1));
    add(out, "slip.prob", MODES, T, modes, words, prob);
    add(out, "slip.loss", 1, 1, -1, -1, loss);
}

const ExperimentKind experiment_slip = {
    .name = "slip",
    .options = "model target word teacher",
    .help_en = "one wrong word: read again by the decoder, or replaced by the right one",
    .help_zh = "写错一个词：解码器读到这个错词，还是读到正确的词",
    .start = start,
    .advance = advance,
    .show = show,
    .stop = stop};
