/* branch.c — see branch.h. The tree's entries are those of docs/trace.md, "A beam search". */
#include "app/branch.h"

/* The ids of the node's words in order; how many, 0 when the tree makes no sense (a saved trace may hold anything). */
static int words_of(const Trace *trace, const char *beside, int64_t node, int *id, int most)
{
    int parent = trace_find_beside(trace, beside, "beam.parent"),
        token = trace_find_beside(trace, beside, "beam.token");
    int count = 0;
    if (parent < 0 || token < 0) return 0;
    const TraceEntry *up = &trace->entry[parent], *word = &trace->entry[token];
    for (int64_t n = node; n > 0; n = (int64_t)up->value[n]) {
        if ((size_t)n >= trace_count(up) || (size_t)n >= trace_count(word) || count == most) return 0;
        if (!(up->value[n] >= 0 && up->value[n] < (float)n)) return 0;
        id[count++] = (int)word->value[n];
    }
    for (int i = 0; i < count / 2; i++) {
        int swap = id[i];
        id[i] = id[count - 1 - i];
        id[count - 1 - i] = swap;
    }
    return count;
}

void branch_continue(App *app, const HitArea *hit)
{
    const Trace *trace = session_trace(&app->session);
    int id[MODEL_MAX_TARGET];
    if (!trace || hit->a < 0 || hit->a >= trace->entry_count) return;
    int count = words_of(trace, trace->entry[hit->a].name, hit->b, id, MODEL_MAX_TARGET);
    if (!count) return;
    Error error = {0};
    session_remember(&app->session);
    bool ok = session_force_words(&app->session, id, count, &error);
    session_settle(&app->session);
    if (ok) app_notice(app, app_word(app, WORD_DID_CONTINUE), count);
    app_notice_error(app, &error);
}
