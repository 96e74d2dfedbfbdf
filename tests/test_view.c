/* test_view.c — what must hold of every picture at every moment: it stays in its rectangle, shows no number without an
 * origin, gives nothing away, and is the same twice. The stored pictures are test_view_stored.c's. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "test.h"
#include "trace/explain.h"
#include "view_sample.h"

/* ---- what must hold of every picture ---- */

static void fail_at(const ViewInput *in, Shown shown, const char *what)
{
    fail_msg("%s %s at encoded %d row %d stage %s, progress %g, %g x %g, type %g: %s", shown.view,
             shown.entry, in->moment.encoded, in->moment.row, stage_name(in->moment.stage),
             (double)in->progress, (double)in->rect.w, (double)in->rect.h, (double)in->type_scale, what);
}

/* Rims and rounded ends may stand out by half a gap. */
static bool inside(const ViewInput *in, Rect r, float rim)
{
    const Rect *all = &in->rect;
    return r.x >= all->x - rim && r.y >= all->y - rim && r.x + r.w <= all->x + all->w + rim &&
           r.y + r.h <= all->y + all->h + rim;
}

static Rect extent(const ViewInput *in, const DrawCommand *command)
{
    Rect r = command->rect;
    if (command->kind != DRAW_TEXT && command->kind != DRAW_VALUE) return r;
    float w = text_width(in->metrics, command->font, command->width, command->text);
    float x = command->align == ALIGN_LEFT ? r.x : command->align == ALIGN_RIGHT ? r.x - w : r.x - w / 2;
    return (Rect){x, r.y - 0.7f * command->width, w, 0.7f * command->width};
}

static void stays_inside(const ViewInput *in, Shown shown, const DrawList *list)
{
    float rim = 4 * in->type_scale + 2;
    for (int i = 0; i < list->count; i++) {
        Rect r = extent(in, &list->command[i]);
        if (!inside(in, r, rim) || !isfinite(r.x + r.y + r.w + r.h)) {
            char what[200];
            snprintf(what, sizeof what, "command %d (kind %d, \"%s\") reaches to %g %g %g %g", i,
                     list->command[i].kind, list->command[i].text ? list->command[i].text : "", (double)r.x,
                     (double)r.y, (double)(r.x + r.w), (double)(r.y + r.h));
            fail_at(in, shown, what);
        }
    }
    for (int i = 0; i < list->hit_count; i++)
        if (!inside(in, list->hit[i].rect, rim)) fail_at(in, shown, "a hit area outside");
}

static int row_of(const TraceEntry *entry, int64_t index)
{
    return entry->rank ? (int)(index / (int64_t)trace_row_count(entry)) : 0;
}

static void numbers_have_origins(const ViewInput *in, Shown shown, const DrawList *list)
{
    for (int i = 0; i < list->count; i++) {
        const DrawCommand *command = &list->command[i];
        if (command->kind == DRAW_TEXT) /* no decimal fraction but by view_number */
            for (const char *at = command->text; *at; at++)
                if (at[0] >= '0' && at[0] <= '9' && at[1] == '.' && at[2] >= '0' && at[2] <= '9')
                    fail_at(in, shown, command->text);
        if (command->kind != DRAW_VALUE) continue;
        const ValueSource *value = &command->value;
        const Trace *trace = value->run ? in->original : in->trace;
        if (!trace || value->entry < 0 || value->entry >= trace->entry_count || value->index < 0 ||
            (size_t)value->index >= trace_count(&trace->entry[value->entry]))
            fail_at(in, shown, "a number of nothing");
        double again = view_reduce(trace, in->original, value->entry, value->index, value->reduction);
        if ((float)again != value->value && !(isnan(again) && isnan(value->value)))
            fail_at(in, shown, "another number");
        const TraceEntry *entry = &trace->entry[value->entry];
        if (value->reduction != REDUCE_LIMIT &&
            row_of(entry, value->index) >= moment_rows(trace, value->entry, in->moment))
            fail_at(in, shown, "a number that is not computed yet");
    }
}

