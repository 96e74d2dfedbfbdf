/* plain_rnn.c — the plain pass of the recurrent model, for every scoring function. See plain_int.h. */
#include <math.h>
#include <string.h>
#include "model/plain_int.h"

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

typedef struct {
    const char *prefix, *state; /* "enc.fwd", "enc.state.fwd" */
} GruNames;

typedef struct {
    double *input, *previous, *hidden, *reset, *update, *candidate, *state;
    int size;
} Gru;

static Gru gru_make(Plain *p, int rows, int size)
{
    return (Gru){NULL,
                 plain_matrix(p, rows, size),
                 plain_matrix(p, rows, 3 * size),
                 plain_matrix(p, rows, size),
                 plain_matrix(p, rows, size),
                 plain_matrix(p, rows, size),
                 plain_matrix(p, rows, size),
                 size};
}

/* Row t from its input and the state before:
 * r = sigmoid(W_r x + U_r h), z = sigmoid(W_z x + U_z h), n = tanh(W_n x + r * U_n h), h' = z h + (1 - z) n */
static void gru_row(Plain *p, Gru *g, int t, const double *before, const char *weight_name,
                    const char *bias_name)
{
    int n = g->size;
    memcpy(g->previous + t * n, before, (size_t)n * sizeof(double));
    double *u = plain_affine(p, before, 1, n, 3 * n, weight_name, bias_name);
    memcpy(g->hidden + t * 3 * n, u, (size_t)(3 * n) * sizeof(double));
    const double *a = g->input + t * 3 * n;
    for (int i = 0; i < n; i++) {
        double r = sigmoid(a[i] + u[i]), z = sigmoid(a[n + i] + u[n + i]),
               c = tanh(a[2 * n + i] + r * u[2 * n + i]);
        g->reset[t * n + i] = r;
        g->update[t * n + i] = z;
        g->candidate[t * n + i] = c;
        g->state[t * n + i] = z * before[i] + (1 - z) * c;
    }
}

static void gru_compare(Plain *p, const Gru *g, int rows, GruNames names)
{
    const struct {
        const char *part;
        const double *value;
        int columns;
    } parts[] = {{"input", g->input, 3 * g->size},   {"previous", g->previous, g->size},
                 {"hidden", g->hidden, 3 * g->size}, {"reset", g->reset, g->size},
                 {"update", g->update, g->size},     {"candidate", g->candidate, g->size}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *prefix = names.prefix;
        if (!strcmp(prefix, "dec.gru") && !strcmp(parts[i].part, "previous")) prefix = "dec.state";
        plain_compare(p, arena_format(&p->arena, "%s.%s", prefix, parts[i].part), parts[i].value, rows,
                      parts[i].columns);
    }
    plain_compare(p, names.state, g->state, rows, g->size);
}

typedef struct {
    double *state, *initial;
    const double *key; /* what a query is compared with: W_1 h_i, or the states themselves */
    int key_width;
} Encoded;

static bool attention_is(const Plain *p, const char *name)
{
    return !strcmp(p->model->config.attention, name);
}

/* W_1 h_i in the scoring functions that have it. */
static void make_keys(Plain *p, Encoded *e, int width)
{
    const ModelConfig *c = &p->model->config;
    e->key = e->state;
    e->key_width = width;
    if (attention_is(p, "dot") || attention_is(p, "none")) return;
    e->key_width = attention_is(p, "multiplicative") ? c->decoder_state : c->attention_size;
    double *key = plain_affine(p, e->state, p->S, width, e->key_width, "enc.key.weight", NULL);
    plain_compare(p, "enc.key", key, p->S, e->key_width);
    e->key = key;
}

