/* bidi.c — the rules W1 to W7, N0 to N2, I1, I2, L1 and L2 of UAX 9, over libunistring's tables.
 *
 * Left out is everything that an explicit control would do. The base direction is that of the first letter (P2, P3), so an
 * Arabic sentence has its full stop at the left. */
#include "draw/bidi.h"
#include <unictype.h>
#include "base/utf8.h"

enum { LONGEST = 4096 };

/* Of each character, in the order of the text. */
typedef struct {
    size_t at[LONGEST + 1]; /* where it begins, and the end */
    unsigned char kind[LONGEST];
    bool mark[LONGEST]; /* it was a mark on the character before */
    unsigned char level[LONGEST];
    int count;
} Line;

static bool may_be_rtl(unsigned code)
{
    return (code >= 0x590 && code <= 0x8FF) || (code >= 0xFB1D && code <= 0xFDFF) ||
           (code >= 0xFE70 && code <= 0xFEFE) || (code >= 0x10800 && code <= 0x10FFF) ||
           (code >= 0x1E800 && code <= 0x1EFFF);
}

static bool has_rtl(const char *text, size_t size)
{
    for (const char *at = text, *end = text + size; at < end;)
        if (may_be_rtl(utf8_next(&at, end))) return true;
    return false;
}

/* Controls are neutral, and what has no width goes with the character before it. */
static unsigned char kind_of(unsigned code)
{
    int class = uc_bidi_class(code);
    switch (class) {
    case UC_BIDI_LRE:
    case UC_BIDI_RLE:
    case UC_BIDI_LRO:
    case UC_BIDI_RLO:
    case UC_BIDI_PDF: return UC_BIDI_ON;
    case UC_BIDI_BN: return UC_BIDI_NSM;
    default: return class > UC_BIDI_ON ? UC_BIDI_ON : (unsigned char)class;
    }
}

static void read_line(const char *text, size_t size, Line *line)
{
    const char *at = text, *end = text + size;
    for (line->count = 0; at < end; line->count++) {
        line->at[line->count] = (size_t)(at - text);
        unsigned char kind = kind_of(utf8_next(&at, end));
        line->kind[line->count] = kind;
        line->mark[line->count] = kind == UC_BIDI_NSM;
    }
    line->at[line->count] = size;
}

/* ---- the rules ---- */

static bool is_strong(int kind)
{
    return kind == UC_BIDI_L || kind == UC_BIDI_R || kind == UC_BIDI_AL;
}

static int base_level(const Line *line)
{
    for (int i = 0; i < line->count; i++)
        if (is_strong(line->kind[i])) return line->kind[i] != UC_BIDI_L;
    return 0;
}

/* W1 to W3: marks take what they stand on; digits behind an Arabic letter are Arabic; Arabic letters are R. */
static void weak_letters(Line *line, int base)
{
    int before = base ? UC_BIDI_R : UC_BIDI_L, strong = before;
    for (int i = 0; i < line->count; i++) {
        unsigned char *kind = &line->kind[i];
        if (*kind == UC_BIDI_NSM) *kind = (unsigned char)before;
        before = *kind;
        if (is_strong(*kind)) strong = *kind;
        if (*kind == UC_BIDI_EN && strong == UC_BIDI_AL) *kind = UC_BIDI_AN;
    }
    for (int i = 0; i < line->count; i++)
        if (line->kind[i] == UC_BIDI_AL) line->kind[i] = UC_BIDI_R;
}

static bool is_number(int kind)
{
    return kind == UC_BIDI_EN || kind == UC_BIDI_AN;
}

/* W4 to W7: a separator between digits and a sign beside them belong to the number; what is left over is neutral; a number
 * after a left-to-right letter is part of its text. */
