/* cmd_list.c — lessons and models: what there is. */
#include <string.h>
#include "cli/command.h"
#include "model/model.h"

static const Option options[] = {{"json", NULL, "as JSON"}};
enum { JSON };

/* The first line of an error, for one row of a list. */
static const char *headline(Arena *arena, const Error *error)
{
    return arena_string_sized(arena, error->text, strcspn(error->text, "\n"));
}

static void json_field(Buffer *out, const char *before, const char *key, const char *value)
{
    buffer_format(out, "%s\"%s\": ", before, key);
    if (value) buffer_json_string(out, value);
    else buffer_text(out, "null");
}

static void json_lesson(Buffer *out, const char *id, const Lesson *lesson, const char *error)
{
    json_field(out, "  {", "id", id);
    if (error) json_field(out, ", ", "error", error);
    else {
        json_field(out, ", ", "title", lesson->title[0]);
        json_field(out, ", ", "title_zh", lesson->title[1]);
        json_field(out, ", ", "model", lesson->model);
        json_field(out, ", ", "pages", lesson->pages);
        buffer_format(out, ", \"minutes\": %d, \"steps\": [", lesson->minutes);
        for (int i = 0; i < lesson->step_count; i++) {
            if (i) buffer_text(out, ", ");
            buffer_json_string(out, lesson->step[i].id);
        }
        buffer_text(out, "]");
    }
    buffer_text(out, "}");
}

static bool list_lessons(Cli *cli, bool json, Error *error)
{
    char **ids;
    const char *home = file_home(&cli->perm, "lessons", error);
    if (!home) return false;
    const char *folder = path_join(&cli->perm, home, "lessons");
    int count = lesson_list(&cli->perm, folder, &ids);
    bool good = true;
    if (json) buffer_text(&cli->out, "[\n");
    for (int i = 0; i < count; i++) {
        Lesson lesson;
        Error own = {0};
        bool read = lesson_read(&cli->perm, path_join(&cli->perm, folder, ids[i]), &lesson, &own);
        const char *why = read ? NULL : headline(&cli->perm, &own);
        good &= read;
        if (json) {
            json_lesson(&cli->out, ids[i], &lesson, why);
            buffer_text(&cli->out, i + 1 < count ? ",\n" : "\n");
        } else if (read)
            buffer_format(&cli->out, "%-20s %-44s %2d steps  %2d min  pages %s\n", ids[i], lesson.title[0],
                          lesson.step_count, lesson.minutes, lesson.pages ? lesson.pages : "-");
        else buffer_format(&cli->out, "%-20s cannot be read: %s\n", ids[i], why);
    }
    if (json) buffer_text(&cli->out, "]\n");
    return good || error_set(error, EXIT_INPUT, "not every lesson can be read; attnscope check says more");
}

static bool list_models(Cli *cli, bool json, Error *error)
{
    char **names;
    int count = model_names(cli, &names, error);
    bool good = !error->code;
    if (json && good) buffer_text(&cli->out, "[\n");
    for (int i = 0; i < count; i++) {
        Model *model;
        Error own = {0};
        bool opened = model_named(cli, names[i], &model, &own);
        good &= opened;
        if (json) {
            json_field(&cli->out, "  {", "name", names[i]);
            if (opened) {
                json_field(&cli->out, ", ", "title", model_title(model, 0));
                json_field(&cli->out, ", ", "title_zh", model_title(model, 1));
                json_field(&cli->out, ", ", "source", model_source_language(model));
                json_field(&cli->out, ", ", "target", model_target_language(model));
                buffer_format(&cli->out, ", \"tokens\": %d, \"parameters\": %lld",
                              tokenizer_size(model_tokenizer(model)), model_parameters(model));
            } else json_field(&cli->out, ", ", "error", headline(&cli->perm, &own));
            buffer_format(&cli->out, "}%s\n", i + 1 < count ? "," : "");
        } else if (opened)
            buffer_format(&cli->out, "%-24s %-28s %2s → %-2s %9lld parameters  %d tokens\n", names[i],
                          model_title(model, 0), model_source_language(model), model_target_language(model),
                          model_parameters(model), tokenizer_size(model_tokenizer(model)));
        else buffer_format(&cli->out, "%-24s cannot be used: %s\n", names[i], headline(&cli->perm, &own));
    }
    if (json && !error->code) buffer_text(&cli->out, "]\n");
    return good || error->code ||
           error_set(error, EXIT_INPUT, "not every model can be used; translate --model NAME says more");
}

static ExitCode list(Cli *cli, int argc, char **argv, bool (*print)(Cli *cli, bool json, Error *error))
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    if (!arguments_read(cli, argc, argv, options, 1, 0, 0, &arguments, &code)) return code;
    print(cli, argument(&arguments, JSON) != NULL, &error);
    return finish(cli, &error);
}

ExitCode cmd_lessons(Cli *cli, int argc, char **argv)
{
    return list(cli, argc, argv, list_lessons);
}

ExitCode cmd_models(Cli *cli, int argc, char **argv)
{
    return list(cli, argc, argv, list_models);
}
