/* repeats_test.c: which lines of an archive stand in others; a letter is a line. */
#include "io/repeats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN_LIMIT = 3, LONG_LINES = 30000, TEXT = 128 };

static struct prints prints_of(const char *letters)
{
    struct prints p = {.count = 0};

    for (; *letters != '\0'; letters++) {
        const char line[] = {*letters, '\n'};

        assert_true(prints_add(&p, slice_of(line, sizeof line)));
    }
    return p;
}

/* The known lines as their letters, the others as dots. */
static void look(const char *archive, const char *const *known, char *out)
{
    struct prints lines = prints_of(archive);
    struct prints_view view = prints_view(&lines);
    struct line_ranges ranges;
    struct repeats repeats = {0};
    struct error err = {0};
    int64_t other;

    for (int64_t i = 0; i < KNOWN_LIMIT && known[i] != NULL; i++) {
        struct prints of_known = prints_of(known[i]);
        struct prints_view known_view = prints_view(&of_known);

        assert_true(repeats_add(&repeats, &view, &known_view, i, &err));
        prints_free(&of_known);
    }
    assert_true(repeats_believe(&repeats, strlen(archive), &ranges, &other, &err));
    memset(out, '.', strlen(archive));
    out[strlen(archive)] = '\0';
    for (size_t i = 0; i < ranges.count; i++)
        for (size_t k = ranges.ranges[i].from; k < ranges.ranges[i].to; k++)
            out[k] = archive[k];
    free(ranges.ranges);
    repeats_free(&repeats);
    prints_free(&lines);
}

