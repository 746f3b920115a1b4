/* envelope_test.c: the syslog prefix in its forms. */
#include "format/envelope/envelope.h"

#include "format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *line, *time, *machine, *tag, *body; /* all but the line NULL: no envelope */
} rows[] = {
    /* RFC 3164, with and without a machine, a relay, a priority */
    {"Sep 30 09:25:05 gw01 dnsmasq[183]: query[A] x", "Sep 30 09:25:05", "gw01", "dnsmasq",
     "query[A] x"},
    {"Sep  3 09:25:05 gw01 dnsmasq: x", "Sep  3 09:25:05", "gw01", "dnsmasq", "x"},
    {"Sep 30 09:25:05 dnsmasq[182]: x y", "Sep 30 09:25:05", "", "dnsmasq", "x y"},
    {"Sep 30 09:25:05 192.0.2.1 gw01 named[1]: x", "Sep 30 09:25:05", "192.0.2.1", "named", "x"},
    {"<30>Sep 30 09:25:05 gw01 named[1]: x", "Sep 30 09:25:05", "gw01", "named", "x"},
    {"<0> Sep 30 09:25:05 gw01 named[1]: x", "Sep 30 09:25:05", "gw01", "named", "x"},
    {"Sep 30 09:25:05.123 gw01 named[1]: x", "Sep 30 09:25:05.123", "gw01", "named", "x"},
    {"Sep 30 2026 09:25:05 gw01 named[1]: x", "Sep 30 2026 09:25:05", "gw01", "named", "x"},
    {"Sep 30 09:25:05: gw01 named[1]: x", "Sep 30 09:25:05", "gw01", "named", "x"},
    {"Sep 30 09:25:05 gw01 named[1]:   x", "Sep 30 09:25:05", "gw01", "named", "x"},
    {"Sep 30 09:25:05 gw01 named[1]:", "Sep 30 09:25:05", "gw01", "named", ""},
    {"Sep 30 09:25:05 a b c named[1]: x", NULL, NULL, NULL, NULL},
    {"Sep 30 09:25:05 gw01 CEF:0|a b|c", "Sep 30 09:25:05", "gw01", "", "CEF:0|a b|c"},
    {"<13>Sep 30 09:25:05 LEEF:1.0|a|b", "Sep 30 09:25:05", "", "", "LEEF:1.0|a|b"},
    {"<46>Sep 30 09:25:05 gw01 {\"a\": \"b: c\"}", "Sep 30 09:25:05", "gw01", "",
     "{\"a\": \"b: c\"}"},
    {"Sep 30 09:25:05 gw01 named[1]:x y", "Sep 30 09:25:05", "gw01", "named", "x y"},
    {"Sep 30 09:25:05 gw01 named[1] x y", "Sep 30 09:25:05", "gw01", "named", "x y"},
    {"Sep 30 09:25:05 gw01 named[1:0] info: x", "Sep 30 09:25:05", "gw01", "info", "x"},
    /* a machine or relay that was written with a colon */
    {"Sep 30 09:25:05 gw01: squid[9]: x", "Sep 30 09:25:05", "gw01", "squid", "x"},
    {"Sep 30 09:25:05 192.0.2.1 gw01: squid[9]: x", "Sep 30 09:25:05", "192.0.2.1", "squid", "x"},
    {"Sep 30 09:25:05 gw01 unbound: [9:0] info: x", "Sep 30 09:25:05", "gw01", "unbound",
     "[9:0] info: x"},
    {"Sep 30 09:25:05 gw01 charon: 12[IKE] x: y", "Sep 30 09:25:05", "gw01", "charon",
     "12[IKE] x: y"},
    /* Cisco's tag alone */
    {"%FTD-6-430003: SrcIP: x", "", "", "%FTD-6-430003", "SrcIP: x"},
    {"%a: x", NULL, NULL, NULL, NULL},
    {"%FTD x", NULL, NULL, NULL, NULL},
    /* what rsyslog shortens: the message itself */
    {"Sep 30 09:25:05 gw01 dnsmasq[183]: message repeated 12 times: [ query[A] x]",
     "Sep 30 09:25:05", "gw01", "dnsmasq", "query[A] x"},
    {"Sep 30 09:25:05 gw01 dnsmasq[183]: message repeated 2 times: [ x#015]", "Sep 30 09:25:05",
     "gw01", "dnsmasq", "x"},
    /* line ends that rsyslog took for a part of the message */
    {"Sep 30 09:25:05 gw01 dnsmasq[183]: x#015", "Sep 30 09:25:05", "gw01", "dnsmasq", "x"},
    {"<30>1 2026-09-30T09:25:05Z gw01 p - - - x#015#012#000", "2026-09-30T09:25:05Z", "gw01", "p",
     "x"},
    {"<134>Sep 30 09:25:05 gw01 p: #015", "Sep 30 09:25:05", "gw01", "p", ""},
    {"Sep 30 09:25:05 gw01 p: x#011", "Sep 30 09:25:05", "gw01", "p", "x#011"},
    {"Sep 30 09:25:05 gw01 p: x#15", "Sep 30 09:25:05", "gw01", "p", "x#15"},
    {"Sep 30 09:25:05 gw01 dnsmasq[183]: message repeated 2 times: [x", "Sep 30 09:25:05", "gw01",
     "dnsmasq", "message repeated 2 times: [x"},
    {"Sep 30 09:25:05 gw01 dnsmasq[183]: message repeated  times: [ x]", "Sep 30 09:25:05", "gw01",
     "dnsmasq", "message repeated  times: [ x]"},
    {"Sep 30 09:25:05 gw01 dnsmasq[183]: message repeated 2", "Sep 30 09:25:05", "gw01", "dnsmasq",
     "message repeated 2"},
    /* RFC 5424 begun, RFC 3164 gone on with; a program that nobody named */
    {"<30>1 2026-09-30T09:25:05+09:00 gw01 (squid-1)[913]: x", "2026-09-30T09:25:05+09:00", "gw01",
     "(squid-1)", "x"},
    {"<30>1 2026-09-30T09:25:05Z gw01 named[1]: 1 - - x", "2026-09-30T09:25:05Z", "gw01",
     "named[1]:", "x"},
    {"<30>1 2026-09-30T09:25:05Z gw01 named[1]: - - [a b=\"c\"] x", "2026-09-30T09:25:05Z", "gw01",
     "named[1]:", "x"},
    {"<30>1 2026-09-30T09:25:05Z gw01 httpd[1]: 192.0.2.9 - - x", "2026-09-30T09:25:05Z", "gw01",
     "httpd", "192.0.2.9 - - x"},
    {"<30>1 2026-09-30T09:25:05Z gw01 - - - - %FTD-6-430003: a: b", "2026-09-30T09:25:05Z", "gw01",
     "%FTD-6-430003", "a: b"},
    {"<30>1 2026-09-30T09:25:05Z gw01 - - - - 100% x", "2026-09-30T09:25:05Z", "gw01", "-",
     "100% x"},
    /* Cisco: its tag behind a relay's, a zone, without a machine, in EMBLEM's form */
    {"Sep 30 09:25:05 gw01 CiscoASA[9]: %ASA-5-304001: a: b", "Sep 30 09:25:05", "gw01",
     "%ASA-5-304001", "a: b"},
    {"Sep 30 09:25:05 gw01 asa[9]: %ASA-5-304001: a", "Sep 30 09:25:05", "gw01", "%ASA-5-304001",
     "a"},
    {"Sep 30 2026 09:25:05 gw01: %ASA-5-304001: a", "Sep 30 2026 09:25:05", "", "%ASA-5-304001",
     "a"},
    {"<166>Sep 30 2026 09:25:05 JST: %ASA-5-304001: a", "Sep 30 2026 09:25:05 JST", "",
     "%ASA-5-304001", "a"},
    {"Sep 30 2026 09:25:05 EDT: %ASA-5-304001: a", "Sep 30 2026 09:25:05", "", "%ASA-5-304001",
     "a"},
    {"<166>2026-09-30T09:25:05Z: %ASA-5-304001: a", "2026-09-30T09:25:05Z", "", "%ASA-5-304001",
     "a"},
    {"<166>:Sep 30 09:25:05 UTC: %ASA-url-5-304001: a", "Sep 30 09:25:05 UTC", "",
     "%ASA-url-5-304001", "a"},
    {"Sep 30 09:25:06 192.0.2.1 :Sep 30 09:25:05 GMT: %ASA-url-5-304001: a", "Sep 30 09:25:06",
     "192.0.2.1", "%ASA-url-5-304001", "a"},
    {"Sep 30 09:25:06 192.0.2.1 :%ASA-url-5-304001: a", "Sep 30 09:25:06", "192.0.2.1",
     "%ASA-url-5-304001", "a"},
    {"<166>:%ASA-url-5-304001: a", "", "", "%ASA-url-5-304001", "a"},
    {"<30>1 2026-09-30T09:25:05Z gw01 asa 9 - - %ASA-5-304001: a", "2026-09-30T09:25:05Z", "gw01",
     "%ASA-5-304001", "a"},
    {"Sep 30 09:25:05 gw01 a[1]: %20: a", "Sep 30 09:25:05", "gw01", "a", "%20: a"},
    {"Sep 30 09:25:05 gw01 a[1]: %A", "Sep 30 09:25:05", "gw01", "a", "%A"},
    {"Sep 30 09:25:05 gw01 a[1]: %", "Sep 30 09:25:05", "gw01", "a", "%"},
    /* a relay's time and name before the sender's */
    {"Sep 30 09:25:06 192.0.2.1 Sep 30 09:25:05 gw01 named[1]: x", "Sep 30 09:25:06", "gw01",
     "named", "x"},
    {"2026-09-30T09:25:06Z 192.0.2.1 <30>Sep 30 09:25:05 gw01 named[1]: x", "2026-09-30T09:25:06Z",
     "gw01", "named", "x"},
    /* Kiwi Syslog: tabs, facility and severity */
    {"2026-09-30 09:25:05\tLocal4.Info\t192.0.2.1\tnamed[1]: x", "2026-09-30 09:25:05",
     "Local4.Info", "named", "x"},
    /* a year before or behind, as ctime, logread of OpenWrt and Cisco write it */
    {"Wed Sep 30 09:25:05 2026 daemon.info dnsmasq[1]: x", "Wed Sep 30 09:25:05 2026",
     "daemon.info", "dnsmasq", "x"},
    {"Wed Sep 30 09:25:05 UTC 2026 nss: x", "Wed Sep 30 09:25:05 UTC 2026", "", "nss", "x"},
    {"2026 Sep 30 09:25:05 gw01 named[1]: x", "2026 Sep 30 09:25:05", "gw01", "named", "x"},
    {"Wed Sep 30 09:25:05 gw01 named[1]: x", NULL, NULL, NULL, NULL},
    {"Sep 30 09:25:05 gw01", NULL, NULL, NULL, NULL},
    {"Sep 30 09:25:05", NULL, NULL, NULL, NULL},
    {"Sep 30 09:25 gw01 named[1]: x", NULL, NULL, NULL, NULL},
    {"Foo 30 09:25:05 gw01 named[1]: x", NULL, NULL, NULL, NULL},
    {"Sep 30 : : named[1]: x", NULL, NULL, NULL, NULL},
    {"{\"log\":\"named[1]: x\"}", NULL, NULL, NULL, NULL},
    /* rsyslog's and syslog-ng's ISO time */
    {"2026-09-30T09:25:05+09:00 gw01 dnsmasq[183]: x", "2026-09-30T09:25:05+09:00", "gw01",
     "dnsmasq", "x"},
    {"2026-09-30T09:25:05.123456+09:00 gw01 unbound: x", "2026-09-30T09:25:05.123456+09:00", "gw01",
     "unbound", "x"},
    {"2026-09-30 09:25:05 gw01 unbound: x", "2026-09-30 09:25:05", "gw01", "unbound", "x"},
    {"<134>2026-09-30T09:25:05Z gw01 unbound: x", "2026-09-30T09:25:05Z", "gw01", "unbound", "x"},
    {"2026/09/30 09:25:05 gw01 unbound: x", "2026/09/30 09:25:05", "gw01", "unbound", "x"},
    {"2026/09-30 09:25:05 gw01 unbound: x", NULL, NULL, NULL, NULL},
    {"2026-09-30T09:25 gw01 unbound: x", NULL, NULL, NULL, NULL},
    /* RFC 5424 */
    {"<30>1 2026-09-30T09:25:05+09:00 ns1 named 2255 - - client x", "2026-09-30T09:25:05+09:00",
     "ns1", "named", "client x"},
    {"<30>1 2026-09-30T09:25:05Z ns1 named - ID47 [a@1 k=\"v\"] x", "2026-09-30T09:25:05Z", "ns1",
     "named", "x"},
    {"<30>1 2026-09-30T09:25:05Z ns1 named - - [a@1 k=\"v ] w\" l=\"\\\"]\\]\"][b@2 m=\"\"] x y",
     "2026-09-30T09:25:05Z", "ns1", "named", "x y"},
    {"<30>1 2026-09-30T09:25:05Z ns1 named - - [a@1 k=\"\\]", "2026-09-30T09:25:05Z", "ns1",
     "named", ""},
    {"<30>1 2026-09-30T09:25:05Z ns1 named - - -", "2026-09-30T09:25:05Z", "ns1", "named", ""},
    {"<30>1 2026-09-30T09:25:05Z ns1 named - - - \xef\xbb\xbfx", "2026-09-30T09:25:05Z", "ns1",
     "named", "x"},
    {"<30>1 2026-09-30T09:25:05Z ns1 named", "2026-09-30T09:25:05Z", "ns1", "named", ""},
    /* headers that lack something before what stands for itself */
    {"<134>1 2026-09-30T09:25:05Z gw01 CEF:0|a b|c d|e", "2026-09-30T09:25:05Z", "gw01", "",
     "CEF:0|a b|c d|e"},
    {"<134>1 2026-09-30T09:25:05Z gw01 app LEEF:1.0|a b|c d", "2026-09-30T09:25:05Z", "gw01", "app",
     "LEEF:1.0|a b|c d"},
    {"<134>1 2026-09-30T09:25:05Z gw01 app 7 {\"a\": \"b: c\"}", "2026-09-30T09:25:05Z", "gw01",
     "app", "{\"a\": \"b: c\"}"},
    {"<134>1 2026-09-30T09:25:05Z gw01 app 7 - CEF:0|a b|c d", "2026-09-30T09:25:05Z", "gw01",
     "app", "CEF:0|a b|c d"},
    {"<134>1 2026-09-30T09:25:05Z gw01 app 7 - - {\"a\": 1}", "2026-09-30T09:25:05Z", "gw01", "app",
     "{\"a\": 1}"},
    {"<30>1 yesterday ns1 named - - - x", NULL, NULL, NULL, NULL},
    {"<30>1 - ns1 named 2255 - - client x", "", "ns1", "named", "client x"},
    {"65 <30>1 2026-09-30T09:25:05Z ns1 named - - - x", "2026-09-30T09:25:05Z", "ns1", "named",
     "x"}, /* RFC 6587 */
    {"123456 <30>1 2026-09-30T09:25:05Z ns1 named - - - x", NULL, NULL, NULL, NULL},
    /* a tag alone */
    {"dnsmasq[183]: query[A] x", "", "", "dnsmasq", "query[A] x"},
    {"<30>dnsmasq[183]: query[A] x", "", "", "dnsmasq", "query[A] x"},
    {"<188>date=2026-09-30 time=09:25:05", "", "", "", "date=2026-09-30 time=09:25:05"},
    {"dnsmasq: query[A] x", NULL, NULL, NULL, NULL}, /* a word with a colon is no tag */
    {"dnsmasq[]: x", NULL, NULL, NULL, NULL},
    {"[183]: x", NULL, NULL, NULL, NULL},
    /* Kubernetes and Docker, also around a prefix of the program's own */
    {"2026-09-30T00:25:05.123456789Z stdout F x y", "2026-09-30T00:25:05.123456789Z", "", "",
     "x y"},
    {"2026-09-30T09:25:05+09:00 stderr F 192.0.2.9 x", "2026-09-30T09:25:05+09:00", "", "",
     "192.0.2.9 x"},
    {"2026-09-30T00:25:05.123456789Z stderr F Sep 30 09:25:05 dnsmasq[1]: x",
     "2026-09-30T00:25:05.123456789Z", "", "dnsmasq", "x"},
    {"2026-09-30T00:25:05.123456789Z dnsmasq[1]: x", "2026-09-30T00:25:05.123456789Z", "",
     "dnsmasq", "x"},
    {"2026-09-30T00:25:05.123456789Z 1790728001.563 481 x", "2026-09-30T00:25:05.123456789Z", "",
     "", "1790728001.563 481 x"},
    {"2026-09-30T00:25:05.123456789Z stdout F ", "2026-09-30T00:25:05.123456789Z", "", "", ""},
    {"2026-09-30T00:25:05.123456789Z stdout P x", NULL, NULL, NULL, NULL}, /* part of a line */
    /* garbage */
    {"", NULL, NULL, NULL, NULL},
    {"<", NULL, NULL, NULL, NULL},
    {" a blank before a line", NULL, NULL, NULL, NULL},
    {"<>x y z", NULL, NULL, NULL, NULL},
    {"<1234>Sep 30 09:25:05 gw01 named[1]: x", NULL, NULL, NULL, NULL},
    {"<30", NULL, NULL, NULL, NULL},
    {"<30>", NULL, NULL, NULL, NULL},
    {"<30>1 ", NULL, NULL, NULL, NULL},
    {"1790730012.049   5006 10.1.0.1 TCP_TUNNEL/200 19763 CONNECT x:443 - -/- -", NULL, NULL, NULL,
     NULL},
    {"\x01\x02\x03\x04\x05\x06\x07\x08", NULL, NULL, NULL, NULL},
};

