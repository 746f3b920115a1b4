/* transform_test.c: the conversions of mapping lines, and what fields take. */
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define REJECT(w) "1 rejected: " w ";"

/* The line is `VALUE|h`: with a host every line is a record. */
static const struct {
    const char *rule, *value, *expected;
} rows[] = {
    {"user = v", "a b", "1 user=a b host=h;"},
    {"user = v", "", "1 host=h;"},
    {"user = v none \"-\"", "-", "1 host=h;"},
    {"user = v none \"-\"", "--", "1 user=-- host=h;"},
    {"user = v none \"-\" \"anon*\"", "anonymous", "1 host=h;"},
    {"user = v none \"-\" none \"\\\"\\\"\"", "\"\"", "1 host=h;"},
    {"user = v only \"a*\" \"b\"", "abc", "1 user=abc host=h;"},
    {"user = v only \"a*\" \"b\"", "bc", "1 host=h;"},
    {"user = v prepend \"x/\"", "a", "1 user=x/a host=h;"},
    {"user = v prepend \"x/\"", "", "1 host=h;"},
    {"user = v trim", " a b ", "1 user=a b host=h;"},
    {"user = v trim", "  ", "1 host=h;"},
    {"user = v first \"3\"", "abcd", "1 user=abc host=h;"},
    {"user = v first \"3\"", "ab", "1 user=ab host=h;"},
    {"user = v year-first", "09/30/2026", "1 user=2026/09/30 host=h;"},
    {"user = v year-first", "30.9.2026 09:25", "1 user=2026/9/30 09:25 host=h;"},
    {"user = v year-first", "9-9-2026", "1 user=2026/9/9 host=h;"},
    {"user = v year-first", "09/10/2026", "1 user=09/10/2026 host=h;"},
    {"user = v year-first", "13/31/2026", "1 user=2026/31/13 host=h;"}, /* no month: no time */
    {"user = v year-first", "2026-09-30", "1 user=2026-09-30 host=h;"},
    {"user = v year-first", "009/030/2026", "1 user=009/030/2026 host=h;"},
    {"user = v year-first", "09/30/26", "1 user=09/30/26 host=h;"},
    {"user = v year-first", "/30/2026", "1 user=/30/2026 host=h;"},
    {"user = v year-first", "30", "1 user=30 host=h;"},
    {"user = v no-address", "192.0.2.1", "1 host=h;"},
    {"user = v no-address", "2001:db8::1", "1 host=h;"},
    {"user = v no-address", "ann.192.0.2.1", "1 user=ann.192.0.2.1 host=h;"},
    {"bytes_up = v sum", "1 20 300", "1 host=h bytes_up=321;"},
    {"bytes_up = v sum", "0", "1 host=h bytes_up=0;"},
    {"bytes_up = v difference", "300 20 1", "1 host=h bytes_up=279;"},
    {"bytes_up = v difference", "7", "1 host=h bytes_up=7;"},
    {"bytes_up = v difference", "1 2", REJECT("number not readable")},
    {"bytes_up = v difference", "1 x", REJECT("number not readable")},
    {"bytes_up = v sum", "1 x", REJECT("number not readable")},
    {"bytes_up = v span", "1 days 2 hrs 3 mins 4 secs", "1 host=h bytes_up=93784;"},
    {"bytes_up = v span", "1h:02m:03s", "1 host=h bytes_up=3723;"},
    {"bytes_up = v span", "6735 seconds", "1 host=h bytes_up=6735;"},
    {"elapsed = v span seconds", "for 0 hrs 10 min 0 secs", "1 host=h elapsed=600000000;"},
    {"bytes_up = v span", "infinite duration", REJECT("number not readable")},
    {"bytes_up = v span", "1 hrs 10", REJECT("number not readable")},
    {"bytes_up = v span", "2hours, 5 minutes", "1 host=h bytes_up=7500;"},
    {"bytes_up = v span", "5 ms", REJECT("number not readable")},
    {"bytes_up = v span", "2 months", REJECT("number not readable")},
    {"bytes_up = v span", "1:02:03", REJECT("number not readable")},
    {"bytes_up = v span", "999999999 days", REJECT("number not readable")},
    /* several columns in one */
    {"user = v+h", "a", "1 user=a h host=h;"},
    {"user = v+h+v", "a", "1 user=a h a host=h;"},
    {"user = v+h", "", "1 host=h;"},
    {"user = h+v", "", "1 host=h;"},
    {"ts = v unix", "1790730012.5", "1 ts=2026-09-30T01:00:12.5Z host=h;"},
    {"user = v after \"/\"", "a/b/c", "1 user=b/c host=h;"},
    {"user = v after \"/\"", "a", "1 host=h;"},
    {"user = v after \"/\"", "a/", "1 host=h;"},
    {"user = v before \"/\"", "a/b/c", "1 user=a host=h;"},
    {"user = v before \"/\"", "a", "1 user=a host=h;"},
    {"user = v before \"/\"", "/a", "1 host=h;"},
    {"user = v after-last \"::\"", "a::b::c", "1 user=c host=h;"},
    {"user = v after-last \"::\"", "a", "1 host=h;"},
    {"user = v before-last \"::\"", "a::b::c", "1 user=a::b host=h;"},
    {"user = v before-last \"::\"", "a", "1 user=a host=h;"},
    {"user = v before-last \"longer\"", "a", "1 user=a host=h;"},
    {"user = v lower", "CORP\\Ito_\xc3\x84", "1 user=corp\\ito_\xc3\x84 host=h;"},
    {"user = v after \"=\" before \";\" lower", "U=ANN;x", "1 user=ann host=h;"},
    /* hosts and URLs */
    {"dest_ip = v address", "192.0.2.1", "1 host=h dest_ip=192.0.2.1;"},
    {"dest_ip = v address", "192.0.2.1:443", "1 host=h dest_ip=192.0.2.1;"},
    {"dest_ip = v address", "2001:db8::1", "1 host=h dest_ip=2001:db8::1;"},
    {"dest_ip = v address", "[2001:db8::1]:443", "1 host=h dest_ip=2001:db8::1;"},
    {"dest_ip = v address", "fe80::1%eth0", "1 host=h dest_ip=fe80::1;"},
    {"dest_ip = v address", "proxy.example", "1 host=h;"},
    {"dest_ip = v address", "[", "1 host=h;"},
    {"dest_ip = v address", "300.1.1.1", "1 host=h;"},
    {"url = v whole-url", "http://x.example/a", "1 host=h url=http://x.example/a;"},
    {"url = v whole-url", "x.example:443", "1 host=h;"},
    /* numbers, durations, actions */
    {"status = v", "200", "1 host=h status=200;"},
    {"status = v", "9223372036854775807", "1 host=h status=9223372036854775807;"},
    {"status = v", "9223372036854775808", REJECT("number not readable")},
    {"status = v", "-1", REJECT("number not readable")},
    {"status = v", "2 ", REJECT("number not readable")},
    {"status = v none \"-\"", "-", "1 host=h;"},
    {"elapsed = v milliseconds", "5006", "1 host=h elapsed=5006000;"},
    {"elapsed = v milliseconds", "0.5", "1 host=h elapsed=500;"},
    {"elapsed = v seconds", "1.25", "1 host=h elapsed=1250000;"},
    {"elapsed = v microseconds", "7", "1 host=h elapsed=7;"},
    {"elapsed = v seconds", "1.2.3", REJECT("number not readable")},
    {"elapsed = v seconds", "1e3", REJECT("number not readable")},
    {"elapsed = v seconds", "9999999999999", REJECT("number not readable")},
    {"elapsed = v seconds", "99999999999999999999", REJECT("number not readable")},
    {"action = v map \"DENY*\" blocked \"*\" allowed", "DENY_1", "1 host=h action=blocked;"},
    {"action = v map \"DENY*\" blocked \"*\" allowed", "OK", "1 host=h action=allowed;"},
    {"action = v map \"DENY*\" blocked \"407\" none \"*\" allowed", "407", "1 host=h;"},
    {"action = v map \"DENY*\" blocked", "OK", "1 host=h;"},
    {"action = v", "maybe", REJECT("unexpected value")},
    {"kind = v", "dns", "1 host=h kind=dns;"},
    {"ts = v time \"%Y-%m-%d %H:%M:%S\"", "2026-09-30 09:25:05",
     "1 ts=2026-09-30T09:25:05Z host=h;"},
    {"ts = v after \"@\" unix-seconds", "@0", "1 ts=1970-01-01T00:00:00Z host=h;"},
    {"ts = v rfc3339", "yesterday", REJECT("time not readable")},
    {"ts = v rfc3339 ", "", "1 host=h;"},
    /* several lines of one field: the first that gives a value */
    {"user = v none \"-\"\nuser = h", "-", "1 user=h host=h;"},
    {"user = v none \"-\"\nuser = h", "x", "1 user=x host=h;"},
    /* conditions */
    {"where v \"a*\" \"b*\"\nuser = v", "bc", "1 user=bc host=h;"},
    {"where v \"a*\" \"b*\"\nuser = v", "cb", ""},
    {"where-not v \"a*\" \"b*\"\nuser = v", "bc", ""},
    {"where-not v \"a*\" \"b*\"\nuser = v", "cb", "1 user=cb host=h;"},
};

