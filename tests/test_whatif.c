/* test_whatif.c — changing the run by hand: each kind by keys and by menu, what follows, giving back, undo without a limit,
 * exact reset; and the command line makes the very same run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>
#include "app/whatif.h"
#include "app_driver.h"
#include "cli/cli.h"

enum { ROW = 2, COLUMN = 1 };

static int id_of(const Driver *driver, const char *name)
{
    int id = trace_find(app_trace(driver->app), name);
    assert_true(id >= 0);
    return id;
}

static void choose(Driver *driver, const char *name, int row, int column)
{
    const TraceEntry *entry = driver_entry(driver, name);
    driver->app->selected = (HitArea){
        .kind = HIT_CELL, .a = id_of(driver, name), .b = (int64_t)row * entry->dim[entry->rank - 1] + column};
}

static const float *row_of(const Driver *driver, const char *name, int row)
{
    const TraceEntry *entry = driver_entry(driver, name);
    return entry->value + (int64_t)row * entry->dim[entry->rank - 1];
}

static float *keep_row(Driver *driver, const char *name, int row, int *width)
{
    const TraceEntry *entry = driver_entry(driver, name);
    *width = entry->dim[entry->rank - 1];
    float *copy = arena_array(&driver->arena, float, (size_t)*width);
    memcpy(copy, row_of(driver, name, row), sizeof *copy * (size_t)*width);
    return copy;
}

static double sum_of(const float *row, int width)
{
    double sum = 0;
    for (int i = 0; i < width; i++) sum += (double)row[i];
    return sum;
}

/* ---- what each kind does ---- */

static void weights_are_shared_out(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    int width;
    float *before = keep_row(driver, "dec.attn.weight", ROW, &width);
    choose(driver, "dec.attn.weight", ROW, COLUMN);
    driver_key(driver, 'u', 0);
    for (int i = 0; i < width; i++)
        assert_float_equal(row_of(driver, "dec.attn.weight", ROW)[i], 1.0 / width, 1e-7);
    assert_non_null(strstr(driver->app->notice, "dec.attn.weight"));
    choose(driver, "dec.attn.weight", ROW, COLUMN);
    driver_key(driver, 'o', 0);
    for (int i = 0; i < width; i++)
        assert_true(row_of(driver, "dec.attn.weight", ROW)[i] == (float)(i == COLUMN));
    driver_key(driver, 'z', MOD_CTRL);
    driver_key(driver, 'z', MOD_CTRL);
    assert_memory_equal(row_of(driver, "dec.attn.weight", ROW), before, sizeof *before * (size_t)width);
    choose(driver, "dec.attn.weight", ROW, COLUMN);
    driver_key(driver, '0', 0);
    const float *row = row_of(driver, "dec.attn.weight", ROW);
    assert_true(row[COLUMN] == 0);
    assert_float_equal(sum_of(row, width), 1, 1e-6);
    for (int i = 0; i < width; i++) /* the others keep their proportions */
        if (i != COLUMN)
            assert_float_equal(row[i] / row[COLUMN ? 0 : 1], before[i] / before[COLUMN ? 0 : 1], 1e-4);
    driver_key(driver, KEY_DELETE, 0);
    assert_false(driver->app->session.changed);
    assert_memory_equal(row_of(driver, "dec.attn.weight", ROW), before, sizeof *before * (size_t)width);
    driver_free(driver);
}

