/* state.h — what an App is made of; private to app/ (and its tests).
 *
 * The screen is a function of this and nothing else. What moves is Motion (a start time and a length); where we are is
 * (step, tick); everything shown of the run follows from that and the traces. */
#pragma once
#include "app/app.h"
#include "app/card.h"
#include "app/progress.h"
#include "app/reload.h"
#include "app/saving.h"
#include "app/search.h"
#include "app/session.h"
#include "app/thumbnails.h"
#include "app/words.h"
#include "ui/text_box.h"
#include "ui/ui.h"
#include "view/view.h"

enum {
    PANEL_NONE,
    PANEL_HELP,
    PANEL_EXAMPLES,
    PANEL_EXPLAIN,
    PANEL_MENU,
    PANEL_WORDS,
    PANEL_CHANGES,
    PANEL_EXPORT
};
enum {
    HOME = -1,
    TICK_HELD = -1,
    EXPLAIN_DEPTH = 32,
    HISTORY = 12,
    ANSWERS = 256,
    NOTICE_SIZE = 512,
    SEARCH_SIZE = 256
};

typedef struct {
    bool ok;
    Lesson lesson;
    Error error;
    char *id;
    int furthest;      /* the furthest step seen, for the progress line */
    Arena memory;      /* of the lesson, so that a newer version can take its place */
    LessonStamp stamp; /* of the files it was read from, and of those seen last */
} LessonSlot;

/* Hit areas of the scene itself, beside those of views (HIT_CELL …) and controls. */
enum {
    HIT_NUMBER =
        100,     /* a = entry, b = number_pack: a shown number that is no plain cell of the current run */
    HIT_EQUATION /* a = block of the step's text, b = span: its plain text can be copied */
};

typedef struct {
    double start; /* NAN: starts with the next frame */
    float length; /* seconds; 0 = still */
} Motion;

/* What Enter presses (focus.h): a hit area by what it says; `copy`: of the stops that say the same, from 0. */
typedef struct {
    int kind, a;
    int64_t b;
    int copy;
} Focus;

enum { SETTINGS_NOWHERE = -1000000 }; /* the window's place is not known */
struct Settings {
    Language language;
    ThemeName theme;
    float type_scale;
    int width, height, x, y; /* of the window */
    bool reduce_motion;
    char place[128], sentence[TEXT_BOX_CAP + 1]; /* sentence: when it is not the lesson's own */
};

enum { SKIPPED = QUESTION_CHOICES }; /* in place of a choice: the learner wanted to see the answer */
typedef struct {
    int step, question, choice;
    unsigned choices; /* among what it was chosen */
    unsigned long long run;
} Answer;

enum { EXPLAIN_OWN_PAGE = -(1 << 30) }; /* until the card has been drawn */

typedef struct {
    NumberPlace number;
    int page;
} ExplainPlace;

enum { EXPORT_SLOTS = 3, EXPORT_TENSORS = 48 };

/* What E saves: chosen in its panel, offered from what was on screen when the panel was opened. */
typedef struct {
    int slot;                    /* a view by its place on the screen, EXPORT_SLOTS = the whole screen */
    int format;                  /* ExportFormat */
    int scale;                   /* of a PNG: index into export_scales */
    int tensor;                  /* of a CSV: which of the view's tensors */
    Rect rect[EXPORT_SLOTS + 1]; /* w = 0: the slot is empty */
    int entry[EXPORT_SLOTS + 1][EXPORT_TENSORS], entry_count[EXPORT_SLOTS + 1];
    Error error; /* why the last one failed; code 0 = it did not */
} ExportChoice;

/* What the left button holds. */
typedef struct {
    bool down, moved;
    HitArea hit;
    float x, y;
    bool changing;            /* a weight (or a point) is being dragged */
    bool sliding;             /* a control's knob is */
    float *row, start, reach; /* reach: what a drag over its whole length changes a learned number by */
    int row_count, column;
} Drag;

