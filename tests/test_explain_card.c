/* test_explain_card.c — where does a number come from: clicked by a user, thousands of numbers are followed down to weights,
 * and on every card what is shown is added up again: factors, products, the sum so far, the function, the number. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/action_numbers.h"
#include "app/scene.h"
#include "app_driver.h"
#include "base/rng.h"
#include "cli/verify.h"

/* ---- a card as it stands on the screen ---- */

enum { MOST = 64 };

typedef struct {
    float y;
    int count;
    NumberPlace factor[4];
    bool complement[4];
    double term, partial; /* NAN = not shown */
} Line;

typedef struct {
    Line line[MOST];
    int count;
    double headline, result, sum, shift, carried;
    const Trace *trace[RUN_TRACES];
    NumberPlace place;
} Shown;

static bool within(const HitArea *hit, const DrawCommand *command)
{
    return command->rect.y > hit->rect.y && command->rect.y < hit->rect.y + hit->rect.h &&
           command->rect.x > hit->rect.x && command->rect.x <= hit->rect.x + hit->rect.w;
}

/* What the text of a number says: "−0.1234", "1.2·10⁻⁵". */
static double spoken(const char *text)
{
    char plain[64];
    size_t n = 0;
    const char *power = strstr(text, "·10⁻");
    for (const char *at = text; *at && at != power && n < sizeof plain - 1;) {
        if (strncmp(at, "−", 3) == 0) plain[n++] = '-', at += 3;
        else if (strncmp(at, "∞", 3) == 0) return text == at ? INFINITY : -INFINITY;
        else plain[n++] = *at++;
    }
    plain[n] = 0;
    double value = strtod(plain, NULL);
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    int exponent = 0;
    for (const char *at = power ? power + strlen("·10⁻") : ""; *at;)
        for (int d = 0; d < 10; d++)
            if (strncmp(at, raised[d], strlen(raised[d])) == 0) {
                exponent = 10 * exponent + d;
                at += strlen(raised[d]);
                break;
            }
    return value * pow(10, -exponent);
}

/* A number is shown as what it is: its text and its value agree to four decimals. */
static void is_spoken_truly(const DrawCommand *command)
{
    double value = (double)command->value.value, text = spoken(command->text);
    if (isnan(value)) return;
    if (isinf(value)) {
        assert_true(text == value);
        return;
    }
    bool power = strstr(command->text, "·10") != NULL;
    double unit = pow(10, -command->value.decimals);
    assert_true(fabs(text - value) <= (power ? 0.06 * fabs(value) : 0.51 * unit + 1e-6 * fabs(value)));
}

static Line *line_at(Shown *shown, float y)
{
    for (int i = 0; i < shown->count; i++)
        if (fabsf(shown->line[i].y - y) < 1) return &shown->line[i];
    assert_true(shown->count < MOST);
    shown->line[shown->count] = (Line){.y = y, .term = NAN, .partial = NAN};
    return &shown->line[shown->count++];
}

/* The screen below the card is in the list, too: what counts comes after the scrim that dims it. */
static int first_of_card(const Driver *driver)
{
    int first = 0;
    for (int c = 0; c < driver->list.count; c++) {
        const DrawCommand *command = &driver->list.command[c];
        if (command->kind == DRAW_RECT && command->rect.w >= driver->w && command->rect.h >= driver->h)
            first = c;
    }
    return first;
}

static void read_factors(Driver *driver, Shown *shown)
{
    int begin = first_of_card(driver);
    for (int i = 0; i < driver->list.hit_count; i++) {
        const HitArea *hit = &driver->list.hit[i];
        if (hit->kind != UI_CONTROL || hit->a != ACT_OPERAND) continue;
        Line *line = line_at(shown, hit->rect.y);
        assert_true(line->count < 4);
        NumberPlace place = number_unpack(hit->b);
        bool found = false;
        for (int c = begin; c < driver->list.count; c++) {
            const DrawCommand *command = &driver->list.command[c];
            if (!within(hit, command)) continue;
            if (command->kind == DRAW_TEXT && strcmp(command->text, "1 − ") == 0)
                line->complement[line->count] = true;
            if (command->kind != DRAW_VALUE) continue;
            is_spoken_truly(command);
            assert_int_equal(command->value.entry, place.entry);
            assert_true(command->value.index == place.index && command->value.step == STEP_NONE);
            assert_true(command->value.value ==
                        shown->trace[place.run]->entry[place.entry].value[place.index]);
            found = true;
        }
        assert_true(found);
        line->factor[line->count++] = place;
    }
}