static void hits_are_reached(const ViewInput *in, Shown shown, const DrawList *list)
{
    for (int i = 0; i < list->hit_count; i++) {
        const HitArea *hit = &list->hit[i];
        if (hit->kind == HIT_TOKEN) {
            if (hit->a < 0 || hit->a >= in->trace->sequence_count || hit->b < 0 ||
                hit->b >= in->trace->sequence[hit->a].count)
                fail_at(in, shown, "a token of nothing");
        }
        if (hit->kind != HIT_CELL && hit->kind != HIT_WORD) continue;
        const TraceEntry *entry = &in->trace->entry[hit->a];
        if (hit->b < 0 || (size_t)hit->b >= trace_count(entry)) fail_at(in, shown, "a cell of nothing");
        if (row_of(entry, hit->b) >= moment_rows(in->trace, hit->a, in->moment))
            fail_at(in, shown, "a cell that is not computed yet");
    }
}

/* The words to come are answers to questions. Words that are known for another reason are no secret. */
static void words_stay_secret(const ViewInput *in, Shown shown, const DrawList *list)
{
    int target = trace_sequence(in->trace, "target");
    const TraceSequence *words = &in->trace->sequence[target];
    if (strcmp(shown.view, "next-words") == 0 || strcmp(shown.entry, "dec.prob") == 0) return;
    int known = in->moment.row + (in->moment.stage == STAGE_WORD);
    for (int t = known; t < words->count; t++) {
        const char *word = words->token[t];
        if (strncmp(word, "▁", 3) != 0 || strlen(word) < 3 + 3)
            continue; /* "le" may be part of a broken "little" */
        bool secret = true;
        for (int k = 0; k < known && k < words->count; k++) secret &= strcmp(words->token[k], word) != 0;
        for (int i = 0; secret && i < list->count; i++)
            if (list->command[i].kind == DRAW_TEXT && strcmp(list->command[i].text, word + 3) == 0)
                fail_at(in, shown, word);
    }
}

void view_keeps_the_rules(Arena *frame, Shown shown, const ViewInput *in)
{
    DrawList list = view_drawn(frame, shown.view, in), again = view_drawn(frame, shown.view, in);
    if (strcmp(draw_print(frame, &list), draw_print(frame, &again)) != 0)
        fail_at(in, shown, "not the same twice");
    stays_inside(in, shown, &list);
    numbers_have_origins(in, shown, &list);
    hits_are_reached(in, shown, &list);
    words_stay_secret(in, shown, &list);
    arena_reset(frame);
}

static const Shown all_shown[] = {
    {"encoder-decoder", "dec.attn.weight"},
    {"heatmap", "dec.attn.weight"},
    {"heatmap", "enc.state"},
    {"heatmap", "dec.prob"},
    {"next-words", "dec.prob"},
    {"strip", "dec.state"},
    {"strip", "enc.state"},
    {"bars", "dec.attn.weight"},
    {"bars", "dec.attn.score"},
    {"target-line", "dec.logprob"},
    {"beam-tree", "also:beam.logprob"},
    {"alignment-lines", "also:ibm1.link"},
    {"bleu", "also:bleu.1.match"},
};
enum { ALL_SHOWN = sizeof all_shown / sizeof *all_shown };

static int all_moments(int source, int target, Moment *out)
{
    int count = 0;
    for (int i = 0; i <= source; i++) out[count++] = (Moment){i, 0, STAGE_NONE};
    for (int t = 0; t < target; t++)
        for (Stage stage = STAGE_STATE; stage < STAGE_COUNT; stage++)
            out[count++] = (Moment){source, t, stage};
    return count;
}

