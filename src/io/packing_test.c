/* packing_test.c: what is no log is named, a log is not. */
#include "io/packing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROW(head, expected)                                                                        \
    {                                                                                              \
        {(head), sizeof(head) - 1}, expected                                                       \
    }

static void test_first_bytes(void **state)
{
    static const struct {
        struct slice head;
        const char *expected; /* its beginning */
    } rows[] = {
        ROW("PK\x03\x04\x14", "a zip archive, which is not read"),
        ROW("PK\x05\x06", "a zip archive, an empty one"),
        ROW("\x1f\x8b\x08\x01", "gzip once more, which is not read; unpack it first"),
        ROW("\x1f\x8b\x08", "gzip once more"),
        ROW("\x1f\x8b\x08\x20", "gzip with flags"),
        ROW("\xfd\x37\x7a\x58\x5a\0\0\x04", "xz once more"),
        ROW("\x28\xb5\x2f\xfd", "zstd once more"),
        ROW("BZh91AY&SY", "bzip2 once more"),
        ROW("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", "lzma, which"),
        ROW("\x04\x22\x4d\x18\x64", "lz4, which"),
        ROW("\x1f\x9d\x90", "compress (.Z), which"),
        ROW("7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
        ROW("Rar!\x1a\x07", "a RAR archive"),
        ROW("\xd4\xc3\xb2\xa1\x02", "a packet capture, which is no log"),
        ROW("\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a", "a packet capture"),
        ROW("\n\r\r\n1790000000", NULL),
        ROW("SQLite format 3\0\x10", "an SQLite database"),
        ROW("SQLite format 3 is what we use", NULL),
        ROW("BZh91AY of a talk", NULL),
        ROW("BZh", NULL),
        ROW("\x1f\x8b", NULL),
        ROW("\xfd\x37\x7a\x58\x5a", NULL),
        ROW("PKG", NULL),
        ROW("", NULL),
        ROW("1790000000.000 12 10.1.2.3 TCP_MISS/200 1 GET http://x.example/ - - -", NULL),
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *name = packing_unread(rows[i].head);

        if (rows[i].expected == NULL)
            assert_null(name);
        else
            assert_true(name != NULL &&
                        strncmp(name, rows[i].expected, strlen(rows[i].expected)) == 0);
    }
}

/* Its mark stands behind the name and the numbers of the first file; ${len} bytes are seen. */
static const char *of_tar(struct slice mark, size_t len)
{
    char head[512] = {0};

    memcpy(head + 257, mark.ptr, mark.len);
    return packing_unread(slice_of(head, len));
}

static void test_tar(void **state)
{
    (void)state;
    assert_string_equal(of_tar(SLICE("ustar\00000"), 512),
                        "a tar archive, which is not read; unpack it first");
    assert_non_null(of_tar(SLICE("ustar  \0"), 512));
    assert_null(of_tar(SLICE("ustar\00000"), 262));
    assert_null(of_tar(SLICE("ustar is what"), 512));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_bytes),
        cmocka_unit_test(test_tar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
