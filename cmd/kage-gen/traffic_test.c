/* traffic_test.c: every line of every day, in order, the same for the same seed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "traffic.h"

#include <string.h>

#define START_MS INT64_C(1788220800000)

static void set_up(struct world *world, struct signature_set **set, uint64_t seed)
{
    const struct world_size size = {20, 50, 0.5, seed, 10};
    struct error err = {0};

    *set = signature_set_create(&err);
    assert_non_null(*set);
    assert_true(signature_set_finish(*set, &err));
    assert_true(world_create(&size, *set, world, &err));
}

static void tear_down(struct world *world, struct signature_set *set)
{
    world_free(world);
    signature_set_free(set);
}

static void test_makes_every_line_in_order(void **state)
{
    static const struct {
        uint64_t lines;
        unsigned days;
    } rows[] = {{1, 1}, {7, 1}, {1000, 1}, {999, 30}, {25, 3650}};
    struct signature_set *set;
    struct world world;
    struct event e;

    (void)state;
    set_up(&world, &set, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct traffic t = traffic_of(&world, rows[i].lines, rows[i].days, START_MS, false);
        const int64_t end = START_MS + rows[i].days * INT64_C(86400000);
        int64_t last = START_MS;
        uint64_t made = 0;

        for (; traffic_next(&t, &e); made++, last = e.ts_ms)
            assert_true(last <= e.ts_ms && e.ts_ms < end && e.elapsed_ms < 3600000);
        assert_int_equal(made, rows[i].lines);
    }
    tear_down(&world, set);
}

static void test_share_of_tunnels_and_refusals(void **state)
{
    enum { LINES = 20000 };
    struct signature_set *set;
    struct world world;
    struct event e;
    unsigned tunnels = 0, by[OUTCOME_CHALLENGED + 1] = {0};

    (void)state;
    set_up(&world, &set, 1);
    struct traffic t = traffic_of(&world, LINES, 1, START_MS, false);
    while (traffic_next(&t, &e)) {
        tunnels += e.connect;
        by[e.outcome]++;
    }
    assert_in_range(tunnels, LINES * 84 / 100, LINES * 86 / 100);
    assert_in_range(by[OUTCOME_DENIED], LINES * 9 / 1000, LINES * 15 / 1000);
    assert_in_range(by[OUTCOME_FAILED], LINES * 3 / 1000, LINES * 7 / 1000);
    assert_in_range(by[OUTCOME_CHALLENGED], LINES * 15 / 1000, LINES * 25 / 1000);
    tear_down(&world, set);
}

static void test_questions_all_pass(void **state)
{
    struct signature_set *set;
    struct world world;
    struct event e;

    (void)state;
    set_up(&world, &set, 1);
    struct traffic t = traffic_of(&world, 5000, 1, START_MS, true);
    while (traffic_next(&t, &e))
        assert_true(e.outcome == OUTCOME_PASSED && !e.connect && e.bytes_down == 0);
    tear_down(&world, set);
}

static void test_seed_decides(void **state)
{
    struct signature_set *sets[3];
    struct world worlds[3];
    struct traffic traffic[3];
    struct event e[3];
    unsigned differing = 0;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        set_up(&worlds[i], &sets[i], i == 2 ? 8 : 7);
        traffic[i] = traffic_of(&worlds[i], 1000, 2, START_MS, false);
    }
    while (traffic_next(&traffic[0], &e[0])) {
        assert_true(traffic_next(&traffic[1], &e[1]) && traffic_next(&traffic[2], &e[2]));
        assert_int_equal(e[0].ts_ms, e[1].ts_ms);
        assert_int_equal(e[0].user, e[1].user);
        assert_int_equal(e[0].noise, e[1].noise);
        assert_true(slice_equal(e[0].host->name, e[1].host->name));
        differing += e[0].noise != e[2].noise;
    }
    assert_int_equal(differing, 1000);
    for (size_t i = 0; i < 3; i++)
        tear_down(&worlds[i], sets[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_makes_every_line_in_order),
        cmocka_unit_test(test_share_of_tunnels_and_refusals),
        cmocka_unit_test(test_questions_all_pass),
        cmocka_unit_test(test_seed_decides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
