/* json.h — JSON that may be hostile, read through jansson (which only json.c includes).
 * (json_text and json_whole are named so because jansson owns json_string and json_integer.)
 *
 * A parsed document is a read-only tree; its strings live as long as the document. Duplicate keys, depth over 64, NaN,
 * and text that is not UTF-8 are refused with line and column. Writing is done with Buffer (buffer_json_string). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"

typedef struct JsonValue Json; /* any node; NULL stands for "not there" and every function accepts it */
typedef enum {
    JSON_KIND_NONE,
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_NUMBER,
    JSON_KIND_STRING,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
} JsonKind;

/* Parses size bytes; `name` is quoted in errors. NULL on failure. Free with json_close. */
Json *json_parse(const char *text, size_t size, const char *name, Error *error);
void json_close(Json *root);
JsonKind json_kind(const Json *value);
const Json *json_get(const Json *object, const char *key); /* NULL when absent or not an object */
size_t json_count(const Json *container);                  /* items of an array or members of an object */
const Json *json_item(const Json *array, size_t index);
/* Member number `index` of an object, in the order of the file; *key gets its name. */
const Json *json_member(const Json *object, size_t index, const char **key);
const char *json_text(const Json *value);                /* NULL when it is no string (or holds a NUL) */
double json_number(const Json *value, double otherwise); /* `otherwise` when it is no number */
bool json_bool(const Json *value, bool otherwise);
/* A whole number in [low, high]: false when it is anything else. */
bool json_whole(const Json *value, long long low, long long high, long long *out);
