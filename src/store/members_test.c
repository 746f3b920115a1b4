/* members_test.c: a department is that of the day, whatever the directory says later. */
#include "store/members.h"

#include "identity/identity.h"
#include "identity/testing.h"
#include "store/store_fixture.h"
#include "store/upkeep.h"

enum { DAY = 20726 };

static struct identity *make_identity(const char *users)
{
    const struct identity_rules rules = {0};
    struct error err = {0};
    struct identity *i = identity_create(&rules, &err);
    char path[TESTING_PATH];

    assert_non_null(i);
    testing_file(slice_of_string(users), path);
    assert_true(identity_load_users(i, path, NULL, &err));
    unlink(path);
    return i;
}

/* The users of a night's archive, by a directory. */
static void note(struct store_world *w, int32_t day, const char *users)
{
    struct coverage_hour hours[] = {{day, 7, RECORD_PROXY, 1}, {day, 8, RECORD_PROXY, 1}};
    struct coverage coverage = {.hours = hours, .count = 2};
    struct identity *identity = make_identity(users);
    struct usage *usage = usage_create(&w->err);

    store_add_cell(usage, day, "ann", 1, "x.example", 7);
    store_add_cell(usage, day, "nobody", 1, "x.example", 7);
    assert_true(store_begin(w->store, &w->err));
    assert_true(members_note(w->store, usage, identity, &coverage, &w->err));
    assert_true(store_commit(w->store, &w->err));
    identity_free(identity);
    usage_free(usage);
}

static void assert_department(struct store_world *w, int32_t day, const char *expected)
{
    struct usage *usage = usage_create(&w->err);
    struct members members = {.store = NULL};
    uint32_t name;

    assert_true(members_open(&members, w->store, usage, &w->err));
    assert_true(members_of(&members, day, 1, &name, &w->err));
    if (!slice_is(usage_name(usage, NAME_CLIENT, name), expected))
        fail_msg("day %d: not of '%s'", day, expected);
    assert_true(members_of(&members, day, 1000000, &name, &w->err));
    assert_int_equal(name, 0);
    members_free(&members);
    usage_free(usage);
}

static void test_days(void **state)
{
    struct upkeep_purged purged;
    struct store_world w;

    (void)state;
    store_enter(&w);
    store_add(&w, "a", DAY, "ann", 1, "x.example"); /* user 1 */
    store_add(&w, "b", DAY + 1, "ann", 1, "x.example");
    note(&w, DAY, "user,department\nann,Sales\n");
    note(&w, DAY + 1, "user,department\nann,IT\nnobody,Sales\n");
    note(&w, DAY + 2, "user,department\nann,\n");
    assert_department(&w, DAY - 1, "");
    assert_department(&w, DAY, "Sales");
    assert_department(&w, DAY + 1, "IT");
    assert_department(&w, DAY + 2, "");
    note(&w, DAY, "user,department\nann,IT\n"); /* another archive of the day, later */
    assert_department(&w, DAY, "IT");
    assert_true(upkeep_purge(w.store, DAY + 1, 0, &purged, &w.err));
    assert_department(&w, DAY, "");
    assert_department(&w, DAY + 1, "IT");
    store_leave(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_days)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
