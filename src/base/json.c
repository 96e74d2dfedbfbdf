/* json.c — see json.h. The only file that includes jansson.
 *
 * jansson parses; its tree is then copied into a flat read-only one (children side by side, objects also sorted by key),
 * because walking a jansson object by position takes time quadratic in its size. Surprise: the nesting is measured
 * before jansson sees the text, so a hostile document cannot use up the stack. */
#include "base/json.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/file.h"
#include "base/utf8.h"

enum { JSON_MAX_DEPTH = 64, JSON_INDEXED = 8 };

struct JsonValue {
    JsonKind kind;
    bool whole; /* a number written without point or exponent */
    double number;
    long long integer;
    const char *text;
    size_t count;
    Json *item;       /* members of an array or object */
    const char **key; /* of an object, in the order of the file */
    int *by_key;      /* positions sorted by key; NULL for small objects */
};

typedef struct {
    Json root; /* first: json_close gets its address */
    Arena arena;
} Document;

typedef struct {
    size_t byte;
    int line, column;
} Place;

static bool marked(const char *text, size_t size)
{
    return size >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3);
}

static Place place_of(const char *text, size_t size, size_t byte)
{
    Place place = {byte, 1, 1};
    for (size_t i = marked(text, size) ? 3 : 0; i < byte && i < size; i++) {
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) place.column++;
    }
    return place;
}

/* The headline and the place; `name` is shown as editors and terminals jump to it: name:line:column. */
static bool refuse(const char *name, Place place, Error *error)
{
    const char *quoted = QUOTED(name);
    error_set(error, EXIT_INPUT, "cannot read %s", quoted);
    return error_add(error, "where", "%.*s:%d:%d (byte %zu)", (int)strlen(quoted) - 2, quoted + 1, place.line,
                     place.column, place.byte);
}

/* What the text is when it is something else altogether ("an HTML page"); NULL when it may be damaged JSON. */
static const char *other_kind(const char *text, size_t size)
{
    const char *guess = size ? file_guess((Bytes){text, size}) : NULL;
    return guess && strcmp(guess, "a JSON document") && strcmp(guess, "a text file") ? guess : NULL;
}

static bool check_encoding(const char *text, size_t size, const char *name, Error *error)
{
    const char *kind = other_kind(text, size);
    size_t good = utf8_valid_prefix(text, size);
    if (good == size) return true;
    refuse(name, place_of(text, size, good), error);
    bool latin = (unsigned char)text[good] >= 0xA0;
    error_add(error, "found", "byte 0x%02x, which is not UTF-8 (%s)", (unsigned char)text[good],
              kind    ? kind
              : latin ? "it looks like Latin-1"
                      : "the file is damaged, or binary");
    return error_add(error, "do", "save the file as UTF-8");
}

/* Byte offset at which the nesting passes the limit, or `size`. */
static size_t too_deep(const char *text, size_t size)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (quoted) {
            if (c == '\\') i++;
            else if (c == '"') quoted = false;
        } else if (c == '"') quoted = true;
        else if (c == '[' || c == '{') {
            if (++depth > JSON_MAX_DEPTH) return i;
        } else if ((c == ']' || c == '}') && depth > 0) depth--;
    }
    return size;
}

/* The offset of the string whose closing quote stands before `end`; `end` when there is none. */
static size_t string_before(const char *text, size_t end)
{
    for (size_t i = 0; i < end; i++) {
        if (text[i] != '"') continue;
        size_t start = i++;
        for (; i < end && text[i] != '"'; i++)
            if (text[i] == '\\') i++;
        if (i + 1 == end) return start;
    }
    return end;
}

/* The offset of the key that is written like the one from `second` to `end` and stands before it in the same object;
 * `second` when it is written otherwise, with an escape. */
