/* font_int.h — what font.c, font_runs.c and font_line.c share. */
#pragma once
#include <SDL2/SDL_ttf.h>
#include "platform/cache.h"
#include "platform/font.h"

enum { FACE_MAX = 16, REFERENCE_PIXELS = 256, SIZED_MAX = 64 };

typedef struct {
    FontFile file;
    TTF_Font *reference; /* at REFERENCE_PIXELS, for widths and coverage; NULL until used */
    struct _cairo_font_face *cairo;
    void *bytes; /* the file, mapped; NULL until used */
    size_t size;
    bool broken; /* could not be opened: said once, then treated as having no characters */
} Face;

typedef struct {
    TTF_Font *font; /* NULL = free */
    int face, quarters;
    uint64_t used;
} SizedFont;

struct Fonts {
    MathFontOwner owner; /* first: TextMetrics.self is both a Fonts and a MathFontOwner */
    Arena *perm;
    Face face[FACE_MAX];
    int faces;
    SizedFont sized[SIZED_MAX];
    uint64_t clock;
    Cache widths, lines;
    uint8_t unknown[0x110000 / 16 / 8]; /* a bit for each 16 code points no installed font was found for */
    unsigned char *scratch;             /* where a line is put together */
    size_t scratch_size;
};

TTF_Font *font_reference(Fonts *fonts, int face);
TTF_Font *font_sized(Fonts *fonts, int face, int quarters);
/* Before a run is measured or rendered: SDL2_ttf joins Arabic letters, and puts Indic vowels in their place, only when it
 * is told the script. */
void fonts_set_direction(TTF_Font *font, const TextRun *run);
/* A face for a character that no named face has, -1 when none is installed. */
int font_for_code(Fonts *fonts, unsigned code);
