/* progress.c — see progress.h.
 *
 * Surprise: the newest records are the last of the list, and only so many of each kind are kept. The file before the first
 * save of a session stays beside it as progress-1.jsonl (then -2, -3), but only if it could be read. */
#include "app/saving.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/kept_controls.h"
#include "app/state.h"
#include "base/buffer.h"
#include "base/json.h"

enum { PROGRESS_CAP = 8 << 20, LINE_CAP = 64 * 1024, GENERATIONS = 3 };

static const struct {
    const char *name, *key[RECORD_KEYS], *value;
    int kept; /* the newest so many */
} kinds[RECORD_KINDS] = {
    [RECORD_SENTENCE] = {"sentence", {"sentence"}, NULL, HISTORY},
    [RECORD_ANSWER] = {"answer", {"lesson", "step", "question", "sentence"}, "answer", ANSWERS_KEPT},
    [RECORD_REACHED] = {"reached", {"lesson"}, "step", LESSONS_KEPT},
    [RECORD_PLACE] = {"place", {"lesson"}, "step", LESSONS_KEPT},
    [RECORD_PREDICTED] = {"predicted", {"lesson", "step", "question"}, "result", ANSWERS_KEPT},
    [RECORD_CONTROL] = {"control", {"lesson", "control"}, "value", CONTROLS_KEPT},
};

static const char *path_of(App *app, const char *name)
{
    return path_join(&app->note, app->options.state, name);
}

/* ---- the list ---- */

static int key_count(RecordKind kind)
{
    int count = 0;
    while (count < RECORD_KEYS && kinds[kind].key[count]) count++;
    return count;
}

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_resize(NULL, size), text, size);
}

static int find(const Progress *progress, RecordKind kind, const char *const *key)
{
    for (int i = progress->count - 1; i >= 0; i--) {
        const Record *record = &progress->record[i];
        if (record->kind != kind) continue;
        int k = 0;
        while (k < key_count(kind) && strcmp(record->key[k], key[k]) == 0) k++;
        if (k == key_count(kind)) return i;
    }
    return -1;
}

static void forget(Progress *progress, int index)
{
    Record *record = &progress->record[index];
    for (int k = 0; k < RECORD_KEYS; k++) memory_resize(record->key[k], 0);
    memory_resize(record->value, 0);
    progress->count--;
    memmove(record, record + 1, sizeof *record * (size_t)(progress->count - index));
}

static void forget_oldest(Progress *progress, RecordKind kind)
{
    int count = 0, oldest = -1;
    for (int i = progress->count - 1; i >= 0; i--)
        if (progress->record[i].kind == kind) {
            count++;
            oldest = i;
        }
    if (count > kinds[kind].kept) forget(progress, oldest);
}

/* Takes a record in, unless a later one says something about the same. The list stays ordered. */
static void add(Progress *progress, RecordKind kind, unsigned long long order, const char *const *key,
                const char *value)
{
    int known = find(progress, kind, key);
    if (known >= 0 && progress->record[known].order >= order) return;
    if (known >= 0) forget(progress, known);
    if (progress->count == progress->capacity) {
        progress->capacity = progress->capacity ? 2 * progress->capacity : 64;
        progress->record =
            memory_resize(progress->record, sizeof *progress->record * (size_t)progress->capacity);
    }
    int at = progress->count++;
    for (; at > 0 && progress->record[at - 1].order > order; at--)
        progress->record[at] = progress->record[at - 1];
    Record *record = &progress->record[at];
    *record = (Record){.kind = kind, .order = order, .value = value ? copy(value) : NULL};
    for (int k = 0; k < key_count(kind); k++) record->key[k] = copy(key[k]);
    if (order > progress->order) progress->order = order;
    forget_oldest(progress, kind);
}

void progress_free(Progress *progress)
{
    while (progress->count) forget(progress, progress->count - 1);
    progress->record = memory_resize(progress->record, 0);
    progress->capacity = 0;
}

/* ---- reading ---- */

