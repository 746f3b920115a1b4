/* text_map_test.c: texts by number, numbers by text. */
#include "base/text_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { MANY = 100000 };

static struct slice numbered(char *room, size_t cap, unsigned n)
{
    return slice_of(room, (size_t)snprintf(room, cap, "text-%u", n));
}

static void test_numbers(void **state)
{
    struct text_map m = {0};
    char room[32];
    bool fresh;

    (void)state;
    assert_int_equal(text_map_find(&m, SLICE("a")), TEXT_MAP_NONE);
    for (unsigned n = 0; n < MANY; n++) {
        assert_int_equal(text_map_add(&m, numbered(room, sizeof room, n), &fresh), n);
        assert_true(fresh);
    }
    for (unsigned n = 0; n < MANY; n++) {
        struct slice text = numbered(room, sizeof room, n);

        assert_int_equal(text_map_find(&m, text), n);
        assert_int_equal(text_map_add(&m, text, &fresh), n);
        assert_false(fresh);
        assert_true(slice_equal(m.texts[n], text));
        assert_int_equal(m.texts[n].ptr[text.len], '\0');
    }
    assert_int_equal(m.count, MANY);
    assert_int_equal(text_map_find(&m, SLICE("text-")), TEXT_MAP_NONE);
    assert_true(text_map_memory(&m) > (size_t)MANY * 8);
    text_map_free(&m);
    assert_int_equal(text_map_memory(&m), 0);
}

/* Bytes, not strings: NUL counts, the empty text is one. */
static void test_bytes(void **state)
{
    struct text_map m = {0};

    (void)state;
    assert_int_equal(text_map_add(&m, slice_of(NULL, 0), NULL), 0);
    assert_int_equal(text_map_add(&m, SLICE("a"), NULL), 1);
    assert_int_equal(text_map_add(&m, SLICE("a\0"), NULL), 2);
    assert_int_equal(text_map_add(&m, SLICE("a\0b"), NULL), 3);
    assert_int_equal(text_map_find(&m, SLICE("")), 0);
    assert_int_equal(text_map_find(&m, SLICE("a\0")), 2);
    text_map_free(&m);
}

static void test_borrowed(void **state)
{
    static const char text[] = "borrowed";
    struct text_map m = {0};
    char room[32];

    (void)state;
    assert_true(text_map_reserve(&m, MANY));
    assert_int_equal(text_map_add_borrowed(&m, slice_of_string(text)), 0);
    for (unsigned n = 1; n < MANY; n++)
        assert_int_equal(text_map_add(&m, numbered(room, sizeof room, n), NULL), n);
    assert_int_equal(text_map_add_borrowed(&m, SLICE("text-7")), 7);
    assert_ptr_equal(m.texts[0].ptr, text);
    assert_ptr_not_equal(m.texts[7].ptr, "text-7");
    assert_int_equal(text_map_find(&m, SLICE("borrowed")), 0);
    assert_true(text_map_reserve(&m, 1));
    assert_int_equal(text_map_find(&m, SLICE("text-99999")), 99999);
    text_map_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_borrowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
