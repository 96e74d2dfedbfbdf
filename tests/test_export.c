/* test_export.c — what leaves the program: the panel of E and its files, CSV, the clipboard; and failures that are told. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/action_out.h"
#include "app/numbers.h"
#include "app/scene.h"
#include "app_driver.h"
#include "base/rng.h"

/* ---- CSV as others read it ---- */

typedef struct {
    char **cell;
    int rows, columns;
} Table;

/* RFC 4180: fields between commas, quotes doubled inside quotes, records ended by CR LF. */
static Table parse_csv(Arena *arena, const char *text)
{
    Table table = {.cell = arena_array(arena, char *, 1 << 16)};
    int count = 0, columns = 0;
    while (*text) {
        char *field = arena_push(arena, strlen(text) + 1);
        size_t size = 0;
        bool quoted = *text == '"';
        if (quoted) text++;
        for (;; text++) {
            if (quoted && text[0] == '"' && text[1] == '"') text++;
            else if (quoted && text[0] == '"') {
                text++;
                break;
            } else if (!quoted && (*text == ',' || *text == '\r')) break;
            assert_true(*text != 0);
            if (!quoted) assert_true(*text != '"' && *text != '\n');
            field[size++] = *text;
        }
        table.cell[count++] = field;
        columns++;
        if (*text == ',') {
            text++;
            continue;
        }
        assert_true(text[0] == '\r' && text[1] == '\n');
        text += 2;
        if (table.rows) assert_int_equal(columns, table.columns);
        table.columns = columns;
        columns = 0;
        table.rows++;
    }
    return table;
}

static void numbers_read_back(void **state)
{
    (void)state;
    Rng rng = rng_make(11, 2);
    for (int i = 0; i < 20000; i++) {
        union {
            uint32_t bits;
            float value;
        } any = {.bits = (uint32_t)rng_next(&rng)};
        Buffer out = {0};
        number_write(any.value, &out);
        float again = strtof(out.at, NULL);
        assert_true(isnan(any.value) ? isnan(again) : again == any.value);
        assert_null(strchr(out.at, ','));
        buffer_free(&out);
    }
    Buffer out = {0};
    number_write(0.1f, &out);
    assert_string_equal(out.at, "0.1");
    buffer_free(&out);
}

static void a_matrix_with_labels_that_need_quotes(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Trace *trace = arena_new(&arena, Trace);
    static const char *rows[] = {"a,b", "say \"hi\""}, *columns[] = {"x", "line\nbreak", "▁é"};
    static const float value[] = {1, -2.5f, 0.1f, INFINITY, -INFINITY, 3e-20f};
    int r = trace_add_sequence(trace, (TraceSequence){"rows", 2, rows, NULL}),
        c = trace_add_sequence(trace, (TraceSequence){"columns", 3, columns, NULL});
    trace_add(trace, (TraceEntry){.name = "m",
                                  .rank = 2,
                                  .dim = {2, 3},
                                  .axis = {AXIS_TARGET, AXIS_SOURCE},
                                  .labels = {r, c, -1, -1},
                                  .rows_done = 2,
                                  .value = value,
                                  .source = {-1, -1, -1, -1}});
    Buffer out = {0};
    csv_write(trace, &trace->entry[0], &out);
    assert_string_equal(
        out.at, "target,x,\"line\nbreak\",▁é\r\n\"a,b\",1,-2.5,0.1\r\n\"say \"\"hi\"\"\",inf,-inf,3e-20\r\n");
    Table table = parse_csv(&arena, out.at);
    assert_int_equal(table.rows, 3);
    assert_int_equal(table.columns, 4);
    assert_string_equal(table.cell[8], "say \"hi\"");
    buffer_free(&out);
    arena_free(&arena);
}

/* Every tensor of a run, of any rank, value by value. */
static void every_tensor_reads_back(void **state)
{
    (void)state;
    static const char *const models[] = {"tiny-rnn", "tiny-transformer-pre"};
    for (size_t m = 0; m < 2; m++) {
        Driver *driver = driver_make(models[m]);
        const Trace *trace = app_trace(driver->app);
        for (int i = 0; i < trace->entry_count; i++) {
            const TraceEntry *entry = &trace->entry[i];
            Arena arena = arena_make("csv");
            Buffer out = {0};
            csv_write(trace, entry, &out);
            Table table = parse_csv(&arena, out.at);
            int width = entry->dim[entry->rank - 1], labels = entry->rank - 1;
            assert_int_equal(table.columns, width + labels);
            assert_int_equal((size_t)(table.rows - 1) * (size_t)width, trace_count(entry));
            for (int row = 1; row < table.rows; row++)
                for (int k = 0; k < width; k++) {
                    float again = strtof(table.cell[row * table.columns + labels + k], NULL);
                    assert_true(again == entry->value[(row - 1) * width + k]);
                }
            buffer_free(&out);
            arena_free(&arena);
        }
        driver_free(driver);
    }
}

