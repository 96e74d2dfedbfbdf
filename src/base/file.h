/* file.h — reading untrusted files with a cap, and the one safe way to save.
 *
 * Everything the program keeps (weights, settings, exports) goes through file_save: temporary file beside the target,
 * write, fsync, close checked, rename, fsync of the folder. The target is therefore always the old or the new file. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"

typedef struct {
    const char *at; /* followed by a 0 that `size` does not count */
    size_t size;
} Bytes;

/* The whole regular file into `arena`. Refuses what is not a regular file (never hangs on a pipe), what is larger than
 * `cap`, and what changed size while being read. Errors are EXIT_SYSTEM (cannot be opened) or EXIT_INPUT. */
bool file_read(Arena *arena, const char *path, size_t cap, Bytes *out, Error *error);
/* A text file of a user's: the same, without the byte order mark with which some editors begin one; UTF-16 is refused. */
bool file_read_text(Arena *arena, const char *path, size_t cap, Bytes *out, Error *error);
/* Takes the next line off `rest`, without its end (LF or CR LF). False when nothing is left. */
bool bytes_line(Bytes *rest, Bytes *line);
/* Nothing but white space (ASCII). */
bool bytes_blank(Bytes bytes);
/* Saves atomically as described above. On failure the old file is intact and no temporary file is left. */
bool file_save(const char *path, const void *bytes, size_t size, Error *error);
/* The same without waiting for the disk: a kill leaves the old or the new file, a power cut may leave anything. For what is
 * saved for good soon after: it takes a tenth of a millisecond where file_save takes ten. */
bool file_replace(const char *path, const void *bytes, size_t size, Error *error);
/* Removes the temporary files that killed processes left in a folder: for the settings' folder, at start. */
void file_remove_strays(const char *folder);
void file_remove(const char *path); /* one that is not there is no error */
/* A damaged "settings.json" becomes "settings.bad-DATE" beside it (never over an older one): as a whole, or as a copy of
 * the bytes that were read. *kept: its new name; NULL when the very same bytes were kept before. */
bool file_set_aside(Arena *arena, const char *path, const char *date, char **kept, Error *error);
bool file_keep_copy(Arena *arena, const char *path, const char *date, Bytes bytes, char **kept, Error *error);
/* A lock that ends with the process, whatever ends it: for two running copies that change one file. -1 when another
 * process has it, or none can be had there. */
int file_lock(const char *path);
void file_unlock(int lock);
bool file_exists(const char *path);
bool folder_exists(const char *path);
bool folder_make(const char *path, Error *error); /* with parents, mode 0700 for new ones */
/* The names in a folder (no "." entries), sorted bytewise. A folder that cannot be read gives 0. */
int folder_list(Arena *arena, const char *path, char ***names);
/* False when the file at `path` is a link that leads out of the folder it seems to be in; true also when it is not there. */
bool file_stays_inside(Arena *arena, const char *path);
/* "a/b" in `arena`. */
char *path_join(Arena *arena, const char *folder, const char *name);
/* What a look at a file tells without reading it: another stamp, another content. A file that is not there has one, too. */
typedef struct {
    bool there;
    long long inode, size, seconds, nanoseconds;
} FileStamp;
FileStamp file_stamp(const char *path);
bool file_stamp_equal(FileStamp a, FileStamp b);
/* Says what a file that is no `wanted` seems to be ("a Git LFS pointer", "an HTML page", "a zip archive" …) or NULL. */
const char *file_guess(Bytes bytes);
/* Where assets/ and lessons/ are: ATTNSCOPE_HOME, beside the binary's folder (source tree), or PREFIX/share/attnscope.
 * NULL with an error when none of them holds `probe` (for example "lessons"). */
char *file_home(Arena *arena, const char *probe, Error *error);
/* XDG folder for settings ("XDG_CONFIG_HOME", ".config") or data ("XDG_STATE_HOME", ".local/state") + "/attnscope".
 * NULL when neither the variable nor HOME names an absolute folder. */
char *file_user_folder(Arena *arena, const char *variable, const char *fallback);
