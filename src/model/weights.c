/* weights.c — see weights.h. */
#include "model/weights.h"
#include <math.h>
#include <string.h>

void weights_place(Arena *arena, Parameter *parameter, int count, real *value, Weights *out)
{
    *out = (Weights){.parameter = parameter, .count = count};
    for (int i = 0; i < count; i++) out->size += (size_t)parameter[i].rows * (size_t)parameter[i].columns;
    out->value = value ? value : arena_array(arena, real, out->size);
    size_t at = 0;
    for (int i = 0; i < count; i++) {
        *parameter[i].to = (Tensor){parameter[i].rows, parameter[i].columns, out->value + at, NULL, -1};
        at += tensor_count(*parameter[i].to);
    }
}

void weights_bind_gradient(Weights *weights, real *gradient)
{
    size_t at = 0;
    for (int i = 0; i < weights->count; i++) {
        weights->parameter[i].to->grad = gradient ? gradient + at : NULL;
        at += tensor_count(*weights->parameter[i].to);
    }
}

static size_t packed_count(const Parameter *p)
{
    return p->rows > 1 ? panel_count(panel_level(), p->rows, p->columns) : 0;
}

void weights_pack(Arena *arena, Weights *weights)
{
    PanelLevel level = panel_level();
    if (level == PANEL_NONE) return;
    if (!weights->panel) {
        size_t size = 0;
        for (int i = 0; i < weights->count; i++) size += packed_count(&weights->parameter[i]);
        real *value = arena_array(arena, real, size);
        weights->panel = arena_array(arena, Panel, (size_t)weights->count);
        for (int i = 0; i < weights->count; i++) {
            const Parameter *p = &weights->parameter[i];
            weights->panel[i] = (Panel){level, p->rows, p->columns, value};
            value += packed_count(p);
        }
    }
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        if (!packed_count(p)) continue;
        panel_fill(&weights->panel[i], p->to->value);
        p->to->panel = &weights->panel[i];
    }
}

/* Gram–Schmidt on rows of normal numbers. */
static void orthogonal(real *w, int n, Rng *rng)
{
    for (int r = 0; r < n; r++) {
        real *row = w + (size_t)r * (size_t)n;
        for (int c = 0; c < n; c++) row[c] = (real)rng_normal(rng);
        for (int pass = 0; pass < 2; pass++)
            for (int k = 0; k < r; k++) {
                const real *other = w + (size_t)k * (size_t)n;
                double along = 0;
                for (int c = 0; c < n; c++) along += (double)row[c] * (double)other[c];
                for (int c = 0; c < n; c++) row[c] -= (real)along * other[c];
            }
        double norm = 0;
        for (int c = 0; c < n; c++) norm += (double)row[c] * (double)row[c];
        for (int c = 0; c < n; c++) row[c] = (real)((double)row[c] / sqrt(norm));
    }
}

void weights_init(Weights *weights, uint64_t seed)
{
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        Rng rng = rng_make(seed, (uint64_t)i +
                                     1); /* a stream each: adding a tensor leaves the others as they were */
        real *w = p->to->value;
        size_t n = tensor_count(*p->to);
        double deviation = 1 / sqrt((double)p->columns), range = sqrt(6.0 / (p->rows + p->columns));
        if (p->init == INIT_PRODUCT) range *= sqrt(deviation);
        for (size_t k = 0; k < n; k++) switch (p->init) {
            case INIT_PRODUCT:
            case INIT_XAVIER: w[k] = (real)((2 * rng_uniform(&rng) - 1) * range); break;
            case INIT_VECTOR: w[k] = (real)(rng_normal(&rng) * deviation); break;
            case INIT_EMBEDDING: {
                double normal = rng_normal(&rng);
                while (fabs(normal) > 2) normal = rng_normal(&rng);
                w[k] = (real)(normal * deviation);
                break;
            }
            case INIT_ONE: w[k] = 1; break;
            case INIT_IDENTITY:
                w[k] = k / (size_t)p->columns == k % (size_t)p->columns ? (real)deviation : 0;
                break;
            default: w[k] = 0;
            }
        if (p->init == INIT_ORTHOGONAL)
            for (int first = 0; first + p->columns <= p->rows; first += p->columns)
                orthogonal(w + (size_t)first * (size_t)p->columns, p->columns, &rng);
    }
}

