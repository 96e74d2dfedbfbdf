/* file_stamp.c — whether a file is still the one that was read, told without opening it. */
#include <sys/stat.h>
#include "base/file.h"

FileStamp file_stamp(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) return (FileStamp){0};
    return (FileStamp){.there = true,
                       .inode = (long long)info.st_ino,
                       .size = (long long)info.st_size,
                       .seconds = (long long)info.st_mtim.tv_sec,
                       .nanoseconds = (long long)info.st_mtim.tv_nsec};
}

bool file_stamp_equal(FileStamp a, FileStamp b)
{
    return a.there == b.there && a.inode == b.inode && a.size == b.size && a.seconds == b.seconds &&
           a.nanoseconds == b.nanoseconds;
}
