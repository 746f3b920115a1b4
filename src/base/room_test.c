/* room_test.c: items stay while their array grows; what cannot be had changes nothing. */
#include "base/room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

static void test_items_stay(void **state)
{
    enum { ITEMS = 1000 };
    struct pair {
        uint32_t a, b;
    } *pairs = NULL;
    size_t capacity = 0;

    (void)state;
    for (uint32_t i = 0; i < ITEMS; i++) {
        assert_true(ROOM_FOR_ONE(pairs, i, capacity));
        assert_true(i < capacity);
        pairs[i] = (struct pair){i, ~i};
    }
    for (uint32_t i = 0; i < ITEMS; i++)
        assert_true(pairs[i].a == i && pairs[i].b == ~i);
    assert_true(capacity / 2 < ITEMS);
    free(pairs);
}

static void test_room_that_is_there(void **state)
{
    char *bytes = NULL, *before;
    size_t capacity = 0;

    (void)state;
    assert_true(ROOM_FOR_ONE(bytes, 0, capacity));
    before = bytes;
    assert_true(ROOM_FOR_ONE(bytes, capacity - 1, capacity));
    assert_ptr_equal(bytes, before);
    free(bytes);
}

static void test_more_than_there_is(void **state)
{
    uint64_t item = 0, *items = &item;
    size_t capacity = SIZE_MAX / 2 + 1;

    (void)state;
    assert_false(ROOM_FOR_ONE(items, capacity, capacity)); /* twice as many are no number */
    assert_int_equal(capacity, SIZE_MAX / 2 + 1);
    assert_ptr_equal(items, &item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items_stay),
        cmocka_unit_test(test_room_that_is_there),
        cmocka_unit_test(test_more_than_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