static void read_steps(Driver *driver, Shown *shown)
{
    shown->result = shown->sum = shown->shift = NAN;
    shown->carried = 0;
    float top = 1e6f;
    for (int i = 0; i < shown->count; i++) top = fminf(top, shown->line[i].y);
    for (int c = 0; c < driver->list.count; c++) {
        const DrawCommand *command = &driver->list.command[c];
        if (command->kind != DRAW_VALUE || command->value.step == STEP_NONE) continue;
        is_spoken_truly(command);
        double value = (double)command->value.value;
        if (command->value.step == STEP_RESULT) shown->result = value;
        if (command->value.step == STEP_SUM) shown->sum = value;
        if (command->value.step == STEP_SHIFT) shown->shift = value;
        if (command->value.step == STEP_PARTIAL && command->rect.y < top) shown->carried = value;
        for (int i = 0; i < shown->count; i++) {
            Line *line = &shown->line[i];
            if (command->rect.y < line->y || command->rect.y > line->y + 27) continue;
            if (command->value.step == STEP_TERM) line->term = value;
            if (command->value.step == STEP_PARTIAL) line->partial = value;
        }
    }
}

static Shown read_card(Driver *driver)
{
    Shown shown = {.place = driver->app->explain[driver->app->explain_count - 1].number};
    app_runs(driver->app, shown.trace);
    read_factors(driver, &shown);
    read_steps(driver, &shown);
    const TraceEntry *entry = &shown.trace[shown.place.run]->entry[shown.place.entry];
    shown.headline = (double)entry->value[shown.place.index];
    return shown;
}

/* ---- adding up again ---- */

static double factor_value(const Shown *shown, const Line *line, int i)
{
    const NumberPlace *place = &line->factor[i];
    double value = (double)shown->trace[place->run]->entry[place->entry].value[place->index];
    return line->complement[i] ? 1 - value : value;
}

static bool near(double a, double b, double scale)
{
    return a == b || fabs(a - b) <= 2e-5 * fmax(1, fmax(fabs(a), scale));
}

/* The model computes in single precision: up to 1e-4 of the row's size. */
static bool same_number(const TraceEntry *entry, int64_t index, double again)
{
    int64_t width = entry->dim[entry->rank - 1], first = index - index % width;
    double square = 0, value = (double)entry->value[index];
    if (!isfinite(value)) return value == again;
    for (int64_t i = 0; i < width; i++)
        if (isfinite(entry->value[first + i]))
            square += (double)entry->value[first + i] * (double)entry->value[first + i];
    return fabs(value - again) <= 1e-4 * fmax(fabs(value), sqrt(square / (double)width)) + 1e-9;
}

static double function_of(int op, double x)
{
    switch ((Op)op) {
    case OP_TANH:
    case OP_GRU_CANDIDATE:
    case OP_ADDITIVE_HIDDEN: return tanh(x);
    case OP_SIGMOID:
    case OP_GRU_RESET:
    case OP_GRU_UPDATE: return 1 / (1 + exp(-x));
    case OP_RELU: return fmax(0, x);
    case OP_GELU: return 0.5 * x * (1 + erf(x / sqrt(2)));
    default: return x;
    }
}

/* What comes of the sum of the lines. */
static double made_of(const Shown *shown, const TraceEntry *entry, double sum)
{
    if (entry->op != OP_HEAD_MEAN) return function_of(entry->op, sum);
    return sum / shown->trace[shown->place.run]->entry[entry->source[0]].dim[0];
}

