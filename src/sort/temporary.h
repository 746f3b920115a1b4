/* temporary.h: files without a name. */
#ifndef SORT_TEMPORARY_H
#define SORT_TEMPORARY_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

/*
 * temporary_open(folder, err):
 * A file in ${folder} (NULL: /tmp) that nobody else can open and that vanishes with its descriptor,
 * however the run ends.
 * Returns: the descriptor, which the caller closes, or -1.
 * Errors:  ERROR_IO naming the folder.
 */
int temporary_open(const char *folder, struct error *err);

/* Write all of ${bytes} behind what is there. Errors:  ERROR_IO, naming ${folder} as above. */
bool temporary_write(int fd, struct slice bytes, const char *folder, struct error *err);

#endif
