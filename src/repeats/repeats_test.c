/* repeats_test.c: which lines of an archive stand in others; a letter is a line. */
#include "repeats/repeats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN_LIMIT = 3, LONG_LINES = 30000, DIVERGING_LINES = 6000, TEXT = 128 };

static struct prints prints_of(const char *letters)
{
    struct prints p = {.count = 0};

    for (; *letters != '\0'; letters++) {
        const char line[] = {*letters};

        assert_true(prints_add(&p, prints_hash(slice_of(line, 1))));
    }
    return p;
}

/* The known lines as their letters, the others as dots. */
static void look(const char *archive, const char *const *known, bool touches, char *out)
{
    struct prints lines = prints_of(archive);
    struct prints_view view = prints_view(&lines);
    struct line_ranges ranges;
    struct repeats repeats = {0};
    struct error err = {0};
    int64_t longest;

    for (int64_t i = 0; i < KNOWN_LIMIT && known[i] != NULL; i++) {
        struct prints of_known = prints_of(known[i]);
        struct repeats_known other = {prints_view(&of_known), i, touches};

        assert_true(repeats_add(&repeats, &view, &other, &err));
        prints_free(&of_known);
    }
    assert_true(repeats_believe(&repeats, &view, &ranges, &longest, &err));
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
        bool touches;
    } cases[] = {
        {"abc", {NULL}, "...", false},
        {"abc", {"abc"}, "abc", false},     /* the same */
        {"abc", {"abcd"}, "abc", false},    /* cut off */
        {"bcd", {"abcd"}, "bcd", false},    /* the end of it */
        {"bcd", {"abcde"}, "bcd", false},   /* some of it */
        {"xyabc", {"abc"}, "..abc", false}, /* behind new lines */
        {"xabcy", {"abc"}, ".abc.", false}, /* between them */
        {"ab", {"abcd"}, "..", false},      /* so few may be alike by right, */
        {"xaby", {"ab"}, "....", false},
        {"xa", {"a"}, "..", false},
        {"xaybcd", {"a", "bcd"}, "...bcd", false},
        {"xaybcd", {"ay", "bcd"}, ".aybcd", false}, /* all of another beside what is known */
        {"ababab", {"xababab"}, "......", false},   /* so may few that come often */
        {"aaaa", {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}, "....", false},
        {"abcx", {"yabc"}, "abc.", false}, /* one goes on where the other ended, */
        {"abcx", {"yabc"}, "....", true},  /* or some asked the same again in that second */
        {"abcdefghijklmnop1", {"zabcdefghijklmnop"}, "abcdefghijklmnop.", true}, /* not so many */
        {"axbycz", {"abc"}, "......", false},                                    /* shuffled */
        {"xbcdy", {"abcde"}, ".....", false}, /* neither here nor there an end */
        {"1abcdefghijklmnop2", {"3abcdefghijklmnop4"}, "..................", false},
        {"abcx", {"abcd"}, "....", false}, /* they only begin alike */
        {"abcdefghijklmnop1", {"abcdefghijklmnop2"}, "abcdefghijklmnop.", false}, /* many do */
        {"abcxyz", {"abc", "xyz"}, "abcxyz", false},                              /* put together */
        {"bcdyz0", {"abcde", "wxyz0"}, "bcdyz0", false},                          /* parts */
        {"aAbBcCdD", {"abcd", "ABCD"}, "........", false}, /* single lines tell nothing */
        {"abcdefghijklmnop", {"a1b2c3d4e5f6ghi7j8k9l0mnop"}, "abcdefghijklmnop", false},
        {"a1b2c3d4e5f6ghi7j8k9l0mnop", {"abcdefghijklmnop"}, "a.b.c.d.e.f.ghi.j.k.l.mnop", false},
        {"abcabc", {"abc"}, "abcabc", false},
        /* few lines, where the night ended between them and what follows in the same file */
        {"yzabcdefghijklmnopqr", {"xyz", "abcdefghijklmnopqrs"}, "yzabcdefghijklmnopqr", false},
        {"abcdefghijklmnopqrst", {"zabcdefghijklmnopqr", "stu"}, "abcdefghijklmnopqrst", false},
        {"1zabcdefghijklmnopq", {"yz", "abcdefghijklmnopqr"}, ".zabcdefghijklmnopq", false},
        {"1abcdefghijklmnop2", {"abc", "defghijklmnopq"}, ".abcdefghijklmnop.", false},
        {"1abcdefghijklmno2", {"abc", "defghijklmnop"}, ".abc.............", false},
        {"yzabcdefghijklmnopqr", {"xyz1", "abcdefghijklmnopqrs"}, "..abcdefghijklmnopqr", false},
        {"bcdbcd", {"abcde"}, "bcdbcd", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[TEXT];

        look(cases[i].archive, cases[i].known, cases[i].touches, found);
        assert_string_equal(found, cases[i].expected);
    }
}

