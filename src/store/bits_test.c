/* bits_test.c: what is in the set, and what is not. */
#include "store/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_set(void **state)
{
    static const uint32_t in[] = {0, 7, 8191, 8192, 100000, 99999};
    static const uint32_t out[] = {1, 8, 8190, 8193, 99998, 100001, 1U << 30, UINT32_MAX};
    struct bits bits = {0};

    (void)state;
    assert_false(bits_has(&bits, 0));
    for (size_t i = 0; i < sizeof in / sizeof *in; i++)
        assert_true(bits_add(&bits, in[i]));
    for (size_t i = 0; i < sizeof in / sizeof *in; i++)
        assert_true(bits_has(&bits, in[i]));
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        assert_false(bits_has(&bits, out[i]));
    assert_int_equal(bits_count(&bits), sizeof in / sizeof *in);
    bits_clear(&bits);
    assert_int_equal(bits_count(&bits), 0);
    assert_false(bits_has(&bits, 7));
    bits_free(&bits);
    assert_int_equal(bits_count(&bits), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_set)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