static size_t first_of(const char *text, size_t second, size_t end)
{
    size_t first[JSON_MAX_DEPTH + 2] = {second}, depth = 0;
    for (size_t i = 0; i < second; i++) {
        if (text[i] == '[' || text[i] == '{') first[++depth] = second;
        else if ((text[i] == ']' || text[i] == '}') && depth > 0) depth--;
        if (text[i] != '"') continue;
        size_t start = i++;
        while (text[i] != '"') i += text[i] == '\\' ? 2 : 1;
        size_t after = i + 1;
        while (after < second && strchr(" \t\r\n", text[after])) after++;
        if (text[after] == ':' && i + 1 - start == end - second && first[depth] == second &&
            !memcmp(text + start, text + second, end - second))
            first[depth] = start;
    }
    return first[depth];
}

/* jansson tells how far it had read; the place to look at is where the last token begins. `text` starts behind the mark,
 * `skipped` bytes into the file. */
static void explain(const char *text, size_t size, const char *name, size_t skipped,
                    const json_error_t *report, Error *error)
{
    const char *near = strstr(report->text, " near '");
    size_t end = report->position > 0 ? (size_t)report->position : 0, start = end ? end - 1 : 0;
    size_t length = near ? strlen(near + strlen(" near '")) - 1 : 0;
    bool twice = json_error_code(report) == json_error_duplicate_key;
    if (end > size || strstr(report->text, "near end of file")) start = end = size;
    else if (twice) start = string_before(text, end);
    else if (near && length <= end) start = end - length;
    Place place = place_of(text, size, start);
    place.byte += skipped;
    refuse(name, place, error);
    error_add(error, "why", "%.*s", near ? (int)(near - report->text) : (int)strlen(report->text),
              report->text);
    char quoted[420];
    size_t first = twice ? first_of(text, start, end) : start;
    if (first < start) {
        Place before = place_of(text, size, first);
        error_add(error, "found", "%s, which is there first at %d:%d (byte %zu)",
                  error_quote(text + start + 1, end - start - 2, quoted, sizeof quoted), before.line,
                  before.column, before.byte + skipped);
    } else if (near)
        error_add(error, "found", "%s", error_quote(near + strlen(" near '"), length, quoted, sizeof quoted));
    const char *kind = other_kind(text, size);
    if (kind) error_add(error, "found", "%s", kind);
    error_add(error, "do",
              size == 0 ? "the file is empty: write it again"
              : kind    ? "take the right file"
                        : "correct the file at this place");
}

static json_t *load(const char *text, size_t size, const char *name, size_t skipped, Error *error)
{
    json_error_t report;
    json_t *tree = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &report);
    if (!tree) explain(text, size, name, skipped, &report, error);
    return tree;
}

/* qsort has no context argument in C17, so keys are sorted together with their positions. */
typedef struct {
    const char *key;
    int position;
} KeyPosition;

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const KeyPosition *)a)->key, ((const KeyPosition *)b)->key);
}

static int *sorted_positions(Arena *arena, const Json *object)
{
    KeyPosition *pairs = arena_array(arena, KeyPosition, object->count);
    int *position = arena_array(arena, int, object->count);
    for (size_t i = 0; i < object->count; i++) pairs[i] = (KeyPosition){object->key[i], (int)i};
    qsort(pairs, object->count, sizeof *pairs, compare_keys);
    for (size_t i = 0; i < object->count; i++) position[i] = pairs[i].position;
    return position;
}

