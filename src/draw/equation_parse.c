/* equation_parse.c — TeX text to a tree: recursive descent, every refusal with its position.
 *
 * Bounded: the text, the nesting and the tables have limits, so that the recursion here and in the layout is bounded too.
 * Surprise: a sign is binary only between two operands ("a - b"); elsewhere it is an ordinary symbol ("-b"), which is
 * decided when its row is complete (settle). */
#include <string.h>
#include "base/utf8.h"
#include "draw/equation_int.h"

typedef struct {
    Arena *arena;
    const char *tex;
    size_t size, at;
    int depth;
    Alphabet alphabet;
    Error *error;
} Parser;

#define FAIL(parser, at, ...) equation_fail((parser)->error, (parser)->tex, (at), __VA_ARGS__)

static Node *new_node(Parser *parser, NodeKind kind, AtomClass atom, size_t at)
{
    Node *node = arena_new(parser->arena, Node);
    node->kind = kind;
    node->atom = atom;
    node->at = at;
    return node;
}

static char peek(Parser *parser)
{
    while (parser->tex[parser->at] == ' ' || parser->tex[parser->at] == '\n' ||
           parser->tex[parser->at] == '\t')
        parser->at++;
    return parser->tex[parser->at];
}

/* Size of the command's name at `at`, which stands on a backslash: letters, or any single character. */
static size_t name_size(const Parser *parser, size_t at)
{
    const char *name = parser->tex + at + 1;
    size_t size = 0;
    while ((name[size] >= 'a' && name[size] <= 'z') || (name[size] >= 'A' && name[size] <= 'Z')) size++;
    return size ? size : *name != '\0';
}

