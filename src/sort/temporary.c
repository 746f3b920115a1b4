/* temporary.c: unlinked as soon as they are there. */
#include "sort/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder_of(const char *folder)
{
    return folder == NULL ? "/tmp" : folder;
}

int temporary_open(const char *folder, struct error *err)
{
    char path[4096];
    int fd = open(folder_of(folder), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);

    if (fd >= 0)
        return fd;
    /* not every file system can do that */
    if ((size_t)snprintf(path, sizeof path, "%s/kage-XXXXXX", folder_of(folder)) >= sizeof path)
        errno = ENAMETOOLONG;
    else if ((fd = mkostemp(path, O_CLOEXEC)) >= 0) {
        unlink(path);
        return fd;
    }
    error_set_errno(err, errno, "a temporary file in %s (TMPDIR names another folder)",
                    folder_of(folder));
    return -1;
}

bool temporary_write(int fd, struct slice bytes, const char *folder, struct error *err)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_set_errno(err, errno,
                                   "writing a temporary file in %s (TMPDIR names another folder)",
                                   folder_of(folder));
        bytes = slice_from(bytes, (size_t)written);
    }
    return true;
}
