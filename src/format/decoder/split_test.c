/* split_test.c: a line into columns. */
#include "format/decoder/split.h"

#include "base/buf.h"
#include "base/word.h"

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

/* As split_line of a copy with slack behind it. */
static size_t split(const struct split *how, struct slice line, struct slice *slots,
                    struct arena *scratch)
{
    char *copy = ARENA_NEW(scratch, char, line.len + 1);
    struct split_column every[MOST];

    split_every(MOST, every);
    if (line.len > 0)
        memcpy(copy, line.ptr, line.len);
    memset(copy + line.len, '"', 1); /* what stands behind does not count */
    return split_line(how, slice_of(copy, line.len), &(struct split_target){every, MOST, slots},
                      scratch);
}

static void test_rows(void **state)
{
    struct arena scratch = {0};
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice slots[MOST] = {{NULL, 0}};
        size_t n = split(rows[i].how, slice_of_string(rows[i].line), slots, &scratch);

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
    struct split_column wanted[3];
    const struct split_target to = {wanted, split_wanted(slot_of, 3, wanted), slots};
    struct arena scratch = {0};

    (void)state;
    assert_int_equal(split_line(&plain, arena_copy(&scratch, SLICE("a,b,c,d")), &to, &scratch), 4);
    assert_true(slice_is(slots[0], "c") && slice_is(slots[1], "a"));
    assert_int_equal(split_line(&plain, arena_copy(&scratch, SLICE("d,e")), &to, &scratch), 2);
    assert_true(slice_is(slots[0], "c") && slice_is(slots[1], "d")); /* no third column */
    arena_free(&scratch);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

/* Lines of few bytes that matter: with the index the same as with care, where there are no brackets
 * the way that `brackets` takes. */
static void test_index_against_care(void **state)
{
    static const struct split ways[] = {
        {',', QUOTE_CSV, false},  {',', QUOTE_NONE, false},      {' ', QUOTE_CSV, false},
        {' ', QUOTE_NONE, false}, {' ', QUOTE_BACKSLASH, false}, {',', QUOTE_BACKSLASH, false}};
    static const char *const bytes[] = {"\"\",, \t\\ab", "\",a", "\",aaaaaaaaaaaaaaaa", "\" aaaaaa",
                                        " \tb,"};
    struct arena scratch = {0};
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 60000; round++) {
        const char *of = bytes[next_random(&seed) % COUNT(bytes)];
        struct split how = ways[next_random(&seed) % COUNT(ways)], care = how;
        struct slice fast[MOST] = {{NULL, 0}}, slow[MOST] = {{NULL, 0}};
        char line[200];
        size_t len = next_random(&seed) % sizeof line, n;

        if (round % 3 != 0)
            len %= 12;
        for (size_t i = 0; i < len; i++)
            line[i] = of[next_random(&seed) % strlen(of)];
        care.brackets = true;
        n = split(&how, slice_of(line, len), fast, &scratch);
        if (n != split(&care, slice_of(line, len), slow, &scratch))
            fail_msg("%.*s: %zu columns", (int)len, line, n);
        for (size_t i = 0; n != SPLIT_BROKEN && i < MOST; i++)
            if (!slice_equal(fast[i], slow[i]))
                fail_msg("%.*s: '%.*s' and '%.*s'", (int)len, line, SLICE_FMT(fast[i]),
                         SLICE_FMT(slow[i]));
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_slots),
                                       cmocka_unit_test(test_index_against_care)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
