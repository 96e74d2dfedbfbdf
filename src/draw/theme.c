/* theme.c — the colours of both themes, the two colour scales, and contrast.
 *
 * Owns every literal colour of the program. Surprise: the scale of attention weights is cividis with its low end washed out
 * into the page (light: paper, dark: the panel), so that "no attention" looks like nothing being there; its lightness
 * stays strictly monotone, which is what makes it readable in print and by any eye. */
#include "draw/theme.h"
#include <math.h>

#define RGB(hex)                                                                                             \
    {                                                                                                        \
        (hex) >> 16 & 255, (hex) >> 8 & 255, (hex)&255, 255                                                  \
    }
#define RGBA(hex, alpha)                                                                                     \
    {                                                                                                        \
        (hex) >> 16 & 255, (hex) >> 8 & 255, (hex)&255, (alpha)                                              \
    }

static const Theme themes[] = {
    [THEME_LIGHT] = {.name = THEME_LIGHT,
                     .paper = RGB(0xF7F8FA),
                     .surface = RGB(0xFFFFFF),
                     .ink = RGB(0x171A21),
                     .quiet = RGB(0x667085),
                     .hairline = RGB(0xE4E7EC),
                     .accent = RGB(0x2F6FED),
                     .accent_soft = RGB(0xE8F0FE),
                     .accent_ink = RGB(0xFFFFFF),
                     .query = RGB(0xE69F00),
                     .key = RGB(0x56B4E9),
                     .value = RGB(0x009E73),
                     .output = RGB(0xCC79A7),
                     .source = RGB(0x0F766E),
                     .target = RGB(0x8E3D96),
                     .good = RGB(0x2C6FBB),
                     .bad = RGB(0xB45309),
                     .scrim = RGBA(0x171A21, 90),
                     .focus = RGB(0x2F6FED)},
    [THEME_DARK] = {.name = THEME_DARK,
                    .paper = RGB(0x0E1116),
                    .surface = RGB(0x161A22),
                    .ink = RGB(0xE8EBF0),
                    .quiet = RGB(0x98A2B3),
                    .hairline = RGB(0x262C37),
                    .accent = RGB(0x6C9CFF),
                    .accent_soft = RGB(0x1C2A45),
                    .accent_ink = RGB(0x0E1116),
                    .query = RGB(0xE69F00),
                    .key = RGB(0x56B4E9),
                    .value = RGB(0x009E73),
                    .output = RGB(0xCC79A7),
                    .source = RGB(0x4FD1C5),
                    .target = RGB(0xDE92E4),
                    .good = RGB(0x79B2F2),
                    .bad = RGB(0xF0954A),
                    .scrim = RGBA(0x000000, 140),
                    .focus = RGB(0x6C9CFF)},
};

/* Cividis at steps of 1/8 (Nuñez, Anderton, Renslow 2018), dark to light. */
static const Color cividis[] = {RGB(0x00224E), RGB(0x1A386F), RGB(0x434E6C), RGB(0x61656F), RGB(0x7D7C78),
                                RGB(0x9B9476), RGB(0xBCAE6C), RGB(0xDEC958), RGB(0xFEE838)};
enum { CIVIDIS_STEPS = sizeof cividis / sizeof *cividis - 1 };

/* Below this weight the scale fades into the page. */
static const float FADE_BELOW = 0.5f;

static const Color signed_blue = RGB(0x2C6FBB), signed_orange = RGB(0xD9730D);
static const Color pure_black = RGB(0x000000), pure_white = RGB(0xFFFFFF);
static const float READABLE = 4.5f;

const Theme *theme_get(ThemeName name)
{
    return &themes[name == THEME_DARK ? THEME_DARK : THEME_LIGHT];
}

Color color_mix(Color from, Color to, float share)
{
    if (!(share > 0)) return from;
    if (share >= 1) return to;
    return (Color){(uint8_t)lrintf((float)from.r + share * (float)(to.r - from.r)),
                   (uint8_t)lrintf((float)from.g + share * (float)(to.g - from.g)),
                   (uint8_t)lrintf((float)from.b + share * (float)(to.b - from.b)),
                   (uint8_t)lrintf((float)from.a + share * (float)(to.a - from.a))};
}

Color color_alpha(Color color, float alpha)
{
    color.a = !(alpha > 0) ? 0 : alpha >= 1 ? color.a : (uint8_t)lrintf((float)color.a * alpha);
    return color;
}

static Color cividis_at(float t)
{
    float at = t * CIVIDIS_STEPS;
    int step = (int)at;
    return step >= CIVIDIS_STEPS ? cividis[CIVIDIS_STEPS]
                                 : color_mix(cividis[step], cividis[step + 1], at - (float)step);
}

Color theme_weight(const Theme *theme, float weight)
{
    if (isnan(weight)) return theme->hairline;
    float w = fminf(fmaxf(weight, 0), 1);
    bool dark = theme->name == THEME_DARK;
    float fade = w < FADE_BELOW ? 1 - w / FADE_BELOW : 0;
    /* Cividis begins darker than the hairline: from there the scale would first sink. */
    Color nothing = dark ? color_mix(theme->surface, theme->hairline, 0.5f) : theme->paper;
    return color_mix(cividis_at(dark ? w : 1 - w), nothing, fade);
}

Color theme_signed(const Theme *theme, float value, float limit)
{
    if (isnan(value)) return theme->hairline;
    if (!(limit > 0) || value == 0) return theme->paper;
    float share = isinf(value) ? 1 : fminf(fabsf(value) / limit, 1);
    return color_mix(theme->paper, value < 0 ? signed_blue : signed_orange, share);
}

/* Relative luminance of WCAG 2.1. */
static float luminance(Color color)
{
    const uint8_t channel[] = {color.r, color.g, color.b};
    static const float share[] = {0.2126f, 0.7152f, 0.0722f};
    float sum = 0;
    for (int i = 0; i < 3; i++) {
        float c = (float)channel[i] / 255;
        sum += share[i] * (c <= 0.04045f ? c / 12.92f : powf((c + 0.055f) / 1.055f, 2.4f));
    }
    return sum;
}

float color_contrast(Color a, Color b)
{
    float la = luminance(a), lb = luminance(b);
    return (fmaxf(la, lb) + 0.05f) / (fminf(la, lb) + 0.05f);
}

/* On middle tones neither ink nor paper reaches 4.5; black or white always does, for sqrt(21) = 4.58. */
Color theme_text_on(const Theme *theme, Color background)
{
    Color dark = theme->name == THEME_DARK ? theme->paper : theme->ink;
    Color light = theme->name == THEME_DARK ? theme->ink : theme->paper;
    float with_dark = color_contrast(dark, background), with_light = color_contrast(light, background);
    if (fmaxf(with_dark, with_light) >= READABLE) return with_dark > with_light ? dark : light;
    return color_contrast(pure_black, background) > color_contrast(pure_white, background) ? pure_black
                                                                                           : pure_white;
}
