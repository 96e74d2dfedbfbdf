/* chrf.c — see chrf.h. Runs of characters are compared by sorting their places in both sentences together. */
#include "cli/chrf.h"
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "text/normalise.h"

typedef struct {
    unsigned at[CHRF_ORDER];
} Gram;

static int by_gram(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(Gram));
}

static unsigned *characters(Arena *arena, const char *text, int *count)
{
    size_t size;
    const char *at = text_normalise(arena, text, strlen(text), &size), *end = at + size;
    unsigned *code = arena_array(arena, unsigned, size + 1);
    *count = 0;
    while (at < end) {
        unsigned next = utf8_next(&at, end);
        if (next != ' ') code[(*count)++] = next;
    }
    return code;
}

/* The sorted runs of `order` characters. */
static Gram *grams(Arena *arena, const unsigned *code, int count, int order, int *grams_count)
{
    int n = count >= order ? count - order + 1 : 0;
    Gram *gram = arena_array(arena, Gram, (size_t)n + 1);
    for (int i = 0; i < n; i++) memcpy(gram[i].at, code + i, sizeof *code * (size_t)order);
    qsort(gram, (size_t)n, sizeof *gram, by_gram);
    *grams_count = n;
    return gram;
}

static long long shared(const Gram *a, int a_count, const Gram *b, int b_count)
{
    long long found = 0;
    for (int i = 0, j = 0; i < a_count && j < b_count;) {
        int order = by_gram(&a[i], &b[j]);
        found += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    return found;
}

static Chrf one_pair(Arena *arena, const char *hypothesis, const char *reference)
{
    Chrf out = {0};
    int h_count, r_count;
    const unsigned *h = characters(arena, hypothesis, &h_count), *r = characters(arena, reference, &r_count);
    for (int n = 0; n < CHRF_ORDER; n++) {
        int a_count, b_count;
        const Gram *a = grams(arena, h, h_count, n + 1, &a_count),
                   *b = grams(arena, r, r_count, n + 1, &b_count);
        out.match[n] = shared(a, a_count, b, b_count);
        out.hypothesis[n] = a_count;
        out.reference[n] = b_count;
    }
    return out;
}

double chrf_score(const Chrf *chrf)
{
    double precision = 0, recall = 0;
    int orders = 0;
    for (int n = 0; n < CHRF_ORDER; n++) {
        if (!chrf->hypothesis[n] || !chrf->reference[n]) continue;
        precision += (double)chrf->match[n] / (double)chrf->hypothesis[n];
        recall += (double)chrf->match[n] / (double)chrf->reference[n];
        orders++;
    }
    if (precision + recall <= 0) return 0;
    return 100 * 5 * precision * recall / (4 * precision + recall) / orders;
}

void chrf_add(Chrf *chrf, Arena *scratch, const char *hypothesis, const char *const *reference,
              int references)
{
    Chrf best = {0};
    double best_score = -1;
    for (int i = 0; i < references; i++) {
        ArenaMark mark = arena_mark(scratch);
        Chrf own = one_pair(scratch, hypothesis, reference[i]);
        arena_rewind(scratch, mark);
        double score = chrf_score(&own);
        if (score <= best_score) continue;
        best = own;
        best_score = score;
    }
    for (int n = 0; n < CHRF_ORDER; n++) {
        chrf->match[n] += best.match[n];
        chrf->hypothesis[n] += best.hypothesis[n];
        chrf->reference[n] += best.reference[n];
    }
}
