/* clock.c — see clock.h. */
#include "platform/clock.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) return 0;
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double clock_now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double clock_thread(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}

/* Field 22 of /proc/self/stat: ticks from boot to the start of the process. The second field, its name in brackets, may hold
 * blanks and brackets itself. */
double clock_since_start(void)
{
    enum { FIELDS_BETWEEN = 20 };
    char line[2048] = "";
    FILE *file = fopen("/proc/self/stat", "r");
    if (!file) return 0;
    bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    const char *at = read ? strrchr(line, ')') : NULL;
    unsigned long long ticks = 0;
    for (int i = 0; at && i < FIELDS_BETWEEN; i++) at = strchr(at + 1, ' ');
    if (!at || sscanf(at, " %llu", &ticks) != 1) return 0;
    return seconds(CLOCK_BOOTTIME) - (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

const char *clock_date(char out[16])
{
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local) || !strftime(out, 16, "%Y-%m-%d", &local)) strcpy(out, "undated");
    return out;
}
