/* fault.h — the system calls of reading and saving, made to fail on demand.
 *
 * The test program defines open, read, write, fsync, close and rename itself, and the linker prefers them to libc's. Each
 * goes straight to the kernel until a fault is armed. The state is one per process, and a child has a copy of it, so a
 * test may fork, let the child die in the middle of a save, and look at what the disk holds. */
#pragma once
#include <stddef.h>

typedef enum {
    FAULT_OPEN,
    FAULT_READ,
    FAULT_WRITE,
    FAULT_FSYNC,
    FAULT_CLOSE,
    FAULT_RENAME,
    FAULT_CALLS
} FaultCall;

enum { FAULT_NONE = 0, FAULT_FOR_EVER = 1000000 };

typedef struct {
    FaultCall call;
    int after;                     /* so many of them succeed first */
    int times;                     /* then so many fail */
    int cause;                     /* with this errno; FAULT_NONE: they only run `before` and go on */
    void (*before)(void *context); /* what another process does at that instant, or NULL */
    void *context;
} Fault;

void fault_arm(Fault fault);
void fault_shorten(size_t bytes); /* read and write move at most so many bytes a call */
void fault_die_at(
    int call); /* the process ends, as by SIGKILL, in place of its call number `call` of any kind */
/* Everything works again. Returns how often the armed fault struck. */
int fault_clear(void);
/* The calls since the last fault_clear, one letter each: o r w f (fsync) c n (rename). */
const char *fault_log(void);
