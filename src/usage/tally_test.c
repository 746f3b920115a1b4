/* tally_test.c: the sums of the account. */
#include "usage/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct tally sample(void)
{
    struct tally t = tally_empty();

    t.lines = 20;
    t.records = 15;
    t.skipped = 2;
    t.rejected = 3;
    t.rejected_by[REJECT_SHAPE] = 1;
    t.rejected_by[REJECT_TIME] = 2;
    t.matched = 1;
    t.unmatched = 2;
    t.excluded = 3;
    t.filtered = 4;
    t.challenged = 5;
    t.elapsed_ignored = 1;
    t.bytes = 1000;
    t.first_us = 10;
    t.last_us = 20;
    return t;
}

static void test_adds_up(void **state)
{
    struct tally t = tally_empty();

    (void)state;
    assert_true(tally_adds_up(&t));
    t = sample();
    assert_true(tally_adds_up(&t));
#define BREAKS(member)                                                                             \
    t = sample();                                                                                  \
    t.member++;                                                                                    \
    assert_false(tally_adds_up(&t))
    BREAKS(lines);
    BREAKS(records);
    BREAKS(skipped);
    BREAKS(rejected);
    BREAKS(rejected_by[REJECT_HOST]);
    BREAKS(matched);
    BREAKS(unmatched);
    BREAKS(excluded);
    BREAKS(filtered);
    BREAKS(challenged);
#undef BREAKS
}

static void test_add(void **state)
{
    struct tally sum = tally_empty(), one = sample(), empty = tally_empty();

    (void)state;
    tally_add(&sum, &empty);
    assert_true(sum.first_us == INT64_MAX && sum.last_us == INT64_MIN);
    tally_add(&sum, &one);
    one.first_us = 5;
    one.last_us = 15;
    tally_add(&sum, &one);
    tally_add(&sum, &empty);
    assert_true(tally_adds_up(&sum));
    assert_int_equal(sum.lines, 40);
    assert_int_equal(sum.records, 30);
    assert_int_equal(sum.rejected_by[REJECT_TIME], 4);
    assert_int_equal(sum.challenged, 10);
    assert_int_equal(sum.elapsed_ignored, 2);
    assert_int_equal(sum.bytes, 2000);
    assert_int_equal(sum.first_us, 5);
    assert_int_equal(sum.last_us, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_adds_up), cmocka_unit_test(test_add)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
