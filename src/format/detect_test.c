/* detect_test.c: which definition reads a sample best. */
#include "format/detect.h"

#include "format/catalog.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

#define NATIVE                                                                                     \
    "1790730012.049   5006 10.1.0.1 TCP_TUNNEL/200 19763 CONNECT x.example:443 ann "               \
    "HIER_DIRECT/192.0.2.7 -\n"
#define COMMON                                                                                     \
    "192.0.2.8 - ann [30/Sep/2026:09:25:05 +0900] \"GET http://www.example.com/ HTTP/1.1\" 200 "   \
    "42\n"
#define COMBINED                                                                                   \
    "192.0.2.8 - ann [30/Sep/2026:09:25:05 +0900] \"GET http://www.example.com/ HTTP/1.1\" 200 "   \
    "42 "                                                                                          \
    "\"-\" \"Mozilla/5.0\"\n"
#define DNSMASQ "Sep 30 09:25:05 gw dnsmasq[182]: query[A] www.example.com from 192.0.2.9\n"
#define LEASE                                                                                      \
    "Sep 30 09:25:05 gw dnsmasq-dhcp[182]: DHCPACK(eth1) 192.0.2.9 02:00:5e:00:53:01 pc-ann\n"
#define YAMAHA_LEASE "2026/09/30 09:25:05: [DHCPD] LAN1 Allocates 192.0.2.9: 02:00:5e:00:53:01\n"
#define BIND                                                                                       \
    "30-Sep-2026 09:25:05.904 queries: info: client @0x7f 192.0.2.9#33795 (a.example): query: "    \
    "a.example IN A +E(0) (192.0.2.53)\n"

#define LOGON                                                                                      \
    "date=2026-09-30 time=09:25:05 tz=\"+0900\" type=\"event\" subtype=\"user\" srcip=192.0.2.9 "  \
    "user=\"ann\" action=\"FSSO-logon\"\n"
#define WEBFILTER                                                                                  \
    "date=2026-09-30 time=09:25:05 tz=\"+0900\" type=\"utm\" subtype=\"webfilter\" "               \
    "srcip=192.0.2.9 hostname=\"www.example.com\" action=\"passthrough\"\n"

/* A catalogue, a zone, and what was added. */
struct fixture {
    struct format_catalog *catalog;
    struct zone *zone;
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error err = {0};

    f->catalog = catalog_create(&err);
    f->zone = zone_load("UTC", &err);
    *state = f;
    return f->catalog == NULL || f->zone == NULL;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    catalog_free(f->catalog);
    zone_free(f->zone);
    test_free(f);
    return 0;
}

/* Add a definition: a template with the shape `ask HOLE HOLE`, under that id. */
static void add(const struct fixture *f, const char *id, const char *rest)
{
    char path[] = "/tmp/kage-detect-XXXXXX";
    int fd = mkstemp(path);
    struct error err = {0};
    const char *added = NULL;

    assert_true(fd >= 0);
    dprintf(fd, "format %s\nfamily %s\ntitle T\nkind dns\ndecoder template\nts = @time rfc3339\n%s",
            id, id, rest);
    close(fd);
    if (!catalog_add_file(f->catalog, path, &added, &err))
        fail_msg("%s", err.text);
    unlink(path);
    assert_string_equal(added, id);
}

static const char *detect(const struct fixture *f, const char *only, const char *sample,
                          struct detection *found)
{
    struct error err = {0};
    struct arena arena = {0}; /* for the slack */
    bool ok = detect_format(f->catalog, only, f->zone, arena_copy(&arena, slice_of_string(sample)),
                            found, &err);

    arena_free(&arena);
    if (!ok)
        return "error";
    return found->format == NULL ? "none" : format_id(found->format);
}