static void states_are_scaled(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    int width;
    float *before = keep_row(driver, "dec.state", ROW, &width),
          *word = keep_row(driver, "dec.prob", ROW, &width);
    width = driver_entry(driver, "dec.state")->dim[1];
    static const struct {
        int key, modifiers;
        float factor;
        bool row;
    } rows[] = {{'0', 0, 0, false},         {',', 0, 0.5f, false},        {'.', 0, 2, false},
                {'0', MOD_SHIFT, 0, true},  {',', MOD_SHIFT, 0.5f, true}, {'.', MOD_SHIFT, 2, true},
                {'[', 0, 1 / 1.25f, false}, {']', 0, 1.25f, false}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        choose(driver, "dec.state", ROW, COLUMN);
        driver_key(driver, rows[k].key, rows[k].modifiers);
        const float *row = row_of(driver, "dec.state", ROW);
        for (int i = 0; i < width; i++) {
            bool hit = rows[k].row || i == COLUMN;
            assert_true(row[i] == (hit ? rows[k].factor * before[i] : before[i]));
        }
        assert_true(memcmp(row_of(driver, "dec.prob", ROW), word, sizeof *word * 8) !=
                    0); /* everything after follows */
        assert_int_equal(driver->app->session.undo.count, 1);
        driver_key(driver, 'z', MOD_CTRL);
        assert_memory_equal(row_of(driver, "dec.state", ROW), before, sizeof *before * (size_t)width);
    }
    driver_free(driver);
}

static void a_frozen_row_stays(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    int width;
    float *before = keep_row(driver, "dec.attn.weight", ROW, &width);
    choose(driver, "dec.attn.weight", 0, 0);
    driver_key(driver, 'o', 0); /* an earlier row: later ones follow */
    assert_true(memcmp(row_of(driver, "dec.attn.weight", ROW), before, sizeof *before * (size_t)width) != 0);
    driver_key(driver, 'z', MOD_CTRL);
    choose(driver, "dec.attn.weight", ROW, 0);
    driver_key(driver, 'f', 0);
    assert_memory_equal(row_of(driver, "dec.attn.weight", ROW), before, sizeof *before * (size_t)width);
    assert_true(driver->app->session.changed);
    choose(driver, "dec.attn.weight", 0, 0);
    driver_key(driver, 'o', 0);
    assert_memory_equal(row_of(driver, "dec.attn.weight", ROW), before, sizeof *before * (size_t)width);
    choose(driver, "dec.attn.weight", ROW, 0);
    driver_key(driver, 'f', 0); /* let it go */
    assert_true(memcmp(row_of(driver, "dec.attn.weight", ROW), before, sizeof *before * (size_t)width) != 0);
    driver_free(driver);
}

static void a_forced_word_and_back(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    int own = driver->app->session.original.target[ROW];
    choose(driver, "dec.attn.weight", ROW, 0);
    driver_key(driver, 'n', 0);
    assert_int_equal(driver->app->panel, PANEL_WORDS);
    driver_frame(driver);
    driver_key(driver, KEY_DOWN, 0);
    driver_frame(driver);
    int wanted = (int)driver->app->focus.b;
    assert_int_equal(driver->app->focus.a, ACT_FORCE_ID);
    assert_int_not_equal(wanted, own);
    driver_key(driver, KEY_ENTER, 0);
    assert_int_equal(driver->app->panel, PANEL_NONE);
    assert_int_equal(driver->app->session.current.target[ROW], wanted);
    for (int row = 0; row < ROW; row++)
        assert_int_equal(driver->app->session.current.target[row], driver->app->session.original.target[row]);
    assert_int_equal(edit_forced(&driver->app->session.edit, ROW), wanted);
    driver_key(driver, 'n', 0);
    driver_control(driver, ACT_UNFORCE, 0);
    assert_false(driver->app->session.changed);
    driver_free(driver);
}

/* ---- reached by menu as well ---- */

