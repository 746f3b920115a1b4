/* utf16_test.c: pairs, halves and pieces of UTF-16. */
#include "text/utf16.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Big endian; the little endian case is the same with the bytes of each unit swapped. */
static const struct {
    struct slice in;
    const char *expected;
} rows[] = {
    {{"", 0}, ""},
    {{"\0a\0\n", 4}, "a\n"},
    {{"\0\x7f\0\x80\x07\xff\x08\0\xff\xfd", 10}, "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbd"},
    {{"\x65\xe5\x67\x2c", 4}, "\xe6\x97\xa5\xe6\x9c\xac"},
    {{"\xd8\x3d\xde\0", 4}, "\xf0\x9f\x98\x80"},
    {{"\xd8\0\xdc\0\xdb\xff\xdf\xff", 8}, "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"},
    {{"\xd8\x3d\0a", 4},
     "\xef\xbf\xbd"
     "a"},
    {{"\xde\0\0a", 4},
     "\xef\xbf\xbd"
     "a"},
    {{"\xd8\x3d\xd8\x3d\xde\0", 6}, "\xef\xbf\xbd\xf0\x9f\x98\x80"},
    {{"\xd8\x3d\xde\0\xde\0", 6}, "\xf0\x9f\x98\x80\xef\xbf\xbd"},
    {{"\0a\xd8\x3d", 4}, "a\xef\xbf\xbd"},
    {{"\0a\0", 3}, "a\xef\xbf\xbd"},
    /* marks of files that were put together; none within a line */
    {{"\xfe\xff\0a\0\n\xfe\xff\0b", 10}, "a\nb"},
    {{"\0a\0\n\xff\xfe"
      "b\0\n\0c\0",
      12},
     "a\nb\nc"},
    {{"\0a\xfe\xff\0b", 6},
     "a\xef\xbb\xbf"
     "b"},
    {{"\xd8\x3d\xde", 3}, "\xef\xbf\xbd\xef\xbf\xbd"},
};

static void swap_units(struct slice in, char *out)
{
    for (size_t i = 0; i < in.len; i++)
        if ((i ^ 1) < in.len)
            out[i ^ 1] = in.ptr[i];
        else
            out[i] = in.ptr[i];
}

static void converts_in_pieces_of_any_size(void **state)
{
    char swapped[16] = "", out[64];

    (void)state;
    for (size_t i = 0; i < COUNT(rows) * 2 * 5; i++) {
        struct slice in = rows[i / 10].in;
        struct utf16 u = {.big_endian = i % 2 == 0};
        size_t n = 0, size = i / 2 % 5 + 1;

        swap_units(in, swapped);
        if (!u.big_endian)
            in.ptr = swapped;
        for (; in.len > 0; in = slice_from(in, size)) {
            if (size > in.len)
                size = in.len;
            n += utf16_to_utf8(&u, slice_of(in.ptr, size), out + n);
        }
        n += utf16_finish(&u, out + n);
        assert_int_equal(n, strlen(rows[i / 10].expected));
        assert_memory_equal(out, rows[i / 10].expected, n);
        assert_int_equal(utf16_finish(&u, out), 0);
    }
}

/* A byte lost or one too many spoils its line, no other. */
static void finds_the_next_line(void **state)
{
    static const char lines[2][14] = {"1\0\n\0002\0002\0\r\0\n\0003",
                                      "\0001\0\n\0002\0002\0\r\0\n\0003"};
    char in[16], out[64];

    (void)state;
    for (size_t i = 0; i < 16; i++) { /* both orders, four places, a byte lost or more */
        bool big = i % 2 == 1, more = i / 8 == 1;
        size_t at = 4 + i / 2 % 4, behind = at + !more, len = sizeof *lines - behind, n;
        struct utf16 u = {.big_endian = big};

        memcpy(in, lines[big], at);
        in[at] = 'x';
        memcpy(in + at + more, lines[big] + behind, len);
        n = utf16_to_utf8(&u, slice_of(in, at + more + len), out);
        n += utf16_finish(&u, out + n);
        assert_true(n > 4);
        assert_memory_equal(out, "1\n", 2);
        assert_memory_equal(out + n - 2, "\n3", 2);
    }
}

static void fits_the_room_that_it_asks_for(void **state)
{
    char in[9], out[64];

    (void)state;
    memset(in, 0xff, sizeof in);
    for (size_t n = 0; n <= sizeof in; n++) {
        struct utf16 u = {0};
        size_t before = utf16_to_utf8(&u, SLICE("\0\xd8\1"), out); /* a half pair, half a unit */

        assert_int_equal(before, 0);
        assert_true(utf16_to_utf8(&u, slice_of(in, n), out) <= UTF16_TO_UTF8_BYTES(n));
    }
}

static void detects_without_a_mark(void **state)
{
    char text[66] = "";
    struct utf16 u;

    (void)state;
    for (size_t i = 0; i < sizeof text; i += 2)
        text[i] = 'x';
    assert_true(utf16_detect(slice_of(text, 64), &u));
    assert_false(u.big_endian);
    assert_true(utf16_detect(slice_of(text + 1, 64), &u));
    assert_true(u.big_endian);
    assert_false(utf16_detect(slice_of(text, 63), &u));
    text[11] = 'y';
    assert_false(utf16_detect(slice_of(text, 64), &u));
    text[10] = '\0';
    assert_false(utf16_detect(slice_of(text, 64), &u));
    memset(text, 0, sizeof text);
    assert_false(utf16_detect(slice_of(text, 64), &u));
    memset(text, 'x', sizeof text);
    assert_false(utf16_detect(slice_of(text, 64), &u));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(converts_in_pieces_of_any_size),
        cmocka_unit_test(finds_the_next_line),
        cmocka_unit_test(fits_the_room_that_it_asks_for),
        cmocka_unit_test(detects_without_a_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
