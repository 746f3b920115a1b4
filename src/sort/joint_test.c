/* joint_test.c: what one sorter would give, from several. */
#include "sort/joint.h"

#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { RECORDS = 5000, FEW_BYTES = 4096 };

/* Every record ${i} into the sorter that ${part_of} says, in an order of its own. */
static void fill(struct joint *j, size_t count, size_t part_of(size_t i))
{
    struct error err = {0};

    j->count = count;
    for (size_t i = 0; i < count; i++)
        assert_non_null(j->sorters[i] = sorter_create(NULL, FEW_BYTES, &err));
    for (size_t i = 0; i < RECORDS; i++) {
        size_t number = i * 7919 % RECORDS;
        char key[16];

        snprintf(key, sizeof key, "%08zu", number);
        assert_true(sorter_add(j->sorters[part_of(number)], slice_of_string(key),
                               slice_of_string(key + 4), &err));
    }
    assert_int_equal(joint_count(j), RECORDS);
}

static void assert_in_order(struct joint *j)
{
    struct error err = {0};
    struct slice key, value;
    uint64_t number;
    size_t n = 0;

    assert_true(joint_start(j, &err));
    for (; joint_next(j, &key, &value, &err); n++) {
        assert_true(num_parse(key, UINT64_MAX, &number));
        assert_int_equal(number, n);
        assert_true(slice_equal(value, slice_from(key, 4)));
    }
    assert_int_equal(err.code, ERROR_NONE);
    assert_int_equal(n, RECORDS);
    assert_false(joint_next(j, &key, &value, &err));
}

static size_t in_turns(size_t i)
{
    return i % 2;
}

static size_t in_halves(size_t i)
{
    return i < RECORDS / 2 ? 1 : 0;
}

static size_t in_first(size_t i)
{
    (void)i;
    return 0;
}

static void test_order(void **state)
{
    size_t (*const ways[])(size_t) = {in_turns, in_halves, in_first};

    (void)state;
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        struct joint j = {.count = 0};

        fill(&j, 2, ways[way]);
        assert_in_order(&j);
        assert_in_order(&j); /* and again from the front */
        joint_free(&j);
    }
}

static void test_one(void **state)
{
    struct joint j = {.count = 0};

    (void)state;
    fill(&j, 1, in_first);
    assert_in_order(&j);
    joint_free(&j);
}

static void test_nothing(void **state)
{
    struct joint j = {.count = 0};
    struct error err = {0};
    struct slice key, value;

    (void)state;
    assert_int_equal(joint_count(&j), 0);
    assert_true(joint_start(&j, &err));
    assert_false(joint_next(&j, &key, &value, &err));
    joint_free(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
