/* sandbox.c — the sandbox is a lesson of one step that shows everything and says what can be done here. Its words come from
 * tables, so it speaks both languages. */
#include <string.h>
#include "app/actions.h"
#include "app/state.h"
#include "app/words.h"
#include "view/view.h"

static const char *const sandbox_sentence = "I am very happy to see you.", *const chinese_sentence =
                                                                               "多个机场都被迫关闭了。";

/* One line each: the key, if it has one, and what it is good for. */
static const struct {
    const char *key, *text[LESSON_LANGUAGES];
} advice[] = {
    {"/", {"Type a sentence: it is translated as you type.", "输入一个句子，模型边打字边翻译。"}},
    {"X", {"Take an example, or a sentence from before.", "选一个例句，或用过的句子。"}},
    {NULL, {"Drag a weight up or down: what follows changes.", "上下拖动权重，后面的都会随之改变。"}},
    {NULL,
     {"Click any number to see where it comes from, down to the learned weights.",
      "点击任何一个数，看它从哪里来，直到学到的权重。"}},
    {"N", {"Force another next word.", "强制另一个词。"}},
    {"Ctrl+Z", {"Undo; R puts everything back.", "撤销；按 R 全部恢复。"}},
    {"E", {"Save a picture or its numbers.", "导出图或其中的数。"}},
    {"?", {"All keys.", "全部按键。"}},
};
enum { ADVICE = sizeof advice / sizeof *advice };

static void write_advice(App *app, Language language)
{
    Step *step = &app->sandbox_step;
    step->block[language] = arena_array(&app->perm, Block, ADVICE);
    step->block_count[language] = ADVICE;
    for (int i = 0; i < ADVICE; i++) {
        Span *span = arena_array(&app->perm, Span, 3);
        int count = 0;
        if (advice[i].key) {
            span[count++] = (Span){.kind = SPAN_CODE, .text = advice[i].key};
            span[count++] = (Span){.kind = SPAN_TEXT, .text = "  "};
        }
        span[count++] = (Span){.kind = SPAN_TEXT, .text = advice[i].text[language]};
        step->block[language][i] = (Block){.kind = BLOCK_ITEM, .span = span, .span_count = count};
    }
}

void sandbox_begin(App *app, const Engine *engine)
{
    const char *language = engine->source_language ? engine->source_language(engine->self) : NULL;
    bool chinese = language && strcmp(language, "zh") == 0;
    app->slot[app->sandbox].lesson.input = chinese ? chinese_sentence : sandbox_sentence;
}

void sandbox_make(App *app)
{
    LessonSlot *slot = &app->slot[app->sandbox];
    static const struct {
        const char *view, *slot;
    } shows[] = {{"encoder-decoder", "main"}, {"heatmap", "left"}, {"next-words", "right"}};
    int count = 0;
    for (size_t i = 0; i < sizeof shows / sizeof *shows; i++)
        if (view_find(shows[i].view))
            app->sandbox_show[count++] = (Show){.view = shows[i].view, .slot = shows[i].slot};
    app->sandbox_step = (Step){.id = "all", .show = app->sandbox_show, .show_count = count, .run = RUN_ALL};
    slot->lesson = (Lesson){.id = "sandbox",
                            .name = "sandbox",
                            .input = sandbox_sentence,
                            .step = &app->sandbox_step,
                            .step_count = 1};
    slot->lesson.model = app->options.sandbox_model ? app->options.sandbox_model : "en-fr-rnn-additive";
    for (int language = 0; language < LESSON_LANGUAGES; language++) {
        slot->lesson.title[language] = word_text(WORD_SANDBOX, (Language)language);
        app->sandbox_step.title[language] = word_text(WORD_SANDBOX_ABOUT, (Language)language);
        write_advice(app, (Language)language);
    }
    slot->id = arena_string(&app->perm, "sandbox");
    slot->ok = true;
}
