/* clock.h — the program's only clocks. */
#pragma once

/* Seconds, never going back; of the CPU time of this thread; since this process started (to a hundredth). */
double clock_now(void);
double clock_thread(void);
double clock_since_start(void);
/* "2026-11-24", local time. */
const char *clock_date(char out[16]);