static void card_adds_up(Driver *driver)
{
    Shown shown = read_card(driver);
    const TraceEntry *entry = &shown.trace[shown.place.run]->entry[shown.place.entry];
    bool cell = shown.place.reduction == REDUCE_NONE;
    bool softmax = cell && (entry->op == OP_SOFTMAX || entry->op == OP_LOG_SOFTMAX),
         norm = cell && entry->op == OP_LAYER_NORM;
    if (!shown.count) return;
    double partial = shown.carried;
    for (int i = 0; i < shown.count; i++) {
        const Line *line = &shown.line[i];
        double term = 1;
        for (int k = 0; k < line->count; k++) term *= factor_value(&shown, line, k);
        if (softmax) term = exp(term - shown.shift);
        if (norm) term = (term - shown.shift) * (term - shown.shift);
        if (shown.place.reduction == REDUCE_ENTROPY) term = term > 0 ? -term * log(term) : 0;
        if (shown.place.reduction == REDUCE_NORM) term *= term;
        if (norm && isnan(line->term)) continue; /* gain and offset are named, not added */
        if (!isnan(line->term) && !near(line->term, term, 0))
            fail_msg("%s: line %d adds %g, not %g", entry->name, i, term, line->term);
        if (isnan(line->partial)) continue;
        partial += isnan(line->term) ? term : line->term;
        if (!near(line->partial, partial, 1))
            fail_msg("%s: sum so far %g, not %g", entry->name, partial, line->partial);
        partial = line->partial;
    }
    bool whole = driver->app->explain[driver->app->explain_count - 1].page == 0 && shown.count < 8;
    if (!cell) {
        if (whole && shown.place.reduction == REDUCE_SUM) assert_true(near(shown.result, partial, 1));
        return;
    }
    if (!isnan(shown.sum) && !softmax && !norm && !near(made_of(&shown, entry, shown.sum), shown.result, 1))
        fail_msg("%s: f(%g) is not %g", entry->name, shown.sum, shown.result);
    if (whole && !softmax && !norm && shown.count > 1 &&
        !near(made_of(&shown, entry, partial), shown.result, 1))
        fail_msg("%s: f(sum of lines %g) is not %g", entry->name, partial, shown.result);
    if (!same_number(entry, shown.place.index, shown.result))
        fail_msg("%s[%lld]: the card says %g, the run %g", entry->name, (long long)shown.place.index,
                 shown.result, shown.headline);
}

/* ---- the walks ---- */

static bool is_number(const HitArea *hit)
{
    return hit->kind == HIT_CELL || hit->kind == HIT_NUMBER;
}

/* Clicks a number on the screen, chosen at random; false when what was chosen is covered. */
static bool click_some_number(Driver *driver, Rng *rng)
{
    driver_frame(driver);
    int count = 0, wanted;
    for (int i = 0; i < driver->list.hit_count; i++) count += is_number(&driver->list.hit[i]);
    assert_true(count > 40);
    wanted = (int)rng_below(rng, (uint64_t)count);
    for (int i = 0; i < driver->list.hit_count; i++) {
        const HitArea *hit = &driver->list.hit[i];
        if (!is_number(hit) || wanted--) continue;
        float x = hit->rect.x + hit->rect.w / 2, y = hit->rect.y + hit->rect.h / 2;
        const HitArea *top = draw_hit_at(&driver->list, x, y);
        if (!top || !is_number(top)) return false;
        driver_click(driver, x, y, BUTTON_LEFT);
        return driver->app->panel == PANEL_EXPLAIN;
    }
    return false;
}

static bool click_some_operand(Driver *driver, Rng *rng)
{
    int count = 0, wanted;
    for (int i = 0; i < driver->list.hit_count; i++)
        count += driver->list.hit[i].kind == UI_CONTROL && driver->list.hit[i].a == ACT_OPERAND;
    if (!count) return false;
    wanted = (int)rng_below(rng, (uint64_t)count);
    for (int i = 0; i < driver->list.hit_count; i++) {
        const HitArea hit = driver->list.hit[i];
        if (hit.kind != UI_CONTROL || hit.a != ACT_OPERAND || wanted--) continue;
        driver_click(driver, hit.rect.x + 3, hit.rect.y + hit.rect.h / 2, BUTTON_LEFT);
        return true;
    }
    return false;
}

