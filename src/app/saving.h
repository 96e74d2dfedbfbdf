/* saving.h — how what was changed gets to the disk, in two ways.
 *
 * At once, with the frame that shows it, it is *kept*: what is not saved yet goes into small files beside the saved ones, which are
 * replaced without waiting for the disk. A kill loses nothing then, a power cut may ruin these small files.
 * Two seconds later it is *saved*: put together between two frames, written and flushed in the background, so that a power cut
 * finds the old or the new file. The small files are removed then; whatever a start finds in them, it takes over. */
#pragma once
#include <stdbool.h>
#include "app/progress.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

typedef struct App App;
typedef struct Settings Settings;

typedef struct {
    const char *path; /* NULL = there is nothing to write */
    Buffer bytes;
    Error error; /* after writing: code 0 = it is saved */
} FileToSave;

/* One save, from being put together to the disk's confirmation. */
typedef struct Saving {
    bool running; /* in the background */
    FileToSave generation, progress, settings;
    unsigned long long order; /* the latest record of it */
    Settings *written;        /* the settings as they are in the file then */
    int lock;                 /* on progress.jsonl while it is merged and written */
    Arena arena;              /* of the paths */
} Saving;
