/* state_string.h — where somebody is and what they set, as one short text that others open: a class looks at the same thing.
 *
 *     as1.05-attention.scores.2.cwYB….k3Zd_w
 *     version . lesson . step . tick (0 = before its answer) . what was set (edit_text.h, base64url) . check
 *
 * Only letters, digits, "-", "_" and ".": it survives a chat, a URL, a double click. The check is a CRC-32 of all before it:
 * a string that lost a piece or had its case changed is refused, not half opened. */
#pragma once
#include "app/app.h"
#include "base/buffer.h"

bool state_string_is(const char *text); /* does it begin like one? */
void state_string_write(const App *app, Buffer *out);
/* Goes there. On failure the App is where it was before. */
bool state_string_open(App *app, const char *text, Error *error);
