/* test_monkey.c — seeded random events: whatever is pressed, typed, dragged or resized, a frame comes out, every number in
 * it is a finite number of a trace, and undoing everything leads back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "test.h"
#include "app/state.h"
#include "base/rng.h"
#include "fake_engine.h"

static const char *const texts[] = {"a",
                                    " ",
                                    "bird",
                                    "注意力",
                                    "é",
                                    "e\xCC\x81",
                                    "\xFF",
                                    "\xE6\xB3",
                                    "\xA8",
                                    "👩‍👩‍👧",
                                    "\xE2\x80\xAE",
                                    "'",
                                    "\t",
                                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const int keys[] = {
    ' ',           ' ',        ' ',         KEY_LEFT,      KEY_LEFT,  KEY_RIGHT,  KEY_UP,  KEY_DOWN,
    KEY_HOME,      KEY_END,    KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_ENTER, KEY_ESCAPE, KEY_TAB, KEY_TAB,
    KEY_BACKSPACE, KEY_DELETE, 'a',         's',           'r',       '/',        'x',     'l',
    't',           'w',        'p',         'b',           'm',       'z',        'y',     'c',
    'v',           '=',        '-',         '0',           '1',       '2',        '3',     '4',
    '9',           '[',        ']',         'z',           KEY_MENU,  KEY_F11,    KEY_F2,  KEY_NONE,
    'u',           'o',        'f',         '0',           ',',       '.',        'n',     'k',
    'v',           'e',        'u',         KEY_DOWN,      KEY_ENTER, KEY_MENU};

static AppEvent random_event(Rng *rng, float w, float h)
{
    AppEvent event = {.x = (float)rng_uniform(rng) * w, .y = (float)rng_uniform(rng) * h};
    switch (rng_below(rng, 12)) {
    case 0:
    case 1:
    case 2:
    case 3:
        event.kind = APP_KEY;
        event.key = keys[rng_below(rng, sizeof keys / sizeof *keys)];
        event.modifiers = rng_below(rng, 3) ? 0 : (int)rng_below(rng, 8);
        break;
    case 4:
        event.kind = APP_TEXT;
        event.text = texts[rng_below(rng, sizeof texts / sizeof *texts)];
        break;
    case 5:
        event.kind = rng_below(rng, 4) ? APP_COMPOSE : (AppEventKind)rng_below(rng, APP_QUIT);
        event.text = texts[rng_below(rng, sizeof texts / sizeof *texts)];
        break;
    case 6:
        event.kind = APP_WHEEL;
        event.wheel = (float)rng_normal(rng);
        break;
    case 7: event.kind = APP_PRESS; break;
    case 8: event.kind = APP_RELEASE; break;
    default: event.kind = APP_MOTION; break;
    }
    event.button = rng_below(rng, 6) ? BUTTON_LEFT : (int)rng_below(rng, 6);
    return event;
}

static void check_frame(const App *app, const DrawList *list)
{
    for (int i = 0; i < list->count; i++) {
        const DrawCommand *command = &list->command[i];
        if (!isfinite(command->rect.x) || !isfinite(command->rect.y))
            fail_msg("command %d of kind %d lies nowhere", i, command->kind);
        if (command->kind != DRAW_VALUE || command->value.reduction != REDUCE_NONE || command->value.step != STEP_NONE ||
            command->value.run != 0)
            continue;
        const Trace *trace = app_trace(app);
        assert_non_null(trace);
        assert_in_range(command->value.entry, 0, trace->entry_count - 1);
        const TraceEntry *entry = &trace->entry[command->value.entry];
        assert_true(command->value.index >= 0 && (size_t)command->value.index < trace_count(entry));
        assert_float_equal(command->value.value, entry->value[command->value.index], 0);
    }
}

static void random_events(void **state)
{
    (void)state;
    char root[64] = "/tmp/attnscope-monkey-XXXXXX", command[128], lessons[96];
    assert_non_null(mkdtemp(root));
    snprintf(lessons, sizeof lessons, "%s/lessons", root);
    fake_lesson_write(lessons);
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    /* ATTNSCOPE_SOAK=n multiplies the length (make soak). */
    const char *soak = getenv("ATTNSCOPE_SOAK");
    int rounds = 6 * (soak ? atoi(soak) : 1);
    for (int round = 0; round < rounds; round++) {
        Rng rng = rng_make(2026 + (uint64_t)round, 7);
        FakeEngine *fake = fake_engine_make(&arena);
        AppOptions options = {.lessons = lessons,
                              .engines = fake_engine_provider(fake),
                              .metrics = &metrics,
                              .exports = root, /* E leads to Save sooner or later */
                              .sandbox_model = "fake"};
        App *app = app_make(&options);
        app_open_last(app);
        float w = 1280, h = 800;
        double now = 0;
        for (int i = 0; i < 500; i++) {
            if (rng_below(&rng, 60) == 0)
                w = 1 + (float)rng_below(&rng, 2000), h = 1 + (float)rng_below(&rng, 1200);
            AppEvent event = random_event(&rng, w, h);
            app_event(app, &event);
            if (rng_below(&rng, 3)) continue;
            DrawList list;
            now += rng_uniform(&rng) * (rng_below(&rng, 10) ? 0.05 : 10);
            app_frame(app, now, w, h, &list);
            check_frame(app, &list);
            if (!app_lesson(app)) {
                Error error = {0};
                assert_true(app_open(app, rng_below(&rng, 2) ? "5" : "sandbox", &error));
            }
        }
        app_free(app);
        arena_reset(&arena);
    }
    arena_free(&arena);
    snprintf(command, sizeof command, "rm -r '%s'", root);
    assert_int_equal(system(command), 0);
}

TEST_GROUP(monkey, cmocka_unit_test(random_events));
