/* markdown.c — prose to blocks and spans, through cmark (which only this file includes).
 *
 * Why cmark: its time and output stay linear on hostile input. The tree is walked with its iterator, never recursively;
 * lists and quotes inside each other are flattened. Raw HTML is shown as the text it is, nothing is ever fetched, and
 * what a reference repeats counts against the expansion cap. */
#include <cmark.h>
#include <string.h>
#include "base/utf8.h"
#include "lesson/parse.h"

typedef struct {
    Loader *loader;
    const List *maths;
    int first_line; /* of the chunk, from 0 */
    /* the block being built */
    bool open;
    BlockKind kind;
    int line; /* from 1 */
    /* the span being built */
    Buffer text;
    SpanKind span;
    const char *link;
    bool wrapped; /* a soft line break waits for the next character */
    /* where the walk is */
    int strong, emphasis, quote, image;
    const char *target; /* of the link around, NULL outside */
    bool link_shown;    /* false: the address is not one we follow */
    const char *marker; /* list item begun: "" for a bullet, "3. " for a number; NULL = none */
} Walk;

static bool is_cjk(unsigned code)
{
    return (code >= 0x2E80 && code <= 0x9FFF) || (code >= 0xFF00 && code <= 0xFFEF) || code >= 0x20000 ||
           (code >= 0x2018 && code <= 0x201D) || code == 0x2014 || code == 0x2026;
}

static unsigned last_character(const Buffer *text)
{
    size_t at = text->size;
    while (at && ((unsigned char)text->at[at - 1] & 0xC0) == 0x80) at--;
    if (!at) return 0;
    const char *start = text->at + at - 1;
    return utf8_next(&start, text->at + text->size);
}

static void close_span(Walk *walk)
{
    if (!walk->text.size) return;
    *(Span *)list_add(&walk->loader->spans, sizeof(Span)) = (Span){
        walk->span, arena_string_sized(walk->loader->arena, walk->text.at, walk->text.size), walk->link};
    buffer_clear(&walk->text);
}

/* A line break of the file is a blank, except between two Chinese characters. */
static bool blank_needed(Walk *walk, const char *text, size_t size)
{
    if (!walk->wrapped) return false;
    walk->wrapped = false;
    const char *at = text;
    bool chinese =
        walk->text.size && size && is_cjk(last_character(&walk->text)) && is_cjk(utf8_next(&at, text + size));
    return !chinese;
}

static bool add_text(Walk *walk, SpanKind kind, const char *link, const char *text, size_t size)
{
    if (!walk->open || !size) return true;
    if (!loader_charge(walk->loader, size)) return false;
    bool same = kind == walk->span && link == walk->link && kind != SPAN_MATH,
         blank = blank_needed(walk, text, size);
    /* The blank belongs to plain text, on whichever side of the break that is. */
    if (blank && !same && kind != SPAN_TEXT) {
        if (walk->span != SPAN_TEXT || !walk->text.size) {
            close_span(walk); /* a formula's span is complete already */
            walk->span = SPAN_TEXT;
            walk->link = NULL;
        }
        buffer_text(&walk->text, " ");
        blank = false;
    }
    if (!same) close_span(walk);
    walk->span = kind;
    walk->link = link;
    if (blank) buffer_text(&walk->text, " ");
    buffer_add(&walk->text, text, size);
    return true;
}

static SpanKind current_kind(const Walk *walk)
{
    if (walk->target && walk->link_shown) return SPAN_LINK;
    if (walk->strong) return SPAN_STRONG;
    return walk->emphasis || walk->image ? SPAN_EMPHASIS : SPAN_TEXT;
}

static const char *current_link(const Walk *walk)
{
    return walk->link_shown ? walk->target : NULL;
}

/* The formula whose mark begins at text, or NULL; *size gets the length of the mark. */
static const char *formula_at(const Walk *walk, const char *text, const char *end, size_t *size)
{
    const char *at = text + strlen(MATH_OPEN);
    int number = 0, digits = 0;
    for (; at < end && *at >= '0' && *at <= '9' && digits < 7; at++, digits++)
        number = number * 10 + (*at - '0');
    if (!digits || number >= walk->maths->count || end - at < 3 || memcmp(at, MATH_CLOSE, 3)) return NULL;
    *size = (size_t)(at + 3 - text);
    return ((const char **)walk->maths->at)[number];
}

