/* scene_controls.c — what a lesson lets the learner set, below its text or in a strip in front of a class; and how far long work has come. */
#include <math.h>
#include "app/controls.h"
#include "app/scene.h"

static const char *label_of(const Scene *scene, const Control *control)
{
    return control->label[scene->language] ? control->label[scene->language] : control->name;
}

static const char *word_of(const Scene *scene, const Control *control, int i)
{
    return control->word[scene->language][i] ? control->word[scene->language][i] : control->choice[i];
}

static void range(Scene *scene, Rect row, const Control *control, int index, double value)
{
    Ui *ui = &scene->ui;
    float size = TYPE_BODY * ui->scale;
    Rect number = rect_cut_right(&row, 48 * ui->scale);
    rect_cut_right(&row, GAP_HALF * ui->scale);
    ui_label(ui, number, ALIGN_LEFT, FONT_MONO, size, scene->theme->ink,
             control_text(scene->list->arena, control, value));
    row.x += 10 * ui->scale;
    row.w -= 20 * ui->scale;
    ui_slider(ui, row, ACT_CONTROL, control_argument(index, 0),
              (float)((value - control->least) / (control->most - control->least)));
}

static float toggle_width(Scene *scene)
{
    float on = ui_button_width(&scene->ui, app_word(scene->app, WORD_ON)),
          off = ui_button_width(&scene->ui, app_word(scene->app, WORD_OFF));
    return fmaxf(fmaxf(on, off), 72 * scene->ui.scale);
}

static void toggle(Scene *scene, Rect row, int index, double value)
{
    const char *word = app_word(scene->app, value > 0 ? WORD_ON : WORD_OFF);
    ui_button(&scene->ui, rect_cut_left(&row, toggle_width(scene)), ACT_CONTROL, control_argument(index, 0),
              word, value > 0 ? UI_ON | UI_OUTLINE : UI_OUTLINE);
}

/* In as many lines as they need; returns the height of those after the first. */
static float words(Scene *scene, Rect row, const Control *control, int index, double value)
{
    Ui *ui = &scene->ui;
    float x = row.x, top = row.y;
    for (int i = 0; i < control->choice_count; i++) {
        const char *word = word_of(scene, control, i);
        float w = fminf(ui_button_width(ui, word), row.w);
        if (x > row.x && x + w > row.x + row.w) x = row.x, row.y += row.h + GAP_HALF;
        ui_button(ui, (Rect){x, row.y, w, row.h}, ACT_CONTROL, control_argument(index, 1 + i), word,
                  (int)lround(value) == i ? UI_ON | UI_OUTLINE : UI_OUTLINE);
        x += w + GAP_HALF;
    }
    return row.y - top;
}

/* A sentence of its own: a press opens the box on it, the list beside it offers others. */
static void text(Scene *scene, Rect row, int index)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    if (app->editing && app->edited_control == index) {
        app->box_rect = row;
        app->box_scale = ui->scale;
        app->caret = text_box_draw(ui, &app->box, row, ACT_TEXT_BOX, app_word(app, WORD_TYPE_HERE));
        return;
    }
    if (!action_hidden(app, ACT_EXAMPLES)) {
        Rect list = rect_cut_right(&row, row.h);
        rect_cut_right(&row, GAP_HALF);
        ui_icon_button(ui, list, ACT_EXAMPLES, index + 1, ICON_LIST, UI_OUTLINE);
    }
    ui_button(ui, row, ACT_CONTROL, control_argument(index, 0), "", UI_OUTLINE);
    const char *shown = app_text(app, index);
    float side = 16 * ui->scale;
    Rect inside = {row.x + GAP, row.y, row.w - 2 * GAP, row.h}, icon = rect_cut_right(&inside, side);
    rect_cut_right(&inside, GAP);
    ui_label(ui, inside, ALIGN_LEFT, FONT_TEXT, TYPE_BODY * ui->scale,
             *shown ? scene->theme->ink : scene->theme->quiet,
             *shown ? shown : app_word(app, WORD_TYPE_HERE));
    icon = (Rect){icon.x, row.y + (row.h - side) / 2, side, side};
    ui_icon(scene->list, icon, ICON_PENCIL, scene->theme->quiet, scene->theme->surface);
}