static Encoded encode(Plain *p)
{
    int S = p->S, E = p->model->config.embedding, N = p->model->config.encoder_state,
        H = p->model->config.decoder_state;
    double *x = plain_embed(p, "source", S, E, "enc.embed.row", "enc.embed"), *zero = plain_matrix(p, 1, N);
    Gru forward = gru_make(p, S, N), backward = gru_make(p, S, N);
    forward.input = plain_affine(p, x, S, E, 3 * N, "enc.fwd.input.weight", "enc.fwd.input.bias");
    backward.input = plain_affine(p, x, S, E, 3 * N, "enc.bwd.input.weight", "enc.bwd.input.bias");
    for (int t = 0; t < S; t++)
        gru_row(p, &forward, t, t ? forward.state + (t - 1) * N : zero, "enc.fwd.hidden.weight",
                "enc.fwd.hidden.bias");
    for (int t = S - 1; t >= 0; t--)
        gru_row(p, &backward, t, t < S - 1 ? backward.state + (t + 1) * N : zero, "enc.bwd.hidden.weight",
                "enc.bwd.hidden.bias");
    gru_compare(p, &forward, S, (GruNames){"enc.fwd", "enc.state.fwd"});
    gru_compare(p, &backward, S, (GruNames){"enc.bwd", "enc.state.bwd"});
    double *state = plain_matrix(p, S, 2 * N), *final = plain_matrix(p, 1, 2 * N);
    for (int t = 0; t < S; t++)
        for (int i = 0; i < N; i++) {
            state[t * 2 * N + i] = forward.state[t * N + i];
            state[t * 2 * N + N + i] = backward.state[t * N + i];
        }
    memcpy(final, forward.state + (S - 1) * N, (size_t)N * sizeof(double));
    memcpy(final + N, backward.state, (size_t)N * sizeof(double));
    double *sum = plain_affine(p, final, 1, 2 * N, H, "dec.init.weight", "dec.init.bias"),
           *initial = plain_matrix(p, 1, H);
    for (int i = 0; i < H; i++) initial[i] = tanh(sum[i]);
    plain_compare(p, "enc.state", state, S, 2 * N);
    plain_compare(p, "enc.final", final, 1, 2 * N);
    plain_compare(p, "dec.init.sum", sum, 1, H);
    plain_compare(p, "dec.init", initial, 1, H);
    Encoded encoded = {.state = state, .initial = initial};
    make_keys(p, &encoded, 2 * N);
    return encoded;
}

typedef struct {
    double *query, *hidden, *score, *weight, *context;
    int width; /* of a query; 0 when the state itself is compared */
} Attention;

/* v . tanh(k_i + q), keeping the tanh layer */
static double additive(Plain *p, Attention *a, const double *key, const double *query, int row)
{
    const real *v = plain_weight(p, "dec.attn.score.weight");
    double score = 0;
    for (int k = 0; k < a->width; k++) {
        double h = tanh(key[k] + query[k]);
        a->hidden[row * a->width + k] = h;
        score += (double)v[k] * h;
    }
    return score;
}

/* Scores of every encoder state against state s of row t, alpha = softmax(e), o = sum_i alpha_i h_i */
static void attend(Plain *p, Attention *a, const Encoded *encoded, int t, const double *state)
{
    int S = p->S, C = 2 * p->model->config.encoder_state, H = p->model->config.decoder_state,
        width = encoded->key_width;
    const double *query = state;
    double max = -INFINITY, sum = 0;
    bool tanh_layer = attention_is(p, "additive");
    if (a->width) {
        query = plain_affine(p, state, 1, H, a->width, "dec.attn.query.weight",
                             tanh_layer ? "dec.attn.query.bias" : NULL);
        memcpy(a->query + t * a->width, query, (size_t)a->width * sizeof(double));
    }
    for (int i = 0; i < S; i++) {
        double score = 0;
        if (tanh_layer) score = additive(p, a, encoded->key + i * width, query, t * S + i);
        else
            for (int k = 0; k < width; k++) score += query[k] * encoded->key[i * width + k];
        a->score[t * S + i] = score;
        max = fmax(max, score);
    }
    for (int i = 0; i < S; i++) sum += exp(a->score[t * S + i] - max);
    for (int i = 0; i < S; i++) {
        a->weight[t * S + i] = exp(a->score[t * S + i] - max) / sum;
        for (int k = 0; k < C; k++) a->context[t * C + k] += a->weight[t * S + i] * encoded->state[i * C + k];
    }
}

