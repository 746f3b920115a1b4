/* zone_rule_test.c: POSIX TZ strings as they stand in footers. */
#include "base/calendar.h"
#include "base/zone_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void reads_offsets(void **state)
{
    static const struct {
        const char *text;
        int32_t standard_s, daylight_s; /* daylight 0: none */
    } rows[] = {
        {"JST-9", 32400, 0},
        {"<+09>-9", 32400, 0},
        {"<-0330>3:30", -12600, 0},
        {"X-1:02:03", 3723, 0},
        {"X+1", -3600, 0},
        {"X24:59:59", -89999, 0},
        {"EST5EDT,M3.2.0,M11.1.0", -18000, -14400},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37800, 39600},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0},
        {"X3Y,J1,J365", -10800, -7200},
        {"X3Y,0/-167,365/167:59:59", -10800, -7200},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone_rule rule;

        assert_true(zone_rule_parse(slice_of_string(rows[i].text), &rule));
        assert_true(rule.given);
        assert_int_equal(rule.standard_s, rows[i].standard_s);
        assert_int_equal(rule.daylight_s, rows[i].daylight_s);
    }
}

static void refuses_what_is_no_rule(void **state)
{
    static const char *const rows[] = {
        "X",
        "9",
        "-9",
        "<+09-9",
        "<>-9",
        "X25",
        "X-25",
        "X1Y25,J1,J2",
        "X1:60",
        "X1:00:60",
        "X1:",
        "X1Y",
        "X1Y,",
        "X1Y,M1.1.0",
        "X1Y,M1.1.0,",
        "X1Y,M13.1.0,M2.1.0",
        "X1Y,M0.1.0,M2.1.0",
        "X1Y,M1.6.0,M2.1.0",
        "X1Y,M1.0.0,M2.1.0",
        "X1Y,M1.1.7,M2.1.0",
        "X1Y,J0,J5",
        "X1Y,J366,J5",
        "X1Y,366,5",
        "X1Y,M1.1.0/168,M2.1.0",
        "X1Y,M1.1.0,M2.1.0 ",
        "X1 ",
        "X1Y2Z,J1,J2",
        "X99999999999999999999",
        "X1Y,M1.1,M2.1.0",
    };
    struct zone_rule rule;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (zone_rule_parse(slice_of_string(rows[i]), &rule))
            fail_msg("accepted: %s", rows[i]);
    assert_true(zone_rule_parse(SLICE(""), &rule));
    assert_false(rule.given);
}

static int64_t utc(const int *t)
{
    struct civil c = {t[0], t[1], t[2], t[3], t[4], 0};

    return calendar_seconds(&c);
}

static void knows_when_daylight_saving_begins_and_ends(void **state)
{
    static const struct {
        const char *text;
        int at[5], from[5], until[5]; /* all UTC */
        int32_t offset_s;
    } rows[] = {
        {"CET-1CEST,M3.5.0,M10.5.0/3",
         {2050, 7, 1, 0, 0},
         {2050, 3, 27, 1, 0},
         {2050, 10, 30, 1, 0},
         7200},
        {"CET-1CEST,M3.5.0,M10.5.0/3",
         {2050, 12, 31, 23, 59},
         {2050, 10, 30, 1, 0},
         {2051, 3, 26, 1, 0},
         3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3",
         {2051, 1, 1, 0, 0},
         {2050, 10, 30, 1, 0},
         {2051, 3, 26, 1, 0},
         3600},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3",
         {2050, 1, 1, 0, 0},
         {2049, 10, 2, 16, 0},
         {2050, 4, 2, 16, 0},
         39600},
        {"IST-1GMT0,M10.5.0,M3.5.0/1",
         {2050, 1, 1, 0, 0},
         {2049, 10, 31, 1, 0},
         {2050, 3, 27, 1, 0},
         0},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
         {2050, 7, 1, 0, 0},
         {2050, 3, 27, 1, 0},
         {2050, 10, 30, 1, 0},
         -3600},
        {"X0Y,J60,J300", {2052, 5, 1, 0, 0}, {2052, 3, 1, 2, 0}, {2052, 10, 27, 1, 0}, 3600},
        {"X0Y,J60,J300", {2051, 5, 1, 0, 0}, {2051, 3, 1, 2, 0}, {2051, 10, 27, 1, 0}, 3600},
        {"X0Y,59,299", {2052, 5, 1, 0, 0}, {2052, 2, 29, 2, 0}, {2052, 10, 26, 1, 0}, 3600},
        {"X0Y,M2.5.4,M12.5.6", {2052, 5, 1, 0, 0}, {2052, 2, 29, 2, 0}, {2052, 12, 28, 1, 0}, 3600},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone_rule rule;
        struct zone_span span;

        assert_true(zone_rule_parse(slice_of_string(rows[i].text), &rule));
        span = zone_rule_span(&rule, INT64_MIN, 12345, utc(rows[i].at));
        assert_int_equal(span.from_s, utc(rows[i].from));
        assert_int_equal(span.until_s, utc(rows[i].until));
        assert_int_equal(span.offset_s, rows[i].offset_s);
    }
}

static void begins_behind_the_table(void **state)
{
    static const int at[] = {2050, 1, 1, 0, 0}, table_end[] = {2049, 12, 1, 0, 0},
                     start[] = {2050, 3, 27, 1, 0};
    struct zone_rule rule;
    struct zone_span span;

    (void)state;
    assert_true(zone_rule_parse(SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), &rule));
    span = zone_rule_span(&rule, utc(table_end), 777, utc(at));
    assert_int_equal(span.from_s, utc(table_end));
    assert_int_equal(span.until_s, utc(start));
    assert_int_equal(span.offset_s, 777);
    assert_true(zone_rule_parse(SLICE("JST-9"), &rule));
    span = zone_rule_span(&rule, 5, 777, utc(at));
    assert_true(span.from_s == 5 && span.until_s == INT64_MAX && span.offset_s == 32400);
    assert_true(zone_rule_parse(SLICE(""), &rule));
    span = zone_rule_span(&rule, 5, 777, utc(at));
    assert_true(span.from_s == 5 && span.until_s == INT64_MAX && span.offset_s == 777);
}

/* The end of a year's daylight saving is the start of the next. */
static void daylight_saving_may_last_all_year(void **state)
{
    static const int at[] = {2051, 1, 1, 0, 0};
    struct zone_rule rule;

    (void)state;
    assert_true(zone_rule_parse(SLICE("EST5EDT,0/0,J365/25"), &rule));
    for (int64_t t = utc(at) - 86400; t < utc(at) + 86400; t += 900)
        assert_int_equal(zone_rule_span(&rule, INT64_MIN, 0, t).offset_s, -14400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_offsets),
        cmocka_unit_test(refuses_what_is_no_rule),
        cmocka_unit_test(knows_when_daylight_saving_begins_and_ends),
        cmocka_unit_test(begins_behind_the_table),
        cmocka_unit_test(daylight_saving_may_last_all_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
