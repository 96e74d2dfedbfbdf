/* tiny_sample.h — the tiny models of tests/data as tests of decoding use them: opened, run, their vocabulary closed. */
#pragma once
#include "model/model_int.h"
#include "test.h"

enum { TINY_KINDS = 7 };

typedef struct {
    Arena arena;
    Model *model;
    Runner *runner, *other; /* a second one, so that a result stays while something else is run */
} Tiny;

Tiny tiny_start(int kind);
void tiny_end(Tiny *tiny);
/* Fails the test when the run fails. */
RunResult tiny_run(Runner *runner, RunRequest request);
/* Log-probability of exactly these words after `source`: all rows at once where the kind can. */
double tiny_score(Tiny *tiny, RunRequest request, const int *word, int count);
/* From now on no other words than these have a chance: a vocabulary small enough to try every sentence. */
void tiny_close_vocabulary(Tiny *tiny, const int *word, int count);
Tensor tiny_word_bias(Tiny *tiny);
/* Sentences of any kind: empty, one letter, scripts, bytes that are no text, long. Returns NULL behind the last. */
const char *tiny_sentence(int i);
