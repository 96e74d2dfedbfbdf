/* equation_int.h — what the equation_*.c files share: the parsed tree, and the table of commands.
 *
 * TeX text -> equation_parse.c -> tree of Nodes -> equation_layout.c and equation_parts.c -> a flat list of Items ->
 * equation.c -> Equation. The tree lives in the caller's arena. Classes and styles are those of The TeXbook, ch. 17, 18
 * and appendix G, whose rules are cited by number. */
#pragma once
#include "draw/equation.h"

/* What a part is to its neighbours: the space between two parts follows from their classes. */
typedef enum {
    ATOM_ORDINARY,
    ATOM_OPERATOR, /* \sum, \log */
    ATOM_BINARY,
    ATOM_RELATION,
    ATOM_OPEN,
    ATOM_CLOSE,
    ATOM_PUNCTUATION,
    ATOM_INNER, /* fractions, \left … \right */
    ATOM_NONE   /* a space: its neighbours see each other */
} AtomClass;

typedef enum {
    NODE_ROW,      /* first: its parts */
    NODE_SYMBOL,   /* code */
    NODE_NAME,     /* text: \log and the like, upright */
    NODE_SPACE,    /* space */
    NODE_TEXT,     /* text: \text{…} */
    NODE_FRACTION, /* first: numerator, denominator */
    NODE_ROOT,     /* first: what is under it */
    NODE_SCRIPTS,  /* first: the nucleus; sup and sub, of which one may be NULL */
    NODE_ACCENT,   /* first: what is under it; code: the combining mark */
    NODE_FENCE,    /* first: what is inside; code, plain: the two delimiters, 0 = none */
    NODE_TABLE,    /* first: the cells, row by row, `columns` in each row; code, plain: the delimiters */
    NODE_TERM,     /* first: the content; text: the entry's name */
    NODE_VALUE     /* text: the name as written */
} NodeKind;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    AtomClass atom;
    size_t at;      /* where it begins in the TeX text */
    unsigned code;  /* the character that is drawn */
    unsigned plain; /* the character that is read and copied */
    bool slanted;   /* an italic letter, whose right top leans out of its advance */
    bool limits;    /* scripts stand above and below when displayed */
    bool aligned;   /* of a table: columns right, left, right … and displayed cells, not a matrix */
    bool wide;      /* of an accent: as long as what is under it */
    int columns;    /* of a table; of a value: the figures it has room for */
    float space;    /* em */
    const char *text;
    Node *first, *next, *sup, *sub;
};

typedef enum { COMMAND_SYMBOL, COMMAND_NAME, COMMAND_ACCENT, COMMAND_SPACE, COMMAND_ALPHABET } CommandKind;
typedef enum { ALPHABET_ITALIC, ALPHABET_ROMAN, ALPHABET_BOLD, ALPHABET_DOUBLE } Alphabet;

typedef struct {
    const char *name; /* without the backslash */
    CommandKind kind;
    AtomClass atom;
    int code;   /* symbol, accent: a code point; space: eighteenths of an em; alphabet: an Alphabet */
    int plain;  /* symbol: as it is read, 0 = like code */
    bool extra; /* symbol: slanted; operator: limits; accent: wide */
} Command;

/* The command of that name, NULL when there is none (or when it takes a place in the grammar, like \frac). */
const Command *equation_command(const char *name, size_t size);
/* The code point of a letter or digit in an alphabet; *slanted tells whether it leans. */
unsigned equation_letter(Alphabet alphabet, char letter, bool *slanted);
/* The code point and the class of a punctuation mark or sign; 0 when it means nothing in a formula. */
unsigned equation_sign(char character, AtomClass *atom);
/* Space between neighbours in em; `script` = in a script style, where most of it is dropped. */
float equation_space(AtomClass left, AtomClass right, bool script);

enum { EQUATION_VALUE_COLUMNS = 6 }; /* "−0.123": what a number has when it may change */
enum { EQUATION_PRIME = 0x2032 };    /* already raised by the font: it is not set as a superscript */
enum {
    EQUATION_MAX_BYTES = 4096,
    EQUATION_MAX_DEPTH = 32,
    EQUATION_MAX_ROWS = 64,
    EQUATION_MAX_COLUMNS = 16
};

bool equation_parse(Arena *arena, const char *tex, Node **out, Error *error);
/* The headline "character N of the equation: …", for a fault at byte `at`. Returns false. */
bool equation_fail(Error *error, const char *tex, size_t at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
char *equation_reading(Arena *arena, const Node *node);

/* ---- layout ---- */

typedef enum { ITEM_GLYPH, ITEM_RULE, ITEM_TEXT, ITEM_VALUE, ITEM_TERM } ItemKind;

/* One thing to draw; x, y from the origin of what is being set, y downwards. */
typedef struct {
    ItemKind kind;
    float x, y, w, h, size;
    int glyph;
    int columns; /* of a value: the figures it has room for */
    int end;     /* of a term: its items are those up to here */
    bool tied; /* of a rule: it continues the glyph before it, and both move when it is put on whole pixels */
    const char *text;
} Item;

typedef enum { STYLE_DISPLAY, STYLE_TEXT, STYLE_SCRIPT, STYLE_SMALLEST } StyleLevel;

typedef struct {
    StyleLevel level;
    bool cramped; /* superscripts stay lower: under a root, below a fraction bar */
} Style;

typedef struct {
    float width, ascent, descent;
    float italic; /* how far the top leans out of `width`: only a character has it */
} Box;

typedef struct {
    Arena *arena;
    const TextMetrics *metrics;
    MathConstants constants;
    float size, x_height; /* of the text style: px per em, and px */
    Item *item;
    int count, capacity;
    const Node *missing; /* the first character the font does not have */
} Setter;

float set_size(const Setter *setter, Style style); /* px per em */
Item *set_item(Setter *setter, ItemKind kind);
void set_move(Setter *setter, int from, int end, float dx, float dy); /* items from .. end - 1 */
/* Each appends the items of a node with its origin at (0, 0), and returns how large it is. */
Box set_node(Setter *setter, const Node *node, Style style);
Box set_row(Setter *setter, const Node *row, Style style, AtomClass before);
Box set_glyph(Setter *setter, int glyph, float size);
Box set_fraction(Setter *setter, const Node *node, Style style);
Box set_root(Setter *setter, const Node *node, Style style);
Box set_accent(Setter *setter, const Node *node, Style style);
Box set_scripts(Setter *setter, const Node *node, Style style);
Box set_fence(Setter *setter, const Node *node, Style style);
Box set_table(Setter *setter, const Node *node, Style style);
/* A node that is one character, however many groups and terms are around it; NULL otherwise. */
const Node *equation_character(const Node *node);
/* Glyph of a character; 0, with setter->missing set, when the font lacks it. */
int set_find(Setter *setter, unsigned code, const Node *node);
