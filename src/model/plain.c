/* plain.c — see plain.h: what the passes of all kinds share. One function per equation of docs/architecture.md; nothing is
 * shared with the engine, so a mistake would have to be made twice. */
#include "model/plain.h"
#include <math.h>
#include <string.h>
#include "model/plain_int.h"

const real *plain_weight(const Plain *p, const char *name)
{
    for (int i = 0; i < p->model->weights.count; i++)
        if (!strcmp(p->model->weights.parameter[i].name, name))
            return p->model->weights.parameter[i].to->value;
    return NULL;
}

double *plain_matrix(Plain *p, int rows, int columns)
{
    return arena_array(&p->arena, double, (size_t)rows *(size_t)columns);
}

/* y = W x + b for `rows` rows; b may be NULL. */
double *plain_affine(Plain *p, const double *x, int rows, int in, int out, const char *weight_name,
                     const char *bias_name)
{
    const real *w = plain_weight(p, weight_name), *b = bias_name ? plain_weight(p, bias_name) : NULL;
    double *y = plain_matrix(p, rows, out);
    for (int r = 0; r < rows; r++)
        for (int o = 0; o < out; o++) {
            double sum = b ? (double)b[o] : 0;
            for (int i = 0; i < in; i++) sum += (double)w[o * in + i] * x[r * in + i];
            y[r * out + o] = sum;
        }
    return y;
}

void plain_compare(Plain *p, const char *name, const double *plain, int rows, int columns)
{
    int entry = trace_find(p->trace, name);
    if (entry < 0 || trace_count(&p->trace->entry[entry]) != (size_t)rows * (size_t)columns) {
        p->report->missing =
            entry < 0 ? "a tensor of the plain pass that the run lacks" : p->trace->entry[entry].name;
        return;
    }
    const TraceEntry *e = &p->trace->entry[entry];
    p->report->entries++;
    double square = 0;
    int finite = 0;
    for (int i = 0; i < rows * columns; i++)
        if (isfinite(plain[i])) square += plain[i] * plain[i], finite++;
    double rms = sqrt(square / (finite ? finite : 1));
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            double a = (double)e->value[r * columns + c], b = plain[r * columns + c];
            double scale = fmax(fmax(fabs(b), rms), 1e-30), difference = a == b ? 0 : fabs(a - b) / scale;
            if (isnan(difference)) difference = INFINITY; /* masked here and not there */
            p->report->cells++;
            if (difference <= p->report->largest) continue;
            p->report->largest = difference;
            p->report->entry = e->name;
            p->report->index = r * columns + c;
            p->report->run = a;
            p->report->plain = b;
        }
}

double *plain_embed(Plain *p, const char *sequence, int rows, int width, const char *row_name,
                    const char *name)
{
    const real *table = plain_weight(p, "embed");
    const int *id = p->trace->sequence[trace_sequence(p->trace, sequence)].id;
    double *row = plain_matrix(p, rows, width), *scaled = plain_matrix(p, rows, width);
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++) {
            row[r * width + i] = (double)table[id[r] * width + i];
            scaled[r * width + i] = row[r * width + i] * sqrt((double)width);
        }
    plain_compare(p, row_name, row, rows, width);
    plain_compare(p, name, scaled, rows, width);
    return scaled;
}

void plain_words(Plain *p, const double *x, int width)
{
    int T = p->T, V = p->V;
    double *logit = plain_affine(p, x, T, width, V, "embed", "dec.logit.bias"), *prob = plain_matrix(p, T, V),
           *logprob = plain_matrix(p, T, V);
    for (int t = 0; t < T; t++) {
        double max = -INFINITY, sum = 0;
        for (int v = 0; v < V; v++) max = fmax(max, logit[t * V + v]);
        for (int v = 0; v < V; v++) sum += exp(logit[t * V + v] - max);
        for (int v = 0; v < V; v++) {
            logprob[t * V + v] = logit[t * V + v] - max - log(sum);
            prob[t * V + v] = exp(logprob[t * V + v]);
        }
    }
    plain_compare(p, "dec.logit", logit, T, V);
    plain_compare(p, "dec.prob", prob, T, V);
    plain_compare(p, "dec.logprob", logprob, T, V);
}

bool model_plain_compare(const Model *model, const char *sentence, PlainReport *out, Error *error)
{
    Arena own = arena_make("plain run");
    Runner *runner = runner_make(&own, model);
    RunRequest request = {.source = sentence, .record = true};
    RunResult result;
    bool good = runner_run(runner, &request, &result, error);
    *out = (PlainReport){0};
    if (good) {
        Plain p = {.model = model,
                   .trace = result.trace,
                   .arena = arena_make("plain"),
                   .S = result.source_count,
                   .T = result.target_count,
                   .V = model->config.vocabulary,
                   .report = out};
        model->kind->plain(&p);
        arena_free(&p.arena);
        int computed = 0;
        for (int i = 0; i < result.trace->entry_count; i++)
            computed += strncmp(result.trace->entry[i].name, "weight.", 7) != 0;
        if (!out->missing && out->entries != computed)
            out->missing = "an entry that the plain pass does not compute";
    }
    runner_free(runner);
    arena_free(&own);
    return good;
}
