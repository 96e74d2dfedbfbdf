/* scene_question.c — a question and its choices: nothing is given away before the learner commits. */
#include <math.h>
#include "app/scene.h"

static void choice(Scene *scene, Flow *flow, const AskedQuestion *asked, int question, int index,
                   int answered)
{
    Ui *ui = &scene->ui;
    const Theme *theme = scene->theme;
    Rect row = {flow->x, flow->y, flow->w, 36 * ui->scale};
    char digit[4] = {(char)('1' + index), 0};
    unsigned flags = UI_OUTLINE;
    bool revealed = answered >= 0 && (!scene->app->presenter || scene->app->revealed);
    if (answered < 0) ui_button(ui, row, ACT_CHOOSE, (int64_t)question << 8 | index, "", flags);
    else draw_border(scene->list, row, CORNER, theme->hairline, 1);
    if (revealed && index == asked->right) {
        draw_rect(scene->list, row, CORNER, color_alpha(theme->good, 0.14f));
        draw_border(scene->list, row, CORNER, theme->good, 2);
    } else if (revealed && index == answered) {
        draw_border(scene->list, row, CORNER, theme->bad, 2);
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
    flow->y += row.h + GAP_HALF + 2;
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
    for (int i = 0; i < asked.choice_count; i++) choice(scene, flow, &asked, index, i, answered);
    flow->y += 2;
    if (answered < 0) {
        flow_text(scene, flow, FONT_TEXT, small, theme->quiet, app_word(app, WORD_ANSWER_FIRST));
    } else if (!app->presenter || app->revealed) {
        const char *verdict = app_word(app, answered == asked.right ? WORD_RIGHT : WORD_NOT_QUITE);
        const char *text =
            arena_format(scene->list->arena, "%s %s", verdict, asked.explanation[scene->language]);
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
