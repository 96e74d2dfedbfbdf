/* train_show.h — a training as somebody watches it: in a terminal, figures and curves that are drawn anew in their place, with the
 * sentences of each look at dev above them; in a file, a line a report and the curves at each look. */
#pragma once
#include "cli/command.h"
#include "cli/train_chart.h"
#include "model/train.h"

typedef struct {
    const Platform *platform;
    bool terminal;
    int lines;                     /* of the figures and curves that stand in the terminal, 0 = none */
    double first_time, first_step; /* of the first figures: what the time left is reckoned from */
    double bleu, best;             /* -1 until dev has been looked at */
    TrainChart chart;
    bool stopped; /* by a signal */
} TrainShow;

/* Fills the observer so that reports appear on standard error. */
TrainObserver train_show_start(TrainShow *show, const Platform *platform);
void train_show_end(TrainShow *show); /* leaves the last figures and curves standing */
