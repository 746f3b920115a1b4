/* counting_test.c: records into cells. */
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

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char apps[] =
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,remote_wipe,"
    "password_reset,audit_log,sso,licence_management,business_terms,age_verification,note\n"
    "line,LINE,,messaging,LY,JP,no,,no,no,no,no,no,no,no,no,\n"
    "slack,Slack,,messaging,Salesforce,US,both,,no,no,no,no,no,no,no,no,\n"
    "store,Store,,storage,S,US,yes,,no,no,no,no,no,no,no,no,\n";
static const char domains[] = "domain,app,role\nline.me,line,service\nscdn.net,line,content\n"
                              "slack.com,slack,service\nstore.example,store,service\n"
                              "dev.line.me,-,\n";
static const char rules[] = "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
                            "tool,slack,messaging,medium,,,,,^Tool/,\n"
                            "drop,-,messaging,high,,,,^/dropped$,,\n"
                            "own,store,storage,critical,,,,[?&]bucket=,,bucket\n";
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

static void add_file(struct signature_set *set, const char *file_name, const char *text)
{
    struct error err = {0};
    struct signature_file file = {file_name, slice_of_string(text)};

    if (!signature_set_add(set, &file, &err))
        fail_msg("%s", err.text);
}

static int set_up(void **state)
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

static int tear_down(void **state)
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

static void begin(struct fixture *f, const struct record_filter *filter, unsigned with)
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

static int64_t at(int32_t day, int32_t hour, int32_t minute) /* of October 2026 in Tokyo */
{
    struct civil c = {2026, 10, day, hour, minute, 0};

    return (calendar_seconds(&c) - 32400) * MICROSECONDS_PER_SECOND;
}

static struct record request(int64_t ts_us, const char *user, const char *host)
{
    return (struct record){.has = FIELD_BIT(FIELD_TS) | FIELD_BIT(FIELD_CLIENT) |
                                  FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_KIND) |
                                  (user == NULL ? 0 : FIELD_BIT(FIELD_USER)),
                           .ts_us = ts_us,
                           .client = SLICE("10.0.0.1"),
                           .user = slice_of_string(user),
                           .host = slice_of_string(host)};
}

static struct record with_bytes(struct record r, uint64_t up, uint64_t down)
{
    r.has |= FIELD_BIT(FIELD_BYTES_UP) | FIELD_BIT(FIELD_BYTES_DOWN);
    r.bytes_up = up;
    r.bytes_down = down;
    return r;
}

static struct record with_action(struct record r, enum record_action action)
{
    r.has |= FIELD_BIT(FIELD_ACTION);
    r.action = action;
    return r;
}

static struct record tunnel(struct record r, int64_t elapsed_s)
{
    r.has |= FIELD_BIT(FIELD_METHOD) | FIELD_BIT(FIELD_ELAPSED);
    r.method = SLICE("CONNECT");
    r.elapsed_us = elapsed_s * MICROSECONDS_PER_SECOND;
    return r;
}

static void add(struct fixture *f, struct record r)
{
    struct error err = {0};

    r.line = ++f->line;
    f->tally.lines++;
    assert_true(counting_add(f->counting, &r, &f->tally, &err));
    assert_true(tally_adds_up(&f->tally));
}

/* "user app tenant day hour: passed denied up down minutes hosts;" for every cell, in the order of
 * their making. */
static void expect_cells(const struct fixture *f, const char *expected)
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

static void test_measures(void **state)
{
    struct fixture *f = *state;

    begin(f, NULL, 0);
    add(f, with_bytes(request(at(1, 9, 0), "ann", "line.me"), 10, 100));
    add(f, with_bytes(request(at(1, 9, 0), "ann", "x.LINE.me:443"), 1, 2));
    add(f, with_bytes(request(at(1, 9, 1), "ann", "line.me"), 5, 5));
    add(f, request(at(1, 9, 2), "ann", "line.me"));
    add(f, with_action(with_bytes(request(at(1, 9, 3), "ann", "line.me"), 7, 7), ACTION_BLOCKED));
    add(f, with_action(with_bytes(request(at(1, 9, 3), "ann", "line.me"), 7, 7), ACTION_ALLOWED));
    expect_cells(f, "ann line  1 0: 5 1 23 114 4 2;");
    assert_int_equal(usage_cell_get(f->usage, 0).counts[COUNT_CARRIED_UP], 4);
    assert_int_equal(usage_cell_get(f->usage, 0).counts[COUNT_CARRIED_VERDICT], 6);
    assert_int_equal(f->tally.matched, 6);
}

