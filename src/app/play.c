/* play.c — moving through a lesson: where the next press of Space goes, how long it takes, and what it shows.
 *
 * Positions are ordered (step, tick). A step whose question asks about something the step is going to show begins with
 * a held tick (-1): the run stops just before the answer, so that a prediction comes before the picture. Going back is
 * the predecessor in that order and never moves, so it gives the very same frame. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "app/state.h"

static const float first_motion = 0.9f, repeated_motion = 0.25f, slow_factor = 4;
static const double tick_rest = 0.7, step_rest = 4.0;

static const Step *step_at(const App *app, int step)
{
    const Lesson *lesson = app_current_lesson(app);
    return lesson && step >= 0 && step < lesson->step_count ? &lesson->step[step] : NULL;
}

static Moment earlier(Moment a, Moment b)
{
    return moment_compare(a, b) <= 0 ? a : b;
}

/* The row a question asks about: "row=3" counts from 0, "word=4" from 1; -1 when it asks about no single row. */
static int question_row(const Question *question)
{
    for (int i = 0; i < question->option_count; i++) {
        const char *key = question->option[i].key;
        bool word = strcmp(key, "word") == 0;
        if (word || strcmp(key, "row") == 0) return (int)strtol(question->option[i].value, NULL, 10) - word;
    }
    return -1;
}

static const char *question_entry(const Question *question)
{
    static const char *const usual[] = {
#define QUESTION(symbol, name, ask, options, entry, ...) entry,
#include "lesson/questions.def"
#undef QUESTION
    };
    return question->entry ? question->entry : usual[question->kind];
}

/* The last moment before any question of the step is answered by the picture, not later than its first tick. */
static Moment held_moment(const App *app, const Step *step, const Trace *trace)
{
    Moment held = step_moment(step, trace, 0);
    for (int i = 0; i < step->question_count; i++) {
        const Question *question = &step->question[i];
        Stage stage = stage_of_entry(question_entry(question));
        int row = question_row(question);
        AskedQuestion asked;
        if (stage == STAGE_NONE || row < 0 ||
            !play_question(app, (int)(step - app_current_lesson(app)->step), i, &asked))
            continue;
        Moment before = {held.encoded, row, (Stage)(stage - 1)};
        held = earlier(held, before);
    }
    return held;
}

static const Trace *asked_trace(const App *app)
{
    return app_original(app);
}

Moment play_moment(const App *app, int step, int tick)
{
    const Step *data = step_at(app, step);
    const Trace *trace = session_trace(&app->session);
    if (!data || !trace) return moment_start();
    if (tick == TICK_HELD) return held_moment(app, data, trace);
    int last = step_ticks(data, trace) - 1;
    return step_moment(data, trace, tick > last ? last : tick);
}

int app_first_tick(const App *app, int step)
{
    const Step *data = step_at(app, step);
    const Trace *trace = asked_trace(app);
    if (!data || !trace) return 0;
    return moment_compare(held_moment(app, data, trace), step_moment(data, trace, 0)) < 0 ? TICK_HELD : 0;
}

int app_tick_end(const App *app, int step)
{
    const Step *data = step_at(app, step);
    const Trace *trace = session_trace(&app->session);
    return data && trace ? step_ticks(data, trace) : 1;
}

/* A kind of motion is explained slowly the first time it is met in a session, then it is quick. */
static float motion_length(App *app, Moment moment)
{
    if (app->settings.reduce_motion) return 0;
    unsigned bit = 1u << (unsigned)moment.stage;
    float length = app->seen & bit ? repeated_motion : first_motion;
    app->seen |= bit;
    return app->slow ? length * slow_factor : length;
}

void play_go(App *app, int step, int tick, bool moving)
{
    Moment before = play_moment(app, app->step, app->tick), after = play_moment(app, step, tick);
    bool moved = step != app->step;
    if (moved) {
        app->text_scroll = 0;
        app->large_view = 0;
        memset(app->window, 0, sizeof app->window);
        app->revealed = false;
        app->shown_question = 0;
    }
    app->step = step;
    app->tick = tick;
    app->motion.length = moving && moment_compare(before, after) < 0 ? motion_length(app, after) : 0;
    app->motion.start = NAN;
    app->autoplay_at = NAN;
    if (step_at(app, step)) {
        LessonSlot *slot = &app->slot[app->open];
        const char *lesson = slot->id;
        if (slot->furthest < step) progress_note(app, RECORD_REACHED, &lesson, step_at(app, step)->id);
        if (slot->furthest < step) slot->furthest = step;
        if (moved) progress_note(app, RECORD_PLACE, &lesson, step_at(app, step)->id);
    }
    app->settings_dirty = true;
    app_forget_hover(app);
}

