/* tape.c — see tape.h. The kernels are in op_*.c. */
#include "nn/tape.h"
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "nn/op.h"

const NnOpKind nn_ops[NN_COUNT] = {
#define NN_OP(name, shapes, rows, columns, needs)                                                            \
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

/* A result's place when the caller gave none: its gradient is memory without numbers. */
static void place(Tape *tape, Node *node, int rows, int columns)
{
    size_t size = (size_t)rows * (size_t)columns * sizeof(real);
    node->out = (Tensor){rows, columns, arena_push_raw(tape->arena, size), NULL, -1};
    node->raw = tape->train;
    if (tape->train) node->out.grad = arena_push_raw(tape->arena, size);
}

/* cross_entropy adds to its inputs' gradients already in the forward pass. */
static void zero_gradient(Tape *tape, Tensor x)
{
    for (int i = tape->count - 1; i >= 0; i--) {
        Node *node = &tape->node[i];
        if (!node->raw || node->out.grad != x.grad) continue;
        memset(x.grad, 0, tensor_count(x) * sizeof(real));
        node->raw = false;
        return;
    }
}

static Tensor run(Tape *tape, Node node, int rows, int columns)
{
    if (!node.out.value) place(tape, &node, rows, columns);
    if (node.op == NN_cross_entropy) zero_gradient(tape, node.in[0]);
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

/* Gradients that have no numbers yet, by address: a small hash table. */
typedef struct {
    const real **slot;
    size_t mask;
} RawSet;

static size_t raw_find(const RawSet *set, const real *grad)
{
    size_t at = ((uintptr_t)grad >> 6) * 0x9E3779B1u & set->mask;
    while (set->slot[at] && set->slot[at] != grad) at = (at + 1) & set->mask;
    return at;
}

/* Whether `grad` was raw; from now on it is not. A slot stays taken, so that those behind it are still found. */
static bool raw_take(const RawSet *set, bool *taken, const real *grad)
{
    size_t at = raw_find(set, grad);
    if (!set->slot[at] || taken[at]) return false;
    return taken[at] = true;
}

static bool can_overwrite(NnOp op, int input)
{
    return op == NN_self_attention || op == NN_cross_attention || (op == NN_add_dropped && input == 1) ||
           ((op == NN_linear || op == NN_layer_norm) && input == 0);
}

void tape_backward(Tape *tape)
{
    size_t size = 64;
    while (size < (size_t)tape->count * 2) size *= 2;
    RawSet set = {arena_array(tape->arena, const real *, size), size - 1};
    bool *taken = arena_array(tape->arena, bool, size);
    for (int i = 0; i < tape->count; i++)
        if (tape->node[i].raw) set.slot[raw_find(&set, tape->node[i].out.grad)] = tape->node[i].out.grad;
    for (int i = tape->count - 1; i >= 0; i--) {
        Node *node = &tape->node[i];
        if (node->out.grad && raw_take(&set, taken, node->out.grad))
            memset(node->out.grad, 0, tensor_count(node->out) * sizeof(real));
        for (int k = 0; k < NODE_INPUTS; k++) {
            Tensor *in = &node->in[k];
            if (!in->value || !in->grad || !raw_take(&set, taken, in->grad)) continue;
            if (can_overwrite(node->op, k)) node->overwrite |= 1u << k;
            else memset(in->grad, 0, tensor_count(*in) * sizeof(real));
        }
        nn_ops[node->op].backward(node);
    }
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

/* Of the result of an op with up to three inputs. */
static int result_columns(NnOp op, const Tensor *in)
{
    switch (op) {
    case NN_concat:
    case NN_ends: return in[0].columns + in[1].columns + in[2].columns;
    case NN_gru_reset:
    case NN_gru_update:
    case NN_gru_candidate: return in[0].columns / 3;
    case NN_score_scaled: return in[1].rows;
    case NN_weighted_values: return in[1].columns;
    default: return in[0].columns;
    }
}

Tensor tape_apply(Tape *tape, NnOp op, Tensor into, Tensor a, Tensor b, Tensor c)
{
    Node node = {.op = op, .out = into, .in = {a, b, c}, .rate = (real)1e-5};
    return run(tape, node, a.rows, result_columns(op, node.in));
}

void tape_each_head(Tape *tape, NnOp op, int heads, HeadRows into, HeadRows a, HeadRows b, HeadRows c)
{
    Node node = {.op = op, .out = into.rows, .in = {a.rows, b.rows, c.rows}, .scratch = tape->arena};
    CHECK(!tape->train && node.out.rows == a.rows.rows && node.out.columns == result_columns(op, node.in),
          "%s: the place of its result is %dx%d", nn_ops[op].name, node.out.rows, node.out.columns);
    for (int h = 0; h < heads; h++) {
        nn_ops[op].forward(&node);
        if (tape->after && node.out.entry >= 0) tape->after(tape->self, &node);
        node.out.value += into.step;
        node.in[0].value += a.step;
        if (node.in[1].value) node.in[1].value += b.step;
        if (node.in[2].value) node.in[2].value += c.step;
    }
}

void tape_softmax_both(Tape *tape, Tensor into, Tensor into_log, Tensor x)
{
    const Node node[2] = {{.op = NN_softmax, .out = into, .in = {x}},
                          {.op = NN_log_softmax, .out = into_log, .in = {x}}};
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

Tensor tape_cross_entropy(Tape *tape, Tensor x, Tensor table, Tensor bias, const int *right, real smoothing,
                          real scale)
{
    Node node = {
        .op = NN_cross_entropy, .in = {x, table, bias}, .id = right, .rate = smoothing, .scale = scale};
    return run(tape, node, 1, 1);
}

Tensor tape_position(Tape *tape, Tensor into, int rows, int width, int batch, int first, const Tensor *table)
{
    Node node = {.op = NN_position, .out = into, .batch = batch, .first = first, .table = table};
    return run(tape, node, rows, width);
}

Tensor tape_mask(Tape *tape, Tensor into, int rows, int keys, int first, bool causal)
{
    return run(tape, (Node){.op = causal ? NN_causal_mask : NN_no_mask, .out = into, .first = first}, rows,
               keys);
}

Tensor tape_heads(Tape *tape, Tensor into, Tensor x, Tensor weight, int heads, int first)
{
    Node node = {.op = NN_head, .out = into, .in = {x, weight}, .count = into.rows / heads, .first = first};
    return run(tape, node, into.rows, weight.rows / heads);
}

Tensor tape_merge(Tape *tape, Tensor into, Tensor x, int rows, int heads, int stride)
{
    return run(tape, (Node){.op = NN_merge, .out = into, .in = {x}, .count = stride}, rows,
               heads * x.columns);
}

Tensor tape_head_mean(Tape *tape, Tensor into, Tensor x, int rows, int heads, int first)
{
    Node node = {.op = NN_head_mean, .out = into, .in = {x}, .count = x.rows / heads, .first = first};
    return run(tape, node, rows, x.columns);
}

static Tensor attention(Tape *tape, NnOp op, Tensor a, Tensor b, int batch, int heads, bool causal)
{
    int width = op == NN_self_attention ? a.columns / 3 : a.columns, queries = a.rows / batch;
    int keys = op == NN_self_attention ? queries : b.rows / batch;
    Node node = {.op = op, .in = {a, b}, .batch = batch, .heads = heads, .causal = causal};
    node.scale = (real)(1 / sqrt((double)width / heads));
    node.kept = arena_push_raw(tape->arena,
                               (size_t)batch * (size_t)heads * (size_t)queries * (size_t)keys * sizeof(real));
    return run(tape, node, a.rows, width);
}

Tensor tape_self_attention(Tape *tape, Tensor query_key_value, int batch, int heads, bool causal)
{
    return attention(tape, NN_self_attention, query_key_value, TENSOR_NONE, batch, heads, causal);
}

Tensor tape_cross_attention(Tape *tape, Tensor query, Tensor key_value, int batch, int heads)
{
    return attention(tape, NN_cross_attention, query, key_value, batch, heads, false);
}

Tensor tape_residual(Tape *tape, Tensor x, Tensor y, real rate)
{
    Node node = {.op = NN_add_dropped, .in = {x, y}, .rate = tape->random ? rate : 0};
    if (node.rate > 0) node.seed = rng_next(tape->random);
    node.out =
        (Tensor){x.rows, x.columns, arena_push_raw(tape->arena, tensor_count(x) * sizeof(real)), x.grad, -1};
    return run(tape, node, x.rows, x.columns);
}

Tensor tape_activate(Tape *tape, NnOp op, Tensor into, Tensor x)
{
    Node node = {.op = op, .out = into, .in = {x}};
    if (tape->train) {
        node.out = x;
        if (op != NN_relu) node.out.value = arena_push_raw(tape->arena, tensor_count(x) * sizeof(real));
    }
    return run(tape, node, x.rows, x.columns);
}