double parameter_rate(const Parameter *p)
{
    return p->init == INIT_IDENTITY || p->init == INIT_PRODUCT ? 1 / sqrt((double)p->columns) : 1;
}

static bool check_tensors(const Weights *weights, const Safetensors *file, const char *path, Error *error)
{
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        const StoredTensor *stored = safetensors_find(file, p->name);
        size_t n = tensor_count(*p->to);
        if (!stored) {
            error_set(error, EXIT_INPUT, "cannot open model %s", QUOTED(path));
            error_add(error, "where", "tensor \"%s\"", p->name);
            error_add(error, "found", "%d tensors, this one is not among them", file->count);
            error_add(error, "why", "the file belongs to another kind of model than config.json says");
            return error_add(error, "do",
                             "use the config.json that was saved with these weights; nothing was changed");
        }
        bool shape =
            stored->count == n && stored->dim[0] == p->rows &&
            (stored->rank == 1 ? p->columns == 1 : stored->rank == 2 && stored->dim[1] == p->columns);
        if (!shape) {
            error_set(error, EXIT_INPUT, "cannot open model %s", QUOTED(path));
            error_add(error, "where", "tensor \"%s\"", p->name);
            error_add(error, "found", "%d dimensions, %d x %d", stored->rank, stored->dim[0],
                      stored->rank > 1 ? stored->dim[1] : 1);
            error_add(error, "expected", "%d x %d, from config.json", p->rows, p->columns);
            return error_add(error, "do",
                             "use the config.json that was saved with these weights; nothing was changed");
        }
    }
    return true;
}

static WeightsNotes notes_of(Arena *arena, const Weights *weights, const Safetensors *file)
{
    WeightsNotes notes = {0};
    for (int i = 0; i < file->count; i++) {
        const StoredTensor *stored = &file->tensor[i];
        int k = 0;
        while (k < weights->count && strcmp(weights->parameter[k].name, stored->name)) k++;
        bool unused = k == weights->count;
        if (!unused && !stored->rounded) continue;
        const char **first = unused ? &notes.first_unused : &notes.first_rounded;
        if (!*first) *first = arena_string(arena, stored->name);
        ++*(unused ? &notes.unused : &notes.rounded);
    }
    return notes;
}

bool weights_load(Arena *arena, Weights *weights, const Safetensors *file, const char *path,
                  WeightsNotes *notes, Error *error)
{
    if (!check_tensors(weights, file, path, error)) return false;
    for (int i = 0; i < weights->count; i++) {
        const StoredTensor *stored = safetensors_find(file, weights->parameter[i].name);
        for (size_t k = 0; k < stored->count; k++)
            weights->parameter[i].to->value[k] = (real)stored->value[k];
    }
    *notes = notes_of(arena, weights, file);
    return true;
}

void weights_store(Arena *arena, const Weights *weights, StoreType store, Safetensors *out)
{
    *out = (Safetensors){.count = weights->count,
                         .tensor = arena_array(arena, StoredTensor, (size_t)weights->count)};
    for (int i = 0; i < weights->count; i++) {
        const Parameter *p = &weights->parameter[i];
        size_t n = tensor_count(*p->to);
        float *value = arena_array(arena, float, n);
        for (size_t k = 0; k < n; k++) value[k] = (float)p->to->value[k];
        out->tensor[i] = (StoredTensor){.name = p->name,
                                        .rank = 2,
                                        .dim = {p->rows, p->columns},
                                        .count = n,
                                        .value = value,
                                        .store = store};
    }
}
