/* explain_test.c: what is said of lines that are read, passed over and rejected. */
#include "format/explain/explain.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define PIPE                                                                                       \
    TESTING_HEAD("delimited")                                                                      \
    "separator bar\ncolumns time who url\nts = time unix-seconds\nuser = who none \"-\"\n"         \
    "host = url url-host\n"
#define TWO                                                                                        \
    TESTING_HEAD("template")                                                                       \
    "record {:text}: host {host} port={:number}\nrecord {:text} once {host}\nenvelope syslog\n"    \
    "host = host\n"
#define JSON TESTING_HEAD("json") "host = to\n"
#define LOG                                                                                        \
    TESTING_HEAD("template")                                                                       \
    "envelope syslog\nrecord {time:number} {client:address} asks {host}{? as {user}}\n"            \
    "note {client:address} refused {host}\nset action blocked\nskip #*\njoin client host\n"        \
    "ts = time unix-seconds\nclient = client\nhost = host\nuser = user\n"

static const struct {
    const char *definition, *line, *expected;
} rows[] = {
    {PIPE, "1790730012|ann|http://a.example/",
     "record; 8 ts time [1790730012] = 2026-09-30T01:00:12Z; 9 user who [ann] = ann; "
     "10 host url [http://a.example/] = a.example;"},
    {PIPE, "1790730012|-|A.EXAMPLE:443",
     "record; 8 ts time [1790730012] = 2026-09-30T01:00:12Z; 9 user who [-] = ; "
     "10 host url [A.EXAMPLE:443] = a.example;"},
    {PIPE, "now|ann|http://a.example/",
     "rejected; 8 ts time [now] = : expected a time: seconds since 1970, a fraction allowed; 9 "
     "user who [ann] = ann; "
     "10 host url [http://a.example/] = a.example;"},
    {TESTING_HEAD("kv") "separator blanks\nhost = to\nts = at time \"%s|%u|%m%d|%d%m|%d%b\"\n",
     "to=a.example at=soon",
     "rejected; 7 host to [a.example] = a.example; 8 ts at [soon] = : expected a time: %s or %u or "
     "%m%d or one of 2 more patterns;"},
    {TESTING_HEAD("headed") "separator blanks\ncolumns day time who host by ...\nhost = host\n",
     "2026-09-30 00:25:06 ns1 GET",
     "rejected: 4 columns; expected at least 5: from column 5 ('by') on they are missing;"},
    {PIPE, "1790730012|ann|http://<a>/",
     "rejected; 8 ts time [1790730012] = 2026-09-30T01:00:12Z; 9 user who [ann] = ann; "
     "10 host url [http://<a>/] = : expected a host, host:port or URL;"},
    {PIPE, "1790730012|ann|/path",
     "skipped: it names neither a host nor an address; 8 ts time [1790730012] = "
     "2026-09-30T01:00:12Z; 9 user who [ann] = ann; 10 host url [/path] = ;"},
    {PIPE, "1790730012|ann",
     "rejected: 2 columns; expected 3: from column 3 ('url') on they are missing;"},
    {PIPE, "1|2|3|4", "rejected: 4 columns; expected 3, the last of them 'url';"},
    {TESTING_HEAD("kv") "separator blanks\nenvelope syslog\nwhere @tag \"p\"\nhost = to\n",
     "Sep 30 09:25:05 gw01 p[1]: to=a.example", "record; 9 host to [a.example] = a.example;"},
    {TESTING_HEAD("kv") "separator blanks\nenvelope syslog\nwhere @tag \"p\"\nhost = to\n",
     "Sep 30 09:25:05 gw01 q[1]: to=a.example",
     "skipped: key '@tag' is 'q': not what `where` of the definition lets through (\"p\");"},
    {PIPE, "  ", "skipped: a blank line;"},
    {PIPE "comment \"#\"\n", "#x", "skipped: a comment;"},
    {PIPE "must who \"a*\"\n", "1790730012|bob|a.example:443",
     "rejected: column 'who' is 'bob': not what `must` of the definition lets through (\"a*\");"},
    {PIPE "must-not who \"b*\"\n", "1790730012|bob|a.example:443",
     "rejected: column 'who' is 'bob': not what `must-not` of the definition lets through "
     "(\"b*\");"},
    {PIPE "where-not who \"b*\"\n", "1790730012|bob|a.example:443",
     "skipped: column 'who' is 'bob': not what `where-not` of the definition lets through "
     "(\"b*\");"},
    {LOG, "1790730012 192.0.2.1 asks a.example",
     "record; 12 ts time [1790730012] = 2026-09-30T01:00:12Z; 13 client client [192.0.2.1] = "
     "192.0.2.1; 14 host host [a.example] = a.example; 15 user user [] = ;"},
    {LOG, "Sep 30 10:00:00 ns1 p[1]: 1790730012 192.0.2.1 asks a.example as ann",
     "record; 12 ts time [1790730012] = 2026-09-30T01:00:12Z; 13 client client [192.0.2.1] = "
     "192.0.2.1; 14 host host [a.example] = a.example; 15 user user [ann] = ann;"},
    {LOG, "192.0.2.1 refused a.example",
     "record: adds to an earlier line of the same key; 8 action  [] = blocked; 12 ts time [] = ; "
     "13 client client [192.0.2.1] = 192.0.2.1; 14 host host [a.example] = a.example; "
     "15 user user [] = ;"},
    {LOG, "#1", "skipped: a header, or a line that the definition passes over;"},
    {LOG, "1790730012 192.0.2.1 ask a.example",
     "rejected: byte 12, '192.0.2.1 ask a.example': expected '{client:address} asks ' (line 7 "
     "of the definition);"},
    {LOG, "Sep 30 10:00:00 ns1 p[1]: 1790730012 nobody asks a.example",
     "rejected: byte 38, 'nobody asks a.example': expected '{client:address} asks ' (line 7 of "
     "the definition);"},
    {LOG, "1790730012 192.0.2.1 asks a.example in vain",
     "rejected: byte 27, 'a.example in vain': expected '{host}{? as {user}}' (line 7 of the "
     "definition);"},
    {TWO, "ann said of what bob once asked: host a.example port=x",
     "rejected: byte 54, 'x': expected '{:number}' (line 6 of the definition);"},
    {TWO, "Sep 30 10:00:00 said: host a.example",
     "rejected: byte 28, 'a.example': expected '{host} port=' (line 6 of the definition);"},
    {TESTING_HEAD("kv") "separator blanks\nhost = to\nuser = by\n", "a=1 b=2",
     "rejected: none of its keys; expected 'to', 'by';"},
    {TESTING_HEAD("kv") "separator blanks\nhost = to\nuser = by\n", "to=a.example by=\"ann",
     "rejected: key 'by': its quote is not closed;"},
    {JSON, "{\"to\":", "rejected: byte 7: the line ends before its JSON object does;"},
    {JSON, "x {\"to\":1}",
     "rejected: byte 1, 'x {\"to\":1}': expected {, the begin of a JSON object;"},
    {JSON, "{\"to\":\"a\\x\",\"by\":1}",
     "rejected: byte 8, 'a\\x\",\"by\":1}': a JSON string that is not closed or has a wrong "
     "escape;"},
    {JSON, "{\"to\":\"a.example\"} {", "rejected: byte 20, '{': no JSON object from here on;"},
    {JSON "bytes_up = n\n", "{\"to\":\"a.example\",\"n\":-1}",
     "rejected; 6 host to [a.example] = a.example; 7 bytes_up n [-1] = : expected a whole number "
     "below 2^63;"},
    {TESTING_HEAD("headed") "separator tab\nheader \"#fields\"\nhost = to\n", "a\tb",
     "rejected: no heading stands before it; expected one with 'to';"},
    {TESTING_HEAD("headed") "separator comma\nquotes csv\ncolumns to by ...\nhost = to\n",
     "a.example,\"ann",
     "rejected: column 2 ('by'): a quote that is not closed, or text behind one "
     "that is;"},
    {TESTING_HEAD("delimited") "separator comma\nquotes csv\ncolumns to by\nhost = to\n",
     "\"a.example\"x,ann",
     "rejected: column 1 ('to'): a quote that is not closed, or text behind "
     "one that is;"},
};

