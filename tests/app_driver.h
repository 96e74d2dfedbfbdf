/* app_driver.h — an App on one of the tiny trained models of tests/data, driven as a user drives it: by clicks and keys at
 * what the last frame drew. Clipboard, pictures and files are caught. */
#pragma once
#include "app/actions.h"
#include "app/state.h"
#include "test.h"

typedef struct {
    Arena arena;
    char root[64], lessons[96], out[96], clipboard[65536];
    TextMetrics metrics;
    EngineProvider engines;
    App *app;
    double now;
    DrawList list;
    float w, h;
    char saved[512]; /* the path of the last picture */
    float saved_scale, saved_w, saved_h;
    bool refuse; /* pictures and the clipboard fail */
} Driver;

/* `model`: a folder of tests/data. The lesson "tiny" shows its entries; steps are named after what they show. */
Driver *driver_make(const char *model);
/* The same with one more lesson, "02-<name>", opened. */
Driver *driver_with_lesson(const char *model, const char *name, const char *en, const char *zh);
void driver_free(Driver *driver);
void driver_open(Driver *driver, const char *place);
uint64_t driver_frame(Driver *driver);
/* Does a new frame show this text anywhere? */
bool driver_shows(Driver *driver, const char *text);
/* A frame with nothing hovered, no notice and all motion ended. */
uint64_t driver_still(Driver *driver);
void driver_key(Driver *driver, int key, int modifiers);
void driver_click(Driver *driver, float x, float y, int button);
/* Clicks the topmost visible spot of the last hit area of this kind; false when there is none. */
bool driver_hit(Driver *driver, int kind, int a, int64_t b, int button);
/* A press of a control that is on screen. */
void driver_control(Driver *driver, int command, int64_t argument);
/* The middle of a hit area in the last frame that nothing covers. */
bool driver_find(const Driver *driver, int kind, int a, int64_t b, float *x, float *y);
const TraceEntry *driver_entry(const Driver *driver, const char *name);