static void expect_slot(const char *line, struct slice is, const char *expected)
{
    if (!slice_is(is, expected))
        fail_msg("%s: expected '%s', is '%.*s'", line, expected, SLICE_FMT(is));
}

typedef bool stripper(struct slice line, struct slice *slots, struct slice *body);

/* What ${strip} takes off ${line}: nothing where ${expected}, its body, is NULL. Returns: something
 * was taken off. */
static bool check_body(stripper *strip, const char *line, const char *expected, struct slice *slots)
{
    static char room[1024 + WIDE_SLACK]; /* whose end is that of the slack */
    size_t len = strlen(line);
    char *padded = room + sizeof room - WIDE_SLACK - len;
    struct slice body = {NULL, 0};
    bool found;

    assert_true(len <= sizeof room - WIDE_SLACK);
    memcpy(padded, line, len);
    memset(padded + len, 'x', WIDE_SLACK);
    found = strip(slice_of(padded, len), slots, &body);

    if (found != (expected != NULL))
        fail_msg("%s: %s", line, found ? "has an envelope" : "has none");
    if (found)
        expect_slot(line, body, expected);
    return found;
}

static void test_strip(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}};

        if (!check_body(envelope_strip, rows[i].line, rows[i].body, slots))
            continue;
        expect_slot(rows[i].line, slots[SLOT_TIME], rows[i].time);
        expect_slot(rows[i].line, slots[SLOT_MACHINE], rows[i].machine);
        expect_slot(rows[i].line, slots[SLOT_TAG], rows[i].tag);
    }
}

