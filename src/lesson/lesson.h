/* lesson.h — a lesson is a text file; loading it gives plain data: steps with prose, pictures, questions, expectations.
 *
 * Files: lessons/NN-name/en.md (structure and English) and zh.md (Chinese prose by step id). A line starting with "@" is
 * a directive from directives.def; "$…$" is inline mathematics, "$$…$$" a display equation; "[text](#trace.name)" links a
 * word to a tensor. Everything is checked while loading; an error names file:line:column, shows the line with a caret and
 * suggests the nearest word. Every step is complete data: any step can be entered directly. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "base/error.h"
#include "trace/moment.h"

enum { LESSON_LANGUAGES = 2 }; /* 0 = en, 1 = zh, as draw/theme.h's Language */

typedef enum { SPAN_TEXT, SPAN_STRONG, SPAN_EMPHASIS, SPAN_CODE, SPAN_MATH, SPAN_LINK } SpanKind;
typedef struct {
    SpanKind kind;
    const char *text; /* UTF-8; TeX for SPAN_MATH */
    const char *link; /* "dec.attn.score" for #links, an https URL otherwise; NULL = none */
} Span;

typedef enum { BLOCK_PARAGRAPH, BLOCK_EQUATION, BLOCK_ITEM, BLOCK_QUOTE, BLOCK_CODE } BlockKind;
typedef struct {
    BlockKind kind;
    Span *span; /* BLOCK_EQUATION: one SPAN_MATH */
    int span_count;
    int line;
} Block;

typedef struct {
    const char *view;  /* "heatmap" */
    const char *entry; /* "dec.attn.weight" or NULL: the view's own default */
    const char
        *slot; /* where it goes: "main", "left", "right", "bottom" …; NULL = next free (option slot=) */
    struct {
        const char *key, *value;
    } option[8];
    int option_count;
    int line;
} Show;

typedef enum {
#define QUESTION(symbol, name, ...) symbol,
#include "lesson/questions.def"
#undef QUESTION
    QUESTION_KINDS
} QuestionKind;

typedef struct {
    const char *id;
    QuestionKind kind;
    const char *entry; /* the tensor it is about */
    struct {
        const char *key, *value;
    } option[8];
    int option_count;
    const char *prompt[LESSON_LANGUAGES];
    int line;
} Question;

typedef enum {
    EXPECT_SUM,
    EXPECT_MAX,
    EXPECT_ARGMAX,
    EXPECT_ENTROPY,
    EXPECT_ROWS,
    EXPECT_VALUE,
    EXPECT_KINDS
} ExpectKind;
typedef struct {
    ExpectKind kind;
    const char *entry;
    int row;        /* -1 = every row ("row=*") */
    int index;      /* EXPECT_VALUE: column */
    int comparison; /* -1 "<", 0 "is", 1 ">" */
    double value, tolerance;
    int line;
} Expectation;

/* How the run moves inside a step: tick 0 … tick_count-1, each a Moment (see step_moment). */
typedef enum {
    RUN_NOTHING, /* @run nothing: only the sentence is there */
    RUN_ENCODE,  /* @run encode: one tick for each encoder position */
    RUN_STAGE,   /* @run word=1 stage=score: one moment; words count from 1 */
    RUN_WORDS,   /* @run words from=2: one tick for each following word, complete */
    RUN_ALL      /* @run all: the finished run */
} RunKind;

/* @also: one more run beside the main one. Its entries and sequences are called "NAME:…" in the trace that is shown. */
enum { LESSON_ALSO = 8, LESSON_CONTROLS = 8, LESSON_CHOICES = 8, LESSON_OPTIONS = 8 };
typedef struct {
    const char *name; /* "dot" */
    const char *what; /* a model's name, "main" (the lesson's own) or an experiment */
    struct {
        const char *key, *value; /* "$name" = the value of a control */
    } option[LESSON_OPTIONS];
    int option_count;
    int line;
} Also;

typedef enum { CONTROL_RANGE, CONTROL_SWITCH, CONTROL_CHOICE, CONTROL_TEXT } ControlKind;