/* False when the line is no record, or one that its lesson cannot use. */
static bool take_line(App *app, const char *line, size_t size)
{
    Error error = {0};
    Json *root = size <= LINE_CAP ? json_parse(line, size, "", &error) : NULL;
    const char *name = json_text(json_get(root, "kind")), *key[RECORD_KEYS] = {NULL}, *value = NULL;
    long long order;
    bool good = name && json_whole(json_get(root, "order"), 1, 1LL << 62, &order);
    int kind = 0;
    while (good && kind < RECORD_KINDS && strcmp(kinds[kind].name, name) != 0) kind++;
    good = good && kind < RECORD_KINDS;
    for (int k = 0; good && k < key_count((RecordKind)kind); k++)
        good = (key[k] = json_text(json_get(root, kinds[kind].key[k]))) != NULL;
    if (good && kinds[kind].value) good = (value = json_text(json_get(root, kinds[kind].value))) != NULL;
    if (good && kind == RECORD_CONTROL) good = kept_control_fits(app, key[0], key[1], value);
    if (good) add(&app->progress, (RecordKind)kind, (unsigned long long)order, key, value);
    json_close(root);
    return good;
}

/* Takes what is good; the bad lines go to `bad`. Returns how many those were. */
static int take_lines(App *app, Bytes bytes, Buffer *bad)
{
    int damaged = 0;
    for (const char *at = bytes.at, *end = bytes.at + bytes.size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        if (size && !take_line(app, at, size)) {
            damaged++;
            buffer_add(bad, at, size);
            buffer_text(bad, "\n");
        }
        at += size + 1;
    }
    return damaged;
}

static const char *date(const App *app)
{
    return app->options.settings_date ? app->options.settings_date : "old";
}

static bool keep_lines(App *app, const char *path, const Buffer *bad, Error *error)
{
    char *kept;
    return file_keep_copy(&app->note, path, date(app), (Bytes){bad->at, bad->size}, &kept, error);
}

/* Reads one file of the folder into the list. Returns the number of damaged lines, which are kept aside; -1 = no file. */
static int read_file(App *app, const char *name)
{
    const char *path = path_of(app, name);
    Error error = {0};
    Bytes bytes = {0};
    char *kept = NULL;
    if (!file_exists(path)) return -1;
    if (!file_read(&app->note, path, PROGRESS_CAP, &bytes, &error)) {
        if (file_set_aside(&app->note, path, date(app), &kept, &error))
            app_notice(app, app_word(app, WORD_SETTINGS_BAD), kept);
        else app_notice_error(app, &error);
        return 1;
    }
    Buffer bad = {0};
    int damaged = take_lines(app, bytes, &bad);
    Bytes lines = {bad.at, bad.size};
    error = (Error){0};
    if (damaged && !file_keep_copy(&app->note, path, date(app), lines, &kept, &error))
        app_notice_error(app, &error);
    if (kept) app_notice(app, app_word(app, WORD_PROGRESS_BAD), damaged, kept);
    buffer_free(&bad);
    return damaged;
}

static const char *generation(App *app, int number)
{
    return arena_format(&app->note, "progress-%d.jsonl", number);
}

/* What was kept but not saved, because the program was killed. It was not flushed, so damage is no surprise. */
static void read_late(App *app)
{
    Progress *progress = &app->progress;
    Error error = {0};
    Bytes bytes;
    Buffer bad = {0};
    progress->saved = progress->order;
    if (!file_read(&app->note, path_of(app, PROGRESS_LATE), PROGRESS_CAP, &bytes, &error)) return;
    take_lines(app, bytes, &bad);
    buffer_free(&bad);
    progress->dirty = progress->order > progress->saved;
}

void progress_read(App *app)
{
    Progress *progress = &app->progress;
    if (!app->options.state) return;
    file_remove_strays(app->options.state);
    int damaged = read_file(app, "progress.jsonl");
    progress->readable = damaged == 0 && progress->count > 0;
    for (int i = 1; damaged && !progress->count && i <= GENERATIONS; i++) read_file(app, generation(app, i));
    read_late(app);
    arena_reset(&app->note);
}

/* ---- writing ---- */

