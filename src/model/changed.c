/* changed.c — a model of which some learned numbers are replaced for one run. See model_int.h.
 *
 * The copy shares every tensor with the model it comes from but those that are changed: these get numbers, and where the model
 * has packed ones a packing, of their own. */
#include <string.h>
#include "model/model_int.h"

int model_weight_named(const Model *model, const char *name)
{
    for (int i = 0; i < model->weights.count; i++)
        if (!strcmp(model->weight_names[i], name)) return i;
    for (int i = 0; i < model->constant_count; i++)
        if (!strcmp(model->constant[i].name, name)) return model->weights.count + i;
    return -1;
}

static Tensor *tensor_of(const Model *model, int weight)
{
    int parameters = model->weights.count;
    return weight < parameters ? model->weights.parameter[weight].to
                               : model->constant[weight - parameters].value;
}

static Model *copy_of(Arena *arena, const Model *model)
{
    Model *copy = arena_new(arena, Model);
    int count;
    *copy = *model;
    copy->weights.parameter = model->kind->parameters(arena, copy, &count);
    model->kind->constants(copy, copy->constant);
    copy->rnn = model->rnn; /* the lists point to these views, which making the lists has emptied */
    copy->transformer = model->transformer;
    return copy;
}

/* Once for each tensor, however many overrides it has. */
static void give_own_numbers(Arena *arena, const Model *model, Model *copy, int weight)
{
    Tensor *to = tensor_of(copy, weight);
    size_t count = tensor_count(*to);
    if (to->value != tensor_of(model, weight)->value) return;
    real *value = arena_array(arena, real, count + 1);
    memcpy(value, to->value, count * sizeof *value);
    to->value = value;
}

static void pack_again(Arena *arena, Tensor *to)
{
    if (!to->panel) return;
    Panel *panel = arena_new(arena, Panel);
    *panel = *to->panel;
    panel->value = arena_array(arena, real, panel_count(panel->level, panel->rows, panel->columns));
    panel_fill(panel, to->value);
    to->panel = panel;
}

static bool inside(const Tensor *to, const Override *override, Error *error)
{
    long long count = (long long)tensor_count(*to);
    if (override->first >= 0 && override->count >= 0 && override->first + override->count <= count)
        return true;
    error_set(error, EXIT_INPUT, "cannot override %s from index %lld", QUOTED(override->entry),
              override->first);
    return error_add(error, "expected", "%d values within 0 to %lld", override->count, count - 1);
}

bool model_changed(Arena *arena, const Model *model, const RunRequest *request, const Model **out,
                   Error *error)
{
    Model *copy = NULL;
    for (int i = 0; i < request->override_count; i++) {
        const Override *override = &request->override[i];
        int weight = model_weight_named(model, override->entry);
        if (weight < 0) continue;
        if (!inside(tensor_of(model, weight), override, error)) return false;
        if (!copy) copy = copy_of(arena, model);
        give_own_numbers(arena, model, copy, weight);
        for (int k = 0; k < override->count; k++)
            tensor_of(copy, weight)->value[override->first + k] = (real) override->value[k];
    }
    for (int i = 0; copy && i < model->weights.count; i++)
        if (tensor_of(copy, i)->value != tensor_of(model, i)->value) pack_again(arena, tensor_of(copy, i));
    *out = copy ? copy : model;
    return true;
}
