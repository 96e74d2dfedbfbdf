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

/* In as many lines as they need; returns the height of those after the first. */
static float words(Scene *scene, Rect row, const Control *control, int index, double value)
{
    Ui *ui = &scene->ui;
    float x = row.x, top = row.y;
    for (int i = 0; i < control->choice_count; i++) {
        float w = fminf(ui_button_width(ui, control->choice[i]), row.w);
        if (x > row.x && x + w > row.x + row.w) x = row.x, row.y += row.h + GAP_HALF;
        ui_button(ui, (Rect){x, row.y, w, row.h}, ACT_CONTROL, control_argument(index, 1 + i),
                  control->choice[i], (int)lround(value) == i ? UI_ON | UI_OUTLINE : UI_OUTLINE);
        x += w + GAP_HALF;
    }
    return row.y - top;
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
        else flow->y += words(scene, row, control, index, value);
        flow->y += row.h + GAP;
    }
}

void scene_computing(Scene *scene, const Beside *beside, Rect picture)
{
    if (!beside || beside->stopped) return;
    double progress = fmin(beside->progress[0], beside->progress[1]);
    if (progress >= 1) return;
    Ui *ui = &scene->ui;
    /* In the rim below the picture: it covers nothing, and nothing moves when it goes. */
    Rect corner = {picture.x + picture.w - 26, picture.y + picture.h - 26, 24, 24};
    ui_icon_button(ui, corner, ACT_STOP_COMPUTING, 0, ICON_CLOSE, UI_PLAIN);
    float left = picture.x + GAP_PANEL, y = picture.y + picture.h - GAP_PANEL / 2 - 2;
    const char *label = app_word(scene->app, WORD_COMPUTING);
    float size = TYPE_SMALL * fminf(ui->scale, 1), w = text_width(ui->metrics, FONT_TEXT, size, label) + GAP;
    ui_label(ui, (Rect){left, y - 6, w, 16}, ALIGN_LEFT, FONT_TEXT, size, scene->theme->quiet, label);
    ui_progress(ui, (Rect){left + w, y, corner.x - left - w - GAP_HALF, 4}, (float)progress);
}
