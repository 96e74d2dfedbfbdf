/* panel.c — see panel.h. One kernel in the compiler's vector types, compiled for AVX2 and for AVX-512 and chosen while
 * the program runs: a block of rows x lanes stays in registers while the inputs go by. */
#include "nn/panel.h"
#include <stdint.h>
#include <string.h>
#include "base/error.h"

enum { MOST_ROWS = 6, VECTORS = 4, MOST_WIDTH = 64 };

/* Lanes of a panel, always four registers side by side: enough independent sums to hide the latency of an addition.
 * Rows of a block: 6 x 4 sums in the 32 registers of AVX-512, 3 x 4 in the 16 of AVX2; the rest hold weights. */
static const struct {
    int width, rows;
    const char *name;
} shapes[] = {
    [PANEL_NONE] = {1, 1, "none: BLAS"}, [PANEL_AVX2] = {32, 3, "AVX2"}, [PANEL_AVX512] = {64, 6, "AVX-512"}};

const char *panel_describe(PanelLevel level)
{
    return shapes[level].name;
}

size_t panel_count(PanelLevel level, int rows, int columns)
{
    if (level == PANEL_NONE) return 0;
    size_t width = (size_t)shapes[level].width, panels = ((size_t)rows + width - 1) / width;
    return panels * width * (size_t)columns;
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(REAL_DOUBLE)

/* The bits of a number; a bfloat16 is its upper half. */
static uint32_t bits(float number)
{
    uint32_t word;
    memcpy(&word, &number, sizeof word);
    return word;
}

static bool are_halves(const float *w, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bits(w[i]) & 0xFFFF) return false;
    return true;
}

/* Of each pair of registers the first stands in the lower halves of the words, the second in the upper ones. */
static void put_half(uint16_t *of_input, int lane, int width, float number)
{
    int lanes = width / VECTORS, vector = lane / lanes;
    of_input[2 * (vector / 2 * lanes + lane % lanes) + vector % 2] = (uint16_t)(bits(number) >> 16);
}

void panel_fill(Panel *panel, const float *w)
{
    if (panel->level == PANEL_NONE) return;
    const int width = shapes[panel->level].width;
    const size_t columns = (size_t)panel->columns;
    panel->halves = are_halves(w, (size_t)panel->rows * columns);
    for (int r = 0; r < panel->rows; r++) {
        size_t first = (size_t)(r / width * width) * columns;
        const float *row = w + (size_t)r * columns;
        for (size_t k = 0; k < columns; k++) {
            size_t input = first + k * (size_t)width;
            if (panel->halves) put_half((uint16_t *)panel->value + input, r % width, width, row[k]);
            else panel->value[input + (size_t)(r % width)] = row[k];
        }
    }
}

#define INLINE static inline __attribute__((always_inline))

typedef float Vector8 __attribute__((vector_size(32), aligned(4)));
typedef float Vector16 __attribute__((vector_size(64), aligned(4)));
typedef uint32_t Word8 __attribute__((vector_size(32), aligned(4)));
typedef uint32_t Word16 __attribute__((vector_size(64), aligned(4)));

PanelLevel panel_level(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return PANEL_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return PANEL_AVX2;
    return PANEL_NONE;
}

/* y[r][lane] = bias[lane] + sum over k of x[r][k] * w[k][lane]. `rows` and `halves` are constants wherever this is inlined,
 * otherwise `sum` would live in memory. */
#define BLOCK(name, Vector, Word)                                                                            \
    INLINE void name(const int rows, const bool halves, int columns, const float *restrict x,                \
                     const void *restrict w, const float *restrict bias, float *restrict y, size_t step)     \
    {                                                                                                        \
        Vector sum[MOST_ROWS][VECTORS];                                                                      \
        for (int r = 0; r < rows; r++)                                                                       \
            for (int v = 0; v < VECTORS; v++) sum[r][v] = ((const Vector *)bias)[v];                         \
        for (size_t k = 0; k < (size_t)columns; k++)                                                         \
            for (size_t v = 0; v < VECTORS; v += 2) {                                                        \
                Vector first, second;                                                                        \
                if (halves) {                                                                                \
                    Word word = ((const Word *)w)[k * (VECTORS / 2) + v / 2];                                \
                    first = (Vector)(word << 16);                                                            \
                    second = (Vector)(word & 0xFFFF0000u);                                                   \
                } else {                                                                                     \
                    first = ((const Vector *)w)[k * VECTORS + v];                                            \
                    second = ((const Vector *)w)[k * VECTORS + v + 1];                                       \
                }                                                                                            \
                for (int r = 0; r < rows; r++) {                                                             \
                    float factor = x[(size_t)r * (size_t)columns + k];                                       \
                    sum[r][v] += factor * first;                                                             \
                    sum[r][v + 1] += factor * second;                                                        \
                }                                                                                            \
            }                                                                                                \
        for (int r = 0; r < rows; r++)                                                                       \
            for (int v = 0; v < VECTORS; v++) ((Vector *)(y + (size_t)r * step))[v] = sum[r][v];             \
    }
