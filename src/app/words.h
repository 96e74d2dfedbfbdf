/* words.h — the interface's words in both languages, by symbol. */
#pragma once
#include "draw/theme.h"

typedef enum {
#define WORD(symbol, en, zh) symbol,
#include "app/words.def"
#undef WORD
    WORD_COUNT
} Word;

const char *word_text(Word word, Language language);