void play_next(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    if (!lesson || !lesson->step_count) return;
    if (app->motion.length > 0) {
        app->motion.length = 0;
        return;
    }
    if (app->tick + 1 < app_tick_end(app, app->step)) play_go(app, app->step, app->tick + 1, true);
    else if (app->step + 1 < lesson->step_count)
        play_go(app, app->step + 1, app_first_tick(app, app->step + 1), true);
    else {
        app->autoplay = false;
        app_notice(app, "%s", app_word(app, WORD_END_OF_LESSON));
    }
}

void play_back(App *app)
{
    app->autoplay = false;
    int last = app_tick_end(app, app->step) - 1;
    int tick = app->tick > last ? last : app->tick;
    if (tick > app_first_tick(app, app->step)) play_go(app, app->step, tick - 1, false);
    else if (app->step > 0) play_go(app, app->step - 1, app_tick_end(app, app->step - 1) - 1, false);
    else app->motion.length = 0;
}

float play_progress(const App *app)
{
    if (app->motion.length <= 0 || app->shooting) return 1;
    if (isnan(app->motion.start)) return 0;
    float t = (float)(app->now - app->motion.start) / app->motion.length;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return 1 - (1 - t) * (1 - t) * (1 - t);
}

void play_clock(App *app, double now)
{
    app->now = now;
    if (app->motion.length > 0) {
        if (isnan(app->motion.start)) app->motion.start = now;
        if (now - app->motion.start >= (double)app->motion.length) app->motion.length = 0;
    }
    if (!app->autoplay || app->motion.length > 0) return;
    if (play_open_question(app) >= 0 && app->tick == app_first_tick(app, app->step)) {
        app->autoplay = false; /* a prediction comes before anything moves */
        return;
    }
    if (isnan(app->autoplay_at)) {
        bool inside = app->tick + 1 < app_tick_end(app, app->step);
        app->autoplay_at = now + (inside ? tick_rest : step_rest) * (app->slow ? 2 : 1);
    }
    if (now >= app->autoplay_at) play_next(app);
}

/* ---- questions ---- */

bool play_question(const App *app, int step, int question, AskedQuestion *out)
{
    const Step *data = step_at(app, step);
    const Trace *trace = asked_trace(app);
    if (!data || !trace || question < 0 || question >= data->question_count) return false;
    for (unsigned attempt = 0; attempt < 4; attempt++) {
        unsigned seed = (unsigned)(step * 16 + question) * 4 + attempt + app->seed * 65536;
        if (question_ask(&data->question[question], trace, seed, out) && out->choice_count > 0) return true;
    }
    return false;
}

/* A number for the choices (FNV-1a): a control may change what runs beside the main run, and so what is asked of it. */
static unsigned choices_of(const AskedQuestion *asked)
{
    unsigned hash = 2166136261u;
    for (int i = 0; i < asked->choice_count; i++)
        for (const char *at = asked->choice[i];; at++) {
            hash = (hash ^ (unsigned char)*at) * 16777619u;
            if (!*at) break;
        }
    return hash;
}

int play_answer(const App *app, int step, int question)
{
    AskedQuestion asked;
    for (int i = app->answer_count - 1; i >= 0; i--) {
        const Answer *answer = &app->answer[i];
        if (answer->step != step || answer->question != question || answer->run != app->session.sentence_runs)
            continue;
        if (play_question(app, step, question, &asked) && choices_of(&asked) == answer->choices)
            return answer->choice;
    }
    return -1;
}

int play_open_question(const App *app)
{
    const Step *step = step_at(app, app->step);
    AskedQuestion asked;
    for (int i = 0; step && i < step->question_count; i++)
        if (play_answer(app, app->step, i) < 0 && play_question(app, app->step, i, &asked)) return i;
    return -1;
}

/* What an answer is about, for the record. */
static void answer_key(const App *app, int step, int question, const char *key[RECORD_KEYS])
{
    const Step *data = step_at(app, step);
    key[0] = app_current_lesson(app)->id;
    key[1] = data->id;
    key[2] = data->question[question].id;
    key[3] = app->session.edit.sentence;
}

