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

static const Also *also_called(const Lesson *lesson, const char *entry)
{
    for (int i = 0; i < lesson->also_count; i++)
        if (beside_owns(&(Beside){.spec = &lesson->also[i]}, entry)) return &lesson->also[i];
    return NULL;
}

/* Every change must find the run it was made in. */
static bool edit_fits(const Edit *edit, const Lesson *before, const Lesson *after)
{
    for (int i = 0; i < edit->change_count; i++) {
        const char *entry = edit->change[i].entry;
        const Also *old = also_called(before, entry), *now = also_called(after, entry);
        if (old && (!now || strcmp(old->what, now->what) != 0)) return false;
    }
    return true;
}

static bool stack_fits(const EditStack *stack, const Lesson *before, const Lesson *after)
{
    bool fits = true;
    for (int i = 0; i < stack->count; i++) fits = fits && edit_fits(stack->edit[i], before, after);
    return fits;
}

/* What was done can be undone in the new version when it has the same model and sentence and the runs that were changed;
 * *lost: there was something, and it does not fit. */
static History keep_history(App *app, const Lesson *before, const Lesson *after, bool *lost)
{
    History history = session_take_history(&app->session);
    EditStack *stack[] = {&history.undo, &history.redo};
    bool fits = strcmp(before->model, after->model) == 0 && strcmp(before->input, after->input) == 0;
    *lost = false;
    for (int k = 0; k < 2; k++) fits = fits && stack_fits(stack[k], before, after);
    for (int k = 0; k < 2; k++) {
        for (int i = 0; fits && i < stack[k]->count; i++)
            edit_carry_controls(stack[k]->edit[i], before, after);
        if (fits) continue;
        *lost |= stack[k]->count > 0;
        edit_stack_clear(stack[k]);
    }
    return history;
}

/* The session may point into the lesson, so it is opened again. */
static void replace_open(App *app, LessonSlot *slot, Lesson lesson, Arena memory)
{
    char *id = arena_string(&app->note, app_current_step(app)->id);
    int index = app->open, step = app->step, tick = app->tick;
    float scroll = app->text_scroll;
    Error error = {0};
    Edit edit;
    bool lost, own = keep_edit(app, &slot->lesson, &lesson, &edit);
    History history = keep_history(app, &slot->lesson, &lesson, &lost);
    session_close(&app->session);
    take_version(app, slot, lesson, memory);
    if (slot->furthest >= slot->lesson.step_count) slot->furthest = slot->lesson.step_count - 1;
    step = step_again(&slot->lesson, id, step);
    app->open = HOME;
    app_enter(app, index, -1, &error);
    session_give_history(&app->session, history);
    if (own && session_set_edit(&app->session, edit, &error)) play_recall(app);
    int first = app_first_tick(app, step), end = app_tick_end(app, step);
    play_go(app, step, tick < first ? first : tick >= end ? end - 1 : tick, false);
    app->text_scroll = scroll;
    check_all(app);
    app_notice(app, "%s", app_word(app, lost ? WORD_RELOADED_ANEW : WORD_RELOADED));
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

/* ---- the list ---- */

static LessonSlot *slot_called(const App *app, const char *id)
{
    for (int i = 0; i < app->sandbox; i++)
        if (strcmp(app->slot[i].id, id) == 0) return &app->slot[i];
    return NULL;
}

static void take_list(App *app, char *const *ids, int count)
{
    LessonSlot *slot = arena_array(&app->perm, LessonSlot, (size_t)count + 1), *old = app->slot;
    int old_count = app->sandbox;
    slot[count] = old[app->sandbox];
    for (int i = 0; i < count; i++) {
        LessonSlot *same = slot_called(app, ids[i]);
        if (same) slot[i] = *same, same->memory = (Arena){0}; /* moved */
        else slot[i].id = arena_string(&app->perm, ids[i]);
    }
    for (int i = 0; i < old_count; i++) arena_free(&old[i].memory);
    thumbnails_free(app);
    search_free(app);
    app->slot = slot;
    app->sandbox = count;
    app->slot_count = count + 1;
    app->focused = false;
    app_forget_hover(app); /* what was drawn names slots by their old numbers */
}

/* At home a new folder becomes a card, and the card of one that is gone goes. */
static bool follow_list(App *app)
{
    char **ids = NULL;
    int count = lesson_list(&app->note, app->options.lessons, &ids), same = 0;
    while (same < count && same < app->sandbox && strcmp(ids[same], app->slot[same].id) == 0) same++;
    if (same == count && same == app->sandbox) return false;
    take_list(app, ids, count);
    for (int i = 0; i < count; i++)
        if (!app->slot[i].ok && !app->slot[i].error.code) reload_first(app, i);
    return true;
}

/* ---- the clock ---- */

/* At home every lesson is looked at: a card says whether its lesson can be read. */
bool app_poll(App *app, double now)
{
    if (!app->options.lessons || now < app->reload.at) return false;
    app->reload.at = now + poll_every;
    bool changed = app->open == HOME && follow_list(app);
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
