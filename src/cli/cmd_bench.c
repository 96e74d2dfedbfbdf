/* cmd_bench.c — the figures of the performance budget, measured here and now. */
#include "app/bench.h"
#include "cli/command.h"

ExitCode cmd_bench(Cli *cli, int argc, char **argv)
{
    enum { JSON };
    static const Option options[] = {{"json", NULL, "as JSON"}};
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    BenchRow rows[BENCH_MAX_ROWS];
    if (!arguments_read(cli, argc, argv, options, 1, 0, 0, &arguments, &code)) return code;
    if (place_make(cli, &(PlaceOptions){0}, &place, &error)) {
        int count = app_bench(place.app, place.models, &cli->platform->bench, rows, &error);
        if (!error.code) bench_print(rows, count, argument(&arguments, JSON) != NULL, &cli->out);
    }
    place_free(&place);
    return finish(cli, &error);
}
