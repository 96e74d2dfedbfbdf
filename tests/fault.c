/* fault.c — see fault.h. */
#include "fault.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    Fault fault;
    int seen[FAULT_CALLS], struck, calls, die_at;
    size_t at_most;
    char log[256];
} now;

void fault_arm(Fault fault)
{
    now.fault = fault;
    for (int i = 0; i < FAULT_CALLS; i++) now.seen[i] = 0;
}

void fault_shorten(size_t bytes)
{
    now.at_most = bytes;
}

void fault_die_at(int call)
{
    now.die_at = now.calls + call + 1;
}

int fault_clear(void)
{
    int struck = now.struck;
    now.fault = (Fault){0};
    now.at_most = 0;
    now.struck = now.calls = now.die_at = 0;
    now.log[0] = 0;
    return struck;
}

const char *fault_log(void)
{
    return now.log;
}

/* True when this call must fail; errno is set then. */
static int strikes(FaultCall call)
{
    if (now.calls < (int)sizeof now.log - 1) {
        now.log[now.calls] = "orwfcn"[call];
        now.log[now.calls + 1] = 0;
    }
    if (++now.calls == now.die_at) _exit(9);
    const Fault *fault = &now.fault;
    int number = now.seen[call]++;
    if (call != fault->call || number < fault->after || number >= fault->after + fault->times) return 0;
    now.struck++;
    if (fault->before) fault->before(fault->context);
    errno = fault->cause;
    return fault->cause != FAULT_NONE;
}

static size_t shortened(size_t size)
{
    return now.at_most && now.at_most < size ? now.at_most : size;
}

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list values;
    va_start(values, flags);
    if (flags & (O_CREAT | O_TMPFILE)) mode = va_arg(values, mode_t);
    va_end(values);
    return strikes(FAULT_OPEN) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t read(int file, void *to, size_t size)
{
    return strikes(FAULT_READ) ? -1 : syscall(SYS_read, file, to, shortened(size));
}

ssize_t write(int file, const void *from, size_t size)
{
    return strikes(FAULT_WRITE) ? -1 : syscall(SYS_write, file, from, shortened(size));
}

int fsync(int file)
{
    return strikes(FAULT_FSYNC) ? -1 : (int)syscall(SYS_fsync, file);
}

/* A close that reports an error has closed the file all the same: it is what Linux does. */
int close(int file)
{
    int fails = strikes(FAULT_CLOSE), cause = errno, result = (int)syscall(SYS_close, file);
    if (!fails) return result;
    errno = cause;
    return -1;
}

int rename(const char *from, const char *to)
{
    return strikes(FAULT_RENAME) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
