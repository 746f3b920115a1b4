/* year_test.c: the year of stamps that carry none. */
#include "format/stamp/year.h"

#include "base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int64_t seconds(int32_t year, int32_t month, int32_t day)
{
    return calendar_days(year, month, day) * SECONDS_PER_DAY;
}

static void test_names(void **state)
{
    /* the day behind the date: its end; year 0: no date */
    static const struct {
        const char *path;
        int32_t year, month, day;
    } rows[] = {
        {"access.log-20260930.gz", 2026, 10, 1},
        {"/var/log/20250101/access.log-20260930", 2026, 10, 1},
        {"/var/log/20250101/access.log", 0, 0, 0}, /* the last part alone counts */
        {"2026-09-30.log", 2026, 10, 1},
        {"access_2026_12_31.log", 2027, 1, 1},
        {"access.2026.02.28", 2026, 3, 1},
        {"access-2026-09.gz", 2026, 10, 1},
        {"access-2026-12.log.gz", 2027, 1, 1},
        {"access-2026-09", 2026, 10, 1},
        {"access-2026093009", 2026, 10, 1},
        {"access-2026-09-30T23", 2026, 10, 1},
        {"access-20260931", 0, 0, 0},
        {"access-20261301", 0, 0, 0},
        {"access-2026-13", 0, 0, 0},
        {"access-2026", 0, 0, 0},
        {"access-202609", 0, 0, 0},
        {"access-19890101", 0, 0, 0},
        {"access-1120260930", 0, 0, 0}, /* within a longer number */
        {"squid-3128-20260930.log", 2026, 10, 1},
        {"access.log", 0, 0, 0},
        {"", 0, 0, 0},
        {"-", 0, 0, 0},
        {"logs/", 0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t expected =
            rows[i].year == 0 ? 0 : seconds(rows[i].year, rows[i].month, rows[i].day);

        if (year_date_in_name(rows[i].path) != expected)
            fail_msg("%s: expected %lld, is %lld", rows[i].path, (long long)expected,
                     (long long)year_date_in_name(rows[i].path));
    }
}

/* Which hint decides, and how far a stamp may stand behind it. */
static void test_year_of_last(void **state)
{
    static const struct {
        int year;      /* --year */
        int gzip_year; /* 1 July of that year; 0: none */
        const char *name;
        int32_t file[3], last[3]; /* the last stamp, in whatever year */
        int expected;
    } rows[] = {
        {2019, 2020, "a-20210701", {2022, 7, 1}, {2000, 6, 1}, 2019},
        {0, 2020, "a-20210701", {2022, 7, 1}, {2000, 6, 1}, 2020},
        {0, 2020, "a-20210701", {2022, 7, 1}, {2000, 8, 1}, 2019},
        {0, 0, "a-20210701", {2022, 7, 1}, {2000, 6, 1}, 2021},
        {0, 0, "a-20210701", {2022, 7, 1}, {2000, 8, 1}, 2020},
        {0, 0, "a-2021-07", {2022, 7, 1}, {2000, 7, 31}, 2021},
        {0, 0, "a", {2022, 7, 1}, {2000, 6, 1}, 2022},
        {0, 0, "a", {2022, 7, 1}, {2000, 12, 31}, 2021},
        {0, 0, "a", {2022, 7, 1}, {2003, 6, 1}, 2022}, /* the year of the survey says nothing */
        /* clocks and zones differ by up to two days, over a year's end too */
        {0, 0, "a", {2022, 7, 1}, {2000, 7, 3}, 2022},
        {0, 0, "a", {2022, 7, 1}, {2000, 7, 4}, 2021},
        {0, 0, "a", {2021, 12, 31}, {2000, 1, 1}, 2022},
        {0, 0, "a", {2022, 1, 1}, {2000, 12, 31}, 2021},
        {0, 0, "a", {2021, 12, 31}, {2000, 1, 4}, 2021},
        /* 29 February has few years */
        {0, 0, "a", {2024, 3, 1}, {2000, 2, 29}, 2024},
        {0, 0, "a", {2026, 3, 1}, {2000, 2, 29}, 2024},
        {0, 0, "a", {2024, 2, 1}, {2000, 2, 29}, 2020},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct year_hints hints = {
            .year = rows[i].year,
            .gzip_time_s = rows[i].gzip_year == 0 ? 0 : seconds(rows[i].gzip_year, 7, 1),
            .name = rows[i].name,
            .file_time_s = seconds(rows[i].file[0], rows[i].file[1], rows[i].file[2])};
        int year = year_of_last(&hints, seconds(rows[i].last[0], rows[i].last[1], rows[i].last[2]));

        if (year != rows[i].expected)
            fail_msg("row %zu: expected %d, is %d", i, rows[i].expected, year);
    }
}

/* A 29 February makes a year of the one it stands in. */
static void test_leap_days(void **state)
{
    static const struct {
        int32_t file[3];
        int back, expected; /* years from the 29 February to the last stamp, 5 March */
    } rows[] = {
        {{2028, 3, 6}, 0, 2028}, {{2027, 6, 1}, 0, 2024}, {{2028, 2, 1}, 0, 2024},
        {{2028, 2, 1}, 2, 2026}, {{2028, 6, 1}, 1, 2025}, {{2029, 6, 1}, 1, 2029},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct year_hints hints = {.name = "a",
                                   .file_time_s =
                                       seconds(rows[i].file[0], rows[i].file[1], rows[i].file[2]),
                                   .has_leap_day = true,
                                   .leap_years_back = rows[i].back};
        int year = year_of_last(&hints, seconds(2000, 3, 5));

        if (year != rows[i].expected)
            fail_msg("row %zu: expected %d, is %d", i, rows[i].expected, year);
    }
}

/* 1/2/2026 and the like, by the time of an archive that shows no order. */
static void test_choose_order(void **state)
{
    static const struct {
        const char *name;
        int32_t file[3];
        enum stamp_order expected;
    } rows[] = {
        {"a", {2026, 1, 2}, ORDER_MONTH_FIRST},
        {"a", {2026, 1, 4}, ORDER_MONTH_FIRST},
        {"a", {2026, 2, 1}, ORDER_DAY_FIRST},
        {"a", {2026, 2, 2}, ORDER_DAY_FIRST},
        {"a", {2026, 1, 20}, ORDER_MONTH_FIRST}, /* the other is to come */
        {"a", {2026, 2, 20}, ORDER_OPEN},
        {"a", {2025, 2, 20}, ORDER_OPEN},
        {"a-20260201.log", {2026, 6, 20}, ORDER_DAY_FIRST},
        {"a-2026-01-02.log", {2026, 6, 20}, ORDER_MONTH_FIRST},
    };
    struct stamp_dates dates = {.any = true};

    (void)state;
    dates.last_s[ORDER_MONTH_FIRST] = seconds(2026, 1, 2);
    dates.last_s[ORDER_DAY_FIRST] = seconds(2026, 2, 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct year_hints hints = {.name = rows[i].name,
                                   .file_time_s =
                                       seconds(rows[i].file[0], rows[i].file[1], rows[i].file[2])};

        if (year_choose_order(&hints, &dates) != rows[i].expected)
            fail_msg("row %zu: expected %s, is %s", i, stamp_order_name(rows[i].expected),
                     stamp_order_name(year_choose_order(&hints, &dates)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choose_order),
        cmocka_unit_test(test_leap_days),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_year_of_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
