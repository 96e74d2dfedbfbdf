/* font_line.c — lines of text as coverage: rendered once by SDL2_ttf, trimmed, kept in a cache.
 *
 * The cache knows no colours, so a fading or lit word is not rendered again.
 * Surprise: SDL2_ttf moves a line right or down inside its surface when its first letter reaches left of the pen or an
 * accent above the font's ascent; both are taken back here, so that a line stands exactly on its pen and baseline. */
#include <math.h>
#include <string.h>
#include "base/utf8.h"
#include "platform/font_int.h"

/* The space a line is put together in, in units of the font size around the pen and the baseline. */
enum { ABOVE = 3, BELOW = 2, LEFT = 2, RIGHT = 3, WIDEST = 16384 };

typedef struct {
    unsigned char *at;
    int w, h, baseline, left;
} Scratch;

static Scratch scratch_clear(Fonts *fonts, float em_width, int quarters)
{
    int em = (quarters + 3) / 4;
    float w = fminf(em_width * (float)em, WIDEST) + (float)((LEFT + RIGHT) * em);
    Scratch scratch = {.w = (int)w, .h = (ABOVE + BELOW) * em, .baseline = ABOVE * em, .left = LEFT * em};
    size_t size = (size_t)scratch.w * (size_t)scratch.h;
    if (size > fonts->scratch_size) {
        fonts->scratch = memory_resize(fonts->scratch, size);
        fonts->scratch_size = size;
    }
    scratch.at = memset(fonts->scratch, 0, size);
    return scratch;
}

/* ---- runs ---- */

/* How far SDL2_ttf has moved the text inside its surface. */
static void surface_shift(TTF_Font *font, const TextRun *run, const SDL_Surface *surface, int *right,
                          int *down)
{
    int minx, maxx, miny, maxy, advance;
    *right = *down = 0;
    if (!run->rtl && TTF_GlyphMetrics32(font, run->code, &minx, &maxx, &miny, &maxy, &advance) == 0 &&
        minx < 0)
        *right = -minx;
    if (surface->h <= TTF_FontHeight(font)) return;
    const char *at = run->text, *end = run->text + run->size;
    while (at < end)
        if (TTF_GlyphMetrics32(font, utf8_next(&at, end), &minx, &maxx, &miny, &maxy, &advance) == 0 &&
            maxy - TTF_FontAscent(font) > *down)
            *down = maxy - TTF_FontAscent(font);
}

static void add_run(Fonts *fonts, const Scratch *scratch, const TextRun *run, int quarters, int pen)
{
    TTF_Font *font = font_sized(fonts, run->face, quarters);
    if (!font || !run->size) return;
    fonts_set_direction(font, run);
    SDL_Surface *surface = TTF_RenderUTF8_Blended(font, run->text, (SDL_Color){255, 255, 255, 255});
    if (!surface) return; /* nothing but characters without width */
    int right, down;
    surface_shift(font, run, surface, &right, &down);
    int x0 = scratch->left + pen - right, y0 = scratch->baseline - TTF_FontAscent(font) - down;
    for (int y = 0; y < surface->h; y++) {
        if (y0 + y < 0 || y0 + y >= scratch->h) continue;
        const Uint32 *from = (const Uint32 *)(const void *)((const char *)surface->pixels +
                                                            (size_t)y * (size_t)surface->pitch);
        unsigned char *to = scratch->at + (size_t)(y0 + y) * (size_t)scratch->w;
        for (int x = 0; x < surface->w; x++) {
            unsigned char covered = (unsigned char)(from[x] >> 24);
            if (covered && x0 + x >= 0 && x0 + x < scratch->w && to[x0 + x] < covered) to[x0 + x] = covered;
        }
    }
    SDL_FreeSurface(surface);
}

/* ---- the box of a missing character ---- */

static void fill(const Scratch *scratch, int x, int y, int w, int h, unsigned char value)
{
    for (int j = y < 0 ? 0 : y; j < y + h && j < scratch->h; j++)
        for (int i = x < 0 ? 0 : x; i < x + w && i < scratch->w; i++)
            scratch->at[(size_t)j * (size_t)scratch->w + (size_t)i] = value;
}

/* A frame with the code point in it, four or six hexadecimal digits in two rows, each three dots wide and five high: drawn
 * from dots, since no outline is legible at this size. */
