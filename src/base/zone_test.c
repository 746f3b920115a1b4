/* zone_test.c: held against localtime_r, and against what is known of odd days. */
#include "base/zone.h"

#include "base/calendar.h"
#include "base/zone_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const names[] = {
    "Asia/Tokyo",       "UTC",
    "Europe/Berlin",    "America/New_York",
    "America/St_Johns", "Asia/Kolkata",
    "Australia/Sydney", "Australia/Lord_Howe",
    "Europe/Dublin",    "Asia/Tehran",
    "Pacific/Apia",     "Africa/Casablanca",
    "America/Nuuk",     "Asia/Gaza",
    "Africa/Monrovia",  "Antarctica/Troll",
    "Etc/GMT-14",       "America/Havana",
};

static struct zone *load(const char *name)
{
    struct error err = {0};
    struct zone *z = zone_load(name, &err);

    if (z == NULL)
        fail_msg("%s", err.text);
    return z;
}

static int64_t seconds(int year, int month, int day, int hour, int minute)
{
    struct civil c = {year, month, day, hour, minute, 0};

    return calendar_seconds(&c);
}

/* What the system says of ${utc_s} in the zone of TZ. */
static int32_t system_offset(int64_t utc_s)
{
    time_t t = (time_t)utc_s;
    struct tm tm;

    assert_non_null(localtime_r(&t, &tm));
    return (int32_t)tm.tm_gmtoff;
}

static void assert_instant(const struct zone *z, int64_t utc_s)
{
    struct zone_span span = zone_span_at(z, utc_s);
    int64_t local_s = utc_s + span.offset_s, back = zone_utc_of_local(z, local_s);

    assert_true(span.from_s <= utc_s && utc_s < span.until_s);
    if (span.offset_s != system_offset(utc_s))
        fail_msg("%s at %lld: %d, the system has %d", zone_name(z), (long long)utc_s, span.offset_s,
                 system_offset(utc_s));
    /* the first of the times that show this */
    assert_true(back <= utc_s && back + zone_span_at(z, back).offset_s == local_s);
}

static void agrees_with_the_system(void **state)
{
    const int64_t until_s = seconds(2100, 1, 1, 0, 0), step_s = 220621;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct zone *z = load(names[i]);

        assert_string_equal(zone_name(z), names[i]);
        assert_int_equal(setenv("TZ", names[i], 1), 0);
        tzset();
        for (int64_t t = 0; t < until_s; t += step_s)
            assert_instant(z, t);
        for (int64_t t = 0; t < until_s; t = zone_span_at(z, t).until_s) {
            assert_instant(z, t);
            assert_instant(z, t - 1);
            assert_instant(z, t + 1);
        }
        for (int64_t year = 2100; year < 12000; year += 97)
            assert_instant(z, year * 31556952 - INT64_C(62167219200) + 15000000);
        zone_free(z);
    }
}

static void spans_hold_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct zone *z = load(names[i]);
        struct zone_span span = zone_span_at(z, INT64_MIN / 4), next;

        assert_true(span.from_s == INT64_MIN);
        for (; span.until_s < seconds(2100, 1, 1, 0, 0); span = next) {
            next = zone_span_at(z, span.until_s);
            assert_true(next.from_s == span.until_s && next.until_s > next.from_s);
            assert_true(zone_span_at(z, next.from_s - 1).until_s == span.until_s);
        }
        span = zone_span_at(z, INT64_MAX);
        assert_true(span.until_s == INT64_MAX);
        zone_free(z);
    }
}

static void odd_local_times(void **state)
{
    static const struct {
        const char *zone;
        int local[5];
        int32_t offset_s; /* of the result */
    } rows[] = {
        {"Asia/Tokyo", {2026, 9, 30, 9, 0}, 32400},
        {"Europe/Berlin", {2026, 3, 29, 1, 59}, 3600},
        {"Europe/Berlin", {2026, 3, 29, 2, 0}, 3600}, /* never shown */
        {"Europe/Berlin", {2026, 3, 29, 2, 59}, 3600},
        {"Europe/Berlin", {2026, 3, 29, 3, 0}, 7200},
        {"Europe/Berlin", {2026, 10, 25, 1, 59}, 7200},
        {"Europe/Berlin", {2026, 10, 25, 2, 0}, 7200}, /* shown twice */
        {"Europe/Berlin", {2026, 10, 25, 2, 59}, 7200},
        {"Europe/Berlin", {2026, 10, 25, 3, 0}, 3600},
        {"Europe/Berlin", {2077, 3, 28, 2, 30}, 3600}, /* by the rule */
        {"Europe/Berlin", {2077, 10, 31, 2, 30}, 7200},
        {"Australia/Lord_Howe", {2026, 10, 4, 2, 15}, 37800},
        {"Pacific/Apia", {2011, 12, 29, 23, 59}, -36000},
        {"Pacific/Apia", {2011, 12, 30, 12, 0}, -36000}, /* a day that never was */
        {"Pacific/Apia", {2011, 12, 31, 0, 0}, 50400},
        {"Pacific/Kwajalein", {1993, 8, 21, 12, 0}, -43200},
        {"Europe/Dublin", {2026, 10, 25, 1, 30}, 3600},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const int *l = rows[i].local;
        struct zone *z = load(rows[i].zone);
        int64_t local_s = seconds(l[0], l[1], l[2], l[3], l[4]);

        assert_int_equal(local_s - zone_utc_of_local(z, local_s), rows[i].offset_s);
        zone_free(z);
    }
}

