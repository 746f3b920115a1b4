/* usage_fixture.h: for tests: a small catalogue and cells for it. */
#ifndef USAGE_USAGE_FIXTURE_H
#define USAGE_USAGE_FIXTURE_H

#include "record/record.h"
#include "signature/signature.h"
#include "usage/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Apps in the order of their numbers. */
enum { APP_CHAT, APP_DRIVE, APP_TALK, APP_WORK };

/* chat and talk nobody can manage, drive perhaps, work a company. */
static inline struct signature_set *fixture_signatures(void)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\n"
        "chat,Chat,,messaging,Acme,JP,no,,no,no,no,no,no,no,no,no,\n"
        "drive,Drive,,file-sharing,Acme,JP,both,,no,no,no,no,no,no,no,no,\n"
        "talk,Talk,,messaging,Other,US,no,,no,no,no,no,no,no,no,no,\n"
        "work,Work,,file-sharing,Other,US,yes,,no,no,no,no,no,no,no,no,\n";
    const struct signature_file file = {"apps.csv", {apps, sizeof apps - 1}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    assert_true(signature_set_add(set, &file, &err));
    assert_true(signature_set_finish(set, &err));
    assert_int_equal(signature_find_app(set, SLICE("work")), APP_WORK);
    return set;
}

/* One cell. Texts NULL: the empty name. */
struct fixture_cell {
    int32_t day;
    const char *user;
    uint32_t app;
    enum record_kind kind;
    enum role role;
    uint64_t passed, denied;
    uint64_t up, down;                           /* sums */
    uint64_t carried_up, carried_down, verdicts; /* records that carry them */
    unsigned first_minute, minutes;              /* active ones, one after the other */
    const char *archive;
    uint64_t line;
    const char *host, *tenant, *client;
    int64_t first_us; /* 0: of the day and the first minute */
    uint8_t marks;
};

static inline uint32_t fixture_name(struct usage *usage, enum usage_name kind, const char *text)
{
    uint32_t id = 0;

    assert_true(usage_name_id(usage, kind, slice_of_string(text), &id));
    return id;
}

static inline void fixture_add(struct usage *usage, const struct fixture_cell *c)
{
    const struct usage_key key = {.user = fixture_name(usage, NAME_USER, c->user),
                                  .tenant = fixture_name(usage, NAME_TENANT, c->tenant),
                                  .client = fixture_name(usage, NAME_CLIENT, c->client),
                                  .app = c->app,
                                  .day = c->day,
                                  .role = (uint8_t)c->role,
                                  .kind = (uint8_t)c->kind};
    const uint64_t counts[COUNTERS] = {[COUNT_PASSED] = c->passed,
                                       [COUNT_DENIED] = c->denied,
                                       [COUNT_BYTES_UP] = c->up,
                                       [COUNT_BYTES_DOWN] = c->down,
                                       [COUNT_CARRIED_UP] = c->carried_up,
                                       [COUNT_CARRIED_DOWN] = c->carried_down,
                                       [COUNT_CARRIED_VERDICT] = c->verdicts};
    int64_t minute_us = ((int64_t)c->day * 1440 + c->first_minute) * 60 * 1000000;
    int64_t first_us = c->first_us != 0 ? c->first_us : minute_us;
    uint32_t archive = fixture_name(usage, NAME_ARCHIVE, c->archive);
    uint32_t host = fixture_name(usage, NAME_HOST, c->host);
    struct usage_cell *cell = usage_cell_at(usage, &key);

    assert_non_null(cell);
    for (int i = 0; i < COUNTERS; i++)
        cell->counts[i] += counts[i];
    cell->marks |= c->marks;
    for (unsigned m = 0; m < c->minutes; m++)
        assert_true(usage_cell_add_minute(usage, cell, c->first_minute + m));
    if (c->passed + c->denied > 0)
        usage_cell_seen(usage, cell, first_us, archive, c->line);
    if (host != 0)
        assert_true(usage_cell_add_host(usage, cell, host));
    if (c->kind == RECORD_PROXY)
        assert_true(usage_add_proxy_day(usage, c->day));
}

#endif
