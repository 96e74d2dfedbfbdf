/* trace_write.c — a trace as safetensors (Python opens it in one line) or as JSON. The reader is trace_read.c.
 *
 * In safetensors the tensors stand under their names, and one metadata string, "attnscope", is a JSON object with the
 * model, the texts, the sequences (tokens and ids) and for each entry its axes, labels, op and sources by name. */
#include <math.h>
#include <string.h>
#include "base/buffer.h"
#include "base/safetensors.h"
#include "trace/explain.h"
#include "trace/trace.h"

static void member(Buffer *out, const char *key, const char *text)
{
    buffer_json_string(out, key);
    buffer_text(out, ":");
    if (text) buffer_json_string(out, text);
    else buffer_text(out, "null");
}

static void write_sequences(Buffer *out, const Trace *trace)
{
    buffer_text(out, "\"sequences\":[");
    for (int i = 0; i < trace->sequence_count; i++) {
        const TraceSequence *sequence = &trace->sequence[i];
        buffer_text(out, i ? ",{" : "{");
        member(out, "name", sequence->name);
        buffer_text(out, ",\"tokens\":[");
        for (int k = 0; k < sequence->count; k++) {
            if (k) buffer_text(out, ",");
            buffer_json_string(out, sequence->token[k]);
        }
        buffer_text(out, "]");
        if (sequence->id) {
            buffer_text(out, ",\"ids\":[");
            for (int k = 0; k < sequence->count; k++) buffer_format(out, k ? ",%d" : "%d", sequence->id[k]);
            buffer_text(out, "]");
        }
        buffer_text(out, "}");
    }
    buffer_text(out, "]");
}

static void write_names(Buffer *out, const char *key, const char *const *name, int count)
{
    buffer_format(out, ",\"%s\":[", key);
    for (int i = 0; i < count; i++) {
        if (i) buffer_text(out, ",");
        if (name[i]) buffer_json_string(out, name[i]);
        else buffer_text(out, "null");
    }
    buffer_text(out, "]");
}

/* The members that both formats share, without braces. */
static void write_entry(Buffer *out, const Trace *trace, const TraceEntry *entry)
{
    const char *axis[TRACE_MAX_RANK], *labels[TRACE_MAX_RANK], *source[TRACE_MAX_SOURCES];
    int sources = 0;
    for (int i = 0; i < entry->rank; i++) {
        axis[i] = axis_name(entry->axis[i]);
        labels[i] = entry->labels[i] < 0 ? NULL : trace->sequence[entry->labels[i]].name;
    }
    for (int i = 0; i < TRACE_MAX_SOURCES; i++) {
        source[i] = entry->source[i] < 0 ? NULL : trace->entry[entry->source[i]].name;
        if (source[i]) sources = i + 1;
    }
    member(out, "name", entry->name);
    buffer_text(out, ",\"shape\":[");
    for (int i = 0; i < entry->rank; i++) buffer_format(out, i ? ",%d" : "%d", entry->dim[i]);
    buffer_text(out, "]");
    write_names(out, "axes", axis, entry->rank);
    write_names(out, "labels", labels, entry->rank);
    buffer_format(out, ",\"rows_done\":%d,\"op\":\"%s\"", entry->rows_done, op_descriptions[entry->op].name);
    write_names(out, "sources", source, sources);
}

static void write_head(Buffer *out, const Trace *trace)
{
    buffer_text(out, "{\"format\":1,");
    member(out, "model", trace->model);
    buffer_text(out, ",");
    member(out, "source_text", trace->source_text);
    buffer_text(out, ",");
    member(out, "target_text", trace->target_text);
    if (trace->attention) {
        buffer_text(out, ",");
        member(out, "attention", trace->attention);
    }
    buffer_format(out, ",\"stopped_at_cap\":%s,", trace->stopped_at_cap ? "true" : "false");
    write_sequences(out, trace);
    buffer_text(out, ",\"entries\":[");
}

/* A copy in the arena, so that the caller has nothing to free. */
static Bytes hand_over(Arena *arena, Buffer *buffer)
{
    Bytes bytes = {arena_string_sized(arena, buffer->at ? buffer->at : "", buffer->size), buffer->size};
    buffer_free(buffer);
    return bytes;
}

bool trace_write(Arena *arena, const Trace *trace, Bytes *out, Error *error)
{
    Buffer head = {0};
    write_head(&head, trace);
    StoredTensor *tensor = arena_array(arena, StoredTensor, (size_t)trace->entry_count + 1);
    for (int i = 0; i < trace->entry_count; i++) {
        const TraceEntry *entry = &trace->entry[i];
        buffer_text(&head, i ? ",{" : "{");
        write_entry(&head, trace, entry);
        buffer_text(&head, "}");
        tensor[i] = (StoredTensor){.name = entry->name,
                                   .rank = entry->rank,
                                   .count = trace_count(entry),
                                   .value = entry->value,
                                   .store = STORE_F32};
        memcpy(tensor[i].dim, entry->dim, (size_t)entry->rank * sizeof(int));
    }
    buffer_text(&head, "]}");
    StoredMetadata metadata = {"attnscope", hand_over(arena, &head).at};
    Safetensors file = {
        .count = trace->entry_count, .metadata_count = 1, .tensor = tensor, .metadata = &metadata};
    return safetensors_write_any(arena, &file, out, error);
}

/* JSON has no infinities: a masked score is the string "-Infinity", as Python's float() reads it. */
static void write_number(Buffer *out, float value)
{
    if (isfinite(value)) buffer_format(out, "%.9g", (double)value);
    else buffer_text(out, isnan(value) ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
}

bool trace_write_json(Arena *arena, const Trace *trace, Bytes *out, Error *error)
{
    (void)error;
    Buffer text = {0};
    write_head(&text, trace);
    for (int i = 0; i < trace->entry_count; i++) {
        const TraceEntry *entry = &trace->entry[i];
        buffer_text(&text, i ? ",\n{" : "\n{");
        write_entry(&text, trace, entry);
        buffer_text(&text, ",\"values\":[");
        for (size_t k = 0; k < trace_count(entry); k++) {
            if (k) buffer_text(&text, ",");
            write_number(&text, entry->value[k]);
        }
        buffer_text(&text, "]}");
    }
    buffer_text(&text, "\n]}\n");
    *out = hand_over(arena, &text);
    return true;
}
