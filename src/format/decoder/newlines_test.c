/* newlines_test.c: every way to find newlines gives the same, and lines come out one after the
 * other. */
#include "format/decoder/newlines.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TEXT_BYTES = 3 * NEWLINES_STRETCH };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Each byte is a newline once in ${every}, behind the end as well. */
static void make_text(char *text, size_t size, unsigned every, uint32_t *seed)
{
    static const char bytes[] = "\t\v\r \n";

    for (size_t i = 0; i < size; i++)
        text[i] = bytes[next_random(seed) % every == 0 ? 4 : next_random(seed) % 4];
}

static void check_finder(newlines_finder *find, const char *text, size_t len)
{
    uint16_t places[NEWLINES_STRETCH + NEWLINES_LOOK];
    size_t count = find(text, len, places), n = 0;

    for (size_t i = 0; i < len; i++)
        if (text[i] == '\n')
            assert_true(n < count && places[n++] == i);
    assert_int_equal(n, count);
}

static void test_ways(void **state)
{
    static const unsigned every[] = {1, 2, 7, 130, 5000};
    char text[NEWLINES_STRETCH + WIDE_SLACK];
    uint32_t seed = 1;

    (void)state;
    for (size_t e = 0; e < sizeof every / sizeof *every; e++)
        for (size_t len = 0; len <= NEWLINES_STRETCH; len += 1 + next_random(&seed) % 9) {
            make_text(text, sizeof text, every[e], &seed);
            check_finder(newlines_finder_best(), text, len);
            for (size_t way = 0; newlines_finder_at(way) != NULL; way++)
                check_finder(newlines_finder_at(way), text, len);
        }
}

/* What a loop over bytes gives. */
static void check_lines(const char *text, size_t len)
{
    struct newlines newlines = {.find = newlines_finder_best()};

    newlines_start(&newlines, text, text + len);
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\n') {
            assert_ptr_equal(newlines_next(&newlines), text + i);
            assert_ptr_equal(newlines_next(&newlines), text + i); /* it stays */
            newlines_pass(&newlines);
        }
    for (int i = 0; i < 2; i++) {
        assert_ptr_equal(newlines_next(&newlines), text + len);
        newlines_pass(&newlines);
    }
}

static void test_lines(void **state)
{
    static const unsigned every[] = {1, 3, 100, 2000, 100000};
    static char text[TEXT_BYTES + WIDE_SLACK];
    uint32_t seed = 2;

    (void)state;
    for (int round = 0; round < 200; round++) {
        make_text(text, sizeof text, every[round % 5], &seed);
        check_lines(text, next_random(&seed) % (TEXT_BYTES + 1));
    }
    check_lines(text, 0);
    check_lines(text, NEWLINES_STRETCH);
    check_lines(text, TEXT_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ways), cmocka_unit_test(test_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
