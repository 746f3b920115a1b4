/* decode_json_test.c: JSON lines, the wanted keys only. */
#include "format/decoder/pieces.h"
#include "format/decoder/pieces_fixture.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define REJECTED "1 rejected: not of the format's shape;"

static const char definition[] = TESTING_HEAD("json") "host = h\nuser = u.name\nmethod = list.1\n"
                                                      "url = raw\nbytes_up = n\n";

static const struct {
    const char *line, *expected;
} rows[] = {
    {"{\"h\":\"x\",\"u\":{\"name\":\"y\"},\"list\":[\"a\",\"b\"],\"n\":7}",
     "1 user=y host=x method=b bytes_up=7;"},
    {" { \"h\" : \"x\" , \"u\" : { \"name\" : \"y\" } } ", "1 user=y host=x;"},
    {"{\"n\":7,\"h\":\"x\"}", "1 host=x bytes_up=7;"},
    /* what nobody wants is passed over, however deep */
    {"{\"a\":{\"h\":\"no\",\"b\":[1,{\"h\":[]}]},\"h\":\"x\",\"z\":null}", "1 host=x;"},
    {"{\"u\":{\"id\":1,\"name\":\"y\",\"more\":{\"name\":\"no\"}},\"h\":\"x\"}",
     "1 user=y host=x;"},
    {"{\"a\":\"}]\\\"{\",\"h\":\"x\"}", "1 host=x;"},
    {"{\"u\":\"flat\",\"list\":3,\"h\":\"x\"}", "1 host=x;"},
    {"{\"list\":[\"a\"],\"h\":\"x\"}", "1 host=x;"},
    {"{\"list\":[[\"no\"],\"b\"],\"h\":\"x\"}", "1 host=x method=b;"},
    {"{\"u\":[],\"list\":{},\"h\":\"x\"}", "1 host=x;"},
    /* values of every kind; null and the empty text are none */
    {"{\"h\":\"x\",\"u\":{\"name\":null},\"n\":null}", "1 host=x;"},
    {"{\"h\":\"x\",\"u\":{\"name\":\"\"}}", "1 host=x;"},
    {"{\"h\":\"x\",\"u\":{\"name\":true}}", "1 user=true host=x;"},
    {"{\"h\":\"x\",\"u\":{\"name\":12.5}}", "1 user=12.5 host=x;"},
    {"{\"h\":\"x\",\"raw\":{\"a\": [1, 2]}}", "1 host=x url={\"a\": [1, 2]};"},
    {"{\"h\":\"x\",\"n\":\"7\"}", "1 host=x bytes_up=7;"},
    {"{\"h\":\"x\",\"n\":7.5}", "1 rejected: number not readable;"},
    /* escapes */
    {"{\"h\":\"x\",\"u\":{\"name\":\"a\\\"\\\\\\/b\\tc\"}}", "1 user=a\"\\/b\tc host=x;"},
    {"{\"h\":\"x\",\"u\":{\"name\":\"\\u9234\\u00e9\\u0041\"}}", "1 user=\xe9\x88\xb4\xc3\xa9"
                                                                 "A host=x;"},
    {"{\"h\":\"x\",\"u\":{\"name\":\"\\ud83d\\ude00\"}}", "1 user=\xf0\x9f\x98\x80 host=x;"},
    {"{\"\\u0068\":\"x\",\"u\":{\"n\\u0061me\":\"y\"}}", "1 user=y host=x;"}, /* keys, too */
    {"{\"h\":\"x\",\"u\":{\"name\":\"\\ud83d\"}}", REJECTED},
    {"{\"h\":\"x\",\"u\":{\"name\":\"\\ud83dxxxxxx\"}}", REJECTED},
    {"{\"h\":\"x\",\"u\":{\"name\":\"\\u12\"}}", REJECTED},
    {"{\"h\":\"x\",\"u\":{\"name\":\"\\q\"}}", REJECTED},
    {"{\"h\":\"x\\\\\",\"u\":{\"name\":\"y\"}}", "1 user=y host=x\\;"},
    /* an array with an object a line: its signs are no part of them */
    {"[{\"h\":\"x\"},", "1 host=x;"},
    {"[ {\"h\":\"x\"} ]", "1 host=x;"},
    {",{\"h\":\"x\"}", "1 host=x;"},
    {"{\"h\":\"x\"}]", "1 host=x;"},
    {"[", ""},
    {"]", ""},
    {"[{\"h\":\"x\"},{\"h\":\"y\"}]", REJECTED},
    /* broken lines */
    {"{\"h\":\"x\"", REJECTED},
    {"{\"h\":\"x", REJECTED},
    {"{\"h\"", REJECTED},
    {"{\"h\":}", REJECTED},
    {"{\"h\":\"x\" \"u\":1}", REJECTED},
    {"{h:\"x\"}", REJECTED},
    {"[\"x\"]", REJECTED},
    {"x", REJECTED},
    {"{", REJECTED},
    {"{\"list\":[\"a\",\"b\"", REJECTED},
};

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        testing_decode(definition, slice_of_string(rows[i].line), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s:\nexpected %s\nis       %s", rows[i].line, rows[i].expected, out.ptr);
    }
    buf_free(&out);
}