static void weak_numbers(Line *line, int base)
{
    unsigned char *kind = line->kind;
    for (int i = 1; i + 1 < line->count; i++) {
        bool same = kind[i - 1] == kind[i + 1];
        if (kind[i] == UC_BIDI_ES && same && kind[i - 1] == UC_BIDI_EN) kind[i] = UC_BIDI_EN;
        if (kind[i] == UC_BIDI_CS && same && is_number(kind[i - 1])) kind[i] = kind[i - 1];
    }
    for (int i = 0; i < line->count;) {
        int end = i;
        while (end < line->count && kind[end] == UC_BIDI_ET) end++;
        bool beside = (i > 0 && kind[i - 1] == UC_BIDI_EN) || (end < line->count && kind[end] == UC_BIDI_EN);
        for (; i < end; i++) kind[i] = beside ? UC_BIDI_EN : UC_BIDI_ON;
        if (i < line->count) i++;
    }
    int strong = base ? UC_BIDI_R : UC_BIDI_L;
    for (int i = 0; i < line->count; i++) {
        if (kind[i] == UC_BIDI_ES || kind[i] == UC_BIDI_CS) kind[i] = UC_BIDI_ON;
        if (is_strong(kind[i])) strong = kind[i];
        if (kind[i] == UC_BIDI_EN && strong == UC_BIDI_L) kind[i] = UC_BIDI_L;
    }
}

/* ---- N0: brackets ---- */

enum { BRACKETS = 63 };

typedef struct {
    int open, close; /* indices of characters */
} Pair;

/* The character that ends what `code` begins (begins what it ends), as one of each pair of look-alikes; 0 for no bracket. */
static unsigned bracket(unsigned code, bool *opens)
{
    ucs4_t other;
    if (code == 0x2329) code = 0x3008;
    if (code == 0x232A) code = 0x3009;
    *opens = uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Ps);
    bool closes = !*opens && uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Pe);
    if ((!*opens && !closes) || !uc_mirror_char(code, &other)) return 0;
    return *opens ? other : code;
}

/* BD16: the pairs, in the order of their opening brackets. */
static int find_pairs(const Line *line, const char *text, Pair *pair, int most)
{
    struct {
        unsigned closing;
        int open;
    } stack[BRACKETS];
    int depth = 0, count = 0;
    for (int i = 0; i < line->count; i++) {
        bool opens;
        if (line->kind[i] != UC_BIDI_ON) continue;
        unsigned code = utf8_next(&(const char *){text + line->at[i]}, text + line->at[i + 1]);
        unsigned closing = bracket(code, &opens);
        if (!closing) continue;
        if (opens) {
            if (depth == BRACKETS) break;
            stack[depth].closing = closing;
            stack[depth++].open = i;
            continue;
        }
        int match = depth - 1;
        while (match >= 0 && stack[match].closing != closing) match--;
        if (match < 0) continue;
        if (count < most) pair[count++] = (Pair){stack[match].open, i};
        depth = match;
    }
    for (int i = 1; i < count; i++) /* few, and nearly in order */
        for (int k = i; k > 0 && pair[k].open < pair[k - 1].open; k--) {
            Pair other = pair[k];
            pair[k] = pair[k - 1];
            pair[k - 1] = other;
        }
    return count;
}

/* L or R as the neutral rules see a character; numbers are R; neutral: ON. */
static unsigned char side(unsigned char kind)
{
    return kind == UC_BIDI_L ? UC_BIDI_L : kind == UC_BIDI_R || is_number(kind) ? UC_BIDI_R : UC_BIDI_ON;
}

static void set_bracket(Line *line, int i, unsigned char kind)
{
    line->kind[i] = kind;
    for (i++; i < line->count && line->mark[i]; i++) line->kind[i] = kind;
}

/* A pair goes with the line's direction when a letter of it stands inside; else, when there are letters inside, with what
 * stands before it if that is of their direction. */
