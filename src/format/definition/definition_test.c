/* definition_test.c: what a definition must say, and the messages where it does not. */
#include "format/definition/definition.h"

#include "base/embedded.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define TEMPLATE "kind dns\ndecoder template\n"
#define HEAD     TESTING_HEAD("delimited") "separator blanks\ncolumns a b c\n" /* seven lines */

static const struct {
    const char *text, *expected; /* a part of the message, which begins with the file's name */
} errors[] = {
    {"", ":1:1: the line `kind proxy|dns|identity` is missing"},
    {"family\n", ":1:7: expected the name of the family behind the keyword"},
    {"family x\ntitle\n", ":2:6: expected the title behind the keyword"},
    {"format x\nfamily x\ntitle x\n", "the line `kind"},
    {"format x\nfamily x\ntitle x\nkind dns\n", "the line `decoder NAME` is missing"},
    {"format\nfamily x\ntitle x\nkind dns\n", ":1:7: expected the id of the format behind"},
    {TESTING_HEAD("delimited"), "needs `separator` and `columns`"},
    {TESTING_HEAD("delimited") "separator blanks\n", "needs `separator` and `columns`"},
    {"format x\n  nonsense x\n",
     ":2:3: no keyword or field (`kage help formats-guide` lists them) 'nonsense'"},
    {"kind web\n", ":1:6: expected proxy, dns or identity, not 'web'"},
    {"decoder magic\n", ":1:9: expected the decoder "},
    {"decoder delimited\ndecoder magic\n",
     ":2:1: this keyword stands there twice, first in line 1: 'decoder'"},
    {"envelope http\n", ":1:10: expected syslog or untagged, not 'http'"},
    {"separator blank\n", ":1:11: expected blanks, tab, comma, semicolon or bar, not 'blank'"},
    {"separator tab\nseparator blank\n", ":2:1: this keyword stands there twice"},
    {"columns a b a\n", ":1:13: this column stands there twice: 'a'"},
    {"columns *a *b\n", ":1:12: only one column may hold separators"},
    {"alias a b\n", ":1:7: the line `decoder` must stand before 'a'"},
    {TESTING_HEAD("kv") "separator tab\nhost = h\nalias h\n",
     "expected another name of the column behind it"},
    {TESTING_HEAD("kv") "separator tab\nhost = h\nuser = u\nalias h u\n",
     "this is a column of its own: 'u'"},
    {TESTING_HEAD("delimited") "separator tab\ncolumns a b\nhost = a\nalias a c\n",
     ":9:1: `alias` belongs to the decoder headed or kv or json, not to delimited"},
    {"precedence high\n", ":1:12: expected a number, not 'high'"},
    {"cut-at\n", ":1:7: expected a number"},
    {"comment \"#\n", ":1:9: this quote is not closed"},
    {"comment\n", ":1:8: expected what comments begin with"},
    {"comment \"#\" \"\"\n", ":1:15: expected what comments begin with"},
    {"comment a b\ncomment c d e\n", ":2:13: more comments than kage takes"},
    {"record\n", ":1:7: expected a template or pattern behind the keyword"},
    {"set action blocked\n", ":1:1: `set` belongs behind a shape"},
    {"record x\nset verb x\n", ":2:5: no field 'verb'"},
    {"record x\nset host x\n", ":2:5: only action, kind and event can be set, not 'host'"},
    {"record x\nset action refused\n", ":2:12: expected allowed, blocked or none, not 'refused'"},
    {"record x\nset kind web\n", ":2:10: expected proxy, dns, identity or none, not 'web'"},
    {"expect a=b\n", ":1:1: `expect` belongs behind a `sample`"},
    {HEAD "host a\n", ":8:6: expected = behind the field 'host'"},
    {"kind dns\ndecoder headed\nheader\n", ":3:7: expected the text that headings begin with"},
    {HEAD "host =\n", ":8:7: expected a column behind ="},
    {HEAD "host = d\n", ":8:8: no such column (there are a, b, c): 'd'"},
    {HEAD "host = a unixtime\n", ":8:10: no transform"},
    {HEAD "host = a first \"x\"\n", ": expected a number of bytes in quotes, not 'x'"},
    {HEAD "action = a map\n", ": expected a pattern in quotes and its value behind 'map'"},
    {"\xff\xfe"
     "f\0",
     ":1:1: this is UTF-16; expected UTF-8"},
    {"kind dns\ndecoder template\nrecord {client {host}\nhost = host\n", "not closed"},
    {HEAD "host = a after\n", ":8:15: expected 1 text in quotes behind 'after'"},
    {HEAD "host = a after \"/\" \"-\"\n", ": expected 1 text in quotes behind 'after'"},
    {HEAD "host = a after \"/\n", ":8:16: this quote is not closed"},
    {HEAD "action = a map \"x\"\n", ":8:19: expected a value behind the pattern"},
    {HEAD "ts = a time \"%q\"\n",
     ":8:8: this is no time pattern; expected parts as strftime has them (%Y %y "},
    {HEAD "ts = a\n", ":8:7: expected a time as the last conversion (rfc3339, "},
    {HEAD "host = a rfc3339\n",
     ":8:10: expected no time and no duration among the conversions of 'host'"},
    {HEAD "elapsed = a\n", ":8:12: expected seconds, milliseconds or microseconds as the last"},
    {HEAD "ts = a rfc3339 lower\n", ":8:8: a time or duration is the last conversion"},
    {HEAD "client = \"a b\" address\n", ":8:10: expected a column without quotes; `heading NAME "
                                        "\"Its heading\"` gives one a name of its "
                                        "own, not '\"a'"},
    {HEAD "where a\n", ":8:8: expected patterns in quotes"},
    {"kind dns\ndecoder headed\nheading a\n", ":3:10: expected headings in quotes"},
    {HEAD "where a \"x\" y\n", ":8:13: expected patterns in quotes"},
    {HEAD "where d \"x\"\n", ":8:7: no such column (there are a, b, c): 'd'"},
    {HEAD "where a+b \"x\"\n", ":8:7: a condition is about one column, not 'a+b'"},
    {HEAD "join\n", ":8:5: expected columns"},
    {HEAD "join a\njoin b\njoin a b\njoin c\n", ":11:1: more joins than kage takes"},
    {HEAD "news\n", ":8:5: expected a pattern with * and no holes"},
    {HEAD "news a{b}\n", ":8:6: expected a pattern with * and no holes 'a{b}'"},
    {HEAD "join a d\n", ":8:8: no such column"},
    {HEAD "join a b c a b c a\n", ":8:18: more columns in a join than kage takes"},
    {HEAD "action = a map \"x\" refused\n",
     ":8:12: expected allowed, blocked or none, not 'refused'"},
    {HEAD "kind = a map \"x\" web\n", ":8:10: expected proxy, dns, identity or none, not 'web'"},
    {"host = a\ndecoder delimited\n", ":1:8: the line `decoder` must stand before 'a'"},
    {HEAD "record x\n", ":8:1: `record` belongs to the decoder template, not to delimited"},
    {TESTING_HEAD("delimited") "host = a\nseparator blanks\ncolumns a b\n",
     ":6:8: the line `columns` must stand before 'a'"},
    /* mistakes that a definition would be read with, but not as meant */
    {"format my log\n",
     ":1:8: an id is one word, without blanks, commas and slashes, not 'my log'"},
    {"format a/b\n", ":1:8: an id is one word"},
    {"kind\n", ":1:5: expected proxy, dns or identity"},
    {"kind dns proxy\n", ":1:10: expected the end of the line (comments have lines of their own)"},
    {"kind dns # ours\n", ":1:10: expected the end of the line (comments have lines of their own), "
                          "not '# ours'"},
    {"kind dns\nkind proxy\n", ":2:1: this keyword stands there twice, first in line 1: 'kind'"},
    {"decoder kv json\n", ":1:12: expected the end of the line"},
    {"separator tab comma\n", ":1:15: expected the end of the line"},
    {"quotes csv backslash\n", ":1:12: expected the end of the line"},
    {"header \"#a\" b\n", ":1:13: expected the end of the line"},
    {"assign\n", ":1:7: expected the text between a key and its value"},
    {"columns\n", ":1:8: expected the names of the columns, in their order"},
    {"columns a\ncolumns b\n", ":2:1: this keyword stands there twice"},
    {"hosts = a\n", ":1:1: no keyword or field (did you mean host? `kage help formats-guide` lists "
                    "them) 'hosts'"},
    {"Host = a\n", "(did you mean host?"},
    {"seperator tab\n", "(did you mean separator?"},
    {"user-agent = a\n", "(did you mean user_agent?"},
    {"host=a\n", ":1:5: expected a blank before and behind =, not 'host=a'"},
    {"host =a\n", ":1:6: expected = and a blank behind the field, not '=a'"},
    {"kind dns\rdecoder json\r",
     ":1:9: a carriage return on its own; expected lines that end with "},
    {HEAD "host = a urlhost\n", ":8:10: no transform (did you mean url-host? `kage help formats` "},
    {HEAD "host = a # the host\n", ":8:10: comments have lines of their own, not '#'"},
    {HEAD "ts = a + b rfc3339\n", ":8:8: columns are put together without blanks, as in date+time"},
    {HEAD "host = a+\n", ":8:8: expected a column before and behind +, not 'a+'"},
    {HEAD "host = +a\n", ":8:8: expected a column before and behind +, not '+a'"},
    {HEAD "host = a after \"\"\n", ": expected a text between the quotes behind 'after'"},
    {HEAD "host = a before-last \"\"\n",
     ": expected a text between the quotes behind 'before-last'"},
    {HEAD "host = a first \"0\"\n", ": expected a number of bytes in quotes, not '0'"},
    {HEAD "host = a\nuser = b\nhost = a\n",
     ":10:1: this line stands there twice, first as line 8: 'host = a'"},
    {HEAD "ts = a time \"%H:%M:%S\"\n", ":8:8: a time pattern needs a day and its month"},
    {HEAD "ts = a time \"%Y-%m-%d|%H:%M\"\n", ":8:8: a time pattern needs a day and its month"},
    {HEAD "header \"#\"\n", ":8:1: `header` belongs to the decoder headed, not to delimited"},
    {HEAD "assign \":\"\n", ":8:1: `assign` belongs to the decoder kv, not to delimited"},
    {HEAD "join a\n", ":8:1: `join` belongs to the decoder template, not to delimited"},
    {"kind dns\ndecoder json\nseparator comma\n",
     ":3:1: `separator` belongs to the decoder delimited "
     "or headed or kv, not to json"},
    {"kind dns\ndecoder json\nhost = $.a\n", ":3:8: expected a path as in event.url"},
    {"kind dns\ndecoder json\nhost = a[0].b\n", ":3:8: expected a path as in event.url"},
    {"kind dns\ndecoder json\nhost = a..b\n", ":3:8: expected a path as in event.url"},
    {"kind dns\ndecoder json\nhost = a.\n", ":3:8: expected a path as in event.url"},
    {TESTING_HEAD("delimited") "separator tab\nquotes csv\ncolumns a *b\n",
     ":8:9: a column with * holds separators as they are: no `quotes` and no `brackets` beside it"},
    {TESTING_HEAD("delimited") "separator tab\ncolumns a ... b\n",
     ":7:9: columns behind ... need the line `quotes csv`"},
    {TEMPLATE "record {host} {client} {host}\nhost = host\n",
     ":3:30: hole 'host': the template has one of that name; expected another, or {}"},
    {TEMPLATE "record {?{host} }{host} {a:text}{b}\nhost = host\n",
     ":3:36: hole 'b': nothing tells where the one before it ends; expected text between them"},
    {TEMPLATE "record {host} {a}\njoin a\nhost = host\n",
     ":4:1: `join` joins nothing; expected `reply`, `outcome`, `note`, `open` or `end`"},
    {TEMPLATE "record {host}}\nhost = host\n",
     "a brace of the template closes nothing; expected }} for one of the text"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        struct error err = {0};
        struct format *f = definition_parse("a.format", slice_of_string(errors[i].text), &err);

        if (f != NULL)
            fail_msg("%saccepted; expected %s", errors[i].text, errors[i].expected);
        else if (err.code != ERROR_SYNTAX || strncmp(err.text, "a.format:", 9) != 0 ||
                 strstr(err.text, errors[i].expected) == NULL)
            fail_msg("%sexpected %s\nis %s", errors[i].text, errors[i].expected, err.text);
        definition_free(f);
    }
}

