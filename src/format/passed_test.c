/* passed_test.c: the longest run of lines without a record. */
#include "format/passed.h"

#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* A letter is a line: r gives a record, all others are passed over. */
static const struct {
    const char *lines, *longest;
} rows[] = {
    {"", ""},
    {"rrrr", ""},
    {"rabcdefg", ""}, /* too few */
    {"rabcdefgh", "abcdefgh"},
    {"rabcdefghr", "abcdefgh"},
    {"abcdefghijrabcdefgh", "abcdefghij"},
    {"abcdefghrabcdefghij", "abcdefghij"},
    {"rabcdefghrABCDEFGH", "abcdefgh"}, /* the first of equals */
    {"abcdr", ""},
};

/* A block ends before every ${block} lines; 0: never. */
static void feed(struct passed *p, const char *lines, size_t block)
{
    for (size_t i = 0; lines[i] != '\0'; i++) {
        if (block > 0 && i % block == 0)
            passed_block_end(p, lines + i);
        if (lines[i] == 'r')
            passed_end(p, lines + i);
        else
            passed_line(p, lines + i);
    }
    passed_block_end(p, lines + strlen(lines));
}

static void test_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t block = 0; block < 10; block++) {
            struct passed p = {0};
            struct slice longest;

            feed(&p, rows[i].lines, block);
            longest = buf_slice(passed_longest(&p));
            if (!slice_is(longest, rows[i].longest))
                fail_msg("%s, %zu: '%.*s'", rows[i].lines, block, SLICE_FMT(longest));
            passed_free(&p);
        }
}

static void test_limit(void **state)
{
    enum { LINE_BYTES = PASSED_BYTES / 4 };
    static char text[10 * LINE_BYTES];

    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t lines = 1; lines <= 10; lines++) {
        struct passed p = {0};

        for (size_t i = 0; i < 10; i++) {
            if (i % lines == 0)
                passed_block_end(&p, text + i * LINE_BYTES);
            passed_line(&p, text + i * LINE_BYTES);
        }
        passed_block_end(&p, text + sizeof text);
        assert_int_equal(passed_longest(&p)->len, PASSED_BYTES);
        passed_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
