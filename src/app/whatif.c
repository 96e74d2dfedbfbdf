/* whatif.c — changing the run by hand: dragging one attention weight while everything after it follows, and the changes
 * of the menu and the keys. What becomes of the cells is made by change.c; here is what it is said to have done. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/action_numbers.h"
#include "app/whatif.h"
#include "app/actions.h"
#include "base/buffer.h"

enum { DRAG_PIXELS = 160 }; /* this far up = from 0 to 1 */
static const float NUDGE_UNIT = 1.25f;

static bool shows_cell(const App *app, const HitArea *hit)
{
    const Trace *trace = session_trace(&app->session);
    return trace && !app->session.engine.fixed && hit->kind == HIT_CELL && hit->a >= 0 &&
           hit->a < trace->entry_count && hit->b >= 0 && (size_t)hit->b < trace_count(&trace->entry[hit->a]);
}

bool whatif_can_share(const App *app, const HitArea *hit)
{
    return shows_cell(app, hit) && !action_hidden(app, ACT_RAISE) &&
           change_is_weights(&session_trace(&app->session)->entry[hit->a]);
}

bool whatif_can_drag(const App *app, const HitArea *hit)
{
    return whatif_can_share(app, hit) ||
           (shows_cell(app, hit) && change_is_learned(&session_trace(&app->session)->entry[hit->a]));
}

bool whatif_possible(const App *app, ChangeKind kind, bool row)
{
    ChangeWish wish = {kind, app->selected.a, app->selected.b, row, 1};
    return shows_cell(app, &app->selected) && change_possible(session_trace(&app->session), &wish);
}

/* ---- dragging ---- */

/* The other weights keep the proportions they had when the button went down. */
static void share(App *app, float wanted)
{
    const Drag *drag = &app->drag;
    if (!whatif_can_share(app, &app->selected)) return; /* the output became shorter than this row */
    const TraceEntry *entry = &session_trace(&app->session)->entry[app->selected.a];
    Error error = {0};
    Change change =
        change_share(entry, app->selected.b - drag->column, drag->row, drag->row_count, drag->column, wanted);
    session_apply(&app->session, change, &error);
    app_notice_error(app, &error);
}

/* Plain values from the chosen cell on. */
static void set_cells(App *app, const float *value, int count)
{
    const TraceEntry *entry = &session_trace(&app->session)->entry[app->selected.a];
    Change change = {.first = app->selected.b, .count = count, .kind = CHANGE_SET};
    Error error = {0};
    snprintf(change.entry, sizeof change.entry, "%s", entry->name);
    change.value = memory_resize(NULL, sizeof(float) * (size_t)count);
    memcpy(change.value, value, sizeof(float) * (size_t)count);
    session_apply(&app->session, change, &error);
    app_notice_error(app, &error);
}

static void set_cell(App *app, float value)
{
    set_cells(app, &value, 1);
}

/* What a drag over DRAG_PIXELS changes: the largest number of the tensor, so that small and large weights are set alike. */
static float reach_of(const TraceEntry *entry)
{
    float reach = 0;
    for (size_t i = 0, count = trace_count(entry); i < count; i++)
        if (isfinite(entry->value[i])) reach = fmaxf(reach, fabsf(entry->value[i]));
    return reach > 0 ? reach : 1;
}

void whatif_press(App *app, const HitArea *hit)
{
    const TraceEntry *entry = &session_trace(&app->session)->entry[hit->a];
    Drag *drag = &app->drag;
    drag->row_count = entry->dim[entry->rank - 1];
    drag->column = (int)(hit->b % drag->row_count);
    drag->row = memory_resize(drag->row, sizeof(float) * (size_t)drag->row_count);
    memcpy(drag->row, entry->value + (hit->b - drag->column), sizeof(float) * (size_t)drag->row_count);
    drag->start = drag->row[drag->column];
    drag->reach = reach_of(entry);
}

void whatif_drag(App *app, float dy)
{
    Drag *drag = &app->drag;
    if (!drag->changing) {
        session_remember(&app->session);
        drag->changing = true;
    }
    app->selected = drag->hit;
    if (whatif_can_share(app, &drag->hit)) share(app, drag->start - dy / DRAG_PIXELS);
    else if (whatif_can_drag(app, &drag->hit)) set_cell(app, drag->start - dy * drag->reach / DRAG_PIXELS);
}

bool whatif_can_move(const App *app, const HitArea *hit)
{
    const Trace *trace = session_trace(&app->session);
    return trace && !app->session.engine.fixed && hit->kind == HIT_POINT && hit->a >= 0 &&
           hit->a < trace->entry_count && hit->b >= 0 &&
           (size_t)hit->b + 1 < trace_count(&trace->entry[hit->a]);
}

/* From where it was when the button went down, which the drag's row keeps. */
void whatif_move(App *app, float dx, float dy)
{
    Drag *drag = &app->drag;
    const TraceEntry *entry = &session_trace(&app->session)->entry[drag->hit.a];
    if (!drag->changing) {
        drag->row_count = 2;
        drag->row = memory_resize(drag->row, 2 * sizeof(float));
        memcpy(drag->row, entry->value + drag->hit.b, 2 * sizeof(float));
        session_remember(&app->session);
        drag->changing = true;
    }
    app->selected = drag->hit;
    set_cells(app, (float[]){drag->row[0] + dx * drag->hit.unit, drag->row[1] - dy * drag->hit.unit}, 2);
}

