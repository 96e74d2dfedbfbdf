/* edit_text.c — see edit_text.h.
 *
 * Numbers are written seven bits a byte, low ones first, the high bit telling that more follow; floats as their four bytes.
 * Equal floats side by side are written once: a uniform row or a zeroed vector is short however long it is. */
#include "app/edit_text.h"
#include <math.h>
#include <string.h>

/* ---- bytes ---- */

static void put_number(Buffer *out, unsigned long long value)
{
    while (value >= 128) {
        char byte = (char)(128 | (value & 127));
        buffer_add(out, &byte, 1);
        value >>= 7;
    }
    char byte = (char)value;
    buffer_add(out, &byte, 1);
}

static void put_text(Buffer *out, const char *text)
{
    put_number(out, strlen(text));
    buffer_text(out, text);
}

static void put_float(Buffer *out, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    char byte[4] = {(char)bits, (char)(bits >> 8), (char)(bits >> 16), (char)(bits >> 24)};
    buffer_add(out, byte, sizeof byte);
}

static void put_double(Buffer *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int shift = 0; shift < 64; shift += 8) {
        char byte = (char)(bits >> shift);
        buffer_add(out, &byte, 1);
    }
}

/* What is left to read; once something was wrong nothing more is. */
typedef struct {
    const unsigned char *at, *end;
    bool bad;
} Reader;

static unsigned long long take_number(Reader *reader, unsigned long long most)
{
    unsigned long long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        if (reader->bad || reader->at == reader->end) break;
        unsigned char byte = *reader->at++;
        value |= (unsigned long long)(byte & 127) << shift;
        if (!(byte & 128) && value <= most) return value;
    }
    reader->bad = true;
    return 0;
}

