/* test_view_stored.c — golden draw lists: what each view draws of a stored run, line by line.
 *
 * Goldens are tests/data/views/NAME.txt, drawn from the traces (*.safetensors) beside them with fixed font
 * metrics. After an intended change: VIEWS_REWRITE=1 build/release/tests-run view_stored   then read the diff. */
#include <stdlib.h>
#include <string.h>
#include "model/experiment.h"
#include "test.h"
#include "view_measured.h"
#include "view_recurrent.h"

static const char folder[] = "tests/data/views";

typedef struct {
    const char *name;
    Shown shown;
    float w, h;
    Moment moment;
    float moving; /* progress of a motion; 0 = still */
    bool dark, zh, what_if, words, hover, recurrent, given, measured;
    int row, column;         /* hovered, of dec.attn.weight (or of what is shown of an experiment) */
    const char *experiment;  /* its trace instead of the run's; what_if: some of its inputs moved */
    const char *key, *value; /* an option of the view */
} Golden;

enum { N = SAMPLE_SOURCE, LAST = SAMPLE_TARGET - 1, RECURRENT_SOURCE = 6, RECURRENT_TARGET = 7 };

#define MACHINE                                                                                              \
    {                                                                                                        \
        "encoder-decoder", "dec.attn.weight"                                                                 \
    }
#define WEIGHTS                                                                                              \
    {                                                                                                        \
        "heatmap", "dec.attn.weight"                                                                         \
    }
#define WORDS                                                                                                \
    {                                                                                                        \
        "next-words", "dec.prob"                                                                             \
    }

#define COSTS                                                                                                \
    {                                                                                                        \
        "target-line", "dec.logprob"                                                                         \
    }

