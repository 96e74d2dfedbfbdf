/* monkey.c — see monkey.h. */
#include "monkey.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/actions.h"
#include "app/focus.h"

static const char *const texts[] = {
    "a",
    " ",
    "bird",
    "The cat ",
    "注意力",
    "é",
    "e\xCC\x81",
    "\xFF",
    "\xE6\xB3",
    "\xA8",
    "\xED\xA0\x80",
    "👩‍👩‍👧",
    "🇫🇷",
    "\xE2\x80\xAE",
    "\xE2\x80\x8D",
    "שלום 12",
    "مرحبا",
    "\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
    "'",
    "\t",
    "\r\n",
    "%n%s{{7*7}}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const int keys[] = {
    ' ',        ' ',      ' ',     KEY_LEFT,    KEY_LEFT,      KEY_RIGHT,  KEY_RIGHT, KEY_UP,
    KEY_DOWN,   KEY_HOME, KEY_END, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_ENTER,  KEY_ENTER, KEY_ESCAPE,
    KEY_ESCAPE, KEY_TAB,  KEY_TAB, KEY_TAB,     KEY_BACKSPACE, KEY_DELETE, KEY_MENU,  KEY_F10,
    KEY_F11,    KEY_F2,   KEY_F1,  KEY_NONE,    'a',           's',        'r',       '/',
    '/',        'x',      'l',     't',         'w',           'p',        'b',       'm',
    'z',        'y',      'c',     'v',         '=',           '-',        '0',       '1',
    '2',        '3',      '4',     '9',         '[',           ']',        'u',       'o',
    'f',        ',',      '.',     'n',         'k',           'e',        'g',       'h',
    'j',        'i',      'd'};

#define PICK(array) (array)[rng_below(&monkey->rng, sizeof(array) / sizeof *(array))]

Monkey monkey_make(uint64_t seed)
{
    return (Monkey){.rng = rng_make(seed, 7), .w = 1280, .h = 800};
}

double monkey_wait(Monkey *monkey)
{
    return monkey->now += rng_uniform(&monkey->rng) * (rng_below(&monkey->rng, 12) ? 0.05 : 10);
}

bool monkey_copy(void *self, const char *text)
{
    Monkey *monkey = self;
    snprintf(monkey->clip, sizeof monkey->clip, "%s", text);
    return true;
}

char *monkey_paste(void *self, Arena *arena)
{
    Monkey *monkey = self;
    unsigned kind = (unsigned)rng_below(&monkey->rng, 8);
    if (kind == 0) return NULL;
    if (kind > 2) return arena_string(arena, monkey->clip);
    Rng *rng = &monkey->rng;
    size_t size = rng_below(rng, kind == 1 ? 40 : 10000);
    char *text = arena_push(arena, size + 1);
    for (size_t i = 0; i < size; i++) text[i] = (char)(1 + rng_below(rng, kind == 1 ? 255 : 127));
    return text;
}

/* ---- events ---- */

static void aim(Monkey *monkey, const App *app)
{
    Rng *rng = &monkey->rng;
    monkey->x = (float)rng_uniform(rng) * monkey->w;
    monkey->y = (float)rng_uniform(rng) * monkey->h;
    if (!app->hit_count || rng_below(rng, 2)) return;
    Rect target = app->hit[rng_below(rng, (unsigned)app->hit_count)].rect;
    monkey->x = target.x + (float)rng_uniform(rng) * target.w;
    monkey->y = target.y + (float)rng_uniform(rng) * target.h;
}

static int wild_number(Monkey *monkey)
{
    static const int numbers[] = {0, 0, 1, 2, 3, -1, 5, 100, 2147483647, -2147483647 - 1};
    return PICK(numbers);
}

static void resize(Monkey *monkey)
{
    static const float sizes[][2] = {{1, 1},      {320, 200},   {1024, 768},
                                     {1280, 800}, {1920, 1080}, {3840, 2160}};
    Rng *rng = &monkey->rng;
    const float *size = PICK(sizes);
    monkey->w = size[0];
    monkey->h = size[1];
    if (rng_below(rng, 2)) {
        monkey->w = 1 + (float)rng_below(rng, 2000);
        monkey->h = 1 + (float)rng_below(rng, 1200);
    }
}

static AppEvent pointer(Monkey *monkey, const App *app, unsigned kind)
{
    Rng *rng = &monkey->rng;
    AppEvent event = {.kind = APP_MOTION, .button = BUTTON_LEFT};
    if (monkey->dragging > 0) {
        monkey->x += (float)rng_normal(rng) * 20;
        monkey->y += (float)rng_normal(rng) * 40;
        event.kind = --monkey->dragging ? APP_MOTION : APP_RELEASE;
    } else {
        aim(monkey, app);
        if (kind < 3) {
            event.kind = APP_PRESS;
            monkey->dragging = 1 + (int)rng_below(rng, rng_below(rng, 3) ? 1 : 12);
        }
        if (kind == 3) event.kind = APP_RELEASE; /* of nothing */
    }
    if (!rng_below(rng, 6)) event.button = (int)rng_below(rng, 6);
    event.clicks = 1 + (int)rng_below(rng, 4);
    event.modifiers = rng_below(rng, 4) ? 0 : (int)rng_below(rng, 8);
    event.x = monkey->x;
    event.y = monkey->y;
    return event;
}

static AppEvent window(Monkey *monkey)
{
    static const AppEventKind kinds[] = {APP_LEAVE, APP_FOCUS,  APP_BLUR,  APP_DROP,
                                         APP_MOVE,  APP_RESIZE, APP_RESIZE};
    AppEvent event = {.kind = PICK(kinds), .text = "/no/such/file"};
    if (event.kind == APP_RESIZE) resize(monkey);
    event.x = monkey->w;
    event.y = monkey->h;
    return event;
}

