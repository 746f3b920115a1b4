/* truth_test.c: what is counted of an event, and where. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "truth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                                       \
    "user,app,queries,requests,denied,bytes_up,bytes_down,active_minutes,first_seen,last_seen\n"
#define T0 INT64_C(1788253200000) /* 2026-09-01T09:00:00Z */

static const struct host service = {{"chat.test", 9}, 0, ROLE_SERVICE, 1};
static const struct host embed = {{"w.chat.test", 11}, 0, ROLE_EMBED, 1};
static const struct host other = {{"x.example", 9}, SIGNATURE_NO_APP, ROLE_SERVICE, 1};
static const struct truth_shape proxy = {
    .users = true, .verdicts = true, .up = true, .down = true, .durations = true};
static const struct truth_shape dns = {.dns = true};

enum { EVENTS = 4 };

static const struct {
    const struct truth_shape *shape;
    struct event events[EVENTS]; /* up to the first without host */
    const char *csv;
} rows[] = {
    {&proxy, {{.host = NULL}}, ""},
    {&proxy, {{.ts_ms = T0, .host = &other, .bytes_up = 5}}, ""},
    {&proxy,
     {{.ts_ms = T0, .host = &service, .bytes_up = 1, .bytes_down = 10},
      {.ts_ms = T0 + 59999, .host = &service, .bytes_up = 2, .bytes_down = 20},
      {.ts_ms = T0 + 60000, .host = &service, .outcome = OUTCOME_DENIED, .bytes_down = 9},
      {.ts_ms = T0 + 90000, .host = &service, .outcome = OUTCOME_CHALLENGED}},
     "user0000000,chat,,2,1,3,30,2,2026-09-01T09:00:00+00:00,2026-09-01T09:01:00+00:00\n"},
    {&proxy, /* embed counts only where it is all */
     {{.ts_ms = T0, .user = 1, .host = &embed, .bytes_up = 7},
      {.ts_ms = T0 + 1, .user = 2, .host = &embed, .bytes_up = 7},
      {.ts_ms = T0 + 1000, .user = 2, .host = &service, .outcome = OUTCOME_FAILED}},
     "user0000001,chat,,1,0,7,0,1,2026-09-01T09:00:00+00:00,2026-09-01T09:00:00+00:00\n"
     "user0000002,chat,,1,0,0,0,1,2026-09-01T09:00:01+00:00,2026-09-01T09:00:01+00:00\n"},
    {&proxy, /* a tunnel is active at its start and at its end; not a request that is none */
     {{.ts_ms = T0, .host = &service},
      {.ts_ms = T0 + 3000000, .host = &service, .connect = true, .elapsed_ms = 2999000},
      {.ts_ms = T0 + 3060000, .host = &service, .connect = true, .elapsed_ms = 600000},
      {.ts_ms = T0 + 3120000, .host = &service, .elapsed_ms = 600000}},
     "user0000000,chat,,4,0,0,0,5,2026-09-01T09:00:00+00:00,2026-09-01T09:52:00+00:00\n"},
    {&proxy, /* its start shows only as a minute */
     {{.ts_ms = T0 + 60000, .host = &service},
      {.ts_ms = T0 + 120000, .host = &service, .connect = true, .elapsed_ms = 121000}},
     "user0000000,chat,,2,0,0,0,3,2026-09-01T09:01:00+00:00,2026-09-01T09:02:00+00:00\n"},
    {&proxy, /* where it was refused there is none, however long that took */
     {{.ts_ms = T0, .host = &service, .connect = true, .outcome = OUTCOME_DENIED, .elapsed_ms = 3}},
     "user0000000,chat,,0,1,0,0,1,2026-09-01T09:00:00+00:00,2026-09-01T09:00:00+00:00\n"},
    {&dns,
     {{.ts_ms = T0, .user = 9, .host = &service}, {.ts_ms = T0, .user = 9, .host = &service}},
     "ip:10.0.0.10,chat,2,,,,,1,2026-09-01T09:00:00+00:00,2026-09-01T09:00:00+00:00\n"},
};

static struct signature_set *load(void)
{
    const struct signature_file apps = {
        "apps.csv",
        SLICE("app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
              "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
              "age_verification,note\n"
              "chat,Chat,,messenger,V,JP,no,,unknown,unknown,unknown,unknown,unknown,unknown,"
              "unknown,unknown,\n")};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    if (!signature_set_add(set, &apps, &err) || !signature_set_finish(set, &err))
        fail_msg("%s", err.text);
    return set;
}

/* What truth_write leaves, NUL-terminated. */
static void read_truth(struct truth *t, char *out, size_t cap)
{
    FILE *file = tmpfile();
    struct error err = {0};

    assert_non_null(file);
    assert_true(truth_write(t, file, &err));
    rewind(file);
    out[fread(out, 1, cap - 1, file)] = '\0';
    fclose(file);
}

static void test_counts(void **state)
{
    struct signature_set *set = load();
    const struct world world = {.signatures = set};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {0};
        struct truth *t = truth_create(&world, rows[i].shape, &err);
        char got[4096];

        assert_non_null(t);
        for (size_t e = 0; e < EVENTS && rows[i].events[e].host != NULL; e++)
            assert_true(truth_add(t, &rows[i].events[e], &err));
        read_truth(t, got, sizeof got);
        assert_memory_equal(got, HEAD, strlen(HEAD));
        assert_string_equal(got + strlen(HEAD), rows[i].csv);
        truth_free(t);
    }
    signature_set_free(set);
}

static void test_many_users(void **state)
{
    enum { USERS = 5000 };
    struct signature_set *set = load();
    const struct world world = {.signatures = set};
    struct error err = {0};
    struct truth *t = truth_create(&world, &proxy, &err);
    const size_t cap = (size_t)100 * USERS;
    char *got = malloc(cap);
    size_t lines = 0;

    (void)state;
    assert_non_null(t);
    assert_non_null(got);
    for (uint32_t i = 0; i < 3 * USERS; i++) {
        const struct event e = {.ts_ms = T0 + i, .user = i * 7919 % USERS, .host = &service};

        assert_true(truth_add(t, &e, &err));
    }
    read_truth(t, got, cap);
    for (const char *line = strchr(got, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
        char want[32];

        (void)snprintf(want, sizeof want, "user%07zu,chat,,3,0,", lines++);
        assert_memory_equal(line, want, strlen(want));
    }
    assert_int_equal(lines, USERS);
    free(got);
    truth_free(t);
    signature_set_free(set);
}

static void test_tells_that_it_cannot_write(void **state)
{
    struct signature_set *set = load();
    const struct world world = {.signatures = set};
    FILE *full = fopen("/dev/full", "w");
    struct error err = {0};
    struct truth *t = truth_create(&world, &proxy, &err);

    (void)state;
    assert_non_null(full);
    assert_false(truth_write(t, full, &err));
    assert_int_equal(err.code, ERROR_IO);
    fclose(full);
    truth_free(t);
    signature_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_many_users),
        cmocka_unit_test(test_tells_that_it_cannot_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
