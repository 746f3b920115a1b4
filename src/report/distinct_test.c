/* distinct_test.c: counted and listed alike, whether numbers last or not. */
#include "report/distinct.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { NAMES = 300 };

/* Names t0, t1 … in an order that is not theirs. */
static struct usage *make_names(uint32_t *ids)
{
    struct error err = {0};
    struct usage *u = usage_create(&err);
    char text[16];

    for (unsigned i = 0; i < NAMES; i++) {
        unsigned number = i * 7 % NAMES;

        (void)snprintf(text, sizeof text, "t%03u", number);
        assert_true(usage_name_id(u, NAME_TENANT, slice_of_string(text), &ids[number]));
    }
    return u;
}

/* Add ${count} names twice, forgetting numbers after every ${forget} (0: never). */
static void add(struct distinct *d, const struct usage *names, const uint32_t *ids, unsigned count,
                unsigned forget)
{
    struct error err = {0};

    for (unsigned i = 0; i < 2 * count; i++) {
        assert_true(distinct_add(d, ids[i % count], &err));
        assert_true(distinct_add(d, ids[i % count], &err));
        if (forget > 0 && i % forget == forget - 1)
            assert_true(distinct_forget_numbers(d, names, &err));
    }
}

static void test_count_and_join(void **state)
{
    static const unsigned counts[] = {0, 1, 2, 3, NAMES}, forgets[] = {0, 1, 3, 50};
    static const char *const joined[] = {"", "t000", "t000 t001", "t000 t001 +1", "t000 t001 +298"};
    struct distinct d = {NAME_TENANT, NULL, 1000, NULL, 0, 0, NULL};
    uint32_t ids[NAMES];
    struct usage *names = make_names(ids);

    (void)state;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (size_t f = 0; f < sizeof forgets / sizeof *forgets; f++) {
            struct error err = {0};
            struct buf out = {0};
            uint64_t count;

            add(&d, names, ids, counts[c], forgets[f]);
            assert_true(distinct_count(&d, names, &count, &err));
            assert_int_equal(count, counts[c]);
            distinct_clear(&d);
            add(&d, names, ids, counts[c], forgets[f]);
            assert_true(distinct_join(&d, names, 2, &out, &err));
            assert_true(slice_is(buf_slice(&out), joined[c]));
            distinct_clear(&d);
            buf_free(&out);
        }
    distinct_free(&d);
    usage_free(names);
}

/* Names that come again and again take no more room. */
static void test_repeats(void **state)
{
    enum { TIMES = 10000, FEW = 5, ROOM = 16 };
    struct distinct d = {NAME_TENANT, NULL, 1000, NULL, 0, 0, NULL};
    struct error err = {0};
    uint32_t ids[NAMES];
    struct usage *names = make_names(ids);
    uint64_t count;

    (void)state;
    for (unsigned i = 0; i < TIMES; i++)
        assert_true(distinct_add(&d, ids[i % FEW], &err));
    assert_in_range(d.capacity, FEW, ROOM);
    assert_true(distinct_count(&d, names, &count, &err));
    assert_int_equal(count, FEW);
    distinct_free(&d);
    usage_free(names);
}

static void test_no_room(void **state)
{
    struct distinct d = {NAME_TENANT, "/nonexistent", 0, NULL, 0, 0, NULL};
    struct error err = {0};
    uint32_t ids[NAMES];
    struct usage *names = make_names(ids);

    (void)state;
    assert_true(distinct_add(&d, ids[0], &err) && distinct_add(&d, ids[1], &err));
    assert_false(distinct_forget_numbers(&d, names, &err));
    assert_int_equal(err.code, ERROR_IO);
    distinct_free(&d);
    usage_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_count_and_join),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_no_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
