/* train_show.h — a training as seen in a terminal: one line that moves, a curve and sample sentences at each look at dev. */
#pragma once
#include "cli/command.h"
#include "model/train.h"

enum { CURVE = 48 };

typedef struct {
    const Platform *platform;
    bool terminal, line_open;      /* line_open: the moving line stands unfinished */
    double first_time, first_step; /* of the first figures: what the time left is reckoned from */
    double bleu, best;             /* -1 until dev has been looked at */
    double curve[CURVE];           /* loss, thinned out by pairs when it is full */
    int count, every, skipped;
    bool stopped; /* by a signal */
} TrainShow;

/* Fills the observer so that reports appear on standard error. */
TrainObserver train_show_start(TrainShow *show, const Platform *platform);
void train_show_end(TrainShow *show); /* finishes the moving line */
