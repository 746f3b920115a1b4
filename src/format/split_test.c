/* split_test.c: a line into columns. */
#include "format/split.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { MOST = 6 };

static const struct split csv = {',', QUOTE_CSV, false}, plain = {',', QUOTE_NONE, false},
                          logs = {' ', QUOTE_BACKSLASH, true}, tabs = {'\t', QUOTE_NONE, false};

static const struct {
    const struct split *how;
    const char *line, *expected; /* columns between bars; "!" where the line is broken */
} rows[] = {
    {&plain, "a,b,c", "a|b|c|"},
    {&plain, "", "|"},
    {&plain, ",", "||"},
    {&plain, "a,\"b,c\"", "a|\"b|c\"|"},
    {&tabs, "a b\t\tc", "a b||c|"},
    {&csv, "\"a\",\"b,c\",d", "a|b,c|d|"},
    {&csv, "\"a\"\"b\",\"\"\"\",\"\"", "a\"b|\"||"},
    {&csv, "a, \"b\" ,c", "a|b|c|"},
    {&csv, "a,b\"c,d", "a|b\"c|d|"},
    {&csv, "a,\"b", "!"},
    {&csv, "a,\"b\"c", "!"},
    {&csv, "\"", "!"},
    {&csv, "a,b\\,c", "a|b\\|c|"},
    {&logs, "a  b\tc", "a|b|c|"},
    {&logs, "  a b  ", "a|b|"},
    {&logs, "", ""},
    {&logs, "a \"b c\" d", "a|b c|d|"},
    {&logs, "a \"b \\\"c\\\"\" d", "a|b \"c\"|d|"},
    {&logs, "a \"b\\\\\" d", "a|b\\\\|d|"}, /* other backslashes stay */
    {&logs, "a [b c] d", "a|b c|d|"},
    {&logs, "a [b c", "a|b c|"},
    {&logs, "a [] d", "a||d|"},
    {&logs, "a \"b", "!"},
    {&logs, "a \"\" d", "a||d|"},
    {&plain, "1,2,3,4,5,6,7,8", "1|2|3|4|5|6|"}, /* more than are wanted */
};

static void test_rows(void **state)
{
    static const int places[MOST] = {0, 1, 2, 3, 4, 5};
    struct arena scratch = {0};
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice slots[MOST] = {{NULL, 0}};
        size_t n =
            split_line(rows[i].how, slice_of_string(rows[i].line), places, MOST, slots, &scratch);

        buf_reset(&out);
        if (n == SPLIT_BROKEN)
            buf_append_byte(&out, '!');
        for (size_t k = 0; n != SPLIT_BROKEN && k < n && k < MOST; k++)
            buf_printf(&out, "%.*s|", SLICE_FMT(slots[k]));
        buf_append_byte(&out, '\0');
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s: expected %s, is %s", rows[i].line, rows[i].expected, out.ptr);
    }
    buf_free(&out);
    arena_free(&scratch);
}

/* Only the wanted columns go anywhere, each to its slot. */
static void test_slots(void **state)
{
    static const int slot_of[] = {1, -1, 0};
    struct slice slots[2] = {{NULL, 0}};
    struct arena scratch = {0};

    (void)state;
    assert_int_equal(split_line(&plain, SLICE("a,b,c,d"), slot_of, 3, slots, &scratch), 4);
    assert_true(slice_is(slots[0], "c") && slice_is(slots[1], "a"));
    arena_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_slots)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
