/* arena_test.c: memory that is freed at once. */
#include "base/arena.h"

#include "base/word.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_alloc(void **state)
{
    struct arena a = {0};
    unsigned char *pieces[200];

    (void)state;
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = arena_alloc(&a, i * 37);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < i * 37; k++)
            assert_int_equal(pieces[i][k], 0);
        memset(pieces[i], (int)i, i * 37);
    }
    for (size_t i = 0; i < 200; i++) /* nothing overlaps */
        for (size_t k = 0; k < i * 37; k++)
            assert_int_equal(pieces[i][k], i);
    assert_true(a.total >= (size_t)199 * 100 * 37);
    arena_free(&a);
    assert_int_equal(a.total, 0);
}

static void test_limits(void **state)
{
    struct arena a = {0};

    (void)state;
    assert_null(arena_alloc_array(&a, SIZE_MAX / 2, 3));
    assert_null(arena_alloc_array(&a, 3, SIZE_MAX / 2));
    assert_non_null(ARENA_NEW(&a, uint64_t, 0));
    assert_non_null(arena_alloc(&a, 5 << 20)); /* more than any chunk */
    assert_non_null(arena_alloc(&a, 1));
    arena_free(&a);
}

/* What was given back is taken again, by blocks of its size only. */
static void test_blocks(void **state)
{
    struct arena a = {0};
    void *blocks[20];
    size_t total;

    (void)state;
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 20; i++) {
            blocks[i] = arena_block(&a, (size_t)16 << i % 10);
            assert_non_null(blocks[i]);
            assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
            memset(blocks[i], (int)i, (size_t)16 << i % 10);
        }
        for (size_t i = 0; i < 20; i++) /* nothing overlaps */
            for (size_t k = 0; k < (size_t)16 << i % 10; k++)
                assert_int_equal(((unsigned char *)blocks[i])[k], i);
        for (size_t i = 0; i < 20; i++)
            arena_give_back(&a, blocks[i], (size_t)16 << i % 10);
    }
    total = a.total;
    for (size_t i = 0; i < 10000; i++) {
        blocks[0] = arena_block(&a, 2048);
        arena_give_back(&a, blocks[0], 2048);
    }
    assert_int_equal(a.total, total);
    arena_reset(&a);
    assert_non_null(arena_block(&a, 2048)); /* none of the old ones */
    arena_free(&a);
}

static void test_arrays(void **state)
{
    static const uint32_t numbers[] = {7, 8, 9};
    struct arena a = {0};

    (void)state;
    assert_memory_equal(arena_copy_array(&a, numbers, 4, 3), numbers, sizeof numbers);
    assert_non_null(arena_copy_array(&a, NULL, 4, 0));
    assert_null(arena_copy_array(&a, numbers, SIZE_MAX / 2, 3));
    arena_free(&a);
}

static void test_copy(void **state)
{
    struct arena a = {0};
    struct slice copy = arena_copy(&a, SLICE("a\0b"));

    (void)state;
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.ptr, "a\0b", 4);
    assert_string_equal(arena_copy(&a, slice_of(NULL, 0)).ptr, "");
    for (int i = 0; i < 10000; i++)
        assert_string_equal(arena_copy(&a, SLICE("0123456789")).ptr, "0123456789");
    arena_free(&a);
}

static void test_reset(void **state)
{
    struct arena a = {0};
    size_t kept;

    (void)state;
    arena_reset(&a);
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_alloc(&a, 1000));
    kept = a.total;
    assert_true(kept >= 100000 && kept < 150000);
    arena_reset(&a);
    assert_int_equal(a.total, 0);
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_alloc(&a, 1000));
    assert_int_equal(a.total, kept); /* in one piece */
    arena_reset(&a);
    for (int round = 0; round < 100; round++) {
        unsigned char *p = arena_alloc(&a, 100);

        assert_non_null(p);
        assert_int_equal(p[0], 0); /* zeroed, though used before */
        memset(p, 0xff, 100);
        arena_reset(&a);
    }
    assert_int_equal(a.total, kept);
    arena_free(&a);
    arena_free(&a);
}

/* Text may be written before it is known how much. */
static void test_room(void **state)
{
    struct arena a = {0};
    char *last = arena_text(&a, 1);

    (void)state;
    *last = 'a';
    for (int i = 0; i < 2000; i++) {
        size_t used = (size_t)i % 90;
        char *room = arena_room(&a, 100);

        assert_non_null(room);
        memset(room, 'b', 100 + WIDE_SLACK);
        assert_ptr_equal(arena_text(&a, used), room);
        assert_int_equal(*last, 'a');
        if (used > 0) {
            last = room + used - 1;
            *last = 'a';
        }
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room),   cmocka_unit_test(test_alloc),  cmocka_unit_test(test_limits),
        cmocka_unit_test(test_blocks), cmocka_unit_test(test_arrays), cmocka_unit_test(test_copy),
        cmocka_unit_test(test_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
