/* chords.c — keys and their names: what a press is called, which action it runs, what a tooltip says. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "app/actions.h"

static const char *key_name(int key, char out[32])
{
    static const char *const named[] = {
#define KEY(symbol, name) [symbol - KEY_FIRST_NAMED] = name,
#include "app/keys.def"
#undef KEY
    };
    if (key == ' ') return "Space";
    if (key > KEY_FIRST_NAMED && key < KEY_LIMIT) return named[key - KEY_FIRST_NAMED];
    snprintf(out, 32, "%c", key > ' ' && key < 127 ? toupper(key) : '?');
    return key > ' ' && key < 127 ? out : "";
}

const char *chord_name(int key, int modifiers, char out[32])
{
    char letter[32]; /* named keys come from the table: short */
    snprintf(out, 32, "%s%s%s%.9s", modifiers & MOD_CTRL ? "Ctrl+" : "", modifiers & MOD_ALT ? "Alt+" : "",
             modifiers & MOD_SHIFT ? "Shift+" : "", key_name(key, letter));
    return out;
}

int action_of_chord(const char *chord)
{
    size_t size = strlen(chord);
    for (int i = 0; size && i < ACT_COUNT; i++)
        for (const char *at = actions[i].keys; *at;) {
            size_t length = strcspn(at, " ");
            if (length == size && memcmp(at, chord, size) == 0) return i;
            at += length + (at[length] == ' ');
        }
    return -1;
}

const char *action_key(int action, char out[32])
{
    snprintf(out, 32, "%.*s", (int)strcspn(actions[action].keys, " "), actions[action].keys);
    return out;
}

const char *action_tip(const App *app, int action, char *out, size_t size)
{
    char key[32];
    const char *caption = actions[action].caption[app->settings.language];
    if (*action_key(action, key)) snprintf(out, size, "%s (%s)", caption, key);
    else snprintf(out, size, "%s", caption);
    return out;
}

/* "@hide reset next": controls a step takes away are called by their symbol without "ACT_", in small letters. */
bool action_hidden(const App *app, int action)
{
    static const char *const symbol[ACT_COUNT] = {
#define ACTION(name, function, keys, en, zh) [name] = #name + 4,
#include "app/actions.def"
#undef ACTION
    };
    const Step *step = app_current_step(app);
    if (!step || !step->hide) return false;
    size_t size = strlen(symbol[action]);
    for (const char *at = step->hide; *at;) {
        size_t length = strcspn(at, " ");
        if (length == size && strncasecmp(at, symbol[action], size) == 0) return true;
        at += length + (at[length] == ' ');
    }
    return false;
}

void action_run(App *app, int action, int64_t argument)
{
    if (action < 0 || action >= ACT_COUNT || action_hidden(app, action)) return;
    actions[action].run(app, argument);
}
