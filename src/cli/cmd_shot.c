/* cmd_shot.c — shot and draw: a frame into a picture, or as the text of its draw list, without a display. */
#include <stdlib.h>
#include <string.h>
#include "cli/frame.h"

enum { LAST_TICK = 1 << 20 };

/* "…@3" -> 2, "…@0" -> -1 (before the answer is shown), no "@" -> the last tick; cuts the "@" off. */
static bool cut_tick(char *place, int *tick, Error *error)
{
    char *at = strrchr(place, '@');
    *tick = LAST_TICK;
    if (!at) return true;
    *at++ = 0;
    if (!strcmp(at, "last")) return true;
    size_t digits = strspn(at, "0123456789");
    if (!digits || at[digits] || digits > 6)
        return error_set(error, EXIT_USAGE,
                         "@%s is no tick: @1 is the first of a step, @0 before its answer, @last the last",
                         at);
    *tick = (int)strtol(at, NULL, 10) - 1;
    return true;
}

static bool go(App *app, const char *place, int tick, int *step, Error *error)
{
    if (!app_open(app, place, error)) return false;
    const Lesson *lesson = app_lesson(app);
    const char *colon = strchr(place, ':');
    *step = lesson && colon ? lesson_find_step(lesson, colon + 1) : 0;
    if (!lesson || tick == LAST_TICK) return true;
    int first = app_first_tick(app, *step), end = app_tick_end(app, *step);
    if (tick >= end)
        return error_set(error, EXIT_INPUT, "step %s of %s has no tick %d: they go from 1 to %d",
                         lesson->step[*step].id, lesson->id, tick + 1, end);
    if (tick < first)
        return error_set(error, EXIT_INPUT, "step %s of %s holds no answer back: its ticks go from 1 to %d",
                         lesson->step[*step].id, lesson->id, end);
    return true;
}

/* What the window shows after these keys, all motion ended. */
static bool press_keys(App *app, const Arguments *arguments, float w, float h, DrawList *out, Error *error)
{
    double now = 0;
    bool pressed = false;
    for (int i = 0; i < arguments->given_count; i++) {
        if (arguments->given[i].option != FRAME_PRESS) continue;
        if (!app_press(app, arguments->given[i].value))
            return error_set(error, EXIT_USAGE, "no command has the key %s; attnscope's help (?) lists them",
                             QUOTED(arguments->given[i].value));
        pressed = true;
        app_frame(app, now, w, h, out);
        app_frame(app, now += 60, w, h, out);
    }
    if (pressed) app_frame(app, now, w, h, out);
    return true;
}

bool frame_make(Cli *cli, const Arguments *arguments, Place *place, DrawList *out, Error *error)
{
    static const char *const languages[] = {"en", "zh", NULL}, *const themes[] = {"light", "dark", NULL};
    int w = 1280, h = 800, tick = 0, step = 0;
    char *where = arena_string(&cli->perm, arguments->word[0]);
    if (!argument_size(arguments, FRAME_SIZE, &w, &h, error) || !cut_tick(where, &tick, error)) return false;
    int language = argument_choice(arguments, FRAME_LANG, languages, LANGUAGE_EN, error);
    int theme = argument_choice(arguments, FRAME_THEME, themes, THEME_LIGHT, error);
    if (error->code || !place_make(cli, &(PlaceOptions){0}, place, error)) return false;
    app_set_language(place->app, (Language)language);
    app_set_theme(place->app, (ThemeName)theme);
    if (!go(place->app, where, tick, &step, error)) return false;
    app_shot(place->app, step, tick, (float)w, (float)h, out);
    return press_keys(place->app, arguments, (float)w, (float)h, out, error);
}

ExitCode cmd_shot(Cli *cli, int argc, char **argv)
{
    enum { SCALE = FRAME_OPTIONS, OUT };
    static const Option options[] = {FRAME_OPTION_ROWS,
                                     {"scale", "S", "pixels per logical pixel"},
                                     {"out", "FILE", "ends in .png, .svg or .pdf"}};
    const Platform *platform = cli->platform;
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    DrawList list;
    double scale = 1;
    if (!arguments_read(cli, argc, argv, options, FRAME_OPTIONS + 2, 1, 1, &arguments, &code)) return code;
    const char *path = argument_needed(cli, &arguments, OUT, &error), *dot = path ? strrchr(path, '.') : NULL;
    if (path && (!dot || (strcmp(dot, ".png") && strcmp(dot, ".svg") && strcmp(dot, ".pdf"))))
        error_set(&error, EXIT_USAGE, "--out %s ends in none of .png, .svg, .pdf", QUOTED(path));
    if (error.code || !argument_number(&arguments, SCALE, 8, &scale, &error)) return fail(&error);
    if (frame_make(cli, &arguments, &place, &list, &error) &&
        !platform->picture(platform->self, &list, path, (float)scale, &error) && error.code == EXIT_USAGE)
        error_add(&error, "do", "choose a smaller --size or --scale");
    place_free(&place);
    return fail(&error);
}

ExitCode cmd_draw(Cli *cli, int argc, char **argv)
{
    static const Option options[] = {FRAME_OPTION_ROWS};
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    DrawList list;
    if (!arguments_read(cli, argc, argv, options, FRAME_OPTIONS, 1, 1, &arguments, &code)) return code;
    if (frame_make(cli, &arguments, &place, &list, &error))
        buffer_text(&cli->out, draw_print(&cli->perm, &list));
    place_free(&place);
    return finish(cli, &error);
}
