/* coverage_test.c: records into hours of a zone, in order. */
#include "usage/coverage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOUR_US INT64_C(3600000000)
#define STAMPED FIELD_BIT(FIELD_TS)

static void test_hours(void **state)
{
    const struct record records[] = {
        {.has = STAMPED, .ts_us = 30 * HOUR_US, .kind = RECORD_DNS}, /* the 2nd, 15:00 of Tokyo */
        {.has = STAMPED, .ts_us = 30 * HOUR_US + 1, .kind = RECORD_DNS},
        {.has = STAMPED, .ts_us = 30 * HOUR_US, .kind = RECORD_PROXY},
        {.has = STAMPED, .ts_us = -HOUR_US * 10, .kind = RECORD_PROXY}, /* the day before 1970 */
        {.has = STAMPED, .ts_us = 14 * HOUR_US + HOUR_US - 1, .kind = RECORD_PROXY},
        {.has = STAMPED, .ts_us = 15 * HOUR_US, .kind = RECORD_PROXY}, /* midnight */
        {.has = 0, .kind = RECORD_PROXY},
        {.has = STAMPED, .ts_us = 0, .kind = RECORD_IDENTITY},
        {.has = STAMPED, .ts_us = 30 * HOUR_US, .kind = RECORD_DNS},
    };
    static const struct coverage_hour expected[] = {{-1, 23, RECORD_PROXY, 1},
                                                    {0, 23, RECORD_PROXY, 1},
                                                    {1, 0, RECORD_PROXY, 1},
                                                    {1, 15, RECORD_PROXY, 1},
                                                    {1, 15, RECORD_DNS, 3}};
    struct error err = {0};
    struct zone *zone = zone_load("Asia/Tokyo", &err);
    struct coverage c = {.zone = zone};

    (void)state;
    assert_non_null(zone);
    for (int round = 1; round <= 2; round++) {
        assert_true(coverage_add(&c, records, sizeof records / sizeof *records));
        assert_int_equal(c.count, sizeof expected / sizeof *expected);
        for (size_t i = 0; i < c.count; i++) {
            assert_int_equal(c.hours[i].day, expected[i].day);
            assert_int_equal(c.hours[i].hour, expected[i].hour);
            assert_int_equal(c.hours[i].kind, expected[i].kind);
            assert_int_equal(c.hours[i].records, expected[i].records);
        }
        coverage_reset(&c);
    }
    coverage_free(&c);
    zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hours)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
