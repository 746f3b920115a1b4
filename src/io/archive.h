/* archive.h: the archives that a command line names, folders opened. */
#ifndef IO_ARCHIVE_H
#define IO_ARCHIVE_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One file to read, or one that could not be found. */
struct archive {
    /* as given; for a file of a folder: the folder as given, "/", the path below it */
    const char *name;
    uint64_t size_bytes;    /* on disk; 0 for standard input */
    uint64_t device, inode; /* of the file, 0 where it has none */
    struct error failure;   /* why it cannot be read: missing, no permission, an empty folder */
};

/* Zero-initialise before use. */
struct archive_list {
    struct archive *archives; /* in the order of the command line, a folder's by name (bytes) */
    size_t count, capacity;
    size_t repeated; /* how often a file was met that is in the list */
    size_t *seen;    /* table of the files that are in the list: index + 1, 0 free */
    size_t seen_size;
    struct arena arena; /* the names */
};

/*
 * archive_list_add(list, path, err):
 * Add ${path}: a file, `-`, or a folder with all regular files below it (not those whose name
 * begins with a dot; links to files are followed, links to folders are not, so no loops). A path
 * that cannot be had is added with its failure. The same file (device and inode) named twice is
 * added once, and counted as repeated. Errors:  ERROR_MEMORY only.
 */
bool archive_list_add(struct archive_list *list, const char *path, struct error *err);

void archive_list_free(struct archive_list *list);

#endif
