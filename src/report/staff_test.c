/* staff_test.c: departments of users, small ones put together, leavers. */
#include "report/staff.h"

#include "identity/identity.h"
#include "identity/testing.h"
#include "report/usage_fixture.h"

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
    struct usage *usage = usage_create(&err);

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        assert_int_equal(fixture_name(usage, NAME_USER, names[i]), i + 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct staff staff = {0};

        assert_true(staff_make(identity, usage, NULL, rows[i].suppress, &staff, &err));
        for (uint32_t user = 0; user < COUNT(names); user++)
            if (!slice_is(staff.names[staff.department[user + 1]], rows[i].expected[user]))
                fail_msg("fewer than %d: %s is of '%s'", (int)rows[i].suppress, names[user],
                         staff.names[staff.department[user + 1]].ptr);
        staff_free(&staff);
    }
    usage_free(usage);
    identity_free(identity);
}

static void test_filter_and_leavers(void **state)
{
    static const char *const it[] = {"I*"};
    const struct filter_list filter = {it, 1, NULL, 0};
    struct identity *identity = make_identity();
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    uint32_t a = fixture_name(usage, NAME_USER, "a"), d = fixture_name(usage, NAME_USER, "d");
    struct staff staff = {0}, nobody = {0};

    (void)state;
    assert_true(staff_make(identity, usage, &filter, 0, &staff, &err));
    assert_false(staff.kept[staff.department[a]]);
    assert_true(staff.kept[staff.department[d]]);
    assert_false(staff_has_left(&staff, d, 10));
    assert_true(staff_has_left(&staff, d, 11));
    assert_false(staff_has_left(&staff, a, 11));
    assert_true(staff_make(NULL, usage, NULL, 0, &nobody, &err));
    assert_int_equal(nobody.names[nobody.department[d]].len, 0);
    assert_false(staff_has_left(&nobody, d, 11));
    staff_free(&staff);
    staff_free(&nobody);
    usage_free(usage);
    identity_free(identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_departments),
                                       cmocka_unit_test(test_filter_and_leavers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
