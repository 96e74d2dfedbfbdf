/* beside.c — see beside.h. */
#include "app/beside.h"
#include <stdlib.h>
#include <string.h>

bool beside_owns(const Beside *beside, const char *entry)
{
    size_t run = (size_t)(trace_bare_name(entry) - entry);
    return run > 0 && strlen(beside->spec->name) == run - 1 &&
           strncmp(beside->spec->name, entry, run - 1) == 0;
}

bool beside_is_changed(const Beside *beside, const Edit *edit)
{
    for (int i = 0; i < edit->change_count; i++)
        if (beside_owns(beside, edit->change[i].entry)) return true;
    return false;
}

void beside_open(Beside *beside, const Also *spec, const BesideContext *context)
{
    bool main = strcmp(spec->what, "main") == 0;
    *beside = (Beside){.spec = spec, .progress = {1, 1}};
    if (!context->engines.open) error_set(&beside->error, EXIT_INPUT, "no models can be opened");
    else
        context->engines.open(context->engines.self, main ? context->lesson->model : spec->what,
                              &beside->engine, &beside->error);
}

/* ---- what is asked for ---- */

bool beside_depends(const Beside *beside, const Lesson *lesson, int control)
{
    const Also *spec = beside->spec;
    for (int i = 0; i < spec->option_count; i++)
        if (*spec->option[i].value == '$' &&
            strcmp(spec->option[i].value + 1, lesson->control[control].name) == 0)
            return true;
    return false;
}

static bool refuse(const Also *spec, const char *key, const char *expected, Error *error)
{
    error_set(error, EXIT_INPUT, "the run %s cannot be made: %s", spec->name, QUOTED(key));
    return error_add(error, "expected", "%s", expected);
}

static bool set_number(const Also *spec, const char *key, const char *text, RunRequest *request, Error *error)
{
    char *end;
    double number = strcmp(text, "on") == 0 ? 1 : strcmp(text, "off") == 0 ? 0 : strtod(text, &end);
    struct {
        const char *key;
        int *integer;
        double *real;
        bool *flag;
        double least, most;
    } keys[] = {{"beam", &request->beam, NULL, NULL, 0, MODEL_MAX_BEAM},
                {"n_best", &request->n_best, NULL, NULL, 0, MODEL_MAX_BEAM},
                {"top_k", &request->top_k, NULL, NULL, 0, 1 << 20},
                {"penalty", NULL, &request->length_penalty, NULL, 0, 10},
                {"temperature", NULL, &request->temperature, NULL, 0, 100},
                {"sample", NULL, NULL, &request->sample, 0, 1},
                {"scaled", NULL, NULL, &request->scaled, 0, 1}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i].key)) continue;
        if (!(number >= keys[i].least && number <= keys[i].most))
            return refuse(spec, key, "a number in its range", error);
        if (keys[i].integer) *keys[i].integer = (int)number;
        if (keys[i].real) *keys[i].real = number;
        if (keys[i].flag) *keys[i].flag = number > 0;
        return true;
    }
    if (strcmp(key, "seed") == 0) return request->seed = strtoull(text, NULL, 10), true;
    return refuse(
        spec, key,
        "source target state handover keep beam n_best penalty sample top_k temperature seed scaled", error);
}

/* What becomes of the state that the encoder hands over (dec.init). */
typedef struct {
    const char *from; /* state=SENTENCE: the one of another sentence; NULL = its own */
    bool handed_over; /* handover=off: its own after all */
    int keep;         /* keep=N: all but the first N numbers are 0; -1 = none is */
} Handover;

static bool read_keep(const Also *spec, const char *text, Handover *handover, Error *error)
{
    char *end;
    long keep = strtol(text, &end, 10);
    if (end == text || *end || keep < 0 || keep > 1 << 20)
        return refuse(spec, "keep", "how many numbers of the state are kept", error);
    handover->keep = (int)keep;
    return true;
}

static bool read_options(Arena *arena, const Beside *beside, const BesideContext *context,
                         RunRequest *request, Handover *handover, Error *error)
{
    const Also *spec = beside->spec;
    *handover = (Handover){.handed_over = true, .keep = -1};
    for (int i = 0; i < spec->option_count; i++) {
        const char *key = spec->option[i].key;
        int control;
        const char *value =
            edit_option(arena, context->edit, context->lesson, spec->option[i].value, &control);
        /* In the file _ stands for a blank; what a learner typed is taken as it is. */
        const char *sentence = control < 0 ? option_sentence(arena, value) : value;
        if (strcmp(key, "source") == 0) request->source = sentence;
        else if (strcmp(key, "target") == 0) request->target = sentence;
        else if (strcmp(key, "state") == 0) handover->from = sentence;
        else if (strcmp(key, "handover") == 0) handover->handed_over = strcmp(value, "off") != 0;
        else if (strcmp(key, "keep") == 0) {
            if (!read_keep(spec, value, handover, error)) return false;
        } else if (!set_number(spec, key, value, request, error)) return false;
    }
    if (request->beam && !request->n_best) request->n_best = request->beam;
    return true;
}

static int overrides(const Beside *beside, const Edit *edit, Override override[MODEL_MAX_OVERRIDES])
{
    int count = 0;
    for (int i = 0; i < edit->change_count; i++) {
        const Change *change = &edit->change[i];
        if (beside_owns(beside, change->entry))
            override[count++] = (Override){.entry = trace_bare_name(change->entry),
                                           .first = change->first,
                                           .count = change->count,
                                           .value = change->value,
                                           .rows = CHANGE_ROWS};
    }
    return count;
}