/* Lines of ${begin} and ${rest} are told as those with ${head} before them, which go the long way.
 */
static void check_alike(const char *head, const char *begin, const char *rest)
{
    struct slice brief[ENVELOPE_SLOTS] = {{NULL, 0}}, other[ENVELOPE_SLOTS] = {{NULL, 0}};
    struct slice brief_body = {NULL, 0}, other_body = {NULL, 0};
    char line[256];
    bool found;

    snprintf(line, sizeof line, "%s%s%s", head, begin, rest);
    found = envelope_strip(slice_of_string(line), other, &other_body);
    assert_int_equal(envelope_strip(slice_of_string(line + strlen(head)), brief, &brief_body),
                     found);
    for (int k = 0; found && k < ENVELOPE_SLOTS; k++)
        if (!slice_equal(brief[k], other[k]))
            fail_msg("'%s': slot %d is '%.*s', expected '%.*s'", line, k, SLICE_FMT(brief[k]),
                     SLICE_FMT(other[k]));
    assert_true(!found || slice_equal(brief_body, other_body));
}

/* What most lines have is told at once, and as a priority before them would have it told. */
static void test_plain(void **state)
{
    static const char *const prefixes[] = {
        "Sep 30 09:25:05 gw01 named[1]: ",
        "Sep  3 09:25:05 gw01 named[12345678]:",
        "Sep 30 09:25:05 gw01 named[1]:   ",
        "Sep 30 09:25:05 gw01 named[123456789]: ",
        "Sep 30 09:25:05 gw01 named[]: ",
        "Sep 30 09:25:05 gw01 named[1] ",
        "Sep 30 09:25:05 gw01: named[1]: ",
        "Sep 30 09:25:05 gw[1]: named[1]: ",
        "Sep 30 09:25:05 gw01\tnamed[1]: ",
        "Sep 30 09:25:05 gw01  named[1]: ",
        "Sep 30 09:25:05 gw01 na\tmed[1]: ",
        "Sep 30 09:25:05 gw01 named: ",
        "Sep 30 09:25:05 sixteen-bytes-ab named-sixteen-by[1]: ",
        "Sep 30 09:25:05 seventeen-bytes-a named-seventeen-b[1]: ",
        "Sep 30 09:25:05.1 gw01 named[1]: ",
        "Sep 30 09:25:05 gw01 Sep[1]: ",
        "Sep 30 2026 09:25:05 gw01 named[1]: ",
        "Sep 3  09:25:05 gw01 named[1]: "};

    (void)state;
    for (size_t i = 0; i < COUNT(prefixes); i++)
        check_alike("<30>", prefixes[i], "query[A] www.example.com from 192.0.2.9 and so on");
}