static void test_keys(void **state)
{
    struct fixture *f = *state;
    struct record dns = request(at(1, 9, 0), "ann", "line.me");

    begin(f, NULL, 0);
    dns.kind = RECORD_DNS;
    add(f, request(at(1, 9, 0), "ann", "line.me"));
    add(f, request(at(1, 9, 0), "bob", "line.me"));
    add(f, request(at(1, 9, 0), NULL, "line.me"));
    add(f, request(at(2, 0, 0), "ann", "line.me")); /* Tokyo's day */
    add(f, request(at(1, 23, 59), "ann", "line.me"));
    add(f, request(at(1, 9, 0), "ann", "scdn.net")); /* another role */
    add(f, dns);                                     /* another kind */
    add(f, request(at(1, 9, 0), "ann", "acme.slack.com"));
    expect_cells(f, "ann line  1 0: 2 0 0 0 2 1;bob line  1 0: 1 0 0 0 1 1;"
                    "ip:10.0.0.1 line  1 0: 1 0 0 0 1 1;ann line  2 0: 1 0 0 0 1 1;"
                    "ann line  1 0: 1 0 0 0 1 1;ann line  1 0: 1 0 0 0 1 1;"
                    "ann slack acme 1 0: 1 0 0 0 1 1;");
}

/* What is no cell: unknown hosts, password prompts, identity records, records without a time. */
static void test_no_cell(void **state)
{
    struct fixture *f = *state;
    struct record prompt = request(at(2, 9, 0), NULL, "line.me"), lease = prompt, no_time = prompt;

    begin(f, NULL, 0);
    prompt.has |= FIELD_BIT(FIELD_STATUS);
    prompt.status = 407;
    lease.kind = RECORD_IDENTITY;
    no_time.has &= ~FIELD_BIT(FIELD_TS);
    add(f, prompt);
    add(f, lease);
    add(f, no_time);
    add(f, request(at(3, 9, 0), "ann", "notline.me"));
    add(f, request(at(1, 9, 0), "ann", "line.me.evil.example"));
    assert_int_equal(usage_cell_count(f->usage), 0);
    assert_int_equal(f->tally.challenged, 1);
    assert_int_equal(f->tally.unmatched, 3);
    assert_int_equal(f->tally.rejected_by[REJECT_TIME], 1);
    assert_int_equal(f->tally.first_us, at(1, 9, 0));
    assert_int_equal(f->tally.last_us, at(3, 9, 0));
    assert_int_equal(usage_name_count(f->usage, NAME_USER), 2); /* a prompt makes no user */
    assert_true(usage_has_proxy_day(f->usage, (int32_t)calendar_days(2026, 10, 2)));
    assert_true(usage_has_proxy_day(f->usage, (int32_t)calendar_days(2026, 10, 3)));
}

/* Both ends of a tunnel are minutes, each in its own day; the rest counts at its end. */
static void test_tunnels(void **state)
{
    struct fixture *f = *state;

    begin(f, NULL, 0);
    add(f, tunnel(with_bytes(request(at(2, 0, 10), "ann", "line.me"), 1, 2), 1200));
    expect_cells(f, "ann line  1 0: 0 0 0 0 1 1;ann line  2 0: 1 0 1 2 1 1;");
    assert_int_equal(usage_cell_get(f->usage, 0).first_us, at(1, 23, 50));
    assert_int_equal(usage_cell_get(f->usage, 0).last_us, at(1, 23, 50));
    assert_int_equal(usage_cell_get(f->usage, 1).first_us, at(2, 0, 10));
    add(f, tunnel(request(at(2, 0, 10), "bob", "line.me"), 0));
    add(f, tunnel(request(at(2, 0, 20), "bob", "line.me"), 600));
    add(f, tunnel(request(at(2, 5, 0), "bob", "line.me"), 86400));
    add(f, tunnel(request(at(2, 6, 0), "bob", "line.me"), 86401));
    add(f, tunnel(with_action(request(at(2, 7, 0), "bob", "line.me"), ACTION_BLOCKED), 7200));
    expect_cells(f, "ann line  1 0: 0 0 0 0 1 1;ann line  2 0: 1 0 1 2 1 1;"
                    "bob line  2 0: 4 1 0 0 5 1;bob line  1 0: 0 0 0 0 1 1;");
    assert_int_equal(f->tally.elapsed_ignored, 1);
    assert_int_equal(f->tally.records, 6); /* a tunnel is one */
}

