/* double_models.c — every kind of model as a whole: the gradient of the loss against finite differences, in double.
 *
 * Rows of ops.def are checked one by one in double_gradients.c; here it is how they are put together: shared and overwritten
 * gradients, dropout, padding, tied embeddings. */
#include <math.h>
#include <string.h>
#include "model/rnn.h"
#include "model/transformer.h"
#include "test.h"

enum { S = 4, T = 5, B = 3, CHECKED = 6 };

typedef struct {
    ModelConfig config;
    RnnWeights rnn;
    TransformerWeights transformer;
    Weights weights;
    Arena step;
    int source[S * B], right[T * B];
} Sample;

static double loss_of(Sample *s, bool backward)
{
    const ModelConfig *c = &s->config;
    const real scale = (real)0.3;
    Rng random = rng_make(5, 5); /* the same elements are dropped each time */
    arena_reset(&s->step);       /* and memory is full of old numbers */
    Tape tape = tape_make(&s->step, true);
    tape.random = &random;
    double loss;
    if (!strcmp(c->kind, "rnn")) {
        RnnMatrices m;
        MatrixList list = rnn_matrices(&s->step, c, B, S, T, &m);
        matrices_place(&list, &tape, B);
        loss = (double)rnn_loss(&tape, &s->rnn, &m, s->source, s->right, (real)c->dropout,
                                (real)c->label_smoothing, scale);
    } else loss = (double)transformer_loss(&tape, c, &s->transformer, s->source, S, s->right, T, B, scale);
    if (backward) tape_backward(&tape);
    return loss;
}

static void check_model(const ModelConfig *config)
{
    Arena arena = arena_make("test");
    Rng rng = rng_make(2, 9);
    Sample *s = arena_new(&arena, Sample);
    *s = (Sample){.config = *config, .step = arena_make("step")};
    int count;
    Parameter *parameters = strcmp(config->kind, "rnn")
                                ? transformer_parameters(&arena, config, &s->transformer, &count)
                                : rnn_parameters(&arena, config, &s->rnn, &count);
    weights_place(&arena, parameters, count, NULL, &s->weights);
    weights_init(&s->weights, 3);
    for (size_t i = 0; i < s->weights.size; i++) s->weights.value[i] += (real)(0.2 * rng_normal(&rng));
    for (int i = 0; i < S * B; i++) s->source[i] = (int)rng_below(&rng, (uint32_t)config->vocabulary);
    for (int b = 0; b < B; b++)
        for (int t = 0, end = 2 + (int)rng_below(&rng, T - 1); t < T; t++)
            s->right[t * B + b] = t < end ? (int)rng_below(&rng, (uint32_t)config->vocabulary) : -1;
    real *gradient = arena_array(&arena, real, s->weights.size);
    weights_bind_gradient(&s->weights, gradient);
    loss_of(s, true);
    memset(gradient, 0, s->weights.size * sizeof(real));
    loss_of(s, true);
    real *analytic = arena_array(&arena, real, s->weights.size);
    memcpy(analytic, gradient, s->weights.size * sizeof(real));
    double worst = 0;
    const char *where = "";
    size_t at = 0;
    for (int p = 0; p < s->weights.count; p++) {
        size_t n = tensor_count(*s->weights.parameter[p].to);
        for (int k = 0; k < CHECKED; k++) {
            size_t i = at + rng_below(&rng, (uint32_t)n);
            const double h = 1e-5;
            real kept = s->weights.value[i];
            s->weights.value[i] = (real)((double)kept + h);
            double above = loss_of(s, false);
            s->weights.value[i] = (real)((double)kept - h);
            double below = loss_of(s, false);
            s->weights.value[i] = kept;
            double numeric = (above - below) / (2 * h),
                   error = fabs(numeric - (double)analytic[i]) / fmax(0.1, fabs(numeric));
            if (error <= worst) continue;
            worst = error;
            where = s->weights.parameter[p].name;
        }
        at += n;
    }
    print_message("%-11s %-14s %-4s %-4s worst relative gradient error %.1e (%s)\n", config->kind,
                  config->attention, config->norm, config->activation, worst, where);
    assert_true(worst <= 1e-6);
    arena_free(&s->step);
    arena_free(&arena);
}

static ModelConfig small(const char *kind, const char *attention, const char *norm, const char *activation)
{
    return (ModelConfig){.kind = kind,
                         .attention = attention,
                         .norm = norm,
                         .activation = activation,
                         .vocabulary = 11,
                         .embedding = 6,
                         .encoder_state = 3,
                         .decoder_state = 6,
                         .attention_size = 4,
                         .layers = 2,
                         .heads = 2,
                         .feed_forward = 7,
                         .dropout = 0.2,
                         .label_smoothing = 0.1};
}

static void recurrent_models(void **state)
{
    (void)state;
    static const char *const attentions[] = {"additive", "dot", "multiplicative", "reduced-rank", "none"};
    for (size_t i = 0; i < sizeof attentions / sizeof *attentions; i++) {
        ModelConfig config = small("rnn", attentions[i], "pre", "relu");
        check_model(&config);
    }
}

static void transformers(void **state)
{
    (void)state;
    for (int post = 0; post < 2; post++)
        for (int relu = 0; relu < 2; relu++) {
            ModelConfig config =
                small("transformer", "multi-head", post ? "post" : "pre", relu ? "relu" : "gelu");
            check_model(&config);
        }
}

TEST_GROUP(models, cmocka_unit_test(recurrent_models), cmocka_unit_test(transformers));
