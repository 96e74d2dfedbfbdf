/* reload.c — see reload.h.
 *
 * Surprise: the old version is freed once the new one stands in its place, so nothing may keep a pointer into a Lesson from
 * one event to the next: the App keeps indices, and finds its step again by id. */
#include "app/reload.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "app/search.h"
#include "app/state.h"

static const double poll_every = 0.5;

/* ---- looking ---- */

static const char *folder_of(App *app, const LessonSlot *slot)
{
    return path_join(&app->note, app->options.lessons, slot->id);
}

static void look(App *app, const LessonSlot *slot, FileStamp out[LESSON_LANGUAGES])
{
    static const char *const file[LESSON_LANGUAGES] = {"en.md", "zh.md"};
    for (int i = 0; i < LESSON_LANGUAGES; i++)
        out[i] = file_stamp(path_join(&app->note, folder_of(app, slot), file[i]));
}

static bool same(const FileStamp a[LESSON_LANGUAGES], const FileStamp b[LESSON_LANGUAGES])
{
    bool equal = true;
    for (int i = 0; i < LESSON_LANGUAGES; i++) equal = equal && file_stamp_equal(a[i], b[i]);
    return equal;
}

/* True when there is something new, and it has stood still since the last look. */
static bool is_news(App *app, LessonSlot *slot)
{
    FileStamp now[LESSON_LANGUAGES];
    look(app, slot, now);
    bool still = same(now, slot->stamp.seen), news = !same(now, slot->stamp.read);
    memcpy(slot->stamp.seen, now, sizeof now);
    if (news && still) memcpy(slot->stamp.read, now, sizeof now);
    return news && still;
}

/* ---- reading ---- */

static bool read_version(App *app, const LessonSlot *slot, Arena *memory, Lesson *out, Error *error)
{
    *memory = arena_make("lesson");
    if (lesson_read(memory, folder_of(app, slot), out, error)) return true;
    arena_free(memory);
    return false;
}

void reload_first(App *app, int index)
{
    LessonSlot *slot = &app->slot[index];
    look(app, slot, slot->stamp.read);
    memcpy(slot->stamp.seen, slot->stamp.read, sizeof slot->stamp.seen);
    slot->ok = read_version(app, slot, &slot->memory, &slot->lesson, &slot->error);
    arena_reset(&app->note);
}

static void take_version(App *app, LessonSlot *slot, Lesson lesson, Arena memory)
{
    thumbnails_free(app);
    search_free(app);
    arena_free(&slot->memory);
    slot->lesson = lesson;
    slot->memory = memory;
    slot->ok = true;
    slot->error = (Error){0};
}

/* ---- the open lesson ---- */

void reload_forget(App *app)
{
    app->reload.banner[0] = 0;
}

/* An error's text without the path to the lessons' folder, which says nothing new. */
static void set_banner(App *app, const Error *error, bool older)
{
    Reload *reload = &app->reload;
    const char *lessons = app->options.lessons;
    size_t prefix = strlen(lessons), used = 0;
    for (const char *at = error->text; *at && used + 1 < sizeof reload->banner;) {
        if (prefix && strncmp(at, lessons, prefix) == 0) {
            at += prefix;
            at += strspn(at, "/");
        } else reload->banner[used++] = *at++;
    }
    reload->banner[used] = 0;
    reload->shown_is_older = older;
}

/* What the file alone does not tell: views, tensors and controls that do not exist. */
static void check_all(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    Error error = {0};
    reload_forget(app);
    for (int i = 0; app->session.ran && i < lesson->step_count; i++)
        if (!app_check_step(app, i, &error)) {
            set_banner(app, &error, false);
            return;
        }
}

/* The step of this id, else the one at the same place. */
static int step_again(const Lesson *lesson, const char *id, int before)
{
    for (int i = 0; i < lesson->step_count; i++)
        if (strcmp(lesson->step[i].id, id) == 0) return i;
    return before < lesson->step_count ? before : lesson->step_count - 1;
}

/* The learner's sentence, changes and controls, when there are any. */
static bool keep_edit(const App *app, const Lesson *before, const Lesson *after, Edit *out)
{
    const Session *session = &app->session;
    bool own =
        session->open && (!session_is_plain(session) || strcmp(session->edit.sentence, before->input) != 0);
    if (!own) return false;
    *out = edit_copy(&session->edit);
    edit_carry_controls(out, before, after);
    return true;
}

/* The session may point into the lesson, so it is opened again. */
static void replace_open(App *app, LessonSlot *slot, Lesson lesson, Arena memory)
{
    char *id = arena_string(&app->note, app_current_step(app)->id);
    int index = app->open, step = app->step, tick = app->tick;
    float scroll = app->text_scroll;
    Error error = {0};
    Edit edit;
    bool own = keep_edit(app, &slot->lesson, &lesson, &edit);
    session_close(&app->session);
    take_version(app, slot, lesson, memory);
    if (slot->furthest >= slot->lesson.step_count) slot->furthest = slot->lesson.step_count - 1;
    step = step_again(&slot->lesson, id, step);
    app->open = HOME;
    app_enter(app, index, -1, &error);
    if (own && session_set_edit(&app->session, edit, &error)) play_recall(app);
    int first = app_first_tick(app, step), end = app_tick_end(app, step);
    play_go(app, step, tick < first ? first : tick >= end ? end - 1 : tick, false);
    app->text_scroll = scroll;
    check_all(app);
    app_notice(app, "%s", app_word(app, WORD_RELOADED));
    app_notice_error(app, &error);
}

static bool try_version(App *app, LessonSlot *slot)
{
    Lesson lesson;
    Arena memory;
    Error error = {0};
    bool good = read_version(app, slot, &memory, &lesson, &error),
         open = app->open >= 0 && slot == &app->slot[app->open];
    if (good && open) replace_open(app, slot, lesson, memory);
    else if (good) take_version(app, slot, lesson, memory);
    else if (open) set_banner(app, &error, true);
    else if (!slot->ok) slot->error = error;
    else return false;
    return true;
}

/* ---- the clock ---- */

/* At home every lesson is looked at: a card says whether its lesson can be read. */
bool app_poll(App *app, double now)
{
    bool changed = false;
    if (!app->options.lessons || now < app->reload.at) return false;
    app->reload.at = now + poll_every;
    for (int i = 0; i < app->sandbox; i++)
        if ((app->open == HOME || app->open == i) && is_news(app, &app->slot[i]))
            changed |= try_version(app, &app->slot[i]);
    arena_reset(&app->note);
    return changed;
}

double app_next_poll(const App *app)
{
    return app->options.lessons && app->open != app->sandbox ? app->reload.at : INFINITY;
}