static const char *find_mark(const char *text, const char *end)
{
    for (; (text = memchr(text, MATH_OPEN[0], (size_t)(end - text))); text++)
        if (end - text >= 3 && memcmp(text, MATH_OPEN, 3) == 0) return text;
    return end;
}

/* Text with the lifted formulas in it: as maths spans, or (`literal`: code, HTML) as they were written. */
static bool add_lifted(Walk *walk, SpanKind kind, const char *link, const char *text, bool literal)
{
    const char *at = text, *end = text + strlen(text);
    while (at < end) {
        const char *mark = find_mark(at, end), *tex = NULL;
        size_t size = 0;
        for (; mark < end && !(tex = formula_at(walk, mark, end, &size));) mark = find_mark(mark + 3, end);
        if (!add_text(walk, kind, link, at, (size_t)(mark - at))) return false;
        at = mark + size;
        if (!tex) continue;
        if (literal) {
            if (!add_text(walk, kind, link, "$", 1) || !add_text(walk, kind, link, tex, strlen(tex)) ||
                !add_text(walk, kind, link, "$", 1))
                return false;
        } else if (!add_text(walk, SPAN_MATH, link, tex, strlen(tex))) return false;
        else close_span(walk);
    }
    return true;
}

/* ---- blocks ---- */

static void open_block(Walk *walk, BlockKind kind, cmark_node *node)
{
    walk->open = true;
    walk->kind = kind;
    walk->line = walk->first_line + cmark_node_get_start_line(node);
    walk->wrapped = false;
}

static void close_block(Walk *walk)
{
    close_span(walk);
    if (walk->open) loader_add_block(walk->loader, walk->kind, walk->line);
    walk->open = false;
}

static void open_paragraph(Walk *walk, cmark_node *node)
{
    const char *marker = walk->marker;
    walk->marker = NULL;
    /* A numbered item carries its number as text: blocks know only the bullet. */
    open_block(walk, marker && !*marker ? BLOCK_ITEM : walk->quote ? BLOCK_QUOTE : BLOCK_PARAGRAPH, node);
    if (marker && *marker) add_text(walk, SPAN_TEXT, NULL, marker, strlen(marker));
}

static bool whole_block(Walk *walk, cmark_node *node, BlockKind kind, SpanKind span)
{
    const char *literal = cmark_node_get_literal(node);
    size_t size = literal ? strlen(literal) : 0;
    while (size && literal[size - 1] == '\n') size--;
    open_block(walk, kind, node);
    bool good = add_lifted(walk, span, NULL,
                           arena_string_sized(walk->loader->arena, literal ? literal : "", size), true);
    close_block(walk);
    return good;
}

static void open_item(Walk *walk, cmark_node *item)
{
    cmark_node *list = cmark_node_parent(item);
    walk->marker = "";
    if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST) return;
    /* How many items came before is kept at the list's node, because lists nest. */
    size_t before = (size_t)cmark_node_get_user_data(list);
    cmark_node_set_user_data(list, (void *)(before + 1));
    walk->marker = arena_format(walk->loader->arena, "%lld. ",
                                (long long)cmark_node_get_list_start(list) + (long long)before);
}

/* ---- links ---- */

static bool refuse_address(Walk *walk, cmark_node *node, const char *message, const char *advice)
{
    /* Inline nodes have no line of their own in cmark 0.30: the block around them has. */
    while (node && !cmark_node_get_start_line(node)) node = cmark_node_parent(node);
    int line = walk->first_line + (node ? cmark_node_get_start_line(node) : 1) - 1;
    if (line < walk->loader->source.line_count) walk->loader->line = line;
    loader_fail(walk->loader, 0, "%s", message);
    return error_add(walk->loader->error, "do", "%s", advice);
}

static bool has_scheme(const char *url)
{
    size_t size = strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return size > 1 && url[size] == ':';
}

