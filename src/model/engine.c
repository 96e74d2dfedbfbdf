/* engine.c — see engine.h. */
#include "model/engine.h"
#include "nn/gemm.h"
#include "nn/limits.h"
#include "nn/panel.h"

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

const char *engine_panels(void)
{
    return panel_describe(panel_level());
}

struct EngineLimits {
    Limits limits;
    volatile real sum; /* keeps the compiler from leaving the reading out */
};

EngineLimits *engine_limits(Arena *arena, int size)
{
    EngineLimits *limits = arena_new(arena, EngineLimits);
    limits->limits = limits_make(arena, size);
    return limits;
}

void engine_multiply(EngineLimits *limits)
{
    limits_multiply(&limits->limits);
}

void engine_read(EngineLimits *limits)
{
    limits->sum = limits_read(&limits->limits);
}
