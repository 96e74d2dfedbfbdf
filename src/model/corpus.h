/* corpus.h — sentence pairs from a TSV, cleaned, encoded and cut into batches.
 *
 * A batch holds sentences of one exact source length, so no source padding exists; targets are padded at the end (-1 in
 * `right`). The order of batches in an epoch depends on the seed and the epoch alone. */
#pragma once
#include "base/file.h"
#include "base/rng.h"
#include "model/config.h"
#include "text/tokenizer.h"

typedef struct {
    const char *source, *target; /* normalised */
    int *ids[2],
        *sloppy; /* source and target with </s>; sloppy: the source in small letters and/or unmarked */
    int count[2], sloppy_count;
} Pair;

typedef struct {
    Pair *pair;
    int count;
    const char *
        *word; /* with config->segmented: what stands between spaces, all of it, to learn pieces from */
    int word_count;
    int dropped_length, dropped_words, dropped_left_out; /* why pairs were not taken */
} Corpus;

/* Reads "source TAB target [TAB …]" lines. `swap` exchanges the two. `avoid` (may be NULL) lists words, one a line ("#"
 * begins a comment, a final "*" stands for any ending, a Chinese word is found anywhere in a sentence): pairs holding one are dropped, as are those whose source equals a
 * config->leave_out sentence but for case, punctuation and spaces (text_key). Lines that begin with "#" and hold no TAB are
 * comments, blank ones are passed over. Errors name the line. */
bool corpus_read(Arena *arena, const char *path, bool swap, const ModelConfig *config, const char *avoid,
                 Corpus *out, Error *error);
/* Encodes every pair and drops those longer than the config allows. */
void corpus_encode(Arena *arena, Corpus *corpus, const Tokenizer *tokenizer, const ModelConfig *config);

typedef struct {
    int first, count; /* a run of Epoch.order */
    int source_count, target_count;
} Batch;

typedef struct {
    int *order;   /* pair indices */
    bool *sloppy; /* by position in order: take the sloppy source */
    Batch *batch;
    int batch_count;
} Epoch;

/* The batches of epoch number `epoch`, shuffled, each of about config->batch_tokens target tokens. */
Epoch corpus_epoch(Arena *arena, const Corpus *corpus, const ModelConfig *config, int epoch);