/* Returns the height of what does not fit into the row. */
static float widget(Scene *scene, Rect row, int index)
{
    const Control *control = &scene->lesson->control[index];
    double value = scene->app->session.edit.control[index];
    switch (control->kind) {
    case CONTROL_RANGE: range(scene, row, control, index, value); break;
    case CONTROL_SWITCH: toggle(scene, row, index, value); break;
    case CONTROL_CHOICE: return words(scene, row, control, index, value);
    case CONTROL_TEXT: text(scene, row, index); break;
    }
    return 0;
}

bool scene_has_controls(const Scene *scene)
{
    return scene->lesson && scene->step && scene->step->use_count && scene->app->session.ran &&
           !action_hidden(scene->app, ACT_CONTROL);
}

void scene_controls(Scene *scene, Flow *flow)
{
    for (int i = 0; scene_has_controls(scene) && i < scene->step->use_count; i++) {
        int index = scene->step->use[i];
        flow->y += GAP;
        flow_text(scene, flow, FONT_TEXT, TYPE_SMALL * scene->ui.scale, scene->theme->quiet,
                  label_of(scene, &scene->lesson->control[index]));
        Rect row = {flow->x, flow->y + GAP_HALF, flow->w, 32 * scene->ui.scale};
        flow->y += widget(scene, row, index) + row.h + GAP;
    }
}

/* ---- in front of a class: beside each other, each behind its label ---- */

/* What the control itself needs, without its label. */
static float least_width(Scene *scene, const Control *control, float slider)
{
    static const float sentence = 300;
    float w = 0;
    switch (control->kind) {
    case CONTROL_RANGE: return slider * scene->ui.scale;
    case CONTROL_SWITCH: return toggle_width(scene);
    case CONTROL_TEXT: return sentence * scene->ui.scale;
    case CONTROL_CHOICE: break;
    }
    for (int i = 0; i < control->choice_count; i++)
        w += ui_button_width(&scene->ui, word_of(scene, control, i)) + GAP_HALF;
    return w;
}

static float label_width(Scene *scene, const Control *control)
{
    return text_width(scene->ui.metrics, FONT_TEXT, TYPE_BODY * scene->ui.scale, label_of(scene, control)) +
           2;
}

/* How long sliders are: shorter where that saves a row. */
static float slider_width(Scene *scene, float room)
{
    static const float usual = 170, least = 130;
    float sum[2] = {0};
    for (int i = 0; i < scene->step->use_count; i++)
        for (int k = 0; k < 2; k++) {
            const Control *control = &scene->lesson->control[scene->step->use[i]];
            sum[k] += (i ? 2 * GAP_PANEL : 0) + label_width(scene, control) + GAP_PANEL +
                      least_width(scene, control, k ? least : usual);
        }
    return sum[0] > room && sum[1] <= room ? least : usual;
}

/* First the votes, then what-ifs. */
static bool asks_class(const Scene *scene)
{
    const App *app = scene->app;
    return app->tick <= 0 && play_shown_question(app) >= 0 && !play_is_revealed(app);
}

float scene_control_strip(Scene *scene, Rect rect)
{
    if (!scene_has_controls(scene) || asks_class(scene)) return 0;
    Ui ui = scene->ui;
    scene->ui.scale = scene->scale * 0.9f; /* as the question's */
    float size = TYPE_BODY * scene->ui.scale, x = rect.x, y = rect.y, h = 34 * scene->ui.scale;
    float slider = slider_width(scene, rect.w);
    int first = scene->list->hit_count;
    draw_clip(scene->list, rect_inset(rect, -4)); /* the ring of the focus */
    for (int i = 0; i < scene->step->use_count; i++) {
        int index = scene->step->use[i];
        const Control *control = &scene->lesson->control[index];
        float need = least_width(scene, control, slider), label_w = label_width(scene, control);
        need = fminf(need, rect.w);
        label_w = fminf(label_w, fmaxf(rect.w * 0.4f, rect.w - need - GAP_PANEL));
        float w = fminf(need, rect.w - label_w - GAP_PANEL);
        if (x > rect.x && x + label_w + GAP_PANEL + w > rect.x + rect.w) x = rect.x, y += h + GAP;
        ui_label(&scene->ui, (Rect){x, y, label_w, h}, ALIGN_LEFT, FONT_TEXT, size, scene->theme->quiet,
                 label_of(scene, control));
        y += widget(scene, (Rect){x + label_w + GAP_PANEL, y, w, h}, index);
        x += label_w + GAP_PANEL + w + 2 * GAP_PANEL;
    }
    scene->ui = ui;
    draw_unclip(scene->list);
    scene_clip_hits(scene->list, first, rect);
    return fminf(y + h - rect.y, rect.h);
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
