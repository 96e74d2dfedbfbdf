/* moment.c — see moment.h. */
#include "trace/moment.h"
#include <string.h>

static const char *const stage_names[STAGE_COUNT] = {
    [STAGE_NONE] = "",         [STAGE_STATE] = "state",     [STAGE_SCORE] = "score",
    [STAGE_WEIGHT] = "weight", [STAGE_CONTEXT] = "context", [STAGE_CONCAT] = "concat",
    [STAGE_WORD] = "word"};

/* The lecture's sub-steps and the first entry each computes; what lies between belongs to the stage that needs it. */
static const struct {
    const char *entry;
    Stage stage;
} stages[] = {
    {"dec.attn.query", STAGE_SCORE},
    {"dec.attn.hidden", STAGE_SCORE},
    {"dec.attn.score", STAGE_SCORE},
    {"dec.attn.weight", STAGE_WEIGHT},
    {"dec.attn.context", STAGE_CONTEXT},
    {"dec.concat", STAGE_CONCAT},
    {"dec.readout", STAGE_WORD},
    {"dec.logit", STAGE_WORD},
    {"dec.prob", STAGE_WORD},
    {"dec.logprob", STAGE_WORD},
    {"dec.init", STAGE_NONE},
    {"dec.init.sum", STAGE_NONE},
};

const char *stage_name(Stage stage)
{
    return stage >= 0 && stage < STAGE_COUNT ? stage_names[stage] : "";
}

Stage stage_from_name(const char *name)
{
    for (int i = STAGE_STATE; name && i < STAGE_COUNT; i++)
        if (!strcmp(stage_names[i], name)) return (Stage)i;
    return STAGE_NONE;
}

Stage stage_of_entry(const char *name)
{
    if (!name) return STAGE_NONE;
    name = trace_bare_name(name);
    if (strncmp(name, "dec.", 4) != 0) return STAGE_NONE;
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (!strcmp(stages[i].entry, name)) return stages[i].stage;
    return STAGE_STATE;
}

Moment moment_start(void)
{
    return (Moment){0, 0, STAGE_NONE};
}

/* Length of the first entry that has `axis` as its rows: the number of source or target positions of the run. */
static int positions(const Trace *trace, Axis axis)
{
    for (int i = 0; i < trace->entry_count; i++)
        if (trace->entry[i].rank && trace->entry[i].axis[0] == axis) return trace->entry[i].dim[0];
    return 0;
}

Moment moment_end(const Trace *trace)
{
    int rows = positions(trace, AXIS_TARGET);
    return (Moment){positions(trace, AXIS_SOURCE), rows ? rows - 1 : 0, rows ? STAGE_WORD : STAGE_NONE};
}

/* Runs beside the main one may be of other lengths: when the main one is complete, so are they; and what is no part of an
 * encoder or decoder (an experiment, a file of another program) does not grow with the sentence. */
static bool is_whole(const Trace *trace, const TraceEntry *entry, Moment moment)
{
    const char *name = trace_bare_name(entry->name);
    if (name == entry->name) return false;
    bool run = strncmp(name, "enc.", 4) == 0 || strncmp(name, "dec.", 4) == 0;
    return !run || moment_compare(moment, moment_end(trace)) >= 0;
}

int moment_rows(const Trace *trace, int entry, Moment moment)
{
    const TraceEntry *e = &trace->entry[entry];
    int along = trace_row_axis(e), all = e->rank ? e->dim[along] : 1, rows = all;
    Axis axis = e->rank ? e->axis[along] : AXIS_NONE;
    bool computed = e->source[0] >= 0;
    if (is_whole(trace, e, moment)) return e->rank && !along ? e->rows_done : all;
    if (e->rank && axis == AXIS_SOURCE) rows = moment.encoded;
    else if (e->rank && axis == AXIS_TARGET)
        rows = moment.row + (moment.stage != STAGE_NONE && moment.stage >= stage_of_entry(e->name));
    else if (computed && axis == AXIS_NONE) /* of the whole sentence: there when it has been read */
        rows = moment.encoded >= positions(trace, AXIS_SOURCE) ? all : 0;
    if (rows > all) rows = all;
    if (along) return rows; /* rows_done counts heads */
    return rows < e->rows_done || !e->rank ? rows : e->rows_done;
}

int moment_compare(Moment a, Moment b)
{
    if (a.encoded != b.encoded) return a.encoded < b.encoded ? -1 : 1;
    if (a.row != b.row) return a.row < b.row ? -1 : 1;
    return a.stage == b.stage ? 0 : a.stage < b.stage ? -1 : 1;
}
