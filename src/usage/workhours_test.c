/* workhours_test.c: classes of moments, and Japan's holidays against the law. */
#include "usage/workhours.h"

#include "base/calendar.h"
#include "identity/testing.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return (int32_t)calendar_days(year, month, day);
}

static void test_classes(void **state)
{
    static const struct {
        const char *hours;
        int32_t month, day; /* of 2026 */
        unsigned minute;
        const char *expected;
    } rows[] = {
        {NULL, 9, 30, 9 * 60, "inside"}, /* a Wednesday */
        {NULL, 9, 30, 9 * 60 - 1, "outside"},
        {NULL, 9, 30, 18 * 60 - 1, "inside"},
        {NULL, 9, 30, 18 * 60, "outside"},
        {NULL, 9, 26, 12 * 60, "weekend"},
        {NULL, 9, 27, 12 * 60, "weekend"},
        {NULL, 9, 21, 12 * 60, "holiday"},
        {NULL, 9, 22, 12 * 60, "holiday"}, /* between two */
        {NULL, 5, 3, 12 * 60, "holiday"},  /* a Sunday */
        {NULL, 5, 6, 12 * 60, "holiday"},  /* for it */
        {"9:00-12:00,13:00-17:30", 9, 30, 12 * 60 + 30, "outside"},
        {"9:00-12:00, 13:00-17:30", 9, 30, 17 * 60, "inside"},
        {"mon-sat 0:00-24:00", 9, 26, 0, "inside"},
        {"mon-sat 0:00-24:00", 9, 26, 1439, "inside"},
        /* nights: into the next day, the weekend too; not into a holiday */
        {"22:00-6:00", 9, 29, 22 * 60, "inside"},
        {"22:00-6:00", 9, 30, 6 * 60 - 1, "inside"},
        {"22:00-6:00", 9, 30, 6 * 60, "outside"},
        {"22:00-6:00", 9, 26, 5 * 60, "inside"},
        {"22:00-6:00", 9, 26, 6 * 60, "weekend"},
        {"22:00-6:00", 9, 28, 5 * 60, "outside"}, /* nobody began on Sunday */
        {"sun-thu 22:00-6:00", 9, 28, 5 * 60, "inside"},
        {"mon-sun 22:00-6:00", 9, 22, 5 * 60, "holiday"},
        {"mon-sun 12:00-24:00", 9, 30, 0, "outside"},
        /* days and hours of other days */
        {"fri-mon 9:00-18:00", 9, 27, 600, "inside"},
        {"fri-mon 9:00-18:00", 9, 30, 600, "weekend"},
        {"Mon,WED 9:00-18:00", 9, 30, 600, "inside"},
        {"mon,wed 9:00-18:00", 9, 29, 600, "weekend"},
        {"mon-fri 9:00-18:00; sat 9:00-12:00", 9, 26, 11 * 60, "inside"},
        {"mon-fri 9:00-18:00, sat 9:00-12:00", 9, 26, 13 * 60, "outside"},
        {"9:00-12:00;sat 9:00-12:00", 9, 30, 600, "inside"},
        {"sun 10:00-11:00", 9, 30, 10 * 60, "weekend"},
        {"sun 10:00-11:00", 9, 27, 10 * 60, "inside"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct workhours *w = workhours_create(rows[i].hours, NULL, &err);
        enum workhours_class class;

        assert_non_null(w);
        class = workhours_of(w, day_of(2026, rows[i].month, rows[i].day), rows[i].minute);
        if (strcmp(workhours_name(class), rows[i].expected) != 0)
            fail_msg("row %zu: %s", i, workhours_name(class));
        workhours_free(w);
    }
}

static void test_bad_hours(void **state)
{
    static const char *const wrong[] = {"",
                                        "9-18",
                                        "9:00-25:00",
                                        "9:00-18:60",
                                        "9:00-18:00,",
                                        "mon",
                                        "mon; tue 9:00-18:00",
                                        "mon 9:00-18:00; ",
                                        "mon 9:00-18:00; tue",
                                        "mon,9:00-18:00",
                                        "xyz 9:00-18:00",
                                        "9:00-18:00 x",
                                        "9:00-9:00"};

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct error err = {0};

        if (workhours_create(wrong[i], NULL, &err) != NULL)
            fail_msg("%s is taken", wrong[i]);
        assert_int_equal(err.code, ERROR_USAGE);
    }
}

