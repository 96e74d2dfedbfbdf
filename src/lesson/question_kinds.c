/* question_kinds.c — the kinds of questions about the values of rows. Each computes its answer from the row, refuses when the margin is small,
 * adds the right choice first and the model's own runners-up behind it, and quotes the numbers it used. */
#include <math.h>
#include <string.h>
#include "lesson/parse.h"
#include "lesson/question.h"

/* Columns of the row with the largest finite values, in order; returns how many there are (at most `most`). */
static int top_columns(RowView row, int *index, int most)
{
    int count = 0;
    for (int i = 0; i < row.count; i++) {
        if (!isfinite(row.value[i])) continue;
        int at = count < most ? count++ : most;
        for (; at > 0 && row.value[index[at - 1]] < row.value[i]; at--)
            if (at < most) index[at] = index[at - 1];
        if (at < most) index[at] = i;
    }
    return count;
}

static double margin_of(RowView row)
{
    return row.probability ? MARGIN_PROBABILITY : MARGIN_OTHER;
}

/* The columns with the largest values become the choices; false when the first is not clearly ahead. */
static bool add_top(Asking *asking, Text *name, double *value)
{
    RowView row;
    int index[QUESTION_CHOICES];
    if (!ask_row(asking, asking->row, &row)) return false;
    int count = top_columns(row, index, QUESTION_CHOICES);
    if (count < 2) return false;
    for (int i = 0; i < count; i++) value[i] = (double)row.value[index[i]];
    if (value[0] - value[1] < margin_of(row)) return false;
    ask_names(asking, false, index, count, name);
    for (int i = 0; i < count; i++) ask_add(asking, name[i].text, value[i]);
    return true;
}

static void explain_largest(Asking *asking, const Text *name, const double *value)
{
    if (value[1] == 0) { /* a row that marks one column: many columns are next */
        ask_explain(asking, 0, "“%s” has the largest value, %s; the next is 0.", name[0].text,
                    NUMBER(value[0]));
        ask_explain(asking, 1, "“%s”的值最大，为 %s；其次是 0。", name[0].text, NUMBER(value[0]));
        return;
    }
    ask_explain(asking, 0, "“%s” has the largest value, %s; next comes “%s” with %s.", name[0].text,
                NUMBER(value[0]), name[1].text, NUMBER(value[1]));
    ask_explain(asking, 1, "“%s”的值最大，为 %s；其次是“%s”，为 %s。", name[0].text, NUMBER(value[0]),
                name[1].text, NUMBER(value[1]));
}

bool ask_argmax(Asking *asking)
{
    Text name[QUESTION_CHOICES];
    double value[QUESTION_CHOICES];
    if (!add_top(asking, name, value)) return false;
    explain_largest(asking, name, value);
    return true;
}

/* What another run writes in this row has a place among the choices (against=); false when there is no such run, or when
 * both write the same. */
static bool add_against(Asking *asking)
{
    const char *name = ask_option(asking, "against", NULL);
    if (!name) return true;
    Asking other = *asking;
    RowView row;
    other.entry = trace_entry(asking->trace, name);
    if (!other.entry || !ask_row(&other, asking->row, &row)) return false;
    Text text;
    int column = (int)largest_column(row.value, (size_t)row.count);
    ask_names(&other, false, &column, 1, &text);
    AskedQuestion *out = asking->out;
    for (int i = 0; i < out->choice_count; i++)
        if (strcmp(out->choice[i], text.text) == 0) return i > 0;
    if (out->choice_count == QUESTION_CHOICES) out->choice_count--;
    ask_add(asking, text.text, (double)row.value[column]);
    return true;
}

bool ask_token(Asking *asking)
{
    Text name[QUESTION_CHOICES];
    double value[QUESTION_CHOICES];
    RowView row;
    if (!ask_row(asking, asking->row, &row)) return false;
    /* A forced word is not the model's own choice: then there is no right answer. */
    const TraceEntry *entry = asking->entry;
    const char *best =
        trace_label(asking->trace, entry, entry->rank - 1, (int)largest_column(row.value, (size_t)row.count));
    const char *produced = entry->rank == 2 ? trace_label(asking->trace, entry, 0, asking->row) : NULL;
    if (best && produced && strcmp(best, produced)) return false;
    if (!add_top(asking, name, value) || !add_against(asking)) return false;
    ask_explain(asking, 0, "The model gives “%s” the probability %s; the runner-up “%s” gets %s.",
                name[0].text, NUMBER(value[0]), name[1].text, NUMBER(value[1]));
    ask_explain(asking, 1, "模型给“%s”的概率是 %s，排在第二的“%s”是 %s。", name[0].text, NUMBER(value[0]),
                name[1].text, NUMBER(value[1]));
    return true;
}