/* A definition of a user's own gives when and where. */
static void test_use(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {HEAD "ts = a unix-seconds\n", "a.format:8:1: the line `host = COLUMN` is missing: where a "
                                       "request went (`url-host` takes the host from a URL)"},
        {HEAD "ts = a unix-seconds\nurl = b\n",
         "a.format:9:1: the line `host = COLUMN` is missing"},
        {HEAD "host = a\n", "a.format:8:1: the line `ts = COLUMN rfc3339` is missing"},
        {HEAD "ts = a unix-seconds\nhost = b\n", ""},
        {HEAD "ts = a unix-seconds\ndest_ip = b\n", ""},
        {"kind proxy\nlogformat x %>a %ru\n", ""},
        {"kind proxy\nlogformat x %>a [%tl]\n",
         "a.format:2:1: the line `host = COLUMN` is missing"},
        {"kind identity\ndecoder json\nts = t unix-seconds\nuser = u\n",
         "a.format:4:1: the line `client = COLUMN` is missing: which address somebody had"},
        {"kind identity\ndecoder json\nclient = c\nuser = u\n", ""},
        {"kind identity\ndecoder json\nclient = c\nkind = k map \"q\" dns\n",
         "a.format:4:1: the line `host = COLUMN` is missing"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = {0};
        struct format *f = definition_parse("a.format", slice_of_string(cases[i].text), &err);

        assert_non_null(f);
        assert_int_equal(definition_check_use(f, &err), cases[i].expected[0] == '\0');
        if (strncmp(err.text, cases[i].expected, strlen(cases[i].expected)) != 0)
            fail_msg("%sexpected %s\nis %s", cases[i].text, cases[i].expected, err.text);
        definition_free(f);
    }
}

