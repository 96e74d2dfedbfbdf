/* question_run.c — questions about the run itself, not about one row's values: how many numbers, how many tokens, and which
 * token is read. The wrong choices are what common misconceptions predict. */
#include <math.h>
#include <string.h>
#include "lesson/question.h"

static void add_count(Asking *asking, int count)
{
    const AskedQuestion *out = asking->out;
    if (count < 1 || out->choice_count == QUESTION_CHOICES) return;
    for (int i = 0; i < out->choice_count; i++)
        if (out->value[i] == count) return;
    char text[CHOICE_BYTES];
    snprintf(text, sizeof text, "%d", count);
    ask_add(asking, text, count);
}

/* The entry's own run, and the main one. */
static const TraceSequence *sequence_of_run(const Asking *asking, const char *name)
{
    int found = trace_sequence_beside(asking->trace, asking->entry->name, name);
    return found >= 0 ? &asking->trace->sequence[found] : NULL;
}

/* Wrong: as if it grew with the sentence, as if every token had one of its own, as if it were one number a token. */
bool ask_size(Asking *asking)
{
    const TraceEntry *entry = asking->entry;
    const TraceSequence *own = sequence_of_run(asking, "source");
    int main_run = trace_sequence(asking->trace, "source"), size = entry->dim[entry->rank - 1];
    if (!own || own->count < 2 || main_run < 0 || size < 1) return false;
    int tokens = own->count, others = asking->trace->sequence[main_run].count;
    double grown = others > 0 && others != tokens ? (double)size * tokens / others : size / 2.0;
    add_count(asking, size);
    add_count(asking, (int)lround(fmin(grown, 1e9)));
    add_count(asking, (int)fmin((double)size * tokens, 1e9));
    add_count(asking, tokens);
    if (asking->out->choice_count < 3) return false;
    ask_explain(asking, 0, "%d numbers, as for every sentence; this one has %d tokens.", size, tokens);
    ask_explain(asking, 1, "%d 个数，对任何句子都一样；这个句子有 %d 个词元。", size, tokens);
    return true;
}

bool ask_length(Asking *asking)
{
    const TraceSequence *target = sequence_of_run(asking, "target");
    int main_run = trace_sequence(asking->trace, "target");
    if (!target || target->count < 2) return false;
    add_count(asking, target->count);
    int first = rng_below(&asking->rng, 2) ? 1 : -1;
    add_count(asking, target->count + first);
    add_count(asking, target->count - first);
    if (main_run >= 0) add_count(asking, asking->trace->sequence[main_run].count);
    add_count(asking, target->count + 2);
    ask_explain(asking, 0, "It has %d tokens, the end mark included.", target->count);
    ask_explain(asking, 1, "一共 %d 个词元，包括结束标记。", target->count);
    return true;
}

static int column_called(const Asking *asking, const char *token)
{
    const TraceEntry *entry = asking->entry;
    for (int i = 0; i < entry->dim[1]; i++) {
        const char *label = trace_label(asking->trace, entry, 1, i);
        if (label && strcmp(label, token) == 0) return i;
    }
    return -1;
}

/* The entry holds a probability for every token, dec.prob: the most probable ones of the row before could be read as well. */
bool ask_read(Asking *asking)
{
    enum { MOST = QUESTION_CHOICES };
    const TraceSequence *fed = sequence_of_run(asking, "fed");
    RowView before;
    int column[MOST], count = 1;
    if (!fed || asking->entry->rank != 2 || asking->row < 1 || asking->row >= fed->count) return false;
    if (!ask_row(asking, asking->row - 1, &before)) return false;
    column[0] = column_called(asking, fed->token[asking->row]);
    if (column[0] < 0) return false;
    for (; count < MOST && count < before.count; count++) {
        int next = -1;
        for (int i = 0; i < before.count; i++) {
            bool taken = false;
            for (int k = 0; k < count; k++) taken = taken || column[k] == i;
            if (!taken && (next < 0 || before.value[i] > before.value[next])) next = i;
        }
        column[count] = next;
    }
    Text name[MOST];
    ask_names(asking, false, column, count, name);
    for (int i = 0; i < count; i++) ask_add(asking, name[i].text, (double)before.value[column[i]]);
    ask_explain(asking, 0, "Step %d of this run reads “%s”.", asking->row + 1, name[0].text);
    ask_explain(asking, 1, "这次运行的第 %d 步读入“%s”。", asking->row + 1, name[0].text);
    return true;
}