BLOCK(block_avx2, Vector8, Word8)
BLOCK(block_avx512, Vector16, Word16)

/* One panel with n rows; `step` numbers lie between two rows of y. */
INLINE void blocks(const PanelLevel level, const bool halves, int n, int columns, const float *x,
                   const void *w, const float *bias, float *y, size_t step)
{
    const int most = shapes[level].rows;
    int left = (n + most - 1) / most; /* 14 rows are 5 + 5 + 4, not 6 + 6 + 2 */
    for (int row = 0, rows; row < n; row += rows, left--) {
        const float *from = x + (size_t)row * (size_t)columns;
        float *to = y + (size_t)row * step;
        rows = (n - row + left - 1) / left;
#define ROWS(count)                                                                                          \
    if (rows == count) {                                                                                     \
        if (level == PANEL_AVX512) block_avx512(count, halves, columns, from, w, bias, to, step);            \
        else if (count <= 3) block_avx2(count, halves, columns, from, w, bias, to, step);                    \
    }
        ROWS(1) ROWS(2) ROWS(3) ROWS(4) ROWS(5) ROWS(6)
#undef ROWS
    }
}

INLINE void forward(const PanelLevel level, const bool halves, const Panel *panel, int n, const float *x,
                    const float *bias, float *y)
{
    static const float zero[MOST_WIDTH];
    const int width = shapes[level].width, most = shapes[level].rows;
    const size_t columns = (size_t)panel->columns, step = (size_t)panel->rows;
    for (int first = 0; first < panel->rows; first += width) {
        const void *w = halves ? (const void *)((const uint16_t *)panel->value + (size_t)first * columns)
                               : panel->value + (size_t)first * columns;
        int lanes = panel->rows - first;
        if (lanes >= width) {
            blocks(level, halves, n, panel->columns, x, w, bias ? bias + first : zero, y + first, step);
            continue;
        }
        /* The last panel is wider than what is left of a row of y: a few rows at a time, through a place of their own. */
        float own[MOST_ROWS * MOST_WIDTH], own_bias[MOST_WIDTH] = {0};
        if (bias) memcpy(own_bias, bias + first, (size_t)lanes * sizeof(float));
        for (int row = 0; row < n; row += most) {
            int rows = n - row < most ? n - row : most;
            blocks(level, halves, rows, panel->columns, x + (size_t)row * columns, w, own_bias, own,
                   (size_t)width);
            for (int r = 0; r < rows; r++)
                memcpy(y + (size_t)(row + r) * step + first, own + r * width, (size_t)lanes * sizeof(float));
        }
    }
}

__attribute__((target("avx512f,avx512vl,avx2,fma"))) static void
forward_avx512(const Panel *panel, int n, const float *x, const float *bias, float *y)
{
    if (panel->halves) forward(PANEL_AVX512, true, panel, n, x, bias, y);
    else forward(PANEL_AVX512, false, panel, n, x, bias, y);
}

__attribute__((target("avx2,fma"))) static void forward_avx2(const Panel *panel, int n, const float *x,
                                                             const float *bias, float *y)
{
    if (panel->halves) forward(PANEL_AVX2, true, panel, n, x, bias, y);
    else forward(PANEL_AVX2, false, panel, n, x, bias, y);
}

void panel_forward(const Panel *panel, int n, const real *x, const real *bias, real *y)
{
    CHECK(panel->level != PANEL_NONE, "product with a matrix of %d rows that was not packed", panel->rows);
    if (panel->level == PANEL_AVX512) forward_avx512(panel, n, x, bias, y);
    else forward_avx2(panel, n, x, bias, y);
}

#else

PanelLevel panel_level(void)
{
    return PANEL_NONE;
}

void panel_fill(Panel *panel, const real *w)
{
    (void)w;
    CHECK(panel->level == PANEL_NONE, "no kernel for packed matrices on this CPU");
}

void panel_forward(const Panel *panel, int n, const real *x, const real *bias, real *y)
{
    (void)n, (void)x, (void)bias, (void)y;
    CHECK(panel->level != PANEL_NONE, "no kernel for packed matrices on this CPU");
}

#endif
