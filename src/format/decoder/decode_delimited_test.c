/* decode_delimited_test.c: columns by position. */
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SHAPE    "not of the format's shape"
#define REJECTED "1 rejected: " SHAPE ";"
#define SPREAD   "separator blanks\ncolumns h *u m\n"
#define BLANKS   "separator blanks\ncolumns h u m\n"
#define COMMA    "separator comma\ncolumns h u m\n"

static const struct {
    const char *layout, *line, *expected;
} rows[] = {
    {BLANKS, "x y z", "1 user=y host=x method=z;"},
    {BLANKS, "  x   y z", "1 user=y host=x method=z;"},
    {BLANKS, "x y z  ", "1 user=y host=x method=z;"},
    {BLANKS, "x y", REJECTED},
    {BLANKS, "x y ", REJECTED},
    {BLANKS, "x y z a", REJECTED},
    {BLANKS, "x y z a b", REJECTED},
    {"separator blanks\ncolumns h u m ...\n", "x y z a b", "1 user=y host=x method=z;"},
    {"separator blanks\ncolumns h u m ...\n", "x y z", "1 user=y host=x method=z;"},
    {"separator blanks\ncolumns h - u - m\n", "x a y b z", "1 user=y host=x method=z;"},
    {BLANKS, "0123456789abcde 0123456789abcdef z",
     "1 user=0123456789abcdef host=0123456789abcde method=z;"},
    {BLANKS, "0123456789abcdef   y 0123456789abc",
     "1 user=y host=0123456789abcdef method=0123456789abc;"},
    {BLANKS, "x y              z                  ", "1 user=y host=x method=z;"},
    /* one column may hold separators */
    {SPREAD, "x y z", "1 user=y host=x method=z;"},
    {SPREAD, "x sato, hanako z", "1 user=sato, hanako host=x method=z;"},
    {SPREAD, "x  a  b   z", "1 user=a  b host=x method=z;"},
    {SPREAD, "x a b z  ", "1 user=a b host=x method=z;"},
    {SPREAD, "x z", REJECTED},
    {SPREAD, "x  z", REJECTED},
    {SPREAD, "x", REJECTED},
    {"separator blanks\ncolumns *u h m\n", "a b x z", "1 user=a b host=x method=z;"},
    {"separator blanks\ncolumns h m *u\n", "x z a b", "1 user=a b host=x method=z;"},
    {"separator blanks\ncolumns h m *u\n", "x z", REJECTED},
    {"separator tab\ncolumns h *u m\n", "x\ta\tb\tz", "1 user=a\tb host=x method=z;"},
    {"separator tab\ncolumns h *u m\n", "x\t\tz", "1 host=x method=z;"},
    /* other separators: each counts, columns may be empty */
    {COMMA, "x,y,z", "1 user=y host=x method=z;"},
    {COMMA, "x,,z", "1 host=x method=z;"},
    {COMMA, "x,y,", "1 user=y host=x;"},
    {COMMA, "x, y ,z", "1 user= y  host=x method=z;"},
    {COMMA, "x,y", REJECTED},
    {"separator comma\nquotes csv\ncolumns h u ... m\n", "x,y", "1 user=y host=x;"},
    {"separator comma\nquotes csv\ncolumns h u ... m\n", "x,y,z,a", "1 user=y host=x method=z;"},
    {"separator comma\nquotes csv\ncolumns h u ... m\n", "x", REJECTED},
    {COMMA, "x,y,z,", REJECTED},
    {COMMA, "x,y,z,a", REJECTED},
    {"separator tab\ncolumns h u m\n", "x\ty y\tz", "1 user=y y host=x method=z;"},
    {"separator semicolon\ncolumns h u m\n", "x;y;z", "1 user=y host=x method=z;"},
    {"separator bar\ncolumns h u m\n", "x|y|z", "1 user=y host=x method=z;"},
    /* columns longer than one wide load */
    {COMMA, "0123456789abcdef,0123456789abcdef0123456789abcdef0,z",
     "1 user=0123456789abcdef0123456789abcdef0 host=0123456789abcdef method=z;"},
};

/* Lines of more words, or longer, than the quick way takes. */
static void test_large(void **state)
{
    static const struct {
        const char *piece;
        size_t times;
    } cases[] = {{"a ", 40}, {"ab", 300}, {"a b ", 200}};
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        static const char *const parts[] = {TESTING_HEAD("delimited"),
                                            SPREAD "host = h\nuser = u\nmethod = m\n", NULL};
        struct buf line = {0}, expected = {0};

        buf_append_string(&line, "x ");
        buf_append_string(&expected, "1 user=");
        for (size_t k = 0; k < cases[i].times; k++) {
            buf_append_string(&line, cases[i].piece);
            buf_append_string(&expected, cases[i].piece);
        }
        while (expected.ptr[expected.len - 1] == ' ')
            expected.len--;
        buf_append_string(&line, " z");
        buf_append(&expected, SLICE(" host=x method=z;"));
        testing_decode_parts(parts, buf_slice(&line), &out);
        assert_true(slice_equal(buf_slice(&expected), slice_of_string(out.ptr)));
        buf_free(&line);
        buf_free(&expected);
    }
    buf_free(&out);
}

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *const parts[] = {TESTING_HEAD("delimited"), rows[i].layout,
                                     "host = h\nuser = u\nmethod = m\n", NULL};

        testing_decode_parts(parts, slice_of_string(rows[i].line), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s%s:\nexpected %s\nis       %s", rows[i].layout, rows[i].line,
                     rows[i].expected, out.ptr);
    }
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_large)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
