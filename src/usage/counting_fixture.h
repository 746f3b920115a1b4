/* counting_fixture.h: for tests: a small catalogue, and records that are counted by it. */
#ifndef USAGE_COUNTING_FIXTURE_H
#define USAGE_COUNTING_FIXTURE_H

#include "usage/counting.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "net/psl.h"
#include "signature/geoip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)       (sizeof(a) / sizeof *(a))
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

static const char apps[] =
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,remote_wipe,"
    "password_reset,audit_log,sso,licence_management,business_terms,age_verification,note\n"
    "line,LINE,,messaging,LY,JP,no,,no,no,no,no,no,no,no,no,\n"
    "slack,Slack,,messaging,Salesforce,US,both,,no,no,no,no,no,no,no,no,\n"
    "store,Store,,storage,S,US,yes,,no,no,no,no,no,no,no,no,\n";
static const char domains[] = "domain,app,role\nline.me,line,service\nscdn.net,line,content\n"
                              "slack.com,slack,service\nstore.example,store,service\n"
                              "dev.line.me,-,\n";
static const char rules[] =
    "rule,app,category,severity,method,port,host,path,user_agent,detail,role\n"
    "tool,slack,messaging,medium,,,,,^Tool/,,\n"
    "drop,-,messaging,high,,,,^/dropped$,,,\n"
    "widget,line,messaging,info,,,line.me,^/widget/,,,embed\n"
    "own,store,storage,critical,,,,[?&]bucket=,,bucket,service\n";
static const char networks[] = "network,app,role\n203.0.113.0/24,line,content\n"
                               "203.0.113.128/25,-,\nAS62041,slack,service\n";
static const char tenants[] =
    "app,pattern\nslack,{tenant}.slack.com\nstore,store.example/{tenant}/\n";

/* What a test counts into. */
struct fixture {
    struct signature_set *signatures;
    struct zone *zone;
    struct usage *usage;
    struct counting *counting;
    struct psl *psl; /* NULL: apps are counted */
    struct tally tally;
    uint64_t line;
};

static inline void add_file(struct signature_set *set, const char *file_name, const char *text)
{
    struct error err = {0};
    struct signature_file file = {file_name, slice_of_string(text)};

    if (!signature_set_add(set, &file, &err))
        fail_msg("%s", err.text);
}

static inline int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error err = {0};

    f->signatures = signature_set_create(&err);
    add_file(f->signatures, "apps.csv", apps);
    add_file(f->signatures, "domains.csv", domains);
    add_file(f->signatures, "tenants.csv", tenants);
    add_file(f->signatures, "rules.csv", rules);
    add_file(f->signatures, "networks.csv", networks);
    f->zone = zone_load("Asia/Tokyo", &err);
    f->usage = usage_create(&err);
    f->tally = tally_empty();
    *state = f;
    return !signature_set_finish(f->signatures, &err) || f->zone == NULL || f->usage == NULL;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;

    counting_free(f->counting);
    psl_close(f->psl);
    usage_free(f->usage);
    zone_free(f->zone);
    signature_set_free(f->signatures);
    test_free(f);
    return 0;
}

static inline void begin(struct fixture *f, const struct record_filter *filter, unsigned with)
{
    struct counting_options options = {.signatures = f->signatures,
                                       .report_zone = f->zone,
                                       .filter = filter,
                                       .with = with,
                                       .psl = f->psl};
    struct error err = {0};

    f->counting = counting_create(&options, f->usage, &err);
    assert_non_null(f->counting);
    assert_true(counting_begin(f->counting, "a.log", "tokyo", FIELD_BIT(FIELD_ACTION), &err));
}

static inline int64_t at(int32_t day, int32_t hour, int32_t minute) /* of October 2026 in Tokyo */
{
    struct civil c = {2026, 10, day, hour, minute, 0};

    return (calendar_seconds(&c) - 32400) * MICROSECONDS_PER_SECOND;
}

static inline struct record request(int64_t ts_us, const char *user, const char *host)
{
    return (struct record){.has = FIELD_BIT(FIELD_TS) | FIELD_BIT(FIELD_CLIENT) |
                                  FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_KIND) |
                                  (user == NULL ? 0 : FIELD_BIT(FIELD_USER)),
                           .ts_us = ts_us,
                           .client = SLICE("10.0.0.1"),
                           .user = slice_of_string(user),
                           .host = slice_of_string(host)};
}

static inline struct record with_bytes(struct record r, uint64_t up, uint64_t down)
{
    r.has |= FIELD_BIT(FIELD_BYTES_UP) | FIELD_BIT(FIELD_BYTES_DOWN);
    r.bytes_up = up;
    r.bytes_down = down;
    return r;
}

static inline struct record with_action(struct record r, enum record_action action)
{
    r.has |= FIELD_BIT(FIELD_ACTION);
    r.action = action;
    return r;
}

static inline struct record tunnel(struct record r, int64_t elapsed_s)
{
    r.has |= FIELD_BIT(FIELD_METHOD) | FIELD_BIT(FIELD_ELAPSED);
    r.method = SLICE("CONNECT");
    r.elapsed_us = elapsed_s * MICROSECONDS_PER_SECOND;
    return r;
}

static inline void add(struct fixture *f, struct record r)
{
    struct error err = {0};

    r.line = ++f->line;
    f->tally.lines++;
    assert_true(counting_add_batch(f->counting, &r, 1, &f->tally, &err));
    assert_true(tally_adds_up(&f->tally));
}

/* "user app tenant day hour: passed denied up down minutes hosts;" for every cell, in the order of
 * their making. */
static inline void expect_cells(const struct fixture *f, const char *expected)
{
    struct buf b = {0};

    for (size_t i = 0; i < usage_cell_count(f->usage); i++) {
        struct usage_cell cell = usage_cell_get(f->usage, i);
        const struct usage_key *key = &cell.key;

        buf_printf(&b, "%s %s %s %d %u: %u %u %u %u %u %u;",
                   usage_name(f->usage, NAME_USER, key->user).ptr,
                   signature_app(f->signatures, key->app)->id,
                   usage_name(f->usage, NAME_TENANT, key->tenant).ptr, calendar_date(key->day).day,
                   key->hour, (unsigned)cell.counts[COUNT_PASSED],
                   (unsigned)cell.counts[COUNT_DENIED], (unsigned)cell.counts[COUNT_BYTES_UP],
                   (unsigned)cell.counts[COUNT_BYTES_DOWN], cell.minutes.count, cell.hosts.count);
    }
    buf_append_byte(&b, '\0');
    assert_string_equal(b.ptr, expected);
    buf_free(&b);
}

#endif
