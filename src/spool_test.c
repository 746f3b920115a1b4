/* spool_test.c: what a pipe gave can be read as often as wanted. */
#include "spool.h"

#include "io/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char text[] = "first line\nsecond line\nlast, without its end";

/* Blocks over a file that holds the text. */
static struct blocks *blocks_over(char *path, struct reader **reader, struct error *err)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof text - 1), (int)sizeof text - 1);
    close(fd);
    *reader = reader_open(path, INFLATE_ZLIB, err);
    assert_non_null(*reader);
    return blocks_create(*reader, err);
}

static void test_twice(void **state)
{
    char path[] = "/tmp/kage-spool-test-XXXXXX", again[SPOOL_PATH], got[128];
    struct error err = {0};
    struct reader *reader, *copy;
    struct blocks *blocks = blocks_over(path, &reader, &err);
    int fd;

    (void)state;
    assert_non_null(blocks);
    assert_true(spool_fill(blocks, "/tmp", again, &fd, &err));
    for (int times = 0; times < 2; times++) {
        size_t n = 0;

        copy = reader_open(again, INFLATE_ZLIB, &err);
        assert_non_null(copy);
        assert_true(reader_read(copy, got, sizeof got, &n, &err));
        assert_int_equal(n, sizeof text - 1);
        assert_memory_equal(got, text, n);
        reader_close(copy);
    }
    close(fd);
    assert_null(reader_open(again, INFLATE_ZLIB, &err)); /* nothing is left */
    blocks_free(blocks);
    reader_close(reader);
    unlink(path);
}

static void test_no_folder(void **state)
{
    char path[] = "/tmp/kage-spool-test-XXXXXX", again[SPOOL_PATH];
    struct error err = {0};
    struct reader *reader;
    struct blocks *blocks = blocks_over(path, &reader, &err);
    int fd;

    (void)state;
    assert_false(spool_fill(blocks, "/nowhere/at/all", again, &fd, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
    blocks_free(blocks);
    reader_close(reader);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_no_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
