/* beam.c — beam search over any kind of decoder. See beam.h for what it computes.
 *
 * Owns, while it runs: a place for each live hypothesis. A decoder's row reads rows before it, but only of a few matrices
 * (ModelKind.carried): a place has memory of its own for these and shares all others with the run. When a hypothesis has
 * several extensions that stay, the best one stays in its place and the others get a copy of the rows they will read.
 * Surprise: hypotheses are decoded one by one and not as a batch, so that each has the bits it would have alone. */
#include <math.h>
#include "model/decode.h"

typedef struct {
    Matrices *matrices;
    MatrixList list;
} Place;

typedef struct {
    int node, place;
} Live;

typedef struct {
    Run *run;
    BeamTree *tree;
    Place place[MODEL_MAX_BEAM];
    Live live[MODEL_MAX_BEAM]; /* best first */
    int finished[MODEL_MAX_BEAM], live_count, finished_count;
} Beam;

double length_penalty(int length, double alpha)
{
    return pow((5.0 + length) / (5.0 + 1.0), alpha);
}

/* Memory for rows that are carried; all else is the run's. */
static void make_place(Run *run, Place *place)
{
    const Model *model = run->runner->model;
    Arena *arena = &run->runner->arena;
    place->matrices = arena_new(arena, Matrices);
    place->list = model->kind->matrices(arena, model, run->source_count, run->plan.cap, place->matrices);
    *place->matrices = run->matrices;
    for (int i = 0; i < place->list.count; i++) {
        Tensor *view = place->list.matrix[i].to;
        if (!model->kind->carried(place->list.matrix[i].name)) continue;
        *view = tape_tensor(&run->tape, view->rows, view->columns);
        view->entry = i;
    }
}

/* What the rows behind row t will read of rows up to t. */
static void copy_rows(Beam *beam, int from, int to, int t)
{
    const ModelKind *kind = beam->run->runner->model->kind;
    if (!beam->place[to].matrices) make_place(beam->run, &beam->place[to]);
    int first = kind->reach && t + 1 > kind->reach ? t + 1 - kind->reach : 0;
    for (int i = 0; i < beam->run->list.count; i++) {
        const Matrix *source = &beam->place[from].list.matrix[i], *target = &beam->place[to].list.matrix[i];
        if (kind->carried(source->name)) matrices_copy_rows(source, target, first, t + 1 - first);
    }
}

/* Keeps `list` sorted, largest first, equals in the order in which they came. */
static void insert(BeamNode *list, int count, BeamNode node)
{
    int at = count;
    for (; at > 0 && node.log_probability > list[at - 1].log_probability; at--) list[at] = list[at - 1];
    list[at] = node;
}

/* Row t of every live hypothesis, and the extensions that may stay, best first. Returns how many. */
static int expand(Beam *beam, int t, BeamNode *list)
{
    Run *run = beam->run;
    const Model *model = run->runner->model;
    const BeamTree *tree = beam->tree;
    int count = 0;
    for (int i = 0; i < beam->live_count; i++) {
        Live live = beam->live[i];
        const BeamNode *parent = &tree->node[live.node];
        Place *place = &beam->place[live.place];
        record_onto(&run->runner->record, &place->list);
        Tensor row = model->kind->decode(&run->tape, model, place->matrices, &parent->token, t, 1, false);
        int word[MODEL_MAX_BEAM] = {t < run->plan.forced_count ? run->plan.forced[t] : -1}, words = 1;
        if (word[0] < 0) words = best_words(row.value, row.columns, tree->width, word);
        for (int w = 0; w < words; w++, count++) {
            double log_probability = parent->log_probability + (double)row.value[word[w]];
            insert(list, count,
                   (BeamNode){live.node, word[w], t + 1, 0, log_probability,
                              log_probability / length_penalty(t + 1, tree->alpha), false, false});
        }
    }
    return count;
}