/* The nth Monday of a month. */
static int32_t monday(int32_t year, int32_t month, int32_t nth)
{
    int32_t first = day_of(year, month, 1);

    return first + (7 - calendar_weekday(first)) % 7 + 7 * (nth - 1);
}

/* By the law on national holidays as it stands since 2022; the equinoxes as computed for
 * 1980-2099. */
static size_t lawful(int32_t year, int32_t *days)
{
    int32_t since = year - 1980;
    int32_t spring = (int32_t)(20.8431 + 0.242194 * since) - since / 4;
    int32_t autumn = (int32_t)(23.2488 + 0.242194 * since) - since / 4;
    int32_t base[] = {
        day_of(year, 1, 1),      monday(year, 1, 2),  day_of(year, 2, 11), day_of(year, 2, 23),
        day_of(year, 3, spring), day_of(year, 4, 29), day_of(year, 5, 3),  day_of(year, 5, 4),
        day_of(year, 5, 5),      monday(year, 7, 3),  day_of(year, 8, 11), monday(year, 9, 3),
        day_of(year, 9, autumn), monday(year, 10, 2), day_of(year, 11, 3), day_of(year, 11, 23)};
    size_t n = 0;

    for (size_t i = 0; i < COUNT(base); i++) {
        int32_t next = base[i] + 1;

        days[n++] = base[i];
        if (i + 1 < COUNT(base) && base[i + 1] == next + 1 && calendar_weekday(next) != 6)
            days[n++] = next; /* a day between two holidays */
        if (calendar_weekday(base[i]) != 6)
            continue;
        for (size_t k = i + 1; k < COUNT(base) && base[k] == next; k++)
            next++;
        days[n++] = next; /* for a Sunday */
    }
    return n;
}

static bool is_among(const int32_t *days, size_t count, int32_t day)
{
    for (size_t i = 0; i < count; i++)
        if (days[i] == day)
            return true;
    return false;
}

static void test_table(void **state)
{
    struct error err = {0};
    struct workhours *w = workhours_create(NULL, NULL, &err);
    int32_t first, last;

    (void)state;
    assert_non_null(w);
    workhours_years(w, &first, &last);
    assert_int_equal(first, 2015);
    assert_int_equal(last, 2027);
    for (int32_t year = 2022; year <= last; year++) {
        int32_t days[40];
        size_t count = lawful(year, days);

        for (int32_t day = day_of(year, 1, 1); day < day_of(year + 1, 1, 1); day++)
            if ((workhours_of(w, day, 0) == WORKHOURS_HOLIDAY) != is_among(days, count, day))
                fail_msg("%d: day %d", year, day - day_of(year, 1, 1) + 1);
    }
    assert_int_equal(workhours_of(w, day_of(2019, 4, 30), 0), WORKHOURS_HOLIDAY);
    assert_int_equal(workhours_of(w, day_of(2021, 8, 9), 0), WORKHOURS_HOLIDAY);
    assert_int_equal(workhours_of(w, day_of(2020, 10, 12), 0), WORKHOURS_OUTSIDE);
    workhours_free(w);
}

/* A file in place of the table. */
static void test_file(void **state)
{
    static const struct {
        const char *text, *error; /* NULL: fine */
    } rows[] = {
        {"\x8d\x91\x96\xaf,x\r\n2026/9/1,\x8c\xb3\x93\xfa\r\n", NULL}, /* CP932, with a heading */
        {"2026-09-01\n\n", NULL},
        {"\"2026/09/01\",\"day, off\"\n", NULL},
        {"day\n2026/9/1\nsoon\n", ":3: 'soon' is no date such as 2026/9/21"},
        {"day\n", ":1: no holiday; expected a date in the first column"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        char path[TESTING_PATH];
        struct workhours *w;

        testing_file(slice_of_string(rows[i].text), path);
        w = workhours_create(NULL, path, &err);
        unlink(path);
        assert_int_equal(w != NULL, rows[i].error == NULL);
        if (w == NULL) {
            assert_string_equal(err.text + strlen(path), rows[i].error);
            continue;
        }
        assert_int_equal(workhours_of(w, day_of(2026, 9, 1), 0), WORKHOURS_HOLIDAY);
        assert_int_equal(workhours_of(w, day_of(2026, 9, 21), 600), WORKHOURS_INSIDE);
        workhours_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_classes),
                                       cmocka_unit_test(test_bad_hours),
                                       cmocka_unit_test(test_table), cmocka_unit_test(test_file)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
