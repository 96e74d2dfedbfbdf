/* config.c — see config.h. */
#include "model/config.h"
#include <string.h>
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"

enum { CONFIG_MAX_BYTES = 1 << 20 };

typedef struct {
    const char *key;
    bool whole;
    double low, high;
    size_t offset;
} Setting;

static const Setting settings_top[] = {
#define CONFIG_INT(field, otherwise, low, high, meaning)                                                     \
    {#field, true, low, high, offsetof(ModelConfig, field)},
#define CONFIG_REAL(field, otherwise, low, high, meaning)                                                    \
    {#field, false, low, high, offsetof(ModelConfig, field)},
#include "model/config.def"
    {NULL, false, 0, 0, 0}};

static const Setting settings_training[] = {
#define TRAINING_INT(field, otherwise, low, high, meaning)                                                   \
    {#field, true, low, high, offsetof(ModelConfig, field)},
#define TRAINING_REAL(field, otherwise, low, high, meaning)                                                  \
    {#field, false, low, high, offsetof(ModelConfig, field)},
#include "model/config.def"
    {NULL, false, 0, 0, 0}};

typedef struct {
    const char *key, *choices;
    size_t offset;
} Choice;

static const Choice choices_top[] = {
#define CONFIG_CHOICE(field, choices, meaning) {#field, choices, offsetof(ModelConfig, field)},
#include "model/config.def"
    {NULL, NULL, 0}};

static const char *const texts_top[] = {
#define CONFIG_CHOICE(field, choices, meaning) #field,
#include "model/config.def"
    "name", "kind", "attention", "source", "target", "title", "alignment", "training", NULL};

static bool known(const Setting *settings, const char *key)
{
    for (const Setting *s = settings; s->key; s++)
        if (!strcmp(s->key, key)) return true;
    return false;
}

static bool read_settings(const Json *object, const Setting *settings, const char *path, ModelConfig *out,
                          Error *error)
{
    for (const Setting *s = settings; s->key; s++) {
        const Json *value = json_get(object, s->key);
        if (!value) continue;
        long long whole = 0;
        double number = json_number(value, s->low - 1);
        bool good = number >= s->low && number <= s->high;
        if (s->whole) good = json_whole(value, (long long)s->low, (long long)s->high, &whole);
        if (!good) {
            error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
            error_add(error, "where", "\"%s\"", s->key);
            return error_add(error, "expected", "a %snumber from %.10g to %.10g", s->whole ? "whole " : "",
                             s->low, s->high);
        }
        if (s->whole) *(int *)(void *)((char *)out + s->offset) = (int)whole;
        else *(double *)(void *)((char *)out + s->offset) = number;
    }
    return true;
}

static bool refuse_unknown(const Json *object, const Setting *settings, const char *const *texts,
                           const char *path, Error *error)
{
    for (size_t i = 0; i < json_count(object); i++) {
        const char *key = NULL;
        json_member(object, i, &key);
        bool good = known(settings, key);
        for (const char *const *text = texts; !good && *text; text++) good = !strcmp(*text, key);
        if (good) continue;
        error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
        return error_add(error, "found", "the key %s, which means nothing here", QUOTED(key));
    }
    return true;
}

/* These texts go to terminals as they are. */
static bool controls(const char *text)
{
    for (const char *at = text, *end = text + strlen(text); at < end;) {
        unsigned code = utf8_next(&at, end);
        if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;
    }
    return false;
}

/* Without the key it is `otherwise`; NULL = the key must be there. */
static bool read_text(Arena *arena, const Json *root, const char *key, const char *otherwise,
                      const char *path, const char **out, Error *error)
{
    const Json *value = json_get(root, key);
    const char *text = value ? json_text(value) : otherwise;
    if (!text || !*text || strlen(text) > 64 || controls(text)) {
        error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
        return error_add(error, "expected",
                         "\"%s\" as a text of at most 64 bytes, without control characters", key);
    }
    *out = arena_string(arena, text);
    return true;
}

/* The one of "a|b|c" that the config says, or the first. */
static bool read_choice(Arena *arena, const Json *root, const Choice *choice, const char *path,
                        ModelConfig *out, Error *error)
{
    const Json *value = json_get(root, choice->key);
    const char *text = json_text(value), *found = NULL;
    for (const char *at = choice->choices; *at;) {
        size_t size = strcspn(at, "|");
        bool is = value ? text && strlen(text) == size && !memcmp(text, at, size) : at == choice->choices;
        if (is) found = arena_string_sized(arena, at, size);
        at += size + (at[size] == '|');
    }
    if (!found) {
        error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
        error_add(error, "where", "\"%s\"", choice->key);
        return error_add(error, "expected", "one of %s", choice->choices);
    }
    *(const char **)(void *)((char *)out + choice->offset) = found;
    return true;
}

/* "alignment": {"layer": 1, "head": 2}; without a head, or with null, the mean of the layer's heads. */
static bool read_alignment(const Json *root, const char *path, ModelConfig *out, Error *error)
{
    const Json *alignment = json_get(root, "alignment"), *head = json_get(alignment, "head");
    long long layer = -1, number = -1;
    out->alignment_layer = out->alignment_head = -1;
    if (!alignment) return true;
    bool good = json_kind(alignment) == JSON_KIND_OBJECT && !strcmp(out->kind, "transformer") &&
                json_whole(json_get(alignment, "layer"), 0, out->layers - 1, &layer) &&
                (!head || json_kind(head) == JSON_KIND_NULL || json_whole(head, 0, out->heads - 1, &number));
    for (size_t i = 0; good && i < json_count(alignment); i++) {
        const char *key = NULL;
        json_member(alignment, i, &key);
        good = !strcmp(key, "layer") || !strcmp(key, "head");
    }
    if (!good) {
        error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
        error_add(error, "where", "\"alignment\"");
        return error_add(error, "expected",
                         "of a Transformer: {\"layer\": from 0 to %d, \"head\": from 0 to %d or null}",
                         out->layers - 1, out->heads - 1);
    }
    out->alignment_layer = (int)layer;
    out->alignment_head = (int)number;
    return true;
}

static bool read_all(Arena *arena, const Json *root, const char *path, ModelConfig *out, Error *error)
{
    static const char *const training_texts[] = {"leave_out", NULL};
    const Json *training = json_get(root, "training"), *title = json_get(root, "title");
    if (json_kind(root) != JSON_KIND_OBJECT || (training && json_kind(training) != JSON_KIND_OBJECT)) {
        error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
        return error_add(error, "expected", "%s", training ? "an object as \"training\"" : "a JSON object");
    }
    if (!refuse_unknown(root, settings_top, texts_top, path, error) ||
        !refuse_unknown(training, settings_training, training_texts, path, error) ||
        !read_settings(root, settings_top, path, out, error) ||
        !read_settings(training, settings_training, path, out, error) ||
        !read_text(arena, root, "name", NULL, path, &out->name, error) ||
        !read_text(arena, root, "kind", NULL, path, &out->kind, error) ||
        !read_text(arena, root, "source", NULL, path, &out->source, error) ||
        !read_text(arena, root, "target", NULL, path, &out->target, error))
        return false;
    const char *usual = strcmp(out->kind, "transformer") ? "additive" : "multi-head";
    if (!read_text(arena, root, "attention", usual, path, &out->attention, error) ||
        !read_text(arena, title, "en", out->name, path, &out->title[0], error) ||
        !read_text(arena, title, "zh", out->title[0], path, &out->title[1], error))
        return false;
    for (const Choice *choice = choices_top; choice->key; choice++)
        if (!read_choice(arena, root, choice, path, out, error)) return false;
    if (!read_alignment(root, path, out, error)) return false;
    const Json *leave_out = json_get(training, "leave_out");
    if (leave_out && json_kind(leave_out) != JSON_KIND_ARRAY) {
        error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
        return error_add(error, "expected", "a list of texts as \"leave_out\"");
    }
    out->leave_out_count = (int)json_count(leave_out);
    out->leave_out = arena_array(arena, const char *, (size_t)out->leave_out_count + 1);
    for (int i = 0; i < out->leave_out_count; i++) {
        const char *sentence = json_text(json_item(leave_out, (size_t)i));
        if (!sentence) {
            error_set(error, EXIT_INPUT, "cannot use %s", QUOTED(path));
            error_add(error, "where", "/training/leave_out/%d", i);
            return error_add(error, "expected", "a text");
        }
        out->leave_out[i] = arena_string(arena, sentence);
    }
    return true;
}

bool config_read(Arena *arena, const char *path, ModelConfig *out, Error *error)
{
    ModelConfig config = {
#define CONFIG_INT(field, otherwise, ...) .field = otherwise,
#define CONFIG_REAL(field, otherwise, ...) .field = otherwise,
#include "model/config.def"
#define TRAINING_INT(field, otherwise, ...) .field = otherwise,
#define TRAINING_REAL(field, otherwise, ...) .field = otherwise,
#include "model/config.def"
    };
    Bytes bytes;
    if (!file_read(arena, path, CONFIG_MAX_BYTES, &bytes, error)) return false;
    Json *root = json_parse(bytes.at, bytes.size, path, error);
    if (!root) return false;
    bool good = read_all(arena, root, path, &config, error);
    json_close(root);
    if (!good)
        error_add(
            error, "do",
            "correct it (attnscope train --help lists what it may say), or take the config.json that was "
            "saved with the weights; nothing was changed");
    if (good) *out = config;
    return good;
}
