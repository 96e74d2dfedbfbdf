/* change.c — see change.h. */
#include "app/change.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "app/numbers.h"
#include "trace/explain.h"

bool change_is_weights(const TraceEntry *entry)
{
    if (entry->rank < 2 || entry->op != OP_SOFTMAX) return false;
    Axis last = entry->axis[entry->rank - 1];
    return last == AXIS_SOURCE || last == AXIS_TARGET;
}

bool change_is_learned(const TraceEntry *entry)
{
    return entry->op == OP_INPUT && entry->rank >= 1 && strlen(entry->name) < CHANGE_NAME &&
           strncmp(trace_bare_name(entry->name), "weight.", strlen("weight.")) == 0;
}

/* Made by the run, and something may follow from it. */
static bool is_computed(const TraceEntry *entry)
{
    bool last = entry->rank && entry->axis[entry->rank - 1] == AXIS_VOCAB &&
                (entry->op == OP_SOFTMAX || entry->op == OP_LOG_SOFTMAX);
    last |= entry->op == OP_HEAD_MEAN;
    return entry->op != OP_INPUT && entry->rank >= 1 && !last && strlen(entry->name) < CHANGE_NAME;
}

bool change_possible(const Trace *trace, const ChangeWish *wish)
{
    if (!trace || wish->entry < 0 || wish->entry >= trace->entry_count) return false;
    const TraceEntry *entry = &trace->entry[wish->entry];
    if (wish->index < 0 || (size_t)wish->index >= trace_count(entry)) return false;
    switch (wish->kind) {
    case CHANGE_SHARE:
    case CHANGE_UNIFORM:
    case CHANGE_ONE_HOT: return change_is_weights(entry);
    case CHANGE_FREEZE: return is_computed(entry);
    case CHANGE_CUT: return is_computed(entry) && !change_is_weights(entry);
    case CHANGE_SCALE:
        return (is_computed(entry) || change_is_learned(entry)) && !change_is_weights(entry) &&
               isfinite(wish->amount);
    case CHANGE_SET:
    case CHANGE_KINDS: break;
    }
    return false;
}

static void share_out(float *out, const float *row, int count, int column, float wanted)
{
    double rest = 0;
    wanted = wanted < 0 || isnan(wanted) ? 0 : wanted > 1 ? 1 : wanted;
    for (int i = 0; i < count; i++)
        if (i != column) rest += (double)row[i];
    if (count == 1) wanted = 1;
    for (int i = 0; i < count; i++) {
        double share = rest > 1e-9 ? (double)row[i] / rest : 1.0 / (count - 1);
        out[i] = i == column ? wanted : (float)((1 - (double)wanted) * share);
    }
}

/* ---- places ---- */

static int wide(const TraceEntry *entry, int axis)
{
    return axis && entry->axis[axis] == AXIS_TARGET ? CHANGE_ROWS : entry->dim[axis];
}

static bool is_widened(const TraceEntry *entry)
{
    for (int k = 1; k < entry->rank; k++)
        if (entry->axis[k] == AXIS_TARGET) return true;
    return false;
}

static long long convert(const TraceEntry *entry, long long at, bool widen)
{
    long long out = 0, step = 1;
    for (int k = entry->rank - 1; k >= 0; k--) {
        int from = widen ? entry->dim[k] : wide(entry, k), to = widen ? wide(entry, k) : entry->dim[k];
        if (from < 1) return -1;
        long long index = k ? at % from : at;
        if (index >= to) return -1;
        out += index * step;
        step *= to;
        at /= from;
    }
    return out;
}

long long change_place(const TraceEntry *entry, long long index)
{
    return convert(entry, index, true);
}

long long change_index(const TraceEntry *entry, long long place)
{
    return convert(entry, place, false);
}

/* Name and place of the cell `index`. */
static void aim(Change *change, const TraceEntry *entry, long long index)
{
    CHECK(strlen(entry->name) < CHANGE_NAME, "%s is too long a name", entry->name);
    memcpy(change->entry, entry->name, strlen(entry->name) + 1);
    change->first = change_place(entry, index);
    change->rank = is_widened(entry) ? entry->rank : 0;
    for (int k = 0; k < change->rank; k++) change->dim[k] = wide(entry, k);
}

Change change_share(const TraceEntry *entry, long long first, const float *row, int count, int column,
                    float wanted)
{
    Change out = {.count = count, .kind = CHANGE_SHARE, .amount = wanted, .column = column};
    aim(&out, entry, first);
    out.value = memory_resize(NULL, sizeof *out.value * (size_t)count);
    share_out(out.value, row, count, column, wanted);
    return out;
}