/* From the screen down to what was given; returns how many cards were seen. */
static int walk_down(Driver *driver, Rng *rng)
{
    int cards = 0;
    while (!click_some_number(driver, rng))
        driver_key(driver, rng_below(rng, 2) ? ' ' : KEY_LEFT, 0), driver_still(driver);
    for (;; cards++) {
        driver_frame(driver);
        assert_int_equal(driver->app->panel, PANEL_EXPLAIN);
        card_adds_up(driver);
        if (rng_below(rng, 3) == 0) { /* another page */
            driver_key(driver, rng_below(rng, 4) ? KEY_PAGE_DOWN : KEY_END, 0);
            driver_frame(driver);
            card_adds_up(driver);
        }
        if (!click_some_operand(driver, rng)) break;
        assert_true(cards < 400);
    }
    const ExplainPlace *last = &driver->app->explain[driver->app->explain_count - 1];
    const Trace *run[RUN_TRACES];
    app_runs(driver->app, run);
    const TraceEntry *end = &run[last->number.run]->entry[last->number.entry];
    bool given =
        end->op == OP_INPUT || end->op == OP_POSITION || end->op == OP_CAUSAL_MASK || end->op == OP_NO_MASK;
    bool zero = (end->op == OP_PREVIOUS || end->op == OP_NEXT) && end->value[last->number.index] == 0;
    if (!given && !zero) fail_msg("the way down ends at %s", end->name);
    return cards + 1;
}

static void numbers_lead_down_to_weights(void **state)
{
    (void)state;
    static const char *const models[] = {"tiny-rnn", "tiny-rnn-dot", "tiny-transformer-pre"};
    int cards = 0, weights = 0;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        Driver *driver = driver_make(models[m]);
        Rng rng = rng_make(7 + m, 3);
        for (int i = 0; i < 150; i++) {
            driver_open(driver, rng_below(&rng, 2) ? "tiny:machine" : "tiny:states");
            cards += walk_down(driver, &rng);
            const ExplainPlace *last = &driver->app->explain[driver->app->explain_count - 1];
            weights += strncmp(app_trace(driver->app)->entry[last->number.entry].name, "weight.", 7) == 0;
            int depth = driver->app->explain_count;
            driver_key(driver, KEY_ESCAPE, 0); /* one number back */
            assert_int_equal(driver->app->panel, depth > 1 ? PANEL_EXPLAIN : PANEL_NONE);
            driver_key(driver, KEY_HOME, 0);
            while (driver->app->panel == PANEL_EXPLAIN) driver_key(driver, KEY_BACKSPACE, 0);
        }
        driver_free(driver);
    }
    assert_true(cards > 2500);
    assert_true(weights > 250);
}

/* Every entry there is, whether a picture shows it or not. */
static void every_entry_has_a_card(void **state)
{
    (void)state;
    static const char *const models[] = {
        "tiny-rnn",      "tiny-rnn-dot",          "tiny-rnn-multiplicative", "tiny-rnn-reduced-rank",
        "tiny-rnn-none", "tiny-transformer-post", "tiny-transformer-pre"};
    int cards = 0;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        Driver *driver = driver_make(models[m]);
        Rng rng = rng_make(99 + m, 5);
        driver->app->settings.language = m % 2 ? LANGUAGE_ZH : LANGUAGE_EN;
        const Trace *trace = app_trace(driver->app);
        for (int entry = 0; entry < trace->entry_count; entry++)
            for (int i = 0; i < 4; i++, cards++) {
                int64_t index = (int64_t)rng_below(&rng, trace_count(&trace->entry[entry]));
                explain_open(driver->app, (NumberPlace){.entry = entry, .index = index});
                driver_frame(driver);
                assert_int_equal(driver->app->panel, PANEL_EXPLAIN);
                card_adds_up(driver);
                driver->app->panel = PANEL_NONE;
            }
        driver_free(driver);
    }
    assert_true(cards > 1000);
}

