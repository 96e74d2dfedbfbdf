/* safetensors.c — reading the container of weights and traces (see safetensors.h); writing is safetensors_write.c.
 *
 * The checks go from the outside in: length, header, entries, ranges, values; a later one may rely on all earlier ones.
 * Surprise: entries may stand in any order in the header, so they are sorted by their data before holes and overlaps
 * are looked for (the reference implementation does the same). */
#include "base/safetensors.h"
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/buffer.h"
#include "base/json.h"

enum { MAX_HEADER = 16 << 20, MAX_TENSORS = 65536, MAX_NAME = 255, MAX_RANK = 8, LENGTH_SIZE = 8 };
static const size_t MAX_FILE = (size_t)2 << 30;

/* The element types, one row each; what is not here is refused. */
typedef void Convert(float *to, const char *from, size_t count);
static Convert from_f32, from_f16, from_bf16, from_f64;
static const struct ElementType {
    const char *name;
    size_t size;
    Convert *convert;
} types[] = {{"F32", 4, from_f32}, {"F16", 2, from_f16}, {"BF16", 2, from_bf16}, {"F64", 8, from_f64}};

typedef struct {
    StoredTensor tensor;
    const struct ElementType *type;
    size_t begin, end; /* in the data */
} Slot;

typedef struct {
    Arena *arena;
    Bytes bytes;
    const char *name;
    Error *error;
    bool any_value;
    size_t header_size;
    Slot *slot;
    int count;
} Reader;

static bool refuse(const Reader *r)
{
    return error_set(r->error, EXIT_INPUT, "cannot read %s", QUOTED(r->name));
}

static bool advise(const Reader *r)
{
    error_add(r->error, "why", "the file is damaged, or not a safetensors file");
    return error_add(r->error, "do", "download or make it again; nothing was changed");
}

/* Headline and place of a refusal about an entry of the header; `key` may be NULL. */
static bool refuse_entry(const Reader *r, const char *tensor, const char *key)
{
    refuse(r);
    Buffer quoted = {0};
    buffer_json_string(&quoted, tensor);
    const char *header = r->bytes.at + LENGTH_SIZE,
               *at = memmem(header, r->header_size, quoted.at, quoted.size);
    buffer_free(&quoted);
    size_t byte = at ? (size_t)(at - r->bytes.at) : (size_t)LENGTH_SIZE;
    const char *shown = QUOTED(tensor);
    if (key) return error_add(r->error, "where", "byte 0x%zx, tensor %s, key \"%s\"", byte, shown, key);
    return error_add(r->error, "where", "byte 0x%zx, tensor %s", byte, shown);
}

static uint64_t length_field(const char *at, bool big_endian)
{
    uint64_t length = 0;
    for (int i = 0; i < LENGTH_SIZE; i++)
        length = length << 8 | (unsigned char)at[big_endian ? i : LENGTH_SIZE - 1 - i];
    return length;
}

/* What the file seems to be, when that is something else; or NULL. */
static const char *other_kind(Bytes bytes)
{
    const char *guess = file_guess(bytes);
    return guess && strcmp(guess, "a safetensors file") ? guess : NULL;
}

static bool check_length(Reader *r)
{
    const char *guess = other_kind(r->bytes);
    if (r->bytes.size < LENGTH_SIZE + 2) {
        refuse(r);
        error_add(r->error, "where", "byte 0");
        error_add(r->error, "found", "%zu bytes%s%s", r->bytes.size, guess ? ", " : "", guess ? guess : "");
        error_add(r->error, "expected", "a safetensors file, which has at least %d", LENGTH_SIZE + 2);
        return advise(r);
    }
    uint64_t length = length_field(r->bytes.at, false), room = r->bytes.size - LENGTH_SIZE;
    if (length <= room && length <= MAX_HEADER) {
        r->header_size = (size_t)length;
        return true;
    }
    refuse(r);
    error_add(r->error, "where", "byte 0, the length of the header");
    bool swapped = length_field(r->bytes.at, true) <= room;
    if (guess) error_add(r->error, "found", "%s", guess);
    else
        error_add(r->error, "found", "%llu%s", (unsigned long long)length,
                  swapped ? " (in the wrong byte order)" : "");
    unsigned long long most = room < MAX_HEADER ? room : MAX_HEADER;
    error_add(r->error, "expected", "at most %llu; the file has %zu bytes", most, r->bytes.size);
    return advise(r);
}

