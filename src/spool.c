/* spool.c: a temporary file that vanishes with its descriptor. */
#include "spool.h"

#include "sort/temporary.h"

#include <stdio.h>

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
