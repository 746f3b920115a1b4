/* testing.h: for tests: a file with a text. */
#ifndef IDENTITY_TESTING_H
#define IDENTITY_TESTING_H

#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { TESTING_PATH = 64 };

/* Write ${text} into a new file; its name into ${path}. The caller unlinks it. */
static inline void testing_file(struct slice text, char path[TESTING_PATH])
{
    int fd;

    snprintf(path, TESTING_PATH, "/tmp/kage-test-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.ptr == NULL ? "" : text.ptr, text.len), (ssize_t)text.len);
    close(fd);
}

#endif
