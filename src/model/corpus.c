/* corpus.c — see corpus.h. */
#include "model/corpus.h"
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "text/bleu.h"
#include "text/normalise.h"
#include "text/words.h"

enum { CORPUS_MAX_BYTES = 1 << 30, LONGEST_LINE = 65536 };

static bool word_matches(const char *word, const char *pattern)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1] == '*') return !strncmp(word, pattern, n - 1);
    const char *at = pattern;
    if (n && text_class(utf8_next(&at, pattern + n)) == CLASS_HAN) return strstr(word, pattern) != NULL;
    return !strcmp(word, pattern);
}

static bool holds_word(Arena *scratch, const char *text, char **avoid, int avoid_count)
{
    int count;
    char **tokens = bleu_words(scratch, text, &count);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < avoid_count; k++)
            if (word_matches(tokens[i], avoid[k])) return true;
    return false;
}

static char **read_words(Arena *arena, const char *path, int *count, Error *error)
{
    Bytes bytes;
    *count = 0;
    if (!file_read_text(arena, path, 1 << 20, &bytes, error)) return NULL;
    char **words = arena_array(arena, char *, bytes.size + 1);
    for (Bytes line; bytes_line(&bytes, &line);)
        if (!bytes_blank(line) && *line.at != '#')
            words[(*count)++] = arena_string_sized(arena, line.at, line.size);
    return words;
}

typedef struct {
    const char *path;
    bool swap;
    char **avoid, **left_out;
    int avoid_count, left_out_count;
    bool segmented;
    Arena scratch;
} Reader;

/* Room for the words was taken by the number of spaces in the file. */
static void take_words(Arena *arena, const char *text, size_t size, Corpus *out)
{
    for (const char *at = text, *end = text + size; at < end; at++) {
        const char *stop = memchr(at, ' ', (size_t)(end - at));
        if (!stop) stop = end;
        if (stop > at) out->word[out->word_count++] = text_normalise(arena, at, (size_t)(stop - at), NULL);
        at = stop;
    }
}

static bool take_line(Arena *arena, Reader *reader, const char *line, size_t size, int number, Corpus *out,
                      Error *error)
{
    if (bytes_blank((Bytes){line, size})) return true;
    const char *tab = memchr(line, '\t', size);
    if (!tab && *line == '#') return true;
    if (!tab || size > LONGEST_LINE) {
        error_set(error, EXIT_INPUT, "cannot train on %s", QUOTED(reader->path));
        error_add(error, "where", "line %d", number);
        error_add(error, "found", tab ? "a line of %zu bytes" : "no TAB in a line of %zu bytes", size);
        error_add(error, "expected", "source TAB target, at most %d bytes", LONGEST_LINE);
        return error_add(error, "do", "mend or remove this line");
    }
    const char *second = tab + 1, *end = line + size, *more = memchr(second, '\t', (size_t)(end - second));
    if (more) end = more;
    arena_reset(&reader->scratch);
    char *left = text_normalise(&reader->scratch, line, (size_t)(tab - line), NULL);
    char *right = text_normalise(&reader->scratch, second, (size_t)(end - second), NULL);
    if (!*left || !*right) return true;
    if (holds_word(&reader->scratch, left, reader->avoid, reader->avoid_count) ||
        holds_word(&reader->scratch, right, reader->avoid, reader->avoid_count)) {
        out->dropped_words++;
        return true;
    }
    char *source = reader->swap ? right : left, *target = reader->swap ? left : right;
    char *key = text_key(&reader->scratch, source);
    for (int i = 0; i < reader->left_out_count; i++)
        if (!strcmp(key, reader->left_out[i])) {
            out->dropped_left_out++;
            return true;
        }
    out->pair[out->count++] =
        (Pair){.source = arena_string(arena, source), .target = arena_string(arena, target)};
    if (reader->segmented) {
        take_words(arena, line, (size_t)(tab - line), out);
        take_words(arena, second, (size_t)(end - second), out);
    }
    return true;
}

bool corpus_read(Arena *arena, const char *path, bool swap, const ModelConfig *config, const char *avoid,
                 Corpus *out, Error *error)
{
    Bytes bytes;
    Reader reader = {
        .path = path, .swap = swap, .segmented = config->segmented, .scratch = arena_make("corpus line")};
    *out = (Corpus){0};
    if (!file_read_text(arena, path, CORPUS_MAX_BYTES, &bytes, error)) return false;
    if (avoid && !(reader.avoid = read_words(arena, avoid, &reader.avoid_count, error))) return false;
    reader.left_out = arena_array(arena, char *, (size_t)config->leave_out_count + 1);
    for (; reader.left_out_count < config->leave_out_count; reader.left_out_count++)
        reader.left_out[reader.left_out_count] = text_key(arena, config->leave_out[reader.left_out_count]);
    size_t lines = 1, spaces = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        lines += bytes.at[i] == '\n';
        spaces += bytes.at[i] == ' ';
    }
    out->pair = arena_array(arena, Pair, lines);
    if (reader.segmented) out->word = arena_array(arena, const char *, spaces + 2 * lines);
    int number = 0;
    bool good = true;
    for (Bytes line; good && bytes_line(&bytes, &line);)
        good = take_line(arena, &reader, line.at, line.size, ++number, out, error);
    arena_free(&reader.scratch);
    if (good && !out->count) {
        error_set(error, EXIT_INPUT, "cannot train on %s", QUOTED(path));
        error_add(error, "found", "no usable sentence pair in %d lines", number);
        return error_add(error, "expected", "lines of source TAB target");
    }
    return good;
}

