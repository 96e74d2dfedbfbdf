/* fake_engine.h — a tiny deterministic "model" for tests of the app: words are tokens, weights are a softmax of made-up
 * scores, the output depends on the weights, so overriding a row changes what follows. */
#pragma once
#include "app/engine.h"

typedef struct FakeEngine FakeEngine;
FakeEngine *fake_engine_make(Arena *arena);
void fake_engine_free(FakeEngine *fake);
EngineProvider fake_engine_provider(FakeEngine *fake);
int fake_engine_runs(const FakeEngine *fake); /* how many runs were asked for */
/* A folder with one small lesson in both languages ("05-attention"), freshly written below `root`. */
void fake_lesson_write(const char *root);
