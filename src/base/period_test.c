/* period_test.c: every form, in a zone where days are not all alike. */
#include "base/period.h"

#include "base/calendar.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum {
    NOW_S = 1790726400
}; /* 2026-09-30T00:00:00Z: 09:00 in Tokyo, the evening before in New York */

/* Both ends as RFC 3339 in the zone, joined by a blank. */
static void print_period(const struct period *p, const struct zone *z, struct buf *out)
{
    zone_append_rfc3339(out, z, p->from_s * MICROSECONDS_PER_SECOND);
    buf_append_byte(out, ' ');
    zone_append_rfc3339(out, z, p->until_s * MICROSECONDS_PER_SECOND);
    buf_append_byte(out, '\0');
}

static void reads_every_form(void **state)
{
    static const struct {
        const char *zone, *text, *expected;
    } rows[] = {
        {"Asia/Tokyo", "2026-09-30T08:15:59+09:00",
         "2026-09-30T08:15:59+09:00 2026-09-30T08:15:59+09:00"},
        {"Asia/Tokyo", "2026-09-30T08:15:59Z",
         "2026-09-30T17:15:59+09:00 2026-09-30T17:15:59+09:00"},
        {"Asia/Tokyo", "2026-09-30t08:15:59.987z",
         "2026-09-30T17:15:59+09:00 2026-09-30T17:15:59+09:00"},
        {"Asia/Tokyo", "2026-09-30 08:15:59-02:30",
         "2026-09-30T19:45:59+09:00 2026-09-30T19:45:59+09:00"},
        {"Asia/Tokyo", "2026-09-30 08:15", "2026-09-30T08:15:00+09:00 2026-09-30T08:15:00+09:00"},
        {"Asia/Tokyo", "2026-09-30", "2026-09-30T00:00:00+09:00 2026-10-01T00:00:00+09:00"},
        {"Asia/Tokyo", "2026-12-31", "2026-12-31T00:00:00+09:00 2027-01-01T00:00:00+09:00"},
        {"Asia/Tokyo", "2024-02-29", "2024-02-29T00:00:00+09:00 2024-03-01T00:00:00+09:00"},
        {"Asia/Tokyo", "2026-12", "2026-12-01T00:00:00+09:00 2027-01-01T00:00:00+09:00"},
        {"Asia/Tokyo", "2024-02", "2024-02-01T00:00:00+09:00 2024-03-01T00:00:00+09:00"},
        {"Asia/Tokyo", "2026", "2026-01-01T00:00:00+09:00 2027-01-01T00:00:00+09:00"},
        {"Asia/Tokyo", "today", "2026-09-30T00:00:00+09:00 2026-10-01T00:00:00+09:00"},
        {"Asia/Tokyo", "yesterday", "2026-09-29T00:00:00+09:00 2026-09-30T00:00:00+09:00"},
        {"America/New_York", "today", "2026-09-29T00:00:00-04:00 2026-09-30T00:00:00-04:00"},
        {"Asia/Tokyo", "1d", "2026-09-30T00:00:00+09:00 2026-10-01T00:00:00+09:00"},
        {"Asia/Tokyo", "7d", "2026-09-24T00:00:00+09:00 2026-10-01T00:00:00+09:00"},
        {"Asia/Tokyo", "36h", "2026-09-28T21:00:00+09:00 2026-09-30T09:00:00+09:00"},
        {"America/New_York", "2026-03-08", /* 23 hours */
         "2026-03-08T00:00:00-05:00 2026-03-09T00:00:00-04:00"},
        {"America/New_York", "2026-11-01", /* 25 hours */
         "2026-11-01T00:00:00-04:00 2026-11-02T00:00:00-05:00"},
        {"America/New_York", "2026", "2026-01-01T00:00:00-05:00 2027-01-01T00:00:00-05:00"},
        {"America/New_York", "2026-11-01T01:30", /* the first of two */
         "2026-11-01T01:30:00-04:00 2026-11-01T01:30:00-04:00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct zone *z = zone_load(rows[i].zone, &err);
        struct period period;
        struct buf out = {0};

        assert_non_null(z);
        if (!period_parse(rows[i].text, z, NOW_S, &period, &err))
            fail_msg("%s", err.text);
        print_period(&period, z, &out);
        assert_string_equal(out.ptr, rows[i].expected);
        buf_free(&out);
        zone_free(z);
    }
}

static void refuses_what_is_no_time(void **state)
{
    static const char *const rows[] = {
        "",
        "never",
        "Today",
        "202",
        "20260930",
        "2026-",
        "2026-9",
        "2026-13",
        "2026-00",
        "2026-02-30",
        "2026-09-30T",
        "2026-09-30T9",
        "2026-09-30T24:00",
        "2026-09-30T09:60",
        "2026-09-30T09:00:61Z",
        "2026-09-30T09:00:00+",
        "2026-09-30T09:00:00+24:00",
        "2026-09-30T09:00:00+09:60",
        "2026-09-30T09:00:00.Z",
        "2026-09-30T09:00:00Zx",
        "2026-09-30x",
        "0d",
        "d",
        "-1d",
        "1w",
        "7 d",
        "7dd",
        "1000000d",
        "99999999999999999999h",
    };
    struct error none = {0};
    struct zone *z = zone_load("UTC", &none);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct period period;

        if (period_parse(rows[i], z, NOW_S, &period, &err))
            fail_msg("accepted: %s", rows[i]);
        assert_int_equal(err.code, ERROR_USAGE);
        assert_non_null(strstr(err.text, "expected a date"));
        assert_non_null(strstr(err.text, rows[i]));
    }
    zone_free(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(refuses_what_is_no_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