static void put(Buffer *out, const Record *record)
{
    buffer_format(out, "{\"kind\": \"%s\", \"order\": %llu", kinds[record->kind].name, record->order);
    for (int k = 0; k < key_count(record->kind); k++) {
        buffer_format(out, ", \"%s\": ", kinds[record->kind].key[k]);
        buffer_json_string(out, record->key[k]);
    }
    if (record->value) {
        buffer_format(out, ", \"%s\": ", kinds[record->kind].value);
        buffer_json_string(out, record->value);
    }
    buffer_text(out, "}\n");
}

void progress_late(App *app, Buffer *out)
{
    const Progress *progress = &app->progress;
    for (int i = 0; i < progress->count; i++)
        if (progress->record[i].order > progress->saved) put(out, &progress->record[i]);
}

/* The file of the session before becomes progress-1.jsonl, that one progress-2.jsonl … A failure is no reason not to
 * save. */
static void rotate(App *app, Bytes bytes, Saving *saving)
{
    if (app->progress.rotated || !app->progress.readable) return;
    app->progress.rotated = true;
    for (int i = GENERATIONS; i > 1; i--)
        (void)rename(path_of(app, generation(app, i - 1)), path_of(app, generation(app, i)));
    saving->generation.path = arena_string(&saving->arena, path_of(app, generation(app, 1)));
    buffer_add(&saving->generation.bytes, bytes.at, bytes.size);
}

static bool merge(App *app, Saving *saving, Error *error)
{
    Bytes bytes = {0};
    Error own = {0};
    const char *path = path_of(app, "progress.jsonl");
    if (!file_exists(path) || !file_read(&app->note, path, PROGRESS_CAP, &bytes, &own)) return true;
    Buffer bad = {0};
    bool kept = !take_lines(app, bytes, &bad) || keep_lines(app, path, &bad, error);
    buffer_free(&bad);
    if (kept) rotate(app, bytes, saving);
    return kept;
}

bool progress_compose(App *app, Saving *saving, Error *error)
{
    Progress *progress = &app->progress;
    saving->lock = -1;
    if (!app->options.state || !progress->dirty) return true;
    if (!folder_make(app->options.state, error)) return false;
    saving->lock = file_lock(path_of(app, "lock"));
    bool ok = merge(app, saving, error);
    if (ok) {
        saving->progress.path = arena_string(&saving->arena, path_of(app, "progress.jsonl"));
        for (int i = 0; i < progress->count; i++) put(&saving->progress.bytes, &progress->record[i]);
        saving->order = progress->order;
        progress->dirty = false;
    }
    arena_reset(&app->note);
    return ok;
}

void progress_composed(App *app, const Saving *saving, bool saved)
{
    Progress *progress = &app->progress;
    file_unlock(saving->lock);
    if (saving->progress.path && saved) progress->saved = saving->order;
    if (saving->progress.path && !saved) progress->dirty = true;
}

/* ---- using ---- */

void progress_note(App *app, RecordKind kind, const char *const *key, const char *value)
{
    Progress *progress = &app->progress;
    int known = find(progress, kind, key);
    bool newest = known == progress->count - 1;
    const char *before = known >= 0 ? progress->record[known].value : NULL;
    bool ordered = kind == RECORD_SENTENCE || kind == RECORD_PLACE; /* a repeat makes it the newest */
    if (known >= 0 && (newest || !ordered) && (!before || strcmp(before, value) == 0)) return;
    add(progress, kind, progress->order + 1, key, value);
    progress->dirty = app->options.state != NULL;
}

const char *progress_value(const Progress *progress, RecordKind kind, const char *const *key)
{
    int known = find(progress, kind, key);
    return known >= 0 ? progress->record[known].value : NULL;
}

bool progress_sentence(const Progress *progress, int index, const char **out)
{
    for (int i = progress->count - 1; i >= 0; i--)
        if (progress->record[i].kind == RECORD_SENTENCE && index-- == 0) {
            *out = progress->record[i].key[0];
            return true;
        }
    return false;
}

bool progress_last_place(const Progress *progress, const char **lesson, const char **step)
{
    for (int i = progress->count - 1; i >= 0; i--)
        if (progress->record[i].kind == RECORD_PLACE) {
            *lesson = progress->record[i].key[0];
            *step = progress->record[i].value;
            return true;
        }
    return false;
}