static int *with_end(Arena *arena, const Tokenizer *tokenizer, const char *text, bool source, int *count)
{
    int *ids = tokenizer_encode(tokenizer, arena, text, strlen(text), count);
    int *copy = arena_array(arena, int, (size_t)*count + 1), n = 0;
    /* The encoder need not know how a sentence began: small letters typed by hand mean the same. */
    for (int i = 0; i < *count; i++)
        if (!(source && ids[i] == TOKEN_LOWER)) copy[n++] = ids[i];
    copy[n++] = TOKEN_END;
    *count = n;
    return copy;
}

/* What a hurried hand types: small letters, no final mark, or both. Decided by the pair's number, so it never changes. */
static char *sloppy_source(Arena *arena, const char *source, int number)
{
    char *text = arena_string(arena, source);
    size_t size = strlen(text);
    if (number % 3 != 0)
        for (char *c = text; *c; c++)
            if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    static const char *const marks[] = {".", "!", "?", "。", "！", "？"};
    for (size_t i = 0; number % 3 != 1 && i < sizeof marks / sizeof *marks; i++) {
        size_t mark = strlen(marks[i]);
        if (size <= mark || strcmp(text + size - mark, marks[i])) continue;
        text[size - mark] = 0;
        break;
    }
    return text;
}

void corpus_encode(Arena *arena, Corpus *corpus, const Tokenizer *tokenizer, const ModelConfig *config)
{
    int kept = 0;
    for (int i = 0; i < corpus->count; i++) {
        Pair pair = corpus->pair[i];
        pair.ids[0] = with_end(arena, tokenizer, pair.source, true, &pair.count[0]);
        pair.ids[1] = with_end(arena, tokenizer, pair.target, false, &pair.count[1]);
        if (pair.count[0] > config->max_source || pair.count[1] > config->max_target) {
            corpus->dropped_length++;
            continue;
        }
        if (config->sloppy > 0)
            pair.sloppy =
                with_end(arena, tokenizer, sloppy_source(arena, pair.source, kept), true, &pair.sloppy_count);
        corpus->pair[kept++] = pair;
    }
    corpus->count = kept;
}

typedef struct {
    int pair, source_count, target_count;
    uint32_t shuffle;
    bool sloppy;
} Place;

static int by_length(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->source_count != y->source_count) return x->source_count < y->source_count ? -1 : 1;
    if (x->target_count != y->target_count) return x->target_count < y->target_count ? -1 : 1;
    if (x->shuffle != y->shuffle) return x->shuffle < y->shuffle ? -1 : 1;
    return x->pair < y->pair ? -1 : x->pair > y->pair;
}

Epoch corpus_epoch(Arena *arena, const Corpus *corpus, const ModelConfig *config, int epoch)
{
    Rng rng = rng_make((uint64_t)config->seed, 1000 + (uint64_t)epoch);
    size_t n = (size_t)corpus->count;
    Place *place = arena_array(arena, Place, n);
    Epoch e = {.order = arena_array(arena, int, n),
               .sloppy = arena_array(arena, bool, n),
               .batch = arena_array(arena, Batch, n)};
    for (int i = 0; i < corpus->count; i++) {
        const Pair *pair = &corpus->pair[i];
        bool sloppy =
            pair->sloppy && pair->sloppy_count <= config->max_source && rng_uniform(&rng) < config->sloppy;
        /* The target length is blurred a little, so that batches differ from epoch to epoch. */
        int blurred = pair->count[1] + (int)rng_below(&rng, 2);
        place[i] = (Place){i, sloppy ? pair->sloppy_count : pair->count[0], blurred, rng_next(&rng), sloppy};
    }
    qsort(place, n, sizeof *place, by_length);
    for (int i = 0; i < corpus->count; i++) {
        Batch *batch = e.batch_count ? &e.batch[e.batch_count - 1] : NULL;
        int target = corpus->pair[place[i].pair].count[1];
        bool fits = batch && batch->source_count == place[i].source_count &&
                    (batch->count + 1) * (target > batch->target_count ? target : batch->target_count) <=
                        config->batch_tokens;
        if (!fits) {
            batch = &e.batch[e.batch_count++];
            *batch = (Batch){.first = i, .source_count = place[i].source_count};
        }
        batch->count++;
        if (target > batch->target_count) batch->target_count = target;
        e.order[i] = place[i].pair;
        e.sloppy[i] = place[i].sloppy;
    }
    for (int i = e.batch_count - 1; i > 0; i--) {
        int k = (int)rng_below(&rng, (uint32_t)i + 1);
        Batch swapped = e.batch[i];
        e.batch[i] = e.batch[k];
        e.batch[k] = swapped;
    }
    return e;
}
