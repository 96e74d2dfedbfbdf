/* bench_frames.c — the rows about frames: what is dragged in the lessons, and many heads over long sentences. A frame is all of
 * its work: the event, the model, the layout, the pixels. See bench.h.
 *
 * Surprise: it looks for what can be dragged among the hit areas of the last frame, as a hand does, so a new lesson is measured
 * without a word about it here. */
#include <math.h>
#include "app/bench.h"
#include "app/controls.h"
#include "app/state.h"
#include "app/whatif.h"
#include "model/engine.h"
#include "trace/alignment.h"

enum { FRAMES = 400, FRAMES_A_DRAG = 40, MOST_FRAMES = 8192, SIZES = 2 };
static const float sizes[SIZES][2] = {{1280, 800}, {1920, 1080}};

typedef struct {
    App *app;
    const BenchHost *host;
    float w, h;
    double now, sample[MOST_FRAMES]; /* ms */
    int count;
} Frames;

static bool frame(Frames *frames, const AppEvent *event, Error *error)
{
    DrawList list;
    double start = frames->host->cpu(frames->host->self);
    app_event(frames->app, event);
    app_frame(frames->app, frames->now += 0.016, frames->w, frames->h, &list);
    if (!frames->host->raster(frames->host->self, &list, 1, error)) return false;
    double spent = 1e3 * (frames->host->cpu(frames->host->self) - start);
    if (frames->count < MOST_FRAMES) frames->sample[frames->count++] = spent;
    return true;
}

/* A place of the app, still and on screen, as it is when a hand begins to drag. */
static bool settle(Frames *frames, Error *error)
{
    DrawList list;
    for (int i = 0; i < 2; i++) app_frame(frames->app, frames->now += 5, frames->w, frames->h, &list);
    return frames->host->raster(frames->host->self, &list, 1, error);
}

/* Presses at a point, moves around it, lets go. */
static bool drag(Frames *frames, Point at, int count, Error *error)
{
    bool good = true;
    app_event(frames->app, &(AppEvent){.kind = APP_MOTION, .x = at.x, .y = at.y});
    app_event(frames->app, &(AppEvent){.kind = APP_PRESS, .x = at.x, .y = at.y, .button = BUTTON_LEFT});
    for (int i = 0; good && i < count; i++) {
        float away = (float)(40 * sin(i * 0.3));
        good = frame(frames, &(AppEvent){.kind = APP_MOTION, .x = at.x + away, .y = at.y + away}, error);
    }
    app_event(frames->app, &(AppEvent){.kind = APP_RELEASE, .x = at.x, .y = at.y, .button = BUTTON_LEFT});
    return good;
}

static Point centre(Rect rect)
{
    return (Point){rect.x + rect.w / 2, rect.y + rect.h / 2};
}

static bool is_attention(const App *app, const HitArea *hit)
{
    const Trace *trace = app_trace(app);
    return trace && hit->kind == HIT_CELL && hit->a == trace_alignment(trace).entry;
}

static bool find(const App *app, bool (*wanted)(const App *, const HitArea *), Point *at)
{
    for (int i = 0; i < app->hit_count; i++)
        if (wanted(app, &app->hit[i])) {
            *at = centre(app->hit[i].rect);
            return true;
        }
    return false;
}

/* The last step of lesson 5, long enough for a 99th percentile of its own. */
static bool drag_attention(Frames *frames, Error *error)
{
    App *app = frames->app;
    Point at;
    if (!app_open(app, "05-attention", error)) return false;
    int last = app_lesson(app)->step_count - 1;
    play_go(app, last, app_tick_end(app, last) - 1, false);
    if (!settle(frames, error)) return false;
    if (!find(app, is_attention, &at))
        return error_set(error, EXIT_CHECK, "no attention weight to drag on the last step");
    bool good = drag(frames, at, FRAMES, error);
    app_press(app, "R");
    return good;
}

/* On each step: a number of a heatmap, a point of a plane and a slider, whichever there are. */
static bool drag_lesson(Frames *frames, const char *id, Error *error)
{
    static bool (*const kinds[])(const App *, const HitArea *) = {whatif_can_drag, whatif_can_move,
                                                                  control_is_slider};
    App *app = frames->app;
    if (!app_open(app, id, error)) return false;
    int steps = app_lesson(app)->step_count;
    for (int step = 0; step < steps; step++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            Point at;
            play_go(app, step, app_tick_end(app, step) - 1, false);
            if (!settle(frames, error)) return false;
            if (!find(app, kinds[k], &at)) continue;
            if (!drag(frames, at, FRAMES_A_DRAG, error)) return false;
            app_press(app, "R");
        }
    return true;
}

static void add(BenchTable *table, const char *name, const char *what, Frames *frames, double share)
{
    double value = bench_quantile(frames->sample, frames->count, share);
    bench_add(table, (BenchRow){name, "ms", what, value, share > 0.5 ? 16.7 : 0, 0});
}