static bool stands_at(const Parser *parser, size_t at, const char *name)
{
    size_t size = strlen(name);
    return parser->tex[at] == '\\' && name_size(parser, at) == size &&
           memcmp(parser->tex + at + 1, name, size) == 0;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* ---- rows ---- */

/* Binary signs without two operands become ordinary (rules 5 and 6). `led` = an empty operand stands before the row. */
static void settle(Node *row, bool led)
{
    Node *before = NULL;
    for (Node *node = row->first; node; node = node->next) {
        if (node->atom == ATOM_NONE) continue;
        AtomClass left = before ? before->atom : led ? ATOM_ORDINARY : ATOM_OPEN;
        if (node->atom == ATOM_BINARY &&
            (left == ATOM_BINARY || left == ATOM_OPERATOR || left == ATOM_RELATION || left == ATOM_OPEN ||
             left == ATOM_PUNCTUATION))
            node->atom = ATOM_ORDINARY;
        bool closes =
            node->atom == ATOM_RELATION || node->atom == ATOM_CLOSE || node->atom == ATOM_PUNCTUATION;
        if (closes && before && before->atom == ATOM_BINARY) before->atom = ATOM_ORDINARY;
        before = node;
    }
    if (before && before->atom == ATOM_BINARY) before->atom = ATOM_ORDINARY;
}

static bool parse_nucleus(Parser *parser, Node **out);
static bool parse_scripts(Parser *parser, Node **node);

static bool row_ends(Parser *parser)
{
    char c = peek(parser);
    return c == '\0' || c == '}' || c == '&' || stands_at(parser, parser->at, "\\") ||
           stands_at(parser, parser->at, "right") || stands_at(parser, parser->at, "end");
}

/* Up to, not including, whatever cannot belong to a row; the caller knows whether that may stand here. */
static bool parse_row(Parser *parser, bool led, Node **out)
{
    if (parser->depth == EQUATION_MAX_DEPTH)
        return FAIL(parser, parser->at, "more than %d levels inside each other", EQUATION_MAX_DEPTH);
    parser->depth++;
    Node *row = *out = new_node(parser, NODE_ROW, ATOM_ORDINARY, parser->at), **last = &row->first;
    while (!row_ends(parser)) {
        if (!parse_nucleus(parser, last) || !parse_scripts(parser, last)) return false;
        last = &(*last)->next;
    }
    settle(row, led);
    parser->depth--;
    return true;
}

/* {…}, or the one symbol or command that stands there. `what` names it in the message. */
static bool parse_argument(Parser *parser, const char *what, Node **out)
{
    char c = peek(parser);
    size_t open = parser->at;
    if (c == '{') {
        parser->at++;
        if (!parse_row(parser, false, out)) return false;
        if (peek(parser) == '\0') return FAIL(parser, open, "this { is never closed");
        if (parser->tex[parser->at] != '}') return FAIL(parser, parser->at, "this cannot stand inside { }");
        parser->at++;
        return true;
    }
    if (row_ends(parser) || c == '^' || c == '_') return FAIL(parser, open, "%s is missing here", what);
    if (parser->depth == EQUATION_MAX_DEPTH)
        return FAIL(parser, open, "more than %d levels inside each other", EQUATION_MAX_DEPTH);
    parser->depth++;
    Node *row = *out = new_node(parser, NODE_ROW, ATOM_ORDINARY, open);
    if (!parse_nucleus(parser, &row->first)) return false;
    settle(row, false);
    parser->depth--;
    return true;
}

static bool parse_scripts(Parser *parser, Node **node)
{
    for (;;) {
        char c = peek(parser);
        size_t at = parser->at;
        if (c != '^' && c != '_' && c != '\'') return true;
        if ((*node)->kind == NODE_SPACE) return FAIL(parser, at, "a script needs something to stand at");
        if ((*node)->kind != NODE_SCRIPTS) {
            Node *scripts = new_node(parser, NODE_SCRIPTS, (*node)->atom, (*node)->at);
            scripts->first = *node;
            scripts->limits = (*node)->limits;
            *node = scripts;
        }
        Node **script = c == '_' ? &(*node)->sub : &(*node)->sup;
        if (*script)
            return FAIL(parser, at, "a second %s at the same symbol", c == '_' ? "_" : "superscript");
        if (c == '\'') {
            *script = new_node(parser, NODE_ROW, ATOM_ORDINARY, at);
            for (Node **last = &(*script)->first; parser->tex[parser->at] == '\''; last = &(*last)->next) {
                *last = new_node(parser, NODE_SYMBOL, ATOM_ORDINARY, parser->at++);
                (*last)->code = EQUATION_PRIME;
                (*last)->plain = '\'';
            }
            continue;
        }
        parser->at++;
        if (!parse_argument(parser, c == '_' ? "the subscript" : "the superscript", script)) return false;
    }
}

/* ---- what has arguments of its own ---- */

/* The raw text of {…}, without braces or commands inside. */
static bool parse_raw(Parser *parser, const char *what, const char **out)
{
    if (peek(parser) != '{') return FAIL(parser, parser->at, "{ and %s are missing here", what);
    size_t open = parser->at, size = strcspn(parser->tex + open + 1, "{}\\");
    char end = parser->tex[open + 1 + size];
    if (end == '\0') return FAIL(parser, open, "this { is never closed");
    if (end != '}') return FAIL(parser, open + 1 + size, "%s is plain text", what);
    if (size == 0) return FAIL(parser, open, "%s is empty", what);
    *out = arena_string_sized(parser->arena, parser->tex + open + 1, size);
    parser->at = open + size + 2;
    return true;
}

static bool parse_fraction(Parser *parser, Node *node)
{
    node->kind = NODE_FRACTION;
    node->atom = ATOM_INNER;
    return parse_argument(parser, "the numerator", &node->first) &&
           parse_argument(parser, "the denominator", &node->first->next);
}

static bool parse_root(Parser *parser, Node *node)
{
    node->kind = NODE_ROOT;
    if (peek(parser) == '[') return FAIL(parser, parser->at, "a root with a degree is not understood");
    return parse_argument(parser, "what is under the root", &node->first);
}

static bool parse_text(Parser *parser, Node *node)
{
    node->kind = NODE_TEXT;
    return parse_raw(parser, "the text", &node->text);
}

static bool parse_term(Parser *parser, Node *node)
{
    node->kind = NODE_TERM;
    if (!parse_raw(parser, "the name of a tensor", &node->text)) return false;
    if (peek(parser) != '{') return FAIL(parser, parser->at, "{ and the term itself are missing here");
    if (!parse_argument(parser, "the term itself", &node->first)) return false;
    const Node *only = node->first->first;
    if (!only) return FAIL(parser, node->at, "this \\term is empty");
    if (!only->next) { /* one part keeps what it is to its neighbours */
        node->atom = only->atom;
        node->limits = only->limits;
    }
    return true;
}

/* "[5]": so many figures wide. */
static bool parse_width(Parser *parser, int *columns)
{
    size_t digit = parser->at + 1;
    char c = parser->tex[digit];
    if (c < '1' || c > '9' || parser->tex[digit + 1] != ']')
        return FAIL(parser, parser->at, "the width of a number is one digit in [ ]");
    *columns = c - '0';
    parser->at = digit + 2;
    return true;
}

static bool parse_value(Parser *parser, Node *node)
{
    node->kind = NODE_VALUE;
    node->atom = ATOM_INNER; /* a thin space keeps its figures apart from letters */
    node->columns = EQUATION_VALUE_COLUMNS;
    if (peek(parser) == '[' && !parse_width(parser, &node->columns)) return false;
    return parse_raw(parser, "the name of a number", &node->text);
}

static bool parse_delimiter(Parser *parser, unsigned *out)
{
    static const char plain[] = "()[]|./<>";
    char c = peek(parser);
    *out = 0;
    if (c == '.') parser->at++;
    else if (c == '<' || c == '>') *out = c == '<' ? 0x27E8 : 0x27E9, parser->at++;
    else if (c && strchr(plain, c)) *out = (unsigned)c, parser->at++;
    else {
        const Command *command =
            c == '\\' ? equation_command(parser->tex + parser->at + 1, name_size(parser, parser->at)) : NULL;
        bool bracket = command && command->kind == COMMAND_SYMBOL &&
                       (command->atom == ATOM_OPEN || command->atom == ATOM_CLOSE || command->code == 0x2016);
        if (!bracket) return FAIL(parser, parser->at, "a bracket is missing here");
        *out = (unsigned)command->code;
        parser->at += 1 + name_size(parser, parser->at);
    }
    return true;
}

static bool parse_fence(Parser *parser, Node *node)
{
    node->kind = NODE_FENCE;
    node->atom = ATOM_INNER;
    if (!parse_delimiter(parser, &node->code) || !parse_row(parser, false, &node->first)) return false;
    if (!stands_at(parser, parser->at, "right")) {
        if (peek(parser) == '\0') return FAIL(parser, node->at, "this \\left has no \\right");
        return FAIL(parser, parser->at, "this cannot stand between \\left and \\right");
    }
    parser->at += strlen("\\right");
    return parse_delimiter(parser, &node->plain);
}

static const struct {
    const char *name;
    bool aligned;
    unsigned left, right;
} tables[] = {{"aligned", true, 0, 0}, {"bmatrix", false, '[', ']'}, {"pmatrix", false, '(', ')'}};

/* The rows up to \end, as cells[row * EQUATION_MAX_COLUMNS + column]. */
static bool parse_cells(Parser *parser, Node *table, Node **cells, int *rows)
{
    int row = 0, column = 0;
    for (;;) {
        if (row == EQUATION_MAX_ROWS) return FAIL(parser, parser->at, "more than %d rows", EQUATION_MAX_ROWS);
        if (column == EQUATION_MAX_COLUMNS)
            return FAIL(parser, parser->at, "more than %d columns", EQUATION_MAX_COLUMNS);
        Node **cell = &cells[row * EQUATION_MAX_COLUMNS + column];
        if (!parse_row(parser, table->aligned && column % 2 == 1, cell)) return false;
        column++;
        if (column > table->columns) table->columns = column;
        char c = peek(parser);
        if (c == '&') parser->at++;
        else if (stands_at(parser, parser->at, "\\")) parser->at += 2, row++, column = 0;
        else if (stands_at(parser, parser->at, "end")) break;
        else if (c == '\0') return FAIL(parser, table->at, "this \\begin has no \\end");
        else return FAIL(parser, parser->at, "this cannot stand inside \\begin and \\end");
    }
    bool trailing =
        row > 0 && column == 1 && !cells[row * EQUATION_MAX_COLUMNS]->first; /* "\\ \end" adds no row */
    *rows = row + !trailing;
    return true;
}

static bool parse_table(Parser *parser, Node *node)
{
    const char *name, *end;
    size_t kind = 0, count = sizeof tables / sizeof *tables;
    if (!parse_raw(parser, "the name of an environment", &name)) return false;
    while (kind < count && strcmp(tables[kind].name, name) != 0) kind++;
    if (kind == count)
        return FAIL(parser, node->at, "there is aligned, bmatrix and pmatrix, but no %s", QUOTED(name));
    node->kind = NODE_TABLE;
    node->atom = tables[kind].aligned ? ATOM_ORDINARY : ATOM_INNER;
    node->aligned = tables[kind].aligned;
    node->code = tables[kind].left;
    node->plain = tables[kind].right;
    Node **cells = arena_array(parser->arena, Node *, (size_t)EQUATION_MAX_ROWS * EQUATION_MAX_COLUMNS),
         **last = &node->first;
    int rows = 0;
    if (!parse_cells(parser, node, cells, &rows)) return false;
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < node->columns; k++) {
            Node *cell = cells[i * EQUATION_MAX_COLUMNS + k];
            *last = cell ? cell : new_node(parser, NODE_ROW, ATOM_ORDINARY, parser->at);
            last = &(*last)->next;
        }
    size_t at = parser->at;
    parser->at += strlen("\\end");
    if (!parse_raw(parser, "the name of an environment", &end)) return false;
    return strcmp(name, end) == 0 || FAIL(parser, at, "\\begin{%s} needs \\end{%s}", name, name);
}