static bool read_shape(const Reader *r, Slot *slot, const Json *shape)
{
    StoredTensor *t = &slot->tensor;
    size_t rank = json_count(shape);
    if (json_kind(shape) != JSON_KIND_ARRAY || rank > MAX_RANK) {
        refuse_entry(r, t->name, "shape");
        if (rank > MAX_RANK) error_add(r->error, "found", "%zu dimensions", rank);
        else error_add(r->error, "found", shape ? "something that is no list" : "nothing");
        error_add(r->error, "expected", "a list of at most %d whole numbers", MAX_RANK);
        return advise(r);
    }
    t->rank = (int)rank;
    t->count = 1;
    bool empty = false, overflow = false;
    for (size_t i = 0; i < rank; i++) {
        long long dim;
        if (!json_whole(json_item(shape, i), 0, INT_MAX, &dim)) {
            refuse_entry(r, t->name, "shape");
            error_add(r->error, "found", "dimension %zu is not a whole number from 0 to %d", i, INT_MAX);
            return advise(r);
        }
        t->dim[i] = (int)dim;
        if (dim == 0) empty = true;
        else if (t->count > MAX_FILE / (size_t)dim) overflow = true;
        else t->count *= (size_t)dim;
    }
    if (empty) t->count = 0;
    else if (overflow) {
        refuse_entry(r, t->name, "shape");
        Buffer text = {0};
        for (int i = 0; i < t->rank; i++) buffer_format(&text, "%s%d", i ? " x " : "", t->dim[i]);
        error_add(r->error, "found", "%s elements", text.at);
        error_add(r->error, "expected", "at most %zu bytes; the file has %zu", MAX_FILE, r->bytes.size);
        buffer_free(&text);
        return advise(r);
    }
    return true;
}

static bool read_type(const Reader *r, Slot *slot, const Json *value)
{
    const char *dtype = json_text(value);
    for (size_t i = 0; dtype && i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].name, dtype)) slot->type = &types[i];
    if (slot->type) return true;
    refuse_entry(r, slot->tensor.name, "dtype");
    error_add(r->error, "found", "%s", dtype ? QUOTED(dtype) : "no name of a type");
    error_add(r->error, "expected", "F32, F16, BF16 or F64");
    return error_add(r->error, "do", "convert the tensor to one of these types; nothing was changed");
}

static bool read_range(const Reader *r, Slot *slot, const Json *offsets)
{
    long long begin, end, limit = (long long)(r->bytes.size - LENGTH_SIZE - r->header_size);
    size_t expected = slot->tensor.count * slot->type->size;
    if (json_kind(offsets) != JSON_KIND_ARRAY || json_count(offsets) != 2 ||
        !json_whole(json_item(offsets, 0), 0, LLONG_MAX, &begin) ||
        !json_whole(json_item(offsets, 1), 0, LLONG_MAX, &end)) {
        refuse_entry(r, slot->tensor.name, "data_offsets");
        error_add(r->error, "expected", "two whole numbers: where its data begins and ends");
        return advise(r);
    }
    if (begin > end || end > limit || (size_t)(end - begin) != expected) {
        refuse_entry(r, slot->tensor.name, "data_offsets");
        error_add(r->error, "found", "bytes %lld to %lld of %lld", begin, end, limit);
        error_add(r->error, "expected", "%zu bytes for %zu elements of type %s", expected, slot->tensor.count,
                  slot->type->name);
        return advise(r);
    }
    slot->begin = (size_t)begin;
    slot->end = (size_t)end;
    return true;
}

static bool read_entry(Reader *r, const char *name, const Json *entry)
{
    size_t length = strlen(name);
    if (length == 0 || length > MAX_NAME || r->count == MAX_TENSORS) {
        refuse_entry(r, name, NULL);
        if (r->count == MAX_TENSORS) error_add(r->error, "found", "more than %d tensors", MAX_TENSORS);
        else error_add(r->error, "found", "a name of %zu bytes", length);
        error_add(r->error, "expected", "at most %d tensors with names of 1 to %d bytes", MAX_TENSORS,
                  MAX_NAME);
        return advise(r);
    }
    if (json_kind(entry) != JSON_KIND_OBJECT) {
        refuse_entry(r, name, NULL);
        error_add(r->error, "expected", "an object with dtype, shape and data_offsets");
        return advise(r);
    }
    Slot *slot = &r->slot[r->count++];
    slot->tensor.name = arena_string(r->arena, name);
    return read_shape(r, slot, json_get(entry, "shape")) && read_type(r, slot, json_get(entry, "dtype")) &&
           read_range(r, slot, json_get(entry, "data_offsets"));
}

