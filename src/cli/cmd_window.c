/* cmd_window.c — lesson, inspect, open: the window at a place. */
#include <string.h>
#include "cli/command.h"

static const Option window_options[] = {
    {"size", "WxH", "of the window, in logical pixels"},
    {"scale", "S", "pixels per logical pixel: 2 on a HiDPI screen"},
};
enum { SIZE, SCALE, WINDOW_OPTIONS };

static bool window_arguments(const Arguments *arguments, WindowOptions *out, Error *error)
{
    double scale = 0;
    if (!argument_size(arguments, SIZE, &out->width, &out->height, error) ||
        !argument_number(arguments, SCALE, 8, &scale, error))
        return false;
    out->scale = (float)scale;
    return true;
}

static ExitCode show(Cli *cli, Place *place, const WindowOptions *options, Error *error)
{
    const Platform *platform = cli->platform;
    if (!error->code) platform->window(platform->self, place->app, options, error);
    place_free(place);
    return fail(error);
}

ExitCode cmd_lesson(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    enum { SEED = WINDOW_OPTIONS };
    const Option options[] = {window_options[SIZE],
                              window_options[SCALE],
                              {"seed", "N", "other orders of the choices in questions"}};
    Place place = {0};
    WindowOptions window = {0};
    long long seed = 0;
    if (!arguments_read(cli, argc, argv, options, WINDOW_OPTIONS + 1, 0, 1, &arguments, &code)) return code;
    if (!window_arguments(&arguments, &window, &error) ||
        !argument_whole(&arguments, SEED, 0, 1 << 30, &seed, &error) ||
        !place_make(cli, &(PlaceOptions){.remember = true, .background = true}, &place, &error))
        return fail(&error);
    app_set_seed(place.app, (unsigned)seed);
    if (arguments.word_count) app_open(place.app, arguments.word[0], &error);
    else app_open_last(place.app);
    return show(cli, &place, &window, &error);
}

ExitCode cmd_inspect(Cli *cli, int argc, char **argv)
{
    enum { MODEL = WINDOW_OPTIONS };
    const Option options[] = {window_options[SIZE],
                              window_options[SCALE],
                              {"model", "M", "a name from attnscope models, or a folder (with a \"/\")"}};
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    WindowOptions window = {0};
    if (!arguments_read(cli, argc, argv, options, WINDOW_OPTIONS + 1, 0, 1, &arguments, &code)) return code;
    const char *model = argument(&arguments, MODEL);
    if (!window_arguments(&arguments, &window, &error) || (model && !model_folder(cli, model, &error)) ||
        !place_make(cli, &(PlaceOptions){.remember = true, .background = true, .model = model}, &place,
                    &error))
        return fail(&error);
    if (app_open(place.app, "sandbox", &error) && arguments.word_count)
        app_set_sentence(place.app, arguments.word[0], &error);
    return show(cli, &place, &window, &error);
}

ExitCode cmd_open(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    WindowOptions window = {0};
    if (!arguments_read(cli, argc, argv, window_options, WINDOW_OPTIONS, 1, 1, &arguments, &code))
        return code;
    Trace *trace = arena_new(&cli->perm, Trace);
    if (!window_arguments(&arguments, &window, &error) ||
        !trace_read(&cli->perm, arguments.word[0], trace, &error) ||
        !place_make(cli, &(PlaceOptions){.trace = trace}, &place, &error))
        return fail(&error);
    app_open(place.app, "sandbox", &error);
    return show(cli, &place, &window, &error);
}