static bool open_link(Walk *walk, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    if (!url) url = "";
    walk->target = "";
    walk->link_shown = false;
    if (!loader_charge(walk->loader, strlen(url))) return false;
    if (*url == '#') {
        if (!entry_valid(url + 1))
            return refuse_address(
                walk, node, arena_format(walk->loader->arena, "%s is not the name of a tensor", QUOTED(url)),
                "link to a tensor as [text](#dec.attn.score)");
        walk->target = arena_string(walk->loader->arena, url + 1);
        walk->link_shown = true;
    } else if (strncmp(url, "https://", 8) == 0) {
        walk->target = arena_string(walk->loader->arena, url);
        walk->link_shown = true;
    } else if (!has_scheme(url)) {
        const char *message = arena_format(walk->loader->arena, "the link %s leads nowhere", QUOTED(url));
        return refuse_address(walk, node, message,
                              "link to a tensor as [text](#dec.attn.score), to a page with https://");
    }
    return true; /* any other scheme (javascript:, file:, data:) stays plain text */
}

static bool open_image(Walk *walk, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    walk->image++;
    if (!url || (*url != '/' && *url != '\\' && !strstr(url, "..") && !(url[0] && url[1] == ':')))
        return true;
    return refuse_address(
        walk, node,
        arena_format(walk->loader->arena, "the picture %s is outside the lesson folder", QUOTED(url)),
        "pictures come from @show; a lesson names no other files");
}

/* ---- the walk ---- */

static bool enter(Walk *walk, cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE: walk->quote++; return true;
    case CMARK_NODE_ITEM: open_item(walk, node); return true;
    case CMARK_NODE_HEADING: walk->strong++; /* fall through */
    case CMARK_NODE_PARAGRAPH: open_paragraph(walk, node); return true;
    case CMARK_NODE_CODE_BLOCK: return whole_block(walk, node, BLOCK_CODE, SPAN_CODE);
    case CMARK_NODE_HTML_BLOCK: return whole_block(walk, node, BLOCK_PARAGRAPH, SPAN_TEXT);
    case CMARK_NODE_TEXT: return add_lifted(walk, current_kind(walk), current_link(walk), literal, false);
    case CMARK_NODE_CODE: return add_lifted(walk, SPAN_CODE, current_link(walk), literal, true);
    case CMARK_NODE_HTML_INLINE:
        return add_lifted(walk, current_kind(walk), current_link(walk), literal, true);
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK: walk->wrapped = true; return true;
    case CMARK_NODE_EMPH: walk->emphasis++; return true;
    case CMARK_NODE_STRONG: walk->strong++; return true;
    case CMARK_NODE_LINK: return open_link(walk, node);
    case CMARK_NODE_IMAGE: return open_image(walk, node);
    default: return true;
    }
}

static void leave(Walk *walk, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE: walk->quote--; return;
    case CMARK_NODE_ITEM: walk->marker = NULL; return;
    case CMARK_NODE_HEADING: walk->strong--; /* fall through */
    case CMARK_NODE_PARAGRAPH: close_block(walk); return;
    case CMARK_NODE_EMPH: walk->emphasis--; return;
    case CMARK_NODE_STRONG: walk->strong--; return;
    case CMARK_NODE_LINK: walk->target = NULL; return;
    case CMARK_NODE_IMAGE: walk->image--; return;
    default: return;
    }
}

bool markdown_read(Loader *loader, const char *text, size_t size, int first_line)
{
    Buffer lifted = {0};
    List maths = {0};
    bool good = mathematics_lift(loader, text, size, first_line, &lifted, &maths);
    if (good && lifted.size) {
        cmark_node *root = cmark_parse_document(lifted.at, lifted.size, CMARK_OPT_DEFAULT);
        cmark_iter *iterator = cmark_iter_new(root);
        Walk walk = {.loader = loader, .maths = &maths, .first_line = first_line};
        for (cmark_event_type event; good && (event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE;) {
            cmark_node *node = cmark_iter_get_node(iterator);
            if (event == CMARK_EVENT_ENTER) good = enter(&walk, node);
            else leave(&walk, node);
        }
        buffer_free(&walk.text);
        cmark_iter_free(iterator);
        cmark_node_free(root);
    }
    buffer_free(&lifted);
    list_free(&maths);
    return good;
}
