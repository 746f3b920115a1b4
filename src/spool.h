/* spool.h: an archive that can be read only once, kept for a second reading. */
#ifndef SPOOL_H
#define SPOOL_H

#include "base/error.h"
#include "io/blocks.h"

#include <stdbool.h>

enum { SPOOL_PATH = 32 };

/*
 * spool_fill(blocks, folder, path, fd, err):
 * Write all that ${blocks} still gives, unpacked, into a temporary file without a name, readable by
 * nobody else, in ${folder}.
 * ${path} gets a name under which it can be opened as often as wanted, until the caller closes
 * ${fd}. Errors:  ERROR_IO naming the folder, ERROR_MEMORY.
 */
bool spool_fill(struct blocks *blocks, const char *folder, char path[SPOOL_PATH], int *fd,
                struct error *err);

/*
 * spool_copy(fd, folder, path, spool, err):
 * Write all bytes of ${fd}, as they are, into such a file ${spool}, which is opened as ${path}.
 * Errors:  ERROR_IO naming the folder.
 */
bool spool_copy(int fd, const char *folder, char path[SPOOL_PATH], int *spool, struct error *err);

#endif