static void add_numbers(struct prints *p, unsigned from, unsigned to)
{
    char line[TEXT];

    for (unsigned i = from; i < to; i++) {
        int length = snprintf(line, sizeof line, "line %u of a log", i);

        assert_true(prints_add(p, prints_hash(slice_of(line, (size_t)length))));
    }
}

/* A log of so many numbered lines, as a store keeps it. */
struct kept {
    struct buf bits;
    struct repeats_known known;
};

static void keep_numbers(struct kept *k, unsigned lines)
{
    struct prints p = {.count = 0};
    struct line_ranges none = {0};
    struct prints_view fine;

    *k = (struct kept){.known = {.other = 7}};
    add_numbers(&p, 0, lines);
    fine = prints_view(&p);
    k->known.prints = prints_pack(&fine, &none, &k->bits);
    prints_free(&p);
}

/* Returns: how many of the lines are known; they are freed. */
static size_t count_known(const struct kept *k, struct prints *lines, int64_t *other)
{
    struct prints_view view = prints_view(lines);
    struct line_ranges ranges;
    struct repeats repeats = {0};
    struct error err = {0};
    size_t sum;

    assert_true(repeats_add(&repeats, &view, &k->known, &err));
    assert_true(repeats_believe(&repeats, &view, &ranges, other, &err));
    sum = line_ranges_sum(&ranges);
    free(ranges.ranges);
    repeats_free(&repeats);
    prints_free(lines);
    return sum;
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
    struct kept k;

    (void)state;
    keep_numbers(&k, LONG_LINES);
    assert_int_equal(k.known.prints.width, PRINT_COARSE);
    assert_int_equal(k.known.prints.count, LONG_LINES);
    assert_int_equal(k.bits.len, LONG_LINES * 2);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct prints lines = {.count = 0};
        int64_t other;

        add_numbers(&lines, LONG_LINES, LONG_LINES + 50); /* new ones before them */
        add_numbers(&lines, parts[i].from, parts[i].to);
        assert_int_equal(count_known(&k, &lines, &other), parts[i].known);
        assert_int_equal(other, parts[i].known > 0 ? 7 : 0);
    }
    buf_free(&k.bits);
}

/* Where two archives begin to differ no new line passes for a known one, wherever that is. */
static void test_diverging(void **state)
{
    struct kept k;

    (void)state;
    keep_numbers(&k, DIVERGING_LINES);
    for (unsigned same = 100; same < DIVERGING_LINES; same += 50) {
        struct prints lines = {.count = 0};
        int64_t other;

        add_numbers(&lines, 0, same);
        add_numbers(&lines, DIVERGING_LINES + same, DIVERGING_LINES + same + 5);
        assert_int_equal(count_known(&k, &lines, &other), same);
    }
    buf_free(&k.bits);
}

/* A line without end says nothing about where it is from; nor does it take long to see that. */
static void test_monotonous(void **state)
{
    struct prints p = {.count = 0};
    struct repeats_known known = {.other = 7};
    struct repeats repeats = {0};
    struct line_ranges ranges;
    struct error err = {0};
    int64_t other;

    (void)state;
    for (size_t i = 0; i < LONG_LINES; i++)
        assert_true(prints_add(&p, prints_hash(SLICE("the same"))));
    known.prints = prints_view(&p);
    assert_true(repeats_add(&repeats, &known.prints, &known, &err));
    assert_true(repeats.count < 100);
    assert_true(repeats_believe(&repeats, &known.prints, &ranges, &other, &err));
    assert_int_equal(line_ranges_sum(&ranges), 0);
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
    struct line_ranges none = {0};
    struct buf bits = {0};

    (void)state;
    kept = prints_pack(&all, &none, &bits);
    assert_ptr_equal(kept.bytes, all.bytes); /* no copy of what is kept as it is */
    assert_int_equal(kept.count, all.count);
    assert_true(kept.sum == all.sum);
    assert_int_equal(bits.len, 0);
    kept = prints_pack(&all, &ranges, &bits);
    assert_int_equal(kept.count, wanted.count);
    for (size_t i = 0; i < kept.count; i++)
        assert_true(prints_at(&kept, i) == prints_at(&wanted, i));
    assert_true(prints_unpack(buf_slice(&bits), kept.count, kept.width, &again));
    assert_false(prints_unpack(buf_slice(&bits), kept.count + 1, kept.width, &again));
    assert_false(prints_unpack(buf_slice(&bits), kept.count, PRINT_COARSE, &again));
    assert_false(prints_unpack(slice_of(bits.ptr, 4), 1, 32, &again)); /* of no width there is */
    buf_free(&bits);
    prints_free(&p);
    prints_free(&left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short),      cmocka_unit_test(test_coarse),
        cmocka_unit_test(test_monotonous), cmocka_unit_test(test_pack),
        cmocka_unit_test(test_diverging),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
