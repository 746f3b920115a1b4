/* order_test.c: orders by keys and ranks of texts against ones sorted by hand. */
#include "base/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FEW = 5, MANY = 5000 };

static void test_by_keys(void **state)
{
    static const struct {
        uint32_t keys[FEW];
        uint32_t expected[FEW];
    } cases[] = {
        {{0, 0, 0, 0, 0}, {0, 1, 2, 3, 4}},
        {{4, 3, 2, 1, 0}, {4, 3, 2, 1, 0}},
        {{7, 1, 7, 1, 7}, {1, 3, 0, 2, 4}},
        {{UINT32_MAX, 0, UINT32_C(1) << 31, 1, UINT32_MAX - 1}, {1, 3, 2, 4, 0}},
        {{5, 5 + (1U << 20), 6, 4 + (1U << 20), 4}, {4, 0, 2, 3, 1}},
        {{2048, 2047, 4096, 1, 2049}, {3, 1, 0, 4, 2}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct order order;

        assert_true(order_init(&order, FEW, &err));
        order_by(&order, cases[i].keys);
        order_settle(&order);
        for (size_t k = 0; k < FEW; k++)
            assert_int_equal(order.items[k], cases[i].expected[k]);
        order_free(&order);
    }
}

/* Two keys, the least significant one first. */
static void test_by_two_keys(void **state)
{
    static uint32_t major[MANY], minor[MANY];
    struct error err = {0};
    struct order order;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        major[i] = i * 7919 % 101 << 13;
        minor[i] = i * UINT32_C(0x9e3779b9);
    }
    assert_true(order_init(&order, MANY, &err));
    order_by(&order, minor);
    order_by(&order, major);
    for (size_t i = 1; i < MANY; i++) {
        uint32_t a = order.items[i - 1], b = order.items[i];

        assert_true(major[a] < major[b] || (major[a] == major[b] && minor[a] < minor[b]));
    }
    order_free(&order);
}

static void test_ranks(void **state)
{
    const struct slice texts[] = {SLICE("b"),  SLICE(""), SLICE("a"), SLICE("b"),
                                  SLICE("ab"), {NULL, 0}, SLICE("c")};
    static const uint32_t expected[] = {2, 4, 0, 2, 1, 4, 3};
    enum { COUNT = sizeof expected / sizeof *expected };
    uint32_t ranks[COUNT];
    struct error err = {0};

    (void)state;
    assert_true(order_rank_texts(texts, COUNT, ranks, &err));
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(ranks[i], expected[i]);
    assert_true(order_rank_texts(texts, 0, ranks, &err));
}

static void test_none(void **state)
{
    struct error err = {0};
    struct order order;
    uint32_t no_keys[1] = {0};

    (void)state;
    assert_true(order_init(&order, 0, &err));
    order_by(&order, no_keys);
    order_free(&order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_keys),
        cmocka_unit_test(test_by_two_keys),
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
