/* cmd_check.c — the truth of the lessons: every step is entered going forward and going back, in both languages; views, links
 * and equations resolve; questions can be asked; expectations hold.
 *
 * Surprise: forward and back go through the same keys a learner presses, and the frames are compared by their hash. The
 * walk is done after all steps have been seen once, because the line of steps shows which ones were. */
#include <stdlib.h>
#include <string.h>
#include "app/event.h"
#include "cli/command.h"

enum { SEEDS = 20, MOST_REPORTED = 20 };

typedef struct {
    Cli *cli;
    App *app;
    const Lesson *lesson;
    double now;
    int failures, frames, asked, questions, expectations;
    int presses[2]; /* of the mouse, of keys */
} Check;

static const float frame_width = 1280, frame_height = 800;

static void failed(Check *check, int line, const char *text)
{
    if (check->failures++ < MOST_REPORTED)
        note("lessons/%s/en.md:%d: %.*s\n", check->lesson->id, line, (int)strlen(text), text);
    else if (check->failures == MOST_REPORTED + 1)
        note("lessons/%s: more failures are not listed\n", check->lesson->id);
}

static void failed_error(Check *check, int line, Error *error)
{
    failed(check, line, error->text);
    *error = (Error){0};
}

/* The frame when nothing moves any more. */
static uint64_t frame_hash(Check *check)
{
    DrawList list;
    app_frame(check->app, check->now, frame_width, frame_height, &list);
    app_frame(check->app, check->now += 10, frame_width, frame_height, &list);
    check->now += 10;
    return draw_hash(&list);
}

static void press(Check *check, int key)
{
    app_event(check->app, &(AppEvent){.kind = APP_KEY, .key = key});
}

static int positions(const Check *check)
{
    int count = 0;
    for (int step = 0; step < check->lesson->step_count; step++)
        count += app_tick_end(check->app, step) - app_first_tick(check->app, step);
    return count;
}

static int step_of_position(const Check *check, int position)
{
    int step = 0;
    for (; step + 1 < check->lesson->step_count; step++) {
        position -= app_tick_end(check->app, step) - app_first_tick(check->app, step);
        if (position < 0) break;
    }
    return step;
}

/* To the end and back to the start by keys: the same place must give the same frame. */
static void walk(Check *check, const char *language)
{
    DrawList list;
    Error error = {0};
    int count = positions(check);
    Arena arena = arena_make("walk");
    uint64_t *forward = arena_array(&arena, uint64_t, (size_t)count);
    for (int step = 0; step < check->lesson->step_count; step++)
        app_shot(check->app, step, app_tick_end(check->app, step) - 1, frame_width, frame_height, &list);
    if (!app_open(check->app, arena_format(&arena, "%s:1", check->lesson->id), &error))
        failed_error(check, 1, &error);
    for (int i = 0; i < count; i++) {
        if (i) press(check, KEY_RIGHT);
        forward[i] = frame_hash(check);
        check->frames++;
    }
    for (int i = count - 1; i >= 0; i--) {
        if (i < count - 1) press(check, KEY_LEFT);
        uint64_t back = frame_hash(check);
        check->frames++;
        if (back == forward[i]) continue;
        const Step *step = &check->lesson->step[step_of_position(check, i)];
        failed(check, step->line,
               arena_format(&arena, "step %s, press %d (%s): the frame reached going back differs", step->id,
                            i, language));
    }
    arena_free(&arena);
}

/* A question may be unfair for some seeds (too close a call); it must be fair for at least one, and its answer among the
 * choices each time. */
static void ask(Check *check, const Step *step, const Question *question)
{
    int fair = 0;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        AskedQuestion asked = {0};
        if (!question_ask(question, app_original(check->app), seed, &asked)) continue;
        fair++;
        if (asked.choice_count < 2 || asked.right < 0 || asked.right >= asked.choice_count)
            failed(check, question->line, "the question's answer is not among its choices");
        for (int language = 0; language < LESSON_LANGUAGES; language++)
            if (!asked.explanation[language][0])
                failed(check, question->line, "the question has no explanation in one language");
    }
    check->asked += fair;
    check->questions++;
    if (fair) return;
    Arena arena = arena_make("question");
    failed(check, question->line,
           arena_format(&arena,
                        "step %s: question \"%s\" cannot be asked with any of %d seeds: the answer is too "
                        "close a call for this sentence",
                        step->id, question->id, SEEDS));
    arena_free(&arena);
}

