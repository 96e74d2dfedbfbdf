/* evaluate.h — BLEU of a model on sentence pairs: all distinct sources of the file, each with all its references. */
#pragma once
#include "base/jobs.h"
#include "model/model.h"
#include "text/bleu.h"

typedef enum { ROWS_ALL, ROWS_EVEN, ROWS_ODD } RowChoice; /* line numbers of the file, from 1 */

typedef struct {
    const char **source;
    const char ***reference;
    int *reference_count;
    int count;
} TestSet;

/* Reads "source TAB reference [TAB reference …]" lines and groups the references of equal sources. `swap`: the second
 * column is the source and the first its reference; further columns are not looked at. Blank lines are passed over; those
 * that begin with "#" and hold no TAB are comments, empty columns and the attributions of ManyThings files ("CC-BY …") no references. Even lines choose
 * the checkpoint while training, odd lines report. */
bool test_set_read(Arena *arena, const char *path, bool swap, RowChoice rows, TestSet *out, Error *error);
/* Translations of all sources, each as `how` says (NULL = greedy), in `shards` jobs; hypothesis[i] lives in `arena`. */
bool model_translate_all(Arena *arena, Jobs *jobs, int shards, const Model *model, const RunRequest *how,
                         const TestSet *set, const char **hypothesis, Error *error);
Bleu test_set_bleu(const TestSet *set, const char *const *hypothesis);
