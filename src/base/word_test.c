/* word_test.c: digits eight at a time, against reading them one by one. */
#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool slow_digits(const char *p, size_t len, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        *out = *out * 10 + (uint32_t)(p[i] - '0');
    }
    return true;
}

static void test_mask(void **state)
{
    (void)state;
    assert_int_equal(word_mask(0), 0);
    assert_int_equal(word_mask(1), 0xff);
    assert_int_equal(word_mask(7), UINT64_C(0x00ffffffffffffff));
    assert_true(word_mask(8) == UINT64_MAX);
    assert_true(word_mask(100) == UINT64_MAX);
}

/* Every byte at every place of a number, and every length. */
static void test_digits(void **state)
{
    char text[9] = "90817263";
    uint32_t got = 0, expected;

    (void)state;
    assert_int_equal(word_load("abcdefgh") & 0xffff, 'a' | 'b' << 8);
    for (size_t at = 0; at < 8; at++)
        for (int byte = 0; byte < 256; byte++) {
            memcpy(text, "90817263", sizeof text);
            text[at] = (char)byte;
            for (size_t len = 1; len <= 8; len++) {
                bool ok = slow_digits(text, len, &expected);

                assert_int_equal(word_short_digits(word_load(text), len, &got), ok);
                assert_true(!ok || got == expected);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mask), cmocka_unit_test(test_digits)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
