/* stamp_test.c: times as logs write them. */
#include "format/stamp/stamp.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* RFC 3339 in UTC of ${text} read by ${pattern}; "-" where it is no such time. */
static struct slice read_stamp(const char *pattern, const char *text, struct stamp_clock *clock,
                               struct buf *out)
{
    struct stamp_pattern compiled;
    int64_t us;

    buf_reset(out);
    assert_true(stamp_pattern_of(slice_of_string(pattern), &compiled));
    if (stamp_parse(&compiled, slice_of_string(text), clock, &us))
        zone_append_rfc3339(out, NULL, us);
    else
        buf_append_byte(out, '-');
    return buf_slice(out);
}

static void expect_stamp(const char *pattern, const char *text, struct stamp_clock *clock,
                         const char *expected)
{
    struct buf out = {0};
    struct slice read = read_stamp(pattern, text, clock, &out);

    if (!slice_is(read, expected))
        fail_msg("%s by %s: expected %s, is %.*s", text, pattern, expected, SLICE_FMT(read));
    buf_free(&out);
}

static struct zone *load(const char *name)
{
    struct error err = {0};
    struct zone *zone = zone_load(name, &err);

    assert_non_null(zone);
    return zone;
}

static const struct {
    const char *pattern, *text, *expected;
} stamps[] = {
    /* every part */
    {"%Y-%m-%d %H:%M:%S", "2026-09-30 09:25:05", "2026-09-30T09:25:05Z"},
    {"%y%m%d %H%M%S", "260930 092505", "2026-09-30T09:25:05Z"},
    {"%y-%m-%d %H:%M:%S", "69-01-02 03:04:05", "2069-01-02T03:04:05Z"},
    {"%y-%m-%d %H:%M:%S", "70-01-02 03:04:05", "1970-01-02T03:04:05Z"},
    {"%m/%d/%Y %I:%M:%S %p", "9/3/2026 9:25:05 AM", "2026-09-03T09:25:05Z"},
    {"%m/%d/%Y %I:%M:%S %p", "9/3/2026 9:25:05 pm", "2026-09-03T21:25:05Z"},
    {"%m/%d/%Y %I:%M:%S %p", "9/3/2026 12:00:00 AM", "2026-09-03T00:00:00Z"},
    {"%m/%d/%Y %I:%M:%S %p", "9/3/2026 12:00:00 PM", "2026-09-03T12:00:00Z"},
    {"%m/%d/%Y %I:%M:%S %p", "9/3/2026 0:00:00 AM", "-"},
    {"%m/%d/%Y %I:%M:%S %p", "9/3/2026 13:00:00 PM", "-"},
    {"%m/%d/%Y %I:%M:%S %p", "9/3/2026 9:25:05 XM", "-"},
    {"%d/%b/%Y:%H:%M:%S", "30/sEP/2026:09:25:05", "2026-09-30T09:25:05Z"},
    {"%d/%b/%Y:%H:%M:%S", "30/Sept/2026:09:25:05", "-"},
    {"%a %b %d %H:%M:%S %Y", "Wed Sep 30 09:25:05 2026", "2026-09-30T09:25:05Z"},
    {"%a %b %d %H:%M:%S %Y", "Wed Sep  3 09:25:05 2026", "2026-09-03T09:25:05Z"},
    {"%a, %d %b %Y %H:%M:%S %z", "Wednesday, 30 Sep 2026 09:25:05 +0900", "2026-09-30T00:25:05Z"},
    /* fractions: none, dot, comma, cut at microseconds */
    {"%Y-%m-%d %H:%M:%S%f", "2026-09-30 09:25:05", "2026-09-30T09:25:05Z"},
    {"%Y-%m-%d %H:%M:%S%f", "2026-09-30 09:25:05.5", "2026-09-30T09:25:05.5Z"},
    {"%Y-%m-%d %H:%M:%S%f", "2026-09-30 09:25:05,904", "2026-09-30T09:25:05.904Z"},
    {"%Y-%m-%d %H:%M:%S%f", "2026-09-30 09:25:05.123456789", "2026-09-30T09:25:05.123456Z"},
    {"%Y-%m-%d %H:%M:%S%f", "2026-09-30 09:25:05.12x", "-"},
    /* offsets */
    {"rfc3339", "2026-09-30T09:25:05Z", "2026-09-30T09:25:05Z"},
    {"rfc3339", "2026-09-30T09:25:05.25z", "2026-09-30T09:25:05.25Z"},
    {"rfc3339", "2026-09-30t09:25:05z", "2026-09-30T09:25:05Z"},
    {"rfc3339", "2026-09-30 09:25:05.5+09:00", "2026-09-30T00:25:05.5Z"},
    {"rfc3339", "2026-09-30T09:25:05,1+09", "2026-09-30T00:25:05.1Z"},
    {"rfc3339", "2026-09-30T09:25:05.123456789Z", "2026-09-30T09:25:05.123456Z"},
    {"rfc3339", "2026-09-30T09:25:05+09:00", "2026-09-30T00:25:05Z"},
    {"rfc3339", "2026-09-30T09:25:05-0330", "2026-09-30T12:55:05Z"},
    {"rfc3339", "2026-09-30T09:25:05+09", "2026-09-30T00:25:05Z"},
    {"rfc3339", "2026-09-30T09:25:05 +09:00", "2026-09-30T00:25:05Z"},
    {"rfc3339", "2026-09-30T09:25:05+24:00", "-"},
    {"rfc3339", "2026-09-30T09:25:05+09:60", "-"},
    {"rfc3339", "2026-09-30T09:25:05+9", "-"},
    {"rfc3339", "2026-09-30T09:25:05", "-"},
    {"rfc3339", "2026-09-30T09:25:05Zulu", "-"},
    {"%b %d %Y %H:%M:%S%f%z", "Sep 30 2026 09:25:05 GMT", "2026-09-30T09:25:05Z"},
    {"%b %d %Y %H:%M:%S%f%z", "Sep 30 2026 09:25:05.250 JST", "2026-09-30T00:25:05.25Z"},
    {"%a %b %d %H:%M:%S %z %Y", "Wed Sep 30 09:25:05 UTC 2026", "2026-09-30T09:25:05Z"},
    {"%b %d %Y %H:%M:%S%z", "Sep 30 2026 09:25:05 CST", "-"}, /* China's or Chicago's */
    {"%Y-%m-%d %H:%M:%S%z", "2026-09-30 09:25:05 UTC+09:00", "2026-09-30T00:25:05Z"},
    {"%Y-%m-%d %H:%M:%S%z", "2026-09-30 09:25:05 GMT-0330", "2026-09-30T12:55:05Z"},
    {"%Y-%m-%d %H:%M:%S%z", "2026-09-30 09:25:05 UTC+9", "-"},
    {"%Y-%m-%d %H:%M:%S%z", "2026-09-30 09:25:05 JST+09:00", "-"},
    {"%b %d %Y %H:%M:%S%z", "Sep 30 2026 09:25:05 GM", "-"},
    {"clf", "30/Sep/2026:09:25:05 +0900", "2026-09-30T00:25:05Z"},
    {"clf", "30/Sep/2026:09:25:05.904 +0900", "2026-09-30T00:25:05.904Z"},
    {"clf", "30/Sep/2026:09:25:05", "-"},
    {"syslog", "Wed Sep 30 09:25:05 2026", "2026-09-30T09:25:05Z"},
    {"syslog", "2026 Sep 30 09:25:05", "2026-09-30T09:25:05Z"},
    {"syslog", "2026/09/30 09:25:05", "2026-09-30T09:25:05Z"},
    {"syslog", "Sep 30 2026 09:25:05 JST", "2026-09-30T00:25:05Z"},
    {"syslog", "Sep 30 2026 09:25:05.123 UTC", "2026-09-30T09:25:05.123Z"},
    /* epochs */
    {"unix-seconds", "1790730012", "2026-09-30T01:00:12Z"},
    {"unix-seconds", "1790730012.049", "2026-09-30T01:00:12.049Z"},
    {"unix-seconds", "0", "1970-01-01T00:00:00Z"},
    {"unix-seconds", "253402214399", "9999-12-30T23:59:59Z"},
    {"unix-seconds", "253402214400", "-"},
    {"unix-seconds", "99999999999999999999", "-"},
    {"unix-seconds", "-1", "-"},
    {"unix-seconds", "", "-"},
    {"unix-seconds", " 1790730012", "-"},
    {"unix", "1790730012", "2026-09-30T01:00:12Z"},
    {"unix", "1790730012.049", "2026-09-30T01:00:12.049Z"},
    {"unix", "1790730012049", "2026-09-30T01:00:12.049Z"},
    {"unix", "1790730012049.125", "2026-09-30T01:00:12.049125Z"}, /* of a millisecond */
    {"unix", "1790730012049001.9", "2026-09-30T01:00:12.049001Z"},
    {"unix-millis", "1790730012049,5", "2026-09-30T01:00:12.0495Z"},
    {"unix-nanos", "1790730012049001999.9", "2026-09-30T01:00:12.049001Z"},
    {"filetime", "134352036120490019", "2026-09-30T01:00:12.049001Z"},
    {"filetime", "116444736000000000", "1970-01-01T00:00:00Z"},
    {"filetime", "116444735990000000", "1969-12-31T23:59:59Z"},
    {"filetime", "0", "-"},
    {"filetime", "9223372036854775807", "-"}, /* never */
    {"filetime", "9223372036854775808", "-"},
    {"/Date(%3)/", "/Date(1790730012049)/", "2026-09-30T01:00:12.049Z"},
    {"/Date(%3%z)/", "/Date(1790730012049+0900)/", "2026-09-30T01:00:12.049Z"},
    {"unix", "1790730012049001", "2026-09-30T01:00:12.049001Z"},
    {"unix", "1790730012049001999", "2026-09-30T01:00:12.049001Z"},
    {"unix-millis", "1790730012049", "2026-09-30T01:00:12.049Z"},
    {"unix-micros", "1790730012049001", "2026-09-30T01:00:12.049001Z"},
    {"unix-nanos", "1790730012049001999", "2026-09-30T01:00:12.049001Z"},
    {"unix-nanos", "9999999999999999999", "-"},
    {"unix-nanos", "17907300120490019999", "-"},
    /* dates and times that do not exist, and a second that does */
    {"%Y-%m-%d %H:%M:%S", "2026-02-29 00:00:00", "-"},
    {"%Y-%m-%d %H:%M:%S", "2024-02-29 00:00:00", "2024-02-29T00:00:00Z"},
    {"%Y-%m-%d %H:%M:%S", "2026-13-01 00:00:00", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-00-01 00:00:00", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-04-31 00:00:00", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-04-00 00:00:00", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-04-01 24:00:01", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-04-01 25:00:00", "-"},
    {"%Y-%m-%d %H:%M:%S%f", "2026-04-01 24:00:00.1", "-"},
    {"%Y-%m-%d %I:%M:%S %p", "2026-04-01 24:00:00 PM", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-04-01 00:60:00", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-04-01 00:00:61", "-"},
    {"%Y-%m-%d %H:%M:%S", "2016-12-31 23:59:60", "2016-12-31T23:59:59Z"},
    {"%Y-%m-%d %H:%M:%S%f", "2016-12-31 23:59:60.25", "2016-12-31T23:59:59.25Z"},
    {"rfc3339", "2017-01-01T08:59:60+09:00", "2016-12-31T23:59:59Z"},
    /* a day's own end */
    {"%Y-%m-%d %H:%M:%S", "2026-12-31 24:00:00", "2027-01-01T00:00:00Z"},
    {"rfc3339", "2026-02-28T24:00:00.000+09:00", "2026-02-28T15:00:00Z"},
    /* before 1970 */
    {"%Y-%m-%d %H:%M:%S%f", "1969-12-31 23:59:59.5", "1969-12-31T23:59:59.5Z"},
    {"rfc3339", "1970-01-01T00:00:00+09:00", "1969-12-31T15:00:00Z"},
    /* beyond 2038 and 2106, where seconds outgrow 31 and 32 bits */
    {"%Y/%m/%d %H:%M:%S", "2038/01/19 3:14:08", "2038-01-19T03:14:08Z"},
    {"%Y/%m/%d %H:%M:%S", "2106/02/07 06:28:16", "2106-02-07T06:28:16Z"},
    {"unix-seconds", "4294967296.5", "2106-02-07T06:28:16.5Z"},
    {"clf", "30/Sep/2100:09:25:05 +0900", "2100-09-30T00:25:05Z"},
    /* as Windows shows them in Japan, Germany, Britain, Spain, and in America of late */
    {"%Y/%m/%d %H:%M:%S", "2026/01/02 15:04:05", "2026-01-02T15:04:05Z"},
    {"%Y/%m/%d %p %I:%M:%S", "2026/01/02 午後 3:04:05", "2026-01-02T15:04:05Z"},
    {"%Y/%m/%d %p%I:%M:%S", "2026/01/02 午前0:04:05", "2026-01-02T00:04:05Z"},
    {"%Y/%m/%d %p%I:%M:%S", "2026/01/02 午後0:04:05", "2026-01-02T12:04:05Z"},
    {"%Y/%m/%d %p%I:%M:%S", "2026/01/02 午後12:04:05", "2026-01-02T12:04:05Z"},
    {"%Y/%m/%d %p%I:%M:%S", "2026/01/02 午後13:04:05", "-"},
    {"%Y/%m/%d %p%I:%M:%S", "2026/01/02 午夜1:04:05", "-"},
    {"%Y年%m月%d日 %H時%M分%S秒", "2026年1月2日 15時04分05秒", "2026-01-02T15:04:05Z"},
    {"%Y年%m月%d日(%a) %H:%M:%S", "2026年1月2日(金) 15:04:05", "2026-01-02T15:04:05Z"},
    {"%Y/%m/%d %H:%M:%S",
     "2026/01/02\xe3\x80\x80"
     "15:04:05",
     "2026-01-02T15:04:05Z"},
    {"%Y/%m/%d %H:%M:%S", "2026/01/02\xe3\x80 15:04:05", "-"},
    {"%d.%m.%Y %H:%M:%S", "02.01.2026 15:04:05", "2026-01-02T15:04:05Z"},
    {"%d/%m/%Y %H:%M:%S", "02/01/2026 15:04:05", "2026-01-02T15:04:05Z"},
    {"%d/%m/%Y %I:%M:%S %p", "2/1/2026 3:04:05 p. m.", "2026-01-02T15:04:05Z"},
    {"%d/%m/%Y %I:%M:%S %p", "2/1/2026 3:04:05 a.m.", "2026-01-02T03:04:05Z"},
    {"%d/%m/%Y %I:%M:%S %p", "2/1/2026 3:04:05 p.", "-"},
    {"%m/%d/%Y %I:%M:%S %p", "1/2/2026 3:04:05\xe2\x80\xafPM", "2026-01-02T15:04:05Z"},
    {"%m/%d/%Y %I:%M:%S %p", "1/2/2026 3:04:05 P", "-"},
    {"%m/%d/%Y %I:%M:%S %p", "1/2/2026 3:04:05 ", "-"},
    /* others' */
    {"%a, %d %b %Y %H:%M:%S %z", "Sun, 29 Nov 2026 01:02:03 GMT", "2026-11-29T01:02:03Z"},
    {"%d %B %Y %H:%M:%S", "29 November 2026 01:02:03", "2026-11-29T01:02:03Z"},
    {"%d %B %Y %H:%M:%S", "29 SEPT 2026 01:02:03", "2026-09-29T01:02:03Z"},
    {"%d %B %Y %H:%M:%S", "29 May 2026 01:02:03", "2026-05-29T01:02:03Z"},
    {"%d %B %Y %H:%M:%S", "29 Novembre 2026 01:02:03", "-"},
    {"%B %d, %Y %H:%M:%S", "Juny 2, 2026 01:02:03", "-"},
    {"%Y%m%dT%H%M%S%f%z", "20261129T010203Z", "2026-11-29T01:02:03Z"},
    {"%Y%m%dT%H%M%S%f%z", "20261129T010203.5+0900", "2026-11-28T16:02:03.5Z"},
    {"%Y%m%d%H%M%S%f%Z", "20261129010203.0", "2026-11-29T01:02:03Z"}, /* LDAP, before its Z */
    /* text that is more, less or other than the pattern */
    {"%Y-%m-%d %H:%M:%S", "2026-09-30 09:25:05 ", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-09-30 09:25", "-"},
    {"%Y-%m-%d %H:%M:%S", "2026-09-30   09:25:05", "2026-09-30T09:25:05Z"},
    {"%Y-%m-%d %H:%M:%S", "226-09-30 09:25:05", "-"},
    {"%H:%M:%S", "09:25:05", "-"}, /* no date at all */
    /* alternatives, the first that fits */
    {"%Y-%m-%d %H:%M:%S|%d-%b-%Y %H:%M:%S%f", "30-Sep-2026 09:25:05.1", "2026-09-30T09:25:05.1Z"},
    {"%Y-%m-%d %H:%M:%S|%d-%b-%Y %H:%M:%S%f", "2026-09-30 09:25:05", "2026-09-30T09:25:05Z"},
    {"%Y-%m-%d %H:%M:%S|%d-%b-%Y %H:%M:%S%f", "30/Sep/2026 09:25:05", "-"},
};

static void test_parts(void **state)
{
    struct zone *utc = load("UTC");

    (void)state;
    for (size_t i = 0; i < COUNT(stamps); i++) {
        struct stamp_clock clock = {.zone = utc, .year = 2026};

        expect_stamp(stamps[i].pattern, stamps[i].text, &clock, stamps[i].expected);
    }
    zone_free(utc);
}

static void test_patterns(void **state)
{
    static const struct {
        const char *text;
        bool ok, year, zone;
    } rows[] = {
        {"rfc3339", true, true, true},
        {"clf", true, true, true},
        {"unix-seconds", true, true, true},
        {"unix-nanos", true, true, true},
        {"syslog", true, false, false},
        {"%Y-%m-%d %H:%M:%S", true, true, false},
        {"%b %d %H:%M:%S %z", true, false, true},
        {"%s|%Y-%m-%d %H:%M:%S", true, true, false},
        {"%Y-%m-%dT%H:%M:%S%z|%b %d %H:%M:%S%z", true, false, true},
        {"", false, false, false},
        {"unixtime", false, false, false},
        {"%Y-%q", false, false, false},
        {"%Y||%s", false, false, false},
        {"%Y|unix-seconds", false, false, false}, /* names stand for whole patterns only */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stamp_pattern pattern;

        if (stamp_pattern_of(slice_of_string(rows[i].text), &pattern) != rows[i].ok)
            fail_msg("pattern '%s'", rows[i].text);
        else if (rows[i].ok &&
                 (pattern.has_year != rows[i].year || pattern.has_zone != rows[i].zone))
            fail_msg("pattern '%s': year %d, zone %d", rows[i].text, pattern.has_year,
                     pattern.has_zone);
    }
}

/* A pattern with a NUL behind the percent sign is none. */
static void test_pattern_with_nul(void **state)
{
    struct stamp_pattern pattern;

    (void)state;
    assert_false(stamp_pattern_of(SLICE("%Y%\0"), &pattern));
}

/* Stamps without a year, one after the other through one clock. */
static void test_years(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"Dec 30 12:00:00", "2026-12-30T12:00:00Z"},
        {"Dec 31 23:59:59", "2026-12-31T23:59:59Z"},
        {"Jan  1 00:00:00", "2027-01-01T00:00:00Z"}, /* a year's end */
        {"Dec 31 23:59:58", "2026-12-31T23:59:58Z"}, /* a little late */
        {"Jan  1 00:00:01", "2027-01-01T00:00:01Z"},
        {"Feb 29 00:00:00", "-"}, /* not in 2027; leaves no trace */
        {"Jan 31 00:00:00", "2027-01-31T00:00:00Z"},
        {"Jun 30 00:00:00", "2027-06-30T00:00:00Z"},
        {"Jan  2 00:00:00", "2027-01-02T00:00:00Z"}, /* 179 days back: the same year */
        {"Jul  1 00:00:00", "2027-07-01T00:00:00Z"}, /* 180 days on */
        {"Jan  1 23:59:59", "2028-01-01T23:59:59Z"}, /* over 180 days back: the next year */
        {"Feb 29 12:00:00", "2028-02-29T12:00:00Z"},
        {"2020-03-01T00:00:00Z", "2020-03-01T00:00:00Z"}, /* has a year: says nothing of others */
        {"Mar  1 00:00:00", "2028-03-01T00:00:00Z"},
        {"Mar  2 2019 00:00:00", "2019-03-02T00:00:00Z"},
        {"Mar  3 00:00:00.5", "2028-03-03T00:00:00.5Z"},
    };
    struct zone *utc = load("UTC");
    struct stamp_clock clock = {.zone = utc, .year = 2026};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_stamp("syslog", rows[i].text, &clock, rows[i].expected);
    assert_int_equal(clock.year, 2028);
    zone_free(utc);
}

