/* question.h — what the question kinds share: rows of the entry asked about, names of its columns, well-spread choices. */
#pragma once
#include <stdio.h>
#include "base/rng.h"
#include "lesson/lesson.h"

typedef enum { REDUCE_VALUE, REDUCE_SUM, REDUCE_MAX, REDUCE_ENTROPY } Reduce;

/* A question is asked only when the answer is clear: DESIGN section 6. */
#define MARGIN_PROBABILITY 0.10 /* between the largest and the next probability */
#define MARGIN_OTHER 0.05       /* between log-probabilities, entropies (nats), scores */

typedef struct {
    const float *value;
    int count;
    bool probability; /* not negative, sums to one */
} RowView;

/* Being asked: the first choice added is the right one; question_ask shuffles at the end. */
typedef struct {
    const Question *question;
    const Trace *trace;
    const TraceEntry *entry;
    Rng rng;
    int row;
    AskedQuestion *out;
} Asking;

enum { CHOICE_BYTES = 64 };
typedef struct {
    char text[CHOICE_BYTES];
} Text;

const char *ask_option(const Asking *asking, const char *key, const char *otherwise);
int ask_option_int(const Asking *asking, const char *key, int otherwise);
int ask_rows(const Asking *asking); /* rows that are filled */
/* Row `row`; false when it is not there or holds NaN or +infinity. */
bool ask_row(const Asking *asking, int row, RowView *out);
/* The number the options of= and column= speak of, in a row; false when it is not there or not finite. */
bool ask_quantity(const Asking *asking, int row, double *out);
Reduce ask_reduce(const Asking *asking);
/* Names of `count` columns (or rows: `of_rows`) as shown on screen, all different. */
void ask_names(const Asking *asking, bool of_rows, const int *index, int count, Text *out);
void ask_add(Asking *asking, const char *text, double value);
void ask_explain(Asking *asking, int language, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "0.63", "−2.31", small ones with three decimals. */
const char *number_text(double value, int decimals, char out[CHOICE_BYTES]);
/* Decimals a number is read with: counts have none. */
static inline int number_decimals(double value)
{
    bool small = value > -0.0995 && value < 0.0995 && value != 0,
         count = value >= 100 && value < 1e15 && value == (double)(long long)value;
    return count ? 0 : small ? 3 : 2;
}
#define NUMBER(value) number_text((value), number_decimals(value), (char[CHOICE_BYTES]){0})

double reduce_row(Reduce reduce, const float *value, size_t count);
size_t largest_column(const float *value, size_t count);

#define QUESTION(symbol, name, function, ...) bool function(Asking *asking);
#include "lesson/questions.def"
#undef QUESTION
