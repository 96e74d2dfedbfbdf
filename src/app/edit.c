/* edit.c — see edit.h. */
#include "app/edit.h"
#include <string.h>

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_resize(NULL, size), text, size);
}

Edit edit_of_sentence(const char *sentence)
{
    return (Edit){.sentence = copy_text(sentence)};
}

Edit edit_copy(const Edit *from)
{
    Edit edit = *from;
    edit.sentence = copy_text(from->sentence ? from->sentence : "");
    for (int i = 0; i < LESSON_CONTROLS; i++)
        if (from->text[i]) edit.text[i] = copy_text(from->text[i]);
    edit.change = memory_resize(NULL, sizeof *edit.change * (size_t)from->change_count);
    for (int i = 0; i < edit.change_count; i++) edit.change[i] = change_copy(&from->change[i]);
    size_t size = sizeof *edit.forced * (size_t)from->forced_count;
    edit.forced = size ? memcpy(memory_resize(NULL, size), from->forced, size) : NULL;
    return edit;
}

void edit_clear(Edit *edit)
{
    for (int i = 0; i < edit->change_count; i++) change_free(&edit->change[i]);
    edit->change = memory_resize(edit->change, 0);
    edit->forced = memory_resize(edit->forced, 0);
    edit->change_count = edit->forced_count = 0;
}

void edit_free(Edit *edit)
{
    edit_clear(edit);
    edit->sentence = memory_resize(edit->sentence, 0);
    for (int i = 0; i < LESSON_CONTROLS; i++) edit->text[i] = memory_resize(edit->text[i], 0);
}

bool edit_is_plain(const Edit *edit)
{
    return !edit->change_count && !edit->forced_count;
}

bool edit_same_control(const Edit *a, const Edit *b, int i)
{
    if (a->control[i] < b->control[i] || a->control[i] > b->control[i]) return false;
    if (!a->text[i] || !b->text[i]) return a->text[i] == b->text[i];
    return strcmp(a->text[i], b->text[i]) == 0;
}

bool edit_same_controls(const Edit *a, const Edit *b)
{
    for (int i = 0; i < LESSON_CONTROLS; i++)
        if (!edit_same_control(a, b, i)) return false;
    return true;
}

bool edit_equal(const Edit *a, const Edit *b)
{
    if (strcmp(a->sentence, b->sentence) != 0 || a->change_count != b->change_count ||
        a->forced_count != b->forced_count || !edit_same_controls(a, b))
        return false;
    for (int i = 0; i < a->change_count; i++)
        if (!change_equal(&a->change[i], &b->change[i])) return false;
    return !a->forced_count || memcmp(a->forced, b->forced, sizeof *a->forced * (size_t)a->forced_count) == 0;
}

/* ---- controls ---- */

void edit_set_text(Edit *edit, const Lesson *lesson, int control, const char *text)
{
    const char *own = lesson->control[control].text;
    bool plain = !text || (own && strcmp(text, own) == 0);
    char *copy = plain ? NULL : copy_text(text); /* `text` may be the old one */
    memory_resize(edit->text[control], 0);
    edit->text[control] = copy;
}

const char *edit_control_text(Arena *arena, const Edit *edit, const Lesson *lesson, int control)
{
    if (edit->text[control]) return edit->text[control];
    return control_text(arena, &lesson->control[control], edit->control[control]);
}

const char *edit_option(Arena *arena, const Edit *edit, const Lesson *lesson, const char *value, int *control)
{
    int found = -1;
    for (int i = 0; *value == '$' && lesson && i < lesson->control_count; i++)
        if (strcmp(lesson->control[i].name, value + 1) == 0) found = i;
    if (control) *control = found;
    return found < 0 ? value : edit_control_text(arena, edit, lesson, found);
}

void edit_carry_controls(Edit *edit, const Lesson *before, const Lesson *after)
{
    Edit old = *edit;
    memset(edit->text, 0, sizeof edit->text);
    memset(edit->control, 0, sizeof edit->control);
    for (int i = 0; i < after->control_count; i++) {
        const Control *control = &after->control[i];
        edit->control[i] = control->start;
        for (int k = 0; k < before->control_count; k++) {
            if (strcmp(before->control[k].name, control->name) != 0 ||
                before->control[k].kind != control->kind)
                continue;
            edit->control[i] = control_nearest(control, old.control[k]);
            if (control->kind == CONTROL_TEXT && old.text[k]) edit_set_text(edit, after, i, old.text[k]);
        }
    }
    for (int k = 0; k < LESSON_CONTROLS; k++) memory_resize(old.text[k], 0);
}

/* ---- changes ---- */