AppEvent monkey_event(Monkey *monkey, const App *app)
{
    Rng *rng = &monkey->rng;
    AppEvent event = {.kind = APP_KEY};
    unsigned kind = (unsigned)rng_below(rng, 60);
    if (monkey->dragging > 0 && kind >= 8) return pointer(monkey, app, 0);
    if (kind < 24) {
        event.key = PICK(keys);
        event.modifiers = rng_below(rng, 3) ? 0 : (int)rng_below(rng, 8);
    } else if (kind < 30) {
        event = (AppEvent){.kind = APP_TEXT, .text = PICK(texts)};
    } else if (kind < 34) {
        event = (AppEvent){.kind = APP_COMPOSE, .text = rng_below(rng, 3) ? PICK(texts) : ""};
        event.clause_start = wild_number(monkey);
        event.clause_length = wild_number(monkey);
    } else if (kind < 37) {
        event = (AppEvent){.kind = APP_WHEEL,
                           .wheel = (float)rng_normal(rng) * 3,
                           .wheel_x = rng_below(rng, 4) ? 0 : (float)rng_normal(rng),
                           .modifiers = (int)rng_below(rng, 4),
                           .x = monkey->x,
                           .y = monkey->y};
    } else if (kind < 38) {
        event = window(monkey);
    } else {
        event = pointer(monkey, app, kind - 38);
    }
    return event;
}

/* ---- what must hold ---- */

static bool is_finite(Rect rect)
{
    return isfinite(rect.x) && isfinite(rect.y) && isfinite(rect.w) && isfinite(rect.h);
}

static const char *wrong_value(const App *app, const DrawCommand *command)
{
    const ValueSource *value = &command->value;
    const Trace *runs[RUN_TRACES];
    app_runs(app, runs);
    if (value->reduction != REDUCE_NONE || value->step != STEP_NONE) return NULL;
    const Trace *trace = value->run >= 0 && value->run < RUN_TRACES ? runs[value->run] : NULL;
    if (!trace || value->entry < 0 || value->entry >= trace->entry_count) return "a number of no tensor";
    const TraceEntry *entry = &trace->entry[value->entry];
    if (value->index < 0 || (size_t)value->index >= trace_count(entry))
        return "a number outside of its tensor";
    return value->value == entry->value[value->index] ? NULL : "a number that is not its tensor's";
}

/* Text that nothing clips must lie in the frame: what does not fit is cut with an ellipsis, or scrolls. */
static bool leaves_frame(const App *app, const DrawCommand *c, const DrawList *list)
{
    float w = text_width(app->options.metrics, c->font, c->width, c->text);
    float x = c->align == ALIGN_LEFT    ? c->rect.x
              : c->align == ALIGN_RIGHT ? c->rect.x - w
                                        : c->rect.x - w / 2;
    return w > 0 && (x < -1 || x + w > list->width + 1 || c->rect.y < 0 || c->rect.y > list->height + 1);
}

const char *monkey_complaint(const App *app, const DrawList *list, char *out, size_t size)
{
    int clips = 0;
    bool usual = list->width >= 1024 && list->height >= 768;
    for (int i = 0; i < list->count; i++) {
        const DrawCommand *c = &list->command[i];
        const char *wrong = NULL;
        if (!is_finite(c->rect)) wrong = "lies nowhere";
        if (c->kind == DRAW_CLIP) clips++;
        if (c->kind == DRAW_UNCLIP && --clips < 0) wrong = "ends a clip that was not begun";
        if (c->kind == DRAW_VALUE && !wrong) wrong = wrong_value(app, c);
        if ((c->kind == DRAW_TEXT || c->kind == DRAW_VALUE) && usual && !clips && !wrong &&
            leaves_frame(app, c, list))
            wrong = "leaves the frame";
        if (!wrong) continue;
        snprintf(out, size, "%.0fx%.0f, type %.1f, panel %d: command %d of kind %d %s: \"%s\" at %.1f,%.1f",
                 list->width, list->height, app->settings.type_scale, app->panel, i, c->kind, wrong,
                 c->text ? c->text : "", c->rect.x, c->rect.y);
        return out;
    }
    bool shown = !app->focused;
    for (int i = 0; i < list->hit_count; i++) {
        const HitArea *hit = &list->hit[i];
        if (!is_finite(hit->rect)) {
            snprintf(out, size, "area %d of kind %d lies nowhere", i, hit->kind);
            return out;
        }
        shown |= focus_is_at(app, list->hit, i);
    }
    if (!shown)
        snprintf(out, size, "the focus is on %d of kind %d, which is not on the screen", app->focus.a,
                 app->focus.kind);
    if (clips) snprintf(out, size, "%d clips do not end", clips);
    return shown && !clips ? NULL : out;
}

const char *monkey_undo_all(App *app, char *out, size_t size)
{
    for (int i = 0; i < 3; i++) app_event(app, &(AppEvent){.kind = APP_KEY, .key = KEY_ESCAPE});
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson || !app->session.open || !app->session.ran) return NULL;
    for (int i = 0; i < 100000 && edit_top(&app->session.undo); i++)
        app_event(app, &(AppEvent){.kind = APP_KEY, .key = 'z', .modifiers = MOD_CTRL});
    if (!edit_top(&app->session.undo) && !app->session.changed) return NULL;
    snprintf(out, size, "undoing everything leaves changes");
    return out;
}
