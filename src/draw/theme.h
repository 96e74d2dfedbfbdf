/* theme.h — every colour and size on screen, by role. A literal colour or size elsewhere is a bug.
 *
 * Values come from the design's screens page; light and dark meet a text contrast of 4.5. */
#pragma once
#include "draw/draw.h"

typedef enum { THEME_LIGHT, THEME_DARK } ThemeName;
typedef enum { LANGUAGE_EN, LANGUAGE_ZH } Language;

typedef struct {
    ThemeName name;
    Color paper, surface, ink, quiet, hairline, accent, accent_soft,
        accent_ink;                  /* accent_ink: text on accent */
    Color query, key, value, output; /* roles of attention, with the marks ▲ ● ■ ◆ */
    Color source, target;            /* axis colours */
    Color good, bad;                 /* feedback: blue and orange, never red against green */
    Color scrim;                     /* behind what floats */
    Color focus;                     /* keyboard focus ring */
} Theme;

const Theme *theme_get(ThemeName name);

/* Type scale in px at scale 1 (multiplied by the user's type size): */
enum { TYPE_SMALL = 13, TYPE_BODY = 15, TYPE_LARGE = 18, TYPE_TITLE = 24, TYPE_DISPLAY = 32 };
/* Spacing on the 8-px grid: */
enum {
    GAP_HALF = 4,
    GAP = 8,
    GAP_PANEL = 16,
    GAP_BETWEEN = 24,
    CORNER = 8,
    BAR_TOP = 48,
    BAR_BOTTOM = 56,
    TEXT_COLUMN = 320,
    CELL_WITH_NUMBER = 28
};

/* Attention weights in [0,1]: cividis, dark = 0 in the dark theme and light = 0 in the light theme. */
Color theme_weight(const Theme *theme, float weight);
/* Signed values: blue - paper - orange, symmetric around 0; `limit` > 0 is the value drawn at full strength. */
Color theme_signed(const Theme *theme, float value, float limit);
/* Ink or paper, whichever reads better on `background`. */
Color theme_text_on(const Theme *theme, Color background);
Color color_mix(Color from, Color to, float share); /* linear in sRGB; share 0..1 */
Color color_alpha(Color color, float alpha);        /* multiplies the alpha */
/* Contrast ratio of WCAG 2.1, 1..21: tests hold text at 4.5 and more. */
float color_contrast(Color a, Color b);