/* May the row look there? A masked score is minus infinity. */
static bool is_open(const Trace *trace, const TraceEntry *entry, long long index)
{
    const TraceEntry *score = entry->source[0] >= 0 ? &trace->entry[entry->source[0]] : NULL;
    return !score || (size_t)index >= trace_count(score) || !(score->value[index] <= -INFINITY);
}

static void make_uniform(const Trace *trace, const TraceEntry *entry, long long first, Change *out)
{
    int open = 0;
    for (int i = 0; i < out->count; i++) open += is_open(trace, entry, first + i);
    for (int i = 0; i < out->count; i++)
        out->value[i] = is_open(trace, entry, first + i) ? 1.0f / (float)open : 0;
}

bool change_make(const Trace *trace, const ChangeWish *wish, Change *out, Error *error)
{
    if (!change_possible(trace, wish)) {
        bool known = trace && wish->entry >= 0 && wish->entry < trace->entry_count;
        error_set(error, EXIT_INPUT, "%s cannot be changed like this",
                  known ? trace->entry[wish->entry].name : "the cell");
        return error_add(error, "why",
                         "attention weights are shared out, whatever else is computed can be scaled");
    }
    const TraceEntry *entry = &trace->entry[wish->entry];
    int width = entry->dim[entry->rank - 1], column = (int)(wish->index % width);
    bool cell = wish->kind == CHANGE_SCALE && !wish->row;
    bool cut = wish->kind == CHANGE_CUT;
    long long first = cell || cut ? wish->index : wish->index - column;
    *out = (Change){.count = cell  ? 1
                             : cut ? width - column
                                   : width,
                    .kind = wish->kind,
                    .amount = wish->amount,
                    .column = column};
    aim(out, entry, first);
    out->value = memory_resize(NULL, sizeof *out->value * (size_t)out->count);
    const float *now = entry->value + first;
    if (wish->kind == CHANGE_SHARE) share_out(out->value, now, width, column, wish->amount);
    if (wish->kind == CHANGE_UNIFORM) make_uniform(trace, entry, first, out);
    for (int i = 0; i < out->count; i++) {
        if (wish->kind == CHANGE_ONE_HOT) out->value[i] = (float)(i == column);
        if (wish->kind == CHANGE_SCALE) out->value[i] = wish->amount * now[i];
        if (wish->kind == CHANGE_CUT) out->value[i] = 0;
        if (wish->kind == CHANGE_FREEZE) out->value[i] = now[i];
    }
    return true;
}

void change_free(Change *change)
{
    change->value = memory_resize(change->value, 0);
    change->count = 0;
}

Change change_copy(const Change *change)
{
    Change copy = *change;
    size_t size = sizeof *copy.value * (size_t)copy.count;
    copy.value = memory_resize(NULL, size + 1);
    if (size) memcpy(copy.value, change->value, size);
    return copy;
}

bool change_equal(const Change *a, const Change *b)
{
    return strcmp(a->entry, b->entry) == 0 && a->first == b->first && a->count == b->count &&
           memcmp(a->value, b->value, sizeof *a->value * (size_t)a->count) == 0;
}

bool change_covers(const Change *change, const char *entry, long long place)
{
    return place >= change->first && place < change->first + change->count &&
           strcmp(change->entry, entry) == 0;
}

/* ---- as text ---- */

static bool misread(const char *text, const char *why, Error *error)
{
    error_set(error, EXIT_USAGE,
              "--override %s: %s; write dec.attn.weight[16]=0.5,0.5 (a flat index, then values)",
              QUOTED(text), why);
    return false;
}

/* "16", "3,4" or "3,*" up to "]"; the flat index of the cell, or of the first cell of the row. */
static bool read_where(const char *text, const char *at, const TraceEntry *entry, long long *index, bool *row,
                       bool *wants_trace, Error *error)
{
    long long number[TRACE_MAX_RANK + 1];
    int count = 0;
    *row = false;
    for (;; at++) {
        char *end = NULL;
        if (count > TRACE_MAX_RANK || *row) return misread(text, "there are too many indices", error);
        if (*at == '*') {
            *row = true;
            number[count++] = 0;
            end = (char *)(size_t)(at + 1);
        } else {
            number[count] = strtoll(at, &end, 10);
            if (end == at || number[count++] < 0) return misread(text, "the index is no whole number", error);
        }
        at = end;
        if (*at == ']' && at[1] == '=') break;
        if (*at != ',') return misread(text, "the index is no whole number", error);
    }
    if (count == 1 && !*row) {
        *index = number[0];
        return true;
    }
    *wants_trace = !entry;
    if (!entry) return true;
    if (count != entry->rank) return misread(text, "the tensor has another number of axes", error);
    *index = 0;
    for (int i = 0; i < count; i++) {
        if (number[i] >= entry->dim[i]) return misread(text, "an index lies outside the tensor", error);
        *index = *index * entry->dim[i] + number[i];
    }
    return true;
}