static void test_short(void **state)
{
    static const struct {
        const char *archive, *known[KNOWN_LIMIT], *expected;
    } cases[] = {
        {"abc", {NULL}, "..."},
        {"abc", {"abc"}, "abc"},              /* the same */
        {"ab", {"abcd"}, "ab"},               /* cut off */
        {"a", {"abcd"}, "a"},                 /* short */
        {"cd", {"abcd"}, "cd"},               /* the end of it */
        {"bc", {"abcd"}, "bc"},               /* some of it */
        {"xyabc", {"abc"}, "..abc"},          /* behind new lines */
        {"xabcy", {"abc"}, ".abc."},          /* between them */
        {"xaby", {"ab"}, "...."},             /* so few may be chance */
        {"xa", {"a"}, ".a"},                  /* not at the end */
        {"xaay", {"a"}, "...."},              /* as of a line that comes often */
        {"axbycz", {"abc"}, "......"},        /* shuffled */
        {"xbcy", {"abcd"}, "...."},           /* neither here nor there an end */
        {"abcx", {"abcd"}, "...."},           /* they only begin alike */
        {"abxy", {"ab", "xy"}, "abxy"},       /* put together */
        {"bcyz", {"abcd", "wxyz"}, "bcyz"},   /* parts */
        {"axbycz", {"abc", "xyz"}, "axbycz"}, /* in order of time */
        {"naxbyc", {"abc", "xyz"}, ".axbyc"}, /* behind a new one */
        {"abcdefghijklmnop1", {"abcdefghijklmnop2"}, "abcdefghijklmnop."}, /* many begin alike */
        {"abcabc", {"abc"}, "abcabc"},
        {"bcdbcd", {"abcde"}, "bcdbcd"},
        {"aaaa", {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, "aaaa"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[TEXT];

        look(cases[i].archive, cases[i].known, found);
        assert_string_equal(found, cases[i].expected);
    }
}

static void add_numbers(struct prints *p, unsigned from, unsigned to)
{
    char line[TEXT];

    for (unsigned i = from; i < to; i++) {
        int length = snprintf(line, sizeof line, "line %u of a log\n", i);

        assert_true(prints_add(p, slice_of(line, (size_t)length)));
    }
}

/* Kept as few bits a line: parts are found where they are long enough, and to the line. */
static void test_coarse(void **state)
{
    static const struct {
        unsigned from, to;
        size_t known;
    } parts[] = {{0, LONG_LINES, LONG_LINES},
                 {0, 17000, 17000},
                 {12345, 12365, 20},
                 {29980, LONG_LINES, 20},
                 {100, 110, 0}};
    struct prints all = {.count = 0}, *p = &all;
    struct prints_view fine, kept;
    struct buf bits = {0};
    struct line_ranges none = {0};

    (void)state;
    add_numbers(p, 0, LONG_LINES);
    fine = prints_view(p);
    kept = prints_pack(&fine, &none, &bits);
    assert_int_equal(kept.width, PRINT_COARSE);
    assert_int_equal(kept.count, LONG_LINES);
    assert_int_equal(bits.len, LONG_LINES / 2);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct prints lines = {.count = 0};
        struct prints_view view;
        struct line_ranges ranges;
        struct repeats repeats = {0};
        struct error err = {0};
        int64_t other;

        add_numbers(&lines, LONG_LINES, LONG_LINES + 50); /* new ones before them */
        add_numbers(&lines, parts[i].from, parts[i].to);
        view = prints_view(&lines);
        assert_true(repeats_add(&repeats, &view, &kept, 7, &err));
        assert_true(repeats_believe(&repeats, view.count, &ranges, &other, &err));
        assert_in_range(line_ranges_sum(&ranges), parts[i].known, parts[i].known + 2);
        assert_int_equal(other, parts[i].known > 0 ? 7 : 0);
        free(ranges.ranges);
        repeats_free(&repeats);
        prints_free(&lines);
    }
    buf_free(&bits);
    prints_free(p);
}

/* A line without end says nothing about where it is from; nor does it take long to see that. */
static void test_monotonous(void **state)
{
    struct prints p = {.count = 0};
    struct prints_view view;
    struct repeats repeats = {0};
    struct line_ranges ranges;
    struct error err = {0};
    int64_t other;

    (void)state;
    for (size_t i = 0; i < LONG_LINES; i++)
        assert_true(prints_add(&p, SLICE("the same\n")));
    view = prints_view(&p);
    assert_true(repeats_add(&repeats, &view, &view, 7, &err));
    assert_true(repeats.count < 100);
    assert_true(repeats_believe(&repeats, view.count, &ranges, &other, &err));
    assert_int_equal(line_ranges_sum(&ranges), LONG_LINES);
    free(ranges.ranges);
    repeats_free(&repeats);
    prints_free(&p);
}

static void test_pack(void **state)
{
    struct line_range out[] = {{1, 2}, {4, 6}};
    struct line_ranges ranges = {out, 2, 2};
    struct prints p = prints_of("abcdefg"), left = prints_of("acdg");
    struct prints_view all = prints_view(&p), wanted = prints_view(&left), kept, again;
    struct buf bits = {0};

    (void)state;
    kept = prints_pack(&all, &ranges, &bits);
    assert_int_equal(kept.count, wanted.count);
    for (size_t i = 0; i < kept.count; i++)
        assert_true(prints_at(&kept, i) == prints_at(&wanted, i));
    assert_true(prints_unpack(buf_slice(&bits), kept.count, kept.width, &again));
    assert_false(prints_unpack(buf_slice(&bits), kept.count + 1, kept.width, &again));
    assert_false(prints_unpack(buf_slice(&bits), kept.count, PRINT_COARSE, &again));
    buf_free(&bits);
    prints_free(&p);
    prints_free(&left);
}

static void test_ranges(void **state)
{
    struct line_range first[] = {{2, 4}, {8, 9}}, second[] = {{0, 1}, {3, 6}, {9, 12}};
    struct line_ranges into = {0}, one = {first, 2, 2}, two = {second, 3, 3};
    struct error err = {0};

    (void)state;
    assert_true(line_ranges_join(&into, &one, &err));
    assert_true(line_ranges_join(&into, &two, &err));
    assert_int_equal(into.count, 3);
    assert_int_equal(line_ranges_sum(&into), 9);
    line_ranges_move(&into, -3);
    assert_int_equal(into.count, 2);
    assert_int_equal(into.ranges[0].from, 0);
    assert_int_equal(into.ranges[0].to, 3);
    line_ranges_move(&into, 10);
    assert_int_equal(into.ranges[1].from, 15);
    assert_int_equal(into.ranges[1].to, 19);
    free(into.ranges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short),      cmocka_unit_test(test_coarse),
        cmocka_unit_test(test_monotonous), cmocka_unit_test(test_pack),
        cmocka_unit_test(test_ranges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