/* A NUL would end the messages. */
static void test_nul(void **state)
{
    struct error err = {0};

    (void)state;
    assert_null(definition_parse("a.format", SLICE("kind dns\nhost = a\0b\n"), &err));
    assert_string_equal(err.text, "a.format:2:9: a NUL byte; expected text");
}

/* ${text} with ${n} for its # */
static void append_numbered(struct buf *out, const char *text, int n)
{
    for (; *text != '\0'; text++)
        if (*text == '#')
            buf_append_uint(out, (uint64_t)n);
        else
            buf_append_byte(out, *text);
}

/* Everything that has a limit, just beyond it. */
static void test_limits(void **state)
{
    static const struct {
        const char *head, *repeated;
        int times;
        const char *expected;
    } limits[] = {
        {HEAD, "host = a none \"#\"\n", 97, "more mapping lines than kage takes"},
        {HEAD, "where a \"x\"\n", SHAPE_LIMIT + 1, "more conditions than kage takes"},
        {HEAD, "sample x\n", SAMPLE_LIMIT + 1, "more samples than kage takes"},
        {HEAD, "remark x\n", 17, "more notes than kage takes"},
        {"decoder template\n", "record x\n", SHAPE_LIMIT + 1, "more shapes than kage takes"},
        {HEAD "host = a", " lower", 9, "more conversions than kage takes"},
        {HEAD "host = a none", " \"x\"", 17, "expected 1 to 16 texts in quotes behind"},
        {HEAD "action = a map", " \"x\" none", 33, "no transform"},
        {"columns", " -", COLUMN_LIMIT + 1, "more columns than kage takes"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct buf text = {0};
        struct error err = {0};

        buf_append_string(&text, limits[i].head);
        for (int n = 0; n < limits[i].times; n++)
            append_numbered(&text, limits[i].repeated, n);
        assert_null(definition_parse("a.format", buf_slice(&text), &err));
        if (strstr(err.text, limits[i].expected) == NULL)
            fail_msg("%s: expected %s, is %s", limits[i].repeated, limits[i].expected, err.text);
        buf_free(&text);
    }
}

static void test_content(void **state)
{
    static const char text[] = "# a comment\r\n"
                               "format   a-b\r\n"
                               "family   a\r\n"
                               "title    A product, its log\r\n"
                               "kind     dns\r\n"
                               "decoder  delimited\r\n"
                               "separator tab\r\n"
                               "columns  t h - - *u ...\r\n"
                               "remark   first\r\n"
                               "remark   second one\r\n"
                               "precedence 7\r\n"
                               "cut-at   99 \" \\\"-\\\\\"\r\n"
                               "ts       = t time \"%b %d %H:%M:%S\"\r\n"
                               "host     = h\r\n"
                               "user     = u none \"-\"\r\n"
                               "sample     x y\r\n"
                               "expect   host=y";
    struct error err = {0};
    struct format *f = definition_parse("a.format", SLICE(text), &err);

    (void)state;
    if (f == NULL) {
        fail_msg("%s", err.text);
        return;
    }
    assert_string_equal(f->id, "a-b");
    assert_string_equal(f->family, "a");
    assert_string_equal(f->title, "A product, its log");
    assert_int_equal(f->kinds, 1U << RECORD_DNS);
    assert_int_equal(f->spread_column, 4);
    assert_true(f->open_end && !f->has_year && !f->has_zone && !f->envelope);
    assert_int_equal(f->note_count, 2);
    assert_string_equal(f->notes[1].ptr, "second one");
    assert_int_equal(f->precedence, 7);
    assert_int_equal(f->cut_at, 99);
    assert_true(slice_is(f->cut_tail, " \"-\\"));
    assert_int_equal(f->fields,
                     FIELD_BIT(FIELD_TS) | FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_USER));
    assert_int_equal(f->sample_count, 1);
    assert_true(slice_is(f->samples[0].line, "x y") && slice_is(f->samples[0].expect, "host=y"));
    assert_true(slice_equal(f->source, SLICE(text)));
    definition_free(f);
}