/* ---- the panel ---- */

static void pictures_of_the_screen_and_of_a_view(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    uint64_t before = driver_still(driver);
    driver_key(driver, 'e', 0);
    assert_int_equal(driver->app->panel, PANEL_EXPORT);
    driver_frame(driver);
    driver_key(driver, KEY_ENTER, 0); /* at once: what was chosen last, the whole screen as PNG at first */
    assert_int_equal(driver->app->panel, PANEL_NONE);
    assert_true(file_exists(driver->saved));
    assert_non_null(strstr(driver->saved, "attnscope-01-tiny-machine.png"));
    assert_non_null(strstr(driver->app->notice, driver->saved));
    assert_true(driver->saved_w == 1280 && driver->saved_h == 800 && driver->saved_scale == 2);
    assert_true(driver_still(driver) == before);
    driver_key(driver, 'e', 0);
    driver_control(driver, ACT_EXPORT_WHAT, 1); /* the view at the left */
    driver_control(driver, ACT_EXPORT_SCALE, 1);
    driver_control(driver, ACT_EXPORT_SAVE, 0);
    assert_non_null(strstr(driver->saved, "attnscope-01-tiny-machine-heatmap.png"));
    assert_true(driver->saved_w < 800 && driver->saved_scale == 3);
    static const char *const endings[] = {".png", ".svg", ".pdf"};
    for (int format = EXPORT_PNG; format <= EXPORT_PDF; format++) {
        driver_key(driver, 'e', 0);
        driver_control(driver, ACT_EXPORT_WHAT, EXPORT_SLOTS);
        driver_control(driver, ACT_EXPORT_FORMAT, format);
        driver_control(driver, ACT_EXPORT_SAVE, 0);
        assert_non_null(strstr(driver->saved, endings[format]));
        assert_true(format == EXPORT_PNG ? strstr(driver->saved, "machine-2.png") != NULL
                                         : driver->saved_scale == 1);
    }
    driver_free(driver);
}

static void a_tensor_as_csv(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    driver_key(driver, 'e', 0);
    driver_control(driver, ACT_EXPORT_WHAT, 0);
    driver_control(driver, ACT_EXPORT_FORMAT, EXPORT_CSV);
    driver_control(driver, ACT_EXPORT_SAVE, 0);
    const char *path =
        path_join(&driver->arena, driver->out, "attnscope-01-tiny-machine-dec.attn.weight.csv");
    Bytes bytes;
    Error error = {0};
    if (!file_read(&driver->arena, path, 1 << 20, &bytes, &error)) fail_msg("%s", error.text);
    Table table = parse_csv(&driver->arena, bytes.at);
    const TraceEntry *weights = driver_entry(driver, "dec.attn.weight");
    assert_int_equal(table.rows, weights->dim[0] + 1);
    assert_string_equal(table.cell[0], "target");
    for (int i = 0; i < weights->dim[1]; i++)
        assert_string_equal(table.cell[1 + i], trace_label(app_trace(driver->app), weights, 1, i));
    assert_string_equal(table.cell[table.columns], trace_label(app_trace(driver->app), weights, 0, 0));
    driver_key(driver, 'e', 0); /* the whole screen: every tensor in sight takes its turn */
    driver_control(driver, ACT_EXPORT_WHAT, EXPORT_SLOTS);
    const TraceEntry *first = export_tensor(driver->app);
    driver_control(driver, ACT_EXPORT_TENSOR, 1);
    assert_ptr_not_equal(export_tensor(driver->app), first);
    driver_free(driver);
}

static void failures_stay_in_the_panel(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    driver->refuse = true;
    driver_key(driver, 'e', 0);
    driver_control(driver, ACT_EXPORT_SAVE, 0);
    assert_int_equal(driver->app->panel, PANEL_EXPORT);
    assert_int_equal(driver->app->export.error.code, EXIT_SYSTEM);
    driver_frame(driver);
    bool told = false;
    for (int i = 0; i < driver->list.count; i++)
        told |=
            driver->list.command[i].kind == DRAW_TEXT && strstr(driver->list.command[i].text, "cannot save");
    assert_true(told);
    char command[160];
    snprintf(command, sizeof command, "rm -r '%s'", driver->out);
    assert_int_equal(system(command), 0);
    driver_control(driver, ACT_EXPORT_FORMAT, EXPORT_CSV); /* into a folder that is gone */
    driver_control(driver, ACT_EXPORT_SAVE, 0);
    assert_int_equal(driver->app->panel, PANEL_EXPORT);
    assert_int_equal(driver->app->export.error.code, EXIT_SYSTEM);
    driver_key(driver, KEY_ESCAPE, 0);
    assert_int_equal(driver->app->panel, PANEL_NONE);
    action_run(driver->app, ACT_COPY_SENTENCE, 0);
    assert_string_equal(driver->app->notice, app_word(driver->app, WORD_NO_CLIPBOARD));
    driver_free(driver);
}

