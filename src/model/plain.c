/* plain.c — see plain.h. Loops over doubles, one function per equation of docs/architecture.md; nothing is shared with the
 * engine, so a mistake would have to be made twice. Weights are read by their names in the file. */
#include "model/plain.h"
#include <math.h>
#include <string.h>
#include "model/model_int.h"

typedef struct {
    const Model *model;
    const Trace *trace;
    Arena arena;
    int S, T, E, N, H, A, V;
    PlainReport *report;
} Plain;

static const real *weight(const Plain *p, const char *name)
{
    for (int i = 0; i < p->model->weights.count; i++)
        if (!strcmp(p->model->weights.parameter[i].name, name)) return p->model->weights.parameter[i].to->value;
    return NULL;
}

static double *matrix(Plain *p, int rows, int columns)
{
    return arena_array(&p->arena, double, (size_t)rows * (size_t)columns);
}

/* y = W x + b for `rows` rows; b may be NULL. */
static double *affine(Plain *p, const double *x, int rows, int in, int out, const char *weight_name, const char *bias_name)
{
    const real *w = weight(p, weight_name), *b = bias_name ? weight(p, bias_name) : NULL;
    double *y = matrix(p, rows, out);
    for (int r = 0; r < rows; r++)
        for (int o = 0; o < out; o++) {
            double sum = b ? (double)b[o] : 0;
            for (int i = 0; i < in; i++) sum += (double)w[o * in + i] * x[r * in + i];
            y[r * out + o] = sum;
        }
    return y;
}

static void compare(Plain *p, const char *name, const double *plain, int rows, int columns)
{
    int entry = trace_find(p->trace, name);
    if (entry < 0) {
        p->report->missing = name;
        return;
    }
    const TraceEntry *e = &p->trace->entry[entry];
    p->report->entries++;
    for (int r = 0; r < rows; r++) {
        double square = 0;
        for (int c = 0; c < columns; c++) square += plain[r * columns + c] * plain[r * columns + c];
        double rms = sqrt(square / columns);
        for (int c = 0; c < columns; c++) {
            double a = (double)e->value[r * columns + c], b = plain[r * columns + c];
            double scale = fmax(fmax(fabs(b), rms), 1e-30), difference = fabs(a - b) / scale;
            if (isinf(b) && a == b) difference = 0;
            p->report->cells++;
            if (difference <= p->report->largest) continue;
            p->report->largest = difference;
            p->report->entry = e->name;
            p->report->index = r * columns + c;
            p->report->run = a;
            p->report->plain = b;
        }
    }
}

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
    return (Gru){NULL, matrix(p, rows, size), matrix(p, rows, 3 * size), matrix(p, rows, size), matrix(p, rows, size),
                 matrix(p, rows, size), matrix(p, rows, size), size};
}

/* Row t from its input and the state before:
 * r = sigmoid(W_r x + U_r h), z = sigmoid(W_z x + U_z h), n = tanh(W_n x + r * U_n h), h' = z h + (1 - z) n */
static void gru_row(Plain *p, Gru *g, int t, const double *before, const char *weight_name, const char *bias_name)
{
    int n = g->size;
    memcpy(g->previous + t * n, before, (size_t)n * sizeof(double));
    double *u = affine(p, before, 1, n, 3 * n, weight_name, bias_name);
    memcpy(g->hidden + t * 3 * n, u, (size_t)(3 * n) * sizeof(double));
    const double *a = g->input + t * 3 * n;
    for (int i = 0; i < n; i++) {
        double r = sigmoid(a[i] + u[i]), z = sigmoid(a[n + i] + u[n + i]), c = tanh(a[2 * n + i] + r * u[2 * n + i]);
        g->reset[t * n + i] = r;
        g->update[t * n + i] = z;
        g->candidate[t * n + i] = c;
        g->state[t * n + i] = z * before[i] + (1 - z) * c;
    }
}

static void gru_compare(Plain *p, const Gru *g, int rows, GruNames names)
{
    const struct { const char *part; const double *value; int columns; } parts[] = {
        {"input", g->input, 3 * g->size}, {"previous", g->previous, g->size}, {"hidden", g->hidden, 3 * g->size},
        {"reset", g->reset, g->size},     {"update", g->update, g->size},     {"candidate", g->candidate, g->size}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *prefix = names.prefix;
        if (!strcmp(prefix, "dec.gru") && !strcmp(parts[i].part, "previous")) prefix = "dec.state";
        compare(p, arena_format(&p->arena, "%s.%s", prefix, parts[i].part), parts[i].value, rows, parts[i].columns);
    }
    compare(p, names.state, g->state, rows, g->size);
}

