/* explain.h — where one number comes from: the operation that made an entry, and the operands of one of its cells. */
#pragma once
#include "trace/trace.h"

typedef enum {
#define OP(symbol, name, operands, en, zh, formula) symbol,
#include "trace/op_names.def"
#undef OP
    OP_COUNT
} Op;

typedef struct {
    const char *name;
    int operands;
    const char *caption_en, *caption_zh;
    const char *formula; /* TeX; operands are a b c d by position */
} OpDescription;

extern const OpDescription op_descriptions[OP_COUNT];

/* One operand: a cell of another entry of the same trace. Terms of one product share `product`; the cell is
 * f(sum of products), where a product is the product of its factors and f the entry's op (identity, tanh, sigmoid …).
 * Softmax, its logarithm, shares, means, layer normalisation and BLEU are no such sum: their terms are all the numbers they
 * look at. */
typedef struct {
    int entry;       /* of the trace */
    size_t index;    /* flat, into that entry */
    int product;     /* factors with the same number are multiplied; they stand side by side */
    bool complement; /* the factor is 1 - value: the GRU's share of the candidate */
} ExplainTerm;

typedef struct {
    int count;
    ExplainTerm *term;
} Explanation;

/* The operands from which cell `index` of entry `entry` is computed, in the order the op uses them. An OP_INPUT cell has
 * none. The list lives in `arena`. Which function joins them (sum, softmax, sigmoid of the sum …) is the entry's op. */
Explanation trace_explain(Arena *arena, const Trace *trace, int entry, size_t index);

/* What keeps the root of a layer normalisation's variance away from 0. */
extern const double trace_layer_norm_epsilon;
/* Papineni et al. 2002: 1 when the translation is longer than the reference, else e^(1 - reference / length). */
double trace_brevity_penalty(double length, double reference);
/* f in the comment above: what is done to the sum of products; identity for the ops that do nothing more. */
double trace_op_function(int op, double sum);

/* Recomputes the cell in double from its operands with plain loops (no code shared with nn/): what `verify` compares. */
double trace_recompute(const Trace *trace, int entry, size_t index);
