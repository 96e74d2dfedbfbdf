/* settings.c — settings.json: what is remembered between sessions. It is untrusted: every key is checked by itself, and a
 * file that is no JSON object is set aside as settings.bad-DATE; nothing is written over it before the learner changes
 * something. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/state.h"
#include "base/buffer.h"
#include "base/json.h"

enum { SETTINGS_CAP = 256 * 1024, SMALLEST = 320, LARGEST = 16384 };

static const char *settings_path(App *app)
{
    return path_join(&app->note, app->options.settings, "settings.json");
}

static Settings usual(void)
{
    return (Settings){
        .language = LANGUAGE_EN, .theme = THEME_LIGHT, .type_scale = 1, .width = 1280, .height = 800};
}

static void take(Settings *settings, const Json *root)
{
    long long number;
    const char *text;
    if (json_whole(json_get(root, "width"), SMALLEST, LARGEST, &number)) settings->width = (int)number;
    if (json_whole(json_get(root, "height"), SMALLEST, LARGEST, &number)) settings->height = (int)number;
    double scale = json_number(json_get(root, "type_scale"), 1);
    if (scale >= 0.8 && scale <= 2) settings->type_scale = (float)(round(scale * 10) / 10);
    if ((text = json_text(json_get(root, "language"))) && strcmp(text, "zh") == 0)
        settings->language = LANGUAGE_ZH;
    if ((text = json_text(json_get(root, "theme"))) && strcmp(text, "dark") == 0)
        settings->theme = THEME_DARK;
    settings->reduce_motion = json_bool(json_get(root, "reduce_motion"), false);
    text = json_text(json_get(root, "place"));
    if (text && strlen(text) < sizeof settings->place) memcpy(settings->place, text, strlen(text) + 1);
}

/* Keeps the damaged file beside the good one to come. */
static void set_aside(App *app, const char *path, Bytes bytes)
{
    const char *date = app->options.settings_date ? app->options.settings_date : "old";
    const char *kept =
        arena_format(&app->note, "%s.bad-%s", arena_string_sized(&app->note, path, strlen(path) - 5), date);
    Error error = {0};
    app->settings_broken = true;
    if (file_save(kept, bytes.at, bytes.size, &error))
        app_notice(app, app_word(app, WORD_SETTINGS_BAD), kept);
    else app_notice_error(app, &error);
}

void settings_read(App *app)
{
    app->settings = usual();
    if (!app->options.settings) return;
    const char *path = settings_path(app);
    Bytes bytes = {0};
    Error error = {0};
    if (file_exists(path)) {
        if (!file_read(&app->note, path, SETTINGS_CAP, &bytes, &error)) {
            app_notice_error(app, &error);
        } else {
            Json *root = json_parse(bytes.at, bytes.size, path, &error);
            if (json_kind(root) == JSON_KIND_OBJECT) take(&app->settings, root);
            else set_aside(app, path, bytes);
            json_close(root);
        }
    }
    app->saved = app->settings;
    app->settings_dirty = false;
    arena_reset(&app->note);
}

static void note_place(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    const Step *step = app_current_step(app);
    if (lesson && step)
        snprintf(app->settings.place, sizeof app->settings.place, "%s:%s", lesson->id, step->id);
    else snprintf(app->settings.place, sizeof app->settings.place, "home");
}

static bool same(const Settings *a, const Settings *b)
{
    return a->language == b->language && a->theme == b->theme && a->type_scale == b->type_scale &&
           a->width == b->width && a->height == b->height && a->reduce_motion == b->reduce_motion &&
           strcmp(a->place, b->place) == 0;
}

bool settings_write(App *app, Error *error)
{
    if (!app->options.settings || !app->settings_dirty) return true;
    note_place(app);
    if (same(&app->settings, &app->saved)) return true;
    const Settings *settings = &app->settings;
    Buffer out = {0};
    buffer_format(&out, "{\n  \"width\": %d,\n  \"height\": %d,\n", settings->width, settings->height);
    buffer_format(&out, "  \"type_scale\": %d.%d,\n", (int)(settings->type_scale * 10 + 0.5f) / 10,
                  (int)(settings->type_scale * 10 + 0.5f) % 10);
    buffer_format(&out, "  \"language\": \"%s\",\n  \"theme\": \"%s\",\n",
                  settings->language == LANGUAGE_ZH ? "zh" : "en",
                  settings->theme == THEME_DARK ? "dark" : "light");
    buffer_format(&out,
                  "  \"reduce_motion\": %s,\n  \"place\": ", settings->reduce_motion ? "true" : "false");
    buffer_json_string(&out, settings->place);
    buffer_text(&out, "\n}\n");
    bool ok =
        folder_make(app->options.settings, error) && file_save(settings_path(app), out.at, out.size, error);
    buffer_free(&out);
    arena_reset(&app->note);
    if (ok) app->saved = app->settings;
    if (ok) app->settings_dirty = false;
    return ok;
}
