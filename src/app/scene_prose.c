/* scene_prose.c — the text column: title, paragraphs with live mathematics and links to tensors, controls, the question, details. */
#include <math.h>
#include <string.h>
#include "app/scene.h"

void flow_text(Scene *scene, Flow *flow, FontRole font, float size, Color color, const char *text)
{
    TextSpan span = {.text = text, .font = font, .size = size, .color = color, .user = -1};
    TextLayout layout =
        text_layout(scene->list->arena, scene->ui.metrics, &span, 1, flow->w, roundf(size * 1.45f));
    text_layout_draw(scene->list, scene->ui.metrics, &layout, &span, (Point){flow->x, flow->y}, HIT_TERM);
    flow->y += layout.height;
}

/* ---- equations ---- */

bool scene_equation(Scene *scene, const char *tex, float size, bool display, float max_width, Equation *out)
{
    Error error = {0};
    if (!equation_layout(scene->list->arena, scene->ui.metrics, tex, size, display, out, &error))
        return false;
    if (out->width <= max_width || out->width <= 0) return true;
    float smaller = fmaxf(TYPE_SMALL * 0.8f, size * max_width / out->width);
    return equation_layout(scene->list->arena, scene->ui.metrics, tex, smaller, display, out, &error);
}

static bool value_of(void *self, const char *name, ValueSource *out)
{
    return scene_value(self, name, out);
}

void scene_equation_draw(Scene *scene, const Equation *equation, Point at, Color ink)
{
    EquationStyle style = {.ink = ink,
                           .highlight = scene->theme->accent,
                           .highlight_fill = scene->theme->accent_soft,
                           .value = value_of,
                           .self = scene,
                           .hit_kind = HIT_NONE};
    int entry = scene_pointed_tensor(scene), first = scene->list->count;
    if (entry >= 0) style.highlighted = scene->trace->entry[entry].name;
    equation_draw(scene->list, equation, at, &style);
    for (int i = 0; i < equation->term_count; i++) {
        entry = scene_entry(scene->trace, equation->term[i].name);
        Rect box = equation->term[i].box;
        if (entry >= 0)
            draw_hit(scene->list, (Rect){at.x + box.x, at.y + box.y, box.w, box.h}, HIT_TERM, entry, 0);
    }
    scene_number_hits(scene, first, true);
}

/* The equation as a whole can be chosen, to copy its text. */
static void equation_of_text(Scene *scene, const Equation *equation, Point at, Color ink, int block, int span)
{
    const HitArea *chosen = &scene->app->selected, *hover = &scene->app->hover;
    Rect box = {at.x - 4, at.y - equation->ascent - 3, equation->width + 8,
                equation->ascent + equation->descent + 6};
    if (chosen->kind == HIT_EQUATION && chosen->a == block && chosen->b == span)
        draw_border(scene->list, box, 5, scene->theme->accent, 1.5f);
    else if (hover->kind == HIT_EQUATION && hover->a == block && hover->b == span)
        draw_border(scene->list, box, 5, scene->theme->hairline, 1);
    draw_hit(scene->list, box, HIT_EQUATION, block, span);
    scene_equation_draw(scene, equation, at, ink);
}

static void display_equation(Scene *scene, Flow *flow, const char *tex, int block)
{
    Equation equation;
    float size = (TYPE_BODY + 3) * scene->ui.scale;
    if (!scene_equation(scene, tex, size, true, flow->w, &equation)) {
        flow_text(scene, flow, FONT_MONO, TYPE_SMALL * scene->ui.scale, scene->theme->bad, tex);
        return;
    }
    flow->y += 6;
    Point at = {flow->x + fmaxf(0, (flow->w - equation.width) / 2), flow->y + equation.ascent};
    equation_of_text(scene, &equation, at, scene->theme->ink, block, 0);
    flow->y += equation.ascent + equation.descent + 6;
}

/* ---- paragraphs ---- */

static TextSpan styled(Scene *scene, const Span *span, float size)
{
    TextSpan out = {
        .text = span->text, .font = FONT_TEXT, .size = size, .color = scene->theme->ink, .user = -1};
    if (span->kind == SPAN_STRONG || span->kind == SPAN_EMPHASIS) out.font = FONT_STRONG;
    if (span->kind == SPAN_CODE) {
        out.font = FONT_MONO;
        out.size = fmaxf(TYPE_SMALL * scene->ui.scale, size * 0.93f);
    }
    if (span->link && strncmp(span->link, "http", 4) != 0) {
        out.user = scene_entry(scene->trace, span->link);
        out.link = span->link;
        out.color = scene->theme->accent;
    }
    return out;
}

