/* exclude_test.c: what is not counted, and why. */
#include "usage/exclude.h"

#include "identity/identity.h"
#include "identity/testing.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char apps[] =
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,remote_wipe,"
    "password_reset,audit_log,sso,licence_management,business_terms,age_verification,note\n"
    "line,LINE,,messaging,LY,JP,no,,no,no,no,no,no,no,no,no,\n"
    "slack,Slack,,messaging,Salesforce,US,both,,no,no,no,no,no,no,no,no,\n";

struct world {
    struct identity *identity;
    struct signature_set *signatures;
    struct zone *zone;
};

static int set_up(void **state)
{
    static struct world w;
    const struct signature_file file = {"apps.csv", {apps, sizeof apps - 1}};
    struct error err = {0};

    w.signatures = signature_set_create(&err);
    w.zone = zone_load("Asia/Tokyo", &err);
    *state = &w;
    return !signature_set_add(w.signatures, &file, &err) ||
           !signature_set_finish(w.signatures, &err);
}

static int tear_down(void **state)
{
    struct world *w = *state;

    signature_set_free(w->signatures);
    zone_free(w->zone);
    return 0;
}

static struct exclusions *load(const struct world *w, const char *text, struct error *err)
{
    const struct exclude_with with = {w->identity, w->signatures, w->zone};
    char path[TESTING_PATH];
    struct exclusions *e;

    testing_file(slice_of_string(text), path);
    e = exclude_load(path, &with, err);
    unlink(path);
    if (e == NULL)
        memmove(err->text, err->text + strlen(path), strlen(err->text) - strlen(path) + 1);
    return e;
}

static void test_rows(void **state)
{
    static const char text[] = "user,client,host,app,until,reason\n"
                               "probe-*,,,,,health check\n"
                               ",10.0.0.0/8,,slack,,pilot\n"
                               "ann,,*.line.me,,2026-09-30,trial\n"
                               ",2001:db8::1,,,,scanner\n";
    static const struct {
        const char *user, *client, *host;
        uint32_t app;
        int64_t second;     /* from 2026-10-01T00:00 in Tokyo */
        const char *reason; /* NULL: it counts */
    } rows[] = {
        {"probe-1", "192.0.2.1", "x.example", SIGNATURE_NO_APP, 0, "health check"},
        {"ann", "10.1.2.3", "acme.slack.com", 1, 0, "pilot"},
        {"ann", "10.1.2.3", "gw.line.me", 0, 0, NULL},
        {"ann", "10.1.2.3", "gw.line.me", 0, -1, "trial"},
        {"bob", "10.1.2.3", "gw.line.me", 0, -1, NULL},
        {"ann", "192.0.2.1", "acme.slack.com", 1, 0, NULL},
        {"ann", "2001:db8:0::1", "acme.slack.com", 1, 0, "scanner"},
        {"ann", "", "acme.slack.com", 1, 0, NULL},
    };
    const struct world *w = *state;
    struct error err = {0};
    struct exclusions *e = load(w, text, &err);
    struct slice reason;
    uint64_t count, total = 0;

    assert_non_null(e);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct exclude_subject subject = {.user = slice_of_string(rows[i].user),
                                                .client = slice_of_string(rows[i].client),
                                                .host = slice_of_string(rows[i].host),
                                                .app = rows[i].app,
                                                .ts_us = (INT64_C(1790780400) + rows[i].second) *
                                                         1000000};

        if (exclude_holds(e, &subject) != (rows[i].reason != NULL))
            fail_msg("row %zu", i);
        total += rows[i].reason != NULL;
    }
    for (size_t i = 0; exclude_row(e, i, &reason, &count); i++)
        total -= count;
    assert_int_equal(total, 0);
    assert_true(exclude_row(e, 2, &reason, &count));
    assert_true(slice_is(reason, "trial"));
    assert_int_equal(count, 1);
    exclude_free(e);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"user,reason\nann,\n", ":2: no reason; expected why this is not counted"},
        {"user,reason\n,why\n", ":2: expected a user, client, host or app that is not counted"},
        {"app,reason\nlines,why\n", ":2: app 'lines' is none that is known"},
        {"user,until,reason\nann,soon,why\n",
         ":2: until 'soon': expected a date such as 2026-09-30"},
        {"client,reason\n10.0.0.1/8,why\n",
         ":2: client '10.0.0.1/8': bits behind the prefix are set"},
        {"usr,client,reason\nann,10.0.0.0/8,why\n",
         ":1: unknown column 'usr'; expected the columns user,client,host,app,until,reason"},
        {"user\nann\n",
         ":1: no column 'reason'; expected the columns user,client,host,app,until,reason"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};

        assert_null(load(*state, rows[i].text, &err));
        assert_string_equal(err.text, rows[i].expected);
    }
}

/* Names as the directory has them, hosts in any case. */
static void test_names(void **state)
{
    const struct identity_rules rules = {0};
    struct world w = *(const struct world *)*state;
    struct exclude_subject subject = {
        .user = SLICE("Ann"), .host = SLICE("gw.line.me"), .app = SIGNATURE_NO_APP};
    struct error err = {0};
    struct exclusions *e;
    char path[TESTING_PATH];

    testing_file(SLICE("user,aliases\nAnn,a.ann\n"), path);
    w.identity = identity_create(&rules, &err);
    assert_true(identity_load_users(w.identity, path, NULL, &err));
    unlink(path);
    e = load(&w, "user,host,reason\nCORP\\A.ANN,*.Line.me,why\n", &err);
    assert_non_null(e);
    assert_true(exclude_holds(e, &subject));
    subject.user = SLICE("a.ann");
    assert_false(exclude_holds(e, &subject));
    exclude_free(e);
    identity_free(w.identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_errors),
                                       cmocka_unit_test(test_names)};

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
