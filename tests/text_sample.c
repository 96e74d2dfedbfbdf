/* text_sample.c — see text_sample.h. */
#include "text_sample.h"
#include <string.h>
#include "base/utf8.h"

char *sample_bytes(Arena *arena, Rng *rng, size_t *size)
{
    static const unsigned char hard[] = {0x00, 0x20, 0x09, 0x27, 0x2E, 0x41, 0x7F, 0x80, 0xBF,
                                         0xC0, 0xC2, 0xCC, 0x81, 0xE0, 0xE2, 0x96, 0xE4, 0xBD,
                                         0xA0, 0xED, 0xEF, 0xF0, 0x9F, 0xF4, 0xF8, 0xFF};
    *size = rng_below(rng, 61);
    char *text = arena_array(arena, char, *size + 1);
    for (size_t i = 0; i < *size; i++)
        text[i] = (char)(rng_below(rng, 2) ? hard[rng_below(rng, sizeof hard)] : rng_below(rng, 256));
    return text;
}

char *sample_codes(Arena *arena, Rng *rng, size_t *size)
{
    static const struct {
        unsigned first, last;
    } ranges[] = {{0x20, 0x7E},       {0x20, 0x20},       {0x27, 0x27},       {0xA0, 0x24F},
                  {0x300, 0x36F},     {0x370, 0x3FF},     {0x591, 0x6FF},     {0x900, 0x97F},
                  {0x1100, 0x11FF},   {0xAC00, 0xD7A3},   {0x1E00, 0x1FFF},   {0x2000, 0x206F},
                  {0x2581, 0x2581},   {0x3000, 0x30FF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},
                  {0xFF00, 0xFFEF},   {0x1F1E6, 0x1F1FF}, {0x1F300, 0x1FAFF}, {0x2F800, 0x2FA1D},
                  {0x10400, 0x1044F}, {0x1D160, 0x1D16F}, {0x110000, 0}};
    size_t count = rng_below(rng, 61);
    char *text = arena_array(arena, char, 4 * count + 1);
    *size = 0;
    for (size_t i = 0; i < count; i++) {
        size_t kind = rng_below(rng, sizeof ranges / sizeof *ranges);
        unsigned code = ranges[kind].first == 0x110000
                            ? 1 + rng_below(rng, 0x10FFFF)
                            : ranges[kind].first + rng_below(rng, ranges[kind].last - ranges[kind].first + 1);
        *size += (size_t)utf8_put(code, text + *size);
    }
    return text;
}

char *sample_sentence(Arena *arena, Rng *rng, size_t *size)
{
    static const char *const parts[] = {
        "the", "The",  "low", "newest", "Tom",    "I",   "a",     "l'", "homme", "été", "Où",
        "est", "Élan", "我",  "机场",   "关闭了", "。",  "don't", "3",  "12:30", "\"",  "(",
        ")",   "...",  "?",   "!",      "-",      "McD", "ǅ",     "ß",  "İ",     "Ⱥ",   "ⱥ",
        "ﬁ",   "ᾳ",    "▁",   "<s>",    "<0x41>", "'",   "’",     ",",  "ა",     "Ა", "Ⓐ"};
    size_t count = 1 + rng_below(rng, 12);
    char *text = arena_array(arena, char, 12 * count + 1);
    for (size_t i = 0; i < count; i++) {
        strcat(text, parts[rng_below(rng, sizeof parts / sizeof *parts)]);
        if (rng_below(rng, 2)) strcat(text, " ");
    }
    *size = strlen(text);
    return text;
}

char *sample_any_text(Arena *arena, Rng *rng, int turn, size_t *size)
{
    if (turn % 3 == 0) return sample_bytes(arena, rng, size);
    return turn % 3 == 1 ? sample_codes(arena, rng, size) : sample_sentence(arena, rng, size);
}
