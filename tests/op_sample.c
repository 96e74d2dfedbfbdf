/* op_sample.c — see op_sample.h. Reads the shape letters of ops.def. */
#include "op_sample.h"
#include <string.h>
#include "nn/op.h"

/* A side of a shape: a product of letters ("SB"), a number, or "G/3". G is three times H. */
static int side(const char *from, const char *to, const int *dims)
{
    int size = 1;
    for (const char *c = from; c < to && *c != '/'; c++)
        size *= *c >= '0' && *c <= '9' ? *c - '0' : dims[*c - 'A'];
    return to - from > 2 && to[-2] == '/' ? size / (to[-1] - '0') : size;
}

static Tensor random_tensor(Arena *arena, Rng *rng, int rows, int columns)
{
    Tensor t = {rows, columns, NULL, NULL, -1};
    t.value = arena_array(arena, real, tensor_count(t) + 1);
    t.grad = arena_array(arena, real, tensor_count(t) + 1);
    for (size_t i = 0; i < tensor_count(t); i++) t.value[i] = (real)rng_normal(rng);
    return t;
}

OpSample op_sample(Arena *arena, Rng *rng, NnOp op, int low, int high)
{
    OpSample s = {.node = {.op = op, .rate = (real)0.1, .scale = (real)0.7, .scratch = arena}};
    const NnOpKind *kind = &nn_ops[op];
    for (int i = 0; i < 26; i++) s.dims[i] = low + (int)rng_below(rng, (uint32_t)(high - low + 1));
    s.dims['G' - 'A'] = 3 * s.dims['H' - 'A'];
    if (op == NN_cross_entropy && s.dims['V' - 'A'] < 1) s.dims['V' - 'A'] = 1;
    if (op == NN_lookup && s.dims['V' - 'A'] < 1) s.dims['V' - 'A'] = 1;
    if (kind->needs == NEEDS_HEADS) {
        /* Attention needs a sentence, a query sees at least itself, and the width of all heads is a multiple of one's. */
        int *H = &s.dims['H' - 'A'], *B = &s.dims['B' - 'A'], *S = &s.dims['S' - 'A'],
            *T = &s.dims['T' - 'A'];
        if (*B < 1) *B = 1;
        s.node.heads = 1 + (int)rng_below(rng, 3);
        s.node.batch = *B;
        s.node.first = (int)rng_below(rng, 4);
        s.node.causal = op == NN_self_attention && rng_below(rng, 2);
        *H = *H / s.node.heads * s.node.heads;
        int keys = op == NN_self_attention ? *T : *S;
        s.node.kept = arena_array(arena, real, (size_t)(*B * s.node.heads * *T * keys) + 1);
    }
    s.node.seed = rng_next(rng);
    int k = 0;
    for (const char *c = kind->shapes; *c; k++) {
        bool optional = *c == '?', skip = optional && rng_below(rng, 2);
        if (optional) c++;
        const char *dot = strchr(c, '.'), *end = c + strcspn(c, " ");
        if (skip) s.dims[dot[1] - 'A'] = op == NN_concat ? 0 : s.dims[dot[1] - 'A'];
        else s.node.in[k] = random_tensor(arena, rng, side(c, dot, s.dims), side(dot + 1, end, s.dims));
        c = *end ? end + 1 : end;
    }
    int rows = side(kind->rows, kind->rows + strlen(kind->rows), s.dims);
    int columns = op == NN_concat || op == NN_ends
                      ? s.node.in[0].columns + s.node.in[1].columns + s.node.in[2].columns
                      : side(kind->columns, kind->columns + strlen(kind->columns), s.dims);
    s.node.out = random_tensor(arena, rng, rows, columns);
    s.node.count = s.dims['S' - 'A'];
    if (kind->needs == NEEDS_IDS) {
        int n = op == NN_lookup ? rows : s.node.in[0].rows, words = s.dims['V' - 'A'],
            *id = arena_array(arena, int, (size_t)n + 1);
        for (int i = 0; i < n; i++)
            id[i] =
                op == NN_cross_entropy && rng_below(rng, 4) == 0 ? -1 : (int)rng_below(rng, (uint32_t)words);
        s.node.id = id;
    }
    if (kind->needs == NEEDS_MASK) {
        s.node.mask = arena_array(arena, real, tensor_count(s.node.out) + 1);
        dropout_mask(rng, s.node.mask, tensor_count(s.node.out), (real)0.3);
    }
    return s;
}
