/* lesson_driver.c — see lesson_driver.h. */
#include "lesson_driver.h"
#include <stdio.h>
#include <string.h>

const char *const lesson_four_en =
    "# Four\n@model tiny-rnn\n@input a bc ab .\n@example ab a .\n@pages 11-20\n@minutes 10\n\n"
    "## Start {#start}\nA sentence and a zebra.\n@run nothing\n@show encoder-decoder slot=main\n"
    "@ask early numeric dec.attn.weight word=1 of=sum -- Early?\n@ask still numeric dec.attn.weight word=1 "
    "of=max -- Still?\n@note Say hello.\n\n"
    "## Predict {#predict}\nScores become [weights](#dec.attn.weight).\n@run word=1 stage=weight\n"
    "@show heatmap dec.attn.weight slot=main\n@show next-words slot=left\n"
    "@ask where numeric dec.attn.weight word=1 of=max -- Where?\n@hide examples\n\n"
    "## Words {#words}\nWord by word.\n@run words from=1\n@show heatmap dec.attn.weight slot=main\n\n"
    "## All {#all}\nDone.\n@run all\n@show heatmap dec.attn.weight slot=main\n"
    "@ask total numeric dec.attn.weight word=1 of=sum -- Which sum?\n"
    "@ask top numeric dec.attn.weight word=1 of=max -- Which is largest?\n";
const char *const lesson_four_zh =
    "# 四\n\n## 开始 {#start}\n一个句子和一匹斑马。\n@ask early -- 早？\n@ask still -- 还？\n@note "
    "打个招呼。\n\n"
    "## 预测 {#predict}\n得分变成[权重](#dec.attn.weight)。\n@ask where -- 哪里？\n\n"
    "## 逐词 {#words}\n一个词一个词地来。\n\n"
    "## 全部 {#all}\n完成。\n@ask total -- 和是多少？\n@ask top -- 最大的是多少？\n";

static void save(Driver *driver, const char *name, const char *text)
{
    Error error = {0};
    const char *path =
        path_join(&driver->arena, driver->lessons, arena_format(&driver->arena, "01-tiny/%s", name));
    if (!text) remove(path);
    else if (!file_save(path, text, strlen(text), &error)) fail_msg("%s", error.text);
}

void lesson_save(Driver *driver, const char *en, const char *zh)
{
    save(driver, "en.md", en);
    save(driver, "zh.md", zh);
}

bool lesson_poll(Driver *driver)
{
    bool changed = false;
    for (int i = 0; i < 3; i++) changed |= app_poll(driver->app, driver->now += 1);
    return changed;
}

Driver *lesson_driver_make(void)
{
    Driver *driver = driver_make("tiny-rnn");
    lesson_save(driver, lesson_four_en, lesson_four_zh);
    assert_true(lesson_poll(driver));
    assert_string_equal(driver->app->reload.banner, "");
    assert_int_equal(app_lesson(driver->app)->step_count, 4);
    driver_open(driver, "tiny:start");
    return driver;
}
