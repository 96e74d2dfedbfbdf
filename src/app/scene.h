/* scene.h — the parts a frame is drawn by; only scene*.c know both lessons and views. */
#pragma once
#include "app/actions.h"
#include "app/state.h"
#include "draw/equation.h"
#include "draw/text_layout.h"

typedef struct {
    App *app;
    DrawList *list;
    Ui ui;
    const Theme *theme;
    const Lesson *lesson; /* NULL at home */
    const Step *step;
    const Trace *trace, *original;
    const Trace *run[RUN_TRACES]; /* by ValueSource.run */
    Moment moment;
    float progress, scale; /* scale: user's type size, larger for presenters */
    Language language;
    bool question_apart, controls_apart; /* they have a place of their own beside the text */
} Scene;

/* A column that is drawn from top to bottom. */
typedef struct {
    float x, y, w;
} Flow;

/* The whole frame. */
void scene_draw(App *app, DrawList *out);
/* One of the step's views alone, filling the list. */
void scene_draw_view(App *app, int slot, DrawList *out);
/* Without a list: to measure with, in the window as it was drawn last. */
Ui scene_ui(App *app, DrawList *list);
/* The type size of the bars in a frame of w x h: in a small window they grow less, for the pictures' sake. */
float scene_bar_scale(const App *app, float w, float h);
/* A scene to ask names and numbers of, between frames; nothing of it is drawn. It lives until the next frame. */
void scene_for_reading(App *app, DrawList *list, Scene *out);

void scene_top_bar(Scene *scene, Rect rect);
void scene_home_bar(Scene *scene, Rect rect);
void scene_bottom_bar(Scene *scene, Rect rect);
/* The line of steps; the width it would like to have. */
void scene_timeline(Scene *scene, Rect rect);
float scene_timeline_width(const Scene *scene, float room);
/* Where the handle stands at a tick of a step, on the line that was drawn last. */
float timeline_x(const App *app, int step, int tick);
/* To the step and tick at `x`. */
void timeline_scrub(App *app, float x);
void scene_prose(Scene *scene, Rect rect); /* title, text, equations, question */
/* Presenter mode: title, first paragraph or question on top; returns the height taken, at most `most`. */
float scene_headline(Scene *scene, Rect rect);
/* Presenter mode: all views but the one under the pointer step back. `first_hit`: of the views. */
void scene_spotlight(Scene *scene, int first_hit);
/* The teacher's notes, above the lower end of `rest`. */
void scene_notes(Scene *scene, Rect rest);
/* One choice of a question; `revealed`: what is right is shown. */
void scene_choice(Scene *scene, Rect row, const AskedQuestion *asked, int question, int index, int answered,
                  bool revealed);
/* A paragraph of the lesson at the scene's type size. */
void scene_paragraph(Scene *scene, Flow *flow, const Block *block, int index);
/* Where the step's views go, by the slots of @show; `narrow`: and where its text goes. */
typedef enum { SLOT_MAIN, SLOT_LEFT, SLOT_RIGHT, SLOT_COUNT } Slot;
typedef struct {
    Rect slot[SLOT_COUNT], text, beside; /* beside the text: empty when all stands in it */
    Rect all;                            /* for what is said in the place of the views */
} ScenePlaces;
void scene_places(const Scene *scene, Rect rect, bool narrow, ScenePlaces *out);
void scene_pictures(Scene *scene, const ScenePlaces *places);
void scene_picture_of_slot(Scene *scene, int slot, Rect rect);
const Show *scene_show_of_slot(const Step *step, int slot); /* NULL = empty */
void scene_home(Scene *scene);
void scene_panel(Scene *scene); /* what is open above everything */
/* A card in the middle, at most w x h, with a title and a close button; returns the room below the title. */
Rect scene_card(Scene *scene, float w, float h, const char *title);
void scene_explain(Scene *scene, Rect rect); /* inside a card */
void scene_menu(Scene *scene);
int scene_menu_first(const App *app); /* the action at its top */
void scene_words(Scene *scene);       /* the words to force */
void scene_export(Scene *scene);      /* what E asks */
void scene_changes(Scene *scene);     /* the list of changes, each can be given back */
/* What the changes did, in two lines of the bar below: nothing moves when it appears. */
void scene_change_note(Scene *scene, Rect rect);
void scene_hover_card(Scene *scene);
void scene_notice(Scene *scene, float bottom);
/* What is wrong with the file of the open lesson, above the lower end of `rest`; nothing when nothing is. */
void scene_banner(Scene *scene, Rect rest);

/* How far the work behind a picture has come, with a button to give it up; nothing when it is done. */
void scene_computing(Scene *scene, const Beside *beside, Rect picture);

/* A question with its choices; `index` within the step. Returns false when it cannot be asked. */
bool scene_question(Scene *scene, Flow *flow, int index);
/* The one that stands beside the text of the narrow layout: the open one, else the last that was answered; -1. */
int scene_question_beside(const App *app);
/* That question in a place of its own, or the controls when there is none; false, and nothing is drawn, when they need more room. */
bool scene_beside(Scene *scene, Rect rect);
/* The controls that the step uses. */
bool scene_has_controls(const Scene *scene);
void scene_controls(Scene *scene, Flow *flow);
/* Presenter mode: the same in rows, when no votes are being taken; returns the height taken, at most that of `rect`. */
float scene_control_strip(Scene *scene, Rect rect);
void flow_text(Scene *scene, Flow *flow, FontRole font, float size, Color color, const char *text);

/* Lays out TeX so that it fits `max_width` (smaller type if need be). False when it does not parse: then the TeX itself
 * is shown by whoever asked. */
bool scene_equation(Scene *scene, const char *tex, float size, bool display, float max_width, Equation *out);
/* Draws it with live numbers and the pointed tensor's symbols lit, its baseline origin at `at`. */
void scene_equation_draw(Scene *scene, const Equation *equation, Point at, Color ink);
/* The entry of the current trace that the pointer (or, where that rests on nothing, the focus) is on, be it in a picture, an
 * equation or the text; -1. */
int scene_pointed_tensor(const Scene *scene);
/* Over the pictures, whose areas were appended from `first_hit` on: the tensor whose symbol is pointed at lights up, and
 * what was changed is framed. */
void scene_overlay(Scene *scene, int first_hit);

/* Areas for the numbers drawn since command `first`: a click on any of them opens its card. `cells`: also for plain cells
 * of the current run, which views cover themselves. */
void scene_number_hits(Scene *scene, int first, bool cells);
/* Scrolls so that what has just got the focus, one of the hit areas appended since `first`, lies in `view`. */
void scene_follow_focus(const Scene *scene, int first, Rect view, float *scroll);
/* Cuts the hit areas appended since `first` to `rect`. */
void scene_clip_hits(DrawList *list, int first, Rect rect);

/* The view and entry of one @show; on failure `error` says what does not resolve. */
bool scene_resolve(const App *app, const Show *show, const ViewKind **kind, int *entry, Error *error);
/* The entry a name means ("dec.attn.weight"), -1. */
int scene_entry(const Trace *trace, const char *name);
/* "dec.attn.weight[t,i]" at this moment; false when it is not computed yet. Index letters: t = the current row, i = the
 * current source position, y = the token that row t produced. */
bool scene_value(Scene *scene, const char *name, ValueSource *out);