static void test_zones(void **state)
{
    static const struct {
        const char *zone, *text, *expected;
    } rows[] = {
        {"Asia/Tokyo", "2026-09-30 09:25:05", "2026-09-30T00:25:05Z"},
        {"Asia/Tokyo", "2026-10-01 08:59:59", "2026-09-30T23:59:59Z"},
        /* clocks jump from 02:00 to 03:00: the offset before the jump is used */
        {"America/New_York", "2026-03-08 01:59:59", "2026-03-08T06:59:59Z"},
        {"America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00Z"},
        {"America/New_York", "2026-03-08 03:00:00", "2026-03-08T07:00:00Z"},
        /* and back from 02:00 to 01:00: the first of both */
        {"America/New_York", "2026-11-01 00:59:59", "2026-11-01T04:59:59Z"},
        {"America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z"},
        {"America/New_York", "2026-11-01 02:00:00", "2026-11-01T07:00:00Z"},
        {"America/New_York", "2026-07-01 12:00:00", "2026-07-01T16:00:00Z"},
        {"America/New_York", "2026-01-01 12:00:00", "2026-01-01T17:00:00Z"},
    };
    static const char *const before[] = {"2026-03-07 12:00:00", "2026-07-07 12:00:00",
                                         "2025-12-31 12:00:00"};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < COUNT(before); k++) { /* what the clock saw before does not show */
            struct zone *zone = load(rows[i].zone);
            struct stamp_clock clock = {.zone = zone};
            struct buf out = {0};

            read_stamp("%Y-%m-%d %H:%M:%S", before[k], &clock, &out);
            buf_free(&out);
            expect_stamp("%Y-%m-%d %H:%M:%S", rows[i].text, &clock, rows[i].expected);
            zone_free(zone);
        }
}

