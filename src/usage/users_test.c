/* users_test.c: for whom records are counted: names, owners of addresses, addresses. */
#include "usage/users.h"

#include "base/hash.h"
#include "identity/testing.h"
#include "usage/sharing.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SECOND   INT64_C(1000000)
#define TEXT(t)                                                                                    \
    {                                                                                              \
        t, sizeof(t) - 1                                                                           \
    }
#define LEASE_HAS                                                                                  \
    (FIELD_BIT(FIELD_CLIENT) | FIELD_BIT(FIELD_EVENT) | FIELD_BIT(FIELD_USER) |                    \
     FIELD_BIT(FIELD_TS) | FIELD_BIT(FIELD_TS_END))

/* ann has 10.0.0.1 from second 10 to 30, bob from 20 to 40; 10.1.0.0/16 is east's. */
static const struct record leases[] = {
    {.has = LEASE_HAS,
     .kind = RECORD_IDENTITY,
     .client = TEXT("10.0.0.1"),
     .event = TEXT("lease"),
     .user = TEXT("CORP\\ann"),
     .ts_us = 10 * SECOND,
     .ts_end_us = 30 * SECOND},
    {.has = LEASE_HAS,
     .kind = RECORD_IDENTITY,
     .client = TEXT("10.0.0.1"),
     .event = TEXT("lease"),
     .user = TEXT("bob"),
     .ts_us = 20 * SECOND,
     .ts_end_us = 40 * SECOND},
    {.has = LEASE_HAS,
     .kind = RECORD_IDENTITY,
     .client = TEXT("10.1.0.0/16"),
     .event = TEXT("lease"),
     .user = TEXT("east"),
     .ts_us = 0,
     .ts_end_us = 99 * SECOND},
};

static struct identity *make_identity(bool with_users)
{
    const struct identity_rules rules = {0};
    struct error err = {0};
    struct identity *i = identity_create(&rules, &err);
    char path[TESTING_PATH];
    const char *why;

    assert_non_null(i);
    testing_file(SLICE("user,aliases\nann,annie\n"), path);
    assert_true(!with_users || identity_load_users(i, path, NULL, &err));
    unlink(path);
    for (size_t n = 0; n < COUNT(leases); n++)
        assert_true(identity_add(i, &leases[n], &why, &err) && why == NULL);
    assert_true(identity_finish(i, &err));
    return i;
}

static const struct {
    const char *user, *client; /* NULL: the record has none */
    int64_t second;
    const char *plain, *leased, *expected; /* without identity, with leases, with users too */
    bool undecided;
} rows[] = {
    {"Annie", "10.0.0.1", 15, "Annie", "Annie", "ann", false}, /* the log's own name first */
    {"CORP\\ann", NULL, 15, "CORP\\ann", "CORP\\ann", "ann", false},
    {NULL, "10.0.0.1", 15, "ip:10.0.0.1", "CORP\\ann", "ann", false},
    {NULL, "::ffff:10.0.0.1", 35, "ip:10.0.0.1", "bob", "bob", false},
    {NULL, "10.0.0.1", 25, "ip:10.0.0.1", "ip:10.0.0.1", "ip:10.0.0.1", true},
    {NULL, "10.0.0.1", 5, "ip:10.0.0.1", "ip:10.0.0.1", "ip:10.0.0.1", false},
    {NULL, "10.0.0.1", 40, "ip:10.0.0.1", "ip:10.0.0.1", "ip:10.0.0.1", false},
    {NULL, "10.1.2.3", 5, "ip:10.1.2.3", "east", "east", false},
    {NULL, "10.0.0.1", 16, "ip:10.0.0.1", "CORP\\ann", "ann", false}, /* again */
    {NULL, "pc-ann", 15, "ip:pc-ann", "ip:pc-ann", "ip:pc-ann", false},
    {NULL, NULL, 15, "ip:-", "ip:-", "ip:-", false},
};