static void add_box(const Scratch *scratch, unsigned code, float em_width, int quarters, int pen)
{
    static const char digit[16][6] = {"75557", "26227", "71747", "71717", "55711", "74717", "74757", "71122",
                                      "75757", "75717", "25755", "65656", "34443", "65556", "74647", "74644"};
    int columns = code > 0xFFFF ? 3 : 2, dot = quarters / 4 / 14 > 1 ? quarters / 4 / 14 : 1;
    int w = (4 * columns + 3) * dot, h = 15 * dot,
        x = scratch->left + pen + ((int)(em_width * (float)quarters / 4) - w) / 2;
    int y = scratch->baseline - h + 2 * dot;
    fill(scratch, x, y, w, h, 160);
    fill(scratch, x + dot, y + dot, w - 2 * dot, h - 2 * dot, 0);
    for (int i = 0; i < 2 * columns; i++) {
        unsigned nibble = code >> 4 * (2 * columns - 1 - i) & 15;
        for (int row = 0; row < 5; row++) {
            int bits = digit[nibble][row] - '0';
            for (int column = 0; column < 3; column++)
                if (bits >> (2 - column) & 1)
                    fill(scratch, x + (2 + 4 * (i % columns) + column) * dot,
                         y + (2 + 6 * (i / columns) + row) * dot, dot, dot, 255);
        }
    }
}

/* ---- lines ---- */

/* The smallest rectangle with all ink, as a cached line. */
static const TextLine *keep_ink(Fonts *fonts, const Scratch *scratch, const void *key, size_t key_size)
{
    int x0 = scratch->w, x1 = 0, y0 = scratch->h, y1 = 0;
    for (int y = 0; y < scratch->h; y++) {
        const unsigned char *row = scratch->at + (size_t)y * (size_t)scratch->w;
        int first = 0, last = scratch->w;
        while (first < last && !row[first]) first++;
        while (last > first && !row[last - 1]) last--;
        if (first == last) continue;
        x0 = SDL_min(x0, first);
        x1 = SDL_max(x1, last);
        y0 = SDL_min(y0, y);
        y1 = y + 1;
    }
    int w = SDL_max(x1 - x0, 0), h = SDL_max(y1 - y0, 0);
    TextLine *line = cache_add(&fonts->lines, key, key_size, sizeof *line + (size_t)w * (size_t)h);
    line->x = x0 - scratch->left;
    line->y = y0 - scratch->baseline;
    line->w = w;
    line->h = h;
    for (int y = 0; y < h; y++)
        memcpy(line->coverage + (size_t)y * (size_t)w,
               scratch->at + (size_t)(y0 + y) * (size_t)scratch->w + x0, (size_t)w);
    return line;
}

static const TextLine *seen(const TextLine *line)
{
    return line->w > 0 ? line : NULL;
}

const TextLine *fonts_line(Fonts *fonts, FontRole font, int quarters, const char *text, size_t size)
{
    enum { KEY_LIMIT = 4096 };
    struct {
        int font, quarters;
        char text[KEY_LIMIT];
    } key;
    if (size > KEY_LIMIT) size = KEY_LIMIT; /* wider than any screen */
    key.font = (int)font;
    key.quarters = quarters;
    memcpy(key.text, text, size);
    size_t key_size = 2 * sizeof(int) + size;
    const TextLine *known = cache_find(&fonts->lines, &key, key_size);
    if (known) return seen(known);

    Scratch scratch = scratch_clear(fonts, fonts_width(fonts, font, text, size), quarters);
    float pen = 0;
    TextRuns runs = fonts_runs(fonts, font, text, size);
    for (TextRun run; pen < WIDEST && fonts_next_run(&runs, &run);) {
        float width = fonts_run_width(fonts, &run);
        if (run.face < 0) add_box(&scratch, run.code, width, quarters, (int)lrintf(pen));
        else add_run(fonts, &scratch, &run, quarters, (int)lrintf(pen));
        pen += width * (float)quarters / 4;
    }
    return seen(keep_ink(fonts, &scratch, &key, key_size));
}

const TextLine *fonts_figure(Fonts *fonts, int quarters, int column, const char *character, size_t size)
{
    char text[64];
    CHECK(column >= 0 && (size_t)column + size <= sizeof text, "column %d", column);
    memset(text, ' ', (size_t)column);
    memcpy(text + column, character, size);
    return fonts_line(fonts, FONT_MONO, quarters, text, (size_t)column + size);
}
