/* trace_read.c — a saved trace back from safetensors; the writer is trace_write.c.
 *
 * The file is untrusted and may come from another program. Its container is checked by base/safetensors; here the
 * description in the metadata is held against the tensors: names, axes, labels as long as their dimension, known ops,
 * sources that exist. Without a description every tensor is shown as it is, its axes unnamed. */
#include <string.h>
#include "base/json.h"
#include "base/safetensors.h"
#include "trace/explain.h"
#include "trace/trace.h"

typedef struct {
    Arena *arena;
    const char *path;
    Safetensors file;
    Trace trace;
    Error *error;
} Reader;

static bool refuse(Reader *reader, const char *where, const char *found)
{
    error_set(reader->error, EXIT_INPUT, "cannot open the trace %s", QUOTED(reader->path));
    error_add(reader->error, "where", "%s", where);
    error_add(reader->error, "found", "%s", found);
    return error_add(reader->error, "do", "write it again with: attnscope trace --model M --out FILE TEXT");
}

/* Tensors of any program: named, of a rank that can be drawn, with unnamed axes. */
static bool take_tensors(Reader *reader)
{
    for (int i = 0; i < reader->file.count; i++) {
        const StoredTensor *tensor = &reader->file.tensor[i];
        TraceEntry entry = {.name = tensor->name, .value = tensor->value, .op = OP_INPUT};
        int first = 0; /* leading ones beyond rank 4 say nothing */
        while (tensor->rank - first > TRACE_MAX_RANK && tensor->dim[first] == 1) first++;
        if (tensor->rank - first > TRACE_MAX_RANK)
            return refuse(reader, tensor->name, "more than 4 dimensions");
        if (i >= TRACE_MAX_ENTRIES) return refuse(reader, tensor->name, "more than 1024 tensors");
        entry.rank = tensor->rank - first;
        for (int k = 0; k < TRACE_MAX_RANK; k++) {
            entry.dim[k] = k < entry.rank ? tensor->dim[first + k] : 0;
            entry.labels[k] = entry.source[k] = -1;
        }
        entry.rows_done = entry.rank ? entry.dim[0] : 1;
        trace_add(&reader->trace, entry);
    }
    return true;
}

static const char *copy(Reader *reader, const char *text)
{
    return text ? arena_string(reader->arena, text) : NULL;
}

static bool take_sequence(Reader *reader, const Json *json)
{
    const char *name = json_text(json_get(json, "name"));
    const Json *tokens = json_get(json, "tokens"), *ids = json_get(json, "ids");
    size_t count = json_count(tokens);
    if (!name || !*name || json_kind(tokens) != JSON_KIND_ARRAY)
        return refuse(reader, "sequences", "one without name or tokens");
    if (trace_sequence(&reader->trace, name) >= 0)
        return refuse(reader, name, "a second sequence of this name");
    if (reader->trace.sequence_count >= TRACE_MAX_SEQUENCES)
        return refuse(reader, name, "more than 64 sequences");
    if (ids && json_count(ids) != count) return refuse(reader, name, "not as many ids as tokens");
    const char **token = arena_array(reader->arena, const char *, count + 1);
    int *id = ids ? arena_array(reader->arena, int, count + 1) : NULL;
    for (size_t i = 0; i < count; i++) {
        long long number = 0;
        token[i] = copy(reader, json_text(json_item(tokens, i)));
        if (!token[i]) return refuse(reader, name, "a token that is no string");
        if (id && !json_whole(json_item(ids, i), 0, 1 << 24, &number))
            return refuse(reader, name, "an id that is no whole number from 0");
        if (id) id[i] = (int)number;
    }
    trace_add_sequence(&reader->trace, (TraceSequence){copy(reader, name), (int)count, token, id});
    return true;
}

static int op_named(const char *name)
{
    for (int i = 0; name && i < OP_COUNT; i++)
        if (!strcmp(op_descriptions[i].name, name)) return i;
    return -1;
}

