/* font.c — finding, opening and measuring faces. The only file that knows fontconfig.
 *
 * Owns every TTF_Font. Surprise: fontconfig never says "not found" but hands out another family, so what comes back is
 * compared with what was asked for; and the weight is asked for by number, for style names differ between files. */
#include "platform/font.h"
#include <cairo-ft.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <strings.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "platform/font_int.h"

enum { REGULAR = FC_WEIGHT_REGULAR, SEMIBOLD = FC_WEIGHT_SEMIBOLD, BOLD = FC_WEIGHT_BOLD };
enum { WIDTH_CACHE = 1 << 20, LINE_CACHE = 6 << 20 };

/* One row per named face; the first installed family of a row is taken. An optional face falls back to another one. */
static const struct {
    const char *family[2];
    int weight, instead;
    const char *package;
} wanted[FACE_NAMED] = {
    [FACE_TEXT] = {{"Inter"}, REGULAR, -1, "fonts-inter"},
    [FACE_STRONG] = {{"Inter"}, SEMIBOLD, -1, "fonts-inter"},
    [FACE_MONO] = {{"JetBrains Mono"}, REGULAR, -1, "fonts-jetbrains-mono"},
    [FACE_MATH] = {{"Latin Modern Math"}, REGULAR, -1, "fonts-lmodern"},
    [FACE_HAN] = {{"Noto Sans CJK SC", "WenQuanYi Micro Hei"}, REGULAR, -1, "fonts-wqy-microhei"},
    [FACE_HAN_STRONG] = {{"Noto Sans CJK SC"}, BOLD, FACE_HAN, NULL},
};

/* ---- finding ---- */

static bool pattern_is(FcPattern *pattern, const char *family)
{
    FcChar8 *name;
    for (int i = 0; FcPatternGetString(pattern, FC_FAMILY, i, &name) == FcResultMatch; i++)
        if (strcasecmp((const char *)name, family) == 0) return true;
    return false;
}

