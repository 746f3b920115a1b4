/* spool.c: a temporary file that vanishes with its descriptor. */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Unlinked at once: nothing is left behind however the run ends. */
static int open_unnamed(const char *folder, struct error *err)
{
    char path[4096];
    int fd;

    if ((size_t)snprintf(path, sizeof path, "%s/kage-XXXXXX", folder) >= sizeof path)
        errno = ENAMETOOLONG;
    else if ((fd = mkostemp(path, O_CLOEXEC)) >= 0) {
        unlink(path);
        return fd;
    }
    error_set_errno(err, errno, "a temporary file in %s", folder);
    return -1;
}

static bool write_all(int fd, struct slice bytes, struct error *err)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_set_errno(err, errno, "writing a temporary file");
        bytes = slice_from(bytes, (size_t)written);
    }
    return true;
}

bool spool_fill(struct blocks *blocks, const char *folder, char path[SPOOL_PATH], int *fd,
                struct error *err)
{
    struct block block;

    *fd = open_unnamed(folder, err);
    if (*fd < 0)
        return false;
    snprintf(path, SPOOL_PATH, "/proc/self/fd/%d", *fd);
    while (blocks_next(blocks, &block, err))
        if (!write_all(*fd, block.bytes, err))
            break;
    return err->code == ERROR_NONE;
}