/* Recursion is bounded by JSON_MAX_DEPTH. */
static void copy(Arena *arena, json_t *from, Json *to)
{
    switch (json_typeof(from)) {
    case JSON_NULL: to->kind = JSON_KIND_NULL; break;
    case JSON_TRUE:
    case JSON_FALSE: *to = (Json){.kind = JSON_KIND_BOOL, .whole = json_is_true(from)}; break;
    case JSON_REAL: *to = (Json){.kind = JSON_KIND_NUMBER, .number = json_real_value(from)}; break;
    case JSON_INTEGER:
        *to = (Json){.kind = JSON_KIND_NUMBER, .whole = true, .integer = json_integer_value(from)};
        to->number = (double)to->integer;
        break;
    case JSON_STRING:
        *to = (Json){.kind = JSON_KIND_STRING};
        to->text = arena_string_sized(arena, json_string_value(from), json_string_length(from));
        break;
    case JSON_ARRAY:
        *to = (Json){.kind = JSON_KIND_ARRAY, .count = json_array_size(from)};
        to->item = arena_array(arena, Json, to->count);
        for (size_t i = 0; i < to->count; i++) copy(arena, json_array_get(from, i), &to->item[i]);
        break;
    case JSON_OBJECT: {
        *to = (Json){.kind = JSON_KIND_OBJECT, .count = json_object_size(from)};
        to->item = arena_array(arena, Json, to->count);
        to->key = arena_array(arena, const char *, to->count);
        const char *key;
        json_t *value;
        size_t i = 0;
        json_object_foreach(from, key, value)
        {
            to->key[i] = arena_string(arena, key);
            copy(arena, value, &to->item[i++]);
        }
        if (to->count > JSON_INDEXED) to->by_key = sorted_positions(arena, to);
        break;
    }
    }
}

Json *json_parse(const char *text, size_t size, const char *name, Error *error)
{
    if (!check_encoding(text, size, name, error)) return NULL;
    size_t skipped = marked(text, size) ? 3 : 0;
    size_t deep = too_deep(text, size);
    if (deep < size) {
        refuse(name, place_of(text, size, deep), error);
        error_add(error, "why", "it is nested deeper than %d levels", JSON_MAX_DEPTH);
        error_add(error, "do", "check that it is the right file; nothing was changed");
        return NULL;
    }
    json_t *tree = load(text + skipped, size - skipped, name, skipped, error);
    if (!tree) return NULL;
    Arena arena = arena_make("json");
    Document *document = arena_new(&arena, Document);
    copy(&arena, tree, &document->root);
    document->arena = arena;
    json_decref(tree);
    return &document->root;
}

void json_close(Json *root)
{
    if (!root) return;
    Arena arena = ((Document *)root)->arena; /* a copy: the document lives inside it */
    arena_free(&arena);
}

JsonKind json_kind(const Json *value)
{
    return value ? value->kind : JSON_KIND_NONE;
}

const Json *json_get(const Json *object, const char *key)
{
    if (json_kind(object) != JSON_KIND_OBJECT) return NULL;
    if (!object->by_key) {
        for (size_t i = 0; i < object->count; i++)
            if (!strcmp(object->key[i], key)) return &object->item[i];
        return NULL;
    }
    size_t low = 0, high = object->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int position = object->by_key[middle], order = strcmp(object->key[position], key);
        if (order == 0) return &object->item[position];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

size_t json_count(const Json *container)
{
    return container ? container->count : 0;
}

const Json *json_item(const Json *array, size_t index)
{
    return json_kind(array) == JSON_KIND_ARRAY && index < array->count ? &array->item[index] : NULL;
}

const Json *json_member(const Json *object, size_t index, const char **key)
{
    bool there = json_kind(object) == JSON_KIND_OBJECT && index < object->count;
    if (key) *key = there ? object->key[index] : NULL;
    return there ? &object->item[index] : NULL;
}

const char *json_text(const Json *value)
{
    return value ? value->text : NULL;
}

double json_number(const Json *value, double otherwise)
{
    return json_kind(value) == JSON_KIND_NUMBER ? value->number : otherwise;
}

bool json_bool(const Json *value, bool otherwise)
{
    return json_kind(value) == JSON_KIND_BOOL ? value->whole : otherwise;
}

bool json_whole(const Json *value, long long low, long long high, long long *out)
{
    if (json_kind(value) != JSON_KIND_NUMBER || !value->whole || value->integer < low ||
        value->integer > high)
        return false;
    *out = value->integer;
    return true;
}