/* The arithmetic behind the cards, for many more cells than can be drawn, and for what pictures say of rows. */
static void arithmetic_gives_the_runs_numbers(void **state)
{
    (void)state;
    static const char *const models[] = {"tiny-rnn", "tiny-transformer-pre"};
    for (size_t m = 0; m < 2; m++) {
        Driver *driver = driver_make(models[m]);
        const Trace *run[RUN_TRACES];
        app_runs(driver->app, run);
        Arena arena = arena_make("sums");
        Rng rng = rng_make(4, m);
        for (int entry = 0; entry < run[0]->entry_count; entry++)
            for (int i = 0; i < 60; i++, arena_reset(&arena)) {
                const TraceEntry *e = &run[0]->entry[entry];
                int64_t index = (int64_t)rng_below(&rng, trace_count(e)), width = e->dim[e->rank - 1];
                Arithmetic sum = arithmetic_of(&arena, run, 0, entry, index, REDUCE_NONE);
                if (!same_number(e, index, sum.result))
                    fail_msg("%s[%lld] is %g", e->name, (long long)index, sum.result);
                double total = 0;
                for (int64_t k = 0; k < width; k++) total += (double)e->value[index - index % width + k];
                sum = arithmetic_of(&arena, run, 0, entry, index, REDUCE_SUM);
                assert_true(sum.line_count == width &&
                            (sum.result == total || near(sum.result, total, fabs(total))));
                sum = arithmetic_of(&arena, run, 0, entry, index, REDUCE_MEAN);
                assert_true(!isfinite(total) || near(sum.result, total / (double)width, fabs(total)));
                sum = arithmetic_of(&arena, run, 0, entry, index, REDUCE_DELTA);
                assert_true(sum.result == 0 || !isfinite(e->value[index])); /* nothing was changed */
            }
        arena_free(&arena);
        driver_free(driver);
    }
}

static bool label_is_cut(const Driver *driver, const HitArea *hit)
{
    for (int c = first_of_card(driver); c < driver->list.count; c++) {
        const DrawCommand *command = &driver->list.command[c];
        if (command->kind == DRAW_TEXT && within(hit, command) && strstr(command->text, "…")) return true;
    }
    return false;
}

/* Which words and formula the card of a row's first number has; NULL = it was given and has none. */
static void card_says(Driver *driver, const char *name, int row, const char *words, const char *formula)
{
    const Trace *run[RUN_TRACES];
    app_runs(driver->app, run);
    const TraceEntry *entry = driver_entry(driver, name);
    NumberPlace place = {.entry = (int)(entry - run[0]->entry),
                         .index = (int64_t)row * entry->dim[entry->rank - 1]};
    Arena arena = arena_make("card");
    Card card;
    assert_true(card_make(&arena, run, place, LANGUAGE_EN, &card));
    assert_non_null(strstr(card_words(&card), words));
    const char *said = card_formula(&card, false);
    assert_true(formula ? said && strstr(said, formula) : !said);
    assert_true(!said || !strstr(said, "\\val{")); /* each number has its own width */
    arena_free(&arena);
}

/* A card says the whole name of what it multiplies, says the place of what stands elsewhere, and a copy says of what. */
static void cards_can_be_read(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    const Trace *run[RUN_TRACES];
    app_runs(driver->app, run);
    for (int entry = 0; entry < run[0]->entry_count; entry++) {
        explain_open(driver->app, (NumberPlace){.entry = entry});
        driver_frame(driver);
        for (int i = 0; i < driver->list.hit_count; i++) {
            const HitArea *hit = &driver->list.hit[i];
            if (hit->kind == UI_CONTROL && hit->a == ACT_OPERAND && label_is_cut(driver, hit))
                fail_msg("%s: the name of an operand is cut, %g wide", run[0]->entry[entry].name,
                         hit->rect.w);
        }
        driver->app->panel = PANEL_NONE;
    }
    card_says(driver, "dec.state.previous", 0, "A copy of dec.init: this is the first step", "{s_{0}}");
    card_says(driver, "dec.state.previous", 2, "A copy of dec.state one step earlier", "{s_{2}}");
    card_says(driver, "enc.fwd.previous", 2, "A copy of enc.state.fwd one step earlier",
              "{h_{2}^{\\mathrm{fwd}}}");
    card_says(driver, "enc.bwd.previous", 0, "A copy of enc.state.bwd one position later",
              "{h_{2}^{\\mathrm{bwd}}}");
    card_says(driver, "enc.state", 0, "A copy of enc.state.fwd: ", "h_{i}^{\\mathrm{fwd}}");
    driver_free(driver);
    driver = driver_make("tiny-transformer-pre");
    card_says(driver, "dec.0.cross.weight", 1, "e to the power", "\\tilde{e}_{t,j}}"); /* of one head */
    card_says(driver, "dec.0.cross.mean", 1, "The mean of the heads", "\\alpha_{t,i}^{h}");
    card_says(driver, "dec.0.cross.q", 1, "belongs to this head", "{W_{q}}");
    card_says(driver, "dec.0.ffn.sum", 1, "then the bias", "{\\beta_{1}}");
    card_says(driver, "dec.state", 1, "standard deviation 1", "{\\gamma}");
    card_says(driver, "weight.score.scale", 0, "A constant: 1 divided by the root", NULL);
    card_says(driver, "weight.dec.0.cross.q.weight", 0, "It was learned in training", NULL);
    driver_free(driver);
}