static void the_menu_does_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *entry;
        int action, key, modifiers;
    } rows[] = {{"dec.attn.weight", ACT_UNIFORM, 'u', 0},
                {"dec.attn.weight", ACT_ONE_HOT, 'o', 0},
                {"dec.attn.weight", ACT_FREEZE, 'f', 0},
                {"dec.attn.weight", ACT_ZERO, '0', 0},
                {"dec.state", ACT_ZERO, '0', 0},
                {"dec.state", ACT_HALVE, ',', 0},
                {"dec.state", ACT_DOUBLE, '.', 0},
                {"dec.state", ACT_ZERO_ROW, '0', MOD_SHIFT},
                {"dec.state", ACT_HALVE_ROW, ',', MOD_SHIFT},
                {"dec.state", ACT_DOUBLE_ROW, '.', MOD_SHIFT}};
    Driver *driver = driver_make("tiny-rnn");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int width = driver_entry(driver, rows[i].entry)->dim[1];
        assert_true(driver_hit(driver, HIT_CELL, id_of(driver, rows[i].entry), (int64_t)ROW * width + COLUMN,
                               BUTTON_RIGHT));
        assert_int_equal(driver->app->panel, PANEL_MENU);
        driver_control(driver, rows[i].action, 0);
        assert_int_equal(driver->app->panel, PANEL_NONE);
        Edit by_menu = edit_copy(&driver->app->session.edit);
        assert_int_equal(by_menu.change_count, 1);
        driver_key(driver, 'z', MOD_CTRL);
        choose(driver, rows[i].entry, ROW, COLUMN);
        driver_key(driver, rows[i].key, rows[i].modifiers);
        assert_true(edit_equal(&by_menu, &driver->app->session.edit));
        edit_free(&by_menu);
        driver_key(driver, 'z', MOD_CTRL);
    }
    driver_free(driver);
}

/* What was changed can be taken back and had again with the mouse alone, also when no change is left to list. */
static void undo_and_redo_in_the_menu(void **state)
{
    (void)state;
    static const int actions_in_turn[] = {ACT_UNDO, ACT_REDO};
    Driver *driver = driver_make("tiny-rnn");
    int width = driver_entry(driver, "dec.attn.weight")->dim[1];
    int64_t cell = (int64_t)ROW * width + COLUMN;
    assert_true(driver_hit(driver, HIT_CELL, id_of(driver, "dec.attn.weight"), cell, BUTTON_RIGHT));
    driver_control(driver, ACT_UNIFORM, 0);
    assert_true(driver->app->session.changed);
    for (int i = 0; i < 4; i++) {
        assert_true(driver_hit(driver, HIT_CELL, id_of(driver, "dec.attn.weight"), cell, BUTTON_RIGHT));
        assert_int_equal(driver->app->panel, PANEL_MENU);
        driver_control(driver, actions_in_turn[i % 2], 0);
        assert_int_equal(driver->app->session.changed, i % 2);
    }
    driver_free(driver);
}

static void the_menu_by_keys_alone(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    driver_key(driver, KEY_DOWN, MOD_SHIFT); /* the weights of the row on screen */
    driver_key(driver, KEY_MENU, 0);
    assert_int_equal(driver->app->panel, PANEL_MENU);
    driver_frame(driver);
    assert_int_equal(driver->app->focus.a, ACT_EXPLAIN);
    for (int i = 0; i < 30 && driver->app->focus.a != ACT_UNIFORM; i++) {
        driver_key(driver, KEY_DOWN, 0);
        driver_frame(driver);
    }
    driver_key(driver, KEY_ENTER, 0);
    assert_int_equal(driver->app->session.edit.change[0].kind, CHANGE_UNIFORM);
    driver_frame(driver);
    driver_key(driver, 'v', 0); /* another tensor */
    assert_int_not_equal(driver->app->selected.a, id_of(driver, "dec.attn.weight"));
    driver_key(driver, KEY_F10, MOD_SHIFT);
    assert_int_equal(driver->app->panel, PANEL_MENU);
    driver_key(driver, KEY_ESCAPE, 0);
    assert_int_equal(driver->app->panel, PANEL_NONE);
    driver_key(driver, 'k', 0);
    assert_int_equal(driver->app->panel, PANEL_CHANGES);
    driver_control(driver, ACT_DROP_CHANGE, 0);
    assert_false(driver->app->session.changed);
    assert_int_equal(driver->app->panel, PANEL_NONE); /* nothing is left to list */
    driver_free(driver);
}

