/* cmd_trace.c — one run of a model into a file: every tensor by name, as safetensors or JSON. */
#include <stdlib.h>
#include <string.h>
#include "app/card.h"
#include "app/change.h"
#include "cli/command.h"
#include "cli/decoding.h"
#include "model/model.h"

enum { MODEL, TARGET, OVERRIDE, FORCE, OUT, BEAM, TRACE_OPTIONS = BEAM + BEAM_ROW_COUNT };
static const Option options[] = {
    {"model", "M", "a name from attnscope models, or a folder (with a \"/\")"},
    {"target", "TEXT", "the output to score; without it the model translates"},
    {"override", "NAME[I]=V,V…",
     "replaces values of a tensor from flat index I on; or NAME[T,I]= share:S, one-hot, scale:F, cut;"
     " or NAME[T,*]= uniform, freeze, scale:F; may be given often"},
    {"force", "T=TOKEN",
     "row T (from 0) of the output becomes this token (#N: its number); may be given often"},
    {"out", "FILE", "ends in .safetensors or .json"},
    BEAM_ROWS,
};

/* What the run is changed by, in the order of the command line. */
typedef struct {
    Override override[MODEL_MAX_OVERRIDES];
    int forced[MODEL_MAX_TARGET];
    RunRequest request;
} Changes;

/* "dec.attn.weight[3,*]=uniform" means something only in a run: the one that the changes so far make. */
static bool add_override(Cli *cli, Runner *runner, Changes *changes, const char *text, Error *error)
{
    Change change;
    bool wants_trace;
    RunRequest *request = &changes->request;
    if (request->override_count == MODEL_MAX_OVERRIDES)
        return error_set(error, EXIT_USAGE, "--override can be given at most %d times", MODEL_MAX_OVERRIDES);
    if (!change_read(NULL, text, &change, &wants_trace, error)) {
        RunResult result;
        if (!wants_trace || !runner_run(runner, request, &result, error)) return false;
        if (!change_read(result.trace, text, &change, &wants_trace, error)) return false;
    }
    float *value = arena_array(&cli->perm, float, (size_t)change.count + 1);
    memcpy(value, change.value, sizeof *value * (size_t)change.count);
    changes->override[request->override_count++] =
        (Override){arena_string(&cli->perm, change.entry), change.first, change.count, value, CHANGE_ROWS};
    change_free(&change);
    return true;
}

static bool bad_force(const char *text, const char *why, Error *error)
{
    return error_set(error, EXIT_USAGE, "--force %s: %s; write 2=chat (a row from 0, then a token) or 2=#351",
                     QUOTED(text), why);
}

/* "2=chat": the token is as the screen shows it, with or without the mark of a word's beginning; "#351" is its id. */
static bool add_force(Changes *changes, const Model *model, const char *text, Error *error)
{
    char *end;
    long row = strtol(text, &end, 10);
    if (end == text || *end != '=' || row < 0) return bad_force(text, "the row is no whole number", error);
    if (row >= MODEL_MAX_TARGET) return bad_force(text, "the row lies beyond every output", error);
    const Tokenizer *tokenizer = model_tokenizer(model);
    int count = tokenizer_size(tokenizer), id = -1;
    const char *token = end + 1;
    if (*token == '#') {
        long number = strtol(token + 1, &end, 10);
        if (end == token + 1 || *end || number < 0 || number >= count)
            return bad_force(text, "there is no token of this number", error);
        id = (int)number;
    }
    /* A word's beginning before a piece inside words: "2=chat" means "▁chat" where there is one. */
    for (int whole = 1; whole >= 0; whole--)
        for (int i = 0; i < count && id < 0; i++) {
            const char *piece = tokenizer_piece(tokenizer, i);
            if (strcmp(whole ? token_shown(piece) : piece, token) == 0 &&
                (!whole || piece != token_shown(piece)))
                id = i;
        }
    if (id < 0) return bad_force(text, "the vocabulary has no such token", error);
    RunRequest *request = &changes->request;
    for (; request->forced_count <= row; request->forced_count++) changes->forced[request->forced_count] = -1;
    changes->forced[row] = id;
    return true;
}

static bool read_changes(Cli *cli, const Arguments *arguments, Runner *runner, const Model *model,
                         Changes *changes, Error *error)
{
    changes->request.override = changes->override;
    changes->request.forced = changes->forced;
    for (int i = 0; i < arguments->given_count; i++) {
        const GivenOption *given = &arguments->given[i];
        if (given->option == OVERRIDE && !add_override(cli, runner, changes, given->value, error))
            return false;
        if (given->option == FORCE && !add_force(changes, model, given->value, error)) return false;
    }
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
               *path = argument_needed(cli, &arguments, OUT, &error), *target = argument(&arguments, TARGET);
    if (path && !ends_with(path, ".safetensors") && !ends_with(path, ".json"))
        error_set(&error, EXIT_USAGE, "--out %s ends in neither .safetensors nor .json", QUOTED(path));
    if (target && argument(&arguments, FORCE))
        error_set(&error, EXIT_USAGE, "--target already says every word: --force cannot be given with it");
    RunRequest request = {.source = arguments.word[0], .target = target, .record = true};
    if (error.code || !beam_options(&arguments, BEAM, &request, &error) ||
        !model_named(cli, name, &model, &error))
        return fail(&error);
    request.n_best = request.beam;
    Runner *runner = runner_make(&cli->perm, model);
    Changes *changes = arena_new(&cli->perm, Changes);
    changes->request = request;
    RunResult result;
    if (read_changes(cli, &arguments, runner, model, changes, &error) &&
        runner_run(runner, &changes->request, &result, &error) &&
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
