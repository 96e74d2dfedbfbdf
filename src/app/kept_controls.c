/* kept_controls.c — see kept_controls.h.
 *
 * Surprise: a control that stands where the lesson puts it is noted as "", once something else was noted: so a reset is kept, too, and
 * a newer version of the lesson may begin elsewhere. */
#include "app/kept_controls.h"
#include <string.h>
#include "base/utf8.h"

bool kept_control_fits(const App *app, const char *lesson, const char *control, const char *value)
{
    double number;
    for (int i = 0; i < app->slot_count; i++) {
        const LessonSlot *slot = &app->slot[i];
        if (!slot->ok || strcmp(slot->id, lesson) != 0) continue;
        int k = 0;
        while (k < slot->lesson.control_count && strcmp(slot->lesson.control[k].name, control) != 0) k++;
        return k < slot->lesson.control_count &&
               (!*value || control_read(&slot->lesson.control[k], value, &number));
    }
    return true;
}

static bool is_at_start(const Edit *edit, const Lesson *lesson, int i)
{
    double start = lesson->control[i].start;
    return !edit->text[i] && edit->control[i] <= start && edit->control[i] >= start;
}

void kept_controls_note(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    const Session *session = &app->session;
    if (!lesson || !session->ran || app->drag.down) return; /* a drag is noted when it ends */
    for (int i = 0; i < lesson->control_count; i++) {
        char value[TEXT_BOX_CAP + 1] = "";
        const char *key[] = {lesson->id, lesson->control[i].name},
                   *noted = progress_value(&app->progress, RECORD_CONTROL, key);
        if (!is_at_start(&session->edit, lesson, i))
            utf8_repair(value, sizeof value, edit_control_text(&app->note, &session->edit, lesson, i));
        if (noted || *value) progress_note(app, RECORD_CONTROL, key, value);
        arena_reset(&app->note);
    }
}

void kept_controls_recall(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    Session *session = &app->session;
    bool moved = false;
    for (int i = 0; lesson && session->ran && i < lesson->control_count; i++) {
        const Control *control = &lesson->control[i];
        const char *key[] = {lesson->id, control->name},
                   *value = progress_value(&app->progress, RECORD_CONTROL, key);
        Error error = {0}; /* what cannot be set stays where the lesson put it */
        double number;
        if (!value || !*value || !control_read(control, value, &number)) continue;
        if (control->kind == CONTROL_TEXT) session_set_text(session, i, value, &error);
        else session_set_control(session, i, number, &error);
        moved |= !is_at_start(&session->edit, lesson, i);
    }
    if (moved) app_notice(app, "%s", app_word(app, WORD_CONTROLS_KEPT));
}
