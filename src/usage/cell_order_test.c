/* cell_order_test.c: each step of the order decides where those before it do not. */
#include "usage/cell_order.h"

#include "usage/random_cells.h"

#include <stdlib.h>

/* Numbers of names the other way round. */
static uint32_t *turned(const struct usage *u, enum usage_name kind)
{
    uint32_t count = usage_name_count(u, kind);
    uint32_t *ranks = calloc(count, sizeof *ranks);

    assert_non_null(ranks);
    for (uint32_t i = 0; i < count; i++)
        ranks[i] = count - i;
    return ranks;
}

static uint32_t code_of(const struct order_step *step, const struct usage_key *key,
                        uint32_t *const ranks[NAME_KINDS])
{
    enum usage_name name = key_part_name(step->part);
    uint32_t number = key_part_get(key, step->part);

    number = step->codes == NULL ? number : step->codes[number];
    return name == NAME_KINDS || ranks[name] == NULL ? number : ranks[name][number];
}

static void check(const struct cell_order *order, const struct usage *u,
                  uint32_t *const ranks[NAME_KINDS])
{
    size_t count = usage_cell_count(u);
    bool *met = calloc(count, sizeof *met);
    struct error err = {0};
    struct order sorted;

    assert_non_null(met);
    assert_true(cell_order_sort(order, u, ranks, &sorted, &err));
    assert_int_equal(sorted.count, count);
    for (size_t i = 0; i < count; i++) {
        struct usage_key before = usage_key_get(u, sorted.items[i > 0 ? i - 1 : 0]);
        struct usage_key key = usage_key_get(u, sorted.items[i]);
        size_t step = 0;

        assert_false(met[sorted.items[i]]);
        met[sorted.items[i]] = true;
        while (step < order->count && code_of(&order->steps[step], &before, ranks) ==
                                          code_of(&order->steps[step], &key, ranks))
            step++;
        assert_true(step == order->count || code_of(&order->steps[step], &before, ranks) <
                                                code_of(&order->steps[step], &key, ranks));
    }
    order_free(&sorted);
    free(met);
}

/* One usage, and two that are joined. */
static struct usage *make(int records, bool joined)
{
    struct usage *u = create(), *other = create();
    struct error err = {0};
    uint64_t seed = 42;

    for (uint32_t i = 1; i < 4; i++) {
        name(u, NAME_ARCHIVE, "a", i);
        name(other, NAME_ARCHIVE, "a", i);
    }
    for (int i = 0; i < records; i++)
        add_random(joined && i % 2 == 1 ? other : u, &seed);
    assert_true(usage_join(u, other, &err));
    usage_free(other);
    return u;
}

static void test_orders(void **state)
{
    static const uint32_t codes[] = {1, 0, 1}; /* of apps */
    static const struct order_step wishes[][3] = {
        {{PART_USER, NULL}, {PART_APP, NULL}, {PART_DAY, NULL}},
        {{PART_APP, codes}, {PART_DAY, NULL}, {PART_USER, NULL}},
        {{PART_DAY, NULL}, {PART_APP, NULL}, {PART_APP, codes}},
        {{PART_HOST, NULL}, {PART_USER, NULL}, {PART_TENANT, NULL}},
    };
    static const int records[] = {0, 1, 50, 2000};

    (void)state;
    for (size_t i = 0; i < (size_t)4 * 4 * 4; i++) {
        struct usage *u = make(records[i % 4], i / 16 % 2 == 1);
        uint32_t *ranks[NAME_KINDS] = {NULL};
        struct cell_order order = {0};

        for (size_t step = 0; step < 3; step++)
            cell_order_add(&order, wishes[i / 4 % 4][step].part, wishes[i / 4 % 4][step].codes);
        cell_order_finish(&order);
        if (i / 32 == 1) {
            ranks[NAME_USER] = turned(u, NAME_USER);
            ranks[NAME_HOST] = turned(u, NAME_HOST);
        }
        check(&order, u, ranks);
        free(ranks[NAME_USER]);
        free(ranks[NAME_HOST]);
        usage_free(u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_orders)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
