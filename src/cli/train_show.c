/* train_show.c — see train_show.h. */
#include "cli/train_show.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* In a narrow terminal lines are cut: one that wraps would be two, and drawing anew would begin too low. */
#define NO_WRAP "\x1b[?7l"
#define WRAP "\x1b[?7h"

/* Takes the figures and curves away, for what comes is to stand above them. */
static void clear_figures(TrainShow *show)
{
    if (show->lines) note("\r\x1b[%dA\x1b[J", show->lines);
    show->lines = 0;
}

static int print_chart(const TrainShow *show)
{
    Buffer text = {0};
    int lines = train_chart_print(&show->chart, &text);
    if (lines) note("%s", text.at);
    buffer_free(&text);
    return lines;
}

static void duration_text(double seconds, char *out, size_t size)
{
    if (seconds >= 5400) snprintf(out, size, "%.1f h", seconds / 3600);
    else if (seconds >= 90) snprintf(out, size, "%.0f min", seconds / 60);
    else snprintf(out, size, "%.0f s", seconds);
}

static void print_figures(TrainShow *show, const TrainProgress *p)
{
    double now = show->platform->now(show->platform->self);
    char rest[48] = "", dev[64] = "", speed[32] = "";
    if (show->first_time < 0) {
        show->first_time = now;
        show->first_step = (double)p->step;
    } else if ((double)p->step > show->first_step && p->step < p->steps) {
        char left[24];
        double a_step = (now - show->first_time) / ((double)p->step - show->first_step);
        duration_text(a_step * (double)(p->steps - p->step), left, sizeof left);
        snprintf(rest, sizeof rest, "  %s left", left);
    }
    if (p->words_per_second > 0) snprintf(speed, sizeof speed, "  %.0f words/s", p->words_per_second);
    if (show->bleu >= 0) snprintf(dev, sizeof dev, "  dev BLEU %.2f (best %.2f)", show->bleu, show->best);
    clear_figures(show);
    note("%s%lld/%lld %3.0f %%  loss %.4f  lr %.2g%s%s%s%s\n", show->terminal ? NO_WRAP : "", p->step,
         p->steps, 100.0 * (double)p->step / (double)(p->steps ? p->steps : 1), p->loss, p->learning_rate,
         speed, rest, show->terminal && dev[0] ? "\n" : "", dev);
    if (!show->terminal) return;
    show->lines = 1 + (dev[0] != 0) + print_chart(show);
    note(WRAP);
}

static void print_look(TrainShow *show, const TrainProgress *p)
{
    clear_figures(show);
    note("step %lld/%lld: loss %.4f", p->step, p->steps, p->loss);
    if (p->bleu >= 0)
        note("  dev BLEU %.2f%s", p->bleu, p->bleu >= p->best_bleu ? " (the best so far: saved)" : "");
    else note("  weights saved");
    note("\n");
    if (!show->terminal) print_chart(show);
    for (int i = 0; i < 3; i++)
        if (p->sample[i][0]) note("  %s → %s\n", p->sample[i][0], p->sample[i][1]);
}

static void report(void *self, const TrainProgress *progress)
{
    TrainShow *show = self;
    if (progress->message) {
        clear_figures(show);
        note("%s\n", progress->message);
        return;
    }
    if (progress->evaluated) {
        print_look(show, progress);
        show->bleu = progress->bleu;
        show->best = progress->best_bleu;
        if (progress->bleu >= 0) train_chart_bleu(&show->chart, progress->bleu);
        return;
    }
    if (progress->words_per_second > 0)
        train_chart_loss(&show->chart, progress->loss); /* not one step's loss right after a look */
    print_figures(show, progress);
}

static bool stop(void *self)
{
    TrainShow *show = self;
    return show->stopped |= show->platform->interrupted(show->platform->self);
}

static double now(void *self)
{
    TrainShow *show = self;
    return show->platform->now(show->platform->self);
}

TrainObserver train_show_start(TrainShow *show, const Platform *platform)
{
    *show = (TrainShow){.platform = platform,
                        .terminal = is_terminal(),
                        .first_time = -1,
                        .bleu = -1,
                        .best = -1,
                        .chart = train_chart_make()};
    platform->interrupted(platform->self); /* listens from here on */
    return (TrainObserver){.self = show, .report = report, .stop = stop, .now = now};
}

void train_show_end(TrainShow *show)
{
    show->lines = 0;
}
