/* safetensors_write.c — serialising tensors, and 16-bit floats (see safetensors.h). */
#include "base/safetensors.h"
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "base/buffer.h"

static const struct {
    const char *name;
    size_t size;
    unsigned short (*from_float)(float value), infinity; /* of the types of 16 bits */
} types[STORE_TYPES] = {[STORE_F32] = {"F32", 4, NULL, 0},
                        [STORE_F16] = {"F16", 2, half_from_float, 0x7C00},
                        [STORE_BF16] = {"BF16", 2, bfloat_from_float, 0x7F80}};

static size_t stored_size(const StoredTensor *t)
{
    return t->count * types[t->store].size;
}

static void add_entry(Buffer *header, const StoredTensor *t, size_t begin)
{
    CHECK(t->name[0] && strlen(t->name) <= 255, "tensor \"%s\"", t->name);
    if (header->size > 1) buffer_text(header, ",");
    buffer_json_string(header, t->name);
    buffer_format(header, ":{\"dtype\":\"%s\",\"shape\":[", types[t->store].name);
    for (int i = 0; i < t->rank; i++) buffer_format(header, "%s%d", i ? "," : "", t->dim[i]);
    buffer_format(header, "],\"data_offsets\":[%zu,%zu]}", begin, begin + stored_size(t));
}

static void add_metadata(Buffer *header, const Safetensors *file)
{
    if (!file->metadata_count) return;
    buffer_text(header, "\"__metadata__\":{");
    for (int i = 0; i < file->metadata_count; i++) {
        if (i) buffer_text(header, ",");
        buffer_json_string(header, file->metadata[i].key);
        buffer_text(header, ":");
        buffer_json_string(header, file->metadata[i].value);
    }
    buffer_text(header, "}");
}

static bool refuse_value(const StoredTensor *t, size_t i, Error *error)
{
    error_set(error, EXIT_INPUT, "cannot save tensor %s", QUOTED(t->name));
    error_add(error, "where", "element %zu of %zu", i, t->count);
    error_add(error, "found", isfinite(t->value[i]) ? "%g, too large for 16 bits" : "%g",
              (double)t->value[i]);
    error_add(error, "expected", "finite numbers");
    return error_add(error, "do", "go back to the last good weights; nothing was written");
}

static bool add_values(char *to, const StoredTensor *t, bool any_value, Error *error)
{
    if (t->store == STORE_F32) {
        for (size_t i = 0; i < t->count && !any_value; i++)
            if (!isfinite(t->value[i])) return refuse_value(t, i, error);
        if (t->count) memcpy(to, t->value, t->count * sizeof(float));
        return true;
    }
    for (size_t i = 0; i < t->count; i++) {
        const unsigned short infinity = types[t->store].infinity;
        uint16_t half = types[t->store].from_float(t->value[i]);
        if (!any_value && (half & infinity) == infinity) return refuse_value(t, i, error);
        memcpy(to + i * sizeof half, &half, sizeof half);
    }
    return true;
}

static bool write_values(char *data, const Safetensors *file, bool any_value, Error *error)
{
    for (int pass = STORE_F32; pass < STORE_TYPES; pass++)
        for (int i = 0; i < file->count; i++) {
            if ((int)file->tensor[i].store != pass) continue;
            if (!add_values(data, &file->tensor[i], any_value, error)) return false;
            data += stored_size(&file->tensor[i]);
        }
    return true;
}

static bool write_file(Arena *arena, const Safetensors *file, bool any_value, Bytes *out, Error *error)
{
    Buffer header = {0};
    size_t data_size = 0;
    buffer_text(&header, "{");
    add_metadata(&header, file);
    for (int pass = STORE_F32; pass < STORE_TYPES; pass++)
        for (int i = 0; i < file->count; i++) {
            if ((int)file->tensor[i].store != pass) continue;
            add_entry(&header, &file->tensor[i], data_size);
            data_size += stored_size(&file->tensor[i]);
        }
    buffer_text(&header, "}");
    while (header.size % 8) buffer_text(&header, " ");

    size_t size = 8 + header.size + data_size;
    ArenaMark mark = arena_mark(arena);
    char *at = arena_push(arena, size + 1);
    for (int i = 0; i < 8; i++) at[i] = (char)(unsigned char)((uint64_t)header.size >> (8 * i) & 0xFF);
    memcpy(at + 8, header.at, header.size);
    bool good = write_values(at + 8 + header.size, file, any_value, error);
    buffer_free(&header);
    if (good) *out = (Bytes){at, size};
    else arena_rewind(arena, mark);
    return good;
}

bool safetensors_write(Arena *arena, const Safetensors *file, Bytes *out, Error *error)
{
    return write_file(arena, file, false, out, error);
}

bool safetensors_write_any(Arena *arena, const Safetensors *file, Bytes *out, Error *error)
{
    return write_file(arena, file, true, out, error);
}

/* 1 sign, 5 exponent (bias 15), 10 fraction bits; a float has 1, 8 (bias 127), 23. */
float float_from_half(unsigned short half)
{
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7FFF, bits;
    if (rest >= 0x7C00) bits = 0x7F800000 | (rest & 0x3FF) << 13; /* infinity, NaN */
    else if (rest >= 0x0400) bits = (rest << 13) + ((127u - 15u) << 23);
    else { /* below 2^-14 a half counts in steps of 2^-24, which a float holds exactly */
        float value = (float)rest * 0x1p-24f;
        memcpy(&bits, &value, sizeof bits);
    }
    bits |= sign;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

unsigned short half_from_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t sign = bits >> 16 & 0x8000, rest = bits & 0x7FFFFFFF, exponent = rest >> 23;
    if (rest > 0x7F800000) return (unsigned short)(sign | 0x7E00 | (rest >> 13 & 0x3FF));
    if (exponent >= 127 + 16) return (unsigned short)(sign | 0x7C00);
    uint32_t shift = 13, whole = rest - ((127u - 15u) << 23);
    if (exponent < 127 - 14) { /* becomes a multiple of 2^-24: the leading 1 joins the fraction */
        shift = 126 - exponent;
        if (shift > 24) return (unsigned short)sign;
        whole = (rest & 0x7FFFFF) | 0x800000;
    }
    /* Half of the last kept bit, less one when that bit is even: ties go to even. A carry into the exponent is right. */
    uint32_t odd = whole >> shift & 1;
    return (unsigned short)(sign | (whole + (1u << (shift - 1)) - 1 + odd) >> shift);
}

/* 1 sign, 8 exponent, 7 fraction bits. */
unsigned short bfloat_from_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) return (unsigned short)(bits >> 16 | 0x40); /* NaN stays one */
    return (unsigned short)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}
