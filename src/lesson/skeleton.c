/* skeleton.c — see skeleton.h. The rhythm of a lesson in four steps: predict, step, read, what if. */
#include "lesson/skeleton.h"
#include <ctype.h>
#include <string.h>
#include "lesson/parse.h"

static const char *const text[LESSON_LANGUAGES] = {
    "# %s\n"
    "@model en-fr-rnn-additive\n"
    "@input I am very happy to see you.\n"
    "@example The black dog is sleeping.\n"
    "@pages 1-2\n"
    "@minutes 10\n"
    "\n"
    "## Predict {#predict}\n"
    "Write here, in one or two sentences, what the class is about to see. Nothing has been computed yet.\n"
    "\n"
    "> A paragraph behind this sign is detail: smaller and quieter.\n"
    "\n"
    "@run nothing\n"
    "@show encoder-decoder slot=main\n"
    "@show next-words slot=left\n"
    "@ask first token word=1 -- Which French token will come first?\n"
    "@note Let everyone choose an answer before you go on.\n"
    "\n"
    "## Step {#step}\n"
    "Each press of Space writes one more token and adds a row to the table of [attention "
    "weights](#dec.attn.weight).\n"
    "\n"
    "@run words from=1\n"
    "@show encoder-decoder slot=main\n"
    "@show heatmap dec.attn.weight slot=left\n"
    "@show next-words slot=right\n"
    "\n"
    "## Read {#read}\n"
    "Now everything stands still. Say what there is to be read from the picture: every row sums to one.\n"
    "\n"
    "$$ \\sum_i \\term{dec.attn.weight}{\\alpha_{t,i}} = 1 $$\n"
    "\n"
    "@run all\n"
    "@show heatmap dec.attn.weight slot=main\n"
    "@show next-words slot=left\n"
    "@ask total numeric dec.attn.weight word=1 of=sum -- Add up the weights of the first row. What do you "
    "get?\n"
    "@expect sum dec.attn.weight row=* is 1 within 1e-5\n"
    "\n"
    "## What if {#what-if}\n"
    "Let the class change something: drag a weight up or down, or type another sentence, and watch the "
    "translation.\n"
    "\n"
    "@run all\n"
    "@show encoder-decoder slot=main\n"
    "@show heatmap dec.attn.weight slot=left\n"
    "@show next-words slot=right\n",
    "# %s\n"
    "\n"
    "## 先预测 {#predict}\n"
    "在这里用一两句话说明大家将要看到什么。现在还什么都没有计算。\n"
    "\n"
    "> 以这个符号开头的段落是补充说明，字更小、颜色更浅。\n"
    "\n"
    "@ask first -- 第一个法语词元会是哪一个？\n"
    "@note 请每个人都先选好答案，再往下走。\n"
    "\n"
    "## 逐步看 {#step}\n"
    "每按一次空格键，模型就多写出一个词元，[注意力权重](#dec.attn.weight)表也多出一行。\n"
    "\n"
    "## 读图 {#read}\n"
    "现在画面静止。说说从图上能读出什么：每一行之和都是一。\n"
    "\n"
    "@ask total -- 把第一行的权重加起来，得到多少？\n"
    "\n"
    "## 如果…… {#what-if}\n"
    "让大家动手改一改：上下拖动一个权重，或输入另一个句子，看译文怎样变化。\n"};

bool skeleton_name_valid(const char *name)
{
    size_t size = strlen(name);
    return name_valid(name) && size + 3 <= LIMIT_NAME && islower((unsigned char)name[0]) &&
           name[size - 1] != '-';
}

/* "my-lesson" -> "My lesson". */
void skeleton_write(const char *name, int language, Buffer *out)
{
    char title[LIMIT_NAME + 1] = "";
    for (size_t i = 0; name[i] && i < LIMIT_NAME; i++) title[i] = name[i] == '-' ? ' ' : name[i];
    title[0] = (char)toupper((unsigned char)title[0]);
    buffer_format(out, text[language], title);
}
