/* grapheme.c — grapheme clusters: what a reader calls one character and a caret passes in one step.
 *
 * The rules are those of UAX 29 (Unicode 14, extended clusters) over libunistring's property tables. They are stepped here,
 * one code point at a time, because libunistring's own stepping looks at two neighbours only and so splits flags and
 * joined emoji; its function that does not needs an array per call. A test holds this file equal to that function. */
#include <unictype.h>
#include <unigbrk.h>
#include "base/utf8.h"
#include "text/normalise.h"

typedef struct {
    int last;           /* break property of the character before, -1 at the beginning */
    bool pictograph;    /* a pictograph and its extensions stand before */
    bool joined;        /* … and a joiner behind them */
    bool odd_indicator; /* an odd number of regional indicators: half a flag */
} ClusterState;

static bool is_control(int property)
{
    return property == GBP_CR || property == GBP_LF || property == GBP_CONTROL;
}

/* Korean syllables (GB6 to GB8): leading consonants, vowels and final consonants hold together in this order. */
static bool is_hangul_pair(int left, int right)
{
    if (left == GBP_L) return right == GBP_L || right == GBP_V || right == GBP_LV || right == GBP_LVT;
    if (left == GBP_LV || left == GBP_V) return right == GBP_V || right == GBP_T;
    return (left == GBP_LVT || left == GBP_T) && right == GBP_T;
}

static bool breaks_before(const ClusterState *state, int property, bool pictograph)
{
    if (state->last < 0) return false;
    if (state->last == GBP_CR && property == GBP_LF) return false;
    if (is_control(state->last) || is_control(property)) return true;
    if (is_hangul_pair(state->last, property)) return false;
    if (property == GBP_EXTEND || property == GBP_ZWJ || property == GBP_SPACINGMARK) return false;
    if (state->last == GBP_PREPEND) return false;
    if (state->joined && pictograph) return false;
    return !(state->odd_indicator && property == GBP_RI);
}

/* Takes the next code point; true when a cluster ends before it. */
static bool cluster_step(ClusterState *state, unsigned code)
{
    int property =
        code < 0x80 && code >= ' ' && code != 0x7F ? GBP_OTHER : uc_graphemeclusterbreak_property(code);
    bool pictograph = code >= 0xA9 && uc_is_property_extended_pictographic(code);
    bool ends = breaks_before(state, property, pictograph);
    state->joined = state->pictograph && property == GBP_ZWJ;
    state->pictograph = pictograph || (state->pictograph && property == GBP_EXTEND);
    state->odd_indicator = property == GBP_RI && (ends || !state->odd_indicator);
    state->last = property;
    return ends;
}

/* The last boundary at or before `limit`, and the first one behind it. */
static size_t boundary_before(const char *text, size_t size, size_t limit, size_t *after)
{
    ClusterState state = {.last = -1};
    size_t before = 0;
    for (const char *at = text, *end = text + size; at < end;) {
        size_t offset = (size_t)(at - text);
        if (!cluster_step(&state, utf8_next(&at, end))) continue;
        *after = offset;
        if (offset > limit) return before;
        before = offset;
    }
    *after = size;
    return limit >= size ? size : before;
}

size_t text_graphemes(const char *text, size_t size)
{
    ClusterState state = {.last = -1};
    size_t count = size > 0;
    for (const char *at = text, *end = text + size; at < end;)
        count += cluster_step(&state, utf8_next(&at, end));
    return count;
}

size_t text_cut_grapheme(const char *text, size_t size, size_t max_bytes)
{
    size_t after;
    return boundary_before(text, size, max_bytes, &after);
}

size_t text_next_grapheme(const char *text, size_t size, size_t at)
{
    size_t after;
    boundary_before(text, size, at, &after);
    return after;
}

size_t text_previous_grapheme(const char *text, size_t size, size_t at)
{
    size_t after;
    return at == 0 ? 0 : boundary_before(text, size, at - 1, &after);
}