/* `attnscope verify` can prove a card like any other frame: each number on it is found again from its operands. */
static void verify_proves_cards(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    Rng rng = rng_make(5, 5);
    VerifyReport report = {0};
    Arena arena = arena_make("verify");
    Verifier *verifier = verifier_make(&arena, app_trace(driver->app), app_original(driver->app));
    for (int i = 0; i <= 60; i++) {
        const Trace *trace = app_trace(driver->app);
        int entry = (int)rng_below(&rng, (uint64_t)trace->entry_count);
        NumberPlace place = {.entry = entry,
                             .index = (int64_t)rng_below(&rng, trace_count(&trace->entry[entry])),
                             .reduction = i % 3 ? REDUCE_NONE : (Reduction)rng_below(&rng, REDUCE_LIMIT)};
        if (i == 60) place = (NumberPlace){.entry = trace_find(trace, "dec.attn.score"), .index = 3};
        driver->app->panel = PANEL_NONE;
        explain_open(driver->app, place);
        driver_frame(driver);
        verifier_list(verifier, &driver->list, &report);
    }
    if (report.beyond) fail_msg("%s: shown %g, again %g", report.where, report.shown, report.again);
    assert_true(report.different > 500);
    for (int i = 0; i < driver->list.count; i++) /* and it notices a card that is wrong */
        if (driver->list.command[i].value.step == STEP_PARTIAL ||
            driver->list.command[i].value.step == STEP_RESULT)
            driver->list.command[i].value.value += 0.5f;
    verifier = verifier_make(&arena, app_trace(driver->app), app_original(driver->app));
    verifier_list(verifier, &driver->list, &report);
    assert_true(report.beyond > 0);
    arena_free(&arena);
    driver_free(driver);
}

static void places_are_packed_whole(void **state)
{
    (void)state;
    NumberPlace places[] = {
        {0, 0, 0, REDUCE_NONE}, {2, 511, ((int64_t)1 << 40) - 1, REDUCE_TOTAL_DELTA}, {1, 3, 77, REDUCE_SUM}};
    for (size_t i = 0; i < 3; i++) {
        NumberPlace again = number_unpack(number_pack(places[i]));
        assert_int_equal(again.run, places[i].run);
        assert_int_equal(again.entry, places[i].entry);
        assert_true(again.index == places[i].index);
        assert_int_equal(again.reduction, places[i].reduction);
    }
}

/* Pages hold every line once, crumbs lead back, a card whose cell is gone closes. */
static void pages_and_the_way_back(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    int logit = trace_find(app_trace(driver->app), "dec.prob");
    explain_open(driver->app, (NumberPlace){.entry = logit, .index = 5});
    int seen = 0, pages = 0, before = -1;
    for (;; pages++) {
        driver_frame(driver);
        ExplainPlace *place = &driver->app->explain[0];
        if (place->page == before) break;
        before = place->page;
        for (int i = 0; i < driver->list.hit_count; i++)
            seen += driver->list.hit[i].kind == UI_CONTROL && driver->list.hit[i].a == ACT_OPERAND;
        driver_key(driver, KEY_PAGE_DOWN, 0);
    }
    assert_int_equal(seen, driver_entry(driver, "dec.prob")->dim[1]);
    assert_true(pages > 5);
    driver_key(driver, KEY_HOME, 0);
    for (int depth = 1; depth < 5;
         depth++) { /* logit, readout, concat, context: the right one of each line's factors */
        driver_frame(driver);
        float x = 0, y = 1e6f;
        for (int i = 0; i < driver->list.hit_count; i++) {
            const HitArea *hit = &driver->list.hit[i];
            if (hit->kind != UI_CONTROL || hit->a != ACT_OPERAND || hit->rect.y > y) continue;
            x = hit->rect.x + 3;
            y = hit->rect.y + 3;
        }
        driver_click(driver, x, y, BUTTON_LEFT);
    }
    assert_int_equal(driver->app->explain_count, 5);
    driver_control(driver, ACT_EXPLAIN_TO, 2);
    assert_int_equal(driver->app->explain_count, 3);
    driver_control(driver, ACT_EXPLAIN_BACK, 0);
    assert_int_equal(driver->app->explain_count, 2);
    driver_control(driver, ACT_CLOSE, 0);
    assert_int_equal(driver->app->panel, PANEL_NONE);
    const TraceEntry *weight = driver_entry(driver, "dec.attn.weight");
    explain_open(driver->app, (NumberPlace){.entry = trace_find(app_trace(driver->app), "dec.attn.weight"),
                                            .index = (int64_t)trace_count(weight) - 1});
    Error error = {0};
    assert_true(app_set_sentence(driver->app, "a", &error));
    driver_frame(driver);
    assert_int_equal(driver->app->panel, PANEL_NONE);
    driver_free(driver);
}