static void days_begin_where_the_clock_says(void **state)
{
    static const struct {
        const char *zone;
        int day[3];
        int start[5]; /* UTC */
    } rows[] = {
        {"UTC", {2026, 9, 30}, {2026, 9, 30, 0, 0}},
        {"Asia/Tokyo", {2026, 9, 30}, {2026, 9, 29, 15, 0}},
        {"America/New_York", {2026, 3, 8}, {2026, 3, 8, 5, 0}},
        {"America/New_York", {2026, 3, 9}, {2026, 3, 9, 4, 0}},
        {"America/Sao_Paulo", {2018, 11, 4}, {2018, 11, 4, 3, 0}}, /* begins at 01:00 */
        {"America/Toronto", {1919, 3, 31}, {1919, 3, 31, 4, 30}},  /* begins at 00:30 */
        {"America/Havana", {2026, 11, 1}, {2026, 11, 1, 4, 0}},    /* shown twice */
        {"Pacific/Apia", {2011, 12, 31}, {2011, 12, 30, 10, 0}},
        {"Pacific/Apia", {2011, 12, 30}, {2011, 12, 30, 10, 0}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const int *d = rows[i].day, *s = rows[i].start;
        struct zone *z = load(rows[i].zone);
        int64_t day = calendar_days(d[0], d[1], d[2]);
        int64_t start = seconds(s[0], s[1], s[2], s[3], s[4]);

        assert_int_equal(zone_day_start(z, day), start);
        assert_true(zone_day(z, start - 1) < day);
        assert_true(zone_day(z, start) >= day);
        zone_free(z);
    }
}

static void prints_rfc3339(void **state)
{
    static const struct {
        const char *zone; /* NULL: Z */
        int64_t ts_us;
        const char *expected;
    } rows[] = {
        {"Asia/Tokyo", 1790726400000000, "2026-09-30T09:00:00+09:00"},
        {"Asia/Tokyo", 1790726400999999, "2026-09-30T09:00:00+09:00"},
        {"UTC", 0, "1970-01-01T00:00:00+00:00"},
        {"America/St_Johns", 1790726400000000, "2026-09-29T21:30:00-02:30"},
        {"Asia/Tokyo", -2700000000000000, "1884-06-10T09:18:00+09:18"}, /* really 09:18:59 */
        {NULL, 1790726400000000, "2026-09-30T00:00:00Z"},
        {NULL, 1790726400120000, "2026-09-30T00:00:00.12Z"},
        {NULL, 1790726400000001, "2026-09-30T00:00:00.000001Z"},
        {NULL, 1790726400900000, "2026-09-30T00:00:00.9Z"},
        {NULL, -1, "1969-12-31T23:59:59.999999Z"},
        {NULL, 253402300800000000, "+10000-01-01T00:00:00Z"},
        {NULL, -62167219201000000, "-0001-12-31T23:59:59Z"},
        {NULL, -62167219200000000, "0000-01-01T00:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone *z = rows[i].zone == NULL ? NULL : load(rows[i].zone);
        struct buf out = {0};

        zone_append_rfc3339(&out, z, rows[i].ts_us);
        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, rows[i].expected);
        buf_free(&out);
        zone_free(z);
    }
}

static void refuses_what_is_no_zone(void **state)
{
    static const char *const wrong[] = {
        "",
        "Asia/Nowhere",
        "asia/tokyo",
        "../zoneinfo/UTC",
        "/usr/share/zoneinfo/Asia/Tokyo",
        "Asia",
        "Asia/",
        "JST-9",
        "Asia/Tokyo ",
        ":Asia/Tokyo",
        "a\tb",
        ".",
    };
    char name[300];
    struct error err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct buf expected = {0};

        buf_printf(&expected, "unknown time zone '%s'; expected an IANA name such as Asia/Tokyo%c",
                   strcmp(wrong[i], "a\tb") == 0 ? "a?b" : wrong[i], '\0');
        error_clear(&err);
        assert_null(zone_load(wrong[i], &err));
        assert_int_equal(err.code, ERROR_USAGE);
        assert_string_equal(err.text, expected.ptr);
        buf_free(&expected);
    }
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    error_clear(&err);
    assert_null(zone_load(name, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    zone_free(NULL);
}

static bool is_zone(struct slice bytes)
{
    struct error err = {0};
    struct zone *z = zone_parse("X", bytes, &err);

    assert_true(z != NULL || err.code == ERROR_SYNTAX);
    zone_free(z);
    return z != NULL;
}

static void refuses_broken_files(void **state)
{
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    char bytes[10000];
    size_t size;

    (void)state;
    assert_non_null(file);
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(is_zone(slice_of(bytes, size)));
    for (size_t n = 0; n < size; n++)
        assert_false(is_zone(slice_of(bytes, n)));
    bytes[4] = '\0'; /* version 1 has no 64-bit times */
    assert_false(is_zone(slice_of(bytes, size)));
    bytes[4] = '2';
    assert_true(is_zone(slice_of(bytes, size)));
    bytes[0] = 't';
    assert_false(is_zone(slice_of(bytes, size)));
}

/* Two times and types, then the footer; the first block is empty. */
static bool make_zone(const char *footer, char first_type, char leap_seconds)
{
    char head[] =
        "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1";
    char body[] = "\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2\0\1\0\0\0\0\0\0\0\0\x0e\x10\0\0X";
    struct buf file = {0};
    bool ok;

    assert_int_equal(sizeof head, 45);
    buf_append(&file, slice_of(head, 44));
    buf_append(&file, SLICE("\0\0\0\0\0\0X")); /* the one type that the first must have */
    head[31] = leap_seconds;
    head[35] = 2;
    head[39] = 2;
    body[16] = first_type;
    buf_append(&file, slice_of(head, 44));
    buf_append(&file, slice_of(body, sizeof body - 1));
    for (char i = 0; i < leap_seconds; i++)
        buf_append(&file, SLICE("\0\0\0\0\0\0\0\1\0\0\0\1"));
    buf_append_string(&file, footer);
    ok = is_zone(buf_slice(&file));
    buf_free(&file);
    return ok;
}

static void checks_what_a_file_says(void **state)
{
    (void)state;
    assert_true(make_zone("\nX-1\n", 0, 0));
    assert_true(make_zone("\n\n", 1, 0));
    assert_false(make_zone("\nX-1\n", 2, 0)); /* no such type */
    assert_false(make_zone("\nX-1\n", 0, 1)); /* counts leap seconds */
    assert_false(make_zone("X-1\n", 0, 0));
    assert_false(make_zone("\nX-1", 0, 0));
    assert_false(make_zone("\nnonsense\n", 0, 0));
}

/* Write or, with ${text} NULL, remove a file of the folder that stands for /etc. */
static void set_file(const char *folder, const char *name, const char *text)
{
    struct buf path = {0};
    FILE *file;

    buf_printf(&path, "%s/%s%c", folder, name, '\0');
    remove(path.ptr);
    if (text != NULL) {
        file = fopen(path.ptr, "w");
        assert_non_null(file);
        assert_true(fputs(text, file) >= 0);
        fclose(file);
    }
    buf_free(&path);
}

static void finds_the_name_of_the_system(void **state)
{
    static const struct {
        const char *tz, *link, *file, *expected; /* of TZ, localtime, timezone */
    } rows[] = {
        {"Asia/Tokyo", "/usr/share/zoneinfo/UTC", "Europe/Berlin\n", "Asia/Tokyo"},
        {":Asia/Tokyo", NULL, NULL, "Asia/Tokyo"},
        {"/usr/share/zoneinfo/Asia/Tokyo", NULL, NULL, "Asia/Tokyo"},
        {"", "/usr/share/zoneinfo/Asia/Tokyo", NULL, "UTC"},
        {":", NULL, NULL, "UTC"},
        {NULL, "/usr/share/zoneinfo/Asia/Tokyo", "Europe/Berlin\n", "Asia/Tokyo"},
        {NULL, "../usr/share/zoneinfo/America/Indiana/Knox", NULL, "America/Indiana/Knox"},
        {NULL, "/usr/share/zoneinfo/Etc/UTC", NULL, "UTC"},
        {NULL, NULL, "Asia/Tokyo\n", "Asia/Tokyo"},
        {NULL, "/somewhere/else", "Asia/Tokyo", "Asia/Tokyo"},
        {NULL, NULL, "\n", "UTC"},
        {NULL, NULL, NULL, "UTC"},
    };
    char folder[] = "/tmp/kage-zone-test-XXXXXX", found[64];
    struct buf link = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    buf_printf(&link, "%s/localtime%c", folder, '\0');
    for (size_t i = 0; i < COUNT(rows); i++) {
        remove(link.ptr);
        if (rows[i].link != NULL)
            assert_int_equal(symlink(rows[i].link, link.ptr), 0);
        set_file(folder, "timezone", rows[i].file);
        zone_system_name_in(folder, rows[i].tz, found, sizeof found);
        assert_string_equal(found, rows[i].expected);
    }
    set_file(folder, "timezone", NULL);
    remove(link.ptr);
    assert_int_equal(rmdir(folder), 0);
    zone_system_name("Asia/Tokyo", found, 5);
    assert_string_equal(found, "Asia");
    buf_free(&link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_system),
        cmocka_unit_test(spans_hold_together),
        cmocka_unit_test(odd_local_times),
        cmocka_unit_test(days_begin_where_the_clock_says),
        cmocka_unit_test(prints_rfc3339),
        cmocka_unit_test(refuses_what_is_no_zone),
        cmocka_unit_test(refuses_broken_files),
        cmocka_unit_test(checks_what_a_file_says),
        cmocka_unit_test(finds_the_name_of_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
