/* parse.h — what the loader's files share: the lines of a lesson file, the place in them, and how it refuses.
 *
 * The loader reads en.md first (structure and English), then zh.md (Chinese by step id). Everything it hands out lives in
 * the caller's arena; what grows meanwhile lives in Lists that loader_free gives back on every path. */
#pragma once
#include <stdarg.h>
#include "base/buffer.h"
#include "lesson/lesson.h"

enum {
    LIMIT_FILE = 1 << 20,
    LIMIT_LINE = 64 << 10,
    LIMIT_STEPS = 4096,
    LIMIT_NAME = 64,       /* ids, views, keys */
    LIMIT_ENTRY = 96,      /* names of trace entries */
    LIMIT_SENTENCE = 4096, /* bytes of @input and @example */
    LIMIT_WORDS = 32,      /* arguments of a directive */
    LIMIT_SHOWS = 16,      /* in a step */
    LIMIT_EXPECTS = 256,   /* in a step */
    LIMIT_QUESTIONS = 1024 /* in a lesson */
};

/* ---- growing arrays ---- */

typedef struct {
    void *at;
    int count, capacity;
} List;

void *list_add(List *list, size_t item_size); /* a zeroed item at the end; older pointers become invalid */
/* Copies the items into `arena`, empties the list (its memory stays for the next use). NULL when it is empty. */
void *list_take(List *list, Arena *arena, size_t item_size, int *count);
void list_free(List *list);

/* ---- a file as lines ---- */

typedef struct {
    const char *text; /* ended by 0, without its line end */
    size_t size;
} Line;

typedef struct {
    const char *path; /* as shown in errors: control characters replaced */
    Line *line;
    int line_count;
    size_t size; /* of the file */
} Source;

/* Reads and checks a file: size, UTF-8, no NUL, length of lines. A byte order mark and any kind of line end are fine. */
bool source_read(Arena *arena, const char *path, Source *out, Error *error);
/* The refusal at byte `offset` of line `line` (from 0): "path:line:column: message", the line, a caret. Returns false. */
bool source_fail(const Source *source, int line, size_t offset, Error *error, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Adds "did you mean …" when one of the candidates is near. `prefix` is written before it ("@", "#"). Returns false. */
bool suggest(Error *error, const char *word, const char *prefix, const char *const *candidates, int count);
/* Optimal string alignment distance (insert, delete, replace, swap neighbours), at most `cap`. */
int word_distance(const char *a, const char *b, int cap);

/* ---- the loader ---- */

enum { DIRECTIVES_AT_MOST = 32 };

typedef struct {
    Arena *arena;
    Error *error;
    Source source;
    int language; /* of the file being read */
    int line;     /* the current line, from 0 */
    Lesson lesson;
    Step *step; /* the step being read: &draft, or in zh.md the one it translates; NULL at lesson level */
    Step draft;
    List steps;    /* Step; en.md only */
    List examples; /* const char * */
    List blocks;   /* Block, of the current step */
    List spans;    /* Span, of the current block */
    List shows, questions, expects, notes;
    int question_count;           /* in the whole lesson */
    int seen[DIRECTIVES_AT_MOST]; /* line of the first use (from 1) in this lesson or step; 0 = not yet */
    int *translation_line;        /* zh.md: line of each step's heading (from 1), 0 = missing */
    size_t budget;                /* bytes that prose may still become (expansion cap) */
} Loader;

#define loader_fail(loader, offset, ...)                                                                     \
    source_fail(&(loader)->source, (loader)->line, (size_t)(offset), (loader)->error, __VA_ARGS__)

/* Takes `bytes` from the expansion budget; refuses when prose grows past its cap. */
bool loader_charge(Loader *loader, size_t bytes);
/* The block begun by the caller (spans in loader->spans) is complete: into loader->blocks. No spans, no block. */
void loader_add_block(Loader *loader, BlockKind kind, int line);

/* ---- words of a directive ---- */

typedef struct {
    const char *text;
    size_t offset; /* in the line */
} Word;

typedef struct Arguments Arguments;

typedef struct {
    const char *name; /* "show" */
    bool (*read)(Loader *loader, const Arguments *arguments);
    unsigned places;
    const char *usage;
} Directive;

struct Arguments {
    const Directive *directive;
    const char *rest; /* everything behind the directive's name, without blanks around it */
    size_t rest_offset;
    Word word[LIMIT_WORDS]; /* the part before " -- " */
    int word_count;
    const char *tail; /* the part behind " -- ", NULL when there is none */
    size_t tail_offset;
};

enum {
    PLACE_LESSON = 1,
    PLACE_STEP = 2,
    PLACE_TRANSLATION = 4,
    PLACE_ONCE = 8,
    PLACE_LESSON_TRANSLATION = 16
};

extern const Directive directives[];
extern const int directive_count;

/* Reads the current line, which begins with "@". */
bool directive_read(Loader *loader);
/* Fails with the directive's usage as what was expected. */
bool usage_fail(Loader *loader, const Arguments *arguments, size_t offset, const char *message);
bool name_valid(const char *name); /* lower-case letters, digits, "-", at most LIMIT_NAME */
/* "dec.attn.weight": parts of letters, digits, "_", "-" joined by dots; of a run beside the main one "dot:dec.attn.weight" */
bool entry_valid(const char *name);
/* "key=value" split at its first "="; false (without error) when there is no "=". */
bool word_split(Arena *arena, Word word, const char **key, Word *value);
bool number_parse(const char *text, double *out); /* decimal, finite, the whole text */
bool integer_parse(const char *text, int low, int high, int *out);

/* False, with the refusal, when the value of an option is "$name" and there is no such control. */
bool control_known(Loader *loader, Word value);

/* handlers: named in directives.def */
#define DIRECTIVE(name, places, ...) bool read_##name(Loader *loader, const Arguments *arguments);
#include "lesson/directives.def"
#undef DIRECTIVE

/* ---- prose and mathematics ---- */

/* Lifts $…$ out of a chunk of prose: each becomes MATH_OPEN number MATH_CLOSE in `out`, its TeX an item (const char *) of
 * `maths`. Code spans and \$ are left alone. `first_line` is where the chunk begins. */
#define MATH_OPEN "\xEE\x80\x80"  /* U+E000, private use: cmark passes it through as a letter */
#define MATH_CLOSE "\xEE\x80\x81" /* U+E001 */
bool mathematics_lift(Loader *loader, const char *text, size_t size, int first_line, Buffer *out,
                      List *maths);
/* Checks braces and the names in \term{…} and \val{…}. `offset` is where tex stands in line `line`. */
bool mathematics_check(Loader *loader, const char *tex, int line, size_t offset);
/* Reads the display equation that begins at the current line; moves to its last line; appends a block. */
bool mathematics_display(Loader *loader);

/* Prose (Markdown without the lines the loader keeps for itself) to blocks, appended to loader->blocks. */
bool markdown_read(Loader *loader, const char *text, size_t size, int first_line);

/* ---- questions, for the loader ---- */

typedef struct {
    const char *name;    /* "argmax" */
    const char *options; /* keys it understands, separated by blanks */
    const char *entry;   /* when @ask names none */
} QuestionRules;

extern const QuestionRules question_rules[QUESTION_KINDS];
/* What is wrong with an option ("row" "x"): a sentence, or NULL when it is fine. */
const char *question_option_problem(const char *key, const char *value);
