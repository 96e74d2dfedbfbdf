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

/* "@hide reset large-view": controls a step takes away are called by their symbol without "ACT_", in small letters, "-" for
 * "_". */
static const char *const symbols[ACT_COUNT] = {
#define ACTION(name, function, keys, en, zh) [name] = #name + 4,
#include "app/actions.def"
#undef ACTION
};

static bool is_called(int action, const char *name, size_t size)
{
    const char *symbol = symbols[action];
    if (strlen(symbol) != size) return false;
    for (size_t i = 0; i < size; i++)
        if (name[i] != (symbol[i] == '_' ? '-' : tolower((unsigned char)symbol[i]))) return false;
    return true;
}

/* The next name of a list, past its blanks; *size 0 = there is none. */
static const char *next_name(const char *at, size_t *size)
{
    at += strspn(at, " \t");
    *size = strcspn(at, " \t");
    return at;
}

/* A word is forced from the list, from the menu and by a click: "force" takes away all of them. */
static int family(int action)
{
    return action == ACT_FORCE_THIS || action == ACT_FORCE_ID ? ACT_FORCE : action;
}

bool action_hidden(const App *app, int action)
{
    const Step *step = app_current_step(app);
    size_t size;
    if (!step || !step->hide) return false;
    for (const char *at = next_name(step->hide, &size); size; at = next_name(at + size, &size))
        if (is_called(action, at, size) || is_called(family(action), at, size)) return true;
    return false;
}

bool actions_exist(const char *names, Error *error)
{
    size_t size;
    for (const char *at = next_name(names, &size); size; at = next_name(at + size, &size)) {
        int action = 0;
        while (action < ACT_COUNT && !is_called(action, at, size)) action++;
        if (action < ACT_COUNT) continue;
        error_set(error, EXIT_INPUT, "there is no control called %s",
                  error_quote(at, size, (char[420]){0}, 420));
        return error_add(error, "expected",
                         "such as next, back, play, reset, examples, sentence, export, force, raise");
    }
    return true;
}

void action_run(App *app, int action, int64_t argument)
{
    if (action < 0 || action >= ACT_COUNT || action_hidden(app, action)) return;
    actions[action].run(app, argument);
}
