/* definition_test.c: what a definition must say, and the messages where it does not. */
#include "format/definition.h"

#include "base/embedded.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HEAD     TESTING_HEAD("delimited") "separator blanks\ncolumns a b c\n" /* seven lines */

static const struct {
    const char *text, *expected; /* a part of the message, which begins with the file's name */
} errors[] = {
    {"", ":0:1: the line `kind proxy|dns|identity` is missing"},
    {"family\n", ":1:1: the line `family NAME` is missing"},
    {"family x\ntitle\n", "the line `title TEXT` is missing"},
    {"format x\nfamily x\ntitle x\n", "the line `kind"},
    {"format x\nfamily x\ntitle x\nkind dns\n", "the line `decoder NAME` is missing"},
    {"format\nfamily x\ntitle x\nkind dns\n", "the line `format ID` is missing"},
    {TESTING_HEAD("delimited"), "needs `separator` and `columns`"},
    {TESTING_HEAD("delimited") "separator blanks\n", "needs `separator` and `columns`"},
    {"format x\n  nonsense x\n",
     ":2:3: no keyword or field (`kage help formats-guide` lists them) 'nonsense'"},
    {"kind web\n", ":1:6: expected proxy, dns or identity, not 'web'"},
    {"decoder magic\n", ":1:9: expected the decoder "},
    {"decoder delimited\ndecoder magic\n", ":2:9: expected the decoder "},
    {"envelope http\n", ":1:10: expected syslog, not 'http'"},
    {"separator blank\n", ":1:11: expected blanks, tab, comma, semicolon or bar, not 'blank'"},
    {"separator tab\nseparator blank\n", ":2:11: expected blanks, tab"},
    {"columns a b a\n", ":1:13: this column stands there twice: 'a'"},
    {"columns *a *b\n", ":1:12: only one column may hold separators"},
    {"alias a b\n", ":1:7: the line `decoder` must stand before 'a'"},
    {TESTING_HEAD("kv") "separator tab\nhost = h\nalias h\n",
     "expected another name of the column behind it"},
    {TESTING_HEAD("kv") "separator tab\nhost = h\nuser = u\nalias h u\n",
     "this is a column of its own: 'u'"},
    {TESTING_HEAD("delimited") "separator tab\ncolumns a b\nhost = a\nalias a c\n",
     "other names have columns that the log itself names"},
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
    {HEAD "host = d\n", ":8:8: no such column: 'd'"},
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
     ":8:8: this is no time pattern (parts as in strftime, %f a fraction): '%q'"},
    {HEAD "ts = a\n", ":8:1: this field needs another kind of conversion"},
    {HEAD "host = a rfc3339\n", ":8:1: this field needs another kind of conversion"},
    {HEAD "elapsed = a\n", ":8:1: this field needs another kind of conversion"},
    {HEAD "ts = a rfc3339 lower\n", ":8:1: a time or duration is the last conversion"},
    {HEAD "where a\n", ":8:8: expected patterns in quotes"},
    {HEAD "heading a\n", ":8:10: expected headings in quotes"},
    {HEAD "where a \"x\" y\n", ":8:13: expected patterns in quotes"},
    {HEAD "where d \"x\"\n", ":8:7: no such column: 'd'"},
    {HEAD "join\n", ":8:5: expected columns"},
    {HEAD "join a\njoin b\njoin a b\njoin c\n", ":11:1: more joins than kage takes"},
    {HEAD "news\n", ":8:5: expected a pattern with * and no holes"},
    {HEAD "news a{b}\n", ":8:6: expected a pattern with * and no holes 'a{b}'"},
    {HEAD "join a d\n", ":8:8: no such column: 'd'"},
    {HEAD "join a b c a b c a\n", ":8:18: more columns in a join than kage takes"},
    {HEAD "action = a map \"x\" refused\n",
     ":8:1: expected allowed, blocked or none, not 'refused'"},
    {HEAD "kind = a map \"x\" web\n", ":8:1: expected proxy, dns, identity or none, not 'web'"},
    {"host = a\ndecoder delimited\n", ":1:8: the line `decoder` must stand before 'a'"},
    {HEAD "record x\n", ":5:9: shapes belong to the decoder template"},
    {TESTING_HEAD("delimited") "host = a\nseparator blanks\ncolumns a b\n", ":6:8: no such column"},
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

/* Everything that has a limit, just beyond it. */
static void test_limits(void **state)
{
    static const struct {
        const char *head, *repeated;
        int times;
        const char *expected;
    } limits[] = {
        {HEAD, "host = a\n", 97, "more mapping lines than kage takes"},
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
            buf_append_string(&text, limits[i].repeated);
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
        cmocka_unit_test(test_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