static void append(struct buf *out, const struct explanation *e)
{
    static const char *const verdicts[] = {"skipped", "rejected", "record"};

    buf_append_string(out, verdicts[e->verdict]);
    if (e->problem.len > 0)
        buf_printf(out, ": %.*s", SLICE_FMT(e->problem));
    buf_append_byte(out, ';');
    for (size_t i = 0; i < e->count; i++) {
        const struct explained *row = &e->rows[i];

        buf_printf(out, " %zu %s %.*s [%.*s] = %.*s", row->definition_line,
                   field_info(row->field)->key, SLICE_FMT(row->column), SLICE_FMT(row->text),
                   SLICE_FMT(row->value));
        if (row->refused)
            buf_printf(out, ": %.*s", SLICE_FMT(row->expected));
        buf_append_byte(out, ';');
    }
    buf_append_byte(out, '\0');
}

static void says_how_lines_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct buf out = {0};
        struct format *f =
            definition_parse("test.format", slice_of_string(rows[i].definition), &err);
        struct zone *zone = zone_load("UTC", &err);
        struct explainer *e = f == NULL ? NULL : explainer_create(f, zone, 2026, &err);

        assert_string_equal(err.text, "");
        append(&out, explainer_line(e, slice_of_string(rows[i].line)));
        assert_string_equal(out.ptr, rows[i].expected);
        explainer_free(e);
        zone_free(zone);
        definition_free(f);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_how_lines_are_read)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