static void keep_answer(App *app, int step, int question, int choice, const AskedQuestion *asked)
{
    if (app->answer_count == ANSWERS) app->answer_count = 0;
    app->answer[app->answer_count++] =
        (Answer){step, question, choice, choices_of(asked), app->session.sentence_runs};
}

void play_recall(App *app)
{
    const Lesson *lesson = app_current_lesson(app);
    for (int step = 0; lesson && app->session.ran && step < lesson->step_count; step++)
        for (int question = 0; question < lesson->step[step].question_count; question++) {
            const char *key[RECORD_KEYS];
            AskedQuestion asked;
            answer_key(app, step, question, key);
            const char *answer = progress_value(&app->progress, RECORD_ANSWER, key);
            if (!answer || !play_question(app, step, question, &asked)) continue;
            if (!*answer) keep_answer(app, step, question, SKIPPED, &asked);
            for (int choice = 0; choice < asked.choice_count; choice++)
                if (strcmp(asked.choice[choice], answer) == 0)
                    keep_answer(app, step, question, choice, &asked);
        }
}

/* An answer given after the picture has shown what is right is no prediction. */
static void note_prediction(App *app, const char *const *key, bool right)
{
    bool held_back = app_first_tick(app, app->step) == TICK_HELD;
    if (!held_back || app->tick == TICK_HELD)
        progress_note(app, RECORD_PREDICTED, key, right ? "right" : "wrong");
}

static void commit(App *app, int question, int choice, const AskedQuestion *asked, const char *text)
{
    const char *key[RECORD_KEYS];
    answer_key(app, app->step, question, key);
    keep_answer(app, app->step, question, choice, asked);
    progress_note(app, RECORD_ANSWER, key, text);
    if (app->presenter) return; /* the class sees what is right when the teacher goes on */
    app->text_follow = true;    /* what was right, and why, shall be in view */
    if (app->tick == TICK_HELD && play_open_question(app) < 0) play_next(app);
}

void play_choose(App *app, int question, int choice)
{
    AskedQuestion asked;
    if (!play_question(app, app->step, question, &asked)) return;
    if (choice < 0 || choice >= asked.choice_count || play_answer(app, app->step, question) >= 0) return;
    const char *key[RECORD_KEYS];
    answer_key(app, app->step, question, key);
    note_prediction(app, key, choice == asked.right);
    commit(app, question, choice, &asked, asked.choice[choice]);
}

void play_skip(App *app, int question)
{
    AskedQuestion asked;
    if (!play_question(app, app->step, question, &asked) || play_answer(app, app->step, question) >= 0)
        return;
    commit(app, question, SKIPPED, &asked, "");
}

void play_score(const App *app, int slot, int *right, int *predicted)
{
    *right = *predicted = 0;
    const Lesson *lesson = app->slot[slot].ok ? &app->slot[slot].lesson : NULL;
    for (int step = 0; lesson && step < lesson->step_count; step++)
        for (int q = 0; q < lesson->step[step].question_count; q++) {
            const char *key[RECORD_KEYS] = {lesson->id, lesson->step[step].id,
                                            lesson->step[step].question[q].id};
            const char *result = progress_value(&app->progress, RECORD_PREDICTED, key);
            *predicted += result != NULL;
            *right += result && strcmp(result, "right") == 0;
        }
}

/* ---- in front of a class ---- */

int play_shown_question(const App *app)
{
    const Step *step = step_at(app, app->step);
    AskedQuestion asked;
    int seen = 0;
    for (int i = 0; step && i < step->question_count; i++)
        if (play_question(app, app->step, i, &asked) && seen++ == app->shown_question) return i;
    return -1;
}

bool play_is_revealed(const App *app)
{
    return app->revealed || (app->tick != TICK_HELD && app_first_tick(app, app->step) == TICK_HELD);
}

/* One more question of the step in front of the class; false when there is none. */
static bool next_question(App *app)
{
    app->shown_question++;
    if (play_shown_question(app) >= 0) return true;
    app->shown_question--;
    return false;
}

/* First all votes, then the picture and the answers one by one. */
void play_present(App *app)
{
    bool asks = app->motion.length <= 0 && app->tick <= 0 && play_shown_question(app) >= 0;
    if (asks && app->tick == TICK_HELD) {
        if (next_question(app)) return;
        app->shown_question = 0;
    } else if (asks && !play_is_revealed(app)) {
        app->revealed = true;
        return;
    } else if (asks && next_question(app)) {
        app->revealed = false;
        return;
    }
    play_next(app);
}
