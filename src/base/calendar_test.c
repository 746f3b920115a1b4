/* calendar_test.c: known days, and every day of a thousand years there and back. */
#include "base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void knows_days(void **state)
{
    static const struct {
        int32_t year, month, day, weekday;
        int64_t days;
    } rows[] = {
        {1970, 1, 1, 3, 0},
        {1969, 12, 31, 2, -1},
        {2000, 2, 29, 1, 11016},
        {2026, 9, 30, 2, 20726},
        {1900, 3, 1, 3, -25508},
        {0, 3, 1, 2, -719468},
        {-1, 12, 31, 4, -719529},
        {9999, 12, 31, 4, 2932896},
        {1582, 10, 15, 4, -141427},
        {INT32_MAX, 12, 31, 1, 784351576776},
        {INT32_MIN, 1, 1, 1, -784353015833},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct civil c = calendar_date(rows[i].days);

        assert_int_equal(calendar_days(rows[i].year, rows[i].month, rows[i].day), rows[i].days);
        assert_int_equal(c.year, rows[i].year);
        assert_int_equal(c.month, rows[i].month);
        assert_int_equal(c.day, rows[i].day);
        assert_int_equal(c.hour + c.minute + c.second, 0);
        assert_int_equal(calendar_weekday(rows[i].days), rows[i].weekday);
    }
}

static void days_follow_one_another(void **state)
{
    struct civil before = calendar_date(calendar_days(1600, 12, 31));

    (void)state;
    for (int64_t day = calendar_days(1601, 1, 1); day < calendar_days(2601, 1, 1); day++) {
        struct civil c = calendar_date(day), next = before;

        next.day++;
        if (!calendar_valid(&next))
            next = (struct civil){.year = before.year, .month = before.month + 1, .day = 1};
        if (!calendar_valid(&next))
            next = (struct civil){.year = before.year + 1, .month = 1, .day = 1};
        assert_true(c.year == next.year && c.month == next.month && c.day == next.day);
        assert_int_equal(calendar_days(c.year, c.month, c.day), day);
        before = c;
    }
}

static void knows_what_exists(void **state)
{
    static const struct {
        struct civil civil;
        bool valid;
    } rows[] = {
        {{2024, 2, 29, 0, 0, 0}, true},   {{2023, 2, 29, 0, 0, 0}, false},
        {{1900, 2, 29, 0, 0, 0}, false},  {{2000, 2, 29, 0, 0, 0}, true},
        {{2026, 4, 30, 0, 0, 0}, true},   {{2026, 4, 31, 0, 0, 0}, false},
        {{2026, 0, 1, 0, 0, 0}, false},   {{2026, 13, 1, 0, 0, 0}, false},
        {{2026, 1, 0, 0, 0, 0}, false},   {{2026, -1, 1, 0, 0, 0}, false},
        {{2026, 1, 1, 23, 59, 60}, true}, {{2026, 1, 1, 23, 59, 61}, false},
        {{2026, 1, 1, 24, 0, 0}, false},  {{2026, 1, 1, 0, 60, 0}, false},
        {{2026, 1, 1, -1, 0, 0}, false},  {{2026, 1, 1, 0, -1, 0}, false},
        {{2026, 1, 1, 0, 0, -1}, false},  {{INT32_MIN, 1, 1, 0, 0, 0}, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(calendar_valid(&rows[i].civil), rows[i].valid);
}

static void counts_seconds(void **state)
{
    static const struct {
        struct civil civil;
        int64_t seconds;
        bool back; /* does calendar_civil give the same? */
    } rows[] = {
        {{1970, 1, 1, 0, 0, 0}, 0, true},
        {{1969, 12, 31, 23, 59, 59}, -1, true},
        {{2006, 9, 8, 4, 21, 52}, 1157689312, true},
        {{2016, 12, 31, 23, 59, 60}, 1483228799, false},
        {{2038, 1, 19, 3, 14, 8}, INT64_C(1) << 31, true},
        {{1, 1, 1, 0, 0, 1}, -62135596799, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct civil *c = &rows[i].civil;
        struct civil back = calendar_civil(rows[i].seconds);

        assert_int_equal(calendar_seconds(c), rows[i].seconds);
        assert_int_equal(back.year, c->year);
        assert_int_equal(back.minute, c->minute);
        assert_int_equal(back.second == c->second, rows[i].back);
        assert_true(back.month == c->month && back.day == c->day && back.hour == c->hour);
    }
}

static void reads_months(void **state)
{
    static const struct {
        const char *letters;
        int month;
    } rows[] = {
        {"Jan", 1},          {"feb", 2},  {"MAR", 3},    {"aPr", 4}, {"May", 5},
        {"Jun", 6},          {"Jul", 7},  {"Aug", 8},    {"Sep", 9}, {"Oct", 10},
        {"Nov", 11},         {"Dec", 12}, {"Decem", 12}, {"Jax", 0}, {"\x0a\x01\x0e", 0},
        {"\xca\xe1\xee", 0}, {"9 0", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(calendar_month(rows[i].letters), rows[i].month);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_days),        cmocka_unit_test(days_follow_one_another),
        cmocka_unit_test(knows_what_exists), cmocka_unit_test(counts_seconds),
        cmocka_unit_test(reads_months),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