/* Rows of the embedding table and the same times sqrt(E). */
static double *embed(Plain *p, const char *sequence, int rows, const char *row_name, const char *name)
{
    const real *table = weight(p, "embed");
    const int *id = p->trace->sequence[trace_sequence(p->trace, sequence)].id;
    double *row = matrix(p, rows, p->E), *scaled = matrix(p, rows, p->E);
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < p->E; i++) {
            row[r * p->E + i] = (double)table[id[r] * p->E + i];
            scaled[r * p->E + i] = row[r * p->E + i] * sqrt((double)p->E);
        }
    compare(p, row_name, row, rows, p->E);
    compare(p, name, scaled, rows, p->E);
    return scaled;
}

typedef struct {
    double *state, *key, *initial;
} Encoded;

static Encoded encode(Plain *p)
{
    int S = p->S, N = p->N;
    double *x = embed(p, "source", S, "enc.embed.row", "enc.embed"), *zero = matrix(p, 1, N);
    Gru forward = gru_make(p, S, N), backward = gru_make(p, S, N);
    forward.input = affine(p, x, S, p->E, 3 * N, "enc.fwd.input.weight", "enc.fwd.input.bias");
    backward.input = affine(p, x, S, p->E, 3 * N, "enc.bwd.input.weight", "enc.bwd.input.bias");
    for (int t = 0; t < S; t++)
        gru_row(p, &forward, t, t ? forward.state + (t - 1) * N : zero, "enc.fwd.hidden.weight", "enc.fwd.hidden.bias");
    for (int t = S - 1; t >= 0; t--)
        gru_row(p, &backward, t, t < S - 1 ? backward.state + (t + 1) * N : zero, "enc.bwd.hidden.weight", "enc.bwd.hidden.bias");
    gru_compare(p, &forward, S, (GruNames){"enc.fwd", "enc.state.fwd"});
    gru_compare(p, &backward, S, (GruNames){"enc.bwd", "enc.state.bwd"});
    double *state = matrix(p, S, 2 * N), *final = matrix(p, 1, 2 * N);
    for (int t = 0; t < S; t++)
        for (int i = 0; i < N; i++) {
            state[t * 2 * N + i] = forward.state[t * N + i];
            state[t * 2 * N + N + i] = backward.state[t * N + i];
        }
    memcpy(final, forward.state + (S - 1) * N, (size_t)N * sizeof(double));
    memcpy(final + N, backward.state, (size_t)N * sizeof(double));
    double *sum = affine(p, final, 1, 2 * N, p->H, "dec.init.weight", "dec.init.bias"), *initial = matrix(p, 1, p->H);
    for (int i = 0; i < p->H; i++) initial[i] = tanh(sum[i]);
    double *key = affine(p, state, S, 2 * N, p->A, "enc.key.weight", NULL);
    compare(p, "enc.state", state, S, 2 * N);
    compare(p, "enc.final", final, 1, 2 * N);
    compare(p, "dec.init.sum", sum, 1, p->H);
    compare(p, "dec.init", initial, 1, p->H);
    compare(p, "enc.key", key, S, p->A);
    return (Encoded){state, key, initial};
}

typedef struct {
    double *query, *hidden, *score, *weight, *context;
} Attention;

/* e_i = v . tanh(W_1 h_i + W_2 s), alpha = softmax(e), o = sum_i alpha_i h_i, for row t */
static void attend(Plain *p, Attention *a, const Encoded *encoded, int t, const double *state)
{
    const real *v = weight(p, "dec.attn.score.weight");
    int S = p->S, A = p->A, C = 2 * p->N;
    double *query = affine(p, state, 1, p->H, A, "dec.attn.query.weight", "dec.attn.query.bias"), max = -INFINITY, sum = 0;
    memcpy(a->query + t * A, query, (size_t)A * sizeof(double));
    for (int i = 0; i < S; i++) {
        double score = 0;
        for (int k = 0; k < A; k++) {
            double h = tanh(encoded->key[i * A + k] + query[k]);
            a->hidden[(t * S + i) * A + k] = h;
            score += (double)v[k] * h;
        }
        a->score[t * S + i] = score;
        max = fmax(max, score);
    }
    for (int i = 0; i < S; i++) sum += exp(a->score[t * S + i] - max);
    for (int i = 0; i < S; i++) {
        a->weight[t * S + i] = exp(a->score[t * S + i] - max) / sum;
        for (int k = 0; k < C; k++) a->context[t * C + k] += a->weight[t * S + i] * encoded->state[i * C + k];
    }
}

