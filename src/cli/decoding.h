/* decoding.h — the options that say how a model chooses its words: rows for the tables of translate, eval and trace. */
#pragma once
#include "cli/command.h"
#include "model/model.h"

#define BEAM_ROWS                                                                                            \
    {"beam", "K", "search with a beam of 1 to 8 (1 finds what greedy search finds)"},                        \
        {"length-penalty", "A", "of a beam: 0 = none, larger favours long sentences; 1 unless given"},       \
    {                                                                                                        \
        "scaled", NULL, "attention \"dot\" only: its scores are divided by the square root of their size"    \
    }
#define SAMPLE_ROWS                                                                                          \
    {"sample", NULL, "draw each word from the model's distribution"},                                        \
        {"top-k", "N", "of a sample: among the N most probable words only"},                                 \
        {"temperature", "T", "of a sample: below 1 bolder, above 1 flatter; 1 unless given"},                \
    {                                                                                                        \
        "seed", "S", "of a sample: the same seed draws the same words; 0 unless given"                       \
    }
enum { BEAM_ROW_COUNT = 3, SAMPLE_ROW_COUNT = 4 };

/* Read the options whose rows begin at `first` into a request; what was not given stays as it is in a zeroed one. */
bool beam_options(const Arguments *arguments, int first, RunRequest *request, Error *error);
bool sample_options(const Arguments *arguments, int first, RunRequest *request, Error *error);
