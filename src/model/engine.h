/* engine.h — what the rest of the program may know of the engine below the models. */
#pragma once

/* Call once at start, before any model runs. */
void engine_start(void);
/* The matrix library, its kernels: for --version and bench. */
const char *engine_describe(void);
/* The value of OPENBLAS_CORETYPE with which the program would run faster on this CPU, or NULL. It is read while the library
 * loads, so main() sets it and starts the program again. */
const char *engine_faster_core(void);
