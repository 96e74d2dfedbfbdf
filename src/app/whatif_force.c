/* whatif_force.c — which row another word is forced in, and forcing it. */
#include <stdlib.h>
#include <string.h>
#include "app/actions.h"
#include "app/whatif.h"

/* The row of the next words that the step shows whatever the moment is, -1. */
static int row_of_list(const App *app)
{
    const Step *step = app_current_step(app);
    for (int i = 0; step && i < step->show_count; i++) {
        const Show *show = &step->show[i];
        for (int k = 0; strcmp(show->view, "next-words") == 0 && k < show->option_count; k++)
            if (strcmp(show->option[k].key, "row") == 0 && *show->option[k].value != '$')
                return atoi(show->option[k].value);
    }
    return -1;
}

int whatif_row(const App *app)
{
    const Trace *trace = session_trace(&app->session);
    const HitArea *hit = &app->selected;
    if (!trace) return -1;
    bool cell =
        (hit->kind == HIT_CELL || hit->kind == HIT_WORD) && hit->a >= 0 && hit->a < trace->entry_count;
    const TraceEntry *entry = cell ? &trace->entry[hit->a] : NULL;
    int along = cell ? trace_row_axis(entry) : 0;
    if (cell && entry->rank >= 2 && entry->axis[along] == AXIS_TARGET) {
        int64_t cells = along ? entry->dim[2] : (int64_t)trace_row_count(entry);
        return (int)(hit->b / cells % entry->dim[along]);
    }
    if (cell) return -1;
    int prob = trace_find(trace, "dec.prob"), row = row_of_list(app);
    if (prob < 0) return -1;
    if (row < 0) row = play_moment(app, app->step, app->tick).row;
    return row < trace->entry[prob].dim[0] ? row : trace->entry[prob].dim[0] - 1;
}

void whatif_force(App *app, int row, int id)
{
    const Trace *trace = session_trace(&app->session);
    if (!trace || row < 0) return;
    Error error = {0};
    session_remember(&app->session);
    bool ok = session_force(&app->session, row, id, &error);
    session_settle(&app->session);
    if (ok) {
        const char *piece =
            app->session.engine.piece ? app->session.engine.piece(app->session.engine.self, id) : "?";
        app_notice(app, app_word(app, WORD_DID_FORCE), row + 1, token_shown(piece));
    }
    app_notice_error(app, &error);
}

void whatif_unforce(App *app, int row)
{
    Error error = {0};
    if (edit_forced(&app->session.edit, row) < 0) return;
    session_remember(&app->session);
    if (session_unforce(&app->session, row, &error))
        app_notice(app, app_word(app, WORD_DID_UNFORCE), row + 1);
    session_settle(&app->session);
    app_notice_error(app, &error);
}