struct naming {
    const char *file, *lines, *id, *family, *title;
};

static void check_names(const struct naming *n)
{
    struct error err = {0};
    struct buf definition = {0};
    struct format *f;

    buf_printf(&definition, "%skind proxy\ndecoder json\nhost = h\n", n->lines);
    f = definition_parse(n->file, buf_slice(&definition), &err);
    buf_free(&definition);
    if (f == NULL) {
        fail_msg("%s", err.text);
        return;
    }
    assert_string_equal(f->id, n->id);
    assert_string_equal(f->family, n->family);
    assert_string_equal(f->title, n->title);
    definition_free(f);
}

static void test_names(void **state)
{
    static const struct naming names[] = {
        {"our.format", "", "our", "our", "our"},
        {"/etc/kage/our.proxy.format", "", "our.proxy", "our.proxy", "our.proxy"},
        {"./our", "", "our", "our", "our"},
        {"a.b/our", "", "our", "our", "our"},
        {"a/.format", "", "a/.format", "a/.format", "a/.format"},
        {"our.format", "format x\n", "x", "x", "x"},
        {"our.format", "family y\n", "our", "y", "our"},
        {"our.format", "title A log\n", "our", "our", "A log"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        check_names(&names[i]);
}

/* A definition cut off anywhere, or with a byte changed, is read or refused, never worse. */
static void test_damaged(void **state)
{
    (void)state;
    for (size_t i = 0; i < embedded_formats_count; i++)
        for (size_t n = 0; n < embedded_formats[i].len; n += 7) {
            struct error err = {0};
            struct format *f = definition_parse("a", slice_of(embedded_formats[i].bytes, n), &err);

            assert_true((f == NULL) == (err.code != ERROR_NONE));
            definition_free(f);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),  cmocka_unit_test(test_limits),
        cmocka_unit_test(test_content), cmocka_unit_test(test_names),
        cmocka_unit_test(test_damaged), cmocka_unit_test(test_use),
        cmocka_unit_test(test_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
