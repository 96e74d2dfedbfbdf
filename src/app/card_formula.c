/* card_formula.c — the formula of a card: letters for the tensors, then the same with the numbers in it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "app/card_int.h"
#include "base/utf8.h"

/* ---- letters ---- */

typedef struct {
    const char *entry, *letter, *sub, *sup;
} Symbol;

static const Symbol symbols[] = {
#define SYMBOL(entry, letter, sub, sup) {entry, letter, sub, sup},
#include "app/symbols.def"
#undef SYMBOL
};

/* "enc.0.self.q" and "dec.3.self.q" are the same letter in every layer. */
static const char *without_layer(const char *entry)
{
    bool side = strncmp(entry, "enc.", 4) == 0 || strncmp(entry, "dec.", 4) == 0;
    size_t digits = side ? strspn(entry + 4, "0123456789") : 0;
    return digits && entry[4 + digits] == '.' ? entry + 4 + digits : NULL;
}

static bool is_called(const char *entry, const char *name)
{
    static const char weight[] = "weight.";
    size_t size = strlen(weight);
    if (strncmp(entry, weight, size) == 0 && strncmp(name, weight, size) == 0) entry += size, name += size;
    const char *rest = without_layer(entry);
    return rest ? name[0] == 'N' && strcmp(name + 1, rest) == 0 : strcmp(name, entry) == 0;
}

/* Of a run beside the main one the letters are the same. */
static const Symbol *symbol_of(const char *entry)
{
    entry = trace_bare_name(entry);
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (is_called(entry, symbols[i].entry)) return &symbols[i];
    return NULL;
}

static int indices_in(const char *sub)
{
    int count = *sub != 0;
    for (; *sub; sub++) count += *sub == ',';
    return count;
}

/* "t,i" with the last index written as `index`, or with one more. */
static const char *reindexed(Arena *arena, const char *sub, const char *index, bool more)
{
    const char *comma = strrchr(sub, ',');
    if (more) return arena_format(arena, "%s%s%s", sub, *sub ? "," : "", index);
    return arena_format(arena, "%.*s%s", comma ? (int)(comma - sub) + 1 : 0, sub, index);
}

/* The entry of operand `which` ('o', 'a' …), -1 when it is missing. */
static int operand_id(const Card *card, char which)
{
    const TraceEntry *self = &card->trace[card->place.run]->entry[card->place.entry];
    if (which == 'p') return card->sum.factor_count ? card->sum.factor[0].entry : -1;
    return which == 'o' ? card->place.entry : self->source[which - 'a'];
}

/* The position that the first operand comes from, as the screen counts; NULL when it has none. */
static const char *position_of_first(const Card *card)
{
    const Factor *factor = &card->sum.factor[0];
    const TraceEntry *e = &card->trace[factor->run]->entry[factor->entry];
    bool position = e->rank == 2 && (e->axis[0] == AXIS_SOURCE || e->axis[0] == AXIS_TARGET);
    return position ? arena_format(card->arena, "%lld", (long long)(factor->index / e->dim[1] + 1)) : NULL;
}

/* The letter of operand `which` ('o', 'a' …) as TeX; `index` of `size` bytes as in {a:j}, {a+j} and {a^h}. */
static const char *letter(const Card *card, char which, char how, const char *index, size_t size)
{
    const Trace *trace = card->trace[card->place.run];
    const TraceEntry *e = &trace->entry[operand_id(card, which)];
    const Symbol *symbol = symbol_of(e->name);
    char unknown[2] = {which == 'o' ? 'y' : which, 0};
    Symbol own = symbol ? *symbol : (Symbol){e->name, unknown, "", ""};
    Arena *arena = card->arena;
    const char *sub = own.sub, *put = size && *index == '#' ? position_of_first(card)
                                                            : arena_string_sized(arena, index, size);
    if (how && how != '^' && put) {
        int axes = e->rank - (e->rank && e->axis[0] == AXIS_HEAD); /* the letters do not say which head */
        bool full = indices_in(sub) >= axes;
        sub = reindexed(arena, sub, put, how == '+' && !full);
    }
    const char *body = own.letter;
    if (*sub) body = arena_format(arena, "%s_{%s}", body, sub);
    if (how == '^') body = arena_format(arena, "%s^{%s}", body, put);
    else if (*own.sup) body = arena_format(arena, "%s^{\\mathrm{%s}}", body, own.sup);
    return arena_format(arena, "\\term{%s}{%s}", e->name, body);
}