/* So is a priority alone, which with its length before it goes the long way. */
static void test_priority(void **state)
{
    static const char *const begins[] = {
        "<189>date=2026-09-30 time=09:25:05",
        "<0>date=2026-09-30\ttime=09:25:05",
        "<1234>date=2026-09-30 time=09:25:05",
        "<>date=2026-09-30 time=09:25:05",
        "<189> date=2026-09-30 time=09:25:05",
        "<189>:date=2026-09-30 time=09:25:05",
        "<189>DATE=2026-09-30 time=09:25:05",
        "<189>tag: date=2026-09-30 time=09:25:05",
        "<189>named[183]: date=2026-09-30",
        "<189>named[date=2026-09-30",
        "<189>four date=2026-09-30",
        "<189>five5 date=2026-09-30",
        "<189>date=2026-09-30[1]: time=09:25:05",
        "<189date=2026-09-30 time=09:25:05",
        "<189>date=2026-09-30-without-any-blank-at-all-up-to-the-end-of-it-all"};

    (void)state;
    for (size_t i = 0; i < COUNT(begins); i++)
        check_alike("99 ", begins[i],
                    " srcip=192.0.2.9 hostname=www.example.com and so on and on and on");
}

/* No prefix of any of these lines is read beyond its end (the sanitizer watches). */
static void test_cut_short(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t n = 0; n <= slice_of_string(rows[i].line).len; n++) {
            struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}}, body = {NULL, 0};
            char *copy = test_malloc(n + 1);
            bool found;

            memcpy(copy, rows[i].line, n);
            found = envelope_strip(slice_of(copy, n), slots, &body);
            if (found && body.ptr + body.len != copy + n)
                assert_non_null(strchr("]#", body.ptr[body.len]));
            envelope_strip_untagged(slice_of(copy, n), slots, &body);
            envelope_is_repeat(slice_of(copy, n));
            test_free(copy);
        }
}

