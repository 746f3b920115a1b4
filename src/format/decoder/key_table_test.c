/* key_table_test.c: the value of a key. */
#include "format/decoder/key_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { LIMIT = 256, NAMES = 300 };

static struct slice name_of(int i)
{
    static char names[NAMES][16];
    int len = snprintf(names[i], sizeof names[i], "k%03dk", i);

    return slice_of(names[i], (size_t)len);
}

/* A table for so many takes so many, with keys of one hash and of many, under two nodes. */
static void test_fill(void **state)
{
    static const size_t sizes[] = {0, 1, 5, 16, 17, 100, LIMIT, NAMES};

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct arena arena = {0};
        struct key_table t;
        int most = (int)(sizes[s] < LIMIT ? sizes[s] : LIMIT);

        assert_true(key_table_make(&t, sizes[s], &arena));
        for (int i = 0; i < most; i++) {
            assert_int_equal(key_table_find(&t, 1, name_of(i)), -1);
            assert_true(key_table_add(&t, 1, name_of(i), i));
            assert_false(key_table_add(&t, 1, name_of(i), i + 1)); /* twice */
        }
        for (int i = 0; i < most; i++) {
            assert_int_equal(key_table_find(&t, 1, name_of(i)), i);
            assert_int_equal(key_table_find(&t, 2, name_of(i)), -1);
        }
        assert_int_equal(key_table_find(&t, 1, SLICE("")), -1);
        arena_free(&arena);
    }
}

/* One that is full says so, and its keys are found all the same. */
static void test_full(void **state)
{
    struct arena arena = {0};
    struct key_table t;
    int added = 0;

    (void)state;
    assert_true(key_table_make(&t, 1, &arena));
    while (added < NAMES && key_table_add(&t, 0, name_of(added), added))
        added++;
    assert_in_range(added, 1, LIMIT);
    for (int i = 0; i < NAMES; i++)
        assert_int_equal(key_table_find(&t, 0, name_of(i)), i < added ? i : -1);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fill), cmocka_unit_test(test_full)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
