/* eval_links.h — word links against gold: those of a file, or those of every attention a model has. */
#pragma once
#include "cli/command.h"
#include "model/model.h"

typedef struct {
    const char *data;            /* "source TAB target" lines, split at spaces; NULL = links is given */
    const char *links;           /* lines of "i-j i-j …" */
    const char *sure, *possible; /* gold; possible may be NULL */
    bool swap, json;
} LinkFiles;

/* One line: AER, precision, recall. */
bool eval_link_file(Cli *cli, const LinkFiles *files, Error *error);
/* A line for each attention over the source (heads, and the mean of each layer's), the best first. */
bool eval_attentions(Cli *cli, const Model *model, const LinkFiles *files, Error *error);