static void every_moment_keeps_the_rules(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), frame = arena_make("frame");
    const Trace *trace = view_sample(&arena, SAMPLE_SOURCE, SAMPLE_TARGET, false),
                *changed = view_sample(&arena, SAMPLE_SOURCE, SAMPLE_TARGET, true);
    TextMetrics metrics = metrics_fixed();
    Moment moment[SAMPLE_SOURCE + 1 + SAMPLE_TARGET * STAGE_COUNT];
    int moments = all_moments(SAMPLE_SOURCE, SAMPLE_TARGET, moment);
    static const float progress[] = {0, 0.3f, 0.7f, 1};
    for (int s = 0; s < ALL_SHOWN; s++)
        for (int m = 0; m < moments; m++)
            for (size_t p = 0; p < sizeof progress / sizeof *progress; p++) {
                ViewInput in =
                    view_input(p % 2 ? changed : trace, &metrics, all_shown[s], 856, 331, moment[m]);
                in.original = p % 2 ? trace : NULL;
                in.progress = progress[p];
                in.words = p == 3;
                view_keeps_the_rules(&frame, all_shown[s], &in);
                in.type_scale = 1.6f;
                in.language = LANGUAGE_ZH;
                in.theme = theme_get(THEME_DARK);
                in.hover = view_cell(in.trace, "dec.attn.weight", m % SAMPLE_TARGET, m % SAMPLE_SOURCE);
                view_keeps_the_rules(&frame, all_shown[s], &in);
            }
    arena_free(&frame);
    arena_free(&arena);
}

static void every_size_keeps_the_rules(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), frame = arena_make("frame");
    const Trace *trace = view_sample(&arena, SAMPLE_SOURCE, SAMPLE_TARGET, false);
    TextMetrics metrics = metrics_fixed();
    static const float side[] = {0, 1, 17, 64, 130, 187, 331, 700, 1500, 3400};
    enum { SIDES = sizeof side / sizeof *side };
    const Moment moment[] = {
        {0, 0, STAGE_NONE}, {SAMPLE_SOURCE, 2, STAGE_WEIGHT}, {SAMPLE_SOURCE, SAMPLE_TARGET - 1, STAGE_WORD}};
    for (int s = 0; s < ALL_SHOWN; s++)
        for (int i = 0; i < SIDES * SIDES; i++)
            for (int m = 0; m < 3; m++)
                for (int type = 0; type < 2; type++) {
                    ViewInput in = view_input(trace, &metrics, all_shown[s], side[i % SIDES], side[i / SIDES],
                                              moment[m]);
                    in.type_scale = type ? 1.6f : 1;
                    view_keeps_the_rules(&frame, all_shown[s], &in);
                }
    arena_free(&frame);
    arena_free(&arena);
}

static void few_and_many_tokens_keep_the_rules(void **state)
{
    (void)state;
    Arena arena = arena_make("test"), frame = arena_make("frame");
    TextMetrics metrics = metrics_fixed();
    static const int size[][2] = {{0, 0}, {1, 0},   {0, 1},   {1, 1},    {2, 3},
                                  {3, 1}, {40, 30}, {64, 70}, {512, 512}};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        const Trace *trace = view_sample(&arena, size[i][0], size[i][1], false);
        Moment end = moment_end(trace), middle = {size[i][0] / 2, 0, STAGE_NONE},
               late = {size[i][0], size[i][1] / 2, STAGE_WEIGHT};
        for (int s = 0; s < ALL_SHOWN; s++)
            for (int m = 0; m < 4; m++) {
                Moment moment = m == 0 ? moment_start() : m == 1 ? middle : m == 2 ? late : end;
                ViewInput in =
                    view_input(trace, &metrics, all_shown[s], m == 2 ? 700 : 856, m == 2 ? 187 : 331, moment);
                in.progress = m == 2 ? 0.6f : 1;
                if (m == 3 && size[i][0] > 1 && size[i][1] > 0)
                    in.hover = view_cell(trace, "dec.attn.weight", size[i][1] - 1, size[i][0] / 2);
                view_keeps_the_rules(&frame, all_shown[s], &in);
            }
        arena_reset(&arena);
    }
    arena_free(&frame);
    arena_free(&arena);
}