/* @control: a number or a sentence the learner sets; what runs beside the main run and what pictures show may depend on it. */
typedef struct {
    const char *name;
    ControlKind kind;
    double least, most, step, start; /* CONTROL_SWITCH: 0, 1; CONTROL_CHOICE: the index of a word */
    const char *choice[LESSON_CHOICES];
    const char *word[LESSON_LANGUAGES][LESSON_CHOICES]; /* what a choice is called on the screen */
    int choice_count;
    const char *text; /* CONTROL_TEXT: the sentence it starts with; its number is always 0 */
    const char *label[LESSON_LANGUAGES];
    int line;
} Control;

typedef struct {
    const char *id;
    const char *title[LESSON_LANGUAGES];
    Block *block[LESSON_LANGUAGES];
    int block_count[LESSON_LANGUAGES];
    Show *show;
    int show_count;
    Question *question;
    int question_count;
    Expectation *expect;
    int expect_count;
    RunKind run;
    int run_word; /* from 0; RUN_STAGE and RUN_WORDS */
    Stage run_stage;
    const char *note[LESSON_LANGUAGES]; /* @note: for the teacher; NULL = none */
    int use[LESSON_CONTROLS];           /* @use: indices of the controls shown here */
    int use_count;
    const char *hide; /* @hide: controls taken away, separated by spaces; NULL = none */
    int line;
} Step;

typedef struct {
    const char *id;   /* "05-attention": the folder's name */
    int number;       /* 5 */
    const char *name; /* "attention" */
    const char *title[LESSON_LANGUAGES];
    const char *pages;    /* @pages 11-20 */
    int minutes;          /* @minutes 10 */
    const char *model;    /* @model en-fr-rnn-additive */
    const char *input;    /* @input: the lesson's sentence */
    const char **example; /* @example lines: further sentences for the X key, the lesson's own first */
    int example_count;
    Also also[LESSON_ALSO];
    int also_count;
    Control control[LESSON_CONTROLS];
    int control_count;
    Step *step;
    int step_count;
} Lesson;

/* Loads and checks both languages of the lesson in `folder`. All data lives in `arena`. */
bool lesson_read(Arena *arena, const char *folder, Lesson *out, Error *error);
/* Ids of all lessons in `folder` ("lessons"), in order. */
int lesson_list(Arena *arena, const char *folder, char ***ids);
int lesson_find_step(const Lesson *lesson, const char *id_or_number); /* "scores" or "4" (from 1); -1 */

/* The control's value as text: "0.5", "4", the word of a choice, "on" and "off", the sentence a text starts with. In `arena`. */
const char *control_text(Arena *arena, const Control *control, double value);
/* The other way round; false when the control cannot take it. A text has no number: 0. */
bool control_read(const Control *control, const char *text, double *value);
/* The nearest value the control can take. */
double control_nearest(const Control *control, double value);

/* The "@" lines a lesson may hold, for help. */
typedef struct {
    const char *name, *arguments, *help[LESSON_LANGUAGES];
} DirectiveHelp;
extern const DirectiveHelp lesson_directives[];
extern const int lesson_directive_count;

/* Number of ticks of a step for a given run (at least 1), and the moment shown at a tick. */
int step_ticks(const Step *step, const Trace *trace);
Moment step_moment(const Step *step, const Trace *trace, int tick);

/* ---- questions: answered from the running model's trace ---- */

enum { QUESTION_CHOICES = 4 };
typedef struct {
    QuestionKind kind;
    int choice_count, right;
    char choice[QUESTION_CHOICES][64];       /* as shown: tokens or numbers */
    double value[QUESTION_CHOICES];          /* the number behind each choice */
    char explanation[LESSON_LANGUAGES][400]; /* quotes the numbers used */
    int row;                                 /* the row it was asked about, -1 = the whole entry ("find") */
} AskedQuestion;

/* Draws the question for this trace: the answer is computed, distractors are the model's runners-up, the order is
 * shuffled by `seed`. False when it cannot be asked fairly (margin too small); then a later seed or row may work. */
bool question_ask(const Question *question, const Trace *trace, unsigned seed, AskedQuestion *out);
/* Evaluates an expectation; on failure `error` says what was found. */
bool expectation_holds(const Expectation *expectation, const Trace *trace, Error *error);