static const struct {
    const char *rule, *value, *expected;
} hosts[] = {
    {"host = v url-host", "http://user@x.example:80/a", "1 host=x.example:80;"},
    {"host = v url-host", "line.me:443", "1 host=line.me:443;"},
    {"host = v url-host", "http://intranet/", "1 host=intranet;"},
    {"host = v url-host", "foo", ""},
    {"host = v url-host", "http:", ""}, /* cut off */
    {"host = v url-host", "http:/", ""},
    {"host = v url-host", "/index.html", ""},
    {"host = v url-host", "*", ""},
    {"host = v none \"error:*\" url-host", "error:invalid-request", ""},
    {"host = v host", "x.example", "1 host=x.example;"},
    {"host = v host", "<unknown>", ""},
    {"host = v host", "a b", ""},
    {"host = v", "", ""},
    {"dest_ip = v", "192.0.2.1", "1 dest_ip=192.0.2.1;"},
    {"user = v", "ann", ""}, /* says nothing of where the request went */
};

static void check(const char *rules, const char *value, const char *columns, const char *expected)
{
    struct buf out = {0}, definition = {0}, line = {0};

    buf_printf(&definition, "%sseparator bar\ncolumns %s\n%s\n%c", TESTING_HEAD("delimited"),
               columns, rules, '\0');
    buf_printf(&line, "%s%s\n", value, strchr(columns, ' ') == NULL ? "" : "|h");
    testing_decode(definition.ptr, buf_slice(&line), &out);
    if (strcmp(out.ptr, expected) != 0)
        fail_msg("%s of '%s':\nexpected %s\nis       %s", rules, value, expected, out.ptr);
    buf_free(&definition);
    buf_free(&line);
    buf_free(&out);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf rules = {0};

        buf_printf(&rules, "host = h\n%s%c", rows[i].rule, '\0');
        check(rules.ptr, rows[i].value, "v h", rows[i].expected);
        buf_free(&rules);
    }
}

static void test_hosts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++)
        check(hosts[i].rule, hosts[i].value, "v", hosts[i].expected);
}

/* A password prompt is no verdict, whatever the definition says. */
static void test_challenge(void **state)
{
    (void)state;
    check("host = h\nstatus = v\naction = v map \"*\" blocked", "407", "v h",
          "1 host=h status=407;");
    check("host = h\nstatus = v\naction = v map \"*\" blocked", "403", "v h",
          "1 host=h status=403 action=blocked;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_challenge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