static Attention attention_make(Plain *p)
{
    const ModelConfig *c = &p->model->config;
    int T = p->T, S = p->S,
        width = attention_is(p, "additive") || attention_is(p, "reduced-rank") ? c->attention_size : 0;
    Attention a = {.width = width,
                   .query = plain_matrix(p, T, width),
                   .score = plain_matrix(p, T, S),
                   .weight = plain_matrix(p, T, S),
                   .context = plain_matrix(p, T, 2 * c->encoder_state)};
    if (attention_is(p, "additive")) a.hidden = plain_matrix(p, T * S, width);
    return a;
}

static void attention_compare(Plain *p, const Attention *a)
{
    if (a->width) plain_compare(p, "dec.attn.query", a->query, p->T, a->width);
    if (a->hidden) plain_compare(p, "dec.attn.hidden", a->hidden, p->T * p->S, a->width);
    plain_compare(p, "dec.attn.score", a->score, p->T, p->S);
    plain_compare(p, "dec.attn.weight", a->weight, p->T, p->S);
    plain_compare(p, "dec.attn.context", a->context, p->T, 2 * p->model->config.encoder_state);
}

/* to = [a; b] */
static void join(double *to, const double *a, int a_count, const double *b, int b_count)
{
    memcpy(to, a, (size_t)a_count * sizeof(double));
    memcpy(to + a_count, b, (size_t)b_count * sizeof(double));
}

/* Without attention C is 0: the decoder reads the word alone, and the next word comes from the state alone. */
static void decode(Plain *p, const Encoded *encoded)
{
    const ModelConfig *c = &p->model->config;
    int T = p->T, H = c->decoder_state, E = c->embedding,
        C = attention_is(p, "none") ? 0 : 2 * c->encoder_state;
    double *y = plain_embed(p, "fed", T, E, "dec.embed.row", "dec.embed"), *zero = plain_matrix(p, 1, C);
    double *fed = plain_matrix(p, T, C), *input = plain_matrix(p, T, E + C),
           *concat = plain_matrix(p, T, C + H);
    Gru gru = gru_make(p, T, H);
    Attention a = attention_make(p);
    gru.input = plain_matrix(p, T, 3 * H);
    for (int t = 0; t < T; t++) {
        memcpy(fed + t * C, t ? a.context + (t - 1) * C : zero, (size_t)C * sizeof(double));
        join(input + t * (E + C), y + t * E, E, fed + t * C, C);
        double *sum = plain_affine(p, input + t * (E + C), 1, E + C, 3 * H, "dec.gru.input.weight",
                                   "dec.gru.input.bias");
        memcpy(gru.input + t * 3 * H, sum, (size_t)(3 * H) * sizeof(double));
        gru_row(p, &gru, t, t ? gru.state + (t - 1) * H : encoded->initial, "dec.gru.hidden.weight",
                "dec.gru.hidden.bias");
        if (C) attend(p, &a, encoded, t, gru.state + t * H);
        join(concat + t * (C + H), a.context + t * C, C, gru.state + t * H, H);
    }
    gru_compare(p, &gru, T, (GruNames){"dec.gru", "dec.state"});
    if (C) {
        plain_compare(p, "dec.attn.context.previous", fed, T, C);
        plain_compare(p, "dec.input", input, T, E + C);
        plain_compare(p, "dec.concat", concat, T, C + H);
        attention_compare(p, &a);
    }
    double *readout = plain_affine(p, concat, T, C + H, E, "dec.readout.weight", "dec.readout.bias");
    plain_compare(p, "dec.readout", readout, T, E);
    plain_words(p, readout, E);
}

void plain_rnn(Plain *p)
{
    Encoded encoded = encode(p);
    decode(p, &encoded);
}