/* A power of ten near a dozen pixels, so that the numbers stay round. */
void whatif_step(App *app, int x, int y)
{
    enum { PIXELS = 16 };
    const HitArea *at = &app->selected;
    float step = powf(10, floorf(log10f(fmaxf(at->unit * PIXELS, 1e-6f))));
    const float *now = session_trace(&app->session)->entry[at->a].value + at->b;
    const float value[] = {now[0] + step * (float)x, now[1] + step * (float)y};
    session_remember(&app->session);
    set_cells(app, value, 2);
    session_settle(&app->session);
}

void whatif_release(App *app)
{
    if (app->drag.changing) session_settle(&app->session);
    app->drag.changing = false;
}

/* ---- by menu and keys ---- */

/* "dec.attn.weight, target 4 heureux"; with `cell` the last axis, too. */
static const char *place_name(App *app, const HitArea *hit, bool cell)
{
    const Trace *trace = session_trace(&app->session);
    const TraceEntry *entry = &trace->entry[hit->a];
    unsigned axes = cell ? ~0u : (1u << (entry->rank - 1)) - 1;
    if (entry->rank > 1 && entry->axis[0] == AXIS_NONE) axes &= ~1u; /* one row: nothing to tell apart */
    const char *place = axes_label(&app->note, trace, entry, hit->b, axes);
    return *place ? arena_format(&app->note, "%s [%s]", entry->name, place) : entry->name;
}

static const char *number_text(App *app, float value)
{
    char text[32];
    return arena_string(&app->note,
                        draw_value_text((ValueSource){.value = value, .decimals = 2, .tiny = true}, text));
}

static void tell(App *app, const ChangeWish *wish, float before)
{
    bool cell = wish->kind == CHANGE_SHARE || wish->kind == CHANGE_ONE_HOT || !wish->row;
    const char *place =
        place_name(app, &app->selected, cell && wish->kind != CHANGE_UNIFORM && wish->kind != CHANGE_FREEZE);
    switch (wish->kind) {
    case CHANGE_UNIFORM: app_notice(app, app_word(app, WORD_DID_UNIFORM), place); break;
    case CHANGE_ONE_HOT: app_notice(app, app_word(app, WORD_DID_ONE_HOT), place); break;
    case CHANGE_FREEZE: app_notice(app, app_word(app, WORD_DID_FREEZE), place); break;
    case CHANGE_CUT: app_notice(app, app_word(app, WORD_DID_CUT), place); break;
    case CHANGE_SHARE:
        app_notice(app, app_word(app, WORD_DID_SHARE), place, number_text(app, before),
                   number_text(app, wish->amount));
        break;
    default:
        if (wish->amount == 0) app_notice(app, app_word(app, WORD_DID_ZERO), place);
        else if (wish->row)
            app_notice(app, app_word(app, WORD_DID_SCALE_ROW), place, number_text(app, wish->amount));
        else
            app_notice(app, app_word(app, WORD_DID_SCALE), place, number_text(app, before),
                       number_text(app, before * wish->amount));
    }
    arena_reset(&app->note);
}

void whatif_do(App *app, ChangeKind kind, bool row, float amount)
{
    ChangeWish wish = {kind, app->selected.a, app->selected.b, row, amount};
    Change change;
    Error error = {0};
    if (!whatif_possible(app, kind, row)) {
        app_notice(app, "%s",
                   app_word(app, app->selected.kind == HIT_CELL ? WORD_CANNOT_CHANGE : WORD_CHOOSE_FIRST));
        return;
    }
    const Trace *trace = session_trace(&app->session);
    float before = trace->entry[wish.entry].value[wish.index];
    if (kind == CHANGE_SHARE) wish.amount = fmaxf(0, fminf(1, amount));
    session_remember(&app->session);
    bool ok = change_make(trace, &wish, &change, &error) && session_apply(&app->session, change, &error);
    session_settle(&app->session);
    if (ok && shows_cell(app, &app->selected)) tell(app, &wish, before);
    app_notice_error(app, &error);
}

static float selected_value(const App *app)
{
    return session_trace(&app->session)->entry[app->selected.a].value[app->selected.b];
}

void whatif_nudge(App *app, int direction)
{
    if (whatif_can_share(app, &app->selected))
        whatif_do(app, CHANGE_SHARE, true, selected_value(app) + 0.05f * (float)direction);
    else whatif_do(app, CHANGE_SCALE, false, direction > 0 ? NUDGE_UNIT : 1 / NUDGE_UNIT);
}

void whatif_scale(App *app, bool row, float factor)
{
    if (!row && whatif_can_share(app, &app->selected))
        whatif_do(app, CHANGE_SHARE, true, factor * selected_value(app));
    else whatif_do(app, CHANGE_SCALE, row, factor);
}

