/* cmd_new_lesson.c — new-lesson: a folder with two files that already pass `attnscope check`. */
#include <stdlib.h>
#include <string.h>
#include "cli/command.h"
#include "lesson/skeleton.h"

static bool check_name(const char *name, char **ids, int count, Error *error)
{
    if (!skeleton_name_valid(name)) {
        error_set(error, EXIT_USAGE, "%s cannot be the name of a lesson", QUOTED(name));
        return error_add(error, "expected",
                         "small letters, digits and \"-\", beginning with a letter, such as word-order");
    }
    for (int i = 0; i < count; i++)
        if (!strcmp(strchr(ids[i], '-') + 1, name)) {
            error_set(error, EXIT_INPUT, "there is a lesson of that name already: %s", ids[i]);
            return error_add(error, "do", "choose another name; nothing was changed");
        }
    return true;
}

static bool write_file(Cli *cli, const char *folder, const char *name, int language, Error *error)
{
    static const char *const file[LESSON_LANGUAGES] = {"en.md", "zh.md"};
    Buffer text = {0};
    const char *path = path_join(&cli->perm, folder, file[language]);
    skeleton_write(name, language, &text);
    bool good = file_save(path, text.at, text.size, error);
    buffer_free(&text);
    if (good) buffer_format(&cli->out, "%s\n", path);
    return good;
}

static bool write_lesson(Cli *cli, const char *name, const char **id, Error *error)
{
    char **ids = NULL;
    const char *home = file_home(&cli->perm, "lessons", error);
    if (!home) return false;
    const char *lessons = path_join(&cli->perm, home, "lessons");
    int count = lesson_list(&cli->perm, lessons, &ids), last = 0;
    if (!check_name(name, ids, count, error)) return false;
    for (int i = 0; i < count; i++) last = (int)strtol(ids[i], NULL, 10);
    if (last >= 99) return error_set(error, EXIT_INPUT, "all numbers up to 99 are taken");
    *id = arena_format(&cli->perm, "%02d-%s", last + 1, name);
    const char *folder = path_join(&cli->perm, lessons, *id);
    if (folder_exists(folder)) {
        error_set(error, EXIT_INPUT, "the folder %s exists already", QUOTED(folder));
        return error_add(error, "do", "choose another name; nothing was changed");
    }
    return folder_make(folder, error) && write_file(cli, folder, name, 0, error) &&
           write_file(cli, folder, name, 1, error);
}

ExitCode cmd_new_lesson(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    const char *id = NULL;
    if (!arguments_read(cli, argc, argv, NULL, 0, 1, 1, &arguments, &code)) return code;
    if (write_lesson(cli, arguments.word[0], &id, &error))
        note("Open it:   attnscope lesson %s    (what you save appears in the window at once)\n"
             "Check it:  attnscope check %s\n"
             "How to write one: docs/lessons.md\n",
             id, id);
    return finish(cli, &error);
}
