/* input.c — events become commands: hover, clicks, drags, keys, typing. */
#include <limits.h>
#include <math.h>
#include <string.h>
#include "app/action_numbers.h"
#include "app/actions.h"
#include "app/branch.h"
#include "app/controls.h"
#include "app/scene.h"
#include "app/whatif.h"
#include "app/zoom.h"

void app_find_hover(App *app)
{
    app->hover = (HitArea){.kind = HIT_NONE};
    if (!app->pointer_inside) return;
    for (int i = app->hit_count - 1; i >= 0; i--)
        if (rect_contains(app->hit[i].rect, app->x, app->y)) {
            app->hover = app->hit[i];
            return;
        }
}

/* ---- the text box ---- */

static void text_changed(App *app)
{
    Error error = {0};
    bool cut = app->box.cut;
    app->box.cut = false;
    if (app->open == HOME) {
        search_set(app, app->box.text);
        return;
    }
    app_run_text(app, app->edited_control, app->box.text, &error);
    app_notice_error(app, &error);
    if (cut) app_notice(app, app_word(app, WORD_SENTENCE_CUT), TEXT_BOX_CAP);
}

/* As it was drawn. */
static Ui box_ui(App *app)
{
    Ui ui = scene_ui(app, NULL);
    ui.scale = app->box_scale;
    return ui;
}

static void compose(App *app, const AppEvent *event)
{
    if (!app->editing) return;
    size_t size = app->box.size;
    text_box_compose(&app->box, event->text ? event->text : "", event->clause_start, event->clause_length);
    if (app->box.size != size) text_changed(app); /* it took the place of what was selected */
}

static void commit_text(App *app)
{
    text_box_settle(&app->box);
    if (text_box_repair(&app->box)) text_changed(app);
    app->editing = false;
    if (app->open == HOME) return;
    session_settle(&app->session);
    app_remember_sentence(app, app->box.text);
}

static void paste(App *app)
{
    char *text = app->options.host.clipboard_get
                     ? app->options.host.clipboard_get(app->options.host.self, &app->note)
                     : NULL;
    if (text && *text) {
        text_box_insert(&app->box, text, strlen(text));
        text_changed(app);
    } else {
        app_notice(app, "%s", app_word(app, WORD_EMPTY_CLIPBOARD));
    }
    arena_reset(&app->note);
}

static void copy_selection(App *app, bool cut)
{
    size_t size;
    const char *text = text_box_selection(&app->box, &size);
    if (!size || !app->options.host.clipboard_set) return;
    app->options.host.clipboard_set(app->options.host.self, arena_string_sized(&app->note, text, size));
    arena_reset(&app->note);
    if (cut && text_box_edit(&app->box, EDIT_DELETE, false)) text_changed(app);
}