struct App {
    AppOptions options;
    Arena perm, frame, note;
    LessonSlot *slot;        /* another array when the folder's list changes, which it does at home only */
    int slot_count, sandbox; /* the sandbox is the last slot */
    int open;                /* slot, or HOME */
    int step, tick;
    Session session;
    Error engine_error; /* why nothing could be computed; code 0 = fine */
    Settings settings, saved;
    bool presenter, notes, blank, words, slow, autoplay, quit, fullscreen;
    bool revealed;  /* presenter mode: the answer of the shown question */
    int large_view; /* 0 = all of the step's views, else only the one in slot large_view - 1 */
    ViewWindow window[EXPORT_SLOTS]; /* the part of its matrices that each view shows */
    int shown_question; /* presenter mode: which of the step's questions, of those that can be asked */
    double now, autoplay_at;
    Motion motion;
    unsigned seen; /* bit per kind of motion that was explained slowly once */
    HitArea hover, selected, *hit;
    int hit_count;
    float x, y, w, h;
    bool pointer_inside, focused;
    bool pointer_rests; /* keys were pressed since it moved last: nobody asks what the control below it is */
    bool focus_moved;   /* since the last frame: it has to be brought into view */
    Focus focus;
    Drag drag;
    Rect timeline;       /* as drawn last; w = 0: it was not */
    bool editing;        /* the sentence, or that of a control; at home what is searched for */
    int edited_control;  /* -1 = the sentence itself */
    int example_control; /* the same of the list of sentences */
    float box_scale;     /* the type size the box was drawn with */
    char search[SEARCH_SIZE];
    TextBox box;
    Rect box_rect, caret;
    int panel;
    float panel_scroll, text_scroll, text_height, text_room;
    bool text_follow; /* the next frame scrolls to the answer that was just given */
    ExplainPlace explain[EXPLAIN_DEPTH];
    int explain_count;
    int force_row; /* the row PANEL_WORDS is about */
    Point menu_at; /* where PANEL_MENU hangs */
    ExportChoice export;
    char notice[NOTICE_SIZE];
    double notice_until;
    char *history[HISTORY];
    int history_count;
    Answer answer[ANSWERS];
    int answer_count;
    Show sandbox_show[4];
    Step sandbox_step;
    bool settings_dirty;
    double save_at;        /* when what was changed is saved by itself; INFINITY = nothing was */
    char save_failed[160]; /* why it could not be; "" = it could */
    Saving saving;
    Buffer kept_progress, kept_settings; /* the bytes of the small files; "" = they are not there */
    Progress progress;
    Reload reload;
    bool home_shown;        /* in the frame before */
    Thumbnails *thumbnails; /* NULL until home was shown */
    SearchIndex *index;     /* NULL until something was searched for */
    unsigned seed;          /* of the questions: a class that opens one state string sees the same ones */
    bool shooting;          /* a still frame for app_shot: nothing hovered, no motion */
    char title[160];
};

/* ---- app.c ---- */
const Theme *app_theme(const App *app);
const Lesson *app_current_lesson(const App *app);
const Step *app_current_step(const App *app);
/* The learner's type size, for a window of w x h: where it is much larger than usual, text keeps its share of it. */
float app_type_scale(const App *app, float w, float h);
const char *app_word(const App *app, Word word);
/* Shown at the bottom for a few seconds. */
void app_notice(App *app, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An Error's headline as a notice; does nothing for code 0. */
void app_notice_error(App *app, const Error *error);
void app_forget_hover(App *app);
/* By so many notches of a wheel; positive = further down. */
void app_scroll_text(App *app, float notches);
bool app_enter(App *app, int slot, int step, Error *error);

/* ---- sentences.c ---- */
bool app_run_sentence(App *app, const char *sentence, Error *error);
/* The sentence of a control; -1: app_run_sentence. */
bool app_run_text(App *app, int control, const char *sentence, Error *error);
/* What app_run_text sets, as it is now. */
const char *app_text(const App *app, int control);
/* The box opens on the sentence of a control (-1: on the sentence itself). */
void app_edit_text(App *app, int control);
/* Into the list of sentences typed before; app_remember_sentence keeps it for later sessions, too. */
void app_recall_sentence(App *app, const char *sentence);
void app_remember_sentence(App *app, const char *sentence);

/* ---- app_query.c ---- */
/* The runs by ValueSource.run; those that do not exist are NULL. */
void app_runs(const App *app, const Trace *run[RUN_TRACES]);

/* ---- play.c ---- */
Moment play_moment(const App *app, int step, int tick);
void play_go(App *app, int step, int tick, bool moving);
void play_next(App *app);
void play_back(App *app);
void play_clock(App *app, double now); /* ends motion, plays on */
float play_progress(const App *app);   /* 0..1 */
/* The question of a step: what is asked of the original run, false when it cannot be asked fairly. */
bool play_question(const App *app, int step, int question, AskedQuestion *out);
int play_answer(const App *app, int step, int question); /* the choice committed to, -1 = none yet */
int play_open_question(const App *app);                  /* first unanswered of the current step, -1 */
void play_choose(App *app, int question, int choice);
/* Of presenter mode: the question in front of the class, -1 = none; and the next press of Space, which shows what is right
 * before it goes on. */
int play_shown_question(const App *app);
void play_present(App *app);
bool play_is_revealed(const App *app);
/* Gives the answer away without a prediction. */
void play_skip(App *app, int question);
/* How many questions of a lesson were answered before the picture showed the answer, and how many of them right. */
void play_score(const App *app, int slot, int *right, int *predicted);
void play_recall(App *app); /* the answers given in earlier sessions about this lesson and sentence */

/* Makes the lesson that is the sandbox. */
void sandbox_make(App *app);
/* Its sentence becomes one in the language that the engine reads. */
void sandbox_begin(App *app, const Engine *engine);
/* The frame as it stands, without motion and hover; for exports. `slot`: a view alone, EXPORT_SLOTS = everything. The list
 * lives until the next frame. */
void app_still(App *app, int slot, float w, float h, DrawList *out);

/* ---- search.c ---- */
/* The step a lesson was left at; 0 when it was never entered, or was gone through to its end. */
int place_left(const App *app, int slot);

/* ---- saving.c ---- */
/* With each frame: begins a save that is due, where there is a background, and hears of one that has ended. */
void saving_clock(App *app);
bool saving_is_running(const App *app);
void saving_free(App *app);

/* ---- settings.c ---- */
#define SETTINGS_LATE "settings-late.json"
void settings_read(App *app);
/* As progress_late, progress_compose and progress_composed. */
void settings_late(App *app, Buffer *out);
bool settings_compose(App *app, Saving *saving, Error *error);
void settings_composed(App *app, const Saving *saving, bool saved);
