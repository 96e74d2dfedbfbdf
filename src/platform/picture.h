/* picture.h — a draw list as a file: PNG (the pixels of the window), SVG and PDF (real text, sharp at any size).
 *
 * SVG is written here, for cairo would turn its text into outlines: words and numbers stay text that can be selected,
 * searched and edited, in the same fonts with usual ones as fallbacks; equations are outlines, with their reading as
 * title. PDF is cairo's, with the fonts embedded. All three are saved by file_save: the old file or the new one. */
#pragma once
#include "draw/draw.h"
#include "platform/font.h"

/* The ending of `path` (.png, .svg, .pdf) says what is written. `scale` = pixels (points in a PDF) per logical pixel.
 * Errors: EXIT_USAGE (another ending, a size beyond the limits), EXIT_SYSTEM (cannot be written). */
bool picture_save(Fonts *fonts, const DrawList *list, const char *path, float scale, Error *error);
