/* cmd_verify.c — two proofs that the numbers are the model's own: each shown number is recomputed from its operands, and each
 * model's run is compared with a second, plain pass in double precision. */
#include <string.h>
#include "cli/command.h"
#include "cli/verify.h"
#include "model/model.h"
#include "model/plain.h"

static const float frame_width = 1920, frame_height = 1080;
static const char *const usual_sentence = "I am very happy to see you.";

/* Every tick of every step; held ticks show less than the first one but are frames of their own. */
static bool verify_lesson(Cli *cli, App *app, const Lesson *lesson, Error *error)
{
    VerifyReport report = {0};
    if (!app_open(app, lesson->id, error)) return false;
    if (!app_trace(app))
        return error_set(error, EXIT_CHECK, "lesson %s: nothing was computed; attnscope check says why",
                         lesson->id);
    Arena arena = arena_make("verify");
    Verifier *verifier = verifier_make(&arena, app_trace(app), app_original(app));
    for (int step = 0; step < lesson->step_count; step++)
        for (int tick = app_first_tick(app, step); tick < app_tick_end(app, step); tick++) {
            DrawList list;
            app_shot(app, step, tick, frame_width, frame_height, &list);
            verifier_list(verifier, &list, &report);
        }
    arena_free(&arena);
    buffer_format(&cli->out,
                  "%-24s %lld numbers on screen, %lld different cells recomputed, largest difference %.1e",
                  lesson->id, (long long)report.values, (long long)report.different, report.largest);
    if (report.where[0])
        buffer_format(&cli->out, " (%s: %.9g, again %.9g)", report.where, report.shown, report.again);
    buffer_format(&cli->out, ": %s\n",
                  report.beyond    ? "FAILED"
                  : !report.values ? "FAILED, no number is shown"
                                   : "ok");
    return !report.beyond && report.values > 0;
}

static bool verify_sentence(Cli *cli, const Model *model, const char *sentence, PlainReport *sum,
                            Error *error)
{
    PlainReport report = {0};
    (void)cli;
    if (!model_plain_compare(model, sentence, &report, error)) return false;
    sum->cells += report.cells;
    sum->entries = report.entries;
    if (report.missing) sum->missing = report.missing;
    if (!(report.largest <= sum->largest)) {
        long long cells = sum->cells;
        const char *missing = sum->missing;
        *sum = report;
        sum->cells = cells;
        sum->missing = missing;
    }
    return true;
}

/* The sentences of the lessons that use the model, or the usual one. */
static bool verify_model(Cli *cli, App *app, const char *name, const Model *model, Error *error)
{
    PlainReport report = {.largest = 0};
    int sentences = 0;
    for (int i = 0; i < app_lesson_count(app); i++) {
        const Lesson *lesson = app_lesson_at(app, i);
        if (!lesson || !lesson->model || strcmp(lesson->model, name)) continue;
        for (int k = 0; k < lesson->example_count; k++, sentences++)
            if (!verify_sentence(cli, model, lesson->example[k], &report, error)) return false;
    }
    if (!sentences && !verify_sentence(cli, model, usual_sentence, &report, error)) return false;
    if (!sentences) sentences = 1;
    bool good = report.largest <= VERIFY_TOLERANCE && !report.missing;
    buffer_format(&cli->out,
                  "%-24s %d tensors, %lld cells of %d sentences against a plain pass in double, largest "
                  "difference %.1e",
                  name, report.entries, report.cells, sentences, report.largest);
    if (report.entry)
        buffer_format(&cli->out, " (%s[%lld]: %.9g, again %.9g)", report.entry, report.index, report.run,
                      report.plain);
    if (report.missing) buffer_format(&cli->out, " (no second opinion on %s)", report.missing);
    buffer_format(&cli->out, ": %s\n", good ? "ok" : "FAILED");
    return good;
}

static bool verify_models(Cli *cli, App *app, const char *only, Error *error)
{
    char *one = only ? arena_string(&cli->perm, only) : NULL, **names = &one;
    int count = only ? 1 : model_names(cli, &names, error);
    bool good = true;
    for (int i = 0; i < count && !error->code; i++) {
        Model *model;
        if (!model_named(cli, names[i], &model, error)) return false;
        good &= verify_model(cli, app, names[i], model, error);
        if (!out_flush(cli, error)) break;
    }
    return good;
}

static bool verify_lessons(Cli *cli, App *app, const char *only, Error *error)
{
    bool good = true;
    for (int i = 0; i < app_lesson_count(app) && !error->code && !cli->closed; i++) {
        const Lesson *lesson = app_lesson_at(app, i);
        if (!lesson) {
            *error = *app_lesson_error(app, i);
            return false;
        }
        if (only && (!lesson->model || strcmp(lesson->model, only))) continue;
        good &= verify_lesson(cli, app, lesson, error);
        out_flush(cli, error);
    }
    return good;
}

ExitCode cmd_verify(Cli *cli, int argc, char **argv)
{
    enum { MODEL };
    static const Option options[] = {{"model", "M", "only this model and the lessons that use it"}};
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    if (!arguments_read(cli, argc, argv, options, 1, 0, 0, &arguments, &code)) return code;
    const char *only = argument(&arguments, MODEL);
    if ((only && !model_folder(cli, only, &error)) ||
        !place_make(cli, &(PlaceOptions){.any_metrics = true}, &place, &error))
        return fail(&error);
    bool good = verify_lessons(cli, place.app, only, &error);
    if (!error.code) good &= verify_models(cli, place.app, only, &error);
    place_free(&place);
    if (error.code || cli->closed) return finish(cli, &error);
    return good ? EXIT_DONE : EXIT_CHECK;
}