/* ---- {a} in texts ---- */

static const char *operand_name(const Card *card, char which)
{
    return card->trace[card->place.run]->entry[operand_id(card, which)].name;
}

static bool is_operand(const char *at)
{
    return at[0] == '{' && (at[1] == 'o' || at[1] == 'p' || (at[1] >= 'a' && at[1] <= 'd')) &&
           (at[2] == '}' || ((at[2] == ':' || at[2] == '+' || at[2] == '^') && at[3] && strchr(at, '}')));
}

static bool is_missing(const Card *card, char which)
{
    return operand_id(card, which) < 0;
}

/* Does the part up to ">" name an operand that is missing? */
static bool part_is_missing(const Card *card, const char *at)
{
    for (; *at && *at != '>'; at++)
        if (is_operand(at) && is_missing(card, at[1])) return true;
    return false;
}

const char *card_expand(const Card *card, const char *text, bool formula)
{
    const char *out = "";
    while (*text) {
        size_t plain = strcspn(text, "{<>");
        if (is_operand(text)) {
            const char *end = strchr(text, '}');
            const char *put = is_missing(card, text[1]) ? "0"
                              : formula ? letter(card, text[1], text[2] == '}' ? 0 : text[2], text + 3,
                                                 text[2] == '}' ? 0 : (size_t)(end - text - 3))
                                        : operand_name(card, text[1]);
            out = arena_format(card->arena, "%s%s", out, put);
            text = end + 1;
            continue;
        }
        if (*text == '<' && part_is_missing(card, text)) {
            text += strcspn(text, ">");
            text += *text == '>';
            continue;
        }
        if (*text == '<' || *text == '>') {
            text++;
            continue;
        }
        if (!plain) plain = 1; /* a brace of TeX */
        out = arena_format(card->arena, "%s%.*s", out, (int)plain, text);
        text += plain;
    }
    return out;
}

/* ---- numbers in place of letters ---- */

static const char *factor_number(const Card *card, int i, bool leads)
{
    const Factor *factor = &card->sum.factor[i];
    float value = card->trace[factor->run]->entry[factor->entry].value[factor->index];
    if (factor->complement) return arena_format(card->arena, "(1 - \\val{f%d})", i);
    bool bracket = !leads && (value < 0 || isinf(value));
    return arena_format(card->arena, bracket ? "(\\val{f%d})" : "\\val{f%d}", i);
}

/* In brackets unless it is a plain figure: "(−0.5)²", "(2.6·10⁻⁴)²". */
static const char *squared(const Card *card, int i)
{
    ValueSource value;
    char text[32];
    card_value(card, arena_format(card->arena, "f%d", i), &value);
    bool plain = value.value >= 0 && !strstr(draw_value_text(value, text), "·10");
    return arena_format(card->arena, plain ? "\\val{f%d}^2" : "(\\val{f%d})^2", i);
}

static const char *line_numbers(const Card *card, int line, bool leads)
{
    const ArithmeticLine *l = &card->sum.line[line];
    const char *first = factor_number(card, l->first, leads);
    switch (card->sum.kind) {
    case ARITHMETIC_ENTROPY: return arena_format(card->arena, "%s \\ln %s", first, first);
    case ARITHMETIC_ROOT: return squared(card, l->first);
    case ARITHMETIC_DIFFERENCE:
        return l->count < 2
                   ? first
                   : arena_format(card->arena, "%s - %s", first, factor_number(card, l->first + 1, false));
    default: break;
    }
    const char *out = first;
    for (int i = 1; i < l->count; i++)
        out = arena_format(card->arena, "%s \\cdot %s", out, factor_number(card, l->first + i, false));
    return out;
}