static uint8_t marks(const struct fixture *f, size_t index)
{
    return usage_cell_get(f->usage, index).marks;
}

/* A cell knows what any of its archives could give, refusals and starts of tunnels too; and that a
 * tunnel began in it. */
static void test_marks(void **state)
{
    const uint32_t up = FIELD_BIT(FIELD_BYTES_UP), down = FIELD_BIT(FIELD_BYTES_DOWN);
    struct record refused = with_action(request(at(2, 9, 0), "ann", "line.me"), ACTION_BLOCKED);
    struct fixture *f = *state;
    struct error err = {0};

    begin(f, NULL, 0);
    add(f, refused);
    assert_int_equal(marks(f, 0), 0);
    assert_true(counting_begin(f->counting, "b.log", "tokyo", up, &err));
    add(f, refused);
    assert_int_equal(marks(f, 0), MARK_UP);
    assert_true(counting_begin(f->counting, "c.log", "tokyo", down, &err));
    add(f, refused);
    add(f, tunnel(request(at(2, 0, 10), "bob", "line.me"), 1200));
    assert_int_equal(marks(f, 0), MARK_UP | MARK_DOWN);
    assert_int_equal(marks(f, 1), MARK_DOWN | MARK_TUNNEL); /* the day before */
    assert_int_equal(marks(f, 2), MARK_DOWN);
}

/* Of a tunnel that ends behind the time asked for, its start counts: the day says the same, asked
 * alone or among others. */
static void test_late_tunnels(void **state)
{
    const struct record_filter filter = {.since_us = at(1, 0, 0), .until_us = at(2, 0, 0)};
    struct fixture *f = *state;

    begin(f, &filter, 0);
    add(f, tunnel(request(at(2, 0, 10), "ann", "line.me"), 1200));
    add(f, tunnel(request(at(2, 0, 10), "ann", "line.me"), 60));
    add(f, tunnel(request(at(2, 0, 10), "ann", "nobody.example"), 1200));
    add(f, tunnel(with_action(request(at(2, 0, 10), "ann", "line.me"), ACTION_BLOCKED), 1200));
    add(f, tunnel(request(at(2, 0, 10), "ann", "line.me"), 90000));
    add(f, request(at(2, 0, 10), "ann", "line.me"));
    expect_cells(f, "ann line  1 0: 0 0 0 0 1 1;");
    assert_int_equal(usage_cell_get(f->usage, 0).first_us, at(1, 23, 50));
    assert_int_equal(f->tally.filtered, 6);
    assert_int_equal(f->tally.elapsed_ignored, 0);
}

/* A request that is no tunnel has one minute, however long it took. */
static void test_slow_request(void **state)
{
    struct fixture *f = *state;
    struct record slow = tunnel(request(at(1, 9, 0), "ann", "line.me"), 3600);

    begin(f, NULL, 0);
    slow.method = SLICE("GET");
    add(f, slow);
    slow.has &= ~FIELD_BIT(FIELD_METHOD);
    slow.method = SLICE("CONNECT"); /* not of this record */
    add(f, slow);
    expect_cells(f, "ann line  1 0: 2 0 0 0 1 1;");
}

static void test_dimensions(void **state)
{
    struct fixture *f = *state;
    struct usage_key key;

    begin(f, NULL, WITH_HOUR | WITH_CLIENT | WITH_HOST | WITH_SOURCE);
    add(f, request(at(1, 9, 0), "ann", "LINE.me."));
    add(f, request(at(1, 9, 59), "ann", "line.me:443"));
    add(f, request(at(1, 10, 0), "ann", "line.me"));
    add(f, request(at(1, 10, 0), "ann", "a.line.me"));
    expect_cells(f, "ann line  1 9: 2 0 0 0 2 1;ann line  1 10: 1 0 0 0 1 1;"
                    "ann line  1 10: 1 0 0 0 1 1;");
    key = usage_key_get(f->usage, 0);
    assert_string_equal(usage_name(f->usage, NAME_CLIENT, key.client).ptr, "10.0.0.1");
    assert_string_equal(usage_name(f->usage, NAME_HOST, key.host).ptr, "line.me");
    assert_string_equal(usage_name(f->usage, NAME_SOURCE, key.source).ptr, "tokyo");
}

