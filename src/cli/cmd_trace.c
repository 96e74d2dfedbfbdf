/* cmd_trace.c — one run of a model into a file: every tensor by name, as safetensors or JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "cli/decoding.h"
#include "model/model.h"

enum { MODEL, TARGET, OVERRIDE, OUT, BEAM, TRACE_OPTIONS = BEAM + BEAM_ROW_COUNT };
static const Option options[] = {
    {"model", "M", "a name from attnscope models, or a folder (with a \"/\")"},
    {"target", "TEXT", "the output to score; without it the model translates"},
    {"override", "NAME[I]=V,V…", "replaces the values of a tensor from flat index I on; may be given often"},
    {"out", "FILE", "ends in .safetensors or .json"},
    BEAM_ROWS,
};

static bool bad_override(const char *text, const char *why, Error *error)
{
    return error_set(error, EXIT_USAGE,
                     "--override %s: %s; write dec.attn.weight[16]=0.5,0.5 (a flat index, then values)",
                     QUOTED(text), why);
}

/* "NAME[I]=V,V…" */
static bool read_override(Arena *arena, const char *text, Override *out, Error *error)
{
    const char *bracket = strchr(text, '['), *equal = strchr(text, '=');
    char *end;
    if (!bracket || !equal || bracket > equal || bracket == text)
        return bad_override(text, "no NAME[I]= at its start", error);
    long long first = strtoll(bracket + 1, &end, 10);
    if (end == bracket + 1 || *end != ']' || end + 1 != equal || first < 0)
        return bad_override(text, "the index is no whole number", error);
    int count = 1;
    for (const char *at = equal + 1; *at; at++) count += *at == ',';
    float *value = arena_array(arena, float, (size_t)count);
    const char *at = equal + 1;
    for (int i = 0; i < count; i++, at = end + 1) {
        value[i] = strtof(at, &end);
        if (end == at || (*end && *end != ',') || isnan(value[i]))
            return bad_override(text, "a value is no number", error);
    }
    *out = (Override){arena_string_sized(arena, text, (size_t)(bracket - text)), first, count, value};
    return true;
}

static bool read_overrides(Cli *cli, const Arguments *arguments, RunRequest *request, Error *error)
{
    Override *override = arena_array(&cli->perm, Override, (size_t)arguments->given_count + 1);
    for (int i = 0; i < arguments->given_count; i++)
        if (arguments->given[i].option == OVERRIDE &&
            !read_override(&cli->perm, arguments->given[i].value, &override[request->override_count++],
                           error))
            return false;
    request->override = override;
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size > end_size && !strcmp(text + size - end_size, end);
}

static bool save(Cli *cli, const Trace *trace, const char *path, bool json, Error *error)
{
    Bytes bytes;
    bool good = (json ? trace_write_json : trace_write)(&cli->perm, trace, &bytes, error);
    return good && file_save(path, bytes.at, bytes.size, error);
}

ExitCode cmd_trace(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Model *model;
    if (!arguments_read(cli, argc, argv, options, TRACE_OPTIONS, 1, 1, &arguments, &code)) return code;
    const char *name = argument_needed(cli, &arguments, MODEL, &error),
               *path = argument_needed(cli, &arguments, OUT, &error);
    if (path && !ends_with(path, ".safetensors") && !ends_with(path, ".json"))
        error_set(&error, EXIT_USAGE, "--out %s ends in neither .safetensors nor .json", QUOTED(path));
    RunRequest request = {
        .source = arguments.word[0], .target = argument(&arguments, TARGET), .record = true};
    if (error.code || !beam_options(&arguments, BEAM, &request, &error) ||
        !read_overrides(cli, &arguments, &request, &error) || !model_named(cli, name, &model, &error))
        return fail(&error);
    request.n_best = request.beam;
    Runner *runner = runner_make(&cli->perm, model);
    RunResult result;
    if (runner_run(runner, &request, &result, &error) &&
        save(cli, result.trace, path, ends_with(path, ".json"), &error)) {
        note("%s\n%d tensors, %d source and %d target tokens, log p %.3f: %s\n", result.text,
             result.trace->entry_count, result.source_count, result.target_count, result.log_probability,
             path);
        if (result.source_cut)
            note("note: the sentence has more than %d tokens; the rest was left out\n", MODEL_MAX_SOURCE);
        if (result.stopped_at_cap) note("note: no end mark came within the length limit\n");
    }
    runner_free(runner);
    return fail(&error);
}