static bool read_metadata(Reader *r, const Json *metadata, Safetensors *out)
{
    size_t count = json_count(metadata);
    bool good = json_kind(metadata) == JSON_KIND_OBJECT;
    out->metadata = arena_array(r->arena, StoredMetadata, count + 1);
    for (size_t i = 0; good && i < count; i++) {
        const char *key, *value = json_text(json_member(metadata, i, &key));
        good = value != NULL;
        if (good)
            out->metadata[out->metadata_count++] =
                (StoredMetadata){arena_string(r->arena, key), arena_string(r->arena, value)};
    }
    if (good) return true;
    refuse_entry(r, "__metadata__", NULL);
    error_add(r->error, "expected", "an object that holds only strings");
    return advise(r);
}

static int by_data(const void *a, const void *b)
{
    const Slot *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return strcmp(x->tensor.name, y->tensor.name);
}

static bool check_ranges(Reader *r)
{
    size_t at = 0, size = r->bytes.size - LENGTH_SIZE - r->header_size;
    if (r->count) qsort(r->slot, (size_t)r->count, sizeof *r->slot, by_data);
    for (int i = 0; i < r->count; at = r->slot[i++].end) {
        if (r->slot[i].begin == at) continue;
        refuse_entry(r, r->slot[i].tensor.name, "data_offsets");
        error_add(r->error, "found", "its data begins at byte %zu (%s)", r->slot[i].begin,
                  r->slot[i].begin < at ? "overlaps the tensor before" : "leaves a hole");
        error_add(r->error, "expected", "byte %zu, where the tensor before ends", at);
        return advise(r);
    }
    if (at == size) return true;
    refuse(r);
    error_add(r->error, "where", "byte 0x%zx", LENGTH_SIZE + r->header_size + at);
    error_add(r->error, "found", "%zu bytes after the end of the last tensor", size - at);
    error_add(r->error, "expected", "the end of the file");
    return advise(r);
}

/* The place of element `i` as the indices of its dimensions: "3, 17". */
static void show_index(Buffer *out, const StoredTensor *t, size_t i)
{
    size_t below = t->count;
    for (int k = 0; k < t->rank; k++) {
        below /= (size_t)t->dim[k];
        buffer_format(out, "%s%zu", k ? ", " : "", i / below);
        i %= below;
    }
}

static bool check_values(const Reader *r, const Slot *slot)
{
    const StoredTensor *t = &slot->tensor;
    size_t i = 0;
    while (i < t->count && isfinite(t->value[i])) i++;
    if (i == t->count) return true;
    Buffer index = {0};
    show_index(&index, t, i);
    refuse(r);
    error_add(r->error, "where", "tensor %s, index [%s] (byte 0x%zx)", QUOTED(t->name),
              index.at ? index.at : "", LENGTH_SIZE + r->header_size + slot->begin + i * slot->type->size);
    error_add(r->error, "found",
              isnan(t->value[i]) ? "NaN (not a number)" : "a value too large for a 32-bit number");
    error_add(r->error, "expected", "finite numbers");
    buffer_free(&index);
    return error_add(r->error, "do", "take an earlier checkpoint, or download it again; nothing was changed");
}

static bool convert(Reader *r, Safetensors *out)
{
    out->count = r->count;
    out->tensor = arena_array(r->arena, StoredTensor, (size_t)r->count + 1);
    const char *data = r->bytes.at + LENGTH_SIZE + r->header_size;
    for (int i = 0; i < r->count; i++) {
        Slot *slot = &r->slot[i];
        float *value = arena_try_push(r->arena, slot->tensor.count * sizeof(float));
        if (!value) {
            error_set(r->error, EXIT_SYSTEM, "cannot read %s", QUOTED(r->name));
            error_add(r->error, "why", "there is not enough memory for its %zu bytes", r->bytes.size);
            return error_add(r->error, "do", "close other programs, then open it again");
        }
        slot->type->convert(value, data + slot->begin, slot->tensor.count);
        slot->tensor.value = value;
        slot->tensor.rounded = slot->type->size > sizeof *value;
        if (!r->any_value && !check_values(r, slot)) return false;
        out->tensor[i] = slot->tensor;
    }
    return true;
}

