/* engine.h — what the rest of the program may know of the engine below the models. */
#pragma once
#include "base/arena.h"

/* Call once at start, before any model runs. */
void engine_start(void);
/* The matrix library, its kernels: for --version and bench. */
const char *engine_describe(void);
/* What inference multiplies with on this CPU: "AVX-512". */
const char *engine_panels(void);
/* The value of OPENBLAS_CORETYPE with which the program would run faster on this CPU, or NULL. It is read while the library
 * loads, so main() sets it and starts the program again. */
const char *engine_faster_core(void);

/* The machine's limits, for bench: work of known size, to be timed by the caller. */
typedef struct EngineLimits EngineLimits;
EngineLimits *engine_limits(Arena *arena, int size);
/* Multiplies two size x size matrices: 2 size³ floating point operations. */
void engine_multiply(EngineLimits *limits);
/* Reads size² numbers of four bytes. */
void engine_read(EngineLimits *limits);
