/* layout_test.c: a line is plain where split_line cuts it into as many columns without care, and
 * gives the same then. */
#include "format/decoder/layout.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { FIRST_SLOT = 4, SLOTS = 48, LONGEST_LINE = 600, ROUNDS = 20000 };

static const struct split splits[] = {
    {' ', QUOTE_NONE, false}, {' ', QUOTE_CSV, false},        {' ', QUOTE_CSV, true},
    {',', QUOTE_NONE, false}, {' ', QUOTE_BACKSLASH, false},  {',', QUOTE_CSV, false},
    {';', QUOTE_CSV, false},  {'\t', QUOTE_BACKSLASH, false},
};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

/* A line of ${count} columns, the newline behind it. Returns: its length. */
static size_t make_line(const struct split *how, size_t count, char *line, uint32_t *seed)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        size_t quoted = how->quoting != QUOTE_NONE && next_random(seed) % 2 == 0,
               len = next_random(seed) % 30 + (how->separator == ' ');

        if (i > 0)
            line[n++] = how->separator;
        while (i > 0 && how->separator == ' ' && next_random(seed) % 8 == 0)
            line[n++] = ' ';
        if (quoted)
            line[n++] = '"';
        memset(line + n, 'a' + (int)(i % 26), len);
        if (quoted && len > 2)
            line[n + 1] = how->separator;
        n += len;
        if (quoted)
            line[n++] = '"';
    }
    line[n] = '\n';
    return n;
}

/* Each column into a slot, or none. */
static size_t choose(size_t columns, bool all, struct split_column *out, uint32_t *seed)
{
    int slot_of[LINES_COLUMNS];

    for (size_t i = 0; i < columns; i++)
        slot_of[i] = all || next_random(seed) % 2 == 0 ? FIRST_SLOT + (int)i : -1;
    return split_wanted(slot_of, columns, out);
}

static void check_slots(const struct split_column *wanted, size_t count,
                        const struct slice *expected, const struct slice *got)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(got[wanted[i].slot].len, expected[wanted[i].slot].len);
        if (expected[wanted[i].slot].len > 0)
            assert_ptr_equal(got[wanted[i].slot].ptr, expected[wanted[i].slot].ptr);
    }
    for (size_t i = 0; i < FIRST_SLOT; i++)
        assert_null(got[i].ptr);
}

/* The second of two lines, so that one stands before it. */
static void check_line(const struct split *how, const struct layout_columns *columns,
                       const char *text, size_t begin, size_t end, bool is_plain)
{
    static struct lines_places places;
    struct slice expected[SLOTS] = {{0}}, got[SLOTS] = {{0}};
    struct split_target to = {columns->wanted, columns->wanted_count, expected};
    struct arena scratch = {0};
    const uint16_t *edge = places.edge + 1;
    struct layout y;

    assert_true(layout_make(how, true, columns, &y));
    lines_finder_best()(&y.rules, text, end + 1, &places);
    assert_int_equal(places.ends, begin == 0 ? 1 : 2);
    while (*edge < begin)
        edge++;
    assert_int_equal(layout_is_plain(&y, edge, end), is_plain);
    if (is_plain) {
        split_line(how, slice_of(text + begin, end - begin), &to, &scratch);
        y.take(&y, text, edge, got);
        check_slots(columns->wanted, columns->wanted_count, expected, got);
        for (size_t n = 0; layout_words_at(n) != NULL && y.take == layout_words_at(1); n++) {
            memset(got, 0, sizeof got);
            layout_words_at(n)(&y, text, edge, got);
            check_slots(columns->wanted, columns->wanted_count, expected, got);
        }
    }
    arena_free(&scratch);
}

static void test_plain(void **state)
{
    uint32_t seed = 3;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const struct split *how = &splits[next_random(&seed) % COUNT(splits)];
        size_t count = 1 + next_random(&seed) % 16, there = count, begin = 0;
        struct split_column wanted[LINES_COLUMNS];
        const struct layout_columns columns = {
            count, wanted, choose(count, round % 2 == 0, wanted, &seed), FIRST_SLOT + count};
        char text[3 * LONGEST_LINE + WIDE_SLACK] = {0};

        if (next_random(&seed) % 4 == 0)
            there = 1 + next_random(&seed) % 16;
        if (next_random(&seed) % 4 != 0)
            begin = make_line(how, 3, text, &seed) + 1;
        check_line(how, &columns, text, begin, begin + make_line(how, there, text + begin, &seed),
                   there == count);
    }
}

static bool make(const struct split *how, bool tabs, size_t count, struct layout *out)
{
    return layout_make(how, tabs, &(struct layout_columns){.count = count}, out);
}

/* Tabs are blanks or not; what has brackets, or too many columns, is left to others. */
static void test_make(void **state)
{
    struct layout y;

    (void)state;
    assert_true(make(&splits[0], false, 3, &y));
    assert_int_equal(y.rules.other, ' ');
    assert_int_equal(y.rules.edges, 6);
    assert_true(make(&splits[0], true, 3, &y));
    assert_int_equal(y.rules.other, '\t');
    assert_true(make(&splits[3], true, 3, &y));
    assert_int_equal(y.rules.edges, 3);
    assert_false(make(&(struct split){',', QUOTE_CSV, true}, true, 3, &y));
    assert_false(make(&(struct split){' ', QUOTE_NONE, true}, true, 3, &y));
    assert_false(make(&splits[0], true, 0, &y));
    assert_true(make(&splits[0], true, LINES_COLUMNS, &y));
    assert_false(make(&splits[0], true, LINES_COLUMNS + 1, &y));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain), cmocka_unit_test(test_make)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
