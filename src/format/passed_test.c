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

/* A letter is a line: r gives a record, x is rejected, all others are passed over. */
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
    {"rabcdxefgh", "abcdxefgh"},        /* what is rejected is in it, too */
    {"rabcdxefg", ""},                  /* but does not count */
    {"xxxxxxxxxxxx", ""},
    {"abcdr", ""},
};

static void feed(struct passed *p, const char *lines)
{
    for (; *lines != '\0'; lines++)
        if (*lines == 'r')
            passed_end(p, lines);
        else if (*lines != 'x')
            passed_line(p, lines);
    passed_end(p, lines);
}

static void test_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct passed p = {0};

        feed(&p, rows[i].lines);
        if (!slice_is(buf_slice(&p.longest), rows[i].longest))
            fail_msg("%s: '%.*s'", rows[i].lines, SLICE_FMT(buf_slice(&p.longest)));
        buf_free(&p.longest);
    }
}

static void test_limit(void **state)
{
    enum { LINE_BYTES = PASSED_BYTES / 4 };
    static char text[10 * LINE_BYTES];
    struct passed p = {0};

    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t at = 0; at < sizeof text; at += LINE_BYTES)
        passed_line(&p, text + at);
    passed_end(&p, text + sizeof text);
    assert_int_equal(p.longest.len, PASSED_BYTES);
    buf_free(&p.longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
