/* equation_reading.c — an equation as plain text, for copying and for readers without the picture.
 *
 * "e_t,i = v^T tanh(W_1 h_i + W_2 s_t)": parentheses only where a script or a fraction would be read wrongly. */
#include <string.h>
#include "base/buffer.h"
#include "draw/equation_int.h"

static void read_node(Buffer *out, const Node *node);
static void read_row(Buffer *out, const Node *row, bool script);

/* A row that is one part, without the groups around it. */
static const Node *only_part(const Node *node)
{
    while (node && (node->kind == NODE_ROW || node->kind == NODE_TERM)) {
        if (!node->first || (node->kind == NODE_ROW && node->first->next)) break;
        node = node->first;
    }
    return node;
}

static bool is_simple(const Node *node)
{
    node = only_part(node);
    return !node || (node->kind != NODE_ROW && node->kind != NODE_FRACTION && node->kind != NODE_TABLE);
}

/* "t,i" and "ij" stand at their symbol without parentheses; "t - 1" and "a b" do not. */
static bool is_index(const Node *node)
{
    node = only_part(node);
    if (!node || node->kind != NODE_ROW) return node && node->kind != NODE_SCRIPTS && is_simple(node);
    for (const Node *part = node->first; part; part = part->next)
        if (part->kind != NODE_SYMBOL ||
            (part->atom != ATOM_ORDINARY && part->atom != ATOM_PUNCTUATION && part != node->first))
            return false;
    return true;
}

static void read_wrapped(Buffer *out, const Node *node, bool plain)
{
    if (!plain) buffer_text(out, "(");
    read_node(out, node);
    if (!plain) buffer_text(out, ")");
}

static bool is_digit(const Node *node)
{
    return node->kind == NODE_SYMBOL && node->plain >= '0' && node->plain <= '9';
}

/* A space where TeX shows one, and where two letters or words would run together. */
static bool needs_space(const Node *left, const Node *right)
{
    if (!left || left->atom == ATOM_OPEN || right->atom == ATOM_CLOSE || right->atom == ATOM_PUNCTUATION)
        return false;
    if (left->plain == '-' && left->atom == ATOM_ORDINARY) return false;
    AtomClass a = left->atom, b = right->atom;
    if (a == ATOM_BINARY || a == ATOM_RELATION || b == ATOM_BINARY || b == ATOM_RELATION) return true;
    if (a == ATOM_PUNCTUATION || a == ATOM_NONE || b == ATOM_NONE) return true;
    left = only_part(left);
    right = only_part(right);
    if (b == ATOM_OPEN || right->kind == NODE_FENCE) return false;
    if (a == ATOM_OPERATOR || b == ATOM_OPERATOR) return true;
    if (right->kind == NODE_SCRIPTS && is_digit(left) && is_digit(right->first)) return false;
    return a != ATOM_CLOSE && (left->kind != NODE_SYMBOL || right->kind == NODE_SCRIPTS);
}

static void read_row(Buffer *out, const Node *row, bool script)
{
    const Node *before = NULL;
    for (const Node *part = row->first; part; part = part->next) {
        if (part->kind == NODE_SPACE) {
            if (part->space > 0 && before && part->next) before = part;
            continue;
        }
        if (!script && needs_space(before, part)) buffer_text(out, " ");
        read_node(out, part);
        before = part;
    }
}

static void read_script(Buffer *out, const char *sign, const Node *script)
{
    if (!script) return;
    if (script->first && script->first->code == EQUATION_PRIME) {
        read_node(out, script);
        return;
    }
    const Node *part = only_part(script);
    bool index = is_index(script);
    buffer_text(out, index ? sign : *sign == '_' ? "_(" : "^(");
    if (part && part->kind == NODE_ROW) read_row(out, part, true);
    else read_node(out, script);
    if (!index) buffer_text(out, ")");
}

static void read_delimiter(Buffer *out, unsigned code)
{
    if (code) buffer_code(out, code);
}

/* Rows of an aligned block that begin with a relation go on with the row before; others are set off by ";". */
static void read_table(Buffer *out, const Node *table)
{
    int column = 0;
    read_delimiter(out, table->code);
    for (const Node *cell = table->first; cell; cell = cell->next, column = (column + 1) % table->columns) {
        bool goes_on = table->aligned && !cell->first;
        if (cell != table->first && column == 0) buffer_text(out, goes_on ? " " : "; ");
        else if (column > 0 && out->size && out->at[out->size - 1] != ' ')
            buffer_text(out, table->aligned ? " " : ", ");
        read_row(out, cell, false);
    }
    read_delimiter(out, table->plain);
}

static void read_node(Buffer *out, const Node *node)
{
    switch (node->kind) {
    case NODE_ROW: read_row(out, node, false); break;
    case NODE_TERM: read_row(out, node->first, false); break;
    case NODE_SYMBOL: buffer_code(out, node->plain); break;
    case NODE_NAME:
    case NODE_TEXT:
    case NODE_VALUE: buffer_text(out, node->text); break;
    case NODE_SPACE: break;
    case NODE_FRACTION:
        read_wrapped(out, node->first, is_simple(node->first));
        buffer_text(out, "/");
        read_wrapped(out, node->first->next, is_simple(node->first->next));
        break;
    case NODE_ROOT:
        buffer_text(out, "√");
        read_wrapped(out, node->first, is_simple(node->first));
        break;
    case NODE_ACCENT: /* the combining mark follows what it stands on */
        read_wrapped(out, node->first, is_simple(node->first));
        buffer_code(out, node->code);
        break;
    case NODE_SCRIPTS:
        read_wrapped(out, node->first, is_simple(node->first));
        read_script(out, "_", node->sub);
        read_script(out, "^", node->sup);
        break;
    case NODE_FENCE:
        read_delimiter(out, node->code);
        read_node(out, node->first);
        read_delimiter(out, node->plain);
        break;
    case NODE_TABLE: read_table(out, node); break;
    }
}

char *equation_reading(Arena *arena, const Node *node)
{
    Buffer out = {0};
    buffer_text(&out, "");
    read_node(&out, node);
    char *text = arena_string_sized(arena, out.at ? out.at : "", out.size);
    buffer_free(&out);
    return text;
}