static const struct {
    const char *name;
    bool (*parse)(Parser *parser, Node *node);
} structures[] = {{"frac", parse_fraction}, {"sqrt", parse_root}, {"text", parse_text},
                  {"term", parse_term},     {"val", parse_value}, {"left", parse_fence},
                  {"begin", parse_table}};

static bool parse_letters(Parser *parser, Alphabet alphabet, Node *node)
{
    Alphabet outer = parser->alphabet;
    Node *row;
    parser->alphabet = alphabet;
    if (!parse_argument(parser, "the text", &row)) return false;
    parser->alphabet = outer;
    node->first = row->first;
    return true;
}

static bool parse_command(Parser *parser, Node **out)
{
    size_t at = parser->at, size = name_size(parser, at);
    const char *name = parser->tex + at + 1;
    Node *node = *out = new_node(parser, NODE_ROW, ATOM_ORDINARY, at);
    parser->at += 1 + size;
    for (size_t i = 0; i < sizeof structures / sizeof *structures; i++)
        if (strlen(structures[i].name) == size && memcmp(structures[i].name, name, size) == 0)
            return structures[i].parse(parser, node);
    const Command *command = size ? equation_command(name, size) : NULL;
    if (!command)
        return FAIL(parser, at, "the command %s is not understood",
                    error_quote(name - 1, size + 1, (char[420]){0}, 420));
    node->atom = command->atom;
    switch (command->kind) {
    case COMMAND_SYMBOL:
        node->kind = NODE_SYMBOL;
        node->code = (unsigned)command->code;
        node->plain = (unsigned)(command->plain ? command->plain : command->code);
        node->slanted = command->extra && command->atom == ATOM_ORDINARY;
        node->limits = command->extra && command->atom == ATOM_OPERATOR;
        return true;
    case COMMAND_NAME:
        node->kind = NODE_NAME;
        node->text = command->name;
        node->limits = command->extra;
        return true;
    case COMMAND_SPACE:
        node->kind = NODE_SPACE;
        node->space = (float)command->code / 18;
        return true;
    case COMMAND_ACCENT:
        node->kind = NODE_ACCENT;
        node->code = (unsigned)command->code;
        node->wide = command->extra;
        return parse_argument(parser, "what is under the accent", &node->first);
    case COMMAND_ALPHABET: return parse_letters(parser, (Alphabet)command->code, node);
    }
    return false;
}

