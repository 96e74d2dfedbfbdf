/* scene_controls.c — the numbers a lesson lets the learner set, below its text; and how far long work has come. */
#include <math.h>
#include <string.h>
#include "app/controls.h"
#include "app/scene.h"

const char *scene_option(Scene *scene, const char *value)
{
    const Lesson *lesson = scene->lesson;
    if (*value != '$' || !lesson) return value;
    for (int i = 0; i < lesson->control_count; i++)
        if (strcmp(lesson->control[i].name, value + 1) == 0)
            return control_text(scene->list->arena, &lesson->control[i], scene->app->session.edit.control[i]);
    return value;
}

static void range(Scene *scene, Rect row, const Control *control, int index, double value)
{
    Ui *ui = &scene->ui;
    float size = TYPE_BODY * ui->scale;
    Rect number = rect_cut_right(&row, 56 * ui->scale);
    ui_label(ui, number, ALIGN_RIGHT, FONT_MONO, size, scene->theme->ink,
             control_text(scene->list->arena, control, value));
    row.x += 10 * ui->scale;
    row.w -= 20 * ui->scale;
    ui_slider(ui, row, ACT_CONTROL, control_argument(index, 0),
              (float)((value - control->least) / (control->most - control->least)));
}

static void toggle(Scene *scene, Rect row, int index, double value)
{
    Ui *ui = &scene->ui;
    const char *word = app_word(scene->app, value > 0 ? WORD_ON : WORD_OFF);
    float w = fmaxf(ui_button_width(ui, word), 72 * ui->scale);
    ui_button(ui, rect_cut_left(&row, w), ACT_CONTROL, control_argument(index, 0), word,
              value > 0 ? UI_ON | UI_OUTLINE : UI_OUTLINE);
}

static void words(Scene *scene, Rect row, const Control *control, int index, double value)
{
    Ui *ui = &scene->ui;
    for (int i = 0; i < control->choice_count; i++) {
        float room = row.w / (float)(control->choice_count - i) - GAP_HALF;
        float w = fminf(ui_button_width(ui, control->choice[i]), room);
        ui_button(ui, rect_cut_left(&row, w), ACT_CONTROL, control_argument(index, 1 + i), control->choice[i],
                  (int)lround(value) == i ? UI_ON | UI_OUTLINE : UI_OUTLINE);
        rect_cut_left(&row, GAP_HALF);
    }
}

void scene_controls(Scene *scene, Flow *flow)
{
    const Session *session = &scene->app->session;
    if (!scene->lesson || !scene->step || !session->ran) return;
    for (int i = 0; i < scene->step->use_count; i++) {
        int index = scene->step->use[i];
        const Control *control = &scene->lesson->control[index];
        flow->y += GAP;
        flow_text(scene, flow, FONT_TEXT, TYPE_SMALL * scene->ui.scale, scene->theme->quiet,
                  control->label[scene->language] ? control->label[scene->language] : control->name);
        Rect row = {flow->x, flow->y + GAP_HALF, flow->w, 32 * scene->ui.scale};
        double value = session->edit.control[index];
        if (control->kind == CONTROL_RANGE) range(scene, row, control, index, value);
        else if (control->kind == CONTROL_SWITCH) toggle(scene, row, index, value);
        else words(scene, row, control, index, value);
        flow->y += row.h + GAP;
    }
}

void scene_computing(Scene *scene, const Beside *beside, Rect picture)
{
    if (!beside || beside->stopped) return;
    double progress = fmin(beside->progress[0], beside->progress[1]);
    if (progress >= 1) return;
    Ui *ui = &scene->ui;
    Rect row = rect_cut_bottom(&picture, 32 * ui->scale);
    row = rect_inset(row, 4);
    ui_icon_button(ui, rect_cut_right(&row, row.h), ACT_STOP_COMPUTING, 0, ICON_CLOSE, UI_PLAIN);
    rect_cut_left(&row, GAP);
    ui_label(ui, rect_cut_left(&row, 120 * ui->scale), ALIGN_LEFT, FONT_TEXT, TYPE_SMALL * ui->scale,
             scene->theme->quiet, app_word(scene->app, WORD_COMPUTING));
    rect_cut_right(&row, GAP);
    ui_progress(ui, (Rect){row.x, row.y + row.h / 2 - 2, row.w, 4}, (float)progress);
}