/* True when the box has used the key. */
static bool box_key(App *app, const AppEvent *event)
{
    bool ctrl = event->modifiers & MOD_CTRL, shift = event->modifiers & MOD_SHIFT;
    static const struct {
        int key;
        TextEdit plain, word;
    } moves[] = {{KEY_LEFT, EDIT_LEFT, EDIT_WORD_LEFT},
                 {KEY_RIGHT, EDIT_RIGHT, EDIT_WORD_RIGHT},
                 {KEY_HOME, EDIT_START, EDIT_START},
                 {KEY_END, EDIT_END, EDIT_END},
                 {KEY_UP, EDIT_START, EDIT_START},
                 {KEY_DOWN, EDIT_END, EDIT_END},
                 {KEY_BACKSPACE, EDIT_BACKSPACE, EDIT_WORD_BACKSPACE},
                 {KEY_DELETE, EDIT_DELETE, EDIT_WORD_DELETE}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (event->key == moves[i].key) {
            if (text_box_edit(&app->box, ctrl ? moves[i].word : moves[i].plain, shift)) text_changed(app);
            return true;
        }
    if (event->key == KEY_ENTER) {
        commit_text(app);
        if (app->open == HOME) search_open_first(app);
        return true;
    }
    if (event->key == KEY_PAGE_UP || event->key == KEY_PAGE_DOWN) return true;
    if (event->key == KEY_TAB || event->key == KEY_F1 || event->key == KEY_F10 || event->key == KEY_MENU) {
        commit_text(app); /* what these open or reach is not the box */
        return false;
    }
    if (!ctrl) return event->key < KEY_FIRST_NAMED; /* letters arrive as text */
    if (event->key == 'v') paste(app);
    else if (event->key == 'c') copy_selection(app, false);
    else if (event->key == 'x') copy_selection(app, true);
    else if (event->key == 'a') text_box_edit(&app->box, EDIT_ALL, false);
    else if (event->key == 'y' || event->key == 'z') {
        bool back = event->key == 'z' && !shift;
        if (text_box_edit(&app->box, back ? EDIT_UNDO : EDIT_REDO, false)) text_changed(app);
    } else return false;
    return true;
}

/* ---- keys ---- */

/* The card of a number: pages, and back to the number before. */
static bool card_key(App *app, int code)
{
    int by = code == KEY_UP || code == KEY_PAGE_UP       ? -1
             : code == KEY_DOWN || code == KEY_PAGE_DOWN ? 1
             : code == KEY_HOME                          ? -(1 << 20)
             : code == KEY_END                           ? 1 << 20
                                                         : 0;
    if (by) turn_page(app, by);
    else if (code == KEY_BACKSPACE || (code == KEY_ESCAPE && app->explain_count > 1)) do_explain_back(app, 0);
    else return false;
    return true;
}

static bool panel_key(App *app, const AppEvent *event)
{
    static const struct {
        int key;
        float by;
    } scroll[] = {{KEY_UP, -40},        {KEY_DOWN, 40},    {KEY_PAGE_UP, -320},
                  {KEY_PAGE_DOWN, 320}, {KEY_HOME, -1e6f}, {KEY_END, 1e6f}};
    bool choosing = app->panel == PANEL_MENU || app->panel == PANEL_WORDS || app->panel == PANEL_EXPORT ||
                    app->panel == PANEL_EXAMPLES || app->panel == PANEL_HELP;
    if (event->modifiers) return false;
    if (app->panel == PANEL_EXPLAIN && card_key(app, event->key)) return true;
    if (choosing && (event->key == KEY_UP || event->key == KEY_DOWN)) {
        move_focus(app, event->key == KEY_UP ? -1 : 1);
        return true;
    }
    for (size_t i = 0; i < sizeof scroll / sizeof *scroll; i++)
        if (event->key == scroll[i].key) {
            app->panel_scroll = fmaxf(0, app->panel_scroll + scroll[i].by);
            return true;
        }
    return event->key == ' '; /* nothing moves behind an open panel */
}

/* A command pressed in the help is seen at work; what is a setting may be pressed again and again. */
static void run_control(App *app, int command, int64_t argument)
{
    static const int settings[] = {ACT_LANGUAGE, ACT_THEME, ACT_BIGGER, ACT_SMALLER, ACT_USUAL_SIZE,
                                   ACT_MOTION,   ACT_SLOW,  ACT_WORDS,  ACT_HELP,    ACT_CLOSE};
    bool stays = app->panel != PANEL_HELP;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) stays |= settings[i] == command;
    if (!stays) app->panel = PANEL_NONE;
    action_run(app, command, argument);
}

/* What a click on it does, or Enter when it has the focus. */
static void run_hit(App *app, HitArea hit)
{
    if (hit.kind == UI_CONTROL) {
        run_control(app, hit.a, hit.b);
    } else if (hit.kind == HIT_POINT) {
        app->selected = hit;
    } else if (hit.kind == HIT_CELL) {
        app->selected = hit;
        explain_open(app, (NumberPlace){.entry = hit.a, .index = hit.b});
    } else if (hit.kind == HIT_EQUATION) {
        app->selected = hit;
    } else if (hit.kind == HIT_NUMBER) {
        explain_open(app, number_unpack(hit.b));
    } else if (hit.kind == HIT_WORD) {
        app->selected = hit;
        action_run(app, ACT_FORCE_THIS, 0);
    } else if (hit.kind == HIT_BRANCH) {
        branch_continue(app, &hit);
    } else if (hit.kind == HIT_TERM) {
        const Trace *trace = session_trace(&app->session);
        Moment moment = play_moment(app, app->step, app->tick);
        if (!trace || hit.a < 0 || hit.a >= trace->entry_count || !trace_count(&trace->entry[hit.a])) return;
        const TraceEntry *entry = &trace->entry[hit.a];
        int along = trace_row_axis(entry), rows = entry->rank ? entry->dim[along] : 0;
        int row = moment.row < rows ? moment.row : rows - 1;
        bool by_target = entry->rank && entry->axis[along] == AXIS_TARGET;
        int64_t index = by_target ? row * (along ? entry->dim[2] : (int64_t)trace_row_count(entry)) : 0;
        explain_open(app, (NumberPlace){.entry = hit.a, .index = index});
    } else if (app->panel == PANEL_NONE && hit.kind != UI_NOTHING) {
        app->selected = (HitArea){.kind = HIT_NONE};
    }
}

