/* network_table_test.c: the longest network wins. */
#include "signature/network_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* The app is the row's number. */
static const char *const networks[] = {
    "10.0.0.0/8",       /* 0 */
    "10.1.0.0/16",      /* 1 */
    "10.1.2.0/24",      /* 2 */
    "10.3.0.0/16",      /* 3 */
    "AS62041",          /* 4 */
    "2001:db8::/32",    /* 5 */
    "2001:db8:1::/48",  /* 6 */
    "10.1.2.3",         /* 7 */
    "149.154.160.0/20", /* 8 */
    "10.3.0.0/16",      /* 9: in place of 3 */
    "as62041",          /* 10: in place of 4 */
    "10.0.0.0/16",      /* 11: begins where 0 does */
};

static struct network_table build(void)
{
    struct network_table t = {0};

    for (uint32_t i = 0; i < COUNT(networks); i++) {
        struct network_row row = {.app = i};
        const char *why;

        assert_true(network_row_parse(slice_of_string(networks[i]), &row, &why));
        assert_true(network_table_add(&t, &row));
    }
    network_table_finish(&t);
    return t;
}

static void finds_the_longest(void **state)
{
    static const struct {
        const char *address;
        uint32_t app; /* NETWORK_NONE: none */
    } rows[] = {
        {"10.200.0.1", 0},
        {"10.255.255.255", 0},
        {"10.0.255.255", 11},
        {"10.1.0.1", 1},
        {"10.1.2.4", 2},
        {"10.1.2.3", 7},
        {"10.1.3.0", 1},
        {"10.2.0.0", 0},
        {"10.3.9.9", 9},
        {"10.4.0.0", 0},
        {"11.0.0.0", NETWORK_NONE},
        {"9.255.255.255", NETWORK_NONE},
        {"149.154.175.1", 8},
        {"149.154.176.1", NETWORK_NONE},
        {"2001:db8::1", 5},
        {"2001:db8:1::1", 6},
        {"2001:db8:2::1", 5},
        {"2001:db9::", NETWORK_NONE},
        {"::", NETWORK_NONE},
        {"::ffff:10.1.2.3", 7},
        {"ffff::", NETWORK_NONE},
    };
    struct network_table t = build();
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct address a;
        const struct network_row *row;
        uint32_t app;

        assert_true(address_parse(slice_of_string(rows[i].address), &a));
        row = network_table_find(&t, &a);
        app = row == NULL ? NETWORK_NONE : row->app;
        if (app != rows[i].app)
            fail_msg("%s: %u", rows[i].address, app);
    }
    assert_int_equal(t.count, 10);
    assert_int_equal(t.network_count, 9);
    network_table_free(&t);
}

static void is_empty(void **state)
{
    struct network_table t = {0};
    struct address a;
    (void)state;

    network_table_finish(&t);
    assert_true(address_parse(SLICE("10.0.0.1"), &a));
    assert_null(network_table_find(&t, &a));
    network_table_free(&t);
}

static void refuses(void **state)
{
    static const char *const rows[] = {"AS",           "AS0",        "ASx",     "AS-1",
                                       "AS4294967296", "10.0.0.1/8", "line.me", ""};
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct network_row row = {0};
        const char *why = NULL;

        assert_false(network_row_parse(slice_of_string(rows[i]), &row, &why));
        assert_non_null(why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_longest),
        cmocka_unit_test(is_empty),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
