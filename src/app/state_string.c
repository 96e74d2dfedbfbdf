/* state_string.c — see state_string.h. */
#include "app/state_string.h"
#include <stdlib.h>
#include <string.h>
#include "app/edit_text.h"
#include "app/state.h"

enum { PARTS = 6, CHECK_CHARACTERS = 6, LONGEST = 1 << 20 };
enum { PART_VERSION, PART_LESSON, PART_STEP, PART_TICK, PART_SET, PART_CHECK };

static const char *const version = "as1";
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* ---- base64url (RFC 4648, section 5), without padding ---- */

static void put_base64(Buffer *out, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 3) {
        unsigned a = bytes[i], b = i + 1 < size ? bytes[i + 1] : 0, c = i + 2 < size ? bytes[i + 2] : 0;
        char four[4] = {digits[a >> 2], digits[(a & 3) << 4 | b >> 4], digits[(b & 15) << 2 | c >> 6],
                        digits[c & 63]};
        buffer_add(out, four, i + 2 < size ? 4 : size - i + 1);
    }
}

static bool take_base64(const char *text, size_t size, Buffer *out)
{
    unsigned held = 0;
    int bits = 0;
    for (size_t i = 0; i < size; i++) {
        const char *at = text[i] ? strchr(digits, text[i]) : NULL;
        if (!at) return false;
        held = held << 6 | (unsigned)(at - digits);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        char byte = (char)(held >> bits);
        buffer_add(out, &byte, 1);
        held &= (1u << bits) - 1;
    }
    return held == 0 && bits < 6; /* the bits that fill up the last character are zeros */
}

