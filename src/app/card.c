/* card.c — see card.h: the parts of a card in words. The formulas are in card_formula.c. */
#include "app/card.h"
#include <ctype.h>
#include <math.h>
#include <string.h>
#include "app/card_int.h"

const CardWords card_words_of_op[OP_COUNT] = {
#define EXPLAIN(op, en, zh, formula) [op] = {{en, zh}, formula},
#include "app/explain_words.def"
#undef EXPLAIN
};
const CardWords card_words_of_reduction[REDUCE_COUNT] = {
#define REDUCED(reduction, title_en, title_zh, en, zh, formula) [reduction] = {{en, zh}, formula},
#include "app/reduce_words.def"
#undef REDUCED
};
static const char *const reduction_title[REDUCE_COUNT][2] = {
#define REDUCED(reduction, title_en, title_zh, en, zh, formula) [reduction] = {title_en, title_zh},
#include "app/reduce_words.def"
#undef REDUCED
};

/* ---- making ---- */

enum { ENTRY_BITS = 12, INDEX_BITS = 40, REDUCTION_BITS = 4 };

int64_t number_pack(NumberPlace place)
{
    uint64_t rest = (uint64_t)place.run << REDUCTION_BITS | (uint64_t)place.reduction;
    return (int64_t)((rest << ENTRY_BITS | (uint64_t)place.entry) << INDEX_BITS | (uint64_t)place.index);
}

NumberPlace number_unpack(int64_t packed)
{
    uint64_t bits = (uint64_t)packed;
    return (NumberPlace){.index = (int64_t)(bits & (((uint64_t)1 << INDEX_BITS) - 1)),
                         .entry = (int)(bits >> INDEX_BITS & ((1 << ENTRY_BITS) - 1)),
                         .reduction =
                             (Reduction)(bits >> (INDEX_BITS + ENTRY_BITS) & ((1 << REDUCTION_BITS) - 1)),
                         .run = (int)(bits >> (INDEX_BITS + ENTRY_BITS + REDUCTION_BITS))};
}

bool card_make(Arena *arena, const Trace *const trace[RUN_TRACES], NumberPlace place, Language language,
               Card *out)
{
    if (place.run < 0 || place.run >= RUN_TRACES || !trace[place.run] || place.reduction >= REDUCE_COUNT)
        return false;
    const Trace *run = trace[place.run];
    if (place.entry < 0 || place.entry >= run->entry_count || place.index < 0 ||
        (size_t)place.index >= trace_count(&run->entry[place.entry]))
        return false;
    *out = (Card){.trace = trace, .place = place, .language = language, .arena = arena};
    out->sum = arithmetic_of(arena, trace, place.run, place.entry, place.index, place.reduction);
    return true;
}

bool card_agrees(const Card *card)
{
    if (card->place.reduction != REDUCE_NONE) return true;
    const TraceEntry *e = &card->trace[card->place.run]->entry[card->place.entry];
    int64_t width = e->rank ? e->dim[e->rank - 1] : 1, first = card->place.index - card->place.index % width;
    double value = (double)e->value[card->place.index], square = 0;
    if (!(fabs(value) < INFINITY))
        return value == card->sum.result || (isnan(value) && isnan(card->sum.result));
    for (int64_t i = 0; i < width; i++)
        if (isfinite(e->value[first + i]))
            square += (double)e->value[first + i] * (double)e->value[first + i];
    double scale = fmax(fabs(value), sqrt(square / (double)width));
    return fabs(value - card->sum.result) <= 1e-4 * scale + 1e-12;
}

/* ---- names of places ---- */

const char *token_shown(const char *token)
{
    return strncmp(token, "▁", 3) == 0 && token[3] ? token + 3 : token;
}

const char *index_label(Arena *arena, const Trace *trace, const TraceEntry *entry, int axis, int i)
{
    const char *label = trace_label(trace, entry, axis, i);
    bool position = entry->axis[axis] == AXIS_SOURCE || entry->axis[axis] == AXIS_TARGET;
    if (!label) return arena_format(arena, "%d", position ? i + 1 : i);
    label = token_shown(label);
    if (ispunct((unsigned char)label[0]) && !label[1]) label = arena_format(arena, "“%s”", label);
    return position ? arena_format(arena, "%d %s", i + 1, label) : label;
}

/* An axis that tells nothing apart. */
static bool is_nameless(const TraceEntry *entry, int axis)
{
    return entry->axis[axis] == AXIS_NONE && entry->dim[axis] <= 1;
}

const char *cell_label(Arena *arena, const Trace *trace, const TraceEntry *entry, int64_t index,
                       unsigned axes)
{
    const char *out = "";
    for (int axis = entry->rank - 1; axis >= 0; axis--) {
        int dim = entry->dim[axis] > 0 ? entry->dim[axis] : 1, i = (int)(index % dim);
        const char *label = axes & 1u << axis ? index_label(arena, trace, entry, axis, i) : "·";
        if (!is_nameless(entry, axis)) out = arena_format(arena, "%s%s%s", label, *out ? ", " : "", out);
        index /= dim;
    }
    return *out ? arena_format(arena, "[%s]", out) : "";
}