static void what_cannot_be_changed_is_said(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    static const struct {
        const char *entry;
        int key, modifiers;
    } rows[] = {{"dec.prob", '0', 0},
                {"weight.enc.key.weight", 'u', 0},
                {"dec.state", 'u', 0},
                {"dec.attn.weight", '0', MOD_SHIFT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        choose(driver, rows[i].entry, 0, 0);
        driver->app->notice[0] = 0;
        driver_key(driver, rows[i].key, rows[i].modifiers);
        assert_false(driver->app->session.changed);
        assert_true(driver->app->notice[0]);
        assert_int_equal(driver->app->session.undo.count, 0);
    }
    driver->app->selected = (HitArea){.kind = HIT_NONE};
    driver_key(driver, 'u', 0);
    assert_string_equal(driver->app->notice, app_word(driver->app, WORD_CHOOSE_FIRST));
    driver_free(driver);
}

/* ---- back again ---- */

static void reset_is_exact(void **state)
{
    (void)state;
    static const int keys[] = {'u', 'o', 'f', '0', '[', ']'};
    Driver *driver = driver_make("tiny-rnn");
    uint64_t first = driver_still(driver);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        choose(driver, i % 2 ? "dec.attn.weight" : "dec.state", (int)i % 3, COLUMN);
        driver_key(driver, keys[i], 0);
        choose(driver, "dec.attn.weight", 1, 0);
        driver_key(driver, keys[i], 0);
        choose(driver, "dec.attn.weight", ROW, 0);
        driver_key(driver, 'n', 0);
        driver_frame(driver);
        driver_key(driver, KEY_ENTER, 0);
        assert_true(driver_still(driver) != first);
        driver_key(driver, 'r', 0);
        driver_key(driver, KEY_ESCAPE, 0); /* nothing is chosen any more */
        assert_true(driver_still(driver) == first);
    }
    driver_free(driver);
}

static void undo_has_no_small_limit(void **state)
{
    (void)state;
    enum { EDITS = 1000 };
    Driver *driver = driver_make("tiny-rnn");
    uint64_t first = driver_still(driver);
    for (int i = 0; i < EDITS; i++) {
        choose(driver, "dec.attn.weight", i % 3, i % 2);
        driver_key(driver, i % 7 ? ']' : 'o', 0);
        if (i % 7) driver_key(driver, i % 5 ? '[' : 'u', 0);
    }
    driver_key(driver, KEY_ESCAPE, 0);
    uint64_t last = driver_still(driver);
    int count = driver->app->session.undo.count;
    assert_true(count > EDITS);
    for (int i = 0; i < count; i++) driver_key(driver, 'z', MOD_CTRL);
    assert_true(driver_still(driver) == first);
    assert_false(driver->app->session.changed);
    driver_key(driver, 'z', MOD_CTRL);
    assert_string_equal(driver->app->notice, app_word(driver->app, WORD_NOTHING_TO_UNDO));
    for (int i = 0; i < count; i++) driver_key(driver, 'y', MOD_CTRL);
    assert_true(driver_still(driver) == last);
    driver_free(driver);
}

static void undo_is_bounded_by_memory(void **state)
{
    (void)state;
    EditStack stack = {.most = 10000};
    Edit edit = edit_of_sentence("a sentence that takes some room");
    for (int i = 0; i < 1000; i++) {
        edit_force(&edit, i % 50, i);
        edit_push(&stack, &edit);
        assert_true(stack.bytes <= 10000);
    }
    assert_in_range(stack.count, 10, 200);
    assert_true(edit_equal(edit_top(&stack), &edit)); /* the latest is kept */
    while (stack.count) {
        Edit popped = edit_pop(&stack);
        edit_free(&popped);
    }
    assert_int_equal(stack.bytes, 0);
    edit_stack_clear(&stack);
    edit_free(&edit);
}

