/* line_ranges_test.c: ranges are joined and moved. */
#include "repeats/line_ranges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static void test_ranges(void **state)
{
    struct line_range first[] = {{2, 4}, {8, 9}}, second[] = {{0, 1}, {3, 6}, {9, 12}};
    struct line_ranges into = {0}, one = {first, 2, 2}, two = {second, 3, 3};
    struct error err = {0};

    (void)state;
    assert_true(line_ranges_join(&into, &one, &err));
    assert_true(line_ranges_join(&into, &two, &err));
    assert_int_equal(into.count, 3);
    assert_int_equal(line_ranges_sum(&into), 9);
    line_ranges_move(&into, -3);
    assert_int_equal(into.count, 2);
    assert_int_equal(into.ranges[0].from, 0);
    assert_int_equal(into.ranges[0].to, 3);
    line_ranges_move(&into, 10);
    assert_int_equal(into.ranges[1].from, 15);
    assert_int_equal(into.ranges[1].to, 19);
    free(into.ranges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ranges)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