bool card_is_at(const Card *card, const Factor *factor)
{
    const Trace *const *trace = card->trace;
    const TraceEntry *own = &trace[card->place.run]->entry[card->place.entry],
                     *other = &trace[factor->run]->entry[factor->entry];
    int a = own->rank - 1, b = other->rank - 1;
    int64_t i = card->place.index, j = factor->index;
    if (card->place.run != factor->run || card->place.reduction != REDUCE_NONE) return false;
    for (; a >= 0 || b >= 0; a--, b--) {
        while (a >= 0 && is_nameless(own, a)) a--;
        while (b >= 0 && is_nameless(other, b)) b--;
        if (a < 0 || b < 0) break;
        if (own->axis[a] != other->axis[b] || i % own->dim[a] != j % other->dim[b]) return false;
        i /= own->dim[a], j /= other->dim[b];
    }
    return a < 0 && b < 0;
}

const char *axes_label(Arena *arena, const Trace *trace, const TraceEntry *entry, int64_t index,
                       unsigned axes)
{
    const char *out = "";
    for (int axis = entry->rank - 1; axis >= 0; axis--) {
        int dim = entry->dim[axis] > 0 ? entry->dim[axis] : 1, i = (int)(index % dim);
        index /= dim;
        if (axes & 1u << axis)
            out = arena_format(arena, "%s%s%s", index_label(arena, trace, entry, axis, i), *out ? ", " : "",
                               out);
    }
    return out;
}

static const TraceEntry *entry_of(const Card *card)
{
    return &card->trace[card->place.run]->entry[card->place.entry];
}

const char *reduction_name(Reduction reduction, Language language)
{
    return reduction_title[reduction][language];
}

const char *card_title(const Card *card)
{
    const char *name = entry_of(card)->name;
    if (card->place.run == 1)
        name = arena_format(
            card->arena, card->language == LANGUAGE_ZH ? "%s（改变之前）" : "%s, before your changes", name);
    if (card->place.reduction == REDUCE_NONE) return name;
    return arena_format(card->arena, "%s · %s", reduction_name(card->place.reduction, card->language), name);
}

static const char *axis_word(Axis axis, Language language)
{
    static const char *const words[AXIS_COUNT][2] = {[AXIS_NONE] = {"", ""},
                                                     [AXIS_SOURCE] = {"source", "源"},
                                                     [AXIS_TARGET] = {"target", "目标"},
                                                     [AXIS_HEAD] = {"head", "头"},
                                                     [AXIS_FEATURE] = {"feature", "特征"},
                                                     [AXIS_VOCAB] = {"token", "词元"},
                                                     [AXIS_UPDATE] = {"update", "更新"},
                                                     [AXIS_PATCH] = {"patch", "图块"},
                                                     [AXIS_SEQUENCE] = {"sequence", "序列"},
                                                     [AXIS_RESIDUE] = {"residue", "残基"}};
    return words[axis][language];
}

const char *card_where(const Card *card)
{
    const TraceEntry *e = entry_of(card);
    const char *out = "";
    int64_t index = card->place.index;
    bool row = card->place.reduction != REDUCE_NONE && card->place.reduction != REDUCE_DELTA;
    if (card->place.reduction == REDUCE_LIMIT) return out;
    for (int axis = e->rank - 1; axis >= 0; axis--) {
        int dim = e->dim[axis] > 0 ? e->dim[axis] : 1, i = (int)(index % dim);
        index /= dim;
        if (row && axis == e->rank - 1) continue;
        if (is_nameless(e, axis)) continue;
        out = arena_format(card->arena, "%s %s%s%s", axis_word(e->axis[axis], card->language),
                           index_label(card->arena, card->trace[card->place.run], e, axis, i),
                           *out ? "   ·   " : "", out);
    }
    return out;
}

/* ---- words ---- */

static const struct {
    const char *start, *words[2];
} given[] = {
#define GIVEN(start, en, zh) {start, {en, zh}},
#include "app/given_words.def"
#undef GIVEN
};

static const char *given_words(const Card *card)
{
    bool zh = card->language == LANGUAGE_ZH;
    const TraceEntry *e = entry_of(card);
    if (e->op == OP_PREVIOUS) return zh ? "零：在它之前什么也没有。" : "Zero: there is nothing before it.";
    if (e->op == OP_NEXT) return zh ? "零：在它之后什么也没有。" : "Zero: there is nothing after it.";
    const char *name = trace_bare_name(e->name);
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (strncmp(name, given[i].start, strlen(given[i].start)) == 0) return given[i].words[card->language];
    return card_words_of_op[e->op].words[card->language];
}

const char *card_words(const Card *card)
{
    if (card->place.reduction != REDUCE_NONE)
        return card_expand(card, card_words_of_reduction[card->place.reduction].words[card->language], false);
    if (card->sum.kind == ARITHMETIC_GIVEN) return given_words(card);
    const Factor *first = card->sum.factor_count ? &card->sum.factor[0] : NULL;
    bool before = card->sum.op == OP_PREVIOUS && first && first->entry == entry_of(card)->source[1];
    if (before)
        return card_expand(card,
                           card->language == LANGUAGE_ZH
                               ? "照抄 {p}：这是第一步，之前没有别的步骤。"
                               : "A copy of {p}: this is the first step, there is none before it.",
                           false);
    return card_expand(card, card_words_of_op[card->sum.op].words[card->language], false);
}
