/* check_step.c — one step of the open lesson held against the current trace: views, tensor links, equations. */
#include <string.h>
#include "app/scene.h"

static bool check_equation(App *app, const Step *step, const char *tex, int line, Error *error)
{
    Equation equation;
    Error inner = {0};
    const Trace *trace = session_trace(&app->session);
    if (!equation_layout(&app->frame, app->options.metrics, tex, TYPE_LARGE, true, &equation, &inner)) {
        error_set(error, EXIT_INPUT, "step %s, line %d: the equation cannot be laid out", step->id, line);
        return error_add(error, "why", "%.*s", (int)strcspn(inner.text, "\n"), inner.text);
    }
    for (int i = 0; i < equation.term_count; i++)
        if (scene_entry(trace, equation.term[i].name) < 0)
            return error_set(error, EXIT_INPUT,
                             "step %s, line %d: \\term names %s, which the run does not hold", step->id, line,
                             QUOTED(equation.term[i].name));
    for (int i = 0; i < equation.value_count; i++) {
        const char *name = equation.value[i].name;
        char *stem = arena_string_sized(&app->frame, name, strcspn(name, "["));
        if (scene_entry(trace, stem) < 0)
            return error_set(error, EXIT_INPUT,
                             "step %s, line %d: \\val names %s, which the run does not hold", step->id, line,
                             QUOTED(name));
    }
    return true;
}

static bool check_block(App *app, const Step *step, const Block *block, Error *error)
{
    const Trace *trace = session_trace(&app->session);
    for (int i = 0; i < block->span_count; i++) {
        const Span *span = &block->span[i];
        if (span->kind == SPAN_MATH && !check_equation(app, step, span->text, block->line, error))
            return false;
        if (span->link && strncmp(span->link, "http", 4) != 0 && scene_entry(trace, span->link) < 0)
            return error_set(error, EXIT_INPUT,
                             "step %s, line %d: a link names %s, which the run does not hold", step->id,
                             block->line, QUOTED(span->link));
    }
    return true;
}

bool app_check_step(App *app, int index, Error *error)
{
    const Lesson *lesson = app_current_lesson(app);
    if (app->engine_error.code) {
        *error = app->engine_error;
        return false;
    }
    if (!lesson || index < 0 || index >= lesson->step_count)
        return error_set(error, EXIT_INPUT, "there is no step %d", index + 1);
    const Step *step = &lesson->step[index];
    if (step->hide && !actions_exist(step->hide, error))
        return error_add(error, "where", "step %s, @hide", step->id);
    for (int i = 0; i < step->show_count; i++) {
        const ViewKind *kind;
        int entry;
        if (!scene_resolve(app, &step->show[i], &kind, &entry, error))
            return error_add(error, "where", "step %s, line %d", step->id, step->show[i].line);
    }
    for (int language = 0; language < LESSON_LANGUAGES; language++)
        for (int i = 0; i < step->block_count[language]; i++)
            if (!check_block(app, step, &step->block[language][i], error)) return false;
    return true;
}
