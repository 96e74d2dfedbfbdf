/* test_zoom.c — looking closer at matrices: which part is shown, and how the wheel and the keys change it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/zoom.h"
#include "app_driver.h"
#include "base/rng.h"

/* Whatever the window: never nothing, never beyond the ends, and the index that is asked for is where it is asked for. */
static void a_window_stays_inside(void **state)
{
    (void)state;
    Rng rng = rng_make(11, 1);
    for (int i = 0; i < 20000; i++) {
        int count = 1 + (int)rng_below(&rng, 600), longest = count + (int)rng_below(&rng, 600), first, shown;
        float zoom = (float)(rng_uniform(&rng) * 80), share = (float)rng_uniform(&rng);
        view_window_range(zoom, (float)(3 * rng_uniform(&rng) - 1), count, longest, &first, &shown);
        assert_true(shown >= 1 && first >= 0 && first + shown <= count);
        int index = (int)rng_below(&rng, (unsigned)count);
        float place = view_window_place(zoom, count, longest, index, share);
        view_window_range(zoom, place, count, longest, &first, &shown);
        int wanted = (int)floorf((float)index - share * (float)shown + 0.5f), most = count - shown;
        wanted = wanted < 0 ? 0 : wanted > most ? most : wanted;
        assert_true(first - wanted <= 1 && wanted - first <= 1);
    }
    int first, shown;
    view_window_range(0, 0.5f, 7, 7, &first, &shown);
    assert_true(first == 0 && shown == 7);
}

static const char lesson[] =
    "# Heads\n\n@model tiny-transformer-pre\n@input the cat sees the dog .\n\n"
    "## Heads {#heads}\nText.\n\n@show heads slot=main\n@show heatmap slot=left\n@run all\n\n"
    "## Again {#again}\nText.\n\n@show heads slot=main\n@run all\n";

static const char chinese[] = "# 头\n\n## 头 {#heads}\n文字。\n\n## 再来 {#again}\n文字。\n";

static Driver *heads(void)
{
    Driver *driver = driver_with_lesson("tiny-transformer-pre", "heads", lesson, chinese);
    driver_open(driver, "heads");
    driver_key(driver, KEY_END, 0);
    driver_key(driver, KEY_HOME, 0);
    driver_key(driver, 'z', 0); /* large: each cell has a hit area of its own */
    driver_still(driver);
    return driver;
}

static int cells(const Driver *driver, int entry)
{
    int count = 0;
    for (int i = 0; i < driver->list.hit_count; i++)
        count += driver->list.hit[i].kind == HIT_CELL && driver->list.hit[i].a == entry;
    return count;
}

static void wheel(Driver *driver, float x, float y, float by, int modifiers)
{
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y});
    app_event(driver->app,
              &(AppEvent){.kind = APP_WHEEL, .x = x, .y = y, .wheel = by, .modifiers = modifiers});
    driver_frame(driver);
}

static void every_layer_and_head_is_there(void **state)
{
    (void)state;
    Driver *driver = heads();
    for (int layer = 0; layer < 2; layer++) {
        char name[64];
        snprintf(name, sizeof name, "dec.%d.cross.weight", layer);
        const TraceEntry *entry = driver_entry(driver, name);
        int id = trace_find(app_trace(driver->app), name), seen[8] = {0};
        for (int i = 0; i < driver->list.hit_count; i++) {
            const HitArea *hit = &driver->list.hit[i];
            if (hit->kind == HIT_CELL && hit->a == id) seen[hit->b / (entry->dim[1] * entry->dim[2])]++;
        }
        for (int head = 0; head < entry->dim[0]; head++) {
            assert_true(seen[head] >= entry->dim[1] * entry->dim[2]);
            snprintf(name, sizeof name, "layer %d · head %d", layer, head);
            assert_true(driver_shows(driver, name));
        }
    }
    driver_free(driver);
}

static void the_wheel_zooms_about_the_pointer(void **state)
{
    (void)state;
    Driver *driver = heads();
    App *app = driver->app;
    int entry = trace_find(app_trace(app), "dec.0.cross.weight"), all = cells(driver, entry);
    const TraceEntry *weights = &app_trace(app)->entry[entry];
    int64_t middle = (int64_t)weights->dim[2] * (weights->dim[1] / 2) + weights->dim[2] / 2;
    float x, y;
    assert_true(driver_find(driver, HIT_CELL, entry, middle, &x, &y));
    wheel(driver, x, y, 1, 0); /* not zoomed: the wheel scrolls the text */
    assert_int_equal(cells(driver, entry), all);
    wheel(driver, x, y, 3, MOD_CTRL);
    assert_true(cells(driver, entry) < all);
    assert_true(app->window[0].zoom > 1.9f && app->window[1].zoom <= 1);
    assert_int_equal(app->hover.kind, HIT_CELL);
    assert_int_equal(app->hover.b, middle);
    float before = app->window[0].y;
    wheel(driver, x, y, -1, 0);
    assert_true(app->window[0].y > before);
    wheel(driver, x, y, 4, MOD_CTRL); /* a long narrow matrix is first cut across, now along, too */
    before = app->window[0].x;
    wheel(driver, x, y, -1, MOD_SHIFT);
    assert_true(app->window[0].x > before);
    wheel(driver, x, y, -50, MOD_CTRL);
    assert_int_equal(cells(driver, entry), all);
    driver_free(driver);
}

static void keys_zoom_and_follow_the_chosen_cell(void **state)
{
    (void)state;
    Driver *driver = heads();
    App *app = driver->app;
    driver_key(driver, KEY_RIGHT, MOD_SHIFT); /* chooses a weight of the last row */
    assert_int_equal(app->selected.kind, HIT_CELL);
    driver_key(driver, '=', MOD_SHIFT);
    driver_key(driver, '=', MOD_SHIFT);
    driver_key(driver, '=', MOD_SHIFT);
    assert_true(app->window[0].zoom > 1.9f);
    for (int i = 0; i < 40; i++) {
        driver_key(driver, i % 2 ? KEY_LEFT : KEY_UP, MOD_SHIFT);
        driver_frame(driver);
        bool shown = false;
        for (int k = 0; k < driver->list.hit_count; k++)
            shown |= driver->list.hit[k].kind == HIT_CELL && driver->list.hit[k].a == app->selected.a &&
                     driver->list.hit[k].b == app->selected.b;
        assert_true(shown);
    }
    for (int i = 0; i < 9; i++) driver_key(driver, '-', 0);
    assert_true(app->window[0].zoom <= 1);
    driver_key(driver, '=', MOD_SHIFT);
    driver_key(driver, KEY_END, 0); /* another step shows everything again */
    assert_true(app->window[0].zoom <= 1);
    driver_free(driver);
}

TEST_GROUP(zoom, cmocka_unit_test(a_window_stays_inside), cmocka_unit_test(every_layer_and_head_is_there),
           cmocka_unit_test(the_wheel_zooms_about_the_pointer),
           cmocka_unit_test(keys_zoom_and_follow_the_chosen_cell));
