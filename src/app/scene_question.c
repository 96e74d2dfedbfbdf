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

/* Two beside each other where every choice fits into half of the room, else one below the other. */
static int choice_columns(const Scene *scene, const AskedQuestion *asked, float room)
{
    const Ui *ui = &scene->ui;
    float around = 3 * GAP + 44 * ui->scale, half = (room - GAP) / 2;
    for (int i = 0; i < asked->choice_count; i++)
        if (text_width(ui->metrics, FONT_TEXT, TYPE_BODY * ui->scale, asked->choice[i]) + around > half)
            return 1;
    return 2;
}

static void choices(Scene *scene, Flow *flow, const AskedQuestion *asked, int question, int answered)
{
    int columns = choice_columns(scene, asked, flow->w);
    float h = 36 * scene->ui.scale, pitch = h + GAP_HALF + 2,
          w = (flow->w - GAP * (float)(columns - 1)) / (float)columns;
    for (int i = 0; i < asked->choice_count; i++) {
        Rect cell = {flow->x + (w + GAP) * (float)(i % columns), flow->y + pitch * (float)(i / columns), w,
                     h};
        scene_choice(scene, cell, asked, question, i, answered, answered >= 0);
    }
    flow->y += pitch * (float)((asked->choice_count + columns - 1) / columns);
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
    choices(scene, flow, &asked, index, answered);
    flow->y += 2;
    if (answered < 0) {
        skip(scene, flow, index);
    } else {
        const char *verdict =
            answered == SKIPPED ? "" : app_word(app, answered == asked.right ? WORD_RIGHT : WORD_NOT_QUITE);
        const char *between = *verdict && scene->language == LANGUAGE_EN ? " " : ""; /* “。” brings its own */
        const char *text =
            arena_format(scene->list->arena, "%s%s%s", verdict, between, asked.explanation[scene->language]);
        flow_text(scene, flow, FONT_TEXT, body, theme->ink, text);
    }
    flow->y += GAP;
    return true;
}

int scene_question_beside(const App *app)
{
    const Step *step = app_current_step(app);
    int open = play_open_question(app), last = -1;
    for (int i = 0; step && i < step->question_count; i++)
        if (play_answer(app, app->step, i) >= 0) last = i;
    return open >= 0 ? open : last;
}

bool scene_beside(Scene *scene, Rect rect)
{
    static const float least = 0.9f;
    int index = scene_question_beside(scene->app);
    int first = scene->list->count, first_hit = scene->list->hit_count;
    float s = scene->ui.scale, low = rect.y + rect.h;
    ui_surface(&scene->ui, rect);
    draw_clip(scene->list, rect);
    int inside = scene->list->count, inside_hit = scene->list->hit_count;
    for (int tries = 0; tries < 2; tries++) {
        scene->list->count = inside;
        scene->list->hit_count = inside_hit;
        Flow flow = {rect.x + GAP_PANEL, rect.y - GAP_HALF, rect.w - 2 * GAP_PANEL};
        if (index < 0) flow.y += GAP; /* a question has a rule above it */
        if (index >= 0) scene_question(scene, &flow, index);
        else scene_controls(scene, &flow);
        if (flow.y <= low) break;
        if (tries == 0) scene->ui.scale = s * least;
        else scene->list->count = first;
    }
    scene->ui.scale = s;
    if (scene->list->count == first) {
        scene->list->hit_count = first_hit;
        return false;
    }
    draw_unclip(scene->list);
    return true;
}
