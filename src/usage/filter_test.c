/* filter_test.c: patterns against texts. */
#include "usage/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_lists(void **state)
{
    static const char *const wanted[] = {"ann", "10.*"}, *const unwanted[] = {"*.9", "bob"};
    static const struct {
        size_t wanted, unwanted;
        const char *text;
        bool passes;
    } rows[] = {
        {0, 0, "anyone", true},    {0, 0, "", true},         {2, 0, "ann", true},
        {2, 0, "anna", false},     {2, 0, "10.1.2.3", true}, {2, 0, "", false},
        {1, 0, "10.1.2.3", false}, {0, 2, "bob", false},     {0, 2, "ann", true},
        {2, 2, "10.0.0.9", false}, {2, 2, "10.0.0.8", true}, {2, 2, "carl", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct filter_list list = {wanted, rows[i].wanted, unwanted, rows[i].unwanted};

        if (filter_passes(&list, slice_of_string(rows[i].text)) != rows[i].passes)
            fail_msg("row %zu: '%s'", i, rows[i].text);
    }
}

static void test_clients(void **state)
{
    static const char *const patterns[] = {"10.1.0.0/16", "2001:DB8:0::1", "pc-*", "192.0.2.*"};
    static const struct {
        size_t pattern;
        const char *client;
        bool is;
    } rows[] = {
        {0, "10.1.255.9", true},  {0, "10.2.0.1", false},   {0, "::ffff:10.1.0.9", true},
        {0, "pc-1", false},       {1, "2001:db8::1", true}, {1, "2001:db8::2", false},
        {2, "pc-7", true},        {2, "10.1.0.1", false},   {3, "192.0.2.77", true},
        {3, "192.0.22.7", false}, {0, "", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct filter_list wanted = {&patterns[rows[i].pattern], 1, NULL, 0};
        struct filter_list unwanted = {NULL, 0, &patterns[rows[i].pattern], 1};
        struct slice client = slice_of_string(rows[i].client);

        if (filter_passes_client(&wanted, client) != rows[i].is ||
            filter_passes_client(&unwanted, client) == rows[i].is)
            fail_msg("row %zu: '%s'", i, rows[i].client);
    }
}

static void test_apps(void **state)
{
    static const char *const patterns[] = {"line", "messaging", "LY*", "no"};
    struct app app = {
        .id = "line", .category = "messaging", .vendor = "LY Corporation", .managed = MANAGED_NO};
    struct record_filter filter = {.app = {&patterns[0], 1, NULL, 0},
                                   .category = {&patterns[1], 1, NULL, 0},
                                   .vendor = {&patterns[2], 1, NULL, 0},
                                   .managed = {&patterns[3], 1, NULL, 0}};
    struct record_filter none = {0};

    (void)state;
    assert_true(filter_passes_app(&none, &app));
    assert_true(filter_passes_app(&filter, &app));
    app.managed = MANAGED_YES;
    assert_false(filter_passes_app(&filter, &app));
    app.managed = MANAGED_NO;
    app.vendor = "Other";
    assert_false(filter_passes_app(&filter, &app));
    app.vendor = "LY";
    app.category = "other";
    assert_false(filter_passes_app(&filter, &app));
    app.category = "messaging";
    app.id = "line-works";
    assert_false(filter_passes_app(&filter, &app));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_clients),
        cmocka_unit_test(test_apps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