/* ---- single facts ---- */

typedef struct {
    Arena arena;
    TextMetrics metrics;
    const Trace *trace, *changed;
    ViewInput in;
} Fixture;

static Fixture fixture(Shown shown)
{
    Fixture f = {.arena = arena_make("test"), .metrics = metrics_fixed()};
    f.trace = view_sample(&f.arena, SAMPLE_SOURCE, SAMPLE_TARGET, false);
    f.changed = view_sample(&f.arena, SAMPLE_SOURCE, SAMPLE_TARGET, true);
    f.in = view_input(f.trace, NULL, shown, 856, 331, moment_end(f.trace));
    return f;
}

static int hits_of(const DrawList *list, int kind, int entry, int64_t from, int64_t to)
{
    int found = 0;
    for (int64_t b = from; b < to; b++) {
        bool there = false;
        for (int i = 0; i < list->hit_count; i++)
            there |= list->hit[i].kind == kind && list->hit[i].a == entry && list->hit[i].b == b;
        found += there;
    }
    return found;
}

static void every_cell_can_be_pointed_at(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"encoder-decoder", "dec.attn.weight"});
    f.in.metrics = &f.metrics;
    DrawList list = view_drawn(&f.arena, "encoder-decoder", &f.in);
    const struct {
        const char *entry;
        int from, count;
    } cells[] = {{"enc.state", 0, SAMPLE_SOURCE * SAMPLE_FEATURES},
                 {"dec.attn.score", (SAMPLE_TARGET - 1) * SAMPLE_SOURCE, SAMPLE_SOURCE},
                 {"dec.attn.weight", (SAMPLE_TARGET - 1) * SAMPLE_SOURCE, SAMPLE_SOURCE},
                 {"dec.state", (SAMPLE_TARGET - 1) * SAMPLE_FEATURES, SAMPLE_FEATURES},
                 {"dec.attn.context", (SAMPLE_TARGET - 1) * SAMPLE_FEATURES, SAMPLE_FEATURES},
                 {"dec.concat", (SAMPLE_TARGET - 1) * 2 * SAMPLE_FEATURES, 2 * SAMPLE_FEATURES}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        assert_int_equal(hits_of(&list, HIT_CELL, trace_find(f.trace, cells[i].entry), cells[i].from,
                                 cells[i].from + cells[i].count),
                         cells[i].count);
    list = view_drawn(&f.arena, "heatmap", &f.in);
    assert_int_equal(hits_of(&list, HIT_CELL, f.in.entry, 0, SAMPLE_SOURCE * SAMPLE_TARGET),
                     SAMPLE_SOURCE * SAMPLE_TARGET);
    arena_free(&f.arena);
}

static int values_of(const DrawList *list, int run, int entry, Reduction reduction)
{
    int found = 0;
    for (int i = 0; i < list->count; i++)
        found += list->command[i].kind == DRAW_VALUE && list->command[i].value.run == run &&
                 list->command[i].value.entry == entry && list->command[i].value.reduction == reduction;
    return found;
}

static void softmax_rows_print_sum_and_entropy(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"heatmap", "dec.attn.weight"});
    f.in.metrics = &f.metrics;
    DrawList list = view_drawn(&f.arena, "heatmap", &f.in);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_NONE), SAMPLE_SOURCE * SAMPLE_TARGET);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_SUM), SAMPLE_TARGET);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_ENTROPY), SAMPLE_TARGET);
    f.in.entry = trace_find(f.trace, "dec.attn.score");
    list = view_drawn(&f.arena, "heatmap", &f.in);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_SUM), 0);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_LIMIT), 1);
    arena_free(&f.arena);
}

