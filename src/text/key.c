/* key.c — text_key of normalise.h.
 *
 * Surprise: NFKC comes before the characters are chosen, so "１２：３０" and "12:30" have one key, and a ligature two letters. */
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include "base/error.h"
#include "base/utf8.h"
#include "text/normalise.h"
#include "text/words.h"

static bool matters(unsigned code)
{
    return uc_is_general_category_withtable(code,
                                            UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N);
}

char *text_key(Arena *arena, const char *text)
{
    size_t size = strlen(text), low_size = 0, used = 0;
    if (utf8_valid_prefix(text, size) < size) text = text_repair(arena, text, &size);
    uint8_t *low = u8_tolower((const uint8_t *)text, size, NULL, UNINORM_NFKC, NULL, &low_size);
    CHECK(low || !size, "out of memory in the key of %zu bytes", size);
    char *key = arena_push_raw(arena, low_size + 1);
    for (const char *at = (const char *)low, *end = at + low_size; at < end;) {
        const char *start = at;
        if (!matters(utf8_next(&at, end))) continue;
        memcpy(key + used, start, (size_t)(at - start));
        used += (size_t)(at - start);
    }
    key[used] = 0;
    free(low); /* libunistring's own allocation */
    return key;
}