static Change plain(const char *entry, long long first, int count, float value)
{
    Change change = {.first = first, .count = count, .kind = CHANGE_SET};
    snprintf(change.entry, sizeof change.entry, "%s", entry);
    change.value = memory_resize(NULL, sizeof(float) * (size_t)count);
    for (int i = 0; i < count; i++) change.value[i] = value;
    return change;
}

static void later_changes_cover_earlier_ones(void **state)
{
    (void)state;
    Edit edit = edit_of_sentence("x");
    assert_true(edit_add(&edit, plain("a", 4, 1, 1)));
    assert_true(edit_add(&edit, plain("a", 6, 1, 2)));
    assert_true(edit_add(&edit, plain("b", 6, 1, 3)));
    assert_true(edit_add(&edit, plain("a", 4, 4, 4))); /* covers both of a */
    assert_int_equal(edit.change_count, 2);
    assert_true(edit_change_of(&edit, "a", 6)->value[0] == 4);
    assert_true(edit_add(&edit, plain("a", 5, 1, 5))); /* inside: acts after it */
    assert_true(edit_change_of(&edit, "a", 5)->value[0] == 5);
    assert_true(edit_change_of(&edit, "a", 4)->value[0] == 4);
    assert_null(edit_change_of(&edit, "a", 8));
    assert_int_equal(edit_release(&edit, "a", 4, 1), 1);
    assert_int_equal(edit.change_count, 2);
    for (int i = 0; edit.change_count < MODEL_MAX_OVERRIDES; i++)
        assert_true(edit_add(&edit, plain("c", i, 1, 0)));
    Change one_more = plain("d", 0, 1, 0);
    assert_false(edit_add(&edit, one_more));
    change_free(&one_more);
    assert_true(edit_add(&edit, plain("c", 3, 1, 1))); /* in place of one that is there */
    edit_free(&edit);
}

/* ---- the command line ---- */

/* Words of a command, with single quotes as a shell understands them. */
static int split(Arena *arena, const char *text, char **word, int most)
{
    int count = 0;
    while (*text && count < most) {
        char *out = word[count++] = arena_push(arena, strlen(text) + 1);
        for (bool quoted = false; *text && (quoted || *text != ' '); text++) {
            if (*text == '\'') quoted = !quoted;
            else if (*text == '\\' && !quoted) *out++ = *++text;
            else *out++ = *text;
        }
        while (*text == ' ') text++;
    }
    return count;
}

/* Runs `attnscope trace …` and gives what it saved. */
static Trace *traced(Driver *driver, const char *command)
{
    char *word[80];
    int count = split(&driver->arena, command, word, 79);
    char *path = arena_format(&driver->arena, "%s/run.safetensors", driver->root);
    for (int i = 0; i + 1 < count; i++) {
        if (strcmp(word[i], "--model") == 0)
            word[i + 1] = arena_format(&driver->arena, "tests/data/%s", word[i + 1]);
        if (strcmp(word[i], "--out") == 0) word[i + 1] = path;
    }
    word[count] = NULL;
    Platform platform = {0};
    Error error = {0};
    int said = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY); /* its notes are not this test's */
    dup2(nowhere, STDERR_FILENO);
    ExitCode code = (ExitCode)cli_main(count, word, &platform);
    dup2(said, STDERR_FILENO);
    close(said);
    close(nowhere);
    if (code != EXIT_DONE) fail_msg("%s", command);
    Trace *trace = arena_new(&driver->arena, Trace);
    if (!trace_read(&driver->arena, path, trace, &error)) fail_msg("%s", error.text);
    return trace;
}