bool bench_drags(const BenchOptions *options, BenchTable *table, Error *error)
{
    static const char *const names[SIZES][2] = {{"drag_1280x800_p99_ms", "drag_1280x800_median_ms"},
                                                {"drag_1920x1080_p99_ms", "drag_1920x1080_median_ms"}};
    Arena arena = arena_make("bench frames");
    Frames *frames = arena_new(&arena, Frames);
    bool good = true;
    bench_say(options, "drags of an attention weight");
    for (int size = 0; good && size < SIZES; size++) {
        *frames = (Frames){options->app, options->host, sizes[size][0], sizes[size][1], .now = 1000};
        good = drag_attention(frames, error);
        if (!good) break;
        add(table, names[size][0], "drag of an attention weight to the new frame, 99th percentile", frames,
            0.99);
        add(table, names[size][1], "the same, median", frames, 0.5);
    }
    arena_free(&arena);
    return good;
}

bool bench_lessons(const BenchOptions *options, BenchTable *table, Error *error)
{
    App *app = options->app;
    Arena arena = arena_make("bench frames");
    Frames *frames = arena_new(&arena, Frames);
    bool good = true;
    for (int k = 0; good && k < SIZES * app_lesson_count(app); k++) {
        const Lesson *lesson = app_lesson_at(app, k / SIZES);
        const float *size = sizes[k % SIZES];
        if (!lesson) continue;
        if (k % SIZES == 0) bench_say(options, lesson->id);
        *frames = (Frames){app, options->host, size[0], size[1], .now = 1000};
        good = drag_lesson(frames, lesson->id, error);
        if (!good || !frames->count) continue;
        const char *name = arena_format(&app->perm, "drag_%s_%.0fx%.0f_p99_ms", lesson->id, (double)size[0],
                                        (double)size[1]);
        add(table, name, "whatever can be dragged on the steps of this lesson, 99th percentile", frames,
            0.99);
    }
    arena_free(&arena);
    return good;
}

/* ---- many heads, long sentences ---- */

enum { LONG = 512 };

static const char *long_sentence(Arena *arena)
{
    Buffer text = {0};
    for (int i = 0; i < LONG; i++) buffer_text(&text, i % 9 ? "very " : "I am ");
    const char *copy = arena_string(arena, text.at);
    buffer_free(&text);
    return copy;
}

/* Zooms in and out and moves about, a little in each frame. */
static bool look_around(const BenchOptions *options, const Trace *trace, double *sample, Error *error)
{
    const BenchHost *host = options->host;
    Arena arena = arena_make("bench heads");
    ViewInput in = {.trace = trace,
                    .entry = trace_find(trace, "enc.0.self.weight"),
                    .rect = {8, 8, sizes[0][0] - 16, sizes[0][1] - 16},
                    .moment = moment_end(trace),
                    .progress = 1,
                    .theme = theme_get(THEME_LIGHT),
                    .metrics = options->app->options.metrics,
                    .type_scale = 1};
    bool good = in.entry >= 0 || error_set(error, EXIT_CHECK, "no self-attention to look at");
    for (int i = 0; good && i < FRAMES; i++) {
        double start = host->cpu(host->self), turn = 2 * M_PI * i / FRAMES;
        arena_reset(&arena);
        in.window = (ViewWindow){(float)(16.5 - 15.5 * cos(turn)), (float)(0.5 + 0.5 * sin(3 * turn)),
                                 (float)(0.5 + 0.5 * cos(5 * turn))};
        DrawList list = draw_list(&arena, sizes[0][0], sizes[0][1], in.theme->paper);
        view_find("heads")->draw(&in, &list);
        good = host->raster(host->self, &list, 1, error);
        sample[i] = 1e3 * (host->cpu(host->self) - start);
    }
    arena_free(&arena);
    return good;
}

bool bench_heads(const BenchOptions *options, BenchTable *table, Error *error)
{
    Arena arena = arena_make("bench long");
    const char *folder = path_join(&arena, options->models, "en-fr-transformer");
    Model *model;
    RunResult result;
    double sample[FRAMES];
    if (!file_exists(path_join(&arena, folder, "config.json"))) return true;
    bench_say(options, "all heads over 512 tokens");
    bool good = model_open(&arena, folder, &model, error);
    if (good) {
        Runner *runner = runner_make(&arena, model);
        RunRequest request = {.source = long_sentence(&arena), .exact_target = 1, .record = true};
        good =
            runner_run(runner, &request, &result, error) && look_around(options, result.trace, sample, error);
        if (good && result.source_count != LONG)
            good = error_set(error, EXIT_CHECK, "the long sentence has %d tokens, not %d",
                             result.source_count, LONG);
        runner_free(runner);
    }
    arena_free(&arena);
    if (!good) return false;
    bench_add(
        table,
        (BenchRow){"heads_512_p99_ms", "ms",
                   "12 heads over 512 x 512 tokens, zoomed and moved, a frame at 1280x800, 99th percentile",
                   bench_quantile(sample, FRAMES, 0.99), 16.7, 0});
    bench_add(table, (BenchRow){"heads_512_median_ms", "ms", "the same, median",
                                bench_quantile(sample, FRAMES, 0.5), 0, 0});
    return true;
}
