/* cli.h — the command line: `attnscope VERB …` without a verb opens the window.
 *
 * src/platform/main.c fills in a Platform and calls cli_main; nothing here knows SDL or cairo. */
#pragma once
#include "app/platform.h"

/* Runs one command and returns the program's exit code (an ExitCode). */
int cli_main(int argc, char **argv, const Platform *platform);
/* The OPENBLAS_CORETYPE with which the program would compute faster on this CPU, or NULL: main() sets it and starts the
 * program again, because the library reads it only while it is being loaded. */
const char *cli_faster_core(void);