static const Golden goldens[] = {
    {"machine-empty", MACHINE, 856, 331, {0, 0, STAGE_NONE}},
    {"machine-encoding", MACHINE, 856, 331, {3, 0, STAGE_NONE}, .moving = 0.5f},
    {"machine-score", MACHINE, 856, 331, {N, 1, STAGE_SCORE}, .dark = true, .zh = true},
    {"machine-softmax", MACHINE, 700, 200, {N, 0, STAGE_WEIGHT}, .moving = 0.75f},
    {"machine-sum", MACHINE, 856, 331, {N, 0, STAGE_CONTEXT}, .moving = 0.5f},
    {"machine-what-if",
     MACHINE,
     856,
     331,
     {N, LAST, STAGE_WORD},
     .what_if = true,
     .words = true,
     .hover = true,
     .row = 2,
     .column = 3},
    {"heatmap-growing", WEIGHTS, 491, 253, {N, 2, STAGE_WEIGHT}},
    {"heatmap-what-if",
     WEIGHTS,
     491,
     320,
     {N, LAST, STAGE_WORD},
     .dark = true,
     .what_if = true,
     .words = true,
     .hover = true,
     .row = 3,
     .column = 2},
    {"heatmap-signed", {"heatmap", "enc.state"}, 491, 253, {5, 0, STAGE_NONE}, .zh = true},
    {"words-not-yet", WORDS, 317, 253, {N, 1, STAGE_CONCAT}, .zh = true},
    {"words-what-if", WORDS, 317, 253, {N, 3, STAGE_WORD}, .what_if = true},
    {"strip", {"strip", "dec.state"}, 400, 90, {N, 1, STAGE_STATE}},
    {"bars",
     {"bars", "dec.attn.score"},
     400,
     160,
     {N, 1, STAGE_SCORE},
     .dark = true,
     .hover = true,
     .row = 1,
     .column = 2},
    {"costs-growing", COSTS, 856, 331, {N, 3, STAGE_STATE}, .zh = true},
    {"costs-what-if", COSTS, 700, 253, {N, LAST, STAGE_WORD}, .what_if = true, .dark = true},
    {"tree-growing", {"beam-tree", "also:beam.logprob"}, 856, 600, {N, 2, STAGE_WORD}},
    {"tree-finished",
     {"beam-tree", "also:beam.logprob"},
     700,
     253,
     {N, LAST, STAGE_WORD},
     .dark = true,
     .zh = true},
    {"links", {"alignment-lines", "also:ibm1.link"}, 700, 331, {N, LAST, STAGE_WORD}},
    {"bleu", {"bleu", "also:bleu.1.match"}, 856, 331, {N, LAST, STAGE_WORD}, .zh = true},
    {"unrolled-encoding",
     {"unrolled", "dec.state"},
     856,
     331,
     {4, 0, STAGE_NONE},
     .moving = 0.5f,
     .recurrent = true},
    {"unrolled-given",
     {"unrolled", "dec.state"},
     856,
     331,
     {RECURRENT_SOURCE, RECURRENT_TARGET - 1, STAGE_WORD},
     .zh = true,
     .recurrent = true,
     .given = true},
    {"unrolled-two-lines",
     {"unrolled", "dec.state"},
     420,
     340,
     {RECURRENT_SOURCE, 3, STAGE_STATE},
     .dark = true,
     .recurrent = true},
    {"unit", {"gru-unit", "enc.state.fwd"}, 491, 253, {4, 0, STAGE_NONE}, .recurrent = true},
    {"curve-rate", {"curve", "race:rate"}, 856, 331, {N, LAST, STAGE_WORD}, .measured = true},
    {"curve-loss",
     {"curve", "race:loss"},
     491,
     253,
     {N, LAST, STAGE_WORD},
     .dark = true,
     .zh = true,
     .measured = true},
    {"answers", {"answers", "race:shortest.right"}, 491, 253, {N, LAST, STAGE_WORD}, .measured = true},
    {"machine-bridge",
     {"encoder-decoder", "dec.state"},
     856,
     331,
     {RECURRENT_SOURCE, 0, STAGE_STATE},
     .recurrent = true},
    {"lookup", {"lookup", "lookup.weight"}, 856, 331, {4, 0, STAGE_NONE}, .experiment = "lookup"},
    {"lookup-question",
     {"lookup", "lookup.weight"},
     856,
     600,
     {4, 0, STAGE_NONE},
     .experiment = "lookup",
     .key = "until",
     .value = "query"},
    {"lookup-moved",
     {"lookup", "lookup.weight"},
     856,
     331,
     {4, 0, STAGE_NONE},
     .dark = true,
     .zh = true,
     .what_if = true,
     .hover = true,
     .row = 0,
     .column = 2,
     .experiment = "lookup"},
    {"lens-multiplicative",
     {"score-lens", "multiplicative.score"},
     856,
     331,
     {3, 0, STAGE_NONE},
     .experiment = "scores",
     .key = "column",
     .value = "1"},
    {"lens-additive",
     {"score-lens", "dot.score"},
     640,
     420,
     {3, 0, STAGE_NONE},
     .dark = true,
     .zh = true,
     .experiment = "scores",
     .key = "of",
     .value = "additive"},
    {"lens-scaled",
     {"score-lens", "scaled.score"},
     500,
     260,
     {10, 0, STAGE_NONE},
     .experiment = "score-cost"},
    {"heatmaps",
     {"heatmaps", "dot.weight"},
     856,
     331,
     {3, 0, STAGE_NONE},
     .experiment = "scores",
     .key = "of",
     .value = "dot,additive,missing"},
    {"score-table",
     {"score-table", "cost.parameters"},
     856,
     331,
     {10, 0, STAGE_NONE},
     .experiment = "score-cost"},
    {"score-table-narrow",
     {"score-table", "cost.parameters"},
     500,
     240,
     {10, 0, STAGE_NONE},
     .dark = true,
     .zh = true,
     .experiment = "score-cost"},
};

static bool rewriting(void)
{
    return getenv("VIEWS_REWRITE") != NULL;
}

static Trace *stored(Arena *arena, const char *name, const Trace *sample)
{
    Error error = {0};
    char *path = path_join(arena, folder, name);
    Trace *trace = arena_new(arena, Trace);
    if (rewriting()) {
        Bytes bytes;
        if (!trace_write(arena, sample, &bytes, &error) || !file_save(path, bytes.at, bytes.size, &error))
            fail_msg("%s", error.text);
    }
    if (!trace_read(arena, path, trace, &error)) fail_msg("%s", error.text);
    return trace;
}

