/* counting_detail_test.c: what is noted of hosts beside the cells. */
#include "usage/counting.h"
#include "usage/detail.h"

#include "base/buf.h"
#include "net/psl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { GENERATED = 6000 };

static const char apps[] =
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,remote_wipe,"
    "password_reset,audit_log,sso,licence_management,business_terms,age_verification,note\n"
    "line,LINE,,messaging,LY,JP,no,,no,no,no,no,no,no,no,no,\n";
static const char domains[] = "domain,app,role\nline.me,line,service\ndev.line.me,-,\n";
static const char rules[] = "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
                            "tool,line,messaging,medium,,,,,^Tool/,\n"
                            "drop,-,messaging,high,,,,,^Drop/,\n";
static const char networks[] = "network,app,role\n203.0.113.0/24,line,content\n";

struct fixture {
    struct signature_set *signatures;
    struct zone *zone;
    struct usage *usage;
    struct psl *psl;
    struct detail *detail;
    struct counting *counting;
    struct tally tally;
};

static void enter(struct fixture *f)
{
    const struct signature_file files[] = {{"apps.csv", {apps, sizeof apps - 1}},
                                           {"domains.csv", {domains, sizeof domains - 1}},
                                           {"rules.csv", {rules, sizeof rules - 1}},
                                           {"networks.csv", {networks, sizeof networks - 1}}};
    struct counting_options options = {.report_zone = NULL};
    struct error err = {0};

    *f = (struct fixture){.signatures = signature_set_create(&err), .psl = psl_open()};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_true(signature_set_add(f->signatures, &files[i], &err));
    assert_true(signature_set_finish(f->signatures, &err));
    f->zone = zone_load("Asia/Tokyo", &err);
    f->usage = usage_create(&err);
    f->detail = detail_create(f->psl, &err);
    options.signatures = f->signatures;
    options.report_zone = f->zone;
    options.detail = f->detail;
    f->counting = counting_create(&options, f->usage, &err);
    f->tally = tally_empty();
    assert_non_null(f->counting);
    assert_true(counting_begin(f->counting, "a", "a", FIELD_BIT(FIELD_ACTION), &err));
}

static void leave(struct fixture *f)
{
    counting_free(f->counting);
    detail_free(f->detail);
    usage_free(f->usage);
    psl_close(f->psl);
    zone_free(f->zone);
    signature_set_free(f->signatures);
}

/* One request at 2026-09-30 09:00 in Tokyo. */
struct request {
    const char *user, *host, *agent, *address;
    bool denied;
};

static void count(struct fixture *f, const struct request *q)
{
    struct error err = {0};
    struct record r = {.kind = RECORD_PROXY,
                       .ts_us = INT64_C(1790726400000000),
                       .line = 1,
                       .client = SLICE("10.0.0.1"),
                       .host = slice_of_string(q->host),
                       .action = q->denied ? ACTION_BLOCKED : ACTION_ALLOWED};

    r.has = FIELD_BIT(FIELD_TS) | FIELD_BIT(FIELD_CLIENT) | FIELD_BIT(FIELD_HOST) |
            FIELD_BIT(FIELD_ACTION);
    if (q->user != NULL) {
        r.user = slice_of_string(q->user);
        r.has |= FIELD_BIT(FIELD_USER);
    }
    if (q->agent != NULL) {
        r.user_agent = slice_of_string(q->agent);
        r.has |= FIELD_BIT(FIELD_USER_AGENT);
    }
    if (q->address != NULL) {
        r.dest_ip = slice_of_string(q->address);
        r.has |= FIELD_BIT(FIELD_DEST_IP);
    }
    assert_true(counting_add_batch(f->counting, &r, 1, &f->tally, &err));
}

static void test_rows(void **state)
{
    static const struct {
        struct request request;
        const char *host, *tenant, *user;
        bool app;
        unsigned flags, hour;
    } cases[] = {
        {{"ann", "A.line.me", NULL, NULL, false}, "a.line.me", "", "ann", true, 4, 24},
        {{NULL, "a.line.me", NULL, NULL, true}, "a.line.me", "", "ip:10.0.0.1", true, 4, 9},
        {{"ann", "www.x.co.jp", NULL, NULL, false}, "www.x.co.jp", "x.co.jp", "ann", false, 4, 24},
        {{"ann", "dev.line.me", NULL, NULL, false}, "dev.line.me", "", "ann", false, 12, 24},
        {{"ann", "x.test", "Tool/1", NULL, false}, "x.test", "", "ann", true, 5, 24},
        {{"ann", "a.line.me", "Drop/1", NULL, false}, "a.line.me", "", "ann", false, 13, 24},
        {{"ann", "x.test", NULL, "203.0.113.9", false}, "x.test", "", "ann", true, 6, 24},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct detail_row *row;
        struct detail_reader reader;
        struct detail_pair pair;
        struct fixture f;
        size_t rows;

        enter(&f);
        count(&f, &cases[i].request);
        assert_true(detail_finish(f.detail));
        row = detail_rows(f.detail, &rows);
        assert_int_equal(rows, 1);
        assert_true(slice_is(usage_name(f.usage, NAME_HOST, row->host), cases[i].host));
        assert_true(slice_is(usage_name(f.usage, NAME_TENANT, row->tenant), cases[i].tenant));
        assert_int_equal(row->app != SIGNATURE_NO_APP, cases[i].app);
        assert_int_equal(row->flags, cases[i].flags);
        assert_int_equal(row->day, 20726);
        reader = detail_read(f.detail, 0);
        assert_true(detail_next(&reader, &pair));
        assert_true(slice_is(usage_name(f.usage, NAME_USER, pair.user), cases[i].user));
        assert_int_equal(pair.hour, cases[i].hour);
        assert_int_equal(pair.denied, cases[i].request.denied);
        assert_int_equal(pair.passed, !cases[i].request.denied);
        leave(&f);
    }
}

/* Names that are generated: those beyond some thousand are one. */
static void test_generated(void **state)
{
    struct fixture f;
    size_t rows;

    (void)state;
    enter(&f);
    for (unsigned i = 0; i < GENERATED; i++) {
        char host[32];
        const struct request q = {"ann", host, NULL, NULL, false};

        (void)snprintf(host, sizeof host, "%x.tunnel.test", i);
        count(&f, &q);
    }
    count(&f, &(struct request){"ann", "www.other.test", NULL, NULL, false});
    assert_true(detail_finish(f.detail));
    (void)detail_rows(f.detail, &rows);
    assert_int_equal(rows, 4096 + 1 + 1);
    assert_int_equal(f.tally.unmatched, GENERATED + 1);
    leave(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),
                                       cmocka_unit_test(test_generated)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
