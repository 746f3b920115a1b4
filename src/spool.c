/* spool.c: a temporary file that vanishes with its descriptor. */
#include "spool.h"

#include "sort/temporary.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 * 1024 };

bool spool_fill(struct blocks *blocks, const char *folder, char path[SPOOL_PATH], int *fd,
                struct error *err)
{
    struct block block;

    *fd = temporary_open(folder, err);
    if (*fd < 0)
        return false;
    snprintf(path, SPOOL_PATH, "/proc/self/fd/%d", *fd);
    while (blocks_next(blocks, &block, err))
        if (!temporary_write(*fd, block.bytes, folder, err))
            break;
    return err->code == ERROR_NONE;
}

bool spool_copy(int fd, const char *folder, char path[SPOOL_PATH], int *spool, struct error *err)
{
    char piece[PIECE_BYTES];
    ssize_t got;

    *spool = temporary_open(folder, err);
    if (*spool < 0)
        return false;
    snprintf(path, SPOOL_PATH, "/proc/self/fd/%d", *spool);
    while ((got = read(fd, piece, sizeof piece)) != 0) {
        if (got < 0 && errno != EINTR)
            return error_set_errno(err, errno, "reading a pipe");
        if (got > 0 && !temporary_write(*spool, slice_of(piece, (size_t)got), folder, err))
            return false;
    }
    return true;
}
