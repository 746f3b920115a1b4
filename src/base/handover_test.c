/* handover_test.c: all that is made arrives in order; who goes early keeps nobody waiting. */
#include "base/handover.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PLACES = 3, MADE = 20000 };

struct shop {
    struct handover handover;
    size_t goods[PLACES];
    size_t made; /* read once the maker is done */
};

static void *make_all(void *argument)
{
    struct shop *shop = argument;
    size_t place;

    while (shop->made < MADE && handover_room(&shop->handover, &place)) {
        shop->goods[place] = ++shop->made;
        handover_give(&shop->handover);
    }
    handover_end(&shop->handover);
    return NULL;
}

static size_t take_until(size_t last)
{
    struct shop shop = {.made = 0};
    pthread_t maker;
    size_t place, taken = 0;

    handover_init(&shop.handover, PLACES);
    assert_int_equal(pthread_create(&maker, NULL, make_all, &shop), 0);
    while (taken < last && handover_take(&shop.handover, &place))
        assert_int_equal(shop.goods[place], ++taken);
    handover_stop(&shop.handover);
    assert_int_equal(pthread_join(maker, NULL), 0);
    assert_true(shop.made <= taken + PLACES);
    handover_destroy(&shop.handover);
    return taken;
}

static void test_all_arrive(void **state)
{
    (void)state;
    assert_int_equal(take_until(SIZE_MAX), MADE);
}

static void test_user_goes(void **state)
{
    (void)state;
    assert_int_equal(take_until(0), 0);
    assert_int_equal(take_until(1), 1);
    assert_int_equal(take_until(MADE / 2), MADE / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_arrive),
        cmocka_unit_test(test_user_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
