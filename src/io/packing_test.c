/* packing_test.c: what is no log is named, a log is not. */
#include "io/packing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_first_bytes(void **state)
{
    static const struct {
        const char *head, *expected;
    } rows[] = {
        {"PK\x03\x04\x14", "a zip archive"},
        {"\x1f\x8b\x08\x01", "gzip once more"},
        {"BZh91AY", "bzip2 once more"},
        {"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"},
        {"Rar!\x1a\x07", "a RAR archive"},
        {"\x1f\x8b", NULL},
        {"PKG", NULL},
        {"", NULL},
        {"1790000000.000 12 10.1.2.3 TCP_MISS/200 1 GET http://x.example/ - - -", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *name = packing_unread(slice_of_string(rows[i].head));

        if (rows[i].expected == NULL)
            assert_null(name);
        else
            assert_string_equal(name, rows[i].expected);
    }
}

static void test_bytes_that_hold_nul(void **state)
{
    (void)state;
    assert_string_equal(packing_unread(SLICE("\xfd\x37\x7a\x58\x5a\0\0\x04")), "xz once more");
    assert_null(packing_unread(SLICE("\xfd\x37\x7a\x58\x5a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_bytes),
        cmocka_unit_test(test_bytes_that_hold_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