static bool take_axes(Reader *reader, TraceEntry *entry, const Json *json)
{
    const Json *axes = json_get(json, "axes"), *labels = json_get(json, "labels");
    for (int k = 0; k < entry->rank; k++) {
        entry->axis[k] = axis_from_name(json_text(json_item(axes, (size_t)k)));
        const char *sequence = json_text(json_item(labels, (size_t)k));
        entry->labels[k] = sequence ? trace_sequence(&reader->trace, sequence) : -1;
        if (sequence && entry->labels[k] < 0)
            return refuse(reader, entry->name, "labels of a sequence that is not there");
        if (sequence && reader->trace.sequence[entry->labels[k]].count < entry->dim[k])
            return refuse(reader, entry->name, "fewer labels than positions");
    }
    return true;
}

static bool take_entry(Reader *reader, const Json *json)
{
    const char *name = json_text(json_get(json, "name"));
    int found = trace_find(&reader->trace, name);
    if (found < 0)
        return refuse(reader, name ? name : "entries", "described, but no such tensor in the file");
    TraceEntry *entry = &reader->trace.entry[found];
    if (!take_axes(reader, entry, json)) return false;
    entry->op = op_named(json_text(json_get(json, "op")));
    if (entry->op < 0) return refuse(reader, name, "an op that this program does not know");
    const Json *sources = json_get(json, "sources");
    if (json_count(sources) > TRACE_MAX_SOURCES) return refuse(reader, name, "more than 4 sources");
    for (size_t k = 0; k < json_count(sources); k++) {
        const char *source = json_text(json_item(sources, k));
        entry->source[k] = trace_find(&reader->trace, source);
        if (source && entry->source[k] < 0) return refuse(reader, name, "a source that is not in the file");
    }
    long long rows;
    if (json_whole(json_get(json, "rows_done"), 0, entry->rank ? entry->dim[0] : 1, &rows))
        entry->rows_done = (int)rows;
    return true;
}

/* A linear op whose weight has the wrong width would index beyond it; the walk in explain.c refuses such cells one by
 * one, so sources need no shape check here. */
static bool take_description(Reader *reader, const char *text)
{
    Json *root = json_parse(text, strlen(text), reader->path, reader->error);
    if (!root) return false;
    long long format = 0;
    bool good = json_whole(json_get(root, "format"), 1, 1, &format);
    if (!good)
        refuse(reader, "metadata \"attnscope\"",
               "a format other than 1; this program is older than the file, or it is damaged");
    const Json *sequences = json_get(root, "sequences"), *entries = json_get(root, "entries");
    for (size_t i = 0; good && i < json_count(sequences); i++)
        good = take_sequence(reader, json_item(sequences, i));
    for (size_t i = 0; good && i < json_count(entries); i++) good = take_entry(reader, json_item(entries, i));
    reader->trace.model = copy(reader, json_text(json_get(root, "model")));
    reader->trace.source_text = copy(reader, json_text(json_get(root, "source_text")));
    reader->trace.target_text = copy(reader, json_text(json_get(root, "target_text")));
    reader->trace.attention = copy(reader, json_text(json_get(root, "attention")));
    reader->trace.stopped_at_cap = json_bool(json_get(root, "stopped_at_cap"), false);
    json_close(root);
    return good;
}

bool trace_read(Arena *arena, const char *path, Trace *out, Error *error)
{
    Reader *reader = arena_new(arena, Reader);
    *reader = (Reader){.arena = arena, .path = path, .error = error};
    if (!safetensors_read_any(arena, path, &reader->file, error) || !take_tensors(reader)) return false;
    const char *description = safetensors_metadata(&reader->file, "attnscope");
    if (description && !take_description(reader, description)) return false;
    if (!reader->trace.model) reader->trace.model = "safetensors";
    *out = reader->trace;
    return true;
}
