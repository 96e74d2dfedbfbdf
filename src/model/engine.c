/* engine.c — see engine.h. */
#include "model/engine.h"
#include "nn/gemm.h"

void engine_start(void)
{
    gemm_start();
}

const char *engine_describe(void)
{
    return gemm_describe();
}

const char *engine_faster_core(void)
{
    return gemm_faster_core();
}
