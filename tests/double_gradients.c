/* double_gradients.c — every row of ops.def: backward against finite differences, in double.
 *
 * The scalar checked is sum_i c_i y_i with random c; central differences with h = 1e-5 leave an error near 1e-10. */
#include <math.h>
#include <string.h>
#include "op_sample.h"
#include "test.h"

static double objective(Node *node, const real *c)
{
    double sum = 0;
    for (int k = 0; k < NODE_INPUTS; k++)
        if (node->op == NN_cross_entropy && node->in[k].value)
            memset(node->in[k].grad, 0, tensor_count(node->in[k]) * sizeof(real));
    nn_ops[node->op].forward(node);
    for (size_t i = 0; i < tensor_count(node->out); i++) sum += (double)c[i] * (double)node->out.value[i];
    return sum;
}

static void check_op(NnOp op)
{
    Arena arena = arena_make("test");
    Rng rng = rng_make(7, (uint64_t)op);
    double worst = 0;
    for (int round = 0; round < 12; round++) {
        OpSample s = op_sample(&arena, &rng, op, 1, 5);
        Node *node = &s.node;
        real *c = arena_array(&arena, real, tensor_count(node->out) + 1);
        for (size_t i = 0; i < tensor_count(node->out); i++)
            c[i] = op == NN_cross_entropy ? 1 : (real)rng_normal(&rng);
        objective(node, c);
        if (op != NN_cross_entropy)
            for (int k = 0; k < NODE_INPUTS; k++)
                if (node->in[k].grad) memset(node->in[k].grad, 0, tensor_count(node->in[k]) * sizeof(real));
        for (size_t i = 0; i < tensor_count(node->out); i++) node->out.grad[i] = c[i];
        nn_ops[op].backward(node);
        real *gradient[NODE_INPUTS];
        for (int k = 0; k < NODE_INPUTS; k++) {
            size_t n = node->in[k].value ? tensor_count(node->in[k]) : 0;
            gradient[k] = arena_array(&arena, real, n + 1);
            if (n) memcpy(gradient[k], node->in[k].grad, n * sizeof(real));
        }
        for (int k = 0; k < NODE_INPUTS; k++) {
            size_t n = node->in[k].value ? tensor_count(node->in[k]) : 0;
            const real *analytic = gradient[k];
            for (size_t i = 0; i < n; i++) {
                real *x = &node->in[k].value[i], kept = *x;
                const double h = 1e-5;
                if (op == NN_relu && fabs((double)kept) < 1e-3) continue; /* the kink has no derivative */
                *x = (real)((double)kept + h);
                double above = objective(node, c);
                *x = (real)((double)kept - h);
                double below = objective(node, c);
                *x = kept;
                double numeric = (above - below) / (2 * h), given = (double)analytic[i];
                double error = fabs(numeric - given) / fmax(1, fabs(numeric));
                if (error > worst) worst = error;
            }
        }
    }
    arena_free(&arena);
    print_message("%-16s worst relative gradient error %.1e\n", nn_ops[op].name, worst);
    assert_true(worst <= 1e-6);
}

#define NN_OP(name, shapes, rows, columns, needs)                                                            \
    static void gradient_of_##name(void **state)                                                             \
    {                                                                                                        \
        (void)state;                                                                                         \
        check_op(NN_##name);                                                                                 \
    }
#include "nn/ops.def"
#undef NN_OP

static const struct CMUnitTest tests[] = {
#define NN_OP(name, shapes, rows, columns, needs) cmocka_unit_test(gradient_of_##name),
#include "nn/ops.def"
#undef NN_OP
};

TEST_GROUP_OF(gradients, tests);