/* Brackets without end cost neither stack nor time. */
static void test_deep(void **state)
{
    enum { DEPTH = 1 << 19 };
    struct buf line = {0}, out = {0};

    (void)state;
    buf_append_string(&line, "{\"a\":");
    for (int i = 0; i < DEPTH; i++)
        buf_append_byte(&line, '[');
    for (int i = 0; i < DEPTH; i++)
        buf_append_byte(&line, ']');
    buf_append_string(&line, ",\"h\":\"x\"}");
    testing_decode(definition, buf_slice(&line), &out);
    assert_string_equal(out.ptr, "1 host=x;");
    line.len = DEPTH;
    testing_decode(definition, buf_slice(&line), &out);
    assert_string_equal(out.ptr, REJECTED);
    buf_free(&line);
    buf_free(&out);
}

/* What a line gives does not depend on the keys of the line before. */
static void test_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(rows); i++) {
        size_t first = i / COUNT(rows), second = i % COUNT(rows);

        if (!testing_is_independent(definition, rows[first].line, rows[second].line))
            fail_msg("%s\n%s", rows[first].line, rows[second].line);
    }
}

static const char *any_of(const char *const *texts, size_t count, uint32_t *random)
{
    return texts[next_random(random) % count];
}

/* An object whose keys mostly come in one order, with all that may be odd about it. */
static void append_object(struct buf *out, uint32_t *random)
{
    static const char *const keys[] = {
        "{\"h\":",
        ",\"u\":{\"id\":",
        ",\"name\":",
        "},\"none\":[],\"n\":",
        ",\"nobody wants this, and it is a key longer than 32 bytes\":",
        ",\"list\":[",
        ",",
        "],\"raw\":",
        ",\"n\" : "};
    static const char *const values[] = {
        "\"a text of some length that goes on for more than 32 bytes, and more than once\"",
        "\"x\"",
        "7",
        "\"\"",
        "null",
        "true",
        "-1.5e+3",
        "FALSE",
        "{\"h\":[1,\"]\"]}",
        "[]",
        "{}",
        "\"a\\\"b\"",
        "\"\\\\\"",
        "\"open",
        "1 ",
        " 2",
        "",
        ":",
        "\"a\"b",
        "123456789012345678901234567890123",
        "[[1],{}]",
        "\"\\u0041\""};
    static const char *const between[] = {
        " ", ",", "}", "\"", "x", "\r", "\t", "]", ",\"n\":1", ",\"z\"", ",\"name\":\"no\""};
    bool odd = next_random(random) % 2 == 0;

    for (size_t i = 0; i < COUNT(keys); i++) {
        if (!odd || next_random(random) % 16 != 0)
            buf_append_string(out, keys[i]);
        buf_append_string(out, odd && next_random(random) % 6 == 0
                                   ? any_of(values, COUNT(values), random)
                                   : any_of(values, 4, random));
        if (odd && next_random(random) % 40 == 0)
            buf_append_string(out, any_of(between, COUNT(between), random));
    }
    buf_append_string(out, odd && next_random(random) % 8 == 0 ? "},]" : "}");
}

static void test_ways_agree(void **state)
{
    struct error err = {0};
    struct format *f = definition_parse("test.format", SLICE(definition), &err);
    size_t cut = 0, ways = 0;
    struct buf line = {0};
    uint32_t random = 1;

    (void)state;
    assert_non_null(f);
    for (; pieces_walker_at(PIECES_JSON, ways) != NULL; ways++) {
        struct pieces *behind = calloc(1, f->decoder->state_size);

        assert_non_null(behind);
        behind->walker = pieces_walker_at(PIECES_JSON, ways);
        for (int round = 0; round < 60000; round++) {
            buf_reset(&line);
            append_object(&line, &random);
            cut += check_alike(f, behind, buf_slice(&line), &random);
        }
        free(behind);
    }
    buf_free(&line);
    definition_free(f);
    assert_true(cut > 30000 * ways);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_pairs),
                                       cmocka_unit_test(test_deep),
                                       cmocka_unit_test(test_ways_agree)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
