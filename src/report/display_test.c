/* display_test.c: what a terminal must not obey, and widths. */
#include "report/display.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_append(void **state)
{
    const struct {
        struct slice in;
        const char *out;
    } cases[] = {
        {SLICE(""), ""},
        {SLICE("plain text"), "plain text"},
        {SLICE("CORP\\sato"), "CORP\\sato"},
        {SLICE("鈴木 ｶﾅ é"), "鈴木 ｶﾅ é"},
        {SLICE("\033[31mred"), "\\x1b[31mred"},
        {SLICE("a\tb\nc\rd\0e"), "a\\x09b\\x0ac\\x0dd\\x00e"},
        {SLICE("\177"), "\\x7f"},
        {SLICE("eight or more\037~\177 "), "eight or more\\x1f~\\x7f "},
        {SLICE("12345678鈴木"), "12345678鈴木"},
        {SLICE("\302\233m"), "\\u{009b}m"},               /* C1: CSI */
        {SLICE("exe\342\200\256gpj"), "exe\\u{202e}gpj"}, /* right-to-left override */
        {SLICE("a\342\201\246b"), "a\\u{2066}b"},         /* isolate */
        {SLICE("a\342\200\213b"), "a\\u{200b}b"},         /* shows nothing */
        {SLICE("a\342\200\250b"), "a\\u{2028}b"},         /* a line's end to some */
        {SLICE("\222\206"), "\\x92\\x86"},                /* Shift_JIS */
        {SLICE("\343\201"), "\\xe3\\x81"},                /* cut off */
        {SLICE("\300\257"), "\\xc0\\xaf"},                /* overlong */
        {SLICE("\355\240\200"), "\\xed\\xa0\\x80"},       /* a surrogate */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};

        display_append(&out, cases[i].in);
        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, cases[i].out);
        buf_free(&out);
    }
}

static void test_width(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},  {"abc", 3},       {"鈴木", 4}, {"ｶﾅ", 2},
        {"é", 1}, {"e\314\201", 1}, {"😀", 2},    {"eight or more 鈴木 12345678", 27},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(display_width(slice_of_string(cases[i].text)), cases[i].width);
}

static void test_front(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *front;
    } cases[] = {
        {"", 3, ""},
        {"abc", 3, "abc"},
        {"abcd", 3, "abc"},
        {"abc", 0, ""},
        {"鈴木", 3, "鈴"},
        {"鈴木", 4, "鈴木"},
        {"鈴", 1, ""},
        {"ae\314\201x", 2, "ae\314\201"},
        {"eight or more", 9, "eight or "},
        {"eight or more 鈴木", 16, "eight or more 鈴"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice front = display_front(slice_of_string(cases[i].text), cases[i].columns);

        assert_true(slice_is(front, cases[i].front));
    }
}

static void test_numbers(void **state)
{
    static const struct {
        uint64_t number;
        const char *digits, *bytes;
    } cases[] = {
        {0, "0", "0 B"},
        {999, "999", "999 B"},
        {1000, "1,000", "1000 B"},
        {1024, "1,024", "1.0 KiB"},
        {1234567, "1,234,567", "1.2 MiB"},
        {UINT64_MAX, "18,446,744,073,709,551,615", "16384.0 PiB"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf digits = {0}, bytes = {0};

        display_append_number(&digits, cases[i].number);
        buf_append_byte(&digits, '\0');
        display_append_bytes(&bytes, cases[i].number);
        buf_append_byte(&bytes, '\0');
        assert_string_equal(digits.ptr, cases[i].digits);
        assert_string_equal(bytes.ptr, cases[i].bytes);
        buf_free(&digits);
        buf_free(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_front),
        cmocka_unit_test(test_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
