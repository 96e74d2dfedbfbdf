/* train_chart.h — the curves of a training as lines of text: the loss as a filled curve, the BLEU of each look at dev below it. */
#pragma once
#include "base/buffer.h"

enum { CHART_COLUMNS = 64, CHART_ROWS = 6 };

typedef struct {
    double loss[CHART_COLUMNS], bleu[CHART_COLUMNS]; /* bleu: the last look within the column, -1 = none */
    int count;                                       /* of columns that are full */
    int every, begun;      /* reports in a column, and in the one that is being filled */
    double sum, last_bleu; /* of the column that is being filled */
} TrainChart;

TrainChart train_chart_make(void);
/* A report's loss. Columns are joined by pairs when all are full, so the curve always begins at the beginning. */
void train_chart_loss(TrainChart *chart, double loss);
void train_chart_bleu(TrainChart *chart, double bleu);
/* Adds the chart to `out`, each line ended, at most 80 columns wide; nothing before there are two columns. The number of lines. */
int train_chart_print(const TrainChart *chart, Buffer *out);
