/* counting_match_test.c: which app, tenant, country or domain a record counts for, and which
 * records are kept. */
#include "usage/counting_fixture.h"

static struct record to_address(struct record r, const char *dest_ip)
{
    r.has |= FIELD_BIT(FIELD_DEST_IP);
    r.dest_ip = slice_of_string(dest_ip);
    return r;
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

/* The destination's network decides where nothing is known of the host; of proxies only. */
/* What a rule proves may be less than use: a widget on somebody else's page. */
static void test_rule_role(void **state)
{
    struct fixture *f = *state;
    struct record r = request(at(1, 9, 0), "ann", "line.me");

    begin(f, NULL, 0);
    r.has |= FIELD_BIT(FIELD_URL);
    r.url = SLICE("https://line.me/widget/share.js");
    add(f, r);
    assert_int_equal(usage_cell_get(f->usage, 0).key.role, ROLE_EMBED);
    r.url = SLICE("https://line.me/talk/widget/");
    add(f, r);
    assert_int_equal(usage_cell_get(f->usage, 1).key.role, ROLE_SERVICE);
    assert_int_equal(f->tally.matched, 2);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_url_tenant),     TEST(test_rules),
                                       TEST(test_rule_role),      TEST(test_destinations),
                                       TEST(test_countries),      TEST(test_filters),
                                       TEST(test_country_filter), TEST(test_unknown)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
