/* safetensors.h — the container of weights and traces: tensors by name, with string metadata.
 *
 * Layout (huggingface/safetensors): 8 bytes little-endian header length, a JSON object naming each tensor's dtype, shape
 * and byte range, then the data. The file is untrusted: names, types, shapes, ranges (no hole, no overlap, nothing
 * behind the end) and finiteness are checked before anything is handed out; a refusal names file, place, cause and
 * next step, and hands out nothing. F32 and F16/BF16 are read (converted exactly), F64 is rounded; others are refused. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"

typedef enum { STORE_F32, STORE_F16, STORE_BF16, STORE_TYPES } StoreType;

typedef struct {
    const char *name;
    int rank, dim[8]; /* rank 0 = a single value */
    size_t count;     /* product of dims */
    const float *value;
    bool rounded;    /* it was read from 64-bit numbers */
    StoreType store; /* how safetensors_write stores it; what a read file used is not kept */
} StoredTensor;

typedef struct {
    const char *key, *value;
} StoredMetadata;

typedef struct {
    int count, metadata_count;
    StoredTensor *tensor;     /* in the order of their data */
    StoredMetadata *metadata; /* the __metadata__ object, strings only */
} Safetensors;

/* Checks and converts a file already in memory. `name` is quoted in errors. The result lives in `arena`. */
bool safetensors_parse(Arena *arena, Bytes bytes, const char *name, Safetensors *out, Error *error);
/* file_read with a 2 GiB cap, then safetensors_parse. */
bool safetensors_read(Arena *arena, const char *path, Safetensors *out, Error *error);
/* The same three for traces, where infinities and NaN are results like others (a masked score is minus infinity);
 * weights go through the strict ones. */
bool safetensors_parse_any(Arena *arena, Bytes bytes, const char *name, Safetensors *out, Error *error);
bool safetensors_read_any(Arena *arena, const char *path, Safetensors *out, Error *error);
bool safetensors_write_any(Arena *arena, const Safetensors *file, Bytes *out, Error *error);
const StoredTensor *safetensors_find(const Safetensors *file, const char *name);
const char *safetensors_metadata(const Safetensors *file, const char *key); /* NULL when absent */
/* Serialises tensors and metadata into one block for file_save. Refuses to write a value that is not finite. F32 tensors
 * come first, then those of 16 bits, so that each is aligned. Names must differ and have 1 to 255 bytes. */
bool safetensors_write(Arena *arena, const Safetensors *file, Bytes *out, Error *error);
float float_from_half(unsigned short half);
unsigned short half_from_float(float value);   /* round to nearest even; overflow becomes infinity */
unsigned short bfloat_from_float(float value); /* the same for bfloat16, the upper half of a float */