static bool read_header(Reader *r, Arena *scratch, const Json *header, Safetensors *out)
{
    if (json_kind(header) != JSON_KIND_OBJECT) {
        refuse(r);
        error_add(r->error, "where", "byte %d, the header", LENGTH_SIZE);
        error_add(r->error, "expected", "a JSON object that names the tensors");
        return advise(r);
    }
    size_t members = json_count(header);
    r->slot = arena_array(scratch, Slot, (members < MAX_TENSORS ? members : MAX_TENSORS) + 1);
    for (size_t i = 0; i < members; i++) {
        const char *key;
        const Json *value = json_member(header, i, &key);
        bool good = !strcmp(key, "__metadata__") ? read_metadata(r, value, out) : read_entry(r, key, value);
        if (!good) return false;
    }
    return check_ranges(r) && convert(r, out);
}

static bool parse(Arena *arena, Bytes bytes, const char *name, bool any_value, Safetensors *out, Error *error)
{
    Reader r = {.arena = arena, .bytes = bytes, .name = name, .error = error, .any_value = any_value};
    *out = (Safetensors){0};
    if (!check_length(&r)) return false;
    Json *header = json_parse(bytes.at + LENGTH_SIZE, r.header_size, name, error);
    if (!header) {
        const char *guess = other_kind(bytes);
        error_set(error, EXIT_INPUT, "reading the header of a safetensors file, which begins at byte %d",
                  LENGTH_SIZE);
        return guess ? error_add(error, "found", "%s", guess) : false;
    }
    Arena scratch = arena_make("safetensors");
    ArenaMark mark = arena_mark(arena);
    bool good = read_header(&r, &scratch, header, out);
    if (!good) {
        arena_rewind(arena, mark);
        *out = (Safetensors){0};
    }
    arena_free(&scratch);
    json_close(header);
    return good;
}

static bool read_file(Arena *arena, const char *path, bool any_value, Safetensors *out, Error *error)
{
    Arena scratch = arena_make("file");
    Bytes bytes;
    *out = (Safetensors){0};
    bool good = file_read(&scratch, path, MAX_FILE, &bytes, error) &&
                parse(arena, bytes, path, any_value, out, error);
    arena_free(&scratch);
    return good;
}

bool safetensors_parse(Arena *arena, Bytes bytes, const char *name, Safetensors *out, Error *error)
{
    return parse(arena, bytes, name, false, out, error);
}

bool safetensors_parse_any(Arena *arena, Bytes bytes, const char *name, Safetensors *out, Error *error)
{
    return parse(arena, bytes, name, true, out, error);
}

bool safetensors_read(Arena *arena, const char *path, Safetensors *out, Error *error)
{
    return read_file(arena, path, false, out, error);
}

bool safetensors_read_any(Arena *arena, const char *path, Safetensors *out, Error *error)
{
    return read_file(arena, path, true, out, error);
}

const StoredTensor *safetensors_find(const Safetensors *file, const char *name)
{
    for (int i = 0; i < file->count; i++)
        if (!strcmp(file->tensor[i].name, name)) return &file->tensor[i];
    return NULL;
}

const char *safetensors_metadata(const Safetensors *file, const char *key)
{
    for (int i = 0; i < file->metadata_count; i++)
        if (!strcmp(file->metadata[i].key, key)) return file->metadata[i].value;
    return NULL;
}

/* ---- element types: little-endian in the file; the data need not be aligned ---- */

static void from_f32(float *to, const char *from, size_t count)
{
    if (count) memcpy(to, from, count * sizeof(float));
}

static void from_f64(float *to, const char *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double value;
        memcpy(&value, from + i * sizeof value, sizeof value);
        to[i] = (float)value;
    }
}

static void from_f16(float *to, const char *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, from + i * sizeof half, sizeof half);
        to[i] = float_from_half(half);
    }
}

static void from_bf16(float *to, const char *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t high;
        memcpy(&high, from + i * sizeof high, sizeof high);
        uint32_t bits = (uint32_t)high << 16;
        memcpy(&to[i], &bits, sizeof bits);
    }
}