/* CRC-32 (ISO 3309, as in PNG). */
static uint32_t checksum(const char *text, size_t size)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < size; i++) {
        crc ^= (unsigned char)text[i];
        for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static void put_check(Buffer *out, const char *text, size_t size)
{
    uint32_t crc = checksum(text, size);
    unsigned char bytes[4] = {(unsigned char)(crc >> 24), (unsigned char)(crc >> 16),
                              (unsigned char)(crc >> 8), (unsigned char)crc};
    put_base64(out, bytes, sizeof bytes);
}

/* ---- writing ---- */

static Saved saved_of(const App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    Saved saved = {.seed = app->seed, .lesson = lesson};
    saved.edit = app->session.open ? app->session.edit : (Edit){0};
    if (app->open == app->sandbox) saved.model = lesson->model;
    return saved;
}

void state_string_write(const App *app, Buffer *out)
{
    const Lesson *lesson = app_current_lesson(app);
    const Step *step = app_current_step(app);
    if (!lesson || !step) return;
    Saved saved = saved_of(app);
    Buffer set = {0};
    if (app->session.open) edit_write(&saved, &set);
    size_t start = out->size;
    buffer_format(out, "%s.%s.%s.%d.", version, lesson->id, step->id, app->tick + 1);
    put_base64(out, (const unsigned char *)set.at, set.size);
    size_t end = out->size;
    buffer_text(out, ".");
    put_check(out, out->at + start, end - start);
    buffer_free(&set);
}

/* ---- reading ---- */

typedef struct {
    const char *at;
    size_t size;
} Part;

bool state_string_is(const char *text)
{
    text += strspn(text, " \t\r\n");
    return text[0] == 'a' && text[1] == 's' && text[2] >= '0' && text[2] <= '9' &&
           text[2 + strspn(text + 2, "0123456789")] == '.';
}

static bool damaged(Error *error, const char *why)
{
    error_set(error, EXIT_INPUT, "this is not a whole state string");
    error_add(error, "why", "%s", why);
    return error_add(error, "do", "copy it again from beginning to end; Ctrl+Shift+C makes one");
}

/* The parts between the dots, without blanks around the whole; the check must hold. */
static bool cut(const char *text, Part part[PARTS], Error *error)
{
    text += strspn(text, " \t\r\n");
    size_t size = strlen(text), own = strlen(version);
    while (size && strchr(" \t\r\n", text[size - 1])) size--;
    if (size > LONGEST) return damaged(error, "it is longer than any can be");
    if (strncmp(text, version, own) != 0 || text[own] != '.') {
        error_set(error, EXIT_INPUT, "the state string %s is of another version of attnscope",
                  error_quote(text, size, (char[420]){0}, 420));
        return error_add(error, "expected", "one that begins with %s.", version);
    }
    int count = 0;
    for (size_t from = 0; from <= size && count < PARTS;) {
        const char *dot = memchr(text + from, '.', size - from);
        size_t end = dot ? (size_t)(dot - text) : size;
        part[count++] = (Part){text + from, end - from};
        from = end + 1;
        if (end == size) break;
    }
    Part *check = &part[PART_CHECK];
    if (count != PARTS || check->at + check->size != text + size)
        return damaged(error, "a part of it is missing");
    Buffer expected = {0};
    put_check(&expected, text, (size_t)(check->at - 1 - text));
    bool good = check->size == CHECK_CHARACTERS && memcmp(check->at, expected.at, CHECK_CHARACTERS) == 0;
    buffer_free(&expected);
    return good || damaged(error, "its check does not fit: some of its characters were changed or lost");
}

static bool find_place(App *app, const Part part[PARTS], int *slot, int *step, Error *error)
{
    const char *lesson = arena_string_sized(&app->note, part[PART_LESSON].at, part[PART_LESSON].size);
    const char *id = arena_string_sized(&app->note, part[PART_STEP].at, part[PART_STEP].size);
    for (*slot = 0; *slot < app->slot_count && strcmp(app->slot[*slot].id, lesson) != 0;) ++*slot;
    if (*slot == app->slot_count) {
        error_set(error, EXIT_INPUT, "cannot open the state string: there is no lesson %s here",
                  QUOTED(lesson));
        return error_add(error, "do", "attnscope lessons lists those that there are");
    }
    if (!app->slot[*slot].ok) return *error = app->slot[*slot].error, false;
    *step = lesson_find_step(&app->slot[*slot].lesson, id);
    if (*step >= 0 && strcmp(app->slot[*slot].lesson.step[*step].id, id) == 0) return true;
    error_set(error, EXIT_INPUT, "cannot open the state string: lesson %s has no step %s", lesson,
              QUOTED(id));
    return error_add(error, "why", "the lesson was changed since the string was made");
}

static bool read_set(App *app, const Part *part, int slot, Saved *out, Error *error)
{
    Buffer bytes = {0};
    const Lesson *lesson = &app->slot[slot].lesson;
    *out = (Saved){.lesson = lesson};
    bool good =
        take_base64(part->at, part->size, &bytes) || damaged(error, "a character is none of its kind");
    good = good && edit_read(&app->note, bytes.at, bytes.size, out, error);
    buffer_free(&bytes);
    if (!good || !out->model || strcmp(out->model, lesson->model) == 0) return good;
    edit_free(&out->edit);
    error_set(error, EXIT_INPUT, "the state string was made with the model %s", QUOTED(out->model));
    return error_add(error, "do",
                     "start attnscope inspect --model with that name, then search for the string");
}

/* The edit is taken over. */
static bool enter(App *app, int slot, int step, int tick, Saved *saved, Error *error)
{
    Error own = {0};
    bool good = app_enter(app, slot, -1, error);
    app->seed = saved->seed;
    if (good && app->session.open) {
        bool plain = edit_equal(&saved->edit, &app->session.edit);
        if (!plain) session_remember(&app->session);
        good = plain || session_set_edit(&app->session, edit_copy(&saved->edit), error);
    } else if (good && app->engine_error.code && app->engine_error.text[0]) own = app->engine_error;
    edit_free(&saved->edit);
    if (!good) return false;
    app->answer_count = 0;
    play_recall(app);
    int first = app_first_tick(app, step), end = app_tick_end(app, step);
    play_go(app, step, tick < first ? first : tick >= end ? end - 1 : tick, false);
    app_notice_error(app, &own);
    return true;
}

typedef struct {
    int slot, step, tick;
    Saved saved;
} Target;

static bool read_target(App *app, const char *text, Target *out, Error *error)
{
    Part part[PARTS];
    *out = (Target){0};
    if (!cut(text, part, error) || !find_place(app, part, &out->slot, &out->step, error) ||
        !read_set(app, &part[PART_SET], out->slot, &out->saved, error))
        return false;
    out->tick = (int)strtol(part[PART_TICK].at, NULL, 10) - 1; /* ends at the dot */
    return true;
}

/* The target is taken over. */
static bool go(App *app, Target *target, Error *error)
{
    return enter(app, target->slot, target->step, target->tick, &target->saved, error);
}

bool state_string_open(App *app, const char *text, Error *error)
{
    Target target, back;
    Buffer before = {0};
    Error again = {0};
    bool good = read_target(app, text, &target, error);
    if (good) {
        state_string_write(app, &before);
        good = go(app, &target, error);
        if (!good && before.size && read_target(app, before.at, &back, &again)) go(app, &back, &again);
        else if (!good) app_enter(app, HOME, 0, &again);
    }
    buffer_free(&before);
    arena_reset(&app->note);
    return good;
}
