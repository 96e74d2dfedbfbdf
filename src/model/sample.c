/* sample.c — choosing among words by their log-probabilities: the best few, or one by chance. See decode.h. */
#include <math.h>
#include "model/decode.h"

int best_words(const real *x, int n, int most, int *word)
{
    int count = 0;
    for (int v = 0; v < n; v++) {
        if (count == most && !(x[v] > x[word[count - 1]])) continue;
        if (!(x[v] > -(real)INFINITY)) continue;
        int at = count < most ? count++ : count - 1;
        for (; at > 0 && x[v] > x[word[at - 1]]; at--) word[at] = word[at - 1];
        word[at] = v;
    }
    if (!count) word[count++] = row_argmax(x, n);
    return count;
}

int draw_word(Arena *scratch, const real *x, int n, int top_k, double temperature, Rng *random)
{
    ArenaMark mark = arena_mark(scratch);
    int count = n, *word = arena_array(scratch, int, (size_t)n);
    double *weight = arena_array(scratch, double, (size_t)n), sum = 0, largest = (double)x[row_argmax(x, n)];
    if (top_k > 0 && top_k < n) count = best_words(x, n, top_k, word);
    else
        for (int i = 0; i < n; i++) word[i] = i;
    for (int i = 0; i < count; i++) {
        double w = exp(((double)x[word[i]] - largest) / temperature);
        weight[i] = w > 0 ? w : 0;
        sum += weight[i];
    }
    double left = rng_uniform(random) * sum;
    int drawn = row_argmax(x, n);
    for (int i = 0; i < count && left >= 0; i++) {
        if (!(weight[i] > 0)) continue;
        drawn = word[i]; /* rounding may leave a little after the last one */
        left -= weight[i];
    }
    arena_rewind(scratch, mark);
    return drawn;
}