enum { SHOWN_LINES = 3 };

/* All lines, or the first two and the last. */
static const char *sum_numbers(const Card *card)
{
    int count = card->sum.summed;
    const char *out = count ? line_numbers(card, 0, true) : "0";
    for (int i = 1; i < count; i++) {
        if (count > SHOWN_LINES && i == SHOWN_LINES - 1) {
            out = arena_format(card->arena, "%s + \\ldots", out);
            i = count - 1;
        }
        out = arena_format(card->arena, "%s + %s", out, line_numbers(card, i, false));
    }
    return out;
}

/* What is done to a sum `x`. */
static const char *wrapped(const Card *card, const char *x)
{
    const Arithmetic *sum = &card->sum;
    int own = sum->own < 0 ? 0 : sum->line_count ? sum->line[sum->own].first : 0;
    switch (sum->kind) {
    case ARITHMETIC_SOFTMAX:
        return arena_format(card->arena, "\\frac{e^{\\val{f%d} - \\val{m}}}{\\val{s}}", own);
    case ARITHMETIC_LOG_SOFTMAX:
        return arena_format(card->arena, "\\val{f%d} - \\val{m} - \\log \\val{s}", own);
    case ARITHMETIC_LAYER_NORM:
        return arena_format(card->arena,
                            "\\val{f%d} \\cdot \\frac{\\val{f%d} - \\val{m}}{\\val{d}} + \\val{f%d}",
                            sum->factor_count - 2, own, sum->factor_count - 1);
    case ARITHMETIC_ENTROPY: return arena_format(card->arena, "-(%s)", x);
    case ARITHMETIC_ROOT: return arena_format(card->arena, "\\sqrt{%s}", x);
    case ARITHMETIC_MEAN: return arena_format(card->arena, "\\frac{1}{%d} (%s)", sum->summed, x);
    case ARITHMETIC_SHARE: return arena_format(card->arena, "\\frac{\\val{f%d}}{%s}", own, x);
    case ARITHMETIC_BREVITY: return "\\min(1, e^{1 - \\val{f1} / \\val{f0}})";
    case ARITHMETIC_BLEU:
        return arena_format(card->arena, "100 \\cdot \\val{f%d} \\cdot e^{\\val{s} / %d}",
                            sum->factor_count - 1, sum->summed);
    case ARITHMETIC_SUM: break;
    default: return x;
    }
    switch ((Op)sum->op) {
    case OP_TANH:
    case OP_GRU_CANDIDATE:
    case OP_ADDITIVE_HIDDEN: return arena_format(card->arena, "\\tanh(%s)", x);
    case OP_SIGMOID:
    case OP_GRU_RESET:
    case OP_GRU_UPDATE: return arena_format(card->arena, "\\sigma(%s)", x);
    case OP_RELU: return arena_format(card->arena, "\\max(0, %s)", x);
    case OP_GELU: return arena_format(card->arena, "\\val{s} \\, \\Phi(\\val{s})");
    default: return x;
    }
}

/* One operand taken over as it is: its number would only be said twice. */
static bool is_copy(const Card *card)
{
    const Arithmetic *sum = &card->sum;
    return sum->kind == ARITHMETIC_LARGEST ||
           (sum->kind == ARITHMETIC_SUM && sum->factor_count == 1 && trace_op_function(sum->op, 0.5) == 0.5 &&
            trace_op_function(sum->op, -0.5) == -0.5);
}

