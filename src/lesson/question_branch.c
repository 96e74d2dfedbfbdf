/* question_branch.c — the question which beginning of a translation stays in a beam: one that did, and the most probable of
 * those that were pruned in the same step. The entry may be any of the tree (docs/trace.md, "A beam search"). */
#include <string.h>
#include "lesson/parse.h"
#include "lesson/question.h"

typedef struct {
    const TraceEntry *parent, *token, *length, *logprob, *kept;
    int count;
} Tree;

static const TraceEntry *of_tree(const Asking *asking, const char *name)
{
    int entry = trace_find_beside(asking->trace, asking->entry->name, name);
    return entry < 0 ? NULL : &asking->trace->entry[entry];
}

static bool find_tree(const Asking *asking, Tree *out)
{
    *out =
        (Tree){of_tree(asking, "beam.parent"),  of_tree(asking, "beam.token"), of_tree(asking, "beam.length"),
               of_tree(asking, "beam.logprob"), of_tree(asking, "beam.kept"),  0};
    const TraceEntry *all[] = {out->parent, out->token, out->length, out->logprob, out->kept};
    out->count = out->parent && out->parent->rank == 1 ? out->parent->dim[0] : 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!all[i] || all[i]->rank != 1 || all[i]->dim[0] != out->count) return false;
    return out->count > 0;
}

/* The node's words as they are read, or as many of the last ones as fit a choice. False when the tree makes no sense. */
static bool words_of(const Asking *asking, const Tree *tree, int node, Text *out)
{
    static const char mark[] = "\xE2\x96\x81";
    out->text[0] = 0;
    while (node > 0) {
        const char *word = trace_label(asking->trace, tree->token, 0, node);
        int parent = (int)tree->parent->value[node];
        if (!word || parent < 0 || parent >= node) return false;
        bool begins = !strncmp(word, mark, sizeof mark - 1);
        if (begins) word += sizeof mark - 1;
        bool blank = (begins || *word == '<') && parent > 0;
        char longer[CHOICE_BYTES];
        int size = snprintf(longer, sizeof longer, "%s%s%s", blank ? " " : "", word, out->text);
        if (size >= CHOICE_BYTES - 4) {
            snprintf(longer, sizeof longer, "…%.50s", out->text);
            memcpy(out->text, longer, sizeof longer);
            return true;
        }
        memcpy(out->text, longer, sizeof longer);
        node = parent;
    }
    return true;
}

bool ask_branch(Asking *asking)
{
    Tree tree;
    int length = asking->row + 1, kept[64], kept_count = 0, pruned[QUESTION_CHOICES - 1], pruned_count = 0;
    if (!find_tree(asking, &tree)) return false;
    /* Nodes of one length stand in the order of their probability. */
    for (int n = 1; n < tree.count; n++) {
        if ((int)tree.length->value[n] != length) continue;
        if (tree.kept->value[n] > 0) {
            if (kept_count < 64) kept[kept_count++] = n;
        } else if (pruned_count < QUESTION_CHOICES - 1) pruned[pruned_count++] = n;
    }
    if (!kept_count || !pruned_count) return false;
    int right = kept[rng_below(&asking->rng, (uint32_t)kept_count)];
    double survivor = (double)tree.logprob->value[right], best = (double)tree.logprob->value[pruned[0]];
    if (!(survivor - best >= MARGIN_OTHER)) return false;
    Text name, first;
    if (!words_of(asking, &tree, right, &name)) return false;
    ask_add(asking, name.text, survivor);
    for (int i = 0; i < pruned_count; i++) {
        Text other;
        if (!words_of(asking, &tree, pruned[i], &other) || !strcmp(other.text, name.text)) return false;
        if (!i) first = other;
        ask_add(asking, other.text, (double)tree.logprob->value[pruned[i]]);
    }
    ask_explain(asking, 0, "“%s” stays with log p = %s; “%s”, the best of those that are pruned, has %s.",
                name.text, NUMBER(survivor), first.text, NUMBER(best));
    ask_explain(asking, 1, "“%s”留了下来，log p = %s；被剪去的分支中最好的是“%s”，为 %s。", name.text,
                NUMBER(survivor), first.text, NUMBER(best));
    return true;
}