/* A pointed cell of a complete row brings that row into the machine and the list of words. */
static void pointing_at_a_row_shows_it(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"encoder-decoder", "dec.attn.weight"});
    f.in.metrics = &f.metrics;
    f.in.moment = (Moment){SAMPLE_SOURCE, 4, STAGE_STATE};
    DrawList list = view_drawn(&f.arena, "encoder-decoder", &f.in);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_NONE), 0);
    f.in.hover = view_cell(f.trace, "dec.attn.weight", 1, 3);
    list = view_drawn(&f.arena, "encoder-decoder", &f.in);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_NONE), SAMPLE_SOURCE);
    assert_int_equal(hits_of(&list, HIT_CELL, f.in.entry, SAMPLE_SOURCE, 2 * SAMPLE_SOURCE), SAMPLE_SOURCE);
    f.in.hover = view_cell(f.trace, "dec.attn.weight", 5, 3); /* not there yet: nothing to show */
    list = view_drawn(&f.arena, "encoder-decoder", &f.in);
    assert_int_equal(values_of(&list, 0, f.in.entry, REDUCE_NONE), 0);
    arena_free(&f.arena);
}

/* The word that was written last is whole beside the last state, also in a narrow picture. */
static void the_last_word_is_whole(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"encoder-decoder", "dec.attn.weight"});
    f.in.metrics = &f.metrics;
    for (int w = 480; w <= 900; w += 10)
        for (int t = 1; t < SAMPLE_TARGET; t++) {
            f.in.rect = (Rect){16, 16, (float)w, 340};
            f.in.moment = (Moment){SAMPLE_SOURCE, t, STAGE_WORD};
            DrawList list = view_drawn(&f.arena, "encoder-decoder", &f.in);
            for (int i = 0; i < list.count; i++)
                if (list.command[i].kind == DRAW_TEXT && strstr(list.command[i].text, "…"))
                    fail_msg("%d wide, row %d: %s", w, t, list.command[i].text);
        }
    arena_free(&f.arena);
}

/* What a cell was before stands beside its number, not on it. */
static void ghosts_keep_clear_of_numbers(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"heatmap", "dec.attn.weight"});
    f.in.metrics = &f.metrics;
    f.in.trace = f.changed;
    f.in.original = f.trace;
    int ghosts = 0;
    for (int h = 180; h <= 500; h += 10) {
        f.in.rect = (Rect){16, 16, 490, (float)h};
        DrawList list = view_drawn(&f.arena, "heatmap", &f.in);
        for (int i = 0; i < list.count; i++) {
            Rect ghost = list.command[i].rect;
            if (list.command[i].kind != DRAW_RECT || ghost.w > 24 || ghost.h > 10) continue;
            ghosts++;
            for (int k = 0; k < list.count; k++) {
                if (list.command[k].kind != DRAW_VALUE) continue;
                Rect number = extent(&f.in, &list.command[k]);
                assert_true(number.x >= ghost.x + ghost.w || number.x + number.w <= ghost.x ||
                            number.y >= ghost.y + ghost.h || number.y + number.h <= ghost.y);
            }
        }
    }
    assert_true(ghosts > 20);
    arena_free(&f.arena);
}

/* The produced word stands clear of its frame, however long it is. */
static void a_long_word_keeps_its_distance(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"encoder-decoder", "dec.attn.weight"});
    f.in.metrics = &f.metrics;
    int words = 0, prob = trace_find(f.trace, "dec.prob");
    for (int w = 420; w <= 900; w += 20) {
        f.in.rect.w = (float)w;
        f.in.moment = (Moment){SAMPLE_SOURCE, 1, STAGE_WORD}; /* "▁chien" */
        DrawList list = view_drawn(&f.arena, "encoder-decoder", &f.in);
        Rect box = {0};
        for (int i = 0; i < list.hit_count; i++)
            if (list.hit[i].kind == HIT_CELL && list.hit[i].a == prob) box = list.hit[i].rect;
        for (int i = 0; i < list.count; i++) {
            const DrawCommand *c = &list.command[i];
            if (c->kind != DRAW_TEXT || c->font != FONT_STRONG || !rect_contains(box, c->rect.x, c->rect.y))
                continue;
            Rect word = extent(&f.in, c);
            assert_true(word.x >= box.x + 6 && word.x + word.w <= box.x + box.w - 6);
            words++;
        }
    }
    assert_true(words > 10);
    arena_free(&f.arena);
}

