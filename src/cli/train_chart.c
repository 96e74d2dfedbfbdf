/* train_chart.c — see train_chart.h. */
#include "cli/train_chart.h"
#include <math.h>

enum { LEVELS = 8 }; /* eighths of a character's height */
static const char *const bar[LEVELS + 1] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

TrainChart train_chart_make(void)
{
    return (TrainChart){.every = 1, .last_bleu = -1};
}

static void join_pairs(TrainChart *chart)
{
    for (int i = 0; i < CHART_COLUMNS / 2; i++) {
        chart->loss[i] = (chart->loss[2 * i] + chart->loss[2 * i + 1]) / 2;
        chart->bleu[i] = chart->bleu[2 * i + 1] >= 0 ? chart->bleu[2 * i + 1] : chart->bleu[2 * i];
    }
    chart->count = CHART_COLUMNS / 2;
    chart->every *= 2;
}

void train_chart_loss(TrainChart *chart, double loss)
{
    chart->sum += loss;
    if (++chart->begun < chart->every) return;
    if (chart->count == CHART_COLUMNS) {
        join_pairs(chart);
        if (chart->begun < chart->every) return;
    }
    chart->loss[chart->count] = chart->sum / chart->begun;
    chart->bleu[chart->count++] = chart->last_bleu;
    chart->begun = 0;
    chart->sum = 0;
    chart->last_bleu = -1;
}

void train_chart_bleu(TrainChart *chart, double bleu)
{
    chart->last_bleu = bleu;
}

typedef struct {
    double low, high;
} Range;

static Range range_of(const double *value, int count)
{
    Range range = {INFINITY, -INFINITY};
    for (int i = 0; i < count; i++) {
        if (value[i] < 0) continue;
        range.low = fmin(range.low, value[i]);
        range.high = fmax(range.high, value[i]);
    }
    return range;
}

/* From 1 (the lowest value) to `most`. */
static int level(Range range, double value, int most)
{
    double share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0;
    return 1 + (int)lround(share * (most - 1));
}

static void print_loss(const TrainChart *chart, Buffer *out)
{
    Range range = range_of(chart->loss, chart->count);
    for (int row = CHART_ROWS - 1; row >= 0; row--) {
        if (row == CHART_ROWS - 1) buffer_format(out, "  loss %6.3f ┤", range.high);
        else if (!row) buffer_format(out, "       %6.3f ┤", range.low);
        else buffer_text(out, "              │");
        for (int i = 0; i < chart->count; i++) {
            int above = level(range, chart->loss[i], CHART_ROWS * LEVELS) - row * LEVELS;
            buffer_text(out, bar[above < 0 ? 0 : above > LEVELS ? LEVELS : above]);
        }
        buffer_text(out, "\n");
    }
}

static int print_bleu(const TrainChart *chart, Buffer *out)
{
    Range range = range_of(chart->bleu, chart->count);
    if (range.high < 0) return 0;
    buffer_format(out, "  BLEU %6.2f ┤", range.high);
    for (int i = 0; i < chart->count; i++)
        buffer_text(out, bar[chart->bleu[i] < 0 ? 0 : level(range, chart->bleu[i], LEVELS)]);
    buffer_text(out, "\n");
    return 1;
}

int train_chart_print(const TrainChart *chart, Buffer *out)
{
    if (chart->count < 2) return 0;
    print_loss(chart, out);
    return CHART_ROWS + print_bleu(chart, out);
}
