/* scan_test.c: sixteen bytes at a time find what a search byte by byte finds. */
#include "format/decoder/scan.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LONGEST = 200, ROUNDS = 20000 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

/* The reference: the first of ${bytes} in ${s}, or its length. */
static size_t first_of(struct slice s, const char *bytes, size_t count)
{
    size_t i = 0;

    while (i < s.len && memchr(bytes, s.ptr[i], count) == NULL)
        i++;
    return i;
}

static void check(struct slice s)
{
    static const char wanted[3] = {'"', '\xff', '\0'};
    const char *end = s.ptr + s.len;
    size_t one = first_of(s, wanted, 1);

    assert_int_equal(scan_byte(s.ptr, end, wanted[0]) - s.ptr, one);
    assert_int_equal(scan_slack(s.ptr, end, wanted[0]) - s.ptr, one);
    assert_int_equal(scan_has(s, wanted[0]), one < s.len);
    assert_int_equal(scan_either(s.ptr, end, wanted[0], wanted[1]) - s.ptr, first_of(s, wanted, 2));
    assert_int_equal(scan_lacks(s.ptr, end, wanted[0], wanted[1]), first_of(s, wanted, 2) == s.len);
    assert_int_equal(scan_three(s.ptr, end, wanted) - s.ptr, first_of(s, wanted, 3));
}

/* Texts of all lengths at all offsets; what is looked for stands behind the end too. */
static void test_ways_agree(void **state)
{
    static const char *const bytes[] = {"\"aaa\xff", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "a"};
    char text[16 + LONGEST + WIDE_SLACK];
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *of = bytes[next_random(&seed) % 3];
        size_t offset = next_random(&seed) % 16, len = next_random(&seed) % (LONGEST + 1);

        for (size_t i = 0; i < sizeof text; i++)
            text[i] = of[next_random(&seed) % (strlen(of) + (round % 2 == 0))]; /* or a NUL */
        check(slice_of(text + offset, len));
    }
}

/* Never looks at what stands before or behind. */
static void test_edges(void **state)
{
    char text[LONGEST + WIDE_SLACK];

    (void)state;
    memset(text, '"', sizeof text);
    for (size_t len = 0; len <= LONGEST; len++) {
        memset(text, 'a', len);
        check(slice_of(text, len));
        for (size_t at = 0; at < len; at++) {
            text[at] = '"';
            check(slice_of(text, len));
            text[at] = 'a';
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_agree),
        cmocka_unit_test(test_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