bool ask_order(Asking *asking)
{
    enum { THREE = 3, WIDE = 16 };
    static const int permutation[6][THREE] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                              {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    RowView row;
    if (!ask_row(asking, asking->row, &row)) return false;
    int top[WIDE], index[THREE], found = 0, count = top_columns(row, top, WIDE);
    for (int i = 0; i < count && found < THREE; i++)
        if (!found || (double)row.value[index[found - 1]] - (double)row.value[top[i]] >= margin_of(row))
            index[found++] = top[i];
    if (found < THREE) return false;
    Text name[THREE];
    ask_names(asking, false, index, THREE, name);
    for (int i = 0; i < THREE; i++)
        if (strlen(name[i].text) > 18) return false; /* three names and two signs must fit one choice */
    int rest[5] = {1, 2, 3, 4, 5};
    for (int i = 4; i > 0; i--) {
        int j = (int)rng_below(&asking->rng, (uint32_t)i + 1), kept = rest[i];
        rest[i] = rest[j], rest[j] = kept;
    }
    for (int c = 0; c < QUESTION_CHOICES; c++) {
        const int *p = permutation[c ? rest[c - 1] : 0];
        char text[CHOICE_BYTES];
        snprintf(text, sizeof text, "%.18s > %.18s > %.18s", name[p[0]].text, name[p[1]].text,
                 name[p[2]].text);
        ask_add(asking, text, (double)row.value[index[p[0]]]);
    }
    double v[THREE] = {(double)row.value[index[0]], (double)row.value[index[1]], (double)row.value[index[2]]};
    ask_explain(asking, 0, "The model computed %s for “%s”, %s for “%s” and %s for “%s”.", NUMBER(v[0]),
                name[0].text, NUMBER(v[1]), name[1].text, NUMBER(v[2]), name[2].text);
    ask_explain(asking, 1, "模型算出的值：“%s” %s，“%s” %s，“%s” %s。", name[0].text, NUMBER(v[0]),
                name[1].text, NUMBER(v[1]), name[2].text, NUMBER(v[2]));
    return true;
}

bool ask_count(Asking *asking)
{
    RowView row;
    if (!ask_row(asking, asking->row, &row)) return false;
    double threshold = 0.1;
    number_parse(ask_option(asking, "above", "0.1"), &threshold);
    int right = 0, top[QUESTION_CHOICES], shown = top_columns(row, top, QUESTION_CHOICES);
    for (int i = 0; i < row.count; i++) {
        double distance = (double)row.value[i] - threshold;
        if (fabs(distance) < 0.01) return false; /* on screen both would read the same */
        right += distance > 0;
    }
    /* The nearest counts on both sides, in an order drawn by the seed. */
    int candidate[6], count = 0;
    for (int d = 1; d <= 3; d++) {
        if (right - d >= 0) candidate[count++] = right - d;
        if (right + d <= row.count) candidate[count++] = right + d;
    }
    char text[CHOICE_BYTES];
    snprintf(text, sizeof text, "%d", right);
    ask_add(asking, text, right);
    for (int c = 1; c < QUESTION_CHOICES && count; c++) {
        int drawn = (int)rng_below(&asking->rng, count > 3 ? 3u : (uint32_t)count);
        snprintf(text, sizeof text, "%d", candidate[drawn]);
        ask_add(asking, text, candidate[drawn]);
        memmove(candidate + drawn, candidate + drawn + 1, (size_t)(--count - drawn) * sizeof *candidate);
    }
    Text name[QUESTION_CHOICES];
    ask_names(asking, false, top, shown, name);
    char list[280] = "";
    for (int i = 0; i < shown; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s“%s” %s", i ? ", " : "", name[i].text,
                 NUMBER((double)row.value[top[i]]));
    ask_explain(asking, 0, "%d of %d lie above %s. The largest: %s.", right, row.count, NUMBER(threshold),
                list);
    ask_explain(asking, 1, "%d 个数中有 %d 个大于 %s。最大的几个：%s。", row.count, right, NUMBER(threshold),
                list);
    return true;
}

static const char *reduce_word(Reduce reduce, int language)
{
    static const char *const words[][2] = {
        {"the value", "值"}, {"the sum", "和"}, {"the largest value", "最大值"}, {"the entropy", "熵"}};
    return words[reduce][language];
}

bool ask_find(Asking *asking)
{
    int rows = ask_rows(asking), index[QUESTION_CHOICES], count = 0;
    double value[QUESTION_CHOICES];
    bool smallest = strcmp(ask_option(asking, "want", "largest"), "smallest") == 0;
    Reduce reduce = ask_reduce(asking);
    for (int r = 0; r < rows; r++) {
        double found;
        if (!ask_quantity(asking, r, &found)) return false;
        int at = count < QUESTION_CHOICES ? count++ : QUESTION_CHOICES;
        for (; at > 0 && (smallest ? found < value[at - 1] : found > value[at - 1]); at--)
            if (at < QUESTION_CHOICES) value[at] = value[at - 1], index[at] = index[at - 1];
        if (at < QUESTION_CHOICES) value[at] = found, index[at] = r;
    }
    if (count < 2) return false;
    RowView row;
    bool weights = (reduce == REDUCE_VALUE || reduce == REDUCE_MAX) && ask_row(asking, index[0], &row) &&
                   row.probability;
    if (fabs(value[0] - value[1]) < (weights ? MARGIN_PROBABILITY : MARGIN_OTHER)) return false;
    Text name[QUESTION_CHOICES];
    ask_names(asking, true, index, count, name);
    for (int i = 0; i < count; i++) ask_add(asking, name[i].text, value[i]);
    ask_explain(asking, 0, "In row “%s” %s is %s, in row “%s” it is %s.", name[0].text,
                reduce_word(reduce, 0), NUMBER(value[0]), name[1].text, NUMBER(value[1]));
    ask_explain(asking, 1, "“%s”一行的%s是 %s，“%s”一行的是 %s。", name[0].text, reduce_word(reduce, 1),
                NUMBER(value[0]), name[1].text, NUMBER(value[1]));
    return true;
}

bool ask_direction(Asking *asking)
{
    int from = asking->row, to = ask_option_int(asking, "then", -1);
    if (to >= 0 && ask_option(asking, "word", NULL)) to--;
    if (to < 0) to = from + 1;
    double before, after;
    RowView row;
    if (to == from || !ask_quantity(asking, from, &before) || !ask_quantity(asking, to, &after)) return false;
    Reduce reduce = ask_reduce(asking);
    bool weights =
        (reduce == REDUCE_VALUE || reduce == REDUCE_MAX) && ask_row(asking, from, &row) && row.probability;
    double change = after - before;
    if (fabs(change) < (weights ? MARGIN_PROBABILITY : MARGIN_OTHER)) return false;
    bool up = change > 0;
    ask_add(asking, up ? "↑" : "↓", change);
    ask_add(asking, up ? "↓" : "↑", -change);
    ask_explain(asking, 0, "It goes from %s to %s: it %s by %s.", NUMBER(before), NUMBER(after),
                up ? "grows" : "falls", NUMBER(fabs(change)));
    ask_explain(asking, 1, "从 %s 变为 %s：%s了 %s。", NUMBER(before), NUMBER(after), up ? "增大" : "减小",
                NUMBER(fabs(change)));
    return true;
}

/* ---- numeric ---- */

static bool is_apart(const AskedQuestion *out, double value, double apart)
{
    for (int i = 0; i < out->choice_count; i++)
        if (fabs(out->value[i] - value) < apart) return false;
    return true;
}

/* Two digits and more, and whole: the other choices are, too. */
static bool is_count(double right)
{
    return !number_decimals(right) && right == floor(right);
}

static void add_number(Asking *asking, double value, double right)
{
    char text[CHOICE_BYTES];
    int decimals = is_count(right) ? 0 : number_decimals(value);
    ask_add(asking, number_text(value, decimals < 2 ? decimals : 2, text), value);
}

/* Beside a count, a number as round as one that comes to mind. */
static double as_round(double right, double value)
{
    if (!is_count(right)) return value;
    double unit = fmax(1, pow(10, floor(log10(fmax(1, fabs(value)))) - 1));
    return unit * round(value / unit);
}

/* A tempting wrong number from the same entry: another row's, another cell's, or (for a sum) a column's sum. */
static bool tempting(Asking *asking, Reduce reduce, RowView row, double *out)
{
    int rows = ask_rows(asking), column = (int)rng_below(&asking->rng, (uint32_t)row.count);
    RowView other;
    if (reduce == REDUCE_VALUE) return *out = (double)row.value[column], isfinite(*out);
    if (reduce != REDUCE_SUM) return ask_quantity(asking, (int)rng_below(&asking->rng, (uint32_t)rows), out);
    *out = 0;
    for (int r = 0; r < rows; r++) {
        if (!ask_row(asking, r, &other)) return false;
        *out += (double)other.value[column];
    }
    return isfinite(*out);
}

/* Numbers from 0 to 1 and no others: probabilities, shares, gates. */
static bool are_shares(RowView row)
{
    for (int i = 0; i < row.count; i++)
        if (!(row.value[i] >= 0 && row.value[i] <= 1)) return false;
    return true;
}

static void add_wrong_numbers(Asking *asking, Reduce reduce, RowView row, double right)
{
    AskedQuestion *out = asking->out;
    double apart = fmax(0.10, 0.15 * fabs(right));
    bool shares = are_shares(row);
    double low = shares ? 0 : -INFINITY,
           high = shares && reduce != REDUCE_ENTROPY && reduce != REDUCE_SUM ? 1 : INFINITY;
    for (int tries = 0; tries < 32 && out->choice_count < QUESTION_CHOICES; tries++) {
        double value;
        if (tempting(asking, reduce, row, &value) && is_apart(out, value, apart) &&
            (!is_count(right) || value == floor(value)))
            add_number(asking, value, right);
    }
    for (int k = 1; k < 64 && out->choice_count < QUESTION_CHOICES; k++) {
        double step = (rng_below(&asking->rng, 2) ? 0.75 : -0.75) * apart * (k + 1),
               value = as_round(right, right + step);
        if (value < low || value > high)
            value = as_round(right, right - step); /* a probability has room on one side only */
        if (value >= low && value <= high && is_apart(out, value, apart)) add_number(asking, value, right);
    }
}

bool ask_numeric(Asking *asking)
{
    RowView row;
    double right;
    if (!ask_row(asking, asking->row, &row) || !ask_quantity(asking, asking->row, &right)) return false;
    Reduce reduce = ask_reduce(asking);
    add_number(asking, right, right);
    add_wrong_numbers(asking, reduce, row, right);
    int top[3], count = top_columns(row, top, 3);
    double v[3] = {0}, rest = right;
    for (int i = 0; i < count; i++) v[i] = (double)row.value[top[i]], rest -= v[i];
    if (reduce == REDUCE_SUM && count == 3) {
        ask_explain(asking, 0, "The three largest and the rest: %s + %s + %s + %s = %s.", NUMBER(v[0]),
                    NUMBER(v[1]), NUMBER(v[2]), NUMBER(rest), NUMBER(right));
        ask_explain(asking, 1, "最大的三个加上其余的：%s + %s + %s + %s = %s。", NUMBER(v[0]), NUMBER(v[1]),
                    NUMBER(v[2]), NUMBER(rest), NUMBER(right));
    } else if (reduce == REDUCE_ENTROPY) {
        ask_explain(
            asking, 0,
            "The entropy of these %d numbers is %s nats; were they all equal, it would be ln %d = %s.",
            row.count, NUMBER(right), row.count, NUMBER(log(row.count)));
        ask_explain(asking, 1, "这 %d 个数的熵是 %s 奈特；若全都相等，熵就是 ln %d = %s。", row.count,
                    NUMBER(right), row.count, NUMBER(log(row.count)));
    } else if (reduce == REDUCE_MAX && count > 1) {
        Text name[2];
        ask_names(asking, false, top, 2, name);
        explain_largest(asking, name, v);
    } else if (reduce == REDUCE_VALUE && right == v[0]) {
        ask_explain(asking, 0, "Here %s is %s, the largest of the row.", reduce_word(reduce, 0),
                    NUMBER(right));
        ask_explain(asking, 1, "这里的%s是 %s，是整行最大的数。", reduce_word(reduce, 1), NUMBER(right));
    } else {
        ask_explain(asking, 0, "Here %s is %s; the largest of the row is %s.", reduce_word(reduce, 0),
                    NUMBER(right), NUMBER(v[0]));
        ask_explain(asking, 1, "这里的%s是 %s；整行最大的数是 %s。", reduce_word(reduce, 1), NUMBER(right),
                    NUMBER(v[0]));
    }
    return true;
}
