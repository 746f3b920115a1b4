/* buf_test.c: growing bytes. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_append(void **state)
{
    struct buf b = {0};

    (void)state;
    buf_append_string(&b, "a");
    buf_append(&b, SLICE("\0b"));
    buf_append(&b, slice_of(NULL, 0));
    buf_append_byte(&b, 'c');
    buf_append_uint(&b, 0);
    buf_append_byte(&b, ' ');
    buf_append_uint(&b, UINT64_MAX);
    buf_printf(&b, " %s-%d", "x", -7);
    assert_true(slice_equal(buf_slice(&b), SLICE("a\0bc0 18446744073709551615 x--7")));
    buf_reset(&b);
    assert_int_equal(b.len, 0);
    assert_true(b.cap > 0);
    buf_free(&b);
    assert_null(b.ptr);
}

/* Grows by doubling: a million appended bytes move the text a few times only. */
static void test_growth(void **state)
{
    struct buf b = {0};
    size_t moves = 0, cap = 0;

    (void)state;
    for (int i = 0; i < 1000000; i++) {
        buf_append_byte(&b, (char)i);
        moves += b.cap != cap;
        cap = b.cap;
    }
    assert_int_equal(b.len, 1000000);
    assert_true(moves < 20);
    for (int i = 0; i < 1000000; i++)
        if (b.ptr[i] != (char)i)
            fail_msg("byte %d", i);
    buf_free(&b);
}

static void test_long_printf(void **state)
{
    struct buf b = {0};

    (void)state;
    buf_printf(&b, "%*s|", 5000, "x");
    assert_int_equal(b.len, 5001);
    assert_int_equal(b.ptr[4999], 'x');
    buf_free(&b);
}

/* A failed growth is remembered and nothing is lost of what was there. */
static void test_failure(void **state)
{
    struct buf b = {0};

    (void)state;
    buf_append_string(&b, "kept");
    assert_false(buf_reserve(&b, SIZE_MAX));
    assert_true(b.failed);
    buf_append_string(&b, "more");
    buf_append_byte(&b, 'x');
    buf_printf(&b, "x");
    assert_true(slice_is(buf_slice(&b), "kept"));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_long_printf),
        cmocka_unit_test(test_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
