/* scene_pictures.c — where a step's views go: one large above, the others below it; and what a view is given. */
#include <math.h>
#include <string.h>
#include "app/scene.h"
#include "trace/alignment.h"

bool scene_resolve(const App *app, const Show *show, const ViewKind **kind, int *entry, Error *error)
{
    const Trace *trace = session_trace(&app->session);
    *kind = view_find(show->view);
    *entry = -1;
    if (!*kind) return error_set(error, EXIT_INPUT, "there is no view called %s", QUOTED(show->view));
    /* The usual large picture: of a model with layers of heads, all of them. */
    Alignment usual = !show->entry && trace ? trace_alignment(trace) : (Alignment){-1, -1};
    if (usual.entry >= 0 && trace->entry[usual.entry].rank > 2 && !strcmp(show->view, "encoder-decoder"))
        *kind = view_find("heads");
    const char *name = show->entry ? show->entry : (*kind)->default_entry;
    if (!name) return true;
    *entry = scene_entry(trace, name);
    /* The usual heatmap is that of the attention over the source, whatever the model calls it. */
    if (*entry < 0 && usual.entry >= 0 && !strcmp(show->view, "heatmap"))
        *entry = alignment_drawn(trace, usual).entry;
    if (*entry >= 0 || (!show->entry && trace)) return true;
    const Beside *beside = session_beside_of(&app->session, name);
    if (beside && beside->error.code) {
        *error = beside->error;
        return false;
    }
    error_set(error, EXIT_INPUT, "view %s shows %s, which the run does not hold", show->view, QUOTED(name));
    return error_add(error, "do", "attnscope trace lists what the model records");
}

static int slot_of(const Show *show)
{
    static const char *const name[SLOT_COUNT] = {"main", "left", "right"};
    for (int i = 0; show->slot && i < SLOT_COUNT; i++)
        if (strcmp(show->slot, name[i]) == 0) return i;
    return -1;
}

/* Shows by slot; those that name none (or "bottom") take the next free one. */
static void assign(const Step *step, const Show *at[SLOT_COUNT])
{
    for (int i = 0; i < step->show_count; i++) {
        int slot = slot_of(&step->show[i]);
        if (slot >= 0 && !at[slot]) at[slot] = &step->show[i];
    }
    for (int i = 0; i < step->show_count; i++) {
        const Show *show = &step->show[i];
        bool placed = false;
        for (int slot = 0; slot < SLOT_COUNT; slot++) placed |= at[slot] == show;
        bool low = show->slot && strcmp(show->slot, "bottom") == 0;
        for (int slot = low ? SLOT_LEFT : SLOT_MAIN; !placed && slot < SLOT_COUNT; slot++)
            if (!at[slot]) {
                at[slot] = show;
                placed = true;
            }
    }
}

/* Type in a picture grows as the learner wishes, but no further than the picture has room for it. */
static float type_scale(const Scene *scene, Rect rect, int slot)
{
    static const float least = 0.8f;
    static const float need[SLOT_COUNT][2] = {
        [SLOT_MAIN] = {600, 225}, [SLOT_LEFT] = {490, 200}, [SLOT_RIGHT] = {240, 150}};
    return fminf(scene->scale, fmaxf(least, fminf(rect.w / need[slot][0], rect.h / need[slot][1])));
}

/* Models that learned made-up sentences are called toy-…, whatever folder they are in. */
static bool names_toy(const char *names)
{
    for (const char *at = names; at; at = strpbrk(at, ",/")) {
        at += strspn(at, ",/");
        if (strncmp(at, "toy-", 4) == 0) return true;
    }
    return false;
}

static bool is_toy(const Scene *scene, const Show *show)
{
    const Beside *beside = show->entry ? session_beside_of(&scene->app->session, show->entry) : NULL;
    if (!beside || strcmp(beside->spec->what, "main") == 0)
        return scene->lesson && names_toy(scene->lesson->model);
    const ExperimentKind *experiment = experiment_find(beside->spec->what);
    bool toy = experiment ? experiment->toy : names_toy(beside->spec->what);
    for (int i = 0; i < beside->spec->option_count; i++)
        toy |=
            strncmp(beside->spec->option[i].key, "model", 5) == 0 && names_toy(beside->spec->option[i].value);
    return toy;
}

/* What is about made-up data says so on the picture itself, so also in front of a class and in what is saved. */
static void toy_mark(Scene *scene, Rect *inside, float type)
{
    float size = TYPE_SMALL * type;
    Rect line = rect_cut_bottom(inside, roundf(size * 1.4f));
    ui_label(&scene->ui, line, ALIGN_LEFT, FONT_TEXT, size, scene->theme->accent,
             app_word(scene->app, WORD_TOY));
}

