/* scene_question.c — a question and its choices: nothing is given away before the learner commits. */
#include <math.h>
#include "app/scene.h"

void scene_choice(Scene *scene, Rect row, const AskedQuestion *asked, int question, int index, int answered,
                  bool revealed)
{
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    char digit[4] = {(char)('1' + index), 0};
    if (answered < 0 && !revealed)
        ui_button(ui, row, ACT_CHOOSE, (int64_t)question << 8 | index, "", UI_OUTLINE);
    else draw_border(scene->list, row, CORNER, theme->hairline, 1);
    if (revealed && index == asked->right) {
        draw_rect(scene->list, row, CORNER, color_alpha(theme->good, 0.14f));
        draw_border(scene->list, row, CORNER, theme->good, 2);
    } else if (index == answered) {
        draw_border(scene->list, row, CORNER, revealed ? theme->bad : theme->accent, 2);
    }
    Rect inside = {row.x + GAP, row.y, row.w - 2 * GAP, row.h};
    Rect key = rect_cut_left(&inside, 24 * ui->scale);
    ui_label(ui, key, ALIGN_CENTER, FONT_MONO, TYPE_SMALL * ui->scale, theme->quiet, digit);
    rect_cut_left(&inside, GAP);
    const char *mark = !revealed ? "" : index == asked->right ? "✓" : index == answered ? "✗" : "";
    Rect end = rect_cut_right(&inside, 20 * ui->scale);
    ui_label(ui, end, ALIGN_CENTER, FONT_STRONG, TYPE_BODY * ui->scale,
             index == asked->right ? theme->good : theme->bad, mark);
    ui_label(ui, inside, ALIGN_LEFT, FONT_TEXT, TYPE_BODY * ui->scale, theme->ink, asked->choice[index]);
}

/* Or without: what to press, and that nothing depends on it. */
static void skip(Scene *scene, Flow *flow, int question)
{
    Ui *ui = &scene->ui;
    const char *label = app_word(scene->app, WORD_SKIP);
    float w = ui_button_width(ui, label), h = 30 * ui->scale, small = TYPE_SMALL * ui->scale;
    Rect button = {flow->x + flow->w - w, flow->y - GAP_HALF, w, h};
    ui_button(ui, button, ACT_SKIP, question, label, UI_PLAIN);
    Flow left = {flow->x, flow->y, flow->w - w - GAP};
    flow_text(scene, &left, FONT_TEXT, small, scene->theme->quiet, app_word(scene->app, WORD_ANSWER_FIRST));
    flow->y = fmaxf(left.y, button.y + h);
}

bool scene_question(Scene *scene, Flow *flow, int index)
{
    App *app = scene->app;
    AskedQuestion asked;
    if (!play_question(app, app->step, index, &asked)) return false;
    const Theme *theme = scene->theme;
    float small = TYPE_SMALL * scene->ui.scale, body = TYPE_BODY * scene->ui.scale;
    int answered = play_answer(app, app->step, index);
    flow->y += GAP_HALF;
    draw_line(scene->list, (Point){flow->x, flow->y}, (Point){flow->x + flow->w, flow->y}, theme->hairline,
              1);
    flow->y += 12;
    flow_text(scene, flow, FONT_STRONG, small, theme->accent, app_word(app, WORD_QUESTION));
    flow->y += 2;
    const char *prompt = scene->step->question[index].prompt[scene->language];
    flow_text(scene, flow, FONT_TEXT, body, theme->ink, prompt ? prompt : "");
    flow->y += GAP;
    for (int i = 0; i < asked.choice_count; i++) {
        Rect row = {flow->x, flow->y, flow->w, 36 * scene->ui.scale};
        scene_choice(scene, row, &asked, index, i, answered, answered >= 0);
        flow->y += row.h + GAP_HALF + 2;
    }
    flow->y += 2;
    if (answered < 0) {
        skip(scene, flow, index);
    } else {
        const char *verdict =
            answered == SKIPPED ? "" : app_word(app, answered == asked.right ? WORD_RIGHT : WORD_NOT_QUITE);
        const char *text = arena_format(scene->list->arena, "%s%s%s", verdict, *verdict ? " " : "",
                                        asked.explanation[scene->language]);
        flow_text(scene, flow, FONT_TEXT, body, theme->ink, text);
    }
    flow->y += GAP;
    return true;
}

void scene_open_question(Scene *scene, Rect rect)
{
    int first_hit = scene->list->hit_count;
    ui_surface(&scene->ui, rect);
    draw_clip(scene->list, rect);
    static const float usual_h = 270;
    float s = scene->ui.scale;
    scene->ui.scale = fminf(s, fmaxf(0.9f, rect.h / usual_h));
    Flow flow = {rect.x + GAP_PANEL, rect.y - GAP_HALF, rect.w - 2 * GAP_PANEL};
    scene_question(scene, &flow, play_open_question(scene->app));
    scene->ui.scale = s;
    draw_unclip(scene->list);
    scene_clip_hits(scene->list, first_hit, rect);
}
