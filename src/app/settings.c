/* settings.c — settings.json: how the program looks and where we are, remembered between sessions.
 *
 * One row per setting below; reading, writing and merging walk the table. The file is untrusted: every key is checked by
 * itself, and whatever cannot be used is first kept beside it as settings.bad-DATE. Nothing is written before the learner
 * changes something, and then only what was changed here: another running copy may have changed the rest. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "app/state.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/utf8.h"

enum { SETTINGS_CAP = 256 * 1024, SMALLEST = 320, LARGEST = 16384, FARTHEST = 65536 };

typedef enum {
    WHOLE,  /* int */
    TENTHS, /* float with one decimal */
    CHOICE, /* an enum, written as one of two words */
    SWITCH, /* bool */
    TEXT    /* char[] */
} Kind;

static const struct Key {
    const char *name;
    Kind kind;
    size_t at, size;
    double low, high;
    const char *word[2];
} keys[] = {
#define FIELD(field) offsetof(Settings, field), sizeof((Settings *)0)->field
    {"width", WHOLE, FIELD(width), SMALLEST, LARGEST, {NULL}},
    {"height", WHOLE, FIELD(height), SMALLEST, LARGEST, {NULL}},
    {"x", WHOLE, FIELD(x), -FARTHEST, FARTHEST, {NULL}},
    {"y", WHOLE, FIELD(y), -FARTHEST, FARTHEST, {NULL}},
    {"type_scale", TENTHS, FIELD(type_scale), 0.8, 2, {NULL}},
    {"language", CHOICE, FIELD(language), 0, 1, {[LANGUAGE_EN] = "en", [LANGUAGE_ZH] = "zh"}},
    {"theme", CHOICE, FIELD(theme), 0, 1, {[THEME_LIGHT] = "light", [THEME_DARK] = "dark"}},
    {"reduce_motion", SWITCH, FIELD(reduce_motion), 0, 1, {NULL}},
    {"place", TEXT, FIELD(place), 0, 0, {NULL}},
    {"sentence", TEXT, FIELD(sentence), 0, 0, {NULL}},
#undef FIELD
};
enum { KEYS = sizeof keys / sizeof *keys };
typedef struct Key Key;

static Settings usual(void)
{
    return (Settings){.language = LANGUAGE_EN,
                      .theme = THEME_LIGHT,
                      .type_scale = 1,
                      .width = 1280,
                      .height = 800,
                      .x = SETTINGS_NOWHERE,
                      .y = SETTINGS_NOWHERE};
}

/* ---- one key ---- */

static void *field(Settings *settings, const Key *key)
{
    return (char *)settings + key->at;
}

static bool same(const Settings *a, const Settings *b, const Key *key)
{
    const char *left = (const char *)a + key->at, *right = (const char *)b + key->at;
    return key->kind == TEXT ? strcmp(left, right) == 0 : memcmp(left, right, key->size) == 0;
}

static void copy(Settings *to, const Settings *from, const Key *key)
{
    memcpy(field(to, key), (const char *)from + key->at, key->size);
}

/* False when the value cannot be used. */
static bool take(Settings *settings, const Key *key, const Json *value)
{
    long long whole;
    const char *text = json_text(value);
    double number = json_number(value, NAN);
    switch (key->kind) {
    case WHOLE:
        if (!json_whole(value, (long long)key->low, (long long)key->high, &whole)) return false;
        *(int *)field(settings, key) = (int)whole;
        return true;
    case TENTHS:
        if (!(number >= key->low && number <= key->high)) return false;
        *(float *)field(settings, key) = (float)(round(number * 10) / 10);
        return true;
    case CHOICE:
        for (int i = 0; i < 2; i++)
            if (text && strcmp(text, key->word[i]) == 0) {
                memcpy(field(settings, key), &i, sizeof i);
                return true;
            }
        return false;
    case SWITCH:
        if (json_kind(value) != JSON_KIND_BOOL) return false;
        *(bool *)field(settings, key) = json_bool(value, false);
        return true;
    case TEXT:
        if (!text || strlen(text) >= key->size) return false;
        memcpy(field(settings, key), text, strlen(text) + 1);
        return true;
    }
    return false;
}

static void put(Buffer *out, Settings *settings, const Key *key)
{
    void *value = field(settings, key);
    int choice, tenths;
    buffer_json_string(out, key->name);
    buffer_text(out, ": ");
    switch (key->kind) {
    case WHOLE: buffer_format(out, "%d", *(int *)value); break;
    case TENTHS:
        tenths = (int)lrintf(*(float *)value * 10);
        buffer_format(out, "%d.%d", tenths / 10, tenths % 10); /* no locale's comma */
        break;
    case CHOICE:
        memcpy(&choice, value, sizeof choice);
        buffer_json_string(out, key->word[choice == 1]);
        break;
    case SWITCH: buffer_text(out, *(bool *)value ? "true" : "false"); break;
    case TEXT: buffer_json_string(out, value); break;
    }
}

/* ---- the file ---- */

static const char *settings_path(App *app)
{
    return path_join(&app->note, app->options.settings, "settings.json");
}

static const char *date(const App *app)
{
    return app->options.settings_date ? app->options.settings_date : "old";
}

/* Number of members that are unknown (a newer program's, perhaps) or have values that cannot be used. */
static int take_all(Settings *settings, const Json *root)
{
    int bad = 0;
    for (size_t i = 0; i < json_count(root); i++) {
        const char *name;
        const Json *value = json_member(root, i, &name);
        int k = 0;
        while (k < KEYS && strcmp(keys[k].name, name) != 0) k++;
        bad += k == KEYS || !take(settings, &keys[k], value);
    }
    return bad;
}