/* ---- single characters ---- */

static bool parse_character(Parser *parser, Node **out)
{
    size_t at = parser->at;
    char c = parser->tex[at];
    Node *node = *out = new_node(parser, NODE_SYMBOL, ATOM_ORDINARY, at);
    node->plain = (unsigned char)c;
    if (is_letter_or_digit(c)) {
        node->code = equation_letter(parser->alphabet, c, &node->slanted);
        if (parser->alphabet == ALPHABET_DOUBLE) node->plain = node->code;
    } else node->code = equation_sign(c, &node->atom);
    if (c == '^' || c == '_' || c == '\'') return FAIL(parser, at, "a script needs something to stand at");
    const char *next = parser->tex + at;
    unsigned code = utf8_next(&next, parser->tex + parser->size);
    if (!node->code && code >= 0x80)
        return FAIL(parser, at, "the character U+%04X is not understood; words stand in \\text{…}", code);
    if (!node->code) return FAIL(parser, at, "this character is not understood");
    parser->at++;
    return true;
}

static bool parse_nucleus(Parser *parser, Node **out)
{
    char c = peek(parser);
    if (c == '{') return parse_argument(parser, "the group", out);
    return c == '\\' ? parse_command(parser, out) : parse_character(parser, out);
}

bool equation_parse(Arena *arena, const char *tex, Node **out, Error *error)
{
    Parser parser = {.arena = arena, .tex = tex, .size = strlen(tex), .error = error};
    if (parser.size > EQUATION_MAX_BYTES)
        return error_set(error, EXIT_INPUT, "the equation has %zu bytes, more than %d", parser.size,
                         EQUATION_MAX_BYTES);
    size_t good = utf8_valid_prefix(tex, parser.size);
    if (good < parser.size) return FAIL(&parser, good, "this is not UTF-8");
    if (!parse_row(&parser, false, out)) return false;
    if (parser.at == parser.size) return true;
    const char *message = tex[parser.at] == '}'                    ? "this } closes nothing"
                          : stands_at(&parser, parser.at, "right") ? "this \\right has no \\left"
                          : stands_at(&parser, parser.at, "end")
                              ? "this \\end has no \\begin"
                              : "& and \\\\ stand inside \\begin{aligned} only";
    return FAIL(&parser, parser.at, "%s", message);
}