/* The tenant by the path, where the host does not say it. */
static void test_url_tenant(void **state)
{
    struct fixture *f = *state;
    struct record r = request(at(1, 9, 0), "ann", "store.example");

    begin(f, NULL, 0);
    add(f, r); /* without a URL */
    r.has |= FIELD_BIT(FIELD_URL);
    r.url = SLICE("https://store.example/acme/x");
    add(f, r);
    r.url = SLICE("https://store.example/");
    add(f, r);
    expect_cells(f, "ann store  1 0: 2 0 0 0 1 1;ann store acme 1 0: 1 0 0 0 1 1;");
}

/* A rule's app goes before the host's, with the tenant that it keeps; `-` takes a record out. */
static void test_rules(void **state)
{
    static const char *const stores[] = {"store"};
    struct record_filter filter = {
        .since_us = INT64_MIN, .until_us = INT64_MAX, .app = {stores, COUNT(stores), NULL, 0}};
    struct fixture *f = *state;
    struct record r = request(at(1, 9, 0), "ann", "nobody.example");

    begin(f, NULL, 0);
    assert_true((counting_fields(f->counting) & FIELD_BIT(FIELD_USER_AGENT)) != 0);
    r.has |= FIELD_BIT(FIELD_URL) | FIELD_BIT(FIELD_USER_AGENT);
    r.url = SLICE("http://nobody.example/x?a=b&bucket=blue");
    add(f, r); /* whatever the host */
    r.host = SLICE("acme.slack.com");
    add(f, r); /* the host's tenant is another app's */
    r.url = SLICE("http://acme.slack.com/");
    r.user_agent = SLICE("Tool/1");
    add(f, r); /* the app is the host's own, and its tenant stays */
    r.host = SLICE("line.me");
    add(f, r);
    r.url = SLICE("http://line.me/dropped");
    add(f, r);
    expect_cells(f, "ann store blue 1 0: 2 0 0 0 1 2;ann slack acme 1 0: 1 0 0 0 1 1;"
                    "ann slack  1 0: 1 0 0 0 1 1;");
    assert_int_equal(usage_cell_get(f->usage, 0).key.role, ROLE_SERVICE);
    assert_int_equal(f->tally.unmatched, 1);
    counting_free(f->counting);
    begin(f, &filter, 0);
    add(f, r);
    r.url = SLICE("http://line.me/?bucket=red");
    add(f, r);
    r.url = SLICE("http://line.me/");
    add(f, r);
    assert_int_equal(f->tally.unmatched, 2);
    assert_int_equal(f->tally.matched, 5);
    assert_int_equal(f->tally.filtered, 1);
}

/* Filters: those of every record leave unknown hosts out too, those of apps do not. */
static void test_filters(void **state)
{
    static const char *const patterns[] = {"ann",  "ip:*", "10.0.0.*", "*.slack.com",
                                           "tok*", "line", "acme"};
    static const struct {
        struct record_filter filter;
        uint64_t matched, unmatched, filtered;
    } rows[] = {
        {{.since_us = INT64_MIN, .until_us = INT64_MAX}, 4, 1, 0},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .user = {&patterns[0], 1, NULL, 0}},
         2,
         1,
         2},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .user = {&patterns[1], 1, NULL, 0}},
         1,
         0,
         4},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .user = {NULL, 0, &patterns[0], 1}},
         2,
         0,
         3},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .client = {NULL, 0, &patterns[2], 1}},
         0,
         0,
         5},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .host = {&patterns[3], 1, NULL, 0}},
         1,
         0,
         4},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .source = {&patterns[4], 1, NULL, 0}},
         4,
         1,
         0},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .source = {NULL, 0, &patterns[4], 1}},
         0,
         0,
         5},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .app = {&patterns[5], 1, NULL, 0}},
         3,
         1,
         1},
        {{.since_us = INT64_MIN, .until_us = INT64_MAX, .tenant = {&patterns[6], 1, NULL, 0}},
         1,
         1,
         3},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture *f = *state;

        begin(f, &rows[i].filter, 0);
        f->tally = tally_empty();
        add(f, request(at(1, 9, 0), "ann", "line.me"));
        add(f, request(at(1, 9, 0), "bob", "line.me"));
        add(f, request(at(1, 9, 0), NULL, "line.me"));
        add(f, request(at(1, 9, 0), "ann", "acme.slack.com"));
        add(f, request(at(1, 9, 0), "ann", "unknown.example"));
        if (f->tally.matched != rows[i].matched || f->tally.unmatched != rows[i].unmatched ||
            f->tally.filtered != rows[i].filtered)
            fail_msg("row %zu: %d matched, %d unmatched, %d filtered", i, (int)f->tally.matched,
                     (int)f->tally.unmatched, (int)f->tally.filtered);
        counting_free(f->counting);
        f->counting = NULL;
    }
}