/* ---- the clipboard ---- */

static void values_rows_and_sentences(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    const TraceEntry *weights = driver_entry(driver, "dec.attn.weight");
    int entry = trace_find(app_trace(driver->app), "dec.attn.weight"), width = weights->dim[1];
    driver_key(driver, 'c', MOD_CTRL); /* nothing chosen: the translation */
    assert_string_equal(driver->clipboard, driver->app->session.original.text);
    assert_true(driver_hit(driver, HIT_CELL, entry, width + 2, BUTTON_RIGHT));
    driver_control(driver, ACT_COPY, 0);
    assert_true(strtof(driver->clipboard, NULL) == weights->value[width + 2]);
    driver_key(driver, 'c', MOD_CTRL);
    assert_true(strtof(driver->clipboard, NULL) == weights->value[width + 2]);
    action_run(driver->app, ACT_COPY_ROW, 0);
    const char *at = driver->clipboard;
    for (int i = 0; i < width; i++) {
        char *end;
        assert_true(strtof(at, &end) == weights->value[width + i]);
        assert_int_equal(*end, i + 1 < width ? '\t' : 0);
        at = end + 1;
    }
    action_run(driver->app, ACT_COPY_SENTENCE, 0);
    assert_string_equal(driver->clipboard, "a bc ab .");
    action_run(driver->app, ACT_COPY_TRANSLATION, 0);
    assert_string_equal(driver->clipboard, driver->app->session.original.text);
    driver_free(driver);
}

static void equations_as_text(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    driver_key(driver, KEY_ESCAPE, 0);
    action_run(driver->app, ACT_COPY_EQUATION, 0); /* all of the step, their numbers in place */
    assert_memory_equal(driver->clipboard, "s = ", 4);
    char *end;
    strtod(driver->clipboard + 4, &end);
    assert_true(end > driver->clipboard + 4);
    assert_null(strstr(driver->clipboard, "dec.attn"));
    float x, y;
    driver_frame(driver);
    assert_true(driver_find(driver, HIT_EQUATION, 0, 1, &x, &y)); /* $h_i$ inside the first paragraph */
    driver_click(driver, x, y, BUTTON_LEFT);
    driver_key(driver, 'c', MOD_CTRL);
    assert_string_equal(driver->clipboard, "h_i");
    driver_free(driver);
}

/* Inline mathematics takes the colour of the words around it; a symbol lights its tensor and the other way round. */
static void symbols_and_pictures(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    const Theme *theme = theme_get(THEME_LIGHT);
    int quiet = 0, ink = 0;
    driver_still(driver);
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *command = &driver->list.command[i];
        if (command->kind != DRAW_GLYPHS) continue;
        quiet += memcmp(&command->fill, &theme->quiet, sizeof(Color)) == 0;
        ink += memcmp(&command->fill, &theme->ink, sizeof(Color)) == 0;
    }
    assert_true(quiet == 1 && ink >= 2);
    int states = trace_find(app_trace(driver->app), "dec.state");
    float x, y;
    int before = driver->list.count;
    assert_true(driver_find(driver, HIT_TERM, states, -1, &x, &y));
    for (int i = 0; i < driver->list.hit_count; i++) /* the symbol in the text, not the picture's title */
        if (driver->list.hit[i].kind == HIT_TERM && driver->list.hit[i].a == states &&
            driver->list.hit[i].rect.x < 360)
            x = driver->list.hit[i].rect.x + 2, y = driver->list.hit[i].rect.y + 2;
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y});
    driver_frame(driver);
    bool lit = false;
    for (int i = 0; i < driver->list.count; i++) {
        const DrawCommand *command = &driver->list.command[i];
        lit |= command->kind == DRAW_RECT && command->stroke.a && command->width == 2.5f &&
               command->rect.x > 360;
    }
    assert_true(lit && driver->list.count > before);
    assert_true(
        driver_find(driver, HIT_CELL, states, -1, &x, &y)); /* and back: the picture lights the symbol */
    app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y});
    driver_frame(driver);
    lit = false;
    for (int i = 0; i < driver->list.count; i++)
        lit |= driver->list.command[i].kind == DRAW_GLYPHS &&
               memcmp(&driver->list.command[i].fill, &theme->accent, sizeof(Color)) == 0;
    assert_true(lit);
    driver_free(driver);
}

TEST_GROUP(export, cmocka_unit_test(numbers_read_back),
           cmocka_unit_test(a_matrix_with_labels_that_need_quotes), cmocka_unit_test(every_tensor_reads_back),
           cmocka_unit_test(pictures_of_the_screen_and_of_a_view), cmocka_unit_test(a_tensor_as_csv),
           cmocka_unit_test(failures_stay_in_the_panel), cmocka_unit_test(values_rows_and_sentences),
           cmocka_unit_test(equations_as_text), cmocka_unit_test(symbols_and_pictures));
