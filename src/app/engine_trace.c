/* engine_trace.c — a saved trace in place of a model: it can be looked at, stepped and explained, but not changed. */
#include "app/engine.h"

static bool run(void *self, RunRole role, const RunRequest *request, RunResult *out, Error *error)
{
    const Trace *trace = self;
    if (role != RUN_ORIGINAL || request->override_count || request->forced_count)
        return error_set(error, EXIT_INPUT, "a saved trace cannot be run again");
    int target = trace_sequence(trace, "target"), source = trace_sequence(trace, "source");
    *out = (RunResult){.trace = trace,
                       .text = trace->target_text ? trace->target_text : "",
                       .stopped_at_cap = trace->stopped_at_cap};
    if (target >= 0 && trace->sequence[target].id) {
        out->target = trace->sequence[target].id;
        out->target_count = trace->sequence[target].count;
    }
    if (source >= 0 && trace->sequence[source].id) {
        out->source = trace->sequence[source].id;
        out->source_count = trace->sequence[source].count;
    }
    return true;
}

static const char *title(void *self, int zh)
{
    const Trace *trace = self;
    (void)zh;
    return trace->model ? trace->model : "safetensors";
}

static bool open_trace(void *self, const char *model, Engine *out, Error *error)
{
    (void)model;
    (void)error;
    *out = (Engine){.self = self, .run = run, .title = title, .fixed = true};
    return true;
}

EngineProvider engine_saved_trace(Trace *trace)
{
    return (EngineProvider){.self = trace, .open = open_trace};
}
