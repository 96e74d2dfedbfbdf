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

/* `name` among the names in `list`, with commas between them. */
static bool is_listed(const char *list, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = list; at && *at; at += strspn(at, ",")) {
        size_t part = strcspn(at, ",");
        if (part == size && strncmp(at, name, size) == 0) return true;
        at += part;
    }
    return false;
}

/* A picture or an equation of the step shows numbers of the run that an @also calls `name`. */
static bool shows_run(App *app, const Step *step, const char *name)
{
    for (int i = 0; i < step->show_count; i++) {
        const Show *show = &step->show[i];
        size_t size = strlen(name);
        if (show->entry && strncmp(show->entry, name, size) == 0 && show->entry[size] == ':') return true;
        for (int k = 0; k < show->option_count; k++)
            if (is_listed(show->option[k].value, name)) return true;
    }
    const char *inside = arena_format(&app->frame, "{%s:", name);
    for (int i = 0; i < step->block_count[0]; i++)
        for (int k = 0; k < step->block[0][i].span_count; k++)
            if (strstr(step->block[0][i].span[k].text, inside)) return true;
    return false;
}

/* Who moves it must see something change. */
static bool control_matters(App *app, const Lesson *lesson, const Step *step, const char *name)
{
    for (int i = 0; i < step->show_count; i++)
        for (int k = 0; k < step->show[i].option_count; k++) {
            const char *value = step->show[i].option[k].value;
            if (*value == '$' && strcmp(value + 1, name) == 0) return true;
        }
    for (int i = 0; i < lesson->also_count; i++)
        for (int k = 0; k < lesson->also[i].option_count; k++) {
            const char *value = lesson->also[i].option[k].value;
            if (*value == '$' && strcmp(value + 1, name) == 0 && shows_run(app, step, lesson->also[i].name))
                return true;
        }
    return false;
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
    for (int i = 0; i < step->use_count; i++) {
        const char *name = lesson->control[step->use[i]].name;
        if (!control_matters(app, lesson, step, name))
            return error_set(error, EXIT_INPUT, "step %s: @use %s, but nothing the step shows depends on it",
                             step->id, QUOTED(name));
    }
    for (int language = 0; language < LESSON_LANGUAGES; language++)
        for (int i = 0; i < step->block_count[language]; i++)
            if (!check_block(app, step, &step->block[language][i], error)) return false;
    return true;
}
