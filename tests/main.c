/* main.c — runs every group (or those whose name contains the first argument) and prints "N passed, N failed". */
#include <stdio.h>
#include <string.h>
#include "test.h"

#define GROUP(name) extern const TestGroup group_##name;
#include GROUPS
#undef GROUP

static const TestGroup *const groups[] = {
#define GROUP(name) &group_##name,
#include GROUPS
#undef GROUP
    NULL};

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;
    cmocka_set_message_output(CM_OUTPUT_STDOUT);
    for (const TestGroup *const *group = groups; *group; group++) {
        if (argc > 1 && !strstr((*group)->name, argv[1])) continue;
        int bad =
            _cmocka_run_group_tests((*group)->name, (*group)->test, (size_t)(*group)->count, NULL, NULL);
        failed += bad;
        passed += (*group)->count - bad;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
