/* people_test.c: the options about people, and what the account says of them. */
#include "people.h"

#include "identity/identity.h"
#include "identity/testing.h"

#include <string.h>

static const struct {
    const char *lease_hours, *shared_users;
    const char *fault; /* NULL: it is taken */
} numbers[] = {
    {NULL, NULL, NULL},
    {"1", "1", NULL},
    {"8784", "1000000", NULL},
    {"0", NULL, "--lease-hours: '0': expected a number from 1 to 8784"},
    {"8785", NULL, "--lease-hours: '8785': expected a number from 1 to 8784"},
    {"12h", NULL, "--lease-hours: '12h': expected a number from 1 to 8784"},
    {"", NULL, "--lease-hours: '': expected a number from 1 to 8784"},
    {"12", "-1", "--shared-users: '-1': expected a number from 1 to 1000000"},
    {NULL, "1000001", "--shared-users: '1000001': expected a number from 1 to 1000000"},
};

static void test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct reading_arguments a = {.lease_hours = numbers[i].lease_hours,
                                      .shared_users = numbers[i].shared_users};
        const char *fault = numbers[i].fault;
        struct people p = {0};
        struct error err = {0};
        bool ok = people_load(&p, NULL, NULL, &a, NULL, &err);

        if (ok != (fault == NULL) || (!ok && strcmp(err.text, fault) != 0))
            fail_msg("row %zu: %s", i, err.text);
        assert_null(p.identity); /* no file: names are counted as they are */
        assert_int_equal(p.sharing != NULL, ok);
        people_free(&p);
    }
}

/* Load ${users} as a directory; the account into ${out}. */
static bool account_of(const char *users, struct buf *out, struct error *err)
{
    char path[TESTING_PATH];
    struct reading_arguments a = {.users = path, .lease_hours = "no number"}; /* not asked */
    struct people_account account = {NULL, NULL, 0};
    struct people p = {0};
    bool ok;

    testing_file(slice_of_string(users), path);
    ok = people_load_users(&p, NULL, &a, err);
    if (ok)
        people_append_account(out, &p, &account);
    people_free(&p);
    unlink(path);
    return ok;
}

static void test_directory(void **state)
{
    static const struct {
        const char *users, *expected;
    } rows[] = {
        {"user,aliases\nann,a\nbob,b\n", "users       2 in the directory\n"},
        {"user,aliases\nann,x\nbob,x\n",
         "users       2 in the directory; 1 alias of two people left alone\n"},
        {"user,aliases\nann,x;y\nbob,x;y\n",
         "users       2 in the directory; 2 aliases of two people left alone\n"},
        {"user,name\nann,Ann\n,Bob\n",
         "users       1 in the directory; 1 row without a user name passed over, from line 3\n"},
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {0};

        buf_reset(&out);
        assert_true(account_of(rows[i].users, &out, &err));
        if (!slice_is(buf_slice(&out), rows[i].expected))
            fail_msg("%s: %.*s", rows[i].users, SLICE_FMT(buf_slice(&out)));
    }
    buf_free(&out);
}

static void test_bad_directory(void **state)
{
    struct buf out = {0};
    struct error err = {0};

    (void)state;
    assert_false(account_of("user,name\nann,Ann\nann,Bob\n", &out, &err));
    assert_int_equal(err.code, ERROR_SYNTAX);
    assert_int_equal(strncmp(err.text, "--users: ", strlen("--users: ")), 0);
    assert_non_null(strstr(err.text, ":3: "));
    assert_int_equal(out.len, 0);
    buf_free(&out);
}

static void test_workhours(void **state)
{
    struct reading_arguments good = {0}, hours = {.work_hours = "mon-fri 25:00-26:00"},
                             holidays = {.holidays = "/nowhere.csv"};
    struct people p = {0};
    struct error err = {0};

    (void)state;
    assert_true(people_load_workhours(&p, &good, false, &err)); /* checked, not kept */
    assert_null(p.workhours);
    assert_false(people_load_workhours(&p, &hours, true, &err));
    assert_int_equal(strncmp(err.text, "--work-hours: ", strlen("--work-hours: ")), 0);
    err = (struct error){0};
    assert_false(people_load_workhours(&p, &holidays, true, &err));
    assert_int_equal(strncmp(err.text, "--holidays: ", strlen("--holidays: ")), 0);
    err = (struct error){0};
    assert_true(people_load_workhours(&p, &good, true, &err));
    assert_non_null(p.workhours);
    people_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_directory),
        cmocka_unit_test(test_bad_directory), cmocka_unit_test(test_workhours)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
