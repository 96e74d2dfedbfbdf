/* bidi.c — the rules W1 to W7, N1, N2, I1, I2, L1 and L2 of UAX 9, over libunistring's table of classes.
 *
 * Left out: pairs of brackets as such (N0), and everything that an explicit control would do. The base direction is that
 * of the first letter (P2, P3), so an Arabic sentence has its full stop at the left. */
#include "draw/bidi.h"
#include <unictype.h>
#include "base/utf8.h"

enum { LONGEST = 4096 };

/* Of each character, in the order of the text. */
typedef struct {
    size_t at[LONGEST + 1]; /* where it begins, and the end */
    unsigned char kind[LONGEST];
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
        line->kind[line->count] = kind_of(utf8_next(&at, end));
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