static void predict(Plain *p, const double *concat)
{
    int T = p->T, V = p->V;
    double *readout = affine(p, concat, T, 2 * p->N + p->H, p->E, "dec.readout.weight", "dec.readout.bias");
    double *logit = affine(p, readout, T, p->E, V, "embed", "dec.logit.bias"), *prob = matrix(p, T, V), *logprob = matrix(p, T, V);
    for (int t = 0; t < T; t++) {
        double max = -INFINITY, sum = 0;
        for (int v = 0; v < V; v++) max = fmax(max, logit[t * V + v]);
        for (int v = 0; v < V; v++) sum += exp(logit[t * V + v] - max);
        for (int v = 0; v < V; v++) {
            logprob[t * V + v] = logit[t * V + v] - max - log(sum);
            prob[t * V + v] = exp(logprob[t * V + v]);
        }
    }
    compare(p, "dec.readout", readout, T, p->E);
    compare(p, "dec.logit", logit, T, V);
    compare(p, "dec.prob", prob, T, V);
    compare(p, "dec.logprob", logprob, T, V);
}

static void decode(Plain *p, const Encoded *encoded)
{
    int T = p->T, H = p->H, E = p->E, C = 2 * p->N;
    double *y = embed(p, "fed", T, "dec.embed.row", "dec.embed"), *zero = matrix(p, 1, C), *input = matrix(p, T, E + C);
    double *fed = matrix(p, T, C), *concat = matrix(p, T, C + H);
    Gru gru = gru_make(p, T, H);
    Attention a = {matrix(p, T, p->A), matrix(p, T * p->S, p->A), matrix(p, T, p->S), matrix(p, T, p->S), matrix(p, T, C)};
    gru.input = matrix(p, T, 3 * H);
    for (int t = 0; t < T; t++) {
        memcpy(fed + t * C, t ? a.context + (t - 1) * C : zero, (size_t)C * sizeof(double));
        memcpy(input + t * (E + C), y + t * E, (size_t)E * sizeof(double));
        memcpy(input + t * (E + C) + E, fed + t * C, (size_t)C * sizeof(double));
        double *sum = affine(p, input + t * (E + C), 1, E + C, 3 * H, "dec.gru.input.weight", "dec.gru.input.bias");
        memcpy(gru.input + t * 3 * H, sum, (size_t)(3 * H) * sizeof(double));
        gru_row(p, &gru, t, t ? gru.state + (t - 1) * H : encoded->initial, "dec.gru.hidden.weight", "dec.gru.hidden.bias");
        attend(p, &a, encoded, t, gru.state + t * H);
        memcpy(concat + t * (C + H), a.context + t * C, (size_t)C * sizeof(double));
        memcpy(concat + t * (C + H) + C, gru.state + t * H, (size_t)H * sizeof(double));
    }
    compare(p, "dec.attn.context.previous", fed, T, C);
    compare(p, "dec.input", input, T, E + C);
    gru_compare(p, &gru, T, (GruNames){"dec.gru", "dec.state"});
    compare(p, "dec.attn.query", a.query, T, p->A);
    compare(p, "dec.attn.hidden", a.hidden, T * p->S, p->A);
    compare(p, "dec.attn.score", a.score, T, p->S);
    compare(p, "dec.attn.weight", a.weight, T, p->S);
    compare(p, "dec.attn.context", a.context, T, C);
    compare(p, "dec.concat", concat, T, C + H);
    predict(p, concat);
}

bool model_plain_compare(const Model *model, const char *sentence, PlainReport *out, Error *error)
{
    const ModelConfig *c = &model->config;
    Arena own = arena_make("plain run");
    Runner *runner = runner_make(&own, model);
    RunRequest request = {.source = sentence, .record = true};
    RunResult result;
    bool good = runner_run(runner, &request, &result, error);
    *out = (PlainReport){0};
    if (good) {
        Plain p = {.model = model, .trace = result.trace, .arena = arena_make("plain"), .S = result.source_count,
                   .T = result.target_count, .E = c->embedding, .N = c->encoder_state, .H = c->decoder_state,
                   .A = c->attention_size, .V = c->vocabulary, .report = out};
        Encoded encoded = encode(&p);
        decode(&p, &encoded);
        arena_free(&p.arena);
        int computed = 0;
        for (int i = 0; i < result.trace->entry_count; i++) computed += strncmp(result.trace->entry[i].name, "weight.", 7) != 0;
        if (!out->missing && out->entries != computed) out->missing = "an entry that plain.c does not compute";
    }
    runner_free(runner);
    arena_free(&own);
    return good;
}
