/* question.c — asking: which row, what its numbers are called, and the shuffle that a seed repeats.
 *
 * Everything comes from the trace at hand, so a learner's own sentence gets its own questions. A question that cannot be
 * asked fairly is not asked (question_ask returns false), never bent. */
#include "lesson/question.h"
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include "base/utf8.h"
#include "lesson/parse.h"

static bool (*const ask_functions[QUESTION_KINDS])(Asking *) = {
#define QUESTION(symbol, name, function, ...) function,
#include "lesson/questions.def"
#undef QUESTION
};

const QuestionRules question_rules[QUESTION_KINDS] = {
#define QUESTION(symbol, name, function, options, entry, help_en, help_zh) {#name, options, entry},
#include "lesson/questions.def"
#undef QUESTION
};

/* ---- options ---- */

typedef enum { VALUE_INDEX, VALUE_COUNT, VALUE_NUMBER, VALUE_REDUCE, VALUE_WANT, VALUE_ENTRY } ValueKind;

static const char *const reduce_names[] = {"value", "sum", "max", "entropy"};

const char *question_option_problem(const char *key, const char *value)
{
    static const struct {
        const char *key;
        ValueKind kind;
        bool any;
        const char *problem;
    } keys[] = {
        {"row", VALUE_INDEX, true, "row= needs a row's number, counted from 0, or the word any"},
        {"word", VALUE_COUNT, true, "word= needs a word's number, counted from 1, or the word any"},
        {"then", VALUE_INDEX, false, "then= needs a number, counted as in row= or word="},
        {"column", VALUE_INDEX, false, "column= needs a column's number, counted from 0"},
        {"head", VALUE_INDEX, false, "head= needs a head's number, counted from 0"},
        {"above", VALUE_NUMBER, false, "above= needs a number such as 0.1"},
        {"of", VALUE_REDUCE, false, "of= is one of: value sum max entropy"},
        {"want", VALUE_WANT, false, "want= is one of: largest smallest"},
        {"against", VALUE_ENTRY, false,
         "against= needs the name of another run's numbers, such as dot:dec.prob"},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].key, key)) continue;
        int whole;
        double number;
        bool good = keys[i].any && strcmp(value, "any") == 0;
        switch (keys[i].kind) {
        case VALUE_INDEX: good = good || integer_parse(value, 0, 1 << 24, &whole); break;
        case VALUE_COUNT: good = good || integer_parse(value, 1, 1 << 24, &whole); break;
        case VALUE_NUMBER: good = number_parse(value, &number); break;
        case VALUE_REDUCE:
            for (int r = 0; r < 4; r++) good = good || strcmp(value, reduce_names[r]) == 0;
            break;
        case VALUE_ENTRY: good = *value; break;
        case VALUE_WANT: good = strcmp(value, "largest") == 0 || strcmp(value, "smallest") == 0; break;
        }
        return good ? NULL : keys[i].problem;
    }
    return "an unknown option";
}

const char *ask_option(const Asking *asking, const char *key, const char *otherwise)
{
    for (int i = 0; i < asking->question->option_count; i++)
        if (strcmp(asking->question->option[i].key, key) == 0) return asking->question->option[i].value;
    return otherwise;
}

int ask_option_int(const Asking *asking, const char *key, int otherwise)
{
    const char *text = ask_option(asking, key, NULL);
    int value;
    return text && integer_parse(text, 0, 1 << 24, &value) ? value : otherwise;
}

Reduce ask_reduce(const Asking *asking)
{
    bool cell = ask_option(asking, "column", NULL);
    const char *name = ask_option(asking, "of", cell ? "value" : "entropy");
    for (int i = 0; i < 4; i++)
        if (strcmp(name, reduce_names[i]) == 0) return (Reduce)i;
    return REDUCE_ENTROPY;
}

/* ---- rows ---- */

/* Heads, or one matrix for each update of a training: head= says which. */
static bool has_heads(const TraceEntry *entry)
{
    return entry->rank == 3 && (entry->axis[0] == AXIS_HEAD || entry->axis[0] == AXIS_UPDATE);
}

int ask_rows(const Asking *asking)
{
    const TraceEntry *entry = asking->entry;
    if (has_heads(entry)) return entry->dim[1];
    return entry->rank == 2 ? entry->rows_done : entry->rank == 1;
}

bool ask_row(const Asking *asking, int row, RowView *out)
{
    const TraceEntry *entry = asking->entry;
    if (row < 0 || row >= ask_rows(asking)) return false;
    int columns = entry->dim[entry->rank - 1],
        head = has_heads(entry) ? ask_option_int(asking, "head", 0) : 0;
    if (has_heads(entry) && head >= entry->dim[0]) return false;
    size_t vector = has_heads(entry) ? (size_t)head * (size_t)entry->dim[1] + (size_t)row : (size_t)row;
    *out = (RowView){entry->value + vector * (size_t)columns, columns, true};
    double sum = 0;
    for (int i = 0; i < columns; i++) {
        float x = out->value[i];
        if (isnan(x) || x == INFINITY) return false;
        if (x < 0) out->probability = false;
        sum += (double)x;
    }
    if (fabs(sum - 1) > 1e-3) out->probability = false;
    return columns > 0;
}

