/* key_table_test.c: the value of a key. */
#include "format/key_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Filled to its limit with keys of one hash and of many, under two nodes. */
static void test_fill(void **state)
{
    struct key_table *t = calloc(1, sizeof *t);
    static char names[KEY_TABLE_SLOTS][16];
    int added = 0;

    (void)state;
    assert_non_null(t);
    for (int i = 0; i < KEY_TABLE_SLOTS; i++) {
        int len = snprintf(names[i], sizeof names[i], "k%03dk", i);
        struct slice key = slice_of(names[i], (size_t)len);

        assert_int_equal(key_table_find(t, 1, key), -1);
        if (!key_table_add(t, 1, key, i))
            break;
        assert_false(key_table_add(t, 1, key, i + 1)); /* twice */
        added++;
    }
    assert_int_equal(added, KEY_TABLE_SLOTS / 2);
    for (int i = 0; i < added; i++) {
        assert_int_equal(key_table_find(t, 1, slice_of_string(names[i])), i);
        assert_int_equal(key_table_find(t, 2, slice_of_string(names[i])), -1);
    }
    assert_int_equal(key_table_find(t, 1, SLICE("")), -1);
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fill)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