static void test_rows(void **state)
{
    static const struct {
        const char *only, *sample, *expected;
    } rows[] = {
        {NULL, NATIVE, "squid-native"},
        {NULL, DNSMASQ, "dnsmasq"},
        {NULL, BIND, "bind-querylog"},
        {NULL, COMBINED, "apache-combined"},
        {NULL, COMMON, "apache-common"},
        {NULL, "", "none"},
        {NULL, "\n\n\n", "none"},
        {NULL, "This is no log.\nNot at all.\n", "none"},
        {NULL,
         "\x7f"
         "ELF\x02\x01\x01",
         "none"},
        /* columns that the log names go before a guess at them that gives more */
        {NULL,
         "#Fields: timestamp x-elapsed-time c-ip x-resultcode-httpstatus sc-bytes cs-method cs-url "
         "cs-username x-hierarchy-origin cs-mime-type x-acltag\n"
         "1790728001.563 481 192.0.2.9 TCP_MISS/403 0 GET http://a.example/ ann "
         "DIRECT/198.51.100.7 text/html BLOCK_WEBCAT_12-A-NONE\n",
         "cisco-wsa-w3c"},
        /* an id, a family, one that does not fit */
        {"squid-native", NATIVE, "squid-native"},
        {"squid", NATIVE, "squid-native"},
        {"bind", NATIVE, "none"},
        {"nothing", NATIVE, "none"},
        {"apache", COMMON, "apache-common"},
        /* mixed: the most records win; a few bad lines do not hinder */
        {NULL, NATIVE NATIVE DNSMASQ, "squid-native"},
        {NULL, DNSMASQ NATIVE DNSMASQ DNSMASQ, "dnsmasq"},
        {NULL, LEASE LEASE LEASE DNSMASQ LEASE, "dnsmasq"}, /* but requests go before leases */
        {NULL, LEASE LEASE LEASE, "dnsmasq-dhcp"},
        {NULL, "garbage\n" NATIVE "more garbage\n" NATIVE, "squid-native"},
        {NULL, "a\nb\nc\nd\ne\n" NATIVE, "none"}, /* more than four bad lines a record */
        /* who was where is an aside of a log of requests, but a log of its own without them */
        {NULL, LOGON LOGON WEBFILTER LOGON, "fortigate-kv"},
        {NULL, LOGON LOGON, "fortigate-vpn"},
        {"fortigate-vpn", LOGON WEBFILTER, "fortigate-vpn"},
        {NULL, LOGON LOGON DNSMASQ, "fortigate-vpn"},
        /* also where it takes any line and the requests' own does not, if these are as many */
        {NULL, YAMAHA_LEASE COMMON COMMON COMMON YAMAHA_LEASE, "apache-common"},
        {NULL, YAMAHA_LEASE COMMON YAMAHA_LEASE YAMAHA_LEASE, "yamaha-dhcp"},
        /* an other's news in brackets */
        {NULL, "Nov  1 09:25:05 12[IKE] <office|7> authentication of 'bob' successful\n", "none"},
        {NULL, "2026/09/30 09:25:15: [IKE] initiate ISAKMP phase to 203.0.113.2\n", "yamaha-rtx"},
    };
    struct detection found;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *id = detect(*state, rows[i].only, rows[i].sample, &found);

        if (strcmp(id, rows[i].expected) != 0)
            fail_msg("%s: expected %s, is %s", rows[i].sample, rows[i].expected, id);
    }
}

static void test_no_year(void **state)
{
    struct detection found;

    detect(*state, NULL, DNSMASQ, &found);
    assert_true(found.no_year);
    detect(*state, NULL, NATIVE, &found);
    assert_false(found.no_year);
}

/* Read alike: no tie; the larger precedence, then the first id. */
static void test_twins(void **state)
{
    static const char same[] = "record ask {a} {b}\nhost = a\nqtype = b\n";
    struct detection found;

    add(*state, "t-b", same);
    add(*state, "t-a", same);
    assert_string_equal(detect(*state, NULL, "ask x A\nask y A\n", &found), "t-a");
    assert_string_equal(found.twins, "t-b");
    add(*state, "t-c", "precedence 5\nrecord ask {a} {b}\nhost = a\nqtype = b\n");
    assert_string_equal(detect(*state, NULL, "ask x A\nask y A\n", &found), "t-c");
    assert_string_equal(found.twins, "t-a, t-b");
    assert_string_equal(detect(*state, "t-b", "ask x A\n", &found), "t-b");
    assert_string_equal(found.twins, "");
}

/* Read differently and equally well: an error that names both. */
static void test_tie(void **state)
{
    struct fixture *f = *state;
    const char padded[WIDE_SLACK + 8] = "ask x y\n";
    struct detection found;
    struct error err = {0};

    add(f, "t-a", "record ask {a} {b}\nhost = a\nqtype = b\n");
    add(f, "t-b", "record ask {a} {b}\nhost = b\nqtype = a\n");
    assert_false(
        detect_format(f->catalog, NULL, f->zone, slice_of(padded, strlen(padded)), &found, &err));
    assert_int_equal(err.code, ERROR_DATA);
    assert_non_null(strstr(err.text, "t-a and t-b"));
    assert_non_null(strstr(err.text, "-f"));
    assert_string_equal(detect(f, "t-b", "ask x y\n", &found), "t-b");
    /* where both give the same values, nothing hangs on it */
    assert_string_equal(detect(f, NULL, "ask x x\n", &found), "t-a");
    /* who says more wins without a question */
    add(f, "t-c", "record ask {a} {b}\nhost = b\nqtype = a\nuser = a\n");
    assert_string_equal(detect(f, NULL, "ask x y\n", &found), "t-c");
    /* who has no record at all is no rival, though as many rejected lines make it worth nothing */
    add(f, "t-e", "record say {a}\nskip {:text}\nhost = a\n");
    assert_string_equal(detect(f, NULL, "ask x y\nx\n", &found), "t-c");
    /* so does who has more records */
    add(f, "t-d", "record {} {a} {b}\nhost = a\n");
    assert_string_equal(detect(f, NULL, "ask x y\nsay x y\n", &found), "t-d");
}

