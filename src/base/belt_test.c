/* belt_test.c: lots come in order, with a thread and without; a failure of either side ends both.
 */
#include "base/belt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Lots are numbers; -1: never. */
struct counter {
    int made, used, end, make_fails_at, use_fails_at;
    int numbers[BELT_LOTS];
};

static bool make(void *context, void *lot, bool *more, struct error *err)
{
    struct counter *c = context;

    if (c->made == c->make_fails_at)
        return error_set(err, ERROR_IO, "not made");
    *more = c->made < c->end;
    if (*more)
        *(int *)lot = c->made++;
    return true;
}

static bool use(void *context, void *lot, struct error *err)
{
    struct counter *c = context;

    assert_int_equal(*(int *)lot, c->used);
    if (c->used == c->use_fails_at)
        return error_set(err, ERROR_DATA, "not used");
    c->used++;
    return true;
}

static void test_in_order(void **state)
{
    static const struct {
        int end, make_fails_at, use_fails_at, used;
        enum error_code code;
    } rows[] = {{0, -1, -1, 0, ERROR_NONE},       {1, -1, -1, 1, ERROR_NONE},
                {1000, -1, -1, 1000, ERROR_NONE}, {1000, 0, -1, 0, ERROR_IO},
                {1000, 7, -1, 7, ERROR_IO},       {1000, -1, 0, 0, ERROR_DATA},
                {1000, -1, 9, 9, ERROR_DATA}};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        const bool threads = i % 2 == 1;
        struct counter c = {.end = rows[i / 2].end,
                            .make_fails_at = rows[i / 2].make_fails_at,
                            .use_fails_at = rows[i / 2].use_fails_at};
        struct belt belt = {make, use, &c, {NULL}};
        struct error err = {0};

        for (size_t lot = 0; lot < BELT_LOTS; lot++)
            belt.lots[lot] = &c.numbers[lot];
        assert_int_equal(belt_run(&belt, threads, &err), rows[i / 2].code == ERROR_NONE);
        assert_int_equal(err.code, rows[i / 2].code);
        assert_int_equal(c.used, rows[i / 2].used);
        error_clear(&err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