/* Clock times that summer time leaves out are read as if it had not begun; of those that come twice
 * the first is taken. */
static void test_summer_time(void **state)
{
    static const struct {
        const char *zone, *local, *expected;
    } cases[] = {
        {"America/New_York", "2026-03-08 01:59:59", "2026-03-08T06:59:59Z"},
        {"America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00Z"},
        {"America/New_York", "2026-03-08 03:00:00", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-11-01 01:30:00", "2026-11-01T05:30:00Z"},
        {"America/New_York", "2026-11-01 02:00:00", "2026-11-01T07:00:00Z"},
        {"Asia/Tokyo", "2050-07-01 00:00:00", "2050-06-30T15:00:00Z"},
        {"Europe/Berlin", "2050-07-01 00:00:00", "2050-06-30T22:00:00Z"},
    };
    struct stamp_pattern pattern;
    struct buf text = {0};

    (void)state;
    assert_true(stamp_pattern_of(SLICE("%Y-%m-%d %H:%M:%S"), &pattern));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zone *zone = load(cases[i].zone);
        struct stamp_clock clock = {.zone = zone};
        int64_t us = 0;

        assert_true(stamp_parse(&pattern, slice_of_string(cases[i].local), &clock, &us));
        buf_reset(&text);
        zone_append_rfc3339(&text, NULL, us);
        if (!slice_is(slice_of(text.ptr, text.len), cases[i].expected))
            fail_msg("%s %s: expected %s, is %.*s", cases[i].zone, cases[i].local,
                     cases[i].expected, (int)text.len, text.ptr);
        zone_free(zone);
    }
    buf_free(&text);
}