static void test_span(void **state)
{
    struct fixture *f = *state;
    struct record_filter filter = {.since_us = at(2, 0, 0), .until_us = at(3, 0, 0)};

    begin(f, &filter, 0);
    add(f, request(at(2, 0, 0) - 1, "ann", "line.me"));
    add(f, request(at(2, 0, 0), "ann", "line.me"));
    add(f, request(at(3, 0, 0) - 1, "ann", "line.me"));
    add(f, request(at(3, 0, 0), "ann", "line.me"));
    add(f, tunnel(request(at(2, 0, 5), "ann", "line.me"), 600)); /* began on a day not asked for */
    expect_cells(f, "ann line  2 0: 3 0 0 0 3 1;");
    assert_int_equal(f->tally.filtered, 2);
    assert_true(usage_has_proxy_day(f->usage, (int32_t)calendar_days(2026, 10, 3)));
}

/* More hosts than are remembered: the answers stay right. */
static void test_many_hosts(void **state)
{
    enum { HOSTS = (1 << 18) + 1000 };
    struct fixture *f = *state;

    begin(f, NULL, 0);
    for (int i = 0; i < HOSTS; i++) {
        char host[40];
        bool known = i % 1000 == 0;

        snprintf(host, sizeof host, known ? "line.me" : "h%d.example", i);
        add(f, request(at(1, 9, 0), "ann", host));
    }
    assert_int_equal(f->tally.matched, HOSTS / 1000 + 1);
    expect_cells(f, "ann line  1 0: 264 0 0 0 1 1;");
    assert_true(usage_memory(f->usage) < 1 << 20); /* unknown hosts are no names */
}

/* An address is one user however it is written, and no user's name is an address. */
static void test_addresses(void **state)
{
    static const char *const clients[] = {"2001:db8::1", "2001:DB8:0::1", "2001:db8:0:0:0:0:0:1"};
    struct fixture *f = *state;

    begin(f, NULL, 0);
    for (size_t i = 0; i < COUNT(clients); i++) {
        struct record r = request(at(1, 9, 0), NULL, "line.me");

        r.client = slice_of_string(clients[i]);
        add(f, r);
    }
    add(f, request(at(1, 9, 0), "2001:db8::1", "line.me"));
    expect_cells(f, "ip:2001:db8::1 line  1 0: 3 0 0 0 1 1;2001:db8::1 line  1 0: 1 0 0 0 1 1;");
}

static struct record to_address(struct record r, const char *dest_ip)
{
    r.has |= FIELD_BIT(FIELD_DEST_IP);
    r.dest_ip = slice_of_string(dest_ip);
    return r;
}

/* The destination's network decides where nothing is known of the host; of proxies only. */
static void test_destinations(void **state)
{
    struct fixture *f = *state;
    struct record r = request(at(1, 9, 0), "ann", "x.example"), dns = r;

    dns.kind = RECORD_DNS;
    begin(f, NULL, 0);
    assert_true((counting_fields(f->counting) & FIELD_BIT(FIELD_DEST_IP)) != 0);
    add(f, to_address(r, "203.0.113.9"));
    add(f, to_address(r, "203.0.113.9"));
    add(f, to_address(r, "203.0.113.200")); /* taken out again */
    add(f, to_address(r, "198.51.100.1"));  /* an AS number without a database */
    add(f, to_address(r, "-"));
    add(f, to_address(dns, "203.0.113.9"));
    r.host = SLICE("acme.slack.com"); /* known by its name */
    add(f, to_address(r, "203.0.113.9"));
    r.host = SLICE("dev.line.me"); /* so is what is taken out by name */
    add(f, to_address(r, "203.0.113.9"));
    r.host = SLICE("203.0.113.77:443");
    add(f, r);
    expect_cells(f, "ann line  1 0: 3 0 0 0 1 2;ann slack acme 1 0: 1 0 0 0 1 1;");
    assert_int_equal(usage_cell_get(f->usage, 0).key.role, ROLE_CONTENT);
    assert_int_equal(f->tally.unmatched, 5);
}

static void add_sample_database(struct fixture *f)
{
    struct error err = {0};
    struct geoip *geoip = geoip_create(&err);

    assert_true(geoip_add(geoip, "testdata/geoip/sample.mmdb", &err));
    signature_set_use_geoip(f->signatures, geoip);
}

