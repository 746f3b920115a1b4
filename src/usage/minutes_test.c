/* minutes_test.c: sets of minutes, few and many. */
#include "usage/minutes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ${count} minutes, ${step} apart from ${first}, each added twice. */
static struct minutes make(unsigned first, unsigned step, unsigned count, struct arena *a)
{
    struct minutes m = {0};

    for (unsigned twice = 0; twice < 2; twice++)
        for (unsigned i = 0; i < count; i++)
            assert_true(minutes_add(&m, (first + i * step) % MINUTES_PER_DAY, a));
    return m;
}

static void test_add(void **state)
{
    static const unsigned counts[] = {
        0, 1, 2, MINUTES_INLINE, MINUTES_INLINE + 1, 16, 17, 32, 33, 64, 65, 100, 1440};
    struct arena a = {0};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct minutes m = make(1433, 7, counts[i], &a);
        uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0};
        unsigned members = 0;

        assert_int_equal(m.count, counts[i]);
        assert_int_equal(minutes_are_many(&m), counts[i] > MINUTES_INLINE);
        minutes_or_into(&m, bitmap);
        assert_int_equal(minutes_count_bitmap(bitmap), counts[i]);
        for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++) {
            bool in_bitmap = (bitmap[minute / 8] >> (minute % 8) & 1) != 0;

            assert_int_equal(minutes_has(&m, minute), in_bitmap);
            members += minutes_has(&m, minute);
        }
        assert_int_equal(members, counts[i]);
        m = minutes_of_bitmap(bitmap, members);
        assert_int_equal(m.count, members);
        for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++)
            assert_int_equal(minutes_has(&m, minute),
                             (bitmap[minute / 8] >> (minute % 8) & 1) != 0);
    }
    arena_free(&a);
}

/* Sets that grow in turns take the lists that others left behind. */
static void test_lists_again(void **state)
{
    enum { SETS = 40 };
    struct arena a = {0};
    struct minutes sets[SETS] = {0};

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        for (unsigned s = 0; s < SETS && s <= i; s++)
            assert_true(minutes_add(&sets[s], (s + i * 11) % MINUTES_PER_DAY, &a));
    for (unsigned s = 0; s < SETS; s++) {
        assert_int_equal(sets[s].count, 100 - s);
        for (unsigned i = 0; i < 100; i++)
            assert_int_equal(minutes_has(&sets[s], (s + i * 11) % MINUTES_PER_DAY), i >= s);
    }
    arena_free(&a);
}

static void test_first_and_last(void **state)
{
    struct arena a = {0};
    struct minutes m = {0};

    (void)state;
    assert_true(minutes_add(&m, 0, &a) && minutes_add(&m, MINUTES_PER_DAY - 1, &a));
    for (unsigned minute = 100; minute < 110; minute++)
        assert_true(minutes_add(&m, minute, &a));
    assert_int_equal(m.count, 12);
    assert_true(minutes_has(&m, 0) && minutes_has(&m, MINUTES_PER_DAY - 1));
    assert_false(minutes_has(&m, 1) || minutes_has(&m, MINUTES_PER_DAY - 2));
    arena_free(&a);
}

/* Sets of every size into sets of every size: the union, and the source as before. */
static void test_merge(void **state)
{
    struct arena a = {0};

    (void)state;
    for (unsigned x = 0; x < 20; x++)
        for (unsigned y = 0; y < 20; y++) {
            struct minutes m = make(0, 3, x, &a), from = make(0, 2, y, &a);
            unsigned expected = 0;

            assert_true(minutes_merge(&m, &from, &a));
            assert_int_equal(from.count, y);
            for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++) {
                bool member =
                    (minute % 3 == 0 && minute < 3 * x) || (minute % 2 == 0 && minute < 2 * y);

                assert_int_equal(minutes_has(&m, minute), member);
                expected += member;
            }
            assert_int_equal(m.count, expected);
        }
    arena_free(&a);
}

/* The same from a bitmap. */
static void test_add_bitmap(void **state)
{
    struct arena a = {0};

    (void)state;
    for (unsigned x = 0; x < 20; x++)
        for (unsigned y = 0; y < 480; y = y < 20 ? y + 1 : y * 4) {
            struct minutes m = make(0, 3, x, &a), same = make(0, 3, x, &a),
                           from = make(0, 2, y, &a);
            uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0};

            minutes_or_into(&from, bitmap);
            assert_true(minutes_merge(&same, &from, &a) && minutes_add_bitmap(&m, bitmap, &a));
            assert_int_equal(m.count, same.count);
            for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++)
                assert_int_equal(minutes_has(&m, minute), minutes_has(&same, minute));
        }
    arena_free(&a);
}

/* The union of several sets, small and large, in either order. */
static void test_union(void **state)
{
    static const unsigned sizes[] = {0, 1, 3, 7, 8, 200};
    struct arena a = {0};

    (void)state;
    for (size_t x = 0; x < 6; x++)
        for (size_t y = 0; y < 6; y++) {
            struct minutes m = make(0, 3, sizes[x], &a), n = make(0, 2, sizes[y], &a);
            struct minutes_union u;
            struct minutes both = make(0, 3, sizes[x], &a);

            assert_true(minutes_merge(&both, &n, &a));
            minutes_union_start(&u);
            assert_int_equal(minutes_union_count(&u), 0);
            minutes_union_add(&u, &m);
            assert_int_equal(minutes_union_count(&u), m.count);
            minutes_union_add(&u, &n);
            minutes_union_add(&u, &m);
            assert_int_equal(minutes_union_count(&u), both.count);
        }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_lists_again),
        cmocka_unit_test(test_first_and_last),
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_add_bitmap),
        cmocka_unit_test(test_union),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