/* Gives each live hypothesis a place with its parent's rows: the first child its parent's, the others a free one. */
static void find_places(Beam *beam, const int *parent_place, int t)
{
    bool taken[MODEL_MAX_BEAM] = {false};
    for (int i = 0; i < beam->live_count; i++) {
        int place = parent_place[i];
        beam->live[i].place = taken[place] ? -1 : place;
        taken[place] = true;
    }
    for (int i = 0, next = 0; i < beam->live_count; i++) {
        if (beam->live[i].place >= 0) continue;
        while (taken[next]) next++;
        taken[next] = true;
        beam->live[i].place = next;
        copy_rows(beam, parent_place[i], next, t);
    }
}

/* Of `count` hypotheses of t + 1 words the best ones stay, as many as there are places. */
static void prune(Beam *beam, BeamNode *list, int count, int t)
{
    BeamTree *tree = beam->tree;
    Live before[MODEL_MAX_BEAM];
    int parent_place[MODEL_MAX_BEAM], places = tree->width - beam->finished_count,
                                      live_before = beam->live_count;
    for (int i = 0; i < live_before; i++) before[i] = beam->live[i];
    beam->live_count = 0;
    for (int rank = 0; rank < count; rank++) {
        BeamNode *node = &list[rank];
        node->rank = rank;
        node->kept = rank < places;
        node->finished = node->kept && node->token == TOKEN_END && !beam->run->plan.to_the_cap;
        if (node->finished) beam->finished[beam->finished_count++] = tree->count + rank;
        if (!node->kept || node->finished) continue;
        for (int i = 0; i < live_before; i++)
            if (before[i].node == node->parent) parent_place[beam->live_count] = before[i].place;
        beam->live[beam->live_count++].node = tree->count + rank;
    }
    tree->count += count;
    find_places(beam, parent_place, t);
}

static Hypothesis hypothesis_of(Beam *beam, int index)
{
    const BeamNode *node = &beam->tree->node[index];
    Arena *arena = &beam->run->runner->arena;
    int *target = arena_array(arena, int, (size_t)node->length + 1);
    for (int i = index; i > 0; i = beam->tree->node[i].parent)
        target[beam->tree->node[i].length - 1] = beam->tree->node[i].token;
    return (Hypothesis){index,
                        target,
                        node->length,
                        node->log_probability,
                        node->score,
                        node->token != TOKEN_END,
                        model_text(beam->run->runner->model, arena, target, node->length)};
}

/* The finished ones by score, then those that the cap stopped by score; of equals the one found first. */
static int rank_places(const Beam *beam, int *index)
{
    int count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0, first = count; i < (pass ? beam->live_count : beam->finished_count); i++, count++) {
            int node = pass ? beam->live[i].node : beam->finished[i], at = count;
            for (; at > first && beam->tree->node[node].score > beam->tree->node[index[at - 1]].score; at--)
                index[at] = index[at - 1];
            index[at] = node;
        }
    return count;
}

void beam_search(Run *run, RunResult *out)
{
    Arena *arena = &run->runner->arena;
    const RunRequest *request = run->request;
    int width = request->beam, most = 1 + run->plan.cap * width * width, index[MODEL_MAX_BEAM];
    BeamTree *tree = arena_new(arena, BeamTree);
    *tree =
        (BeamTree){arena_push_raw(arena, (size_t)most * sizeof(BeamNode)), 1, width, request->length_penalty};
    tree->node[0] = (BeamNode){.parent = -1, .token = TOKEN_START, .kept = true};
    Beam beam = {.run = run, .tree = tree, .live_count = 1};
    beam.place[0] = (Place){&run->matrices, run->list};
    for (int t = 0; t < run->plan.cap && beam.live_count; t++) {
        BeamNode *list = tree->node + tree->count;
        prune(&beam, list, expand(&beam, t, list), t);
    }
    int found = rank_places(&beam, index), wanted = request->n_best ? request->n_best : 1;
    out->hypothesis_count = found < wanted ? found : wanted;
    Hypothesis *hypothesis = arena_array(arena, Hypothesis, MODEL_MAX_BEAM);
    for (int i = 0; i < out->hypothesis_count; i++) hypothesis[i] = hypothesis_of(&beam, index[i]);
    out->hypothesis = hypothesis;
    out->tree = tree;
    out->target = hypothesis->target;
    out->target_count = hypothesis->target_count;
    out->log_probability = hypothesis->log_probability;
    out->stopped_at_cap = hypothesis->stopped_at_cap;
}