/* Dates that may be read in two orders, one after the other through one clock: what is read, and
 * what they have shown by then. */
static void test_orders(void **state)
{
    static const char pattern[] = "%m/%d/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S|%d.%m.%Y %H:%M:%S";
    static const struct {
        enum stamp_order said;
        const char *text[3], *expected[3];
        enum stamp_order shown;
        bool any;
    } rows[] = {
        /* as the definition says, until there is more */
        {ORDER_OPEN, {"1/2/2026 00:00:00"}, {"2026-01-02T00:00:00Z"}, ORDER_OPEN, true},
        {ORDER_DAY_FIRST, {"1/2/2026 00:00:00"}, {"2026-02-01T00:00:00Z"}, ORDER_OPEN, true},
        {ORDER_MONTH_FIRST, {"1/2/2026 00:00:00"}, {"2026-01-02T00:00:00Z"}, ORDER_OPEN, true},
        /* days that are no months */
        {ORDER_OPEN, {"1/13/2026 00:00:00"}, {"2026-01-13T00:00:00Z"}, ORDER_MONTH_FIRST, false},
        {ORDER_OPEN, {"13/1/2026 00:00:00"}, {"2026-01-13T00:00:00Z"}, ORDER_DAY_FIRST, false},
        {ORDER_MONTH_FIRST, {"13/1/2026 00:00:00"}, {"-"}, ORDER_OPEN, false},
        {ORDER_DAY_FIRST, {"1/13/2026 00:00:00"}, {"-"}, ORDER_OPEN, false},
        {ORDER_OPEN,
         {"1/13/2026 00:00:00", "13/1/2026 00:00:00"},
         {"2026-01-13T00:00:00Z", "2026-01-13T00:00:00Z"},
         ORDER_MONTH_FIRST,
         false},
        /* a night that goes on */
        {ORDER_OPEN,
         {"1/2/2026 23:59:59", "1/3/2026 00:00:00"},
         {"2026-01-02T23:59:59Z", "2026-01-03T00:00:00Z"},
         ORDER_MONTH_FIRST,
         true},
        {ORDER_OPEN,
         {"2/1/2026 23:59:59", "3/1/2026 00:00:00"},
         {"2026-02-01T23:59:59Z", "2026-03-01T00:00:00Z"},
         ORDER_DAY_FIRST,
         true},
        {ORDER_OPEN,
         {"1/1/2026 23:59:59", "2/1/2026 00:00:00", "1/2/2026 00:00:00"},
         {"2026-01-01T23:59:59Z", "2026-02-01T00:00:00Z", "2026-01-02T00:00:00Z"},
         ORDER_DAY_FIRST,
         true},
        {ORDER_OPEN,
         {"2/1/2026 00:00:00", "2/1/2026 23:59:59", "3/1/2026 00:00:00"},
         {"2026-02-01T00:00:00Z", "2026-02-01T23:59:59Z", "2026-03-01T00:00:00Z"},
         ORDER_DAY_FIRST,
         true}, /* after a whole day */
        /* a gap tells nothing, nor does the same day */
        {ORDER_OPEN,
         {"2/1/2026 06:00:00", "3/1/2026 18:00:00"},
         {"2026-02-01T06:00:00Z", "2026-03-01T18:00:00Z"},
         ORDER_OPEN,
         true},
        {ORDER_OPEN,
         {"2/1/2026 06:00:00", "2/1/2026 18:00:00"},
         {"2026-02-01T06:00:00Z", "2026-02-01T18:00:00Z"},
         ORDER_OPEN,
         true},
        /* what has one order in the pattern has it whatever is said */
        {ORDER_MONTH_FIRST, {"2.1.2026 06:00:00"}, {"2026-01-02T06:00:00Z"}, ORDER_OPEN, false},
    };
    struct zone *utc = load("UTC");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stamp_clock clock = {.zone = utc, .order = rows[i].said};

        for (size_t k = 0; k < 3 && rows[i].text[k] != NULL; k++)
            expect_stamp(pattern, rows[i].text[k], &clock, rows[i].expected[k]);
        if (clock.dates.shown != rows[i].shown || clock.dates.any != rows[i].any)
            fail_msg("row %zu: order %d shown, any %d", i, clock.dates.shown, clock.dates.any);
    }
    zone_free(utc);
}