static void drop(Edit *edit, int at)
{
    change_free(&edit->change[at]);
    memmove(edit->change + at, edit->change + at + 1,
            sizeof *edit->change * (size_t)(edit->change_count - at - 1));
    edit->change_count--;
}

static bool covers_whole(const Change *change, const Change *old)
{
    return change_covers(change, old->entry, old->first) &&
           change_covers(change, old->entry, old->first + old->count - 1);
}

bool edit_add(Edit *edit, Change change)
{
    int covered = 0;
    for (int i = 0; i < edit->change_count; i++) covered += covers_whole(&change, &edit->change[i]);
    if (edit->change_count - covered >= MODEL_MAX_OVERRIDES) return false;
    for (int i = edit->change_count - 1; i >= 0; i--)
        if (covers_whole(&change, &edit->change[i])) drop(edit, i);
    edit->change = memory_resize(edit->change, sizeof change * (size_t)(edit->change_count + 1));
    edit->change[edit->change_count++] = change;
    return true;
}

int edit_release(Edit *edit, const char *entry, long long first, long long count)
{
    int released = 0;
    for (int i = edit->change_count - 1; i >= 0; i--) {
        const Change *old = &edit->change[i];
        if (strcmp(old->entry, entry) != 0 || old->first >= first + count || old->first + old->count <= first)
            continue;
        drop(edit, i);
        released++;
    }
    return released;
}

const Change *edit_change_of(const Edit *edit, const char *entry, long long place)
{
    for (int i = edit->change_count - 1; i >= 0; i--)
        if (change_covers(&edit->change[i], entry, place)) return &edit->change[i];
    return NULL;
}

/* ---- forced words ---- */

static void set_forced_count(Edit *edit, int count)
{
    edit->forced = memory_resize(edit->forced, sizeof *edit->forced * (size_t)count);
    for (int i = edit->forced_count; i < count; i++) edit->forced[i] = -1;
    edit->forced_count = count;
}

void edit_force(Edit *edit, int row, int id)
{
    set_forced_count(edit, row + 1);
    edit->forced[row] = id;
}

void edit_unforce(Edit *edit, int row)
{
    if (row < 0 || row >= edit->forced_count) return;
    edit->forced[row] = -1;
    int count = edit->forced_count;
    while (count > 0 && edit->forced[count - 1] < 0) count--;
    set_forced_count(edit, count);
}

int edit_forced(const Edit *edit, int row)
{
    return row >= 0 && row < edit->forced_count ? edit->forced[row] : -1;
}

/* ---- stacks ---- */

static size_t size_of(const Edit *edit)
{
    size_t size = sizeof *edit + strlen(edit->sentence) + sizeof *edit->forced * (size_t)edit->forced_count +
                  sizeof *edit->change * (size_t)edit->change_count;
    for (int i = 0; i < LESSON_CONTROLS; i++) size += edit->text[i] ? strlen(edit->text[i]) : 0;
    for (int i = 0; i < edit->change_count; i++)
        size += sizeof *edit->change[i].value * (size_t)edit->change[i].count;
    return size;
}

static void release(Edit *edit)
{
    edit_free(edit);
    memory_resize(edit, 0);
}

void edit_push(EditStack *stack, const Edit *edit)
{
    if (stack->count == stack->capacity) {
        stack->capacity = stack->capacity ? 2 * stack->capacity : 64;
        stack->edit = memory_resize(stack->edit, sizeof *stack->edit * (size_t)stack->capacity);
    }
    Edit *kept = memory_resize(NULL, sizeof *kept);
    *kept = edit_copy(edit);
    stack->edit[stack->count++] = kept;
    stack->bytes += size_of(kept);
    size_t most = stack->most ? stack->most : EDIT_STACK_BYTES;
    int forgotten = 0;
    for (; stack->bytes > most && forgotten + 1 < stack->count; forgotten++) {
        stack->bytes -= size_of(stack->edit[forgotten]);
        release(stack->edit[forgotten]);
    }
    stack->count -= forgotten;
    memmove(stack->edit, stack->edit + forgotten, sizeof *stack->edit * (size_t)stack->count);
}

Edit edit_pop(EditStack *stack)
{
    Edit *kept = stack->edit[--stack->count], edit = *kept;
    stack->bytes -= size_of(kept);
    memory_resize(kept, 0);
    return edit;
}

const Edit *edit_top(const EditStack *stack)
{
    return stack->count ? stack->edit[stack->count - 1] : NULL;
}

void edit_stack_clear(EditStack *stack)
{
    for (int i = 0; i < stack->count; i++) release(stack->edit[i]);
    size_t most = stack->most;
    memory_resize(stack->edit, 0);
    *stack = (EditStack){.most = most};
}