/* ---- running ---- */

static RunRole role_of(int index, int which)
{
    return (RunRole)(RUN_ALSO + 2 * index + which);
}

/* One more override: the whole of dec.init. The sentence it comes from is run first. */
static bool hand_over(Beside *beside, RunRole role, Arena *arena, const Handover *handover,
                      RunRequest *request, Override override[MODEL_MAX_OVERRIDES + 1])
{
    bool other = handover->from && handover->handed_over;
    if (!other && handover->keep < 0) return true;
    RunRequest first = {.source = other ? handover->from : request->source, .record = true};
    RunResult result = {0};
    if (!beside->engine.run(beside->engine.self, role, &first, &result, &beside->error)) return false;
    const TraceEntry *state = result.trace ? trace_entry(result.trace, "dec.init") : NULL;
    if (!state)
        return refuse(beside->spec, other ? "state" : "keep", "a recurrent model, which hands a state over",
                      &beside->error);
    int count = (int)trace_count(state);
    float *value = arena_array(arena, float, (size_t)count);
    for (int i = 0; i < count; i++)
        value[i] = handover->keep >= 0 && i >= handover->keep ? 0 : state->value[i];
    /* The learner's own changes come later, and so count. */
    memmove(override + 1, override, sizeof *override * (size_t)request->override_count);
    override[0] = (Override){.entry = "dec.init", .count = count, .value = value};
    request->override_count++;
    return true;
}

static void run_model(Beside *beside, int index, int which, const BesideContext *context)
{
    Arena arena = arena_make("beside");
    Override override[MODEL_MAX_OVERRIDES + 1];
    Handover handover;
    RunRequest request = {.source = context->edit->sentence, .record = true, .override = override};
    RunResult result = {0};
    if (which) request.override_count = overrides(beside, context->edit, override);
    if (read_options(&arena, beside, context, &request, &handover, &beside->error) &&
        hand_over(beside, role_of(index, which), &arena, &handover, &request, override) &&
        beside->engine.run(beside->engine.self, role_of(index, which), &request, &result, &beside->error))
        beside->trace[which] = result.trace, beside->source_cut = result.source_cut;
    arena_free(&arena);
}

static void advance(void *context)
{
    BesideSlice *slice = context;
    const Engine *engine = &slice->beside->engine;
    slice->progress = engine->advance(engine->self, role_of(slice->index, slice->which));
}

static void take(Beside *beside, int index, int which, double progress)
{
    beside->progress[which] = progress;
    beside->trace[which] = beside->engine.show(beside->engine.self, role_of(index, which));
}

/* The first slice runs here: what is short is there with the frame. */
static void run_experiment(Beside *beside, int index, int which, const BesideContext *context)
{
    Arena arena = arena_make("beside");
    const Also *spec = beside->spec;
    ExperimentOption *option = arena_array(&arena, ExperimentOption, (size_t)spec->option_count + 1);
    Override override[MODEL_MAX_OVERRIDES];
    ExperimentRequest request = {.source = context->edit->sentence,
                                 .option = option,
                                 .option_count = spec->option_count,
                                 .override = override};
    for (int i = 0; i < spec->option_count; i++)
        option[i] =
            (ExperimentOption){spec->option[i].key, edit_option(&arena, context->edit, context->lesson,
                                                                spec->option[i].value, NULL)};
    if (which) request.override_count = overrides(beside, context->edit, override);
    const Engine *engine = &beside->engine;
    RunRole role = role_of(index, which);
    if (engine->begin(engine->self, role, &request, &beside->error)) {
        double progress = engine->advance(engine->self, role);
        while (progress < 1 && !context->jobs.start) progress = engine->advance(engine->self, role);
        take(beside, index, which, progress);
    }
    arena_free(&arena);
}

void beside_run(Beside *beside, int index, int which, const BesideContext *context, BesideSlice *slice)
{
    beside->trace[which] = NULL;
    beside->progress[which] = 1;
    beside->stopped = false;
    if (!beside->engine.run && !beside->engine.begin) return; /* it could not be opened */
    beside->error = (Error){0};
    if (slice->beside == beside) beside_settle(context, slice);
    if (beside->engine.begin) run_experiment(beside, index, which, context);
    else run_model(beside, index, which, context);
}

/* ---- in the background ---- */

void beside_settle(const BesideContext *context, BesideSlice *slice)
{
    if (slice->beside && context->jobs.wait) context->jobs.wait(context->jobs.self);
    slice->beside = NULL;
}

bool beside_pump(Beside *beside, int count, const BesideContext *context, BesideSlice *slice)
{
    const Jobs *jobs = &context->jobs;
    bool news = false;
    if (!jobs->start || jobs->busy(jobs->self)) return false;
    if (slice->beside) {
        take(slice->beside, slice->index, slice->which, slice->progress);
        slice->beside = NULL;
        news = true;
    }
    for (int i = 0; i < count && !slice->beside; i++)
        for (int which = 0; which < 2 && !slice->beside; which++)
            if (beside[i].progress[which] < 1 && !beside[i].stopped)
                *slice = (BesideSlice){.beside = &beside[i], .which = which, .index = i};
    if (slice->beside) jobs->start(jobs->self, advance, slice);
    return news;
}