static void same_run(const Trace *a, const Trace *b)
{
    assert_int_equal(a->entry_count, b->entry_count);
    for (int i = 0; i < a->entry_count; i++) {
        int other = trace_find(b, a->entry[i].name);
        assert_true(other >= 0);
        assert_int_equal(trace_count(&a->entry[i]), trace_count(&b->entry[other]));
        if (memcmp(a->entry[i].value, b->entry[other].value, sizeof(float) * trace_count(&a->entry[i])) != 0)
            fail_msg("%s differs", a->entry[i].name);
    }
}

static void the_command_line_makes_the_same_run(void **state)
{
    (void)state;
    static const struct {
        const char *entry;
        int key, modifiers;
        const char *override; /* the same in words; NULL: only as values */
    } rows[] = {
        {"dec.attn.weight", 'u', 0, "dec.attn.weight[2,*]=uniform"},
        {"dec.attn.weight", 'o', 0, "dec.attn.weight[2,1]=one-hot"},
        {"dec.attn.weight", 'f', 0, "dec.attn.weight[2,*]=freeze"},
        {"dec.attn.weight", '0', 0, "dec.attn.weight[2,1]=share:0"},
        {"dec.attn.weight", ']', 0, NULL},
        {"dec.state", '0', 0, "dec.state[2,1]=scale:0"},
        {"dec.state", ',', 0, "dec.state[2,1]=scale:0.5"},
        {"dec.state", ',', MOD_SHIFT, "dec.state[2,*]=scale:0.5"},
        {"dec.state", '0', MOD_SHIFT, "dec.state[2,*]=scale:0"},
        {"dec.state", KEY_DELETE, MOD_SHIFT, "dec.state[2,1]=cut"},
        {"enc.state", '.', MOD_SHIFT, "enc.state[2,*]=scale:2"},
        {"dec.logit", '.', 0, "dec.logit[2,1]=scale:2"},
    };
    Driver *driver = driver_make("tiny-rnn");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        choose(driver, rows[i].entry, ROW, COLUMN);
        driver_key(driver, rows[i].key, rows[i].modifiers);
        assert_true(driver->app->session.changed);
        action_run(driver->app, ACT_COPY_COMMAND, 0);
        same_run(app_trace(driver->app), traced(driver, driver->clipboard));
        if (rows[i].override) {
            const char *command = arena_format(
                &driver->arena, "attnscope trace --model tiny-rnn --override '%s' --out x.safetensors '%s'",
                rows[i].override, driver->app->session.edit.sentence);
            same_run(app_trace(driver->app), traced(driver, command));
        }
        driver_key(driver, 'r', 0);
    }
    driver_free(driver);
}

/* One after the other, as a learner does it: each is about the run that the ones before made. */
static void many_changes_and_a_forced_word(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    choose(driver, "dec.attn.weight", 0, 1);
    driver_key(driver, 'o', 0);
    choose(driver, "dec.state", 1, 2);
    driver_key(driver, ',', 0);
    choose(driver, "dec.attn.weight", ROW, 0);
    driver_key(driver, 'f', 0);
    whatif_force(driver->app, 1, 65);
    action_run(driver->app, ACT_COPY_COMMAND, 0);
    same_run(app_trace(driver->app), traced(driver, driver->clipboard));
    const char *command =
        arena_format(&driver->arena,
                     "attnscope trace --model tiny-rnn --override 'dec.attn.weight[0,1]=one-hot' --override "
                     "'dec.state[1,2]=scale:0.5' "
                     "--override 'dec.attn.weight[2,*]=freeze' --force '1=#65' --out x.safetensors '%s'",
                     driver->app->session.edit.sentence);
    same_run(app_trace(driver->app), traced(driver, command));
    driver_free(driver);
}