static void test_process(void **state)
{
    static const struct {
        const char *line, *process;
    } lines[] = {
        {"Sep 30 09:25:05 gw01 named[183]: x", "183"},
        {"Sep 30 09:25:05 gw01 squid: x", ""},
        {"Sep 30 09:25:05 gw01 a[1: x", "1"},
        {"named[27]: x", "27"},
        {"<30>1 2026-09-30T09:25:05Z ns1 named 2255 - - x", "2255"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}}, body = {NULL, 0};

        assert_true(envelope_strip(slice_of_string(lines[i].line), slots, &body));
        expect_slot(lines[i].line, slots[SLOT_PROCESS], lines[i].process);
    }
}

/* Where no program is named, what stands behind the name is the line. */
static void test_untagged(void **state)
{
    static const struct {
        const char *line, *machine, *body; /* body NULL: no envelope */
    } lines[] = {
        {"<134>Sep 30 09:25:05 gw01 #Fields: date time", "gw01", "#Fields: date time"},
        {"Sep 30 09:25:05 gw01 2026-09-30 00:25:05 12 a", "gw01", "2026-09-30 00:25:05 12 a"},
        {"Sep 30 09:25:06 relay Sep 30 09:25:05 gw01 2026-09-30 00:25:05 a", "gw01",
         "2026-09-30 00:25:05 a"},
        {"Sep 30 09:25:05 2026-09-30 00:25:05 a", "", "2026-09-30 00:25:05 a"},
        {"2026-09-30T09:25:05+09:00 gw01 ProxySG: 2026-09-30 a", "gw01", "2026-09-30 a"},
        {"Sep 30 09:25:05 relay gw01 ProxySG: 2026-09-30 a", "relay", "2026-09-30 a"},
        {"Sep 30 09:25:05 relay <30>Sep 30 09:25:04 gw01 p: a", "gw01", "a"},
        {"Sep 30 09:25:05 gw01 p[7]: message repeated 2 times: [ 2026-09-30 a]", "gw01",
         "2026-09-30 a"},
        {"Sep 30 09:25:05 gw01 2026-09-30 a#015", "gw01", "2026-09-30 a"},
        {"2026-09-30T09:25:05Z stdout F a", NULL, NULL},
        {"2026-09-30T09:25:05.123456789Z a", NULL, NULL},
        {"<134>1 2026-09-30T09:25:05Z gw01 a", NULL, NULL},
        {"2026-09-30 00:25:05 12 a b", NULL, NULL},
        {"#Fields: date time", NULL, NULL},
        {"<134>a b c", NULL, NULL},
        {"", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct slice slots[ENVELOPE_SLOTS] = {{NULL, 0}};

        if (check_body(envelope_strip_untagged, lines[i].line, lines[i].body, slots))
            expect_slot(lines[i].line, slots[SLOT_MACHINE], lines[i].machine);
    }
}

static void test_repeat(void **state)
{
    (void)state;
    assert_true(envelope_is_repeat(SLICE("Sep 30 09:25:05 gw01 last message repeated 3 times")));
    assert_false(envelope_is_repeat(SLICE("Sep 30 09:25:05 gw01 last message repeated x times")));
    assert_false(envelope_is_repeat(SLICE("gw01 last message repeated 3 times a")));
    assert_false(envelope_is_repeat(SLICE("gw01 last message repeated 3")));
    assert_false(envelope_is_repeat(SLICE("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_untagged), cmocka_unit_test(test_repeat),
        cmocka_unit_test(test_strip),    cmocka_unit_test(test_plain),
        cmocka_unit_test(test_priority), cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