/* The country is that of an address asked for, else of the destination. */
static void test_countries(void **state)
{
    static const struct {
        const char *host, *dest_ip, *country;
    } rows[] = {{"line.me", "192.0.2.1", "JP"},
                {"line.me", "198.51.100.1", "US"},
                {"203.0.113.1", "192.0.2.1", "SG"},
                {"line.me", "10.0.0.1", ""},
                {"unknown.example", "198.51.100.1", "US"}};
    struct fixture *f = *state;

    add_sample_database(f);
    begin(f, NULL, WITH_COUNTRY);
    for (size_t i = 0; i < COUNT(rows); i++)
        add(f, to_address(request(at(1, 9, 0), "ann", rows[i].host), rows[i].dest_ip));
    assert_int_equal(usage_cell_count(f->usage), COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t country = usage_key_get(f->usage, i).country;

        assert_string_equal(usage_name(f->usage, NAME_COUNTRY, country).ptr, rows[i].country);
    }
}

static void test_country_filter(void **state)
{
    static const char *const patterns[] = {"jp", "s*"};
    static const struct {
        struct filter_list list;
        uint64_t matched;
    } rows[] = {{{&patterns[0], 1, NULL, 0}, 1},
                {{patterns, 2, NULL, 0}, 2},
                {{NULL, 0, &patterns[0], 1}, 3}};
    struct fixture *f = *state;

    add_sample_database(f);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct record_filter filter = {
            .since_us = INT64_MIN, .until_us = INT64_MAX, .country = rows[i].list};

        begin(f, &filter, 0);
        f->tally = tally_empty();
        add(f, to_address(request(at(1, 9, 0), "ann", "line.me"), "192.0.2.1"));
        add(f, to_address(request(at(1, 9, 0), "ann", "line.me"), "203.0.113.1"));
        add(f, to_address(request(at(1, 9, 0), "ann", "line.me"), "198.51.100.1"));
        add(f, request(at(1, 9, 0), "ann", "line.me"));
        assert_int_equal(f->tally.matched, rows[i].matched);
        assert_int_equal(f->tally.filtered, 4 - rows[i].matched);
        counting_free(f->counting);
        f->counting = NULL;
    }
}

/* With --unknown the cells are those of registrable domains; what a signature knows has none, nor
 * what one takes out again. */
static void test_unknown(void **state)
{
    static const struct {
        const char *host, *domain;
    } rows[] = {{"a.New-App.co.jp", "new-app.co.jp"}, {"new-app.co.jp:443", "new-app.co.jp"},
                {"[2001:db8::7]:443", "2001:db8::7"}, {"printer", "printer"},
                {"b.a.corp.local", "corp.local"},     {"4.3.2.1.in-addr.arpa", "in-addr.arpa"}};
    struct fixture *f = *state;

    f->psl = psl_open();
    begin(f, NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++)
        add(f, with_bytes(request(at(1, 9, 0), "ann", rows[i].host), 1, 2));
    add(f, request(at(1, 9, 0), "ann", "line.me"));
    add(f, request(at(1, 9, 0), "ann", "dev.line.me"));
    add(f, request(at(1, 9, 0), "ann", ""));
    assert_int_equal(usage_cell_count(f->usage), COUNT(rows) - 1);
    for (size_t i = 1; i < COUNT(rows); i++) {
        struct usage_key key = usage_key_get(f->usage, i - 1);

        assert_int_equal(key.app, SIGNATURE_NO_APP);
        assert_string_equal(usage_name(f->usage, NAME_TENANT, key.tenant).ptr, rows[i].domain);
    }
    assert_int_equal(usage_cell_get(f->usage, 0).counts[COUNT_BYTES_UP], 2);
    assert_int_equal(usage_cell_get(f->usage, 0).hosts.count, 2);
    assert_int_equal(f->tally.matched, 1);
    assert_int_equal(f->tally.unmatched, COUNT(rows) + 2);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_measures),     TEST(test_keys),       TEST(test_no_cell),
        TEST(test_tunnels),      TEST(test_marks),      TEST(test_late_tunnels),
        TEST(test_slow_request), TEST(test_dimensions), TEST(test_url_tenant),
        TEST(test_rules),        TEST(test_filters),    TEST(test_span),
        TEST(test_many_hosts),   TEST(test_addresses),  TEST(test_unknown),
        TEST(test_destinations), TEST(test_countries),  TEST(test_country_filter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