/* The best match of a pattern, which is consumed. */
static FcPattern *match(FcPattern *pattern)
{
    FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
    FcPatternAddBool(pattern, FC_VARIABLE, FcFalse);
    FcPatternAddInteger(pattern, FC_SLANT, FC_SLANT_ROMAN);
    FcConfigSubstitute(NULL, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result;
    FcPattern *found = FcFontMatch(NULL, pattern, &result);
    FcPatternDestroy(pattern);
    return found;
}

static bool pattern_file(Arena *arena, FcPattern *pattern, FontFile *out)
{
    FcChar8 *file;
    int index = 0;
    if (FcPatternGetString(pattern, FC_FILE, 0, &file) != FcResultMatch) return false;
    FcPatternGetInteger(pattern, FC_INDEX, 0, &index);
    *out =
        (FontFile){arena_string(arena, (const char *)file), index & 0xffff}; /* above: the named instance */
    return true;
}

bool font_find(Arena *arena, const char *family, int weight, FontFile *out)
{
    FcPattern *pattern = FcPatternCreate();
    if (!pattern) return false;
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcPatternAddInteger(pattern, FC_WEIGHT, weight);
    FcPattern *found = match(pattern);
    int got = 0;
    bool good = found && pattern_is(found, family) &&
                FcPatternGetInteger(found, FC_WEIGHT, 0, &got) == FcResultMatch &&
                (got >= SEMIBOLD) == (weight >= SEMIBOLD) && pattern_file(arena, found, out);
    if (found) FcPatternDestroy(found);
    return good;
}

static bool find_face(Fonts *fonts, int face, Error *error)
{
    for (int i = 0; i < 2 && wanted[face].family[i]; i++)
        if (font_find(fonts->perm, wanted[face].family[i], wanted[face].weight, &fonts->face[face].file))
            return true;
    if (wanted[face].instead >= 0) {
        fonts->face[face].file = fonts->face[wanted[face].instead].file;
        return true;
    }
    error_set(error, EXIT_SYSTEM, "cannot find the font %s%s", wanted[face].family[0],
              wanted[face].weight == SEMIBOLD ? " in semibold" : "");
    return error_add(error, "do", "install it, on Debian: apt-get install %s", wanted[face].package);
}

int font_for_code(Fonts *fonts, unsigned code)
{
    if (code >= 0x110000 || (code >= 0xE000 && code <= 0xF8FF))
        return -1; /* private use means another thing in each font */
    if (fonts->unknown[code >> 7] >> (code >> 4 & 7) & 1) return -1;
    for (int i = FACE_NAMED; i < fonts->faces; i++) {
        TTF_Font *font = font_reference(fonts, i);
        if (font && TTF_GlyphIsProvided32(font, code)) return i;
    }
    FcPattern *pattern = FcPatternCreate(), *found = NULL;
    FcCharSet *set = FcCharSetCreate(), *has;
    int face = -1;
    if (pattern && set && FcCharSetAddChar(set, code)) {
        FcPatternAddCharSet(pattern, FC_CHARSET, set);
        FcPatternAddBool(pattern, FC_COLOR, FcFalse);
        found = match(pattern);
        pattern = NULL;
    }
    if (found && fonts->faces < FACE_MAX &&
        FcPatternGetCharSet(found, FC_CHARSET, 0, &has) == FcResultMatch && FcCharSetHasChar(has, code) &&
        pattern_file(fonts->perm, found, &fonts->face[fonts->faces].file)) {
        TTF_Font *font = font_reference(fonts, fonts->faces);
        if (font && TTF_GlyphIsProvided32(font, code)) face = fonts->faces++;
    }
    if (face < 0) fonts->unknown[code >> 7] |= (uint8_t)(1u << (code >> 4 & 7));
    if (found) FcPatternDestroy(found);
    if (pattern) FcPatternDestroy(pattern);
    if (set) FcCharSetDestroy(set);
    return face;
}

/* ---- opening ---- */

/* The file in memory: SDL2_ttf would seek and read in it for each glyph, a third of the time to the first frame. */
static bool map_file(Face *face)
{
    struct stat status;
    if (face->bytes) return true;
    int file = open(face->file.file, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    if (fstat(file, &status) == 0 && status.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes != MAP_FAILED) face->bytes = bytes, face->size = (size_t)status.st_size;
    }
    close(file);
    return face->bytes != NULL;
}

/* A size in quarter pixels: SDL2_ttf takes whole points, of which one is a quarter pixel at 18 dots per inch. */
static TTF_Font *open_quarters(Face *face, int quarters)
{
    if (face->broken || !face->file.file) return NULL;
    SDL_RWops *source = map_file(face) ? SDL_RWFromConstMem(face->bytes, (int)face->size) : NULL;
    TTF_Font *font = source ? TTF_OpenFontIndexDPIRW(source, 1, quarters, face->file.index, 18, 18) : NULL;
    if (font) TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL);
    face->broken = !font;
    return font;
}

TTF_Font *font_reference(Fonts *fonts, int face)
{
    Face *f = &fonts->face[face];
    if (!f->reference) f->reference = open_quarters(f, 4 * REFERENCE_PIXELS);
    return f->reference;
}

TTF_Font *font_sized(Fonts *fonts, int face, int quarters)
{
    SizedFont *oldest = &fonts->sized[0];
    fonts->clock++;
    for (int i = 0; i < SIZED_MAX; i++) {
        SizedFont *sized = &fonts->sized[i];
        if (sized->font && sized->face == face && sized->quarters == quarters) {
            sized->used = fonts->clock;
            return sized->font;
        }
        if (sized->used < oldest->used) oldest = sized;
    }
    if (oldest->font) TTF_CloseFont(oldest->font);
    *oldest = (SizedFont){open_quarters(&fonts->face[face], quarters), face, quarters, fonts->clock};
    return oldest->font;
}

struct _cairo_font_face *fonts_cairo_face(Fonts *fonts, int face)
{
    Face *f = &fonts->face[face];
    if (f->cairo || !f->file.file) return f->cairo;
    FcPattern *pattern = FcPatternCreate();
    if (!pattern) return NULL;
    FcPatternAddString(pattern, FC_FILE, (const FcChar8 *)f->file.file);
    FcPatternAddInteger(pattern, FC_INDEX, f->file.index);
    cairo_font_face_t *made = cairo_ft_font_face_create_for_pattern(pattern);
    FcPatternDestroy(pattern);
    if (cairo_font_face_status(made) == CAIRO_STATUS_SUCCESS) f->cairo = made;
    else cairo_font_face_destroy(made);
    return f->cairo;
}

