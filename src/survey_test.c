/* survey_test.c: the years of an archive whose stamps carry none. */
#include "survey.h"

#include "base/calendar.h"
#include "format/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define LINE(time) time " gw dnsmasq[1]: query[A] line.me from 192.0.2.9\n"

static const struct {
    const char *log;
    int32_t changed[3]; /* of the file: year, month, day */
    int year;           /* --year */
    int first, last;
} rows[] = {
    {LINE("Sep 30 09:00:00"), {2026, 10, 1}, 0, 2026, 2026},
    {LINE("Dec 31 23:59:59") LINE("Jan  1 00:00:00"), {2026, 1, 2}, 0, 2025, 2026},
    {LINE("Dec 31 23:59:59") LINE("Jan  1 00:00:00"), {2026, 6, 1}, 2020, 2019, 2020},
    {LINE("Jan  1 00:00:00") LINE("Dec 31 23:59:59"), {2026, 1, 2}, 0, 2026, 2026}, /* late */
    {LINE("Jan  1 00:00:00") LINE("May  1 00:00:00") LINE("Oct  1 00:00:00") LINE("Jan  1 00:00:00")
         LINE("Jun  1 00:00:00") LINE("Jan  1 00:00:00"),
     {2026, 1, 2},
     0,
     2025,
     2026},
    {"garbage\n" LINE("Dec 31 23:59:59") "more\n", {2026, 1, 2}, 0, 2025, 2025},
    {LINE("Feb 29 12:00:00"), {2026, 1, 2}, 0, 2024, 2024},
    {LINE("Feb 29 12:00:00") LINE("Mar  5 12:00:00"), {2026, 6, 2}, 0, 2024, 2024},
    {LINE("Dec 31 12:00:00") LINE("Feb 29 12:00:00"), {2026, 6, 2}, 0, 2023, 2024},
    {LINE("Feb 29 12:00:00") LINE("Dec 31 12:00:00") LINE("Jan  1 12:00:00"),
     {2026, 6, 2},
     0,
     2024,
     2025},
    {LINE("Feb 29 12:00:00") LINE("Mar  5 12:00:00"), {2026, 6, 2}, 2026, 2026, 2026}, /* said */
    {"garbage\n", {2026, 5, 2}, 0, 2026, 2026}, /* no stamp at all */
};

static void test_rows(void **state)
{
    struct error err = {0};
    struct format_catalog *catalog = catalog_create(&err);
    struct zone *zone = zone_load("UTC", &err);
    char path[] = "/tmp/kage-survey-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_true(catalog != NULL && zone != NULL && fd >= 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice log = slice_of_string(rows[i].log);
        struct survey survey = {.path = path,
                                .inflate = INFLATE_ZLIB,
                                .format = catalog_find(catalog, "dnsmasq"),
                                .zone = zone,
                                .hints = {.year = rows[i].year, .name = path},
                                .years = true};
        struct surveyed found;

        survey.hints.file_time_s =
            calendar_days(rows[i].changed[0], rows[i].changed[1], rows[i].changed[2]) *
            SECONDS_PER_DAY;
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, log.ptr, log.len, 0), (int)log.len);
        if (!survey_archive(&survey, &found, &err))
            fail_msg("%s", err.text);
        if (found.first_year != rows[i].first || found.last_year != rows[i].last)
            fail_msg("%s: %d to %d", rows[i].log, found.first_year, found.last_year);
    }
    close(fd);
    unlink(path);
    zone_free(zone);
    catalog_free(catalog);
}

static void test_missing(void **state)
{
    struct survey survey = {.path = "/nowhere/a.log", .hints = {.name = "a.log"}};
    struct error err = {0};
    struct surveyed found;

    (void)state;
    assert_false(survey_archive(&survey, &found, &err));
    assert_int_equal(err.code, ERROR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
