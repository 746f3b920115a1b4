/* fuzzing.h: for fuzzers: a file that holds the input. */
#ifndef IDENTITY_FUZZING_H
#define IDENTITY_FUZZING_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FUZZING_PATH = 64 };

/* A file in memory with the ${size} bytes of ${data}; its name into ${path}. Returns: its
 * descriptor, which the caller closes. */
static inline int fuzzing_file(const uint8_t *data, size_t size, char path[FUZZING_PATH])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, FUZZING_PATH, "/proc/self/fd/%d", fd);
    return fd;
}

#endif
