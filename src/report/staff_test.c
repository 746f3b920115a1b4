/* staff_test.c: departments of users, small ones put together, leavers. */
#include "report/staff.h"

#include "identity/identity.h"
#include "identity/testing.h"
#include "usage/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char users[] = "user,department,left_on,kind\na,Sales,,\nb,Sales,,\nc,Sales,,\n"
                            "d,IT,1970-01-11,\ne,IT,,\nf,HR,,\nscan,HR,,service\n";

static struct identity *make_identity(void)
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

static void assert_department(const struct staff *staff, const char *user, const char *expected)
{
    struct slice shown = staff_name(staff, staff_find(staff, slice_of_string(user)).shown);

    if (!slice_is(shown, expected))
        fail_msg("%s is of '%.*s', not of '%s'", user, (int)shown.len, shown.ptr, expected);
}

/* Departments of a, d, f, service:scan and ip:1, in this order. */
static void test_departments(void **state)
{
    static const struct {
        uint64_t suppress;
        const char *expected[5];
    } rows[] = {
        {0, {"Sales", "IT", "HR", "HR", ""}},
        {2, {"Sales", "IT", STAFF_SMALL, STAFF_SMALL, STAFF_SMALL}}, /* HR and the one without */
        {3, {"Sales", STAFF_SMALL, STAFF_SMALL, STAFF_SMALL, STAFF_SMALL}},
        {5, {STAFF_SMALL, STAFF_SMALL, STAFF_SMALL, STAFF_SMALL, STAFF_SMALL}},
    };
    static const char *const names[] = {"a", "d", "f", "service:scan", "ip:1"};
    struct identity *identity = make_identity();
    struct error err = {0};
    struct staff_without without = {identity, 0};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        assert_true(staff_count_without(&without, slice_of_string(names[i])));
    assert_int_equal(without.count, 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct staff staff = {0};

        assert_true(staff_make(&(struct staff_world){identity, NULL, without.count}, NULL,
                               rows[i].suppress, &staff, &err));
        for (size_t k = 0; k < COUNT(names); k++)
            assert_department(&staff, names[k], rows[i].expected[k]);
        staff_free(&staff);
    }
    identity_free(identity);
}

/* The store knows of a department that the directory has no more: nobody counts how small it is. */
static void test_stored(void **state)
{
    static const struct {
        uint64_t suppress;
        const char *department, *expected;
    } rows[] = {{0, "Gone", "Gone"},
                {0, "Sales", "Sales"},
                {0, "Never", "IT"},
                {3, "Gone", "(small)"},
                {3, "Sales", "Sales"}};
    struct identity *identity = make_identity();
    struct error err = {0};
    struct usage *stored = usage_create(&err);
    uint32_t id;

    (void)state;
    assert_true(usage_name_id(stored, NAME_CLIENT, SLICE("Gone"), &id));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct staff staff = {0};
        struct staff_member member;

        assert_true(staff_make(&(struct staff_world){identity, stored, 0}, NULL, rows[i].suppress,
                               &staff, &err));
        member = staff_find_stored(&staff, SLICE("d"), slice_of_string(rows[i].department));
        assert_true(slice_is(staff_name(&staff, member.shown), rows[i].expected));
        assert_int_equal(member.left_on, 10);
        staff_free(&staff);
    }
    usage_free(stored);
    identity_free(identity);
}

static void test_filter_and_leavers(void **state)
{
    static const char *const it[] = {"I*"};
    const struct filter_list filter = {it, 1, NULL, 0};
    struct identity *identity = make_identity();
    struct error err = {0};
    struct staff staff = {0}, nobody = {0};

    (void)state;
    assert_true(staff_make(&(struct staff_world){.identity = identity}, &filter, 0, &staff, &err));
    assert_false(staff.kept[staff_find(&staff, SLICE("a")).shown]);
    assert_true(staff.kept[staff_find(&staff, SLICE("d")).shown]);
    assert_int_equal(staff_find(&staff, SLICE("d")).left_on, 10);
    assert_int_equal(staff_find(&staff, SLICE("a")).left_on, INT32_MAX);
    assert_true(staff_make(&(struct staff_world){.stored = NULL}, NULL, 0, &nobody, &err));
    assert_int_equal(staff_name(&nobody, staff_find(&nobody, SLICE("d")).shown).len, 0);
    assert_int_equal(staff_find(&nobody, SLICE("d")).left_on, INT32_MAX);
    staff_free(&staff);
    staff_free(&nobody);
    identity_free(identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_departments),
                                       cmocka_unit_test(test_stored),
                                       cmocka_unit_test(test_filter_and_leavers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
