/* frame.h — which frame: "5:scores@2" and how it is to look; shared by shot and draw. */
#pragma once
#include "cli/command.h"

/* The first options of shot and draw. */
#define FRAME_OPTION_ROWS                                                                                    \
    {"size", "WxH", "in logical pixels; 1280x800 when not given"}, {"lang", "L", "en or zh"},                \
        {"theme", "T", "light or dark"},                                                                     \
    {                                                                                                        \
        "press", "KEY", "press a key first, such as P or Shift+N; can be given again"                        \
    }
enum { FRAME_SIZE, FRAME_LANG, FRAME_THEME, FRAME_PRESS, FRAME_OPTIONS };

/* Opens PLACE (home, sandbox, LESSON or LESSON:STEP, each with @TICK) and draws its still frame. The list lives until the
 * place is freed, which the caller does even on failure. */
bool frame_make(Cli *cli, const Arguments *arguments, Place *place, DrawList *out, Error *error);