static void a_taken_word_is_always_listed(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"next-words", "dec.prob"});
    f.in.metrics = &f.metrics;
    f.in.trace = f.changed;
    f.in.original = f.trace;
    for (int t = 0; t < SAMPLE_TARGET; t++) {
        f.in.moment = (Moment){SAMPLE_SOURCE, t, STAGE_WORD};
        DrawList list = view_drawn(&f.arena, "next-words", &f.in);
        int now = f.changed->sequence[1].id[t], then = f.trace->sequence[1].id[t];
        assert_int_equal(
            hits_of(&list, HIT_WORD, f.in.entry, t * SAMPLE_VOCAB + now, t * SAMPLE_VOCAB + now + 1), 1);
        assert_int_equal(
            hits_of(&list, HIT_WORD, f.in.entry, t * SAMPLE_VOCAB + then, t * SAMPLE_VOCAB + then + 1), 1);
        int logprob = trace_find(f.changed, "dec.logprob");
        assert_int_equal(values_of(&list, 0, logprob, REDUCE_TOTAL), 1);
        assert_int_equal(values_of(&list, 1, logprob, REDUCE_TOTAL), 1);
        assert_int_equal(values_of(&list, 0, logprob, REDUCE_DELTA), 1);
    }
    arena_free(&f.arena);
}

static void reductions_are_what_they_say(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"heatmap", "dec.attn.weight"});
    int weight = trace_find(f.trace, "dec.attn.weight"), logprob = trace_find(f.trace, "dec.logprob");
    const float *value = f.trace->entry[weight].value, *log_p = f.trace->entry[logprob].value;
    double sum = 0, square = 0, entropy = 0, largest = 0, total = 0;
    for (int i = 0; i < SAMPLE_SOURCE; i++) {
        double x = (double)value[SAMPLE_SOURCE + i];
        sum += x, square += x * x, entropy -= x * log(x), largest = fmax(largest, x);
    }
    int64_t at = SAMPLE_SOURCE + 3;
    assert_float_equal(view_reduce(f.trace, NULL, weight, at, REDUCE_NONE), value[at], 0);
    assert_float_equal(view_reduce(f.trace, NULL, weight, at, REDUCE_SUM), sum, 1e-12);
    assert_float_equal(view_reduce(f.trace, NULL, weight, at, REDUCE_ENTROPY), entropy, 1e-12);
    assert_float_equal(view_reduce(f.trace, NULL, weight, at, REDUCE_MAX), largest, 0);
    assert_float_equal(view_reduce(f.trace, NULL, weight, at, REDUCE_MEAN), sum / SAMPLE_SOURCE, 1e-12);
    assert_float_equal(view_reduce(f.trace, NULL, weight, at, REDUCE_NORM), sqrt(square), 1e-12);
    for (int t = 0; t < 3; t++) total += (double)log_p[t * SAMPLE_VOCAB + f.trace->sequence[1].id[t]];
    assert_float_equal(view_reduce(f.trace, NULL, logprob, 2 * SAMPLE_VOCAB + 5, REDUCE_TOTAL), total, 1e-12);
    at = 2 * SAMPLE_SOURCE;
    assert_float_equal(view_reduce(f.changed, f.trace, weight, at, REDUCE_DELTA), 0.75 - (double)value[at],
                       1e-7);
    int state_entry = trace_find(f.trace, "enc.state");
    double limit = 0;
    for (size_t i = 0; i < trace_count(&f.trace->entry[state_entry]); i++)
        limit = fmax(limit, fabs((double)f.trace->entry[state_entry].value[i]));
    assert_float_equal(view_reduce(f.trace, NULL, state_entry, 0, REDUCE_LIMIT), limit, 0);
    arena_free(&f.arena);
}

