/* decoding.c — see decoding.h. */
#include "cli/decoding.h"
#include <limits.h>

enum { BEAM, PENALTY, SCALED };
enum { SAMPLE, TOP_K, TEMPERATURE, SEED };

static const double largest_penalty = 10, coldest = 0.01, hottest = 100;
static const long long largest_seed = 999999999999999999;

bool beam_options(const Arguments *arguments, int first, RunRequest *request, Error *error)
{
    long long beam = 0;
    double penalty = MODEL_LENGTH_PENALTY;
    if (!argument(arguments, first + BEAM) && argument(arguments, first + PENALTY))
        return error_set(error, EXIT_USAGE,
                         "--length-penalty needs --beam K: greedy search compares no lengths");
    if (!argument_whole(arguments, first + BEAM, 1, MODEL_MAX_BEAM, &beam, error) ||
        !argument_number_from(arguments, first + PENALTY, 0, largest_penalty, &penalty, error))
        return false;
    request->beam = (int)beam;
    request->scaled = argument(arguments, first + SCALED) != NULL;
    request->length_penalty = penalty;
    return true;
}

bool sample_options(const Arguments *arguments, int first, RunRequest *request, Error *error)
{
    long long top_k = 0, seed = 0;
    request->sample = argument(arguments, first + SAMPLE) != NULL;
    for (int i = TOP_K; i <= SEED; i++)
        if (!request->sample && argument(arguments, first + i))
            return error_set(error, EXIT_USAGE, "--%s needs --sample", arguments->option[first + i].name);
    if (request->sample && request->beam)
        return error_set(error, EXIT_USAGE,
                         "--sample and --beam exclude each other: words are drawn or searched for");
    if (!argument_whole(arguments, first + TOP_K, 1, INT_MAX, &top_k, error) ||
        !argument_number_from(arguments, first + TEMPERATURE, coldest, hottest, &request->temperature,
                              error) ||
        !argument_whole(arguments, first + SEED, 0, largest_seed, &seed, error))
        return false;
    request->top_k = (int)top_k;
    request->seed = (unsigned long long)seed;
    return true;
}
