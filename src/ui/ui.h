/* ui.h — the small kit of controls: buttons, labels, icons, tooltips, drawn into a draw list.
 *
 * Nothing here keeps state: a control is drawn from what the caller knows and leaves a hit area that names a command and
 * an argument; the same command runs by key. Colours and sizes come from the theme. */
#pragma once
#include "draw/draw.h"
#include "draw/metrics.h"
#include "draw/theme.h"

/* Hit areas of controls: a = command, b = its argument. */
enum { UI_CONTROL = 1000, UI_NOTHING /* swallows clicks: the inside of what floats */ };

typedef struct {
    DrawList *list;
    const TextMetrics *metrics;
    const Theme *theme;
    float scale;   /* the user's type size */
    HitArea hover; /* under the pointer, kind 0 when nothing is */
    bool focused;  /* a control has the keyboard focus: */
    int focus_command;
    int64_t focus_argument;
} Ui;

typedef enum {
    UI_PLAIN = 0,
    UI_PRIMARY = 1,  /* filled with the accent */
    UI_OUTLINE = 2,  /* hairline around it */
    UI_ON = 4,       /* a switch that is on */
    UI_DISABLED = 8, /* quiet, no hit area */
    UI_LEFT = 16     /* label at the left */
} UiFlags;

typedef enum {
#define ICON(symbol) symbol,
#include "ui/icons.def"
#undef ICON
    ICON_COUNT
} UiIcon;

/* Baseline that centres a line of text in `rect`. */
float ui_baseline(const Ui *ui, Rect rect, FontRole font, float size);
void ui_surface(const Ui *ui, Rect rect);
/* Dims everything drawn before it; a click on it runs `command`. */
void ui_scrim(const Ui *ui, int command);
/* A card above the scrim, with a soft edge; swallows clicks. */
void ui_floating(const Ui *ui, Rect rect);
/* One line, centred vertically, cut with "…" when too long. Returns the width drawn. */
float ui_label(const Ui *ui, Rect rect, Align align, FontRole font, float size, Color color,
               const char *text);
float ui_button_width(const Ui *ui, const char *label);
void ui_button(const Ui *ui, Rect rect, int command, int64_t argument, const char *label, unsigned flags);
void ui_icon_button(const Ui *ui, Rect rect, int command, int64_t argument, UiIcon icon, unsigned flags);
void ui_icon(DrawList *list, Rect rect, UiIcon icon, Color color, Color background);
/* The name of a key in a small box; returns its width. */
float ui_key_cap(const Ui *ui, Point top_left, const char *key);
/* A track with a knob at `share` (0 … 1) of it; whoever owns the command drags it. */
void ui_slider(const Ui *ui, Rect rect, int command, int64_t argument, float share);
/* A thin bar, `share` of it filled. */
void ui_progress(const Ui *ui, Rect rect, float share);
/* A bar that shows which part of a taller content is in view; nothing when all is. */
void ui_scroll_bar(const Ui *ui, Rect view, float offset, float content);
/* Lines of text beside `anchor`, kept inside the frame. Returns the box. */
Rect ui_tooltip(const Ui *ui, Rect anchor, const char *const *line, int count);
bool ui_is_hovered(const Ui *ui, int command, int64_t argument);