/* What is drawn is what the operands give: the check of `attnscope verify`, on every view of the sample. */
static void shown_numbers_come_from_their_operands(void **state)
{
    (void)state;
    Fixture f = fixture((Shown){"heatmap", "dec.attn.weight"});
    f.in.metrics = &f.metrics;
    int checked = 0;
    for (int s = 0; s < ALL_SHOWN; s++) {
        f.in.entry = trace_find(f.trace, all_shown[s].entry);
        DrawList list = view_drawn(&f.arena, all_shown[s].view, &f.in);
        for (int i = 0; i < list.count; i++) {
            const ValueSource *value = &list.command[i].value;
            if (list.command[i].kind != DRAW_VALUE || value->reduction != REDUCE_NONE) continue;
            double again = trace_recompute(f.trace, value->entry, (size_t)value->index);
            assert_float_equal(value->value, again, 1e-5 * fmax(1, fabs(again)));
            checked++;
        }
    }
    assert_true(checked > 200);
    arena_free(&f.arena);
}

static void names_and_options(void **state)
{
    (void)state;
    assert_null(view_find("heat-map"));
    assert_null(view_find(NULL));
    for (int i = 0; i < view_kind_count; i++) {
        assert_ptr_equal(view_find(view_kinds[i].name), &view_kinds[i]);
        assert_true(*view_kinds[i].caption_en && *view_kinds[i].caption_zh);
    }
    ViewOption option[] = {{"row", "3"}, {"head", "x"}, {"scale", "signed"}};
    ViewInput in = {.option = option, .option_count = 3};
    assert_int_equal(view_option_int(&in, "row", 7), 3);
    assert_int_equal(view_option_int(&in, "head", 7), 7);
    assert_int_equal(view_option_int(&in, "none", 7), 7);
    assert_string_equal(view_option(&in, "scale", ""), "signed");
    assert_null(view_option(&in, "none", NULL));
}

/* Whoever shows a trace without an entry, or of another kind of model, gets a sentence. */
static void what_is_missing_is_said(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    TextMetrics metrics = metrics_fixed();
    Trace *bare = arena_new(&arena, Trace);
    static const float one[1] = {0.5f};
    trace_add(bare, (TraceEntry){.name = "x",
                                 .rows_done = 1,
                                 .value = one,
                                 .labels = {-1, -1, -1, -1},
                                 .source = {-1, -1, -1, -1}});
    for (int i = 0; i < view_kind_count; i++)
        for (int entry = -1; entry < 1; entry++) {
            ViewInput in = view_input(bare, &metrics, (Shown){NULL, NULL}, 500, 300, moment_start());
            in.entry = entry;
            DrawList list = view_drawn(&arena, view_kinds[i].name, &in);
            int texts = 0;
            for (int k = 0; k < list.count; k++)
                texts += list.command[k].kind == DRAW_TEXT || list.command[k].kind == DRAW_VALUE;
            assert_true(texts > 0);
        }
    arena_free(&arena);
}

TEST_GROUP(view, cmocka_unit_test(names_and_options), cmocka_unit_test(reductions_are_what_they_say),
           cmocka_unit_test(every_moment_keeps_the_rules), cmocka_unit_test(every_size_keeps_the_rules),
           cmocka_unit_test(few_and_many_tokens_keep_the_rules),
           cmocka_unit_test(every_cell_can_be_pointed_at),
           cmocka_unit_test(softmax_rows_print_sum_and_entropy), cmocka_unit_test(pointing_at_a_row_shows_it),
           cmocka_unit_test(a_taken_word_is_always_listed), cmocka_unit_test(a_long_word_keeps_its_distance),
           cmocka_unit_test(ghosts_keep_clear_of_numbers), cmocka_unit_test(the_last_word_is_whole),
           cmocka_unit_test(shown_numbers_come_from_their_operands),
           cmocka_unit_test(what_is_missing_is_said));