/* A card's numbers stand still: each has the room of its own figures, not of those that any number may become. */
static const char *fitted(const Card *card, const char *tex)
{
    enum { MOST = 9 };
    const char *out = "", *at;
    for (; (at = strstr(tex, "\\val{")); tex = at) {
        size_t before = (size_t)(at - tex);
        at += strlen("\\val");
        ValueSource value;
        char text[32];
        int columns = 0;
        const char *name = arena_string_sized(card->arena, at + 1, strcspn(at + 1, "}"));
        if (card_value(card, name, &value)) {
            const char *figure = draw_value_text(value, text), *end = figure + strlen(figure);
            for (; figure < end; columns++) utf8_next(&figure, end);
        }
        columns = columns < 1 ? 1 : columns > MOST ? MOST : columns;
        out = arena_format(card->arena, "%s%.*s\\val[%d]", out, (int)before, tex, columns);
    }
    return arena_format(card->arena, "%s%s", out, tex);
}

const char *card_formula(const Card *card, bool two_lines)
{
    bool reduced = card->place.reduction != REDUCE_NONE;
    const char *text = reduced ? card_words_of_reduction[card->place.reduction].formula
                               : card_words_of_op[card->sum.op].formula;
    if (!text || !*text || (!reduced && card->sum.kind == ARITHMETIC_GIVEN)) return NULL;
    const char *letters = card_expand(card, text, true), *equal = strstr(letters, " = ");
    const char *numbers = is_copy(card) || card->sum.kind == ARITHMETIC_POSITION
                              ? "\\val{r}"
                              : arena_format(card->arena, "%s = \\val{r}", wrapped(card, sum_numbers(card)));
    numbers = fitted(card, numbers);
    if (!equal || !two_lines) return arena_format(card->arena, "%s = %s", letters, numbers);
    return arena_format(card->arena, "\\begin{aligned} %.*s &= %s \\\\ &= %s \\end{aligned}",
                        (int)(equal - letters), letters, equal + 3, numbers);
}

const char *card_finish(const Card *card)
{
    const Arithmetic *sum = &card->sum;
    bool plain = is_copy(card) || !sum->line_count || sum->kind == ARITHMETIC_DIFFERENCE ||
                 sum->kind == ARITHMETIC_ENTROPY ||
                 (sum->kind == ARITHMETIC_SUM && !strcmp(wrapped(card, "x"), "x"));
    if (plain) return "=";
    const char *tex =
        sum->kind == ARITHMETIC_SOFTMAX && sum->own >= 0 /* on one line */
            ? arena_format(card->arena, "e^{\\val{f%d} - \\val{m}} / \\val{s}", sum->line[sum->own].first)
            : wrapped(card, "\\val{s}");
    bool named = sum->summed > 1 && sum->kind != ARITHMETIC_LARGEST && strstr(tex, "\\val{s}");
    return fitted(card, arena_format(card->arena, "%s%s =", named ? "\\Sigma = \\val{s} \\qquad " : "", tex));
}

/* Three decimals; a power of ten when they would show nothing. */
static bool give(ValueSource *out, float value)
{
    out->value = value;
    out->decimals = 3;
    out->tiny = fabsf(value) < 0.0005f;
    return true;
}

bool card_value(const Card *card, const char *name, ValueSource *out)
{
    static const struct {
        char name;
        ValueStep step;
    } steps[] = {{'r', STEP_RESULT}, {'s', STEP_SUM}, {'m', STEP_SHIFT}, {'d', STEP_SPREAD}};
    *out = (ValueSource){.run = card->place.run,
                         .entry = card->place.entry,
                         .index = card->place.index,
                         .reduction = card->place.reduction};
    if (name[0] == 'f') {
        long i = strtol(name + 1, NULL, 10);
        if (i < 0 || i >= card->sum.factor_count) return false;
        const Factor *factor = &card->sum.factor[i];
        *out = (ValueSource){.run = factor->run, .entry = factor->entry, .index = factor->index};
        return give(out, card->trace[factor->run]->entry[factor->entry].value[factor->index]);
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (name[0] == steps[i].name) {
            out->step = steps[i].step;
            return give(out, (float)arithmetic_step(&card->sum, out->step, 0));
        }
    return false;
}