bool ask_quantity(const Asking *asking, int row, double *out)
{
    RowView view;
    Reduce reduce = ask_reduce(asking);
    int column = ask_option_int(asking, "column", -1);
    if (!ask_row(asking, row, &view)) return false;
    if (reduce == REDUCE_VALUE && (column < 0 || column >= view.count)) return false;
    if (reduce == REDUCE_ENTROPY && !view.probability) return false;
    *out = reduce == REDUCE_VALUE ? (double)view.value[column]
                                  : reduce_row(reduce, view.value, (size_t)view.count);
    return isfinite(*out) && fabs(*out) < 1e12;
}

/* ---- names and numbers ---- */

static void copy_cut(char *out, const char *text, size_t most)
{
    size_t size = strlen(text);
    if (size > most) size = most;
    size = utf8_valid_prefix(text, size);
    memcpy(out, text, size);
    out[size] = 0;
}

/* The label without the mark of a word's beginning (▁), unless another chosen label would then read the same. */
static const char *bare_label(const char *const *label, int count, int which)
{
    static const char word_mark[] = "\xE2\x96\x81";
    size_t mark = sizeof word_mark - 1;
    const char *full = label[which];
    if (strncmp(full, word_mark, mark) != 0 || !full[mark]) return full;
    for (int i = 0; i < count; i++)
        if (label[i] && !strcmp(label[i], full + mark)) return full;
    return full + mark;
}

void ask_names(const Asking *asking, bool of_rows, const int *index, int count, Text *out)
{
    const TraceEntry *entry = asking->entry;
    int axis = of_rows ? entry->rank - 2 : entry->rank - 1;
    const char *label[2 * QUESTION_CHOICES];
    for (int i = 0; i < count; i++)
        label[i] = axis < 0 ? NULL : trace_label(asking->trace, entry, axis, index[i]);
    for (int i = 0; i < count; i++)
        if (label[i]) copy_cut(out[i].text, bare_label(label, count, i), CHOICE_BYTES - 16);
        else snprintf(out[i].text, CHOICE_BYTES, "%d", index[i] + 1);
    /* The same word twice in a sentence: its position, counted from 1, tells which one. */
    Text plain[2 * QUESTION_CHOICES];
    memcpy(plain, out, (size_t)count * sizeof *out);
    for (int a = 0; a < count; a++) {
        bool again = false;
        for (int b = 0; b < count; b++)
            again = again || (a != b && strcmp(plain[a].text, plain[b].text) == 0);
        if (again) snprintf(out[a].text, CHOICE_BYTES, "%.48s (%d)", plain[a].text, index[a] + 1);
    }
}

const char *number_text(double value, int decimals, char out[CHOICE_BYTES])
{
    char digits[CHOICE_BYTES];
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    bool zero = strspn(digits, "0.") == strlen(digits);
    snprintf(out, CHOICE_BYTES, "%s%.56s", value < 0 && !zero ? "\xE2\x88\x92" : "", digits);
    return out;
}

void ask_add(Asking *asking, const char *text, double value)
{
    AskedQuestion *out = asking->out;
    copy_cut(out->choice[out->choice_count], text, CHOICE_BYTES - 1);
    out->value[out->choice_count++] = value;
}

void ask_explain(Asking *asking, int language, const char *format, ...)
{
    char *out = asking->out->explanation[language];
    va_list values;
    va_start(values, format);
    vsnprintf(out, sizeof asking->out->explanation[language], format, values);
    va_end(values);
    out[utf8_valid_prefix(out, strlen(out))] = 0;
}

/* ---- asking ---- */

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static void shuffle(Asking *asking)
{
    AskedQuestion *out = asking->out;
    for (int i = out->choice_count - 1; i > 0; i--) {
        int j = (int)rng_below(&asking->rng, (uint32_t)i + 1);
        char text[CHOICE_BYTES];
        memcpy(text, out->choice[i], CHOICE_BYTES);
        memcpy(out->choice[i], out->choice[j], CHOICE_BYTES);
        memcpy(out->choice[j], text, CHOICE_BYTES);
        double value = out->value[i];
        out->value[i] = out->value[j];
        out->value[j] = value;
        if (out->right == i) out->right = j;
        else if (out->right == j) out->right = i;
    }
}

static bool ask_about(Asking *asking, int row)
{
    *asking->out = (AskedQuestion){.kind = asking->question->kind, .row = row};
    asking->row = row;
    if (!ask_functions[asking->question->kind](asking)) return false;
    if (asking->out->choice_count < 2) return false;
    shuffle(asking);
    return true;
}

bool question_ask(const Question *question, const Trace *trace, unsigned seed, AskedQuestion *out)
{
    Asking asking = {.question = question,
                     .trace = trace,
                     .entry = trace_entry(trace, question->entry),
                     .rng = rng_make(seed, hash_of(question->id)),
                     .out = out};
    *out = (AskedQuestion){.kind = question->kind, .row = -1};
    if (!asking.entry) return false;
    int rows = ask_rows(&asking), fixed = ask_option_int(&asking, "row", -1);
    if (fixed < 0) fixed = ask_option_int(&asking, "word", 0) - 1;
    bool asked = false;
    bool whole = question->kind == QUESTION_FIND || question->kind == QUESTION_SIZE ||
                 question->kind == QUESTION_LENGTH; /* about no single row */
    if (whole) asked = ask_about(&asking, -1);
    else if (fixed >= 0) asked = ask_about(&asking, fixed);
    else if (rows > 0) {
        int first = (int)rng_below(&asking.rng, (uint32_t)rows);
        for (int i = 0; i < rows && !asked; i++) asked = ask_about(&asking, (first + i) % rows);
    }
    if (!asked) *out = (AskedQuestion){.kind = question->kind, .row = -1};
    return asked;
}