/* Enter. A point is chosen already: it is explained like any number. */
static bool focus_key(App *app)
{
    if (app->focus_command >= 0) {
        run_control(app, app->focus_command, app->focus_argument);
        return true;
    }
    for (int i = 0; i < app->hit_count; i++) {
        HitArea hit = app->hit[i];
        if (hit.kind == HIT_POINT || !has_focus(app, &hit)) continue;
        run_hit(app, hit);
        return true;
    }
    return false;
}

/* Arrows belong to the slider that has the focus. */
static bool slider_key(App *app, int code)
{
    static const struct {
        int key, by;
    } steps[] = {{KEY_LEFT, -1}, {KEY_DOWN, -1},      {KEY_RIGHT, 1},
                 {KEY_UP, 1},    {KEY_HOME, INT_MIN}, {KEY_END, INT_MAX}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (code == steps[i].key) return control_step(app, steps[i].by);
    return false;
}

/* Arrows move the chosen point. */
static bool point_key(App *app, int code)
{
    static const struct {
        int key, x, y;
    } steps[] = {{KEY_LEFT, -1, 0}, {KEY_RIGHT, 1, 0}, {KEY_DOWN, 0, -1}, {KEY_UP, 0, 1}};
    if (!whatif_can_move(app, &app->selected)) return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (code == steps[i].key) {
            whatif_step(app, steps[i].x, steps[i].y);
            return true;
        }
    return false;
}

static void key(App *app, const AppEvent *event)
{
    if (app->blank) {
        app->blank = false;
        return;
    }
    if (app->editing && box_key(app, event)) return;
    if (app->panel != PANEL_NONE && panel_key(app, event)) return;
    if (app->panel == PANEL_NONE && !event->modifiers && slider_key(app, event->key)) return;
    if (app->panel == PANEL_NONE && !event->modifiers && point_key(app, event->key)) return;
    if (event->key == KEY_ENTER && !event->modifiers && app->focused && focus_key(app)) return;
    if (event->key >= '1' && event->key <= '9' && !event->modifiers) {
        action_run(app, ACT_ANSWER, event->key - '1');
        return;
    }
    if (event->key == 'n' && !event->modifiers &&
        app->presenter) { /* nobody forces words in front of a class */
        action_run(app, ACT_NOTES, 0);
        return;
    }
    char chord[32];
    action_run(app, action_of_chord(chord_name(event->key, event->modifiers, chord)), 0);
}

/* ---- the pointer ---- */

static void press(App *app, const AppEvent *event)
{
    if (app->blank) {
        app->blank = false;
        return;
    }
    app->focused = false;
    app_find_hover(app);
    if (event->button == BUTTON_RIGHT) {
        if (app->panel == PANEL_MENU) app->panel = PANEL_NONE;
        else if (app->panel == PANEL_NONE) menu_at_pointer(app);
        return;
    }
    if (event->button != BUTTON_LEFT) return;
    if (app->editing && !rect_contains(app->box_rect, app->x, app->y)) commit_text(app);
    app->drag.down = true;
    app->drag.moved = false;
    app->drag.hit = app->hover;
    app->drag.x = app->x;
    app->drag.y = app->y;
    if (app->editing && app->hover.kind == UI_CONTROL && app->hover.a == ACT_TEXT_BOX) {
        Ui ui = box_ui(app);
        text_box_click(&app->box, &ui, app->box_rect, app->x, event->clicks, event->modifiers & MOD_SHIFT);
    }
    if (whatif_can_drag(app, &app->hover)) whatif_press(app, &app->hover);
    if (control_is_slider(app, &app->hover)) control_drag(app, &app->drag.hit, app->x, true);
    app->drag.sliding = control_is_slider(app, &app->drag.hit);
}

static bool on_timeline(const App *app, const HitArea *hit)
{
    return hit->kind == UI_CONTROL && hit->a == ACT_STEP && app->timeline.w > 0;
}

static void motion(App *app, const AppEvent *event)
{
    app->x = event->x;
    app->y = event->y;
    app->pointer_inside = true;
    Drag *drag = &app->drag;
    if (!drag->down) {
        app_find_hover(app);
        return;
    }
    float dy = app->y - drag->y, dx = app->x - drag->x;
    if (drag->sliding) {
        control_drag(app, &drag->hit, app->x, false);
        return;
    }
    if (fabsf(dy) + fabsf(dx) > 4) drag->moved = true;
    if (app->editing && drag->hit.kind == UI_CONTROL && drag->hit.a == ACT_TEXT_BOX) {
        Ui ui = box_ui(app);
        if (drag->moved) text_box_click(&app->box, &ui, app->box_rect, app->x, 1, true);
    } else if (on_timeline(app, &drag->hit)) {
        if (drag->moved) timeline_scrub(app, app->x);
    } else if (whatif_can_move(app, &drag->hit)) {
        if (drag->moved) whatif_move(app, dx, dy);
    } else if (drag->changing || (fabsf(dy) > 4 && whatif_can_drag(app, &drag->hit))) {
        whatif_drag(app, dy);
    }
}

static void release(App *app)
{
    Drag *drag = &app->drag;
    bool click = drag->down && !drag->moved && !drag->changing;
    HitArea hit = drag->hit;
    drag->down = false;
    if (drag->sliding) session_settle(&app->session);
    drag->sliding = false;
    if (drag->changing) whatif_release(app);
    app_find_hover(app);
    if (!click || app->hover.kind != hit.kind || app->hover.a != hit.a || app->hover.b != hit.b) return;
    if (on_timeline(app, &hit) && fabsf(app->x - hit.rect.x - hit.rect.w / 2) > 10)
        timeline_scrub(app, app->x); /* between two marks: the tick there */
    else run_hit(app, hit);
}

static void wheel(App *app, const AppEvent *event)
{
    float by = -event->wheel * 48;
    if (app->panel == PANEL_EXPLAIN) turn_page(app, by > 0 ? 1 : by < 0 ? -1 : 0);
    else if (app->panel != PANEL_NONE) app->panel_scroll = fmaxf(0, app->panel_scroll + by);
    else if (!zoom_wheel(app, event)) app_scroll_text(app, -event->wheel);
}

void app_event(App *app, const AppEvent *event)
{
    switch (event->kind) {
    case APP_KEY: key(app, event); break;
    case APP_TEXT:
        if (!app->editing || !event->text || !*event->text) break;
        text_box_insert(&app->box, event->text, strlen(event->text));
        text_changed(app);
        break;
    case APP_COMPOSE: compose(app, event); break;
    case APP_MOTION: motion(app, event); break;
    case APP_PRESS:
        motion(app, &(AppEvent){.kind = APP_MOTION, .x = event->x, .y = event->y});
        press(app, event);
        break;
    case APP_RELEASE:
        if (event->button == BUTTON_LEFT) release(app);
        break;
    case APP_WHEEL: wheel(app, event); break;
    case APP_LEAVE:
        app->pointer_inside = false;
        app_find_hover(app);
        break;
    case APP_RESIZE:
        if (event->x < 1 || event->y < 1 || app->fullscreen) break;
        app->settings.width = (int)event->x;
        app->settings.height = (int)event->y;
        app->settings_dirty = true;
        break;
    case APP_MOVE:
        if (app->fullscreen) break;
        app->settings.x = (int)event->x;
        app->settings.y = (int)event->y;
        app->settings_dirty = true;
        break;
    case APP_BLUR:
        app->save_at = app->now;
        if (app->drag.changing) whatif_release(app);
        if (app->drag.sliding) session_settle(&app->session);
        app->drag.down = app->drag.sliding = false;
        text_box_settle(&app->box);
        break;
    case APP_QUIT: app->quit = true; break;
    case APP_FOCUS:
    case APP_DROP:
    case APP_EVENT_KINDS: break;
    }
}