static void check(const struct identity *identity, size_t column)
{
    const struct users_world world = {identity, NULL};
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    struct users *users = users_create(&world, NULL, usage, &err);

    assert_true(usage != NULL && users != NULL);
    for (size_t n = 0; n < COUNT(rows); n++) {
        const char *expected[] = {rows[n].plain, rows[n].leased, rows[n].expected};
        struct record r = {.ts_us = rows[n].second * SECOND,
                           .user = slice_of_string(rows[n].user),
                           .client = slice_of_string(rows[n].client)};
        struct known_user known;

        r.has = FIELD_BIT(FIELD_TS) | (rows[n].user != NULL ? FIELD_BIT(FIELD_USER) : 0) |
                (rows[n].client != NULL ? FIELD_BIT(FIELD_CLIENT) : 0);
        assert_true(users_find(users, &r, hash_text(users_text(&r)), &known));
        if (!slice_is(usage_name(usage, NAME_USER, known.user), expected[column]) ||
            known.undecided != (column > 0 && rows[n].undecided) || !known.kept)
            fail_msg("row %zu, column %zu: %s", n, column,
                     usage_name(usage, NAME_USER, known.user).ptr);
    }
    users_free(users);
    usage_free(usage);
}

static void test_plain(void **state)
{
    (void)state;
    check(NULL, 0);
}

static void test_leases(void **state)
{
    struct identity *identity = make_identity(false);

    (void)state;
    check(identity, 1);
    identity_free(identity);
}

static void test_users(void **state)
{
    struct identity *identity = make_identity(true);

    (void)state;
    check(identity, 2);
    identity_free(identity);
}

/* The filter sees whoever is counted, not what the log says. */
static void test_filter(void **state)
{
    static const char *const ann[] = {"ann"};
    const struct record_filter filter = {.user = {ann, 1, NULL, 0}};
    struct identity *identity = make_identity(true);
    const struct users_world world = {identity, NULL};
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    struct users *users = users_create(&world, &filter, usage, &err);
    struct record r = {.has = FIELD_BIT(FIELD_CLIENT) | FIELD_BIT(FIELD_TS),
                       .client = TEXT("10.0.0.1")};

    (void)state;
    for (int64_t second = 0; second < 50; second++) {
        struct known_user known;

        r.ts_us = second * SECOND;
        assert_true(users_find(users, &r, hash_text(r.client), &known));
        assert_int_equal(known.kept, second >= 10 && second < 20);
    }
    users_free(users);
    usage_free(usage);
    identity_free(identity);
}

/* Who asks from where is noted for people with names. */
static void test_sharing(void **state)
{
    static const char *const names[] = {"ann", "bob", "CORP\\ann", "svc-scan", "PC01$", "cid"};
    struct identity *identity = make_identity(true);
    struct error err = {0};
    struct usage *usage = usage_create(&err);
    const struct users_world world = {identity, sharing_create(&err)};
    struct users *users = users_create(&world, NULL, usage, &err);
    struct shared_client *list;
    size_t count;

    (void)state;
    for (size_t i = 0; i < 5 * COUNT(names); i++) {
        struct record r = {.has = FIELD_BIT(FIELD_CLIENT) | FIELD_BIT(FIELD_USER),
                           .user = slice_of_string(names[i % COUNT(names)]),
                           .client = slice_of_string(i % 2 == 0 ? "10.0.0.9" : "::ffff:10.0.0.9")};
        struct known_user known;

        assert_true(users_find(users, &r, hash_text(r.user), &known));
    }
    assert_true(sharing_list(world.sharing, 2, &list, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].users, 3);
    assert_true(slice_is(list[0].client, "10.0.0.9"));
    free(list);
    users_free(users);
    sharing_free(world.sharing);
    usage_free(usage);
    identity_free(identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain), cmocka_unit_test(test_leases),
                                       cmocka_unit_test(test_users), cmocka_unit_test(test_filter),
                                       cmocka_unit_test(test_sharing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
