/* cmd_bench.c — the figures of the performance budget, measured here and now. */
#include "app/bench.h"
#include "cli/command.h"

ExitCode cmd_bench(Cli *cli, int argc, char **argv)
{
    enum { JSON };
    static const Option options[] = {{"json", NULL, "as JSON"}};
    const Platform *platform = cli->platform;
    Arguments arguments;
    ExitCode code;
    Error error = {0};
    Place place = {0};
    BenchTable table;
    if (!arguments_read(cli, argc, argv, options, 1, 0, 0, &arguments, &code)) return code;
    if (place_make(cli, &(PlaceOptions){.background = true}, &place, &error)) {
        BenchOptions bench = {.app = place.app,
                              .models = place.models,
                              .host = &platform->bench,
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