static void picture(Scene *scene, const Show *show, Rect rect, int slot)
{
    App *app = scene->app;
    ui_surface(&scene->ui, rect);
    draw_hit(scene->list, rect, HIT_PANEL, slot, 0);
    const ViewKind *kind = NULL;
    int entry = -1;
    Error error = {0};
    bool ok = scene_resolve(app, show, &kind, &entry, &error);
    ViewOption *option = arena_array(scene->list->arena, ViewOption, (size_t)show->option_count + 1);
    int options = show->option_count;
    for (int i = 0; i < options; i++)
        option[i] =
            (ViewOption){show->option[i].key, edit_option(scene->list->arena, &app->session.edit,
                                                          scene->lesson, show->option[i].value, NULL)};
    Rect inside = rect_inset(rect, GAP_PANEL);
    float type = type_scale(scene, rect, slot);
    if (ok && scene->trace && is_toy(scene, show)) toy_mark(scene, &inside, type);
    Alignment drawn =
        scene->trace ? alignment_drawn(scene->trace, trace_alignment(scene->trace)) : (Alignment){-1, -1};
    if (!show->entry && entry >= 0 && entry == drawn.entry && drawn.head >= 0 && !options)
        option[options++] = (ViewOption){"head", arena_format(scene->list->arena, "%d", drawn.head)};
    ViewInput in = {.trace = scene->trace,
                    .original = scene->original,
                    .entry = entry,
                    .rect = inside,
                    .moment = scene->moment,
                    .progress = scene->progress,
                    .hover = app->panel == PANEL_NONE ? app->hover : (HitArea){.kind = HIT_NONE},
                    .selected = app->selected,
                    .option = option,
                    .option_count = options,
                    .theme = scene->theme,
                    .language = scene->language,
                    .metrics = scene->ui.metrics,
                    .type_scale = type,
                    .words = app->words,
                    .window = app->window[slot]};
    if (app->drag.changing) in.hover = app->drag.hit;
    int first = scene->list->count;
    draw_clip(scene->list, rect);
    if (!ok) view_empty(&in, scene->list, error.text, error.text);
    else if (scene->trace) kind->draw(&in, scene->list);
    draw_unclip(scene->list);
    scene_number_hits(scene, first, false);
    if (show->entry) scene_computing(scene, session_beside_of(&app->session, show->entry), rect);
}

const Show *scene_show_of_slot(const Step *step, int slot)
{
    const Show *at[SLOT_COUNT] = {0};
    if (!step || slot < 0 || slot >= SLOT_COUNT) return NULL;
    assign(step, at);
    return at[slot];
}

void scene_picture_of_slot(Scene *scene, int slot, Rect rect)
{
    const Show *show = scene_show_of_slot(scene->step, slot);
    if (show) picture(scene, show, rect, slot);
}

/* Why there are no numbers: a sentence, and the refusal's own words below it. */
static void missing(Scene *scene, Rect rect)
{
    ui_surface(&scene->ui, rect);
    float w = fminf(rect.w - 2 * GAP_BETWEEN, 560 * scene->ui.scale);
    Flow flow = {rect.x + (rect.w - w) / 2, rect.y + rect.h * 0.28f, w};
    draw_clip(scene->list, rect);
    flow_text(scene, &flow, FONT_STRONG, TYPE_LARGE * scene->ui.scale, scene->theme->ink,
              app_word(scene->app, WORD_NO_MODEL));
    flow.y += GAP;
    for (const char *line = scene->app->engine_error.text; *line;) {
        size_t size = strcspn(line, "\n");
        const char *text = arena_string_sized(scene->list->arena, line, size);
        flow_text(scene, &flow, FONT_TEXT, TYPE_BODY * scene->ui.scale, scene->theme->quiet,
                  text + strspn(text, " "));
        line += size + (line[size] == '\n');
    }
    draw_unclip(scene->list);
}

/* One above, two below it; a pair stands side by side where the room is low. */
static void place_wide(const Show *const at[SLOT_COUNT], Rect rect, ScenePlaces *out)
{
    static const float lowest_pair = 330;
    float gap = rect.h < 560 ? 12 : GAP_PANEL;
    bool left = at[SLOT_LEFT], right = at[SLOT_RIGHT];
    if (at[SLOT_MAIN] && left != right && rect.h < lowest_pair) {
        out->slot[SLOT_MAIN] = rect_cut_left(&rect, roundf((rect.w - gap) / 2));
        rect_cut_left(&rect, gap);
    } else if (at[SLOT_MAIN]) {
        out->slot[SLOT_MAIN] = left || right ? rect_cut_top(&rect, roundf((rect.h - gap) * 0.56f)) : rect;
        rect_cut_top(&rect, gap);
    }
    if (left && right) {
        out->slot[SLOT_LEFT] = rect_cut_left(&rect, roundf((rect.w - gap) * 0.6f));
        rect_cut_left(&rect, gap);
        out->slot[SLOT_RIGHT] = rect;
    } else {
        out->slot[left ? SLOT_LEFT : SLOT_RIGHT] = rect;
    }
}

