/* transformer_tables.c — the Transformer's parameters and matrices as lists, from transformer_parameters.def and
 * transformer_entries.def. Names of layers are made once, with the weights: a run only copies pointers. */
#include <math.h>
#include <string.h>
#include "model/transformer.h"

enum {
    PARAMETERS_MOST = 0
#define PARAMETER(...) +1
#define ENCODER_PARAMETER(...) +TRANSFORMER_MAX_LAYERS
#define DECODER_PARAMETER(...) +TRANSFORMER_MAX_LAYERS
#include "model/transformer_parameters.def"
    ,
    ENTRIES_MOST = 0
#define SOURCE_ENTRY(...) +1
#define MEMORY_ENTRY(...) +1
#define TARGET_ENTRY(...) +1
#define WORD_ENTRY(...) +1
#define ENCODER(...) +TRANSFORMER_MAX_LAYERS
#define ENCODER_HEADS(...) +TRANSFORMER_MAX_LAYERS
#define DECODER(...) +TRANSFORMER_MAX_LAYERS
#define DECODER_HEADS(...) +TRANSFORMER_MAX_LAYERS
#include "model/transformer_entries.def"
};

_Static_assert((int)ENTRIES_MOST + (int)PARAMETERS_MOST + 2 <= (int)TRACE_RUN_ENTRIES,
               "a trace holds the deepest model");

static void add_parameter(Parameter *list, int *count, Parameter parameter)
{
    *parameter.to = TENSOR_NONE;
    if (parameter.rows) list[(*count)++] = parameter;
}

static Tensor constant(Arena *arena, double value)
{
    real *number = arena_new(arena, real);
    *number = (real)value;
    return (Tensor){1, 1, number, NULL, -1};
}

static const char **entry_names(Arena *arena, const ModelConfig *config)
{
    const char **names = arena_array(arena, const char *, ENTRIES_MOST);
    int n = 0;
#define SOURCE_ENTRY(field, name, ...) names[n++] = name;
#include "model/transformer_entries.def"
    for (int l = 0; l < config->layers; l++) {
#define ENCODER(field, name, ...) names[n++] = arena_format(arena, "enc.%d." name, l);
#define ENCODER_HEADS(field, name, ...) names[n++] = arena_format(arena, "enc.%d." name, l);
#include "model/transformer_entries.def"
    }
#define MEMORY_ENTRY(field, name, ...) names[n++] = name;
#define TARGET_ENTRY(field, name, ...) names[n++] = name;
#include "model/transformer_entries.def"
    for (int l = 0; l < config->layers; l++) {
#define DECODER(field, name, ...) names[n++] = arena_format(arena, "dec.%d." name, l);
#define DECODER_HEADS(field, name, ...) names[n++] = arena_format(arena, "dec.%d." name, l);
#include "model/transformer_entries.def"
    }
#define WORD_ENTRY(field, name, ...) names[n++] = name;
#include "model/transformer_entries.def"
    return names;
}

Parameter *transformer_parameters(Arena *arena, const ModelConfig *config, TransformerWeights *w, int *count)
{
    const int V = config->vocabulary, D = config->embedding, F = config->feed_forward,
              PRE = !strcmp(config->norm, "pre");
    Parameter *list = arena_array(arena, Parameter, PARAMETERS_MOST);
    *count = 0;
#define PARAMETER(field, name, rows, columns, init)                                                          \
    add_parameter(list, count, (Parameter){name, rows, columns, init, &w->field});
#include "model/transformer_parameters.def"
    for (int l = 0; l < config->layers; l++) {
#define ENCODER_PARAMETER(field, name, rows, columns, init)                                                  \
    add_parameter(                                                                                           \
        list, count,                                                                                         \
        (Parameter){arena_format(arena, "enc.%d." name, l), rows, columns, init, &w->encoder[l].field});
#include "model/transformer_parameters.def"
    }
    for (int l = 0; l < config->layers; l++) {
#define DECODER_PARAMETER(field, name, rows, columns, init)                                                  \
    add_parameter(                                                                                           \
        list, count,                                                                                         \
        (Parameter){arena_format(arena, "dec.%d." name, l), rows, columns, init, &w->decoder[l].field});
#include "model/transformer_parameters.def"
    }
    w->embed_scale = constant(arena, sqrt((double)D));
    w->score_scale = constant(arena, 1 / sqrt((double)D / config->heads));
    w->entry_name = entry_names(arena, config);
    return list;
}

MatrixList transformer_matrices(Arena *arena, const ModelConfig *config, const TransformerWeights *w, int S,
                                int T, TransformerMatrices *m)
{
    const int V = config->vocabulary, D = config->embedding, F = config->feed_forward, H = config->heads,
              K = D / H;
    MatrixList list = matrices_make(arena, ENTRIES_MOST);
    const char **name = w->entry_name;
    *m = (TransformerMatrices){.source_count = S, .target_count = T};
#define FLAT(view, axis0, rows, axis1, columns)                                                              \
    matrices_add(&list, (Matrix){*name++, 2, {rows, columns}, {axis0, axis1}, &(view)});
#define HEADS(view, axis1, rows, axis2, columns)                                                             \
    matrices_add(&list, (Matrix){*name++, 3, {H, rows, columns}, {AXIS_HEAD, axis1, axis2}, &(view)});
#define SOURCE_ENTRY(field, text, axis0, rows, axis1, columns) FLAT(m->field, axis0, rows, axis1, columns)
#include "model/transformer_entries.def"
    for (int l = 0; l < config->layers; l++) {
#define ENCODER(field, text, axis0, rows, axis1, columns)                                                    \
    FLAT(m->encoder[l].field, axis0, rows, axis1, columns)
#define ENCODER_HEADS(field, text, axis1, rows, axis2, columns)                                              \
    HEADS(m->encoder[l].field, axis1, rows, axis2, columns)
#include "model/transformer_entries.def"
    }
#define MEMORY_ENTRY(field, text, axis0, rows, axis1, columns) FLAT(m->field, axis0, rows, axis1, columns)
#define TARGET_ENTRY(field, text, axis0, rows, axis1, columns) FLAT(m->field, axis0, rows, axis1, columns)
#include "model/transformer_entries.def"
    for (int l = 0; l < config->layers; l++) {
#define DECODER(field, text, axis0, rows, axis1, columns)                                                    \
    FLAT(m->decoder[l].field, axis0, rows, axis1, columns)
#define DECODER_HEADS(field, text, axis1, rows, axis2, columns)                                              \
    HEADS(m->decoder[l].field, axis1, rows, axis2, columns)
#include "model/transformer_entries.def"
    }
#define WORD_ENTRY(field, text, axis0, rows, axis1, columns) FLAT(m->field, axis0, rows, axis1, columns)
#include "model/transformer_entries.def"
#undef FLAT
#undef HEADS
    return list;
}
