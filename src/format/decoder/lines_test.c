/* lines_test.c: every way to look at a stretch gives the same, and what the index of each line has;
 * lines come out one after the other. */
#include "format/decoder/lines.h"

#include "base/word.h"
#include "format/decoder/split_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { TEXT_BYTES = 3 * LINES_STRETCH };

static const struct lines_rules only_ends = {.edges = 0};

static const struct lines_rules rules[] = {
    {5, ' ', ' ', true, false, QUOTE_NONE},       {5, ' ', '\t', true, false, QUOTE_NONE},
    {5, ' ', '\t', true, false, QUOTE_CSV},       {5, ' ', '\t', true, true, QUOTE_CSV},
    {5, ' ', '\t', true, false, QUOTE_BACKSLASH}, {5, ',', ',', false, false, QUOTE_NONE},
    {5, ',', ',', false, false, QUOTE_CSV},       {5, ',', ',', false, false, QUOTE_BACKSLASH}};

/* Bytes that matter, some more often than others. */
static const char *const alphabets[] = {"aaaaaaaaaaaaaaaaaaaa \n", "aaaa, \t\n", "\"\", \t\\ab\n",
                                        "aaaaaaaaaaaaa,\"\n",      "\t\v\r \n",  "\n",
                                        "aaaaaaaaaa [\"\n"};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

static void make_random(char *text, size_t size, uint32_t *seed)
{
    const char *of = alphabets[next_random(seed) % COUNT(alphabets)];

    for (size_t i = 0; i < size; i++)
        text[i] = of[next_random(seed) % strlen(of)];
}

/* Lines as logs have them: columns of letters between blanks and commas, many of them quoted, and
 * seldom something odd. */
static void make_log(char *text, size_t size, uint32_t *seed)
{
    static const char *const odd[] = {"\"", "\"\"", "\\\"", "[", "\r", "  ", ",,", "\t"};
    static const char *const between[] = {" ", ",", "\n"};
    size_t n = 0;

    while (n + 64 < size) {
        size_t len = next_random(seed) % 12, quoted = next_random(seed) % 3 == 0;
        const char *behind = between[next_random(seed) % COUNT(between)];

        if (quoted)
            text[n++] = '"';
        memset(text + n, 'a', len);
        n += len;
        if (quoted)
            text[n++] = '"';
        if (next_random(seed) % 64 == 0)
            behind = odd[next_random(seed) % COUNT(odd)];
        while (*behind != '\0')
            text[n++] = *behind++;
    }
    memset(text + n, 'b', size - n);
}

/* The edges that the index of a line has. Returns: false where it is to be cut with more care. */
static bool index_of(const struct lines_rules *how, struct slice line, struct index *out)
{
    const struct index_rules of_line = {how->separator, how->other, how->runs, how->quoting,
                                        how->brackets};

    return index_filler_at(0)(&of_line, line, out) && !out->inner;
}

/* The lines of the stretch, up to one that needs care, with the edges of their index and, where
 * newlines are none of these, theirs. */
static void check_places(const struct lines_rules *how, const char *text, size_t len,
                         const struct lines_places *places)
{
    size_t begin = 0, n = 0, edge = 1;
    struct index index;
    const char *hit;

    assert_int_equal(places->edge[0], UINT16_MAX);
    for (; (hit = memchr(text + begin, '\n', len - begin)) != NULL; n++) {
        size_t end = (size_t)(hit - text);

        if (!index_of(how, slice_of(text + begin, end - begin), &index))
            break;
        assert_true(n < places->ends && places->end[n] == end);
        for (size_t i = 0; i < index.count; i++)
            assert_int_equal(places->edge[edge++], begin + index.edges[i]);
        if (!how->runs)
            assert_int_equal(places->edge[edge++], end);
        begin = end + 1;
        assert_true(places->edge[edge] >= begin);
    }
    assert_int_equal(n, places->ends);
    while (places->edge[edge] != UINT16_MAX)
        edge++;
    for (size_t i = 0; i <= how->edges; i++)
        assert_int_equal(places->edge[edge + i], UINT16_MAX);
}

static void check_ways(const char *text, size_t len)
{
    static struct lines_places places;

    for (size_t n = 0; lines_finder_at(n) != NULL; n++) {
        size_t at = 0;

        lines_finder_at(n)(&only_ends, text, len, &places);
        for (size_t i = 0; i < len; i++)
            if (text[i] == '\n')
                assert_true(at < places.ends && places.end[at++] == i);
        assert_int_equal(at, places.ends);
        for (size_t r = 0; r < COUNT(rules); r++) {
            lines_finder_at(n)(&rules[r], text, len, &places);
            check_places(&rules[r], text, len, &places);
        }
    }
}

static void test_ways(void **state)
{
    static char text[LINES_STRETCH + WIDE_SLACK];
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        size_t len = next_random(&seed) % (round % 10 == 0 ? LINES_STRETCH + 1 : 300);

        (round % 2 == 0 ? make_log : make_random)(text, len + WIDE_SLACK, &seed);
        check_ways(text, len);
    }
    memset(text, '\n', sizeof text);
    check_ways(text, LINES_STRETCH);
    memset(text, 'a', sizeof text);
    check_ways(text, LINES_STRETCH);
}

/* What a loop over bytes gives. */
static void check_lines(const struct lines_rules *how, const char *text, size_t len)
{
    static struct lines lines;
    const char *line = text;

    lines.find = lines_finder_best();
    lines_start(&lines, how, text, text + len);
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\n') {
            assert_ptr_equal(lines_next(&lines, line), text + i);
            assert_ptr_equal(lines_next(&lines, line), text + i); /* it stays */
            lines_pass(&lines, text + i);
            line = text + i + 1;
            if (how->edges > 0 && lines.next < lines.places.ends)
                assert_true(*lines.edge >= line - lines.from &&
                            (uint16_t)(lines.edge[-1] + 1) <= line - lines.from);
        }
    assert_ptr_equal(lines_next(&lines, line), text + len);
}

static void test_lines(void **state)
{
    static char text[TEXT_BYTES + WIDE_SLACK];
    uint32_t seed = 2;

    (void)state;
    for (int round = 0; round < 200; round++) {
        size_t len = next_random(&seed) % (TEXT_BYTES + 1);

        (round % 2 == 0 ? make_log : make_random)(text, len + WIDE_SLACK, &seed);
        check_lines(&only_ends, text, len);
        for (size_t r = 0; r < COUNT(rules); r++)
            check_lines(&rules[r], text, len);
    }
    check_lines(&only_ends, text, 0);
    memset(text, 'a', sizeof text); /* a line longer than stretches */
    text[2 * LINES_STRETCH + 5] = '\n';
    check_lines(&only_ends, text, TEXT_BYTES);
    check_lines(&rules[0], text, TEXT_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ways), cmocka_unit_test(test_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