/* With an open question beside the text there is room for two pictures: the one that shows what is asked gives way. */
static void give_way(const Scene *scene, int question, const Show *at[SLOT_COUNT])
{
    const char *asked = scene->step->question[question].entry;
    for (int slot = SLOT_LEFT; slot < SLOT_COUNT; slot++)
        if (at[slot] && at[slot]->entry && asked && !strcmp(at[slot]->entry, asked)) at[slot] = NULL;
    if (at[SLOT_LEFT]) at[SLOT_RIGHT] = NULL;
}

/* No room for a column of text: it takes the place of a picture. Two rows; the text stands in the lower one, and beside
 * it the question, as long as it is open; with one picture for good, and where a step has none its controls. */
static void place_narrow(const Scene *scene, const Show *const shown[SLOT_COUNT], Rect rect, ScenePlaces *out)
{
    static const float gap = 12, upper = 0.45f, upper_alone = 0.58f, upper_asking = 0.5f, beside = 0.7f;
    const Show *at[SLOT_COUNT] = {shown[SLOT_MAIN], shown[SLOT_LEFT], shown[SLOT_RIGHT]};
    bool alone = !at[SLOT_LEFT] && !at[SLOT_RIGHT];
    if (!at[SLOT_MAIN] && alone) {
        out->text = rect;
        return;
    }
    int question = alone ? scene_question_beside(scene->app) : play_open_question(scene->app);
    bool sets = alone && !scene->step->question_count && scene_has_controls(scene);
    if (question >= 0) give_way(scene, question, at);
    bool left = at[SLOT_LEFT], right = at[SLOT_RIGHT], pair = question >= 0 && (left || right);
    float share = pair || (alone && question >= 0) ? upper_asking : alone ? upper_alone : upper;
    out->text = rect_cut_bottom(&rect, roundf((rect.h - gap) * (1 - share)));
    rect_cut_bottom(&rect, gap);
    if (at[SLOT_MAIN] && (pair || (left && right))) {
        out->slot[SLOT_MAIN] = rect_cut_left(&rect, roundf((rect.w - gap) * (pair ? 0.5f : beside)));
        rect_cut_left(&rect, gap);
        out->slot[right ? SLOT_RIGHT : SLOT_LEFT] = rect;
        right = false;
    } else {
        out->slot[SLOT_MAIN] = rect;
    }
    Rect row = out->text;
    float of_text = alone ? 0.5f : fminf(0.5f, 0.34f + 0.1f * scene->scale);
    if (question < 0 && !sets && !left && !right) return;
    out->text = rect_cut_left(&row, roundf((row.w - gap) * of_text));
    rect_cut_left(&row, gap);
    if (question >= 0 || sets) out->beside = row;
    else out->slot[left ? SLOT_LEFT : SLOT_RIGHT] = row;
}

/* The one view that was asked to be large, -1 = all of them share the room. */
static int large_slot(const Scene *scene, const Show *const at[SLOT_COUNT])
{
    int slot = scene->app->large_view - 1;
    return slot >= 0 && slot < SLOT_COUNT && at[slot] ? slot : -1;
}

void scene_places(const Scene *scene, Rect rect, bool narrow, ScenePlaces *out)
{
    const Show *at[SLOT_COUNT] = {0};
    *out = (ScenePlaces){.all = rect};
    if (scene->step && scene->trace) assign(scene->step, at);
    else at[SLOT_MAIN] = &(const Show){0};
    int large = large_slot(scene, at);
    const Show *one[SLOT_COUNT] = {[SLOT_MAIN] = large >= 0 ? at[large] : NULL};
    const Show *const *shown = large >= 0 ? one : at;
    if (narrow) place_narrow(scene, shown, rect, out);
    else place_wide(shown, rect, out);
    if (large >= 0) out->slot[large] = out->slot[SLOT_MAIN];
    if (narrow && out->text.h < rect.h) rect_cut_bottom(&out->all, out->text.h + GAP);
}

void scene_pictures(Scene *scene, const ScenePlaces *places)
{
    const Show *at[SLOT_COUNT] = {0};
    Rect rect = places->all;
    if (!scene->step) {
        ui_surface(&scene->ui, rect);
        ui_label(&scene->ui, rect, ALIGN_CENTER, FONT_TEXT, TYPE_BODY * scene->ui.scale, scene->theme->quiet,
                 app_word(scene->app, WORD_LESSON_HAS_NO_STEPS));
        return;
    }
    if (!scene->trace) {
        missing(scene, rect);
        return;
    }
    assign(scene->step, at);
    int large = large_slot(scene, at);
    for (int slot = 0; slot < SLOT_COUNT; slot++)
        if (at[slot] && places->slot[slot].h > 0 && (large < 0 || large == slot))
            picture(scene, at[slot], places->slot[slot], slot);
}