typedef enum { FILE_NONE, FILE_GOOD, FILE_PARTLY, FILE_BAD } FileState;

static FileState read_file(App *app, Settings *settings, Bytes *bytes)
{
    const char *path = settings_path(app);
    Error error = {0};
    *settings = usual();
    *bytes = (Bytes){0};
    if (!file_exists(path)) return FILE_NONE;
    if (!file_read(&app->note, path, SETTINGS_CAP, bytes, &error)) return FILE_BAD;
    Json *root = json_parse(bytes->at, bytes->size, path, &error);
    FileState state = json_kind(root) != JSON_KIND_OBJECT ? FILE_BAD
                      : take_all(settings, root)          ? FILE_PARTLY
                                                          : FILE_GOOD;
    json_close(root);
    return state;
}

/* What was kept but not saved, because the program was killed. It was not flushed, so damage is no surprise. */
static void read_late(App *app)
{
    const char *path = path_join(&app->note, app->options.settings, SETTINGS_LATE);
    Error error = {0};
    Bytes bytes;
    if (!file_read(&app->note, path, SETTINGS_CAP, &bytes, &error)) return;
    Json *root = json_parse(bytes.at, bytes.size, path, &error);
    if (json_kind(root) == JSON_KIND_OBJECT) {
        take_all(&app->settings, root);
        app->settings_dirty = true;
    }
    json_close(root);
}

void settings_read(App *app)
{
    app->settings = usual();
    app->save_at = INFINITY;
    if (!app->options.settings) return;
    Bytes bytes;
    Error error = {0};
    char *kept = NULL;
    file_remove_strays(app->options.settings);
    FileState state = read_file(app, &app->settings, &bytes);
    bool aside = true;
    if (state == FILE_BAD) aside = file_set_aside(&app->note, settings_path(app), date(app), &kept, &error);
    if (state == FILE_PARTLY)
        aside = file_keep_copy(&app->note, settings_path(app), date(app), bytes, &kept, &error);
    if (!aside) app_notice_error(app, &error);
    else if (kept) app_notice(app, app_word(app, WORD_SETTINGS_BAD), kept);
    app->saved = app->settings;
    app->settings_dirty = false;
    read_late(app);
    arena_reset(&app->note);
}

/* Where we are, and the sentence when it is not the lesson's own. */
static void note_place(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    const Step *step = app_current_step(app);
    Settings *settings = &app->settings;
    const char *sentence = app->session.ran ? app->session.edit.sentence : NULL;
    if (lesson && step) snprintf(settings->place, sizeof settings->place, "%s:%s", lesson->id, step->id);
    else snprintf(settings->place, sizeof settings->place, "home");
    settings->sentence[0] = 0;
    if (lesson && sentence && (!lesson->input || strcmp(sentence, lesson->input) != 0))
        utf8_repair(settings->sentence, sizeof settings->sentence, sentence);
}

/* A window may be smaller or further away than it could be opened again. */
static void limit(Settings *settings)
{
    for (int k = 0; k < KEYS; k++) {
        int *whole = field(settings, &keys[k]);
        if (keys[k].kind != WHOLE || *whole == SETTINGS_NOWHERE) continue;
        *whole = (int)fmax(keys[k].low, fmin(keys[k].high, *whole));
    }
}

/* All that is set, or only what is not as in `but`. "" when there is nothing. */
static void put_all(Buffer *out, Settings *settings, const Settings *but)
{
    const char *before = "{\n  ";
    for (int k = 0; k < KEYS; k++) {
        bool unset = keys[k].kind == WHOLE && *(int *)field(settings, &keys[k]) == SETTINGS_NOWHERE;
        if (unset || (but && same(settings, but, &keys[k]))) continue;
        buffer_text(out, before);
        put(out, settings, &keys[k]);
        before = ",\n  ";
    }
    if (out->size) buffer_text(out, "\n}\n");
}

void settings_late(App *app, Buffer *out)
{
    note_place(app);
    limit(&app->settings);
    put_all(out, &app->settings, &app->saved);
}

bool settings_compose(App *app, Saving *saving, Error *error)
{
    if (!app->options.settings || !app->settings_dirty) return true;
    note_place(app);
    limit(&app->settings);
    Settings file;
    Bytes bytes;
    bool changed = false;
    char *kept;
    FileState state = read_file(app, &file, &bytes);
    if (state == FILE_BAD && !file_set_aside(&app->note, settings_path(app), date(app), &kept, error))
        return false;
    if (state == FILE_NONE || state == FILE_BAD) file = app->saved;
    for (int k = 0; k < KEYS; k++)
        if (!same(&app->settings, &app->saved, &keys[k])) {
            copy(&file, &app->settings, &keys[k]);
            changed = true;
        }
    bool ok = !changed || folder_make(app->options.settings, error);
    if (ok && changed) {
        saving->settings.path = arena_string(&saving->arena, settings_path(app));
        put_all(&saving->settings.bytes, &file, NULL);
        saving->written = arena_new(&saving->arena, Settings);
        *saving->written = app->settings;
    }
    arena_reset(&app->note);
    if (ok) app->settings_dirty = false;
    return ok;
}

void settings_composed(App *app, const Saving *saving, bool saved)
{
    if (saving->settings.path && saved) app->saved = *saving->written;
    if (saving->settings.path && !saved) app->settings_dirty = true;
}
