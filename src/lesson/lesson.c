/* lesson.c — finding lessons and steps, and how a step's run moves tick by tick. */
#include <string.h>
#include "base/file.h"
#include "lesson/parse.h"

int lesson_list(Arena *arena, const char *folder, char ***ids)
{
    char **names;
    int count = folder_list(arena, folder, &names), kept = 0;
    for (int i = 0; i < count; i++) {
        const char *name = names[i];
        bool numbered =
            name_valid(name) && strlen(name) > 3 && name[2] == '-' && strspn(name, "0123456789") == 2;
        if (!numbered || !file_exists(path_join(arena, path_join(arena, folder, name), "en.md"))) continue;
        names[kept++] = names[i];
    }
    *ids = names;
    return kept;
}

int lesson_find_step(const Lesson *lesson, const char *id_or_number)
{
    int number;
    for (int i = 0; i < lesson->step_count; i++)
        if (strcmp(lesson->step[i].id, id_or_number) == 0) return i;
    return integer_parse(id_or_number, 1, lesson->step_count, &number) ? number - 1 : -1;
}

/* How many target rows the run has filled. */
static int target_rows(const Trace *trace)
{
    for (int i = 0; trace && i < trace->entry_count; i++)
        if (trace->entry[i].rank && trace->entry[i].axis[0] == AXIS_TARGET) return trace->entry[i].rows_done;
    return 0;
}

static int source_rows(const Trace *trace)
{
    for (int i = 0; trace && i < trace->entry_count; i++)
        if (trace->entry[i].rank && trace->entry[i].axis[0] == AXIS_SOURCE) return trace->entry[i].dim[0];
    return 0;
}

int step_ticks(const Step *step, const Trace *trace)
{
    int ticks = 1;
    if (step->run == RUN_ENCODE) ticks = source_rows(trace);
    if (step->run == RUN_WORDS) ticks = target_rows(trace) - step->run_word;
    return ticks > 1 ? ticks : 1;
}

/* A learner's own sentence may be shorter than the lesson's: the last word stands in for one that is not there. */
Moment step_moment(const Step *step, const Trace *trace, int tick)
{
    int rows = target_rows(trace), row = step->run_word, encoded = source_rows(trace);
    if (tick < 0) tick = 0;
    if (tick >= step_ticks(step, trace)) tick = step_ticks(step, trace) - 1;
    if (step->run == RUN_NOTHING || !trace) return moment_start();
    if (step->run == RUN_ENCODE) {
        Moment moment = moment_start();
        moment.encoded = tick + 1 < encoded ? tick + 1 : encoded;
        return moment;
    }
    if (step->run == RUN_ALL || !rows) return moment_end(trace);
    if (step->run == RUN_WORDS) row += tick;
    if (row >= rows) row = rows - 1;
    return (Moment){encoded, row, step->run == RUN_WORDS ? STAGE_WORD : step->run_stage};
}
