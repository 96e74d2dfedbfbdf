/* bleu.c — see bleu.h. */
#include "text/bleu.h"
#include <math.h>
#include <string.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include "base/utf8.h"
#include "text/words.h"

static bool is_word(unsigned code)
{
    return code == '_' || uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}

static bool is_space(unsigned code)
{
    return uc_is_property_white_space(code) || (code >= 0x1C && code <= 0x1F);
}

static char *lower(Arena *arena, const char *text)
{
    size_t size = 0;
    uint8_t *low = u8_tolower((const uint8_t *)text, strlen(text), NULL, UNINORM_NFC, NULL, &size);
    char *copy = arena_string_sized(arena, low ? (const char *)low : text, low ? size : strlen(text));
    free(low); /* libunistring's own allocation */
    return copy;
}

/* Where the token that begins at `at` ends: a run of letters and figures, or one other character. */
static const char *token_end(const char *at, const char *end, bool han_alone)
{
    unsigned code = utf8_next(&at, end);
    if (!is_word(code) || (han_alone && text_class(code) == CLASS_HAN)) return at;
    for (const char *next = at; next < end; at = next) {
        code = utf8_next(&next, end);
        if (!is_word(code) || (han_alone && text_class(code) == CLASS_HAN)) break;
    }
    return at + (at < end && *at == '\'');
}

static char **cut(Arena *arena, const char *text, bool han_alone, int *count)
{
    const char *at = lower(arena, text), *end = at + strlen(at);
    char **tokens = arena_array(arena, char *, strlen(at) + 1);
    *count = 0;
    while (at < end) {
        const char *start = at;
        unsigned code = utf8_next(&at, end);
        if (is_space(code)) continue;
        at = token_end(start, end, han_alone);
        tokens[(*count)++] = arena_string_sized(arena, start, (size_t)(at - start));
    }
    return tokens;
}

char **bleu_tokens(Arena *arena, const char *text, int *count)
{
    return cut(arena, text, true, count);
}

char **bleu_words(Arena *arena, const char *text, int *count)
{
    return cut(arena, text, false, count);
}

/* How often the n-gram at `gram` stands in `tokens`. Sentences are short: plain search beats hashing. */
static int occurrences(char *const *tokens, int count, char *const *gram, int n)
{
    int found = 0;
    for (int i = 0; i + n <= count; i++) {
        int k = 0;
        while (k < n && !strcmp(tokens[i + k], gram[k])) k++;
        found += k == n;
    }
    return found;
}

bool bleu_counts(char *const *tokens, int i, int n, char **const *reference, const int *reference_length,
                 int reference_count)
{
    int earlier = occurrences(tokens, i + n - 1, tokens + i, n), allowed = 0;
    for (int r = 0; r < reference_count; r++) {
        int here = occurrences(reference[r], reference_length[r], tokens + i, n);
        if (here > allowed) allowed = here;
    }
    return earlier < allowed;
}

int bleu_closest(int length, const int *reference_length, int reference_count)
{
    int closest = 0;
    for (int r = 1; r < reference_count; r++) {
        int distance = abs(reference_length[r] - length), best = abs(reference_length[closest] - length);
        bool shorter = reference_length[r] < reference_length[closest];
        if (distance < best || (distance == best && shorter)) closest = r;
    }
    return closest;
}

void bleu_add(Bleu *bleu, Arena *scratch, const char *hypothesis, const char *const *reference,
              int reference_count)
{
    ArenaMark mark = arena_mark(scratch);
    int count, *lengths = arena_array(scratch, int, (size_t)reference_count + 1);
    char **tokens = bleu_tokens(scratch, hypothesis, &count),
         ***references = arena_array(scratch, char **, (size_t)reference_count + 1);
    bool exact = false;
    for (int r = 0; r < reference_count; r++) {
        references[r] = bleu_tokens(scratch, reference[r], &lengths[r]);
        bool same = lengths[r] == count;
        for (int i = 0; same && i < count; i++) same = !strcmp(tokens[i], references[r][i]);
        exact |= same;
    }
    for (int n = 1; n <= 4; n++)
        for (int i = 0; i + n <= count; i++) {
            bleu->total[n - 1]++;
            bleu->match[n - 1] += bleu_counts(tokens, i, n, references, lengths, reference_count);
        }
    bleu->length += count;
    bleu->reference_length += reference_count ? lengths[bleu_closest(count, lengths, reference_count)] : 0;
    bleu->sentences++;
    bleu->exact += exact;
    arena_rewind(scratch, mark);
}

double bleu_score(const Bleu *bleu)
{
    double sum = 0;
    for (int n = 0; n < 4; n++) {
        if (!bleu->match[n] || !bleu->total[n]) return 0;
        sum += log((double)bleu->match[n] / (double)bleu->total[n]);
    }
    double penalty = bleu->length < bleu->reference_length
                         ? exp(1 - (double)bleu->reference_length / (double)bleu->length)
                         : 1;
    return 100 * penalty * exp(sum / 4);
}
