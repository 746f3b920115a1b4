/* logformat_test.c: format strings of servers as definitions: what they read, what is wrong with
 * them. */
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HEAD     "format test\nfamily test\ntitle A test\nkind proxy\n"

static const struct {
    const char *string, *line, *expected;
} rows[] = {
    /* Squid */
    {"logformat x %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt",
     "1790730012.049   5006 192.0.2.1 TCP_DENIED/403 512 GET http://a.example/ ann%20b HIER_NONE/- "
     "-\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 user=ann b host=a.example method=GET "
     "status=403 bytes_down=512 action=blocked url=http://a.example/ elapsed=5006000;"},
    {"logformat %ts%03tu|%-10>a|%>A|%ui|%ru",
     "1790730012049|-         |pc1.example|-|a.example:443\n",
     "1 ts=2026-09-30T01:00:12.049Z client=pc1.example host=a.example:443;"},
    {"logformat x %tg %>a %ru", "30/Sep/2026:01:00:12 +0000 192.0.2.1 a.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"logformat x %{%Y-%m-%dT%H:%M:%S}tg.%03tuZ %>a %ru",
     "2026-09-30T01:00:12.049Z 192.0.2.1 a.example:443\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 host=a.example:443;"},
    {"logformat x %{%F}tl %{%T}tl %>a %#ru",
     "2026-09-30 01:00:12 192.0.2.1 http://a.example/%2541\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example url=http://a.example/%41;"},
    {"logformat x "
     "{\"t\":%ts,\"ip\":\"%>a\",\"u\":\"%\"un\",\"url\":\"%ru\",\"ua\":\"%{user-agent}>h\"}",
     "{\"t\":1790730012,\"ip\":\"192.0.2.1\",\"u\":\"a\\\"b\",\"url\":\"a.example:443\",\"ua\":\"x "
     "\\\"y\\\"\"}\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 user=a\"b host=a.example:443 user_agent=x \"y\";"},
    {"logformat x %ts [%>a] [%un] %>rd %rm %ssl::>sni %>ru %tr%%",
     "1790730012 [192.0.2.1] [a%5cb] - CONNECT s.example 192.0.2.7:443 12%\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 user=ab host=s.example method=CONNECT "
     "elapsed=12000;"},
    {"logformat x %ts %>a %ru %some::new_code %{X-A}>h end",
     "1790730012 192.0.2.1 a.example:443 a b c d end\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"logformat x %ts %>a %>ru %ru\nuser = note.who none \"-\"", "",
     "test.format:6:1: no template has a hole named 'note.who'"},
    {"user = note.who none \"-\"\nlogformat x %ts %>a %ru %{who}note",
     "1790730012 192.0.2.1 a.example:443 ann\n",
     "test.format:5:8: the line `decoder` must stand before 'note.who'"},
    {"decoder template\nuser = note.who none \"-\"\nlogformat x %ts %>a %ru %{who}note",
     "1790730012 192.0.2.1 a.example:443 ann\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 user=ann host=a.example:443;"},
    {"decoder template\nuser = un lower\nlogformat x %ts %>a %ru %un",
     "1790730012 192.0.2.1 a.example:443 ANN\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 user=ann host=a.example:443;"},
    {"logformat x %ts %{X-Forwarded-For}>h %la:%lp %ru",
     "1790730012 192.0.2.1, 198.51.100.3 192.0.2.80:3128 a.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    /* Apache */
    {"CustomLog \"|/usr/bin/rotate %s\" \"%{X-Forwarded-For}i %t %m %U%q %>s\" env=proxied",
     "192.0.2.1, 198.51.100.3 [30/Sep/2026:09:25:05 +0900] GET http://a.example/?b 200\n",
     "1 ts=2026-09-30T00:25:05Z client=192.0.2.1 host=a.example method=GET status=200 "
     "action=allowed url=http://a.example/?b;"},
    {"LogFormat \"%{X-Forwarded-For}i %l %u %t %m %U\"",
     "192.0.2.1, 198.51.100.3 - ann b [30/Sep/2026:09:25:05 +0900] GET http://a.example/\n",
     "1 ts=2026-09-30T00:25:05Z client=192.0.2.1 user=ann b host=a.example method=GET "
     "url=http://a.example/;"},
    {"CustomLog logs/access_log combined", "",
     "test.format:5:1: expected the line of the format that this one names before it; formats that "
     "the server itself knows are built in (`kage formats`)"},
    {"LogFormat \"%h %t %U\" x\nCustomLog logs/access_log x env=!local",
     "192.0.2.1 [30/Sep/2026:10:00:12 +0900] http://a.example/\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example url=http://a.example/;"},
    {"logformat x %ts %>a %ru\naccess_log stdio:/var/log/access.log logformat=x",
     "1790730012 192.0.2.1 a.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"CustomLog logs/access_log %h", "",
     "test.format:5:11: expected a format in quotes behind the file"},
    {"logformat x %ts \\\n  %>a %{%Q}tl %ru", "",
     "test.format:6:7: this time cannot be read; expected the parts %Y %y %m %b %d %e %H %I %M %S "
     "%p %z %Z %s %F %D %T %R %c %a '%{%Q}tl'"},
    {"LogFormat \"%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\" %I %O\" "
     "x",
     "192.0.2.1 - ann [30/Sep/2026:10:00:12 +0900] \"GET http://a.example/a b HTTP/1.1\" 200 - "
     "\"-\" \"A \\\"x\\\"\" 10 20\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 user=ann host=a.example method=GET status=200 "
     "bytes_up=10 bytes_down=20 action=allowed user_agent=A \"x\" url=http://a.example/a b;"},
    {"LogFormat \"%{%Y-%m-%d %H:%M:%S.}t%{msec_frac}t %{%z}t %{c}a %m %U %!200,304s %B\"",
     "2026-09-30 10:00:12.049 +0900 192.0.2.1 GET http://a.example/ 407 5\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 host=a.example method=GET status=407 "
     "bytes_down=5 url=http://a.example/;"},
    {"LogFormat %{usec}t\\t%a\\t%m\\t%{Host}i\\t%^ti",
     "1790730012049001\\t192.0.2.1\\tCONNECT\\ta.example:443\\t-\n",
     "1 ts=2026-09-30T01:00:12.049001Z client=192.0.2.1 host=a.example:443 method=CONNECT;"},
    /* nginx */
    {"log_format x escape=default '$remote_addr [$time_iso8601] ' '\"$request\" ${status} "
     "$request_time $unknown';",
     "192.0.2.1 [2026-09-30T10:00:12+09:00] \"CONNECT a.example:443 HTTP/1.1\" 403 1.500 x y\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443 method=CONNECT status=403 "
     "action=blocked elapsed=1500000;"},
    {"log_format main '$remote_addr - $remote_user [$time_local] '\n"
     "                '\"$request\" $status '\n                '$bytes_sent';\n"
     "comment \"#\"\n",
     "192.0.2.1 - - [30/Sep/2026:10:00:12 +0900] \"GET http://a.example/ HTTP/1.1\" 200 9\n#\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example method=GET status=200 bytes_down=9 "
     "action=allowed url=http://a.example/;"},
    {"LogFormat \"%h %t \\\n%m %U\" x\nquotes web\n", "",
     "test.format:7:8: expected none, csv or backslash, not 'web'"},
    /* HAProxy */
    {"log-format \"%ci:%cp [%tr] %{+Q}r %ST %B %[ssl_fc_sni] %{+Q,+E}[capture.req.hdr(0)]\"",
     "192.0.2.1:4000 [30/Sep/2026:01:00:12.049] \"GET http://a.example/ HTTP/1.1\" 200 9 - \"x\"\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 host=a.example method=GET status=200 "
     "bytes_down=9 action=allowed url=http://a.example/;"},
    {"log-format %ci\\ %Ts\\ %HU", "192.0.2.1 1790730012 http://a.example/\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example url=http://a.example/;"},
    /* quotes, blanks and addresses in values */
    {"logformat x %ts %>a:%>p %[un %Sh/%<A %mt \"%{User-Agent}>h\" %Ss:%>Hs %ru",
     "1790730012 2001:db8::9:4000 taro yamada HIER_DIRECT/a.example text/html \"A \\\"x\\\" y\" "
     "TCP_MISS:200 a.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=2001:db8::9 user=taro yamada host=a.example:443 status=200 "
     "action=allowed user_agent=A \"x\" y;"},
    {"logformat combined %>a %[ui %[un [%tl] \"%rm %ru HTTP/%rv\" %>Hs %<st \"%{Referer}>h\" "
     "\"%{User-Agent}>h\" %Ss:%Sh",
     "192.0.2.1 - ann [30/Sep/2026:10:00:12 +0900] \"GET http://a.example/ HTTP/1.1\" 200 5 \"-\" "
     "\"A "
     "\"x\" y\" TCP_MISS:HIER_DIRECT\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 user=ann host=a.example method=GET status=200 "
     "bytes_down=5 action=allowed user_agent=A \"x\" y url=http://a.example/;"},
    {"logformat x %ts %>a %ru %{Referer}>h %{User-Agent}>h",
     "1790730012 192.0.2.1 a.example:443 - A%20x/1\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443 user_agent=A x/1;"},
    {"LogFormat \"%h:%{remote}p %u %t %m %U %q %>s %b\"",
     "2001:db8::9:4000 taro yamada [30/Sep/2026:10:00:12 +0900] GET http://a.example/  403 -\n",
     "1 ts=2026-09-30T01:00:12Z client=2001:db8::9 user=taro yamada host=a.example method=GET "
     "status=403 action=blocked url=http://a.example/;"},
    {"LogFormat \"%t %h \\\"%m %U%q %H\\\" %>s\"",
     "[30/Sep/2026:10:00:12 +0900] 192.0.2.1 \"GET http://a.example/?b=1?b=1 HTTP/1.1\" 200\n"
     "[30/Sep/2026:10:00:12 +0900] 192.0.2.1 \"GET http://a.example/?b=\\\"1 HTTP/1.1\" 200\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example method=GET status=200 "
     "action=allowed url=http://a.example/?b=1;2 ts=2026-09-30T01:00:12Z client=192.0.2.1 "
     "host=a.example method=GET status=200 action=allowed url=http://a.example/?b=\"1;"},
    {"LogFormat \"%t %h %m %{Host}i %U\"",
     "[30/Sep/2026:10:00:12 +0900] 192.0.2.1 GET a.example /x\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example method=GET;"},
    {"log_format x\n  escape=json\n '{\"t\":\"$time_iso8601\",\"c\":\"$remote_addr\",'\n "
     "'\"u\":\"$scheme://$http_host$request_uri\",\"a\":\"$http_user_agent\"}';",
     "{\"t\":\"2026-09-30T10:00:12+09:00\",\"c\":\"192.0.2.1\",\"u\":\"http://a.example/"
     "x\",\"a\":\"A "
     "\\\"x\\\", y\"}\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example user_agent=A \"x\", y "
     "url=http://a.example/x;"},
    {"log_format x '$msec $remote_addr ${host}$uri';", "1790730012.049 192.0.2.1 a.example/x\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 host=a.example;"},
    {"log_format x '$msec $remote_addr $host$uri $request_method';",
     "1790730012.049 192.0.2.1 a.example/x GET\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 host=a.example method=GET;"},
    {"log_format x escape=none '$msec $remote_addr \"$request\" $remote_user';",
     "1790730012.049 192.0.2.1 \"GET http://a.example/ HTTP/1.1\" A\\\\b\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 user=A\\\\b host=a.example method=GET "
     "url=http://a.example/;"},
    {"log-format \"%ci:%cp [%tr] %ST %{+Q}r\"",
     "2001:db8::9:4000 [30/Sep/2026:01:00:12.049] -1 \"CONNECT a.example:443 HTTP/1.1\"\n",
     "1 ts=2026-09-30T01:00:12.049Z client=2001:db8::9 host=a.example:443 method=CONNECT;"},
    {"log-format \"%[src] %[date(0,ms)] %ST %{+Q}r\"",
     "192.0.2.1 1790730012049 200 \"GET http://a.example/ HTTP/1.1\"\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 host=a.example method=GET status=200 "
     "action=allowed url=http://a.example/;"},
    {"log-format \"%[src] %[date,utime(%Y-%m-%dT%H:%M:%S)] %ST %{+Q}r\"",
     "192.0.2.1 2026-09-30T01:00:12 200 \"GET http://a.example/ HTTP/1.1\"\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example method=GET status=200 "
     "action=allowed url=http://a.example/;"},
    {"log-format \"%{+Q}o %{-Q}ci - - [%trg] %r %ST %B %cp %ms %ft %tsc %CC %hrl\"",
     "192.0.2.1 - - [30/Sep/2026:01:00:12 +0000] \"GET http://a.example/ HTTP/1.1\" 200 9 4000 49 "
     "\"f1\" ---- \"\" \"A x\" \"b\"\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example method=GET status=200 bytes_down=9 "
     "action=allowed url=http://a.example/;"},
    {"log-format \"%{+Q}o\\ {\\\"c\\\":%ci,\\\"t\\\":%Ts,\\\"r\\\":%r,\\\"s\\\":%ST}\"",
     "{\"c\":\"192.0.2.1\",\"t\":1790730012,\"r\":\"GET http://a.example/ HTTP/1.1\",\"s\":200}\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example method=GET status=200 "
     "action=allowed url=http://a.example/;"},
    /* times */
    {"logformat x %{%a %b %e %H:%M:%S %Y}tl %>a %ru",
     "Wed Sep 30 01:00:12 2026 192.0.2.1 a.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"logformat x %{%c}tl %>a %ru", "Tue Sep  1 01:00:12 2026 192.0.2.1 a.example:443\n",
     "1 ts=2026-09-01T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"logformat x %{%d.%m.%Y;%I:%M:%S %p}tl;%>a;%ru",
     "30.09.2026;01:00:12 PM;192.0.2.1;a.example:443\n",
     "1 ts=2026-09-30T13:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"logformat x %{%F|%T}tl|%>a|%ru", "2026-09-30|01:00:12|192.0.2.1|a.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"logformat x %tg,%>a,%ru",
     "30/Sep/2026:01:00:12,192.0.2.1,a.example:443\n30/Sep/2026:01:00:12 "
     "+0000,192.0.2.1,b.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;2 ts=2026-09-30T01:00:12Z "
     "client=192.0.2.1 host=b.example:443;"},
    {"logformat x %{%d/%B/%Y:%T +0900}tl %>a %ru",
     "30/September/2026:10:00:12 +0900 192.0.2.1 a.example:443\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example:443;"},
    {"LogFormat \"%{%Y-%m-%dT%T}t.%{usec_frac}t%{%z}t %h %U\"",
     "2026-09-30T10:00:12.049001+0900 192.0.2.1 http://a.example/\n",
     "1 ts=2026-09-30T01:00:12.049001Z client=192.0.2.1 host=a.example url=http://a.example/;"},
    {"LogFormat \"[%{%d/%b/%Y %T}t.%{msec_frac}t:%{%z}t] %h %U\"",
     "[30/Sep/2026 10:00:12.049:+0900] 192.0.2.1 http://a.example/\n",
     "1 ts=2026-09-30T01:00:12.049Z client=192.0.2.1 host=a.example url=http://a.example/;"},
    {"LogFormat \"%{%F %T %Z}t %h %U\"",
     "2026-09-30 10:00:12 JST 192.0.2.1 http://a.example/\n2026-09-30 10:00:12 CEST 192.0.2.1 "
     "http://a.example/\n",
     "1 ts=2026-09-30T01:00:12Z client=192.0.2.1 host=a.example url=http://a.example/;2 "
     "ts=2026-09-30T10:00:12Z client=192.0.2.1 host=a.example url=http://a.example/;"},
    /* mistakes */
    {"decoder json\nlogformat x %ts", "",
     "test.format:6:1: a format string needs the decoder template"},
    {"logformat x %ts%>a", "",
     "test.format:5:16: nothing stands between this code and the one before, put a blank there in "
     "the server's configuration, too: '%>a'"},
    {"logformat x %{%j}tl %>a", "",
     "test.format:5:13: this time cannot be read; expected the parts %Y %y %m %b %d %e %H %I %M %S "
     "%p %z %Z %s %F %D %T %R %c %a '%{%j}tl'"},
    {"logformat x %{%Y tl", "", "test.format:5:13: this brace is not closed '%{%Y tl'"},
    {"logformat x %", "", "test.format:5:13: expected a code of Squid's behind % '%'"},
    {"logformat words alone", "",
     "test.format:5:11: expected a format string with codes, as in the server's configuration"},
    {"log_format x \"$remote_addr \\\"$request\\\"\"\n  \" ${status}\";",
     "192.0.2.1 \"GET http://a.example/ HTTP/1.1\" 200\n",
     "1 client=192.0.2.1 host=a.example method=GET status=200 action=allowed "
     "url=http://a.example/;"},
    {"log-format \"%ci [%tr] %ST %hr %hs %{+Q}r\"",
     "192.0.2.1 [30/Sep/2026:09:25:05.224] 200 \"CONNECT a.example:443 HTTP/1.1\"\n"
     "192.0.2.1 [30/Sep/2026:09:25:05.224] 200 {x|y} \"CONNECT b.example:443 HTTP/1.1\"\n"
     "192.0.2.1 [30/Sep/2026:09:25:05.224] 200 {x|y} {z} \"CONNECT c.example:443 HTTP/1.1\"\n",
     "1 ts=2026-09-30T09:25:05.224Z client=192.0.2.1 host=a.example:443 method=CONNECT status=200 "
     "action=allowed;2 ts=2026-09-30T09:25:05.224Z client=192.0.2.1 host=b.example:443 "
     "method=CONNECT status=200 action=allowed;3 ts=2026-09-30T09:25:05.224Z client=192.0.2.1 "
     "host=c.example:443 method=CONNECT status=200 action=allowed;"},
    {"LogFormat \"%h", "", "test.format:5:11: this quote is not closed"},
    {"LogFormat \"%", "", "test.format:5:11: this quote is not closed"},
    {"LogFormat %{x", "", "test.format:5:11: this brace is not closed '%{x'"},
    {"log_format x '$remote_addr' x;", "", "test.format:5:12: expected a string in quotes, or ;"},
    {"log_format x '$ a'", "", "test.format:5:15: expected the name of a variable behind $ '$ a'"},
    {"log-format %[x", "", "test.format:5:12: expected a variable of HAProxy's behind % '%[x'"},
};

static void reads_by_the_servers_own_string(void **state)
{
    struct buf out = {0}, definition = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_reset(&definition);
        buf_append_string(&definition, HEAD);
        buf_append_string(&definition, rows[i].string);
        buf_append_byte(&definition, '\0');
        testing_decode(definition.ptr, slice_of_string(rows[i].line), &out);
        assert_string_equal(out.ptr, rows[i].expected);
    }
    buf_free(&definition);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_by_the_servers_own_string)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
