/* words.c — the table of words.def. */
#include "app/words.h"

static const char *const table[WORD_COUNT][2] = {
#define WORD(symbol, en, zh) [symbol] = {en, zh},
#include "app/words.def"
#undef WORD
};

const char *word_text(Word word, Language language)
{
    return table[word][language == LANGUAGE_ZH];
}