/* A drag with the pointer, on the Transformer's heads as well. */
static void a_drag_is_the_same_run_too(void **state)
{
    (void)state;
    static const struct {
        const char *model, *entry;
    } rows[] = {{"tiny-rnn", "dec.attn.weight"}, {"tiny-transformer-pre", "dec.0.cross.weight"}};
    for (size_t i = 0; i < 2; i++) {
        Driver *driver = driver_make(rows[i].model);
        float x, y;
        driver_frame(driver);
        int width = driver_entry(driver, rows[i].entry)->dim[driver_entry(driver, rows[i].entry)->rank - 1];
        assert_true(driver_find(driver, HIT_CELL, id_of(driver, rows[i].entry), width + 1, &x, &y));
        app_event(driver->app, &(AppEvent){.kind = APP_PRESS, .x = x, .y = y, .button = BUTTON_LEFT});
        for (int k = 1; k <= 9; k++)
            app_event(driver->app, &(AppEvent){.kind = APP_MOTION, .x = x, .y = y - 7.3f * (float)k});
        app_event(driver->app, &(AppEvent){.kind = APP_RELEASE, .x = x, .y = y - 66, .button = BUTTON_LEFT});
        const TraceEntry *entry = driver_entry(driver, rows[i].entry);
        assert_float_equal(sum_of(entry->value + width, width), 1, 1e-6);
        assert_int_equal(driver->app->session.undo.count, 1);
        action_run(driver->app, ACT_COPY_COMMAND, 0);
        same_run(app_trace(driver->app), traced(driver, driver->clipboard));
        driver_free(driver);
    }
}

static void texts_that_are_no_change(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",          "x",           "x[",           "x[]=1",         "x[1",       "[1]=1",
        "x[1]",      "x[1]=",       "x[-1]=1",      "x[1]=1,",       "x[1]=nan",  "x[1,2,3,4,5,6]=1",
        "x[*,1]=1",  "x[1]=scale:", "x[1]=scale:x", "x[1]=uniforms", "x[1]=cuts", "x[a]=1",
        "x[1]=share"};
    Driver *driver = driver_make("tiny-rnn");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Change change;
        Error error = {0};
        bool wants_trace;
        if (change_read(NULL, bad[i], &change, &wants_trace, &error))
            fail_msg("%s is read as a change", bad[i]);
        if (wants_trace)
            assert_false(change_read(app_trace(driver->app), bad[i], &change, &wants_trace, &error));
        assert_true(error.code == EXIT_USAGE || error.code == EXIT_INPUT);
    }
    static const char *const outside[] = {"dec.attn.weight[0,99]=1",  "dec.attn.weight[0]=scale:2",
                                          "dec.prob[0,0]=scale:2",    "no.such[0,*]=freeze",
                                          "dec.attn.weight[0,1]=cut", "dec.state[0,*]=uniform",
                                          "weight.embed[0,*]=freeze"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        Change change;
        Error error = {0};
        bool wants_trace;
        if (change_read(app_trace(driver->app), outside[i], &change, &wants_trace, &error))
            fail_msg("%s is possible", outside[i]);
        assert_true(error.code != 0);
    }
    driver_free(driver);
}

TEST_GROUP(whatif, cmocka_unit_test(weights_are_shared_out), cmocka_unit_test(states_are_scaled),
           cmocka_unit_test(a_frozen_row_stays), cmocka_unit_test(a_forced_word_and_back),
           cmocka_unit_test(the_menu_does_the_same), cmocka_unit_test(undo_and_redo_in_the_menu),
           cmocka_unit_test(the_menu_by_keys_alone), cmocka_unit_test(what_cannot_be_changed_is_said),
           cmocka_unit_test(reset_is_exact), cmocka_unit_test(undo_has_no_small_limit),
           cmocka_unit_test(undo_is_bounded_by_memory), cmocka_unit_test(later_changes_cover_earlier_ones),
           cmocka_unit_test(the_command_line_makes_the_same_run),
           cmocka_unit_test(many_changes_and_a_forced_word), cmocka_unit_test(a_drag_is_the_same_run_too),
           cmocka_unit_test(texts_that_are_no_change));