bool fonts_open(Arena *perm, Fonts **out, Error *error)
{
    if (TTF_Init() != 0) {
        error_set(error, EXIT_SYSTEM, "cannot start SDL2_ttf: %s", TTF_GetError());
        return error_add(error, "do", "reinstall libsdl2-ttf-2.0-0");
    }
    if (!FcInit()) {
        error_set(error, EXIT_SYSTEM, "cannot start fontconfig");
        return error_add(error, "do", "check /etc/fonts/fonts.conf, or reinstall fontconfig-config");
    }
    Fonts *fonts = arena_new(perm, Fonts);
    fonts->perm = perm;
    fonts->faces = FACE_NAMED;
    bool found = true;
    for (int face = 0; face < FACE_NAMED && found; face++) found = find_face(fonts, face, error);
    if (!found || !math_font_open(perm, &fonts->owner.math, error)) {
        TTF_Quit();
        return false;
    }
    cache_init(&fonts->widths, "text widths", WIDTH_CACHE);
    cache_init(&fonts->lines, "text lines", LINE_CACHE);
    *out = fonts;
    return true;
}

void fonts_close(Fonts *fonts)
{
    for (int i = 0; i < fonts->faces; i++) {
        if (fonts->face[i].reference) TTF_CloseFont(fonts->face[i].reference);
        if (fonts->face[i].cairo) cairo_font_face_destroy(fonts->face[i].cairo);
    }
    for (int i = 0; i < SIZED_MAX; i++)
        if (fonts->sized[i].font) TTF_CloseFont(fonts->sized[i].font);
    for (int i = 0; i < fonts->faces; i++)
        if (fonts->face[i].bytes) munmap(fonts->face[i].bytes, fonts->face[i].size);
    cache_free(&fonts->widths);
    cache_free(&fonts->lines);
    fonts->scratch = memory_resize(fonts->scratch, 0);
    TTF_Quit();
    cairo_debug_reset_static_data();
    FcFini();
}

const char *fonts_families(const Fonts *fonts, int face, int *weight)
{
    static const char *const families[FACE_NAMED + 1] = {
        [FACE_TEXT] = "Inter,'Helvetica Neue',Arial,sans-serif",
        [FACE_STRONG] = "Inter,'Helvetica Neue',Arial,sans-serif",
        [FACE_MONO] = "'JetBrains Mono',Menlo,Consolas,monospace",
        [FACE_MATH] = "'Latin Modern Math','Cambria Math','STIX Two Math',serif",
        [FACE_HAN] = "'Noto Sans CJK SC','WenQuanYi Micro Hei','PingFang SC','Microsoft YaHei',sans-serif",
        [FACE_HAN_STRONG] =
            "'Noto Sans CJK SC','WenQuanYi Micro Hei','PingFang SC','Microsoft YaHei',sans-serif",
        [FACE_NAMED] = "sans-serif"};
    bool bold_han = fonts->face[FACE_HAN_STRONG].file.file != fonts->face[FACE_HAN].file.file;
    *weight = face == FACE_STRONG ? 600 : face == FACE_HAN_STRONG && bold_han ? 700 : 400;
    return families[face < FACE_NAMED ? face : FACE_NAMED];
}

MathFont *fonts_math(Fonts *fonts)
{
    return fonts->owner.math;
}

/* ---- metrics ---- */

static float metrics_width(void *self, FontRole font, float size, const char *text, size_t bytes)
{
    return fonts_width(self, font, text, bytes == (size_t)-1 ? strlen(text) : bytes) * size;
}

static FontHeights metrics_heights(void *self, FontRole font, float size)
{
    static const int face_of[FONT_COUNT] = {FACE_TEXT, FACE_STRONG, FACE_MONO, FACE_MATH};
    static const float line = 1.4f, em = REFERENCE_PIXELS;
    TTF_Font *reference = font_reference(self, face_of[font]);
    if (!reference) return (FontHeights){size, size / 4, line * size};
    return (FontHeights){(float)TTF_FontAscent(reference) / em * size,
                         -(float)TTF_FontDescent(reference) / em * size, line * size};
}

TextMetrics fonts_metrics(Fonts *fonts)
{
    TextMetrics metrics = {.self = fonts, .width = metrics_width, .heights = metrics_heights};
    math_font_fill(fonts->owner.math, &metrics);
    return metrics;
}