static const char *value_said(const Card *card, const char *name, char out[32])
{
    ValueSource value;
    assert_true(card_value(card, name, &value));
    return draw_value_text(value, out);
}

/* A small number of a formula is not 0, a negative one is squared as a whole, and rows of tokens name no single token. */
static void formulas_are_exact_about_small_numbers(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    const Trace *run[RUN_TRACES];
    app_runs(driver->app, run);
    int prob = trace_find(run[0], "dec.prob"), powers = 0;
    Arena arena = arena_make("card");
    char text[32];
    for (int64_t i = 0; i < (int64_t)trace_count(&run[0]->entry[prob]); i++) {
        float p = run[0]->entry[prob].value[i];
        Card card;
        assert_true(card_make(&arena, run, (NumberPlace){.entry = prob, .index = i}, LANGUAGE_EN, &card));
        bool power = strstr(value_said(&card, "r", text), "·10") != NULL;
        assert_true(power == (p > 0 && p < 0.0005f));
        powers += power;
    }
    assert_true(powers > 0);
    int state_entry = trace_find(run[0], "dec.state");
    Card card;
    assert_true(card_make(&arena, run, (NumberPlace){.entry = state_entry, .reduction = REDUCE_NORM},
                          LANGUAGE_EN, &card));
    const TraceEntry *entry = &run[0]->entry[state_entry];
    for (int i = 0; i < 2; i++) /* the formula shows the first two and the last */
        assert_true((strstr(card_formula(&card, false), i ? "{f1})^2" : "{f0})^2") != NULL) ==
                    (entry->value[i] < 0.0005f));
    explain_open(driver->app, (NumberPlace){.entry = trace_find(run[0], "dec.logprob"),
                                            .index = run[0]->entry[trace_find(run[0], "dec.logprob")].dim[1],
                                            .reduction = REDUCE_TOTAL});
    assert_true(driver_shows(driver, "Log-probability so far"));
    assert_false(driver_shows(driver, "dec.logprob ["));
    arena_free(&arena);
    driver_free(driver);
}

/* On the way down from a row's entropy, the step back to it is called so. */
static void crumbs_tell_a_row_from_its_numbers(void **state)
{
    (void)state;
    Driver *driver = driver_make("tiny-rnn");
    int weight = trace_find(app_trace(driver->app), "dec.attn.weight");
    explain_open(driver->app, (NumberPlace){.entry = weight, .reduction = REDUCE_ENTROPY});
    explain_open(driver->app, (NumberPlace){.entry = weight});
    assert_true(driver_shows(driver, "Entropy of a row"));
    driver_free(driver);
}

TEST_GROUP(explain_card, cmocka_unit_test(formulas_are_exact_about_small_numbers),
           cmocka_unit_test(crumbs_tell_a_row_from_its_numbers),
           cmocka_unit_test(numbers_lead_down_to_weights), cmocka_unit_test(every_entry_has_a_card),
           cmocka_unit_test(arithmetic_gives_the_runs_numbers), cmocka_unit_test(cards_can_be_read),
           cmocka_unit_test(verify_proves_cards), cmocka_unit_test(places_are_packed_whole),
           cmocka_unit_test(pages_and_the_way_back));