/* A text of that shape; now and then a digit is none. */
static void fill(const char *shape, uint32_t *seed, char text[64])
{
    for (; *shape != '\0'; shape++, text++) {
        *seed = *seed * 1664525U + 1013904223U;
        *text = *shape;
        if (*shape == '#' && (*seed >> 16) % 400 == 0)
            *text = 'x';
        else if (*shape == '#')
            *text = (char)('0' + (*seed >> 24) % 10);
    }
    *text = '\0';
}

/* ${clock}, which remembers, gives what one gives that does not. */
static void expect_same(const struct stamp_pattern *pattern, struct stamp_clock *clock,
                        const char *text)
{
    struct stamp_clock fresh = *clock;
    int64_t got = 0, expected = 0;
    bool ok;

    memset(fresh.memos, 0, sizeof fresh.memos);
    ok = stamp_parse(pattern, slice_of_string(text), &fresh, &expected);
    if (stamp_parse(pattern, slice_of_string(text), clock, &got) != ok || got != expected ||
        clock->year != fresh.year || clock->last_local_s != fresh.last_local_s)
        fail_msg("%.*s: %s: expected %lld, is %lld", SLICE_FMT(pattern->text), text,
                 (long long)expected, (long long)got);
}

/* A clock that remembers the stamp before gives what one gives that reads each anew. */
static void test_memory(void **state)
{
    static const struct {
        const char *pattern, *text; /* # stands for a digit */
    } shapes[] = {
        {"clf", "30/Sep/2026:09:2#:## +0900"},
        {"%Y-%m-%d %H:%M:%S%f", "2026-03-29 0#:5#:##.#"},
        {"%Y-%m-%d %H:%M:%S%f", "2026-10-25 0#:5#:##.###"},
        {"%d-%b-%Y %H:%M:%S%f|%Y-%m-%dT%H:%M:%S%f|%Y-%m-%dT%H:%M:%S%f%z",
         "2026-09-30T09:00:##.##Z"},
        {"syslog", "Sep 30 09:0#:##"},
        {"syslog", "2026-09-30T09:0#:##+09:00"},
        {"%m/%d/%Y %I:%M:%S %p", "9/30/2026 1#:0#:## PM"},
        {"%m/%d/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S", "1#/1#/2026 10:0#:##"},
        {"%Y-%m-%d %H:%M:%S%f", "2026-03-29 24:00:0#"},
        {"%H:%S:%M %Y-%m-%d|%H:%M:%S %Y-%m-%d", "09:#0:## 2026-09-30"},
        {"%S.%f", "##.5"},
        {"%Y/%m/%d %H:%M:%S%Z", "2026/11/29 ##:##:##"},
        {"%Y-%m-%d %H:%M:%S%f", "2026-06-15 ##:#5:##.##"},
        {"%Y-%m-%d %H:%M:%S%f", "2026-03-2# ##:00:0#"},
        {"syslog", "Dec 31 ##:#0:0#"},
        {"%b %d %H-%M-%S", "Jan  # 1#-0#-##"},
        {"%H:%y:%S %M %m/%d", "09:2#:## 00 09/30"},
    };
    struct zone *zone = load("Europe/Berlin");
    uint32_t seed = 3;
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct stamp_clock clock = {.zone = zone, .year = 2026};
        struct stamp_pattern pattern;

        assert_true(stamp_pattern_of(slice_of_string(shapes[i].pattern), &pattern));
        for (int round = 0; round < 3000; round++) {
            fill(shapes[i].text, &seed, text);
            expect_same(&pattern, &clock, text);
        }
    }
    zone_free(zone);
}

/* The same where stamps of two or three patterns take turns, around the end of a year. */
static void test_memory_in_turn(void **state)
{
    static const char *const texts[] = {"Dec 31 2#:5#:##", "Jan  1 0#:0#:##",
                                        "2026-12-31 23:##:##"};
    static const char *const names[] = {"%b %d %H:%M:%S", "%b  %d %H:%M:%S", "%Y-%m-%d %H:%M:%S"};
    struct zone *zone = load("Asia/Tokyo");
    struct stamp_clock clock = {.zone = zone, .year = 2026};
    struct stamp_pattern patterns[3];
    uint32_t seed = 5;
    char text[64];

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_true(stamp_pattern_of(slice_of_string(names[i]), &patterns[i]));
    for (int round = 0; round < 3000; round++) {
        size_t i = (size_t)round * 7 % 11 % 3;

        fill(texts[i], &seed, text);
        expect_same(&patterns[i], &clock, text);
    }
    zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_memory_in_turn),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_summer_time),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_pattern_with_nul),
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
