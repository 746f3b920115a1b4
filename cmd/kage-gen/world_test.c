/* world_test.c: hosts of apps are what the signatures say, all others are nothing. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "signature/match.h"
#include "world.h"

static struct signature_set *load(void)
{
    const struct signature_file files[] = {
        {"apps.csv",
         SLICE("app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
               "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
               "age_verification,note\n"
               "chat,Chat,,messenger,V,JP,no,,unknown,unknown,unknown,unknown,unknown,unknown,"
               "unknown,unknown,\n"
               "disk,Disk,,storage,V,JP,no,,unknown,unknown,unknown,unknown,unknown,unknown,"
               "unknown,unknown,\n"
               "none,No "
               "domain,,storage,V,JP,no,,unknown,unknown,unknown,unknown,unknown,unknown,unknown,"
               "unknown,\n")},
        {"domains.csv", SLICE("domain,app,role\n"
                              "chat.test,chat,service\n"
                              "media.chat.test,chat,content\n"
                              "=disk.test,disk,service\n"
                              "out.chat.test,-,\n")}};
    struct signature_set *set;
    struct error err = {0};

    set = signature_set_create(&err);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (!signature_set_add(set, &files[i], &err))
            fail_msg("%s", err.text);
    assert_true(signature_set_finish(set, &err));
    return set;
}

static void test_hosts_match_their_apps(void **state)
{
    static const struct {
        double share;
        size_t low, high; /* hosts of apps among 1000 */
    } rows[] = {{0, 0, 0}, {0.3, 250, 350}, {1, 1000, 1000}};
    struct signature_set *set = load();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct world_size size = {1, 1000, rows[i].share, 5, 10};
        struct error err = {0};
        struct world world;
        size_t of_apps = 0;

        assert_true(world_create(&size, set, &world, &err));
        for (size_t h = 0; h < world.host_count; h++) {
            const struct match m = signature_match(set, world.hosts[h].name);

            assert_int_equal(m.app, world.hosts[h].app);
            if (m.app == SIGNATURE_NO_APP)
                continue;
            assert_int_equal(m.role, world.hosts[h].role);
            of_apps++;
        }
        assert_in_range(of_apps, rows[i].low, rows[i].high);
        world_free(&world);
    }
    signature_set_free(set);
}

/* However many hosts there are, only some are kept; the others come out the same each time. */
static void test_makes_hosts_that_are_not_kept(void **state)
{
    const struct world_size size = {1, WORLD_HOSTS_MAX, 0.5, 5, 10};
    struct signature_set *set = load();
    struct error err = {0};
    struct world world;
    struct host_room one, other;
    size_t of_apps = 0;

    (void)state;
    assert_true(world_create(&size, set, &world, &err));
    assert_ptr_equal(world_host(&world, WORLD_HOSTS_KEPT - 1, &one),
                     &world.hosts[WORLD_HOSTS_KEPT - 1]);
    for (size_t i = 0; i < 1000; i++) {
        const struct host *host = world_host(&world, WORLD_HOSTS_KEPT + i * 9000, &one);
        const struct match m = signature_match(set, host->name);

        assert_ptr_equal(host, &one.host);
        assert_int_equal(m.app, host->app);
        assert_true(
            slice_equal(world_host(&world, WORLD_HOSTS_KEPT + i * 9000, &other)->name, host->name));
        of_apps += host->app != SIGNATURE_NO_APP;
    }
    assert_in_range(of_apps, 400, 600);
    world_free(&world);
    signature_set_free(set);
}

/* Of two apps with domains the seed takes one; both come up. */
static void test_uses_some_apps(void **state)
{
    struct signature_set *set = load();
    size_t seeds_of_first = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const struct world_size size = {1, 50, 1, seed, 1};
        struct error err = {0};
        struct world world;

        assert_true(world_create(&size, set, &world, &err));
        for (size_t h = 1; h < world.host_count; h++)
            assert_int_equal(world.hosts[h].app, world.hosts[0].app);
        seeds_of_first += strcmp(signature_app(set, world.hosts[0].app)->id, "chat") == 0;
        world_free(&world);
    }
    assert_in_range(seeds_of_first, 1, 19);
    signature_set_free(set);
}

static void test_first_hosts_are_visited_most(void **state)
{
    const struct world_size size = {100, 1000, 0, 5, 10};
    struct signature_set *set = load();
    struct random r = random_seeded(1);
    struct error err = {0};
    struct world world;
    size_t first = 0, second = 0, later = 0;

    (void)state;
    assert_true(world_create(&size, set, &world, &err));
    for (int i = 0; i < 10000; i++) {
        struct host_room room;
        const struct host *host = world_pick_host(&world, &r, world_pick_user(&world, &r), &room);

        first += host == &world.hosts[0];
        second += host == &world.hosts[1];
        later += host >= &world.hosts[500];
    }
    assert_true(first > second && second > 300); /* log(2) and log(3/2) of log(1001) */
    assert_in_range(later, 700, 1300);           /* log(1001/501) of it */
    world_free(&world);
    signature_set_free(set);
}

static void test_names_users(void **state)
{
    static const struct {
        uint32_t user;
        const char *name, *address;
    } rows[] = {{0, "user0000000", "10.0.0.1"},
                {42, "user0000042", "10.0.0.43"},
                {255, "user0000255", "10.0.1.0"},
                {9999999, "user9999999", "10.152.150.128"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = {0};

        world_append_user(&out, rows[i].user);
        assert_true(slice_is(buf_slice(&out), rows[i].name));
        buf_reset(&out);
        world_append_address(&out, world_user_address(rows[i].user));
        assert_true(slice_is(buf_slice(&out), rows[i].address));
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts_match_their_apps),
        cmocka_unit_test(test_makes_hosts_that_are_not_kept),
        cmocka_unit_test(test_uses_some_apps),
        cmocka_unit_test(test_first_hosts_are_visited_most),
        cmocka_unit_test(test_names_users),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
