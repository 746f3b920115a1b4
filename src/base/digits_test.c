/* digits_test.c: against printf, at every length and on both sides of each. */
#include "base/digits.h"

#include <inttypes.h>
#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check(uint64_t number)
{
    char text[DIGITS_ROOM], expected[DIGITS_MOST + 1];
    char *end = digits_put(text, number);

    *end = '\0';
    snprintf(expected, sizeof expected, "%" PRIu64, number);
    assert_string_equal(text, expected);
}

static void test_small(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 100000; number++)
        check(number);
}

static void test_lengths(void **state)
{
    uint64_t power = 1;

    (void)state;
    for (int digits = 1; digits <= DIGITS_MOST; digits++, power *= 10)
        for (uint64_t by = 0; by < 12; by++) {
            check(power - by);
            check(power + by);
            check(power * (by + 1));
        }
    check(UINT64_MAX);
}

/* Of every eight digits, many; and all that is put together of two such words. */
static void test_spread(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 100000000; number += 997)
        check(number);
    for (uint64_t number = 1; number < UINT64_MAX / 3; number = number * 3 + 1)
        check(number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_spread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
