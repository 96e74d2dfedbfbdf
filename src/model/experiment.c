/* experiment.c — the table of experiments, and reading their options. */
#include "model/experiment.h"
#include <stdlib.h>
#include <string.h>

#define EXPERIMENT(symbol) extern const ExperimentKind experiment_##symbol;
#include "model/experiments.def"
#undef EXPERIMENT

const ExperimentKind *const experiment_kinds[] = {
#define EXPERIMENT(symbol) &experiment_##symbol,
#include "model/experiments.def"
#undef EXPERIMENT
    NULL};

const ExperimentKind *experiment_find(const char *name)
{
    for (int i = 0; experiment_kinds[i]; i++)
        if (strcmp(experiment_kinds[i]->name, name) == 0) return experiment_kinds[i];
    return NULL;
}

const char *experiment_option(const ExperimentRequest *request, const char *key, const char *otherwise)
{
    for (int i = 0; i < request->option_count; i++)
        if (strcmp(request->option[i].key, key) == 0) return request->option[i].value;
    return otherwise;
}

const char *option_sentence(Arena *arena, const char *value)
{
    char *copy = value ? arena_string(arena, value) : NULL;
    for (char *at = copy; at && *at; at++)
        if (*at == '_') *at = ' ';
    return copy;
}

bool experiment_number(const ExperimentRequest *request, const char *key, double otherwise, double least,
                       double most, double *out, Error *error)
{
    const char *text = experiment_option(request, key, NULL);
    char *end = NULL;
    *out = text ? strtod(text, &end) : otherwise;
    if (!text || (end != text && !*end && *out >= least && *out <= most)) return true;
    error_set(error, EXIT_INPUT, "the option %s=%s makes no sense", key, text);
    return error_add(error, "expected", "a number from %g to %g", least, most);
}

static bool contains_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; size && (at = strstr(at, word)); at += size)
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || !at[size])) return true;
    return false;
}

bool experiment_options_known(const ExperimentKind *kind, const ExperimentRequest *request, Error *error)
{
    for (int i = 0; i < request->option_count; i++) {
        if (contains_word(kind->options, request->option[i].key)) continue;
        error_set(error, EXIT_INPUT, "the experiment %s has no option %s", kind->name,
                  QUOTED(request->option[i].key));
        return error_add(error, "expected", "one of: %s", kind->options);
    }
    return true;
}

void experiment_override(const ExperimentRequest *request, const char *name, float *value, size_t count)
{
    for (int i = 0; i < request->override_count; i++) {
        const Override *override = &request->override[i];
        if (strcmp(override->entry, name)) continue;
        for (int k = 0; k < override->count; k++)
            if (override->first + k >= 0 && (size_t)(override->first + k) < count)
                value[override->first + k] = override->value[k];
    }
}
