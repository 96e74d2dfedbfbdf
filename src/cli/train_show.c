/* train_show.c — see train_show.h. On a terminal the figures overwrite one line; in a file each report is a line. */
#include "cli/train_show.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static void close_line(TrainShow *show)
{
    if (show->line_open) note("\n");
    show->line_open = false;
}

static void add_to_curve(TrainShow *show, double loss)
{
    if (++show->skipped < show->every) return;
    show->skipped = 0;
    if (show->count == CURVE) {
        for (int i = 0; i < CURVE / 2; i++)
            show->curve[i] = (show->curve[2 * i] + show->curve[2 * i + 1]) / 2;
        show->count = CURVE / 2;
        show->every *= 2;
    }
    show->curve[show->count++] = loss;
}

static void print_curve(const TrainShow *show)
{
    static const char *const bar[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double low = INFINITY, high = -INFINITY;
    Buffer line = {0};
    for (int i = 0; i < show->count; i++) {
        low = fmin(low, show->curve[i]);
        high = fmax(high, show->curve[i]);
    }
    if (show->count < 2) return;
    for (int i = 0; i < show->count; i++)
        buffer_text(&line, bar[high > low ? (int)(7 * (show->curve[i] - low) / (high - low) + 0.5) : 0]);
    note("  loss %.3f %s %.3f\n", show->curve[0], line.at, show->curve[show->count - 1]);
    buffer_free(&line);
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
    note("%s%lld/%lld %3.0f %%  loss %.4f  lr %.2g%s%s%s%s", show->terminal ? "\r\x1b[K" : "", p->step,
         p->steps, 100.0 * (double)p->step / (double)(p->steps ? p->steps : 1), p->loss, p->learning_rate,
         speed, rest, dev, show->terminal ? "" : "\n");
    show->line_open = show->terminal;
}

static void print_look(TrainShow *show, const TrainProgress *p)
{
    close_line(show);
    note("step %lld/%lld: loss %.4f", p->step, p->steps, p->loss);
    if (p->bleu >= 0)
        note("  dev BLEU %.2f%s", p->bleu, p->bleu >= p->best_bleu ? " (the best so far: saved)" : "");
    else note("  weights saved");
    note("\n");
    print_curve(show);
    for (int i = 0; i < 3; i++)
        if (p->sample[i][0]) note("  %s → %s\n", p->sample[i][0], p->sample[i][1]);
}

static void report(void *self, const TrainProgress *progress)
{
    TrainShow *show = self;
    if (progress->message) {
        close_line(show);
        note("%s\n", progress->message);
        return;
    }
    if (progress->evaluated) {
        print_look(show, progress);
        show->bleu = progress->bleu;
        show->best = progress->best_bleu;
        return;
    }
    if (progress->words_per_second > 0)
        add_to_curve(show, progress->loss); /* not one step's loss right after a look */
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
                        .every = 1};
    platform->interrupted(platform->self); /* listens from here on */
    return (TrainObserver){.self = show, .report = report, .stop = stop, .now = now};
}

void train_show_end(TrainShow *show)
{
    close_line(show);
}
