/* scene_presenter.c — in front of a class: a title and one thought or question on top, the view that is spoken about lit,
 * the teacher's notes when asked for.
 *
 * The answer of a question stays hidden until Space: a digit only marks what the class has voted for. */
#include <math.h>
#include "app/scene.h"

/* ---- the headline ---- */

static bool first_paragraph(Scene *scene, Flow *flow)
{
    const Step *step = scene->step;
    for (int i = 0; i < step->block_count[scene->language]; i++)
        if (step->block[scene->language][i].kind == BLOCK_PARAGRAPH) {
            scene_paragraph(scene, flow, &step->block[scene->language][i], i);
            return true;
        }
    return false;
}

static void question(Scene *scene, Flow *flow, int index)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    AskedQuestion asked;
    if (!play_question(app, app->step, index, &asked)) return;
    const char *prompt = scene->step->question[index].prompt[scene->language];
    float body = TYPE_BODY * ui->scale, h = 38 * ui->scale;
    int answered = play_answer(app, app->step, index);
    bool revealed = play_is_revealed(app);
    flow_text(scene, flow, FONT_TEXT, body, scene->theme->ink, prompt ? prompt : "");
    flow->y += GAP;
    float w = (flow->w - GAP * (float)(asked.choice_count - 1)) / (float)asked.choice_count;
    w = fminf(w, 320 * ui->scale);
    for (int i = 0; i < asked.choice_count; i++) {
        Rect cell = {flow->x + (w + GAP) * (float)i, flow->y, w, h};
        scene_choice(scene, cell, &asked, index, i, answered, revealed);
    }
    flow->y += h + GAP;
    flow_text(scene, flow, FONT_TEXT, TYPE_SMALL * ui->scale,
              revealed ? scene->theme->ink : scene->theme->quiet,
              revealed ? asked.explanation[scene->language] : app_word(app, WORD_TAKE_VOTES));
}

float scene_headline(Scene *scene, Rect rect)
{
    if (!scene->step) return 0;
    Ui ui = scene->ui;
    App *app = scene->app;
    int shown = app->tick <= 0 ? play_shown_question(app) : -1, first = scene->list->hit_count;
    scene->ui.scale = scene->scale;
    draw_clip(scene->list, (Rect){rect.x - 4, rect.y, rect.w + 8, rect.h});
    Flow flow = {rect.x, rect.y, rect.w};
    flow_text(scene, &flow, FONT_STRONG, TYPE_LARGE * scene->scale, scene->theme->ink,
              scene->step->title[scene->language]);
    flow.y += GAP_HALF;
    scene->ui.scale = scene->scale * 0.9f;
    if (shown >= 0) question(scene, &flow, shown);
    else first_paragraph(scene, &flow);
    scene->ui = ui;
    draw_unclip(scene->list);
    scene_clip_hits(scene->list, first, rect);
    return fminf(flow.y - rect.y, rect.h);
}

/* ---- the spotlight ---- */

void scene_spotlight(Scene *scene, int first_hit)
{
    const App *app = scene->app;
    const DrawList *list = scene->list;
    int lit = -1;
    if (!app->pointer_inside || app->shooting || app->panel != PANEL_NONE) return;
    for (int i = first_hit; i < list->hit_count; i++)
        if (list->hit[i].kind == HIT_PANEL && rect_contains(list->hit[i].rect, app->x, app->y)) lit = i;
    if (lit < 0) return;
    for (int i = first_hit; i < list->hit_count; i++)
        if (list->hit[i].kind == HIT_PANEL && i != lit)
            draw_rect(scene->list, list->hit[i].rect, CORNER, color_alpha(scene->theme->paper, 0.78f));
}

/* ---- notes ---- */

void scene_notes(Scene *scene, Rect rest)
{
    App *app = scene->app;
    Ui *ui = &scene->ui;
    if (!scene->step || app->shooting) return;
    const char *note = scene->step->note[scene->language];
    if (!note) note = app_word(app, WORD_NO_NOTES);
    float s = fmaxf(ui->scale, 1.15f), body = TYPE_BODY * s, small = TYPE_SMALL * s;
    float w = fminf(rest.w, 760 * s), inner = w - 2 * GAP_PANEL;
    TextSpan span = {.text = note, .font = FONT_TEXT, .size = body, .color = scene->theme->ink, .user = -1};
    TextLayout layout = text_layout(scene->list->arena, ui->metrics, &span, 1, inner, roundf(body * 1.45f));
    float h = fminf(layout.height + small * 1.6f + 2 * GAP_PANEL, rest.h);
    Rect box = {rest.x + (rest.w - w) / 2, rest.y + rest.h - h, w, h};
    ui_floating(ui, box);
    draw_clip(scene->list, box);
    draw_rect(scene->list, (Rect){box.x, box.y, 4, box.h}, 2, scene->theme->accent);
    Flow flow = {box.x + GAP_PANEL, box.y + GAP_PANEL, inner};
    flow_text(scene, &flow, FONT_STRONG, small, scene->theme->accent, app_word(app, WORD_NOTES));
    flow_text(scene, &flow, FONT_TEXT, body, scene->theme->ink, note);
    draw_unclip(scene->list);
}