void scene_paragraph(Scene *scene, Flow *flow, const Block *block, int index)
{
    Arena *arena = scene->list->arena;
    float size = (block->kind == BLOCK_CODE ? TYPE_SMALL : TYPE_BODY) * scene->ui.scale, indent = 0;
    if (block->kind == BLOCK_ITEM || block->kind == BLOCK_QUOTE) indent = 18 * scene->ui.scale;
    TextSpan *span = arena_array(arena, TextSpan, (size_t)block->span_count + 1);
    Equation *equation = arena_array(arena, Equation, (size_t)block->span_count + 1);
    for (int i = 0; i < block->span_count; i++) {
        span[i] = styled(scene, &block->span[i], size);
        if (block->kind == BLOCK_CODE) span[i].font = FONT_MONO;
        if (block->kind == BLOCK_QUOTE && span[i].user < 0) span[i].color = scene->theme->quiet;
        if (block->span[i].kind != SPAN_MATH) continue;
        if (!scene_equation(scene, block->span[i].text, size * 1.08f, false, flow->w - indent, &equation[i]))
            continue;
        span[i].inline_width = equation[i].width;
        span[i].inline_ascent = equation[i].ascent;
        span[i].inline_descent = equation[i].descent;
        span[i].text = equation[i].reading ? equation[i].reading : "";
    }
    TextLayout layout =
        text_layout(arena, scene->ui.metrics, span, block->span_count, flow->w - indent, roundf(size * 1.5f));
    Point origin = {flow->x + indent, flow->y};
    int pointed = scene_pointed_tensor(scene);
    for (int i = 0; i < layout.count && pointed >= 0; i++) {
        /* Lit from behind: other type would move the words. */
        const TextPiece *piece = &layout.piece[i];
        if (span[piece->span].user != pointed) continue;
        Rect box = {origin.x + piece->x - 2, origin.y + piece->y - size, piece->width + 4, size * 1.32f};
        draw_rect(scene->list, box, 3, scene->theme->accent_soft);
    }
    text_layout_draw(scene->list, scene->ui.metrics, &layout, span, origin, HIT_TERM);
    for (int i = 0; i < layout.count; i++) {
        const TextPiece *piece = &layout.piece[i];
        Point at = {origin.x + piece->x, origin.y + piece->y};
        if (span[piece->span].inline_width > 0)
            equation_of_text(scene, &equation[piece->span], at, span[piece->span].color, index, piece->span);
    }
    if (block->kind == BLOCK_ITEM)
        draw_circle(scene->list, (Point){flow->x + 6, flow->y + size * 0.75f}, 2.5f * scene->ui.scale,
                    scene->theme->quiet, (Color){0}, 0);
    if (block->kind == BLOCK_QUOTE)
        draw_rect(scene->list, (Rect){flow->x + 4, flow->y, 3, layout.height}, 1.5f, scene->theme->hairline);
    flow->y += layout.height;
}

/* Blocks from `from` up to `end`. */
static void blocks(Scene *scene, Flow *flow, int from, int end)
{
    const Step *step = scene->step;
    for (int i = from; i < end; i++) {
        const Block *block = &step->block[scene->language][i];
        if (block->kind == BLOCK_EQUATION)
            display_equation(scene, flow, block->span_count ? block->span[0].text : "", i);
        else scene_paragraph(scene, flow, block, i);
        flow->y += block->kind == BLOCK_ITEM ? 4 : 10;
    }
}

/* Where the details begin: at the first quote. */
static int lead_end(const Scene *scene)
{
    const Step *step = scene->step;
    int i = 0, count = step->block_count[scene->language];
    while (i < count && step->block[scene->language][i].kind != BLOCK_QUOTE) i++;
    return i;
}

/* Returns where the one that was answered last begins, or the end of all. */
static float questions(Scene *scene, Flow *flow)
{
    int open = play_open_question(scene->app);
    float answer = -1;
    for (int i = 0; i < scene->step->question_count; i++) {
        bool answered = play_answer(scene->app, scene->app->step, i) >= 0;
        float y = flow->y;
        if ((answered || i == open) && scene_question(scene, flow, i) && answered) answer = y;
    }
    return answer >= 0 ? answer : flow->y;
}

static void title(Scene *scene, Flow *flow)
{
    flow_text(scene, flow, FONT_STRONG, TYPE_TITLE * scene->ui.scale, scene->theme->ink,
              scene->step->title[scene->language]);
    flow->y += GAP;
}

/* What to do stands before what may be read. `answer`: from where to where the last answer reaches, with the next
 * question. Returns the height of it all. */
static float column(Scene *scene, Rect rect, float answer[2])
{
    float top = rect.y - scene->app->text_scroll, wide = 640 * scene->ui.scale;
    Flow flow = {rect.x, top, fminf(rect.w - GAP, wide)};
    int lead = lead_end(scene), count = scene->step->block_count[scene->language];
    draw_clip(scene->list, (Rect){rect.x - 4, rect.y, rect.w + 8, rect.h});
    title(scene, &flow);
    blocks(scene, &flow, 0, lead);
    if (!scene->controls_apart) scene_controls(scene, &flow);
    answer[0] = scene->question_apart ? flow.y - top : questions(scene, &flow) - top;
    answer[1] = flow.y - top;
    if (lead < count) flow.y += GAP_HALF;
    blocks(scene, &flow, lead, count);
    draw_unclip(scene->list);
    return flow.y - top;
}

void scene_prose(Scene *scene, Rect rect)
{
    App *app = scene->app;
    if (!scene->step) return;
    int first_hit = scene->list->hit_count, first = scene->list->count;
    float answer[2], before = app->text_scroll;
    app->text_height = column(scene, rect, answer);
    float most = fmaxf(0, app->text_height - rect.h);
    if (app->text_follow && !scene->question_apart)
        app->text_scroll = fmaxf(before, fminf(answer[1] - rect.h, answer[0]));
    app->text_follow = false;
    app->text_scroll = fmaxf(0, fminf(app->text_scroll, most));
    if (app->text_scroll != before) {
        scene->list->count = first;
        scene->list->hit_count = first_hit;
        column(scene, rect, answer);
    }
    scene_follow_focus(scene, first_hit, rect, &app->text_scroll);
    scene_clip_hits(scene->list, first_hit, (Rect){rect.x - 4, rect.y, rect.w + 8, rect.h});
    app->text_room = rect.h;
    app->text_scroll = fmaxf(0, fminf(app->text_scroll, most));
    ui_scroll_bar(&scene->ui, (Rect){rect.x, rect.y, rect.w + 6, rect.h}, app->text_scroll, app->text_height);
}
