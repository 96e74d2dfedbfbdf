/* cmd_bench.c — the figures of the performance budget, measured here and now. */
#include "app/bench.h"
#include "cli/command.h"

ExitCode cmd_bench(Cli *cli, int argc, char **argv)
{
    enum { JSON, WINDOW, OPTIONS };
    static const Option options[] = {{"json", NULL, "as JSON"},
                                     {"window", NULL, "show every measured frame in a window"}};
    const Platform *platform = cli->platform;
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    BenchTable table;
    BenchHost host = platform->bench;
    if (!arguments_read(cli, argc, argv, options, OPTIONS, 0, 0, &arguments, &code)) return code;
    if (argument(&arguments, WINDOW)) host.raster = host.show;
    if (place_make(cli, &(PlaceOptions){.background = true}, &place, &error)) {
        BenchOptions bench = {.app = place.app,
                              .models = place.models,
                              .host = &host,
                              .jobs = &platform->jobs,
                              .clock = platform->self,
                              .wall = platform->now,
                              .progress = note,
                              .train_seconds = 3};
        if (app_bench(&bench, &table, &error))
            bench_print(&table, argument(&arguments, JSON) != NULL, &cli->out);
    }
    place_free(&place);
    return finish(cli, &error);
}
