/* tape.c — see tape.h. The kernels are in op_*.c. */
#include "nn/tape.h"
#include "base/error.h"
#include "nn/op.h"

const NnOpKind nn_ops[NN_COUNT] = {
#define NN_OP(name, shapes, rows, columns, needs)                                                                  \
    {#name, name##_forward, name##_backward, name##_naive, shapes, rows, columns, needs},
#include "nn/ops.def"
#undef NN_OP
};

Tape tape_make(Arena *arena, bool train)
{
    return (Tape){.arena = arena, .train = train};
}

Tensor tape_tensor(Tape *tape, int rows, int columns)
{
    size_t count = (size_t)rows * (size_t)columns;
    Tensor t = {rows, columns, arena_push_raw(tape->arena, count * sizeof(real)), NULL, -1};
    if (tape->train) t.grad = arena_array(tape->arena, real, count);
    return t;
}

static Tensor run(Tape *tape, Node node, int rows, int columns)
{
    if (!node.out.value) node.out = tape_tensor(tape, rows, columns);
    CHECK(node.out.rows == rows && node.out.columns == columns, "%s: result is %dx%d, its place %dx%d",
          nn_ops[node.op].name, rows, columns, node.out.rows, node.out.columns);
    node.scratch = tape->arena;
    nn_ops[node.op].forward(&node);
    if (tape->after && node.out.entry >= 0) tape->after(tape->self, &node);
    if (!tape->train) return node.out;
    if (tape->count == tape->capacity) {
        int capacity = tape->capacity ? tape->capacity * 2 : 256;
        Node *larger = arena_array(tape->arena, Node, (size_t)capacity);
        for (int i = 0; i < tape->count; i++) larger[i] = tape->node[i];
        tape->node = larger;
        tape->capacity = capacity;
    }
    tape->node[tape->count++] = node;
    return node.out;
}

void tape_backward(Tape *tape)
{
    for (int i = tape->count - 1; i >= 0; i--) nn_ops[tape->node[i].op].backward(&tape->node[i]);
}

Tensor tape_lookup(Tape *tape, Tensor into, const int *id, int count, Tensor table)
{
    for (int i = 0; i < count; i++) CHECK(id[i] >= 0 && id[i] < table.rows, "id %d of %d", id[i], table.rows);
    return run(tape, (Node){.op = NN_lookup, .out = into, .in = {table}, .id = id}, count, table.columns);
}

Tensor tape_linear(Tape *tape, Tensor into, Tensor x, Tensor weight, Tensor bias)
{
    CHECK(x.columns == weight.columns, "linear: x has %d columns, the weight %d", x.columns, weight.columns);
    return run(tape, (Node){.op = NN_linear, .out = into, .in = {x, weight, bias}}, x.rows, weight.rows);
}

Tensor tape_apply(Tape *tape, NnOp op, Tensor into, Tensor a, Tensor b, Tensor c)
{
    int columns = a.columns;
    if (op == NN_concat || op == NN_ends) columns += b.columns + c.columns;
    if (op == NN_gru_reset || op == NN_gru_update || op == NN_gru_candidate) columns /= 3;
    return run(tape, (Node){.op = op, .out = into, .in = {a, b, c}, .rate = (real)1e-5}, a.rows, columns);
}

void tape_softmax_both(Tape *tape, Tensor into, Tensor into_log, Tensor x)
{
    const Node node[2] = {{.op = NN_softmax, .out = into, .in = {x}}, {.op = NN_log_softmax, .out = into_log, .in = {x}}};
    CHECK(!tape->train, "softmax_both has no backward");
    softmax_both(x, into, into_log);
    for (int i = 0; i < 2; i++)
        if (tape->after && node[i].out.entry >= 0) tape->after(tape->self, &node[i]);
}

Tensor tape_attend(Tape *tape, NnOp op, Tensor into, Tensor a, Tensor b, int count)
{
    int rows = a.rows, columns = count;
    if (op == NN_additive_hidden) rows = b.rows, columns = a.columns;
    if (op == NN_score_additive) rows = a.rows / (count ? count : 1);
    if (op == NN_weighted_sum) columns = b.columns;
    return run(tape, (Node){.op = op, .out = into, .in = {a, b}, .count = count}, rows, columns);
}

Tensor tape_dropout(Tape *tape, Tensor x, real rate)
{
    if (!tape->train || !tape->random || rate <= 0) return x;
    size_t count = tensor_count(x);
    real *mask = arena_push_raw(tape->arena, count * sizeof(real));
    dropout_mask(tape->random, mask, count, rate);
    return run(tape, (Node){.op = NN_dropout, .in = {x}, .mask = mask}, x.rows, x.columns);
}

Tensor tape_cross_entropy(Tape *tape, Tensor x, Tensor table, Tensor bias, const int *right, real smoothing, real scale)
{
    Node node = {.op = NN_cross_entropy, .in = {x, table, bias}, .id = right, .rate = smoothing, .scale = scale};
    return run(tape, node, 1, 1);
}
