/* test_train_faults.c — a training that is killed or finds the disk full leaves files that can be used and gone on from. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fault.h"
#include "model/model.h"
#include "test.h"
#include "train_sample.h"

static const char settings[] = ",\"evaluate_every\":2,\"average\":2,\"snapshots\":3";
enum { STEPS = 6 };

static bool has(const TrainPlace *p, const char *name)
{
    Arena arena = arena_make("test");
    bool there = file_exists(path_join(&arena, p->out, name));
    arena_free(&arena);
    return there;
}

/* What is there opens. */
static void can_be_used(const TrainPlace *p)
{
    Arena arena = arena_make("test");
    Error error = {0};
    Model *model;
    if (has(p, "model.safetensors") && !model_open(&arena, p->out, &model, &error))
        fail_msg("%s", error.text);
    arena_free(&arena);
}

/* True when the child got through. */
static bool train_and_die(const TrainPlace *p, bool resume, int call)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        Error error = {0};
        fault_die_at(call);
        bool good = train_try(p, (TrainOptions){.dev = p->data, .resume = resume}, &error);
        if (!good) fprintf(stderr, "%s\n", error.text);
        _exit(good ? 0 : 7);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Killed at every third of its calls, each time gone on with: in the end the bits of a training that nobody disturbed. */
static void killed_anywhere(void **state)
{
    (void)state;
    TrainPlace whole = train_place_make(TRAIN_RNN_ADDITIVE, 9, STEPS, 0.1, settings);
    train_sample(&whole, (TrainOptions){.dev = whole.data});
    int kills = 0;
    bool through = false;
    for (int call = 3; !through; call += 7) {
        TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 9, STEPS, 0.1, settings);
        through = train_and_die(&p, false, call);
        can_be_used(&p);
        train_sample(&p, (TrainOptions){.dev = p.data, .resume = has(&p, "checkpoint.safetensors")});
        train_same_file(&whole, &p, "model.safetensors");
        train_same_file(&whole, &p, "log.csv");
        train_same_file(&whole, &p, "checkpoint-00006.safetensors");
        train_place_remove(&p);
        kills += !through;
    }
    assert_true(kills > 5);
    train_place_remove(&whole);
}

/* The disk is full from the n-th write on. */
static void disk_full(void **state)
{
    (void)state;
    TrainPlace whole = train_place_make(TRAIN_RNN_ADDITIVE, 9, STEPS, 0.1, settings);
    train_sample(&whole, (TrainOptions){.dev = whole.data});
    int refusals = 0;
    for (int after = 0; after < 100; after += 2) {
        TrainPlace p = train_place_make(TRAIN_RNN_ADDITIVE, 9, STEPS, 0.1, settings);
        Error error = {0};
        fault_arm((Fault){.call = FAULT_WRITE, .after = after, .times = FAULT_FOR_EVER, .cause = ENOSPC});
        bool good = train_try(&p, (TrainOptions){.dev = p.data}, &error);
        fault_clear();
        can_be_used(&p);
        if (!good) {
            refusals++;
            assert_int_equal(error.code, EXIT_SYSTEM);
            assert_non_null(strstr(error.text, "No space left"));
            train_sample(&p, (TrainOptions){.dev = p.data, .resume = has(&p, "checkpoint.safetensors")});
        }
        train_same_file(&whole, &p, "model.safetensors");
        train_same_file(&whole, &p, "log.csv");
        train_place_remove(&p);
        if (good) break;
    }
    assert_true(refusals > 5);
    train_place_remove(&whole);
}

TEST_GROUP(train_faults, cmocka_unit_test(killed_anywhere), cmocka_unit_test(disk_full));
