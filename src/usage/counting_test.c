/* counting_test.c: records into cells: keys, measures, minutes. */
#include "usage/counting_fixture.h"

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

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The cell has the day and minute that the zone gives for ${ts_us}. */
static void check_minute(const struct fixture *f, size_t cell, int64_t ts_us)
{
    int64_t utc_s = floor_divide(ts_us, MICROSECONDS_PER_SECOND);
    int64_t local_s = utc_s + zone_span_at(f->zone, utc_s).offset_s;
    int64_t day = floor_divide(local_s, SECONDS_PER_DAY);
    struct usage_cell got = usage_cell_get(f->usage, cell);

    assert_int_equal(got.key.day, day);
    assert_int_equal(got.minutes.count, 1);
    assert_int_equal(got.minutes.few[0], (local_s - day * SECONDS_PER_DAY) / 60);
}

/* The minute of the record before is remembered: records go on and back by seconds, in a zone whose
 * minutes are none of UTC, and over its change in the middle of one. */
static void test_remembered_minutes(void **state)
{
    enum { STRETCH = 500 };
    static const int64_t starts_s[] = {0, 63590000 /* 1972-01-06 */, 1790730000, -86400};
    int64_t stamps_us[COUNT(starts_s) * STRETCH];
    struct fixture *f = *state;
    struct error err = {0};
    uint32_t random = 1;

    zone_free(f->zone);
    f->zone = zone_load("Africa/Monrovia", &err); /* 44 minutes and 30 seconds behind until 1972 */
    assert_non_null(f->zone);
    begin(f, NULL, 0);
    for (size_t i = 0; i < COUNT(stamps_us); i++) {
        char user[24];

        random = random * 1664525 + 1013904223;
        stamps_us[i] = i % STRETCH == 0
                           ? starts_s[i / STRETCH] * MICROSECONDS_PER_SECOND
                           : stamps_us[i - 1] + (int64_t)(random >> 8) % 40000000 - 15000000;
        snprintf(user, sizeof user, "user%zu", i);
        add(f, request(stamps_us[i], user, "line.me"));
    }
    for (size_t i = 0; i < COUNT(stamps_us); i++)
        check_minute(f, i, stamps_us[i]);
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

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_measures),     TEST(test_keys),
                                       TEST(test_no_cell),      TEST(test_tunnels),
                                       TEST(test_marks),        TEST(test_late_tunnels),
                                       TEST(test_slow_request), TEST(test_dimensions),
                                       TEST(test_span),         TEST(test_remembered_minutes),
                                       TEST(test_many_hosts),   TEST(test_addresses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