static bool read_values(const char *text, const char *at, Change *out, Error *error)
{
    int count = 1;
    for (const char *comma = at; *comma; comma++) count += *comma == ',';
    float *value = memory_resize(NULL, sizeof *value * (size_t)count);
    for (int i = 0; i < count; i++) {
        char *end;
        value[i] = strtof(at, &end);
        if (end == at || (*end && *end != ',') || isnan(value[i])) {
            memory_resize(value, 0);
            return misread(text, "a value is no number (nor share:S, uniform, one-hot, freeze, scale:F, cut)",
                           error);
        }
        at = end + 1;
    }
    out->count = count;
    out->value = value;
    out->kind = CHANGE_SET;
    return true;
}

/* share:0.5 uniform one-hot freeze scale:0; false when it is none of them. */
static bool read_what(const char *what, ChangeWish *wish)
{
    static const char *const name[CHANGE_KINDS] = {"",       "share:", "uniform", "one-hot",
                                                   "freeze", "scale:", "cut"};
    for (int kind = CHANGE_SHARE; kind < CHANGE_KINDS; kind++) {
        size_t size = strlen(name[kind]);
        bool amount = name[kind][size - 1] == ':';
        if (strncmp(what, name[kind], size) != 0 || (!amount && what[size])) continue;
        char *end = NULL;
        wish->kind = (ChangeKind)kind;
        wish->amount = amount ? strtof(what + size, &end) : 0;
        return !amount || (end != what + size && !*end && isfinite(wish->amount));
    }
    return false;
}

bool change_read(const Trace *trace, const char *text, Change *out, bool *wants_trace, Error *error)
{
    const char *bracket = strchr(text, '['), *equal = strchr(text, '=');
    size_t name = bracket ? (size_t)(bracket - text) : 0;
    *out = (Change){0};
    *wants_trace = false;
    if (!bracket || !equal || bracket > equal || !name)
        return misread(text, "no NAME[I]= at its start", error);
    if (name >= CHANGE_NAME) return misread(text, "the name is too long", error);
    memcpy(out->entry, text, name);
    int entry = trace ? trace_find(trace, out->entry) : -1;
    ChangeWish wish = {.entry = entry};
    bool words = read_what(equal + 1, &wish), row;
    if (!read_where(text, bracket + 1, entry >= 0 ? &trace->entry[entry] : NULL, &out->first, &row,
                    wants_trace, error))
        return false;
    /* A flat index of a tensor of heads means something only beside the number of its rows. */
    bool heads = strstr(out->entry, ".self.") || strstr(out->entry, ".cross.");
    *wants_trace |= words || (heads && !trace);
    if (*wants_trace && !trace) return false;
    *wants_trace = false;
    if (!words && entry < 0 && !row && !heads) return read_values(text, equal + 1, out, error);
    if (entry < 0) {
        error_set(error, EXIT_INPUT, "cannot override %s", QUOTED(out->entry));
        return error_add(error, "why",
                         "this model computes no tensor of that name (docs/trace.md lists them)");
    }
    if (!words) {
        if (out->first < 0 || (size_t)out->first >= trace_count(&trace->entry[entry]))
            return misread(text, "the index lies outside the tensor", error);
        aim(out, &trace->entry[entry], out->first);
        return read_values(text, equal + 1, out, error);
    }
    wish.index = out->first;
    wish.row = row;
    return change_make(trace, &wish, out, error);
}

void change_write(const Change *change, Buffer *out)
{
    long long at = change->first, step = 1;
    buffer_format(out, "%s[", change->entry);
    for (int k = 1; k < change->rank; k++) step *= change->dim[k];
    for (int k = 0; k < change->rank - 1; k++) {
        buffer_format(out, "%lld,", at / step);
        at %= step;
        step /= change->dim[k + 1];
    }
    buffer_format(out, "%lld]=", at);
    for (int i = 0; i < change->count; i++) {
        if (i) buffer_text(out, ",");
        number_write(change->value[i], out);
    }
}