static size_t room(const Reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/* Bytes without a 0 among them; NULL when there are none. */
static const char *take_text(Reader *reader, size_t most, size_t *size)
{
    *size = (size_t)take_number(reader, most);
    if (reader->bad || *size > room(reader) || memchr(reader->at, 0, *size)) {
        reader->bad = true;
        return NULL;
    }
    reader->at += *size;
    return (const char *)reader->at - *size;
}

static float take_float(Reader *reader)
{
    if (reader->bad || room(reader) < 4) {
        reader->bad = true;
        return 0;
    }
    const unsigned char *b = reader->at;
    uint32_t bits = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    reader->at += 4;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double take_double(Reader *reader)
{
    uint64_t bits = 0;
    double value;
    if (reader->bad || room(reader) < sizeof bits) {
        reader->bad = true;
        return 0;
    }
    for (int shift = 0; shift < 64; shift += 8) bits |= (uint64_t)*reader->at++ << shift;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- fields ---- */

enum { MOST_SENTENCE = 1 << 16, MOST_VALUES = 1 << 20 };

static void write_sentence(const Saved *saved, Buffer *out)
{
    if (strcmp(saved->edit.sentence, saved->lesson->input) != 0) put_text(out, saved->edit.sentence);
}

static void read_sentence(Arena *arena, Reader *reader, Saved *out)
{
    size_t size;
    const char *text = take_text(reader, MOST_SENTENCE, &size);
    if (!text) return;
    out->edit.sentence = memory_resize(out->edit.sentence, size + 1);
    memcpy(out->edit.sentence, text, size);
    out->edit.sentence[size] = 0;
    (void)arena;
}

static bool same_bits(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void write_change(const Change *change, Buffer *out)
{
    put_text(out, change->entry);
    put_number(out, (unsigned long long)change->first);
    put_number(out, (unsigned long long)change->kind);
    put_number(out, (unsigned long long)change->column);
    put_float(out, change->amount);
    put_number(out, (unsigned long long)change->count);
    for (int i = 0, run; i < change->count; i += run) {
        for (run = 1; i + run < change->count && same_bits(change->value[i], change->value[i + run]);) run++;
        put_number(out, (unsigned long long)run);
        put_float(out, change->value[i]);
    }
}

static void write_changes(const Saved *saved, Buffer *out)
{
    const Edit *edit = &saved->edit;
    if (edit->change_count) put_number(out, (unsigned long long)edit->change_count);
    for (int i = 0; i < edit->change_count; i++) write_change(&edit->change[i], out);
}

static void read_values(Reader *reader, Change *change)
{
    int count = change->count;
    change->count = 0;
    while (!reader->bad && change->count < count) {
        int run = (int)take_number(reader, (unsigned long long)(count - change->count));
        float value = take_float(reader);
        reader->bad |= run < 1;
        if (reader->bad) return;
        change->value = memory_resize(change->value, sizeof value * (size_t)(change->count + run));
        for (int i = 0; i < run; i++) change->value[change->count++] = value;
    }
}

static void read_change(Reader *reader, Change *change)
{
    size_t size;
    const char *name = take_text(reader, CHANGE_NAME - 1, &size);
    *change = (Change){0};
    if (name) memcpy(change->entry, name, size);
    change->first = (long long)take_number(reader, 1ULL << 40);
    change->kind = (ChangeKind)take_number(reader, CHANGE_KINDS - 1);
    change->column = (int)take_number(reader, MOST_VALUES);
    change->amount = take_float(reader);
    change->count = (int)take_number(reader, MOST_VALUES);
    reader->bad |= !change->count || change->column >= change->count;
    read_values(reader, change);
}

static void read_changes(Arena *arena, Reader *reader, Saved *out)
{
    int count = (int)take_number(reader, MODEL_MAX_OVERRIDES);
    for (int i = 0; i < count && !reader->bad; i++) {
        Change change;
        read_change(reader, &change);
        if (reader->bad || !edit_add(&out->edit, change)) {
            change_free(&change);
            reader->bad = true;
        }
    }
    (void)arena;
}

static void write_forced(const Saved *saved, Buffer *out)
{
    const Edit *edit = &saved->edit;
    if (edit->forced_count) put_number(out, (unsigned long long)edit->forced_count);
    for (int i = 0; i < edit->forced_count; i++) put_number(out, (unsigned long long)(edit->forced[i] + 1));
}

static void read_forced(Arena *arena, Reader *reader, Saved *out)
{
    int count = (int)take_number(reader, MODEL_MAX_TARGET);
    for (int row = 0; row < count && !reader->bad; row++) {
        int id = (int)take_number(reader, 1ULL << 30) - 1;
        if (!reader->bad && id >= 0) edit_force(&out->edit, row, id);
    }
    (void)arena;
}

static bool is_at_start(const Saved *saved, int i)
{
    double value = saved->edit.control[i], start = saved->lesson->control[i].start;
    return value <= start && value >= start;
}

/* Those that were moved: number and value. */
static void write_controls(const Saved *saved, Buffer *out)
{
    for (int i = 0; i < saved->lesson->control_count; i++) {
        if (is_at_start(saved, i)) continue;
        put_number(out, (unsigned long long)i);
        put_double(out, saved->edit.control[i]);
    }
}

static void read_controls(Arena *arena, Reader *reader, Saved *out)
{
    const Lesson *lesson = out->lesson;
    while (!reader->bad && reader->at < reader->end) {
        int i = (int)take_number(reader, LESSON_CONTROLS);
        double value = take_double(reader);
        reader->bad |= i >= lesson->control_count || !isfinite(value);
        if (!reader->bad) out->edit.control[i] = control_nearest(&lesson->control[i], value);
    }
    (void)arena;
}

/* Sentences that controls hold: number and text. */
static void write_texts(const Saved *saved, Buffer *out)
{
    for (int i = 0; i < saved->lesson->control_count; i++) {
        if (!saved->edit.text[i]) continue;
        put_number(out, (unsigned long long)i);
        put_text(out, saved->edit.text[i]);
    }
}

static void read_texts(Arena *arena, Reader *reader, Saved *out)
{
    const Lesson *lesson = out->lesson;
    while (!reader->bad && reader->at < reader->end) {
        size_t size;
        int i = (int)take_number(reader, LESSON_CONTROLS);
        const char *text = take_text(reader, MOST_SENTENCE, &size);
        reader->bad |= i >= lesson->control_count || lesson->control[i].kind != CONTROL_TEXT;
        if (!reader->bad) edit_set_text(&out->edit, lesson, i, arena_string_sized(arena, text, size));
    }
}

static void write_seed(const Saved *saved, Buffer *out)
{
    if (saved->seed) put_number(out, saved->seed);
}

static void read_seed(Arena *arena, Reader *reader, Saved *out)
{
    out->seed = (unsigned)take_number(reader, UINT32_MAX);
    (void)arena;
}

static void write_model(const Saved *saved, Buffer *out)
{
    if (saved->model) put_text(out, saved->model);
}

static void read_model(Arena *arena, Reader *reader, Saved *out)
{
    size_t size;
    const char *text = take_text(reader, CHANGE_NAME, &size);
    if (text) out->model = arena_string_sized(arena, text, size);
}

/* In the order in which they are written; a tag is never used again for something else. */
static const struct {
    char tag;
    void (*write)(const Saved *saved, Buffer *out); /* nothing = the field is left out */
    void (*read)(Arena *arena, Reader *reader, Saved *out);
} fields[] = {
    {'m', write_model, read_model},       {'s', write_sentence, read_sentence},
    {'c', write_changes, read_changes},   {'f', write_forced, read_forced},
    {'k', write_controls, read_controls}, {'t', write_texts, read_texts},
    {'q', write_seed, read_seed},
};
enum { FIELDS = sizeof fields / sizeof *fields };

void edit_write(const Saved *saved, Buffer *out)
{
    Buffer field = {0};
    for (int i = 0; i < FIELDS; i++) {
        buffer_clear(&field);
        fields[i].write(saved, &field);
        if (!field.size) continue;
        buffer_add(out, &fields[i].tag, 1);
        put_number(out, field.size);
        buffer_add(out, field.at, field.size);
    }
    buffer_free(&field);
}

static bool read_field(Arena *arena, Reader *reader, Saved *out)
{
    int i = 0;
    char tag = (char)*reader->at++;
    size_t size = (size_t)take_number(reader, 1ULL << 30);
    if (reader->bad || size > room(reader)) return false;
    while (i < FIELDS && fields[i].tag != tag) i++;
    if (i == FIELDS) return false;
    Reader inside = {reader->at, reader->at + size, false};
    fields[i].read(arena, &inside, out);
    reader->at += size;
    return !inside.bad && inside.at == inside.end;
}

bool edit_read(Arena *arena, const void *bytes, size_t size, Saved *out, Error *error)
{
    Reader reader = {bytes, (const unsigned char *)bytes + size, false};
    const Lesson *lesson = out->lesson;
    out->edit = edit_of_sentence(lesson->input);
    for (int i = 0; i < lesson->control_count; i++) out->edit.control[i] = lesson->control[i].start;
    while (reader.at < reader.end)
        if (!read_field(arena, &reader, out)) {
            edit_free(&out->edit);
            error_set(error, EXIT_INPUT, "the state string holds something this version does not know");
            return error_add(error, "do", "open it with the version of attnscope that made it");
        }
    return true;
}