/* Skipped lines neither help nor hurt, and the sample goes on behind them. */
static void test_long_skips(void **state)
{
    struct buf sample = {0};
    struct detection found;

    add(*state, "t-a", "record ask {a} {b}\nskip # {:text}\nhost = a\n");
    for (int i = 0; i < 5000; i++)
        buf_append_string(&sample, "# nothing\n");
    buf_append_string(&sample, "ask x y\n");
    buf_append_byte(&sample, '\0');
    assert_string_equal(detect(*state, "t-a", sample.ptr, &found), "t-a");
    buf_free(&sample);
}

/* Requests are looked for beyond the first part of the sample where all of it is asides. */
static void test_late_requests(void **state)
{
    struct buf sample = {0};
    struct detection found;

    for (int i = 0; i < 1000; i++)
        buf_append_string(&sample, LOGON);
    buf_append_string(&sample, WEBFILTER);
    buf_append_byte(&sample, '\0');
    assert_string_equal(detect(*state, NULL, sample.ptr, &found), "fortigate-kv");
    buf_free(&sample);
}

/* A definition of the same id takes the place of the built-in one. */
static void test_replaced(void **state)
{
    struct fixture *f = *state;
    size_t before = catalog_count(f->catalog);
    struct detection found;

    add(f, "squid-native", "record ask {a} {b}\nhost = a\n");
    assert_int_equal(catalog_count(f->catalog), before);
    assert_string_equal(detect(f, NULL, "ask x y\n", &found), "squid-native");
    assert_string_equal(detect(f, "squid-native", NATIVE, &found), "none");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* Known lines that are no request, and nothing else: the format is known all the same. */
static void test_quiet(void **state)
{
    static const struct {
        const char *sample, *expected;
    } rows[] = {
        {"30-Sep-2026 09:25:05.904 general: info: all zones loaded\n"
         "30-Sep-2026 09:25:05.904 general: notice: running\n",
         "bind-querylog"},
        {"Sep 30 09:25:05 gw named[1]: zone example.com/IN: loaded serial 3\n"
         "Sep 30 09:25:05 gw sshd[2]: Accepted publickey for ann\n",
         "bind-querylog"},
        {"Sep 30 09:25:05 gw dnsmasq[182]: started, version 2.90 cachesize 150\n", "dnsmasq"},
        {"[1790728001] unbound[176:0] notice: init module 0: validator\n", "unbound"},
        {"Sep 30 09:25:05 gw sshd[2]: Accepted publickey for ann\n", "none"},
        {"30-Sep-2026 09:25:05.904 general: info: all zones loaded\nfoo\nbar\n", "none"},
        /* headings without a line below them; with lines that fit them not, they tell nothing */
        {"ip_or_cidr,user,from,until\n", "leases-csv"},
        {"\xef\xbb\xbf\"IP Address\";\"Owner\";\"Start\";\"End\"\r\n", "leases-csv"},
        {"ip_or_cidr,usr,from,until\n192.0.2.9,ann,2026-09-30,\n", "none"},
        {"user,name,department\n", "none"},
        {"ip_or_cidr,user,from,until\r192.0.2.9,ann,,\r", "none"},
        /* one request tells more than any news */
        {"Sep 30 09:25:05 gw named[1]: zone example.com/IN: loaded serial 3\n" DNSMASQ, "dnsmasq"},
    };
    const struct fixture *f = *state;
    struct detection found;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *is = detect(f, NULL, rows[i].sample, &found);

        if (strcmp(is, rows[i].expected) != 0)
            fail_msg("%sexpected %s, is %s", rows[i].sample, rows[i].expected, is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rows), TEST(test_no_year),    TEST(test_twins),    TEST(test_quiet),
        TEST(test_tie),  TEST(test_long_skips), TEST(test_replaced), TEST(test_late_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
