/* split_index_test.c: every way to fill an index, or to cut words, gives the same. */
#include "format/decoder/split_index.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { LONGEST = 700 };

static const struct index_rules rules[] = {
    {',', ',', false, QUOTE_NONE, false},      {',', ',', false, QUOTE_CSV, false},
    {',', ',', false, QUOTE_BACKSLASH, false}, {' ', ' ', true, QUOTE_NONE, false},
    {' ', '\t', true, QUOTE_CSV, false},       {' ', '\t', true, QUOTE_BACKSLASH, false},
    {' ', '\t', true, QUOTE_CSV, true},        {',', ',', false, QUOTE_NONE, true}};

/* A line and the edges of it. */
static const struct {
    const struct index_rules *how;
    const char *line;
    bool ok, inner;
    size_t count;
    uint16_t edges[8];
} rows[] = {
    {&rules[0], "", true, false, 0, {0}},
    {&rules[0], "ab,,c", true, false, 2, {2, 3}},
    {&rules[1], "\"a,b\",c", true, false, 1, {5}},
    {&rules[1], "\"a\"\"b\",\"\"", true, true, 1, {6}},
    {&rules[1], "a\"b", false, false, 0, {0}},
    {&rules[1], "\"a\"b", false, false, 0, {0}},
    {&rules[1], "\"a", false, false, 0, {0}},
    {&rules[2], "\"a\\\"\"", false, false, 0, {0}},
    {&rules[2], "\"a\"\"b\"", false, false, 0, {0}},
    {&rules[2], "a\\b,\"c\"", true, false, 1, {3}},
    {&rules[3], "  ab \tc ", true, false, 4, {2, 4, 5, 7}},
    {&rules[4], "  ab \tc ", true, false, 4, {2, 4, 6, 7}},
    {&rules[4], "a \"b c\"", true, false, 4, {0, 1, 2, 7}},
    {&rules[6], "a \"[\"", true, false, 4, {0, 1, 2, 5}},
    {&rules[6], "a [b", false, false, 0, {0}},
    {&rules[7], "a[", false, false, 0, {0}},
};

static void test_rows(void **state)
{
    struct index index;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char line[WIDE_SLACK * 2] = {0};
        size_t len = strlen(rows[i].line);
        bool ok;

        memcpy(line, rows[i].line, len);
        ok = index_fill(rows[i].how, slice_of(line, len), &index);
        if (ok != rows[i].ok)
            fail_msg("row %zu: %s", i, rows[i].line);
        if (ok && (index.count != rows[i].count || index.inner != rows[i].inner ||
                   memcmp(index.edges, rows[i].edges, index.count * sizeof *index.edges) != 0))
            fail_msg("row %zu: %s: other edges", i, rows[i].line);
    }
}

static void check(const struct index_rules *how, struct slice line)
{
    struct index first, other;
    bool ok = index_filler_at(0)(how, line, &first);
    index_filler *way = index_fill;

    for (size_t n = 1; way != NULL; way = index_filler_at(n++)) {
        assert_int_equal(way(how, line, &other), ok);
        if (!ok)
            continue;
        assert_int_equal(other.count, first.count);
        assert_int_equal(other.inner, first.inner);
        assert_memory_equal(other.edges, first.edges, first.count * sizeof *first.edges);
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

/* Random lines of bytes that matter, of all lengths around the stretches of 64. */
static void test_ways_agree(void **state)
{
    static const char *const bytes[] = {"\"\", \t\\ab", "\"aaa, [=", "\",a", "ab, ",
                                        "a\"aaaaaaa, aaaaaaaaa"};
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        const char *of = bytes[next_random(&seed) % COUNT(bytes)];
        char line[LONGEST + WIDE_SLACK];
        size_t len = next_random(&seed) % (round % 2 == 0 ? LONGEST : 70);

        for (size_t i = 0; i < sizeof line; i++)
            line[i] = of[next_random(&seed) % strlen(of)];
        check(&rules[next_random(&seed) % COUNT(rules)], slice_of(line, len));
    }
}

/* A line with more columns, or longer, than the index has room for is left to others. */
static void test_limits(void **state)
{
    char line[INDEX_BYTES + 1 + WIDE_SLACK];
    struct index index;

    (void)state;
    memset(line, 'a', sizeof line);
    assert_true(index_fill(&rules[0], slice_of(line, INDEX_BYTES), &index));
    assert_false(index_fill(&rules[0], slice_of(line, INDEX_BYTES + 1), &index));
    memset(line, ',', sizeof line);
    assert_true(index_fill(&rules[0], slice_of(line, INDEX_EDGES), &index));
    assert_int_equal(index.count, INDEX_EDGES);
    for (size_t n = 0; index_filler_at(n) != NULL; n++)
        assert_false(index_filler_at(n)(&rules[0], slice_of(line, INDEX_EDGES + 1), &index));
    check(&rules[0], slice_of(line, INDEX_EDGES + 64));
}

/* What the index has of words, into slots. */
static bool words_by_index(struct slice line, const struct words_target *to)
{
    struct index index;

    if (!index_filler_at(0)(&rules[3], line, &index) || index.count != 2 * to->count)
        return false;
    for (size_t i = 0; i < to->count; i++)
        if (to->slot_of[i] >= 0)
            to->slots[to->slot_of[i]] =
                slice_of(line.ptr + index.edges[2 * i],
                         (size_t)(index.edges[2 * i + 1] - index.edges[2 * i]));
    return true;
}

/* All ways to cut words, and the best, give what the index gives. Returns: are there so many? */
static bool check_words(struct slice line, const int *slot_of, size_t count)
{
    struct slice expected[16] = {{0}};
    bool ok = words_by_index(line, &(struct words_target){slot_of, count, expected});
    words_filler *way = words_filler_best();

    for (size_t n = 0; way != NULL; way = words_filler_at(n++)) {
        struct slice slots[16] = {{0}};

        assert_int_equal(way(line, &(struct words_target){slot_of, count, slots}), ok);
        for (size_t i = 0; ok && i < COUNT(slots); i++) {
            assert_ptr_equal(slots[i].ptr, expected[i].ptr);
            assert_int_equal(slots[i].len, expected[i].len);
        }
    }
    return ok;
}

/* Words of all lengths, with one blank or several between them, also at the ends. */
static void test_words(void **state)
{
    static const int slot_of[] = {3, -1, 0, 7, -1, 15, 1, 2, 4, 5, -1, 6};
    uint32_t seed = 7;
    size_t cut = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char line[LONGEST + WIDE_SLACK];
        size_t len = 0, count = 1 + next_random(&seed) % COUNT(slot_of),
               longest = 1 + next_random(&seed) % 40;

        memset(line, round % 2 == 0 ? 'x' : ' ',
               sizeof line); /* what stands behind must not matter */
        for (size_t i = 0; i < count + (next_random(&seed) % 8 == 0); i++) {
            for (size_t n = next_random(&seed) % 16 == 0 ? 3 : i > 0; n > 0; n--)
                line[len++] = ' ';
            for (size_t n = 1 + next_random(&seed) % longest; n > 0; n--)
                line[len++] = next_random(&seed) % 16 == 0 ? '\t' : 'a';
        }
        for (; next_random(&seed) % 4 == 0 && len < LONGEST; len++)
            line[len] = ' ';
        cut += check_words(slice_of(line, len), slot_of, count);
        assert_false(check_words(slice_of(line, 0), slot_of, count));
    }
    assert_in_range(cut, 10000, 19999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),
                                       cmocka_unit_test(test_ways_agree),
                                       cmocka_unit_test(test_limits), cmocka_unit_test(test_words)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
