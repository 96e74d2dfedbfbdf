/* teaching_reverse.c — the corpus "reverse" of teaching.h: "A B C" → "C B A".
 *
 * Each letter is a word, so that a tokenizer makes it one token. They are capitals because a sentence that begins with a
 * small letter would begin with the mark <lower> (text/tokenizer.h), which is nothing to reverse. */
#include "text/teaching_parts.h"

enum { LETTERS = 26, SHORTEST = 3, LONGEST = 10 };

void reverse_draw(Rng *rng, int clauses, Arena *arena, TeachingPair *pair)
{
    (void)clauses;
    int count = SHORTEST + (int)rng_below(rng, LONGEST - SHORTEST + 1);
    for (int i = 0; i < count; i++)
        pair_source(pair, arena_format(arena, "%c", 'A' + (int)rng_below(rng, LETTERS)));
    for (int i = count; i-- > 0;) pair_link(pair, i, pair_target(pair, pair->source[i]));
}