/* An experiment as it begins, or with a query and a value moved. */
static Trace *experiment(Arena *arena, const char *name, bool changed)
{
    static const float query[] = {-1, 0.5f}, value[] = {0.5f, -0.5f};
    static const Override moved[] = {{"lookup.query", 0, 2, query, 0}, {"lookup.value", 2, 2, value, 0}};
    const ExperimentKind *kind = experiment_find(name);
    const ExperimentRequest request = {.source = "", .override = moved, .override_count = changed ? 2 : 0};
    Error error = {0};
    void *state;
    Trace *trace = arena_new(arena, Trace);
    if (!kind->start(arena, &request, &state, &error)) fail_msg("%s", error.text);
    while (kind->advance(state) < 1) {}
    kind->show(state, arena, trace);
    return trace;
}

static Trace *stored_experiment(Arena *arena, const char *name, bool changed)
{
    return stored(arena, arena_format(arena, "%s%s.safetensors", name, changed ? "-changed" : ""),
                  experiment(arena, name, changed));
}

static void differs_at(const char *name, const char *wanted, const char *got)
{
    int line = 1;
    const char *a = wanted, *b = got;
    while (*a && *b) {
        size_t x = strcspn(a, "\n"), y = strcspn(b, "\n");
        if (x != y || memcmp(a, b, x) != 0) break;
        a += x + (a[x] == '\n');
        b += y + (b[y] == '\n');
        line++;
    }
    fail_msg("%s/%s.txt, line %d\n  stored: %.*s\n  drawn:  %.*s", folder, name, line, (int)strcspn(a, "\n"),
             a, (int)strcspn(b, "\n"), b);
}

static void pictures_are_as_stored(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), frame = arena_make("frame");
    const Trace *run =
        stored(&arena, "run.safetensors", view_sample(&arena, SAMPLE_SOURCE, SAMPLE_TARGET, false));
    const Trace *changed =
        stored(&arena, "changed.safetensors", view_sample(&arena, SAMPLE_SOURCE, SAMPLE_TARGET, true));
    const Trace *recurrent[] = {stored(&arena, "recurrent.safetensors",
                                       view_recurrent(&arena, RECURRENT_SOURCE, RECURRENT_TARGET, false)),
                                stored(&arena, "given.safetensors",
                                       view_recurrent(&arena, RECURRENT_SOURCE, RECURRENT_TARGET, true))};
    const Trace *measured =
        stored(&arena, "measured.safetensors", view_measured(&arena, MEASURED_UPDATES / 2));
    TextMetrics metrics = metrics_fixed();
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
        const Golden *g = &goldens[i];
        const Trace *trace = g->measured    ? measured
                             : g->recurrent ? recurrent[g->given]
                             : g->what_if   ? changed
                                            : run,
                    *before = run;
        if (g->experiment) {
            trace = before = stored_experiment(&frame, g->experiment, false);
            if (g->what_if) trace = stored_experiment(&frame, g->experiment, true);
        }
        const ViewOption option = {g->key, g->value};
        ViewInput in = view_input(trace, &metrics, g->shown, g->w, g->h, g->moment);
        in.original = g->what_if ? before : NULL;
        if (g->moving > 0) in.progress = g->moving;
        in.theme = theme_get(g->dark ? THEME_DARK : THEME_LIGHT);
        in.language = g->zh ? LANGUAGE_ZH : LANGUAGE_EN;
        in.words = g->words;
        if (g->hover)
            in.hover =
                view_cell(trace, g->experiment ? g->shown.entry : "dec.attn.weight", g->row, g->column);
        in.option = &option;
        in.option_count = g->key != NULL;
        DrawList list = view_drawn(&frame, g->shown.view, &in);
        const char *text = draw_print(&frame, &list);
        char *path = path_join(&frame, folder, arena_format(&frame, "%s.txt", g->name));
        Error error = {0};
        Bytes wanted;
        if (rewriting() && !file_save(path, text, strlen(text), &error)) fail_msg("%s", error.text);
        if (!file_read(&frame, path, 1 << 20, &wanted, &error)) fail_msg("%s", error.text);
        const char *expected = arena_string_sized(&frame, (const char *)wanted.at, wanted.size);
        if (strcmp(text, expected) != 0) differs_at(g->name, expected, text);
        arena_reset(&frame);
    }
    arena_free(&frame);
    arena_free(&arena);
}

TEST_GROUP(view_stored, cmocka_unit_test(pictures_are_as_stored));