static void check_steps(Check *check)
{
    Error error = {0};
    for (int i = 0; i < check->lesson->step_count; i++) {
        const Step *step = &check->lesson->step[i];
        DrawList list;
        app_shot(check->app, i, app_tick_end(check->app, i) - 1, frame_width, frame_height, &list);
        if (!app_check_step(check->app, i, &error)) failed_error(check, step->line, &error);
        if (!app_original(check->app)) continue;
        for (int q = 0; q < step->question_count; q++) ask(check, step, &step->question[q]);
        for (int e = 0; e < step->expect_count; e++) {
            check->expectations++;
            if (!expectation_holds(&step->expect[e], app_original(check->app), &error))
                failed_error(check, step->expect[e].line, &error);
        }
    }
}

/* By mouse in one language, by keys in the other. */
static void reach(Check *check)
{
    Error error = {0};
    for (int keys = 0; keys < 2; keys++) {
        app_set_language(check->app, keys ? LANGUAGE_ZH : LANGUAGE_EN);
        if (!app_check_reach(check->app, keys, &check->presses[keys], &error)) failed_error(check, 1, &error);
    }
}

static bool check_lesson(Cli *cli, App *app, const char *id)
{
    static const char *const languages[] = {"en", "zh"};
    Error error = {0};
    Check check = {.cli = cli, .app = app, .now = 1000};
    app_set_language(app, LANGUAGE_EN);
    if (!app_open(app, id, &error)) {
        note("%s\n", error.text);
        buffer_format(&cli->out, "%-20s cannot be read\n", id);
        return false;
    }
    check.lesson = app_lesson(app);
    check_steps(&check);
    for (int language = 0; language < LESSON_LANGUAGES; language++) {
        app_set_language(app, (Language)language);
        walk(&check, languages[language]);
    }
    reach(&check);
    buffer_format(&cli->out,
                  "%-20s %d steps, %d frames forward and back in two languages, %d questions (%d of %d "
                  "askings fair), %d expectations, reached by %d clicks and by %d keys: ",
                  check.lesson->id, check.lesson->step_count, check.frames, check.questions, check.asked,
                  check.questions * SEEDS, check.expectations, check.presses[0], check.presses[1]);
    if (check.failures) buffer_format(&cli->out, "%d failed\n", check.failures);
    else buffer_text(&cli->out, "ok\n");
    return !check.failures;
}

/* True for "05-attention", "attention" and "5" when there is such a lesson, whether or not it can be read. */
static bool is_lesson(char **ids, int count, const char *word)
{
    for (int i = 0; i < count; i++) {
        const char *dash = strchr(ids[i], '-');
        bool number = *word && strspn(word, "0123456789") == strlen(word) &&
                      strtol(word, NULL, 10) == strtol(ids[i], NULL, 10);
        if (!strcmp(ids[i], word) || (dash && !strcmp(dash + 1, word)) || number) return true;
    }
    return false;
}

ExitCode cmd_check(Cli *cli, int argc, char **argv)
{
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    if (!arguments_read(cli, argc, argv, NULL, 0, 0, 999, &arguments, &code)) return code;
    if (!place_make(cli, &(PlaceOptions){.any_metrics = true}, &place, &error)) return fail(&error);
    char **ids = NULL;
    const char *home = file_home(&cli->perm, "lessons", &error);
    int count = home ? lesson_list(&cli->perm, path_join(&cli->perm, home, "lessons"), &ids) : 0,
        failures = 0;
    bool chosen = arguments.word_count > 0;
    for (int i = 0; i < arguments.word_count && !error.code; i++)
        if (!is_lesson(ids, count, arguments.word[i]))
            error_set(&error, EXIT_INPUT, "there is no lesson %s; attnscope lessons lists them",
                      QUOTED(arguments.word[i]));
    if (!count && !chosen)
        error_set(&error, EXIT_INPUT, "there are no lessons to check in %s", QUOTED(home ? home : ""));
    if (chosen) count = arguments.word_count;
    for (int i = 0; i < count && !error.code; i++) {
        failures += !check_lesson(cli, place.app, chosen ? arguments.word[i] : ids[i]);
        if (!out_flush(cli, &error)) break;
    }
    place_free(&place);
    if (error.code) return fail(&error);
    return failures ? EXIT_CHECK : EXIT_DONE;
}
