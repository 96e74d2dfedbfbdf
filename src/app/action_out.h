/* action_out.h — what leaves the program: the clipboard, and the files of E. */
#pragma once
#include "app/state.h"

void do_copy(App *app, int64_t argument);
void do_copy_row(App *app, int64_t argument);
void do_copy_sentence(App *app, int64_t argument);
void do_copy_translation(App *app, int64_t argument);
void do_copy_equation(App *app, int64_t argument);
void do_copy_command(App *app, int64_t argument);
void do_copy_place(App *app, int64_t argument);
void do_export(App *app, int64_t argument); /* opens the panel */
void do_export_what(App *app, int64_t argument);
void do_export_format(App *app, int64_t argument);
void do_export_scale(App *app, int64_t argument);  /* argument: -1 smaller, 1 larger */
void do_export_tensor(App *app, int64_t argument); /* argument: -1, 1 */
void do_export_save(App *app, int64_t argument);

typedef enum { EXPORT_PNG, EXPORT_SVG, EXPORT_PDF, EXPORT_CSV, EXPORT_FORMATS } ExportFormat;

enum { EXPORT_SCALES = 9, EXPORT_USUAL_SCALE = 3 };
extern const float export_scales[EXPORT_SCALES];
extern const char *const export_endings[EXPORT_FORMATS];

/* The chosen tensor of a CSV, NULL when the choice shows none. */
const TraceEntry *export_tensor(const App *app);
/* Where the next file goes: a name that is not taken yet. */
const char *export_path(const App *app, Arena *arena);
