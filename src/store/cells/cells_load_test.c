/* cells_load_test.c: filters, few users among many, apps that no catalogue has any more. */
#include "record/record.h"
#include "store/store_fixture.h"

enum { DAY = 20726 };

/* Cells of the users that ${pattern} names. */
static size_t count(struct store_world *w, const char *pattern)
{
    const char *patterns[] = {pattern};
    struct record_filter filter = {.since_us = INT64_MIN, .until_us = INT64_MAX};
    struct cells_wanted wanted = {.from_day = INT32_MIN, .until_day = INT32_MAX, .filter = &filter};
    struct usage *usage = usage_create(&w->err);
    size_t cells;

    filter.user.wanted = patterns;
    filter.user.wanted_count = 1;
    assert_true(cells_load(w->store, &wanted, w->signatures, usage, &w->err));
    cells = usage_cell_count(usage);
    if (cells > 0)
        assert_int_equal(usage_cell_get(usage, 0).marks, MARK_UP);
    usage_free(usage);
    return cells;
}

static void test_users(void **state)
{
    static const struct {
        const char *pattern;
        size_t cells;
    } cases[] = {{"*", 12}, {"user1", 1}, {"user*", 11}, {"ann", 1}, {"bob", 0}};
    struct store_world w;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", DAY, "ann", 1, "x.example");
    for (int i = 0; i < 11; i++) {
        char user[16];

        (void)snprintf(user, sizeof user, "user%d", i);
        store_add(&w, "a", DAY + i * 3, user, 1, "x.example");
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(count(&w, cases[i].pattern), cases[i].cells);
    store_leave(&w);
}

static void test_apps(void **state)
{
    struct store_world w;
    struct signature_set *set;
    uint32_t app;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", DAY, "ann", 1, "x.example");
    set = signature_set_create(&w.err);
    assert_true(cells_load_apps(w.store, set, &w.err));
    assert_true(signature_set_finish(set, &w.err));
    app = signature_find_app(set, SLICE("chat"));
    assert_int_equal(signature_app_count(set), 1);
    assert_string_equal(signature_app(set, app)->name, "Chat, \"x\"");
    assert_int_equal(signature_app(set, app)->managed, MANAGED_NO);
    signature_set_free(set);
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_users),
        cmocka_unit_test(test_apps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