static void pairs(Line *line, int base, const char *text)
{
    Pair pair[BRACKETS];
    int count = find_pairs(line, text, pair, BRACKETS);
    unsigned char along = base ? UC_BIDI_R : UC_BIDI_L;
    for (int p = 0; p < count; p++) {
        unsigned char inside = UC_BIDI_ON, before = along;
        for (int i = pair[p].open + 1; i < pair[p].close && inside != along; i++)
            if (side(line->kind[i]) != UC_BIDI_ON) inside = side(line->kind[i]);
        if (inside == UC_BIDI_ON) continue;
        for (int i = pair[p].open - 1; i >= 0 && inside != along; i--)
            if (side(line->kind[i]) != UC_BIDI_ON) {
                before = side(line->kind[i]);
                break;
            }
        unsigned char kind = inside == along || before != inside ? along : inside;
        set_bracket(line, pair[p].open, kind);
        set_bracket(line, pair[p].close, kind);
    }
}

/* N1, N2: neutrals between two of one direction take it (numbers count as R), the others that of the line. */
static void neutrals(Line *line, int base)
{
    unsigned char *kind = line->kind, around = base ? UC_BIDI_R : UC_BIDI_L, left = around;
    for (int i = 0; i < line->count;) {
        if (is_strong(kind[i]) || is_number(kind[i])) {
            left = kind[i] == UC_BIDI_L ? UC_BIDI_L : UC_BIDI_R;
            i++;
            continue;
        }
        int end = i;
        while (end < line->count && !is_strong(kind[end]) && !is_number(kind[end])) end++;
        unsigned char right = end == line->count ? around : kind[end] == UC_BIDI_L ? UC_BIDI_L : UC_BIDI_R;
        for (; i < end; i++) kind[i] = left == right ? left : around;
    }
}

/* I1, I2; and L1: blanks at the end of the line stand where the line ends. */
static void levels(Line *line, int base, const char *text)
{
    for (int i = 0; i < line->count; i++) {
        int kind = line->kind[i], level = base;
        if (kind == UC_BIDI_R) level = 1;
        else if (kind == UC_BIDI_L) level = base ? 2 : 0;
        else level = 2; /* a number */
        line->level[i] = (unsigned char)level;
    }
    for (int i = line->count; i > 0 && text[line->at[i - 1]] == ' '; i--)
        line->level[i - 1] = (unsigned char)base;
}

/* ---- parts ---- */

static void reverse(BidiPart *part, unsigned char *level, int from, int to)
{
    for (to--; from < to; from++, to--) {
        BidiPart other = part[from];
        unsigned char other_level = level[from];
        part[from] = part[to];
        level[from] = level[to];
        part[to] = other;
        level[to] = other_level;
    }
}

/* L2: from the highest level down, whatever is at least that high is turned round. Levels are 0, 1 and 2 here. */
static void arrange(BidiPart *part, unsigned char *level, int count)
{
    for (int at_least = 2; at_least >= 1; at_least--)
        for (int i = 0; i < count;) {
            int end = i;
            while (end < count && level[end] >= at_least) end++;
            reverse(part, level, i, end);
            i = end + (end == i);
        }
}

int bidi_parts(const char *text, size_t size, BidiPart part[BIDI_PARTS])
{
    part[0] = (BidiPart){0, size, false};
    if (size == 0) return 0;
    if (size > LONGEST || !has_rtl(text, size)) return 1;
    Line line;
    read_line(text, size, &line);
    int base = base_level(&line), count = 0;
    weak_letters(&line, base);
    weak_numbers(&line, base);
    pairs(&line, base, text);
    neutrals(&line, base);
    levels(&line, base, text);
    unsigned char level[BIDI_PARTS];
    for (int i = 0; i < line.count; i++) {
        if (count && line.level[i] == level[count - 1]) {
            part[count - 1].to = line.at[i + 1];
            continue;
        }
        if (count == BIDI_PARTS) {
            part[0] = (BidiPart){0, size, false};
            return 1;
        }
        level[count] = line.level[i];
        part[count++] = (BidiPart){line.at[i], line.at[i + 1], line.level[i] & 1};
    }
    arrange(part, level, count);
    return count;
}