/* ---- giving back ---- */

static int64_t row_start(const App *app, int *width)
{
    const TraceEntry *entry = &session_trace(&app->session)->entry[app->selected.a];
    *width = entry->dim[entry->rank - 1];
    return app->selected.b - app->selected.b % *width;
}

bool whatif_is_held(const App *app)
{
    int width;
    if (!shows_cell(app, &app->selected)) return false;
    const TraceEntry *entry = &session_trace(&app->session)->entry[app->selected.a];
    int64_t first = change_place(entry, row_start(app, &width));
    for (int i = 0; i < app->session.edit.change_count; i++) {
        const Change *change = &app->session.edit.change[i];
        if (strcmp(change->entry, entry->name) == 0 && change->first < first + width &&
            change->first + change->count > first)
            return true;
    }
    return false;
}

void whatif_give_back(App *app)
{
    int width, released = 0;
    Error error = {0};
    if (!shows_cell(app, &app->selected) || !whatif_is_held(app)) {
        app_notice(app, "%s", app_word(app, WORD_NOT_HELD));
        return;
    }
    const TraceEntry *entry = &session_trace(&app->session)->entry[app->selected.a];
    int64_t first = change_place(entry, row_start(app, &width));
    session_remember(&app->session);
    session_release(&app->session, entry->name, first, width, &released, &error);
    session_settle(&app->session);
    if (released && shows_cell(app, &app->selected))
        app_notice(app, app_word(app, WORD_DID_RELEASE), place_name(app, &app->selected, false));
    arena_reset(&app->note);
    app_notice_error(app, &error);
}

/* ---- the list ---- */

void whatif_drop(App *app, int index)
{
    Edit *edit = &app->session.edit;
    if (index < 0 || index >= edit->change_count) return;
    Change change = change_copy(&edit->change[index]);
    Error error = {0};
    session_remember(&app->session);
    session_release(&app->session, change.entry, change.first, change.count, NULL, &error);
    session_settle(&app->session);
    change_free(&change);
    app_notice_error(app, &error);
}

const char *whatif_words(const App *app, Arena *arena, const Change *change)
{
    const Trace *trace = session_trace(&app->session);
    int id = trace ? trace_find(trace, change->entry) : -1;
    bool cell = change->kind == CHANGE_SHARE || change->kind == CHANGE_ONE_HOT ||
                change->kind == CHANGE_CUT || change->count == 1;
    long long index =
        change->first + (change->kind == CHANGE_SHARE || change->kind == CHANGE_ONE_HOT ? change->column : 0);
    const char *place = change->entry;
    if (id >= 0) index = change_index(&trace->entry[id], index);
    if (id >= 0 && index >= 0 && (size_t)index < trace_count(&trace->entry[id])) {
        const TraceEntry *entry = &trace->entry[id];
        unsigned axes = cell ? ~0u : (1u << (entry->rank - 1)) - 1;
        const char *where = axes_label(arena, trace, entry, index, axes);
        if (*where) place = arena_format(arena, "%s [%s]", change->entry, where);
    }
    char text[32];
    draw_value_text((ValueSource){.value = change->amount, .decimals = 2, .tiny = true}, text);
    switch (change->kind) {
    case CHANGE_SHARE: return arena_format(arena, app_word(app, WORD_IS_SHARE), place, text);
    case CHANGE_UNIFORM: return arena_format(arena, app_word(app, WORD_DID_UNIFORM), place);
    case CHANGE_ONE_HOT: return arena_format(arena, app_word(app, WORD_DID_ONE_HOT), place);
    case CHANGE_FREEZE: return arena_format(arena, app_word(app, WORD_IS_FROZEN), place);
    case CHANGE_CUT: return arena_format(arena, app_word(app, WORD_DID_CUT), place);
    case CHANGE_SCALE:
        return arena_format(arena, app_word(app, change->amount == 0 ? WORD_DID_ZERO : WORD_IS_SCALED), place,
                            text);
    case CHANGE_SET:
    case CHANGE_KINDS: break;
    }
    return arena_format(arena, app_word(app, WORD_SET_BY_YOU), place);
}

/* ---- written down ---- */

void whatif_command(const App *app, Buffer *out)
{
    const Edit *edit = &app->session.edit;
    const Lesson *lesson = app_current_lesson(app);
    buffer_text(out, "attnscope trace --model ");
    buffer_shell_word(out, lesson && lesson->model ? lesson->model : "MODEL");
    for (int i = 0; i < edit->change_count; i++) {
        if (session_beside_of(&app->session, edit->change[i].entry)) continue; /* of another run */
        Buffer change = {0};
        change_write(&edit->change[i], &change);
        buffer_text(out, " --override ");
        buffer_shell_word(out, change.at);
        buffer_free(&change);
    }
    for (int row = 0; row < edit->forced_count; row++)
        if (edit->forced[row] >= 0) buffer_format(out, " --force '%d=#%d'", row, edit->forced[row]);
    buffer_text(out, " --out run.safetensors ");
    buffer_shell_word(out, edit->sentence ? edit->sentence : "");
}
