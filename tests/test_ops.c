/* test_ops.c — every row of ops.def: the fast forward against its naive twin on random shapes, 0 and 1 included. */
#include <math.h>
#include <string.h>
#include "nn/gemm.h"
#include "nn/op.h"
#include "op_sample.h"
#include "test.h"

static void check_op(NnOp op)
{
    Arena arena = arena_make("test");
    Rng rng = rng_make(11, (uint64_t)op);
    for (int round = 0; round < 60; round++) {
        int high = round % 3 == 2 ? 70 : 9, low = round % 3 == 0 ? 0 : 1;
        OpSample s = op_sample(&arena, &rng, op, low, round % 10 == 9 ? 1 : high);
        size_t n = tensor_count(s.node.out);
        real *naive = arena_array(&arena, real, n + 1);
        nn_ops[op].naive(&s.node);
        memcpy(naive, s.node.out.value, n * sizeof(real));
        nn_ops[op].forward(&s.node);
        for (size_t i = 0; i < n; i++) {
            double a = (double)s.node.out.value[i], b = (double)naive[i];
            if (fabs(a - b) > 2e-5 * fmax(1, fabs(b)))
                fail_msg("%s %dx%d at %zu: fast %g, naive %g", nn_ops[op].name, s.node.out.rows,
                         s.node.out.columns, i, a, b);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
}

#define NN_OP(name, shapes, rows, columns, needs)                                                            \
    static void naive_twin_of_##name(void **state)                                                           \
    {                                                                                                        \
        (void)state;                                                                                         \
        check_op(NN_##name);                                                                                 \
    }
#include "nn/ops.def"
#undef NN_OP

static void gemm_backward_agrees(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Rng rng = rng_make(3, 3);
    for (int round = 0; round < 40; round++) {
        int n = (int)rng_below(&rng, 20), in = (int)rng_below(&rng, 40), out = (int)rng_below(&rng, 40);
        size_t nx = (size_t)(n * in), nw = (size_t)(out * in), ny = (size_t)(n * out);
        real *x = arena_array(&arena, real, nx + 1), *w = arena_array(&arena, real, nw + 1),
             *dy = arena_array(&arena, real, ny + 1);
        real *a = arena_array(&arena, real, nx + nw + 2), *b = arena_array(&arena, real, nx + nw + 2);
        for (size_t i = 0; i < nx; i++) x[i] = (real)rng_normal(&rng);
        for (size_t i = 0; i < nw; i++) w[i] = (real)rng_normal(&rng);
        for (size_t i = 0; i < ny; i++) dy[i] = (real)rng_normal(&rng);
        for (size_t i = 0; i < nx + nw; i++) a[i] = b[i] = (real)rng_normal(&rng);
        gemm_backward_input(n, in, out, dy, w, a, round % 3 != 0);
        gemm_backward_input_naive(n, in, out, dy, w, b, round % 3 != 0);
        gemm_backward_weight(n, in, out, dy, x, a + nx);
        gemm_backward_weight_naive(n, in, out, dy, x, b + nx);
        for (size_t i = 0; i < nx + nw; i++) assert_true(fabs((double)a[i] - (double)b[i]) < 1e-4);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

/* exp, tanh and sigmoid of the engine against libm; infinities and NaN keep their meaning. */
static void softmax_of_masked_rows(void **state)
{
    (void)state;
    real x[3][3] = {{1, -INFINITY, 2}, {-INFINITY, -INFINITY, -INFINITY}, {1000, 999, -1000}}, y[3][3];
    Node node = {.op = NN_softmax, .in = {{3, 3, &x[0][0], NULL, -1}}, .out = {3, 3, &y[0][0], NULL, -1}};
    nn_ops[NN_softmax].forward(&node);
    assert_true(y[0][1] == 0 && fabs((double)(y[0][0] + y[0][2]) - 1) < 1e-6);
    assert_true(y[1][0] == 0 && y[1][1] == 0 && y[1][2] == 0);
    assert_true(fabs((double)y[2][0] - 0.7310586) < 1e-6 && y[2][2] == 0);
    x[0][0] = NAN;
    nn_ops[NN_softmax].forward(&node);
    assert_true(y[0][0] != y[0][0]);
}

/* The pass that inference uses gives what the two ops give, and tells the tape's hook about both. */
static void note_op(void *self, const Node *node)
{
    NnOp *noted = self;
    noted[node->out.entry] = node->op;
}

static void softmax_and_logarithm_in_one_pass(void **state)
{
    (void)state;
    Arena arena = arena_make("test");
    Rng rng = rng_make(12, 1);
    for (int round = 0; round < 60; round++) {
        int rows = (int)rng_below(&rng, 4), columns = (int)rng_below(&rng, round % 2 ? 3 : 100);
        size_t count = (size_t)(rows * columns);
        NnOp noted[2] = {NN_COUNT, NN_COUNT};
        Tape tape = tape_make(&arena, false);
        tape.after = note_op;
        tape.self = noted;
        Tensor x = tape_tensor(&tape, rows, columns), y = tape_tensor(&tape, rows, columns),
               log_y = tape_tensor(&tape, rows, columns);
        y.entry = 0;
        log_y.entry = 1;
        for (size_t i = 0; i < count; i++) x.value[i] = (real)(8 * rng_normal(&rng));
        tape_softmax_both(&tape, y, log_y, x);
        assert_int_equal(noted[0], NN_softmax);
        assert_int_equal(noted[1], NN_log_softmax);
        for (int k = 0; k < 2; k++) {
            Node node = {.op = noted[k], .in = {x}, .out = tape_tensor(&tape, rows, columns)};
            nn_ops[node.op].naive(&node);
            for (size_t i = 0; i < count; i++)
                assert_true(fabs((double)(k ? log_y : y).value[i] - (double)node.out.value[i]) < 1e-5);
        }
        arena_reset(&arena);
    }
    real masked[2] = {-INFINITY, -INFINITY}, p[2] = {1, 1}, log_p[2];
    softmax_both((Tensor){1, 2, masked, NULL, -1}, (Tensor){1, 2, p, NULL, -1},
                 (Tensor){1, 2, log_p, NULL, -1});
    assert_true(p[0] == 0 && p[1] == 0);
    arena_free(&arena);
}

static void argmax_takes_the_first_of_equals(void **state)
{
    (void)state;
    Rng rng = rng_make(13, 1);
    real x[100];
    for (int round = 0; round < 200; round++) {
        int n = (int)rng_below(&rng, 101), best = 0;
        for (int i = 0; i < n; i++) x[i] = (real)rng_below(&rng, round % 2 ? 5 : 1000) - 2;
        for (int i = 1; i < n; i++)
            if (x[i] > x[best]) best = i;
        assert_int_equal(row_argmax(x, n), best);
    }
    x[0] = x[1] = NAN;
    assert_int_equal(row_argmax(x, 2), 0);
    x[1] = -3;
    assert_int_equal(row_argmax(x, 2), 1);
}

static const struct CMUnitTest tests[] = {
#define NN_OP(name, shapes, rows, columns, needs) cmocka_unit_test(naive_twin_of_##name),
#include "nn/ops.def"
#undef NN_OP
    cmocka_unit_test(gemm_backward_agrees),
    cmocka_unit_test(softmax_of_masked_rows),
    cmocka_unit_test(softmax_and_logarithm_in_one_pass),
    cmocka_unit_test(argmax_takes_the_first_of_equals),
};

TEST_GROUP_OF(ops, tests);
