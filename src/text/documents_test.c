/* documents_test.c: objects out of arrays, answers and texts of many lines. */
#include "base/buf.h"
#include "text/transcoder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *in, *expected;
    bool damaged;
} rows[] = {
    /* an array, over lines and on one */
    {"[{\"a\":1},{\"a\":2}]", "{\"a\":1}\n{\"a\":2}\n", false},
    {"[ { \"a\" : 1 } , { \"a\" : [ 1 , { } ] } ]\n", "{\"a\":1}\n{\"a\":[1,{}]}\n", false},
    {"[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": \"x y\"\n  }\n]\n",
     "\n\n\n{\"a\":1}\n\n\n{\"a\":\"x y\"}\n\n", false},
    /* objects without an array */
    {"{\"a\":1}{\"a\":2} {\"a\":3},{\"a\":4}\n", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n",
     false},
    {"{\n\"a\":1\n}\n{\n\"a\":2\n}\n", "\n\n{\"a\":1}\n\n\n{\"a\":2}\n", false},
    {"{\"a\":1}{\"a\":2}\n\n\n{\"a\":3}\n", "{\"a\":1}\n{\"a\":2}\n\n{\"a\":3}\n", false},
    {"[{\"a\":1}]\n[{\"a\":2},{\"a\":3}]\n", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", false},
    {"[{\"a\":1},{\"a\":2}]\n\xef\xbb\xbf[{\"a\":3}]\xef\xbb\xbf{\"a\":4}\n",
     "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n", false},
    /* brackets, quotes and names within strings */
    {"[{\"a\":\"}]\\\"{[\"},{\"b\\\"\":\"\\\\\"}]", "{\"a\":\"}]\\\"{[\"}\n{\"b\\\"\":\"\\\\\"}\n",
     false},
    /* what other arrays hold is no matter */
    {"[1,\"x\",[{\"a\":1}],{\"b\":2},null,{\"b\":3}]", "{\"b\":2}\n{\"b\":3}\n", false},
    {"{\"answers\":[{\"a\":1}]}{\"answers\":[]}", "{\"answers\":[{\"a\":1}]}\n{\"answers\":[]}\n",
     false},
    /* objects within an answer */
    {"{\"@odata.count\":2,\"value\":[{\"a\":1},{\"a\":2}],\"@odata.nextLink\":\"x\"}",
     "{\"a\":1}\n{\"a\":2}\n", false},
    {"{\"records\":[{\"a\":1}]}\n{\"records\":[{\"a\":2},{\"a\":3}]}\n",
     "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", false},
    {"[{\"records\":[{\"a\":1}],\"x\":{}},{\"records\":[{\"a\":2}]},{\"b\":3}]",
     "{\"a\":1}\n{\"a\":2}\n{\"b\":3}\n", false},
    {"{\"took\":1,\"hits\":{\"total\":{\"value\":1},\"hits\":[{\"_source\":{\"hits\":[{}]}}]},"
     "\"x\":[{}]}",
     "{\"_source\":{\"hits\":[{}]}}\n", false},
    {"{\"response\":{\"entries\":[{\"a\":1}]},\"data\":[{\"b\":[{\"c\":1}]}]}",
     "{\"a\":1}\n{\"b\":[{\"c\":1}]}\n", false},
    {"{\n\"records\":[],\"a\":1}", "\n{\"records\":[],\"a\":1}\n", false},
    {"{\n\"records\":[1,{\"a\":1}]}", "\n{\"records\":[1,{\"a\":1}]}\n", false},
    {"{\n\"x\":{\"records\":[{\"a\":1}]}}", "\n{\"x\":{\"records\":[{\"a\":1}]}}\n", false},
    /* records, which have a time while what is in their arrays has none */
    {"[{\"t\":\"2026-09-30T00:25:05Z\",\"events\":[{\"a\":1},{\"a\":2}]},{\"data\":[{\"a\":1}]}]",
     "{\"t\":\"2026-09-30T00:25:05Z\",\"events\":[{\"a\":1},{\"a\":2}]}\n{\"data\":[{\"a\":1}]}\n",
     false},
    {"[{\"t\":1790728005},{\"t\":1790728006,\"data\":[{\"a\":1}]}]",
     "{\"t\":1790728005}\n{\"t\":1790728006,\"data\":[{\"a\":1}]}\n", false},
    {"{\"from\":\"2026-09-30 00:25:05\",\"events\":[{\"t\":1790728005},{}]}",
     "{\"t\":1790728005}\n{}\n", false},
    {"{\"messages\":[{\"a\":1}],\"results\":[{\"t\":1790728005}]}",
     "{\"a\":1}\n{\"t\":1790728005}\n", false},
    {"{\"from\":1790728005,\"data\":[]}{\"data\":[{\"t\":1790728005}]}",
     "{\"from\":1790728005,\"data\":[]}\n{\"t\":1790728005}\n", false},
    /* lines of CloudWatch Logs */
    {"{\"logGroup\":\"g\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1790728005123,\"message\":\"a "
     "\\\"line\\\"\\n\"},{\"id\":\"2\",\"timestamp\":1790728006000,\"message\":\"b\"}]}",
     "2026-09-30T00:26:45.123Z a \"line\"\n2026-09-30T00:26:46Z b\n", false},
    {"{\"events\":[{\"timestamp\":\"2026\",\"message\":\"b\"}]}",
     "{\"timestamp\":\"2026\",\"message\":\"b\"}\n", false},
    {"{\"events\":[{\"timestamp\":1790728006000,\"message\":\"b\",\"ingestionTime\":1790728007000}]"
     "}",
     "2026-09-30T00:26:46Z b\n", false},
    {"{\"events\":[{\"timestamp\":1790728006000,\"message\":\"b\",\"user\":\"ann\"}]}",
     "{\"timestamp\":1790728006000,\"message\":\"b\",\"user\":\"ann\"}\n", false},
    /* what is no JSON: the objects before and behind stay */
    {"[{\"a\":1},{\"a\":2", "{\"a\":1}\n{\"a\":2\n", true},
    {"[{\"a\":1},{\"a\":2}", "{\"a\":1}\n{\"a\":2}\n", true},
    {"{\"a\":1}{\"a\" 2}\n{\"a\":3}\n", "{\"a\":1}\n{\"a\"\n2}\n{\"a\":3}\n", true},
    {"{\"a\":1}{\"a\":\"cut\n{\"a\":3}\n", "{\"a\":1}\n{\"a\":\"cut\n{\"a\":3}\n", true},
    {"{\"a\":1}{\"a\":\"\\\n{\"\":3}{\"\":4}\n", "{\"a\":1}\n{\"a\":\"\\\n{\"\":3}\n{\"\":4}\n",
     true},
    {"{\"a\":1}\xef\xbb{\"a\":2}\n\xef\n", "{\"a\":1}\n\xef\xbb{\"a\":2}\n\xef\n", true},
    {"{\"a\":1}{\"a\":3]\nplain text\n{\"a\":4}\n",
     "{\"a\":1}\n{\"a\":3\n]\nplain text\n{\"a\":4}\n", true},
    {"{\"a\":1}{\"a\":tru\xff\n", "{\"a\":1}\n{\"a\":tru\n\xff\n", true},
};

/* What becomes of ${in}, given in pieces of ${size} bytes. */
static void convert(const struct transcoder *t, struct slice in, size_t size, struct buf *out,
                    bool *damaged)
{
    char room[64 + TRANSCODER_SLACK];
    void *self = t->create(in);
    size_t made;

    assert_non_null(self);
    buf_reset(out);
    do {
        struct slice piece = slice_of(in.ptr, size < in.len ? size : in.len);

        in = slice_from(in, piece.len);
        while ((made = t->convert(self, &piece, in.len == 0, room, size < 64 ? size : 64)) > 0)
            buf_append(out, slice_of(room, made));
    } while (in.len > 0);
    *damaged = t->damage(self) != NULL;
    t->destroy(self);
}

static void objects_stand_in_lines(void **state)
{
    struct buf out = {0};
    bool damaged;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t size = 1; size < 100; size += size < 8 ? 1 : 40) {
            const struct slice in = slice_of_string(rows[i].in);

            convert(&documents_transcoder, in, size, &out, &damaged);
            if (!slice_is(buf_slice(&out), rows[i].expected) || damaged != rows[i].damaged)
                fail_msg("row %zu in pieces of %zu: damage %d, %.*s", i, size, damaged,
                         (int)out.len, out.ptr);
        }
    buf_free(&out);
}

static void found_by_the_first_object(void **state)
{
    static const struct {
        const char *head;
        const struct transcoder *expected;
    } heads[] = {
        {"[{\"a\":1},{\"a\":2}]", &documents_transcoder},
        {"[{\"a\":1}, {\"a\":", &documents_transcoder},
        {"\n [\n{\"a\":\n1}", &documents_transcoder},
        {"{\n  \"a\": 1", &documents_transcoder},
        {"{\"a\":1}{\"a\":2}", &documents_transcoder},
        {"[{\"a\":1}]\r\n[{\"a\":2},", &documents_transcoder},
        {"{\"a\":1} , [{\"a\":2}]", &documents_transcoder},
        {"{\"value\":[{\"a\":1}]}\n", &documents_transcoder},
        {"{\"x\":{},\"logEvents\":[{\"a\":\"...", &documents_transcoder},
        {"{\"hits\":{\"hits\":[{\"a\":1", &documents_transcoder},
        /* lines of objects, also of an array */
        {"{\"a\":1}\n{\"a\":2}\n", NULL},
        {"{\"a\":1}", NULL},
        {"{\"a\":1", NULL},
        {"[{\"a\":1},\n{\"a\":2}]\n", NULL},
        {"[\n{\"a\":1},\n{\"a\":2}\n]\n", NULL},
        {"[{\"a\":1}\n,{\"a\":2}]\n", NULL},
        {"[{\"a\":1}]\n", NULL},
        {"[{\"a\":1}]\nplain [", NULL},
        {"{\"dns\":{\"queries\":[{\"rrname\":\"example.com\"}]}}\n", NULL},
        {"{\"t\":1790728005,\"events\":[{\"a\":1}]}\n{\"t\":1790728005}\n", NULL},
        {"{\"events\":[{\"a\":1},{\"a\":2}],\"x\":{},\"t\":\"09:25:05\"}\n", NULL},
        {"{\"t\":1790728005,\"data\":{\"queries\":[{\"a\":1}]}}\n", NULL},
        /* no JSON */
        {"{\n  a: 1\n}", NULL},
        {"{\"a\":1 \"b\":2}{\"a\":1}", NULL},
        {"{\"a\":\"cut\n{\"a\":2}\n", NULL},
        {"[2026-09-30 09:25:05] example.com {", NULL},
        {"[1]: example.com\n", NULL},
        {"plain", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++)
        if (transcoder_find(slice_of_string(heads[i].head)) != heads[i].expected)
            fail_msg("head %zu", i);
}

/* More levels than are told apart, and an object that is too long for a line. */
static void limits_hold(void **state)
{
    struct buf in = {0}, out = {0};
    bool damaged;

    (void)state;
    buf_append_string(&in, "{\"a\":1}{\"a\":");
    for (int i = 0; i < 100; i++)
        buf_append_byte(&in, '[');
    buf_append_string(&in, "\n{\"a\":2}\n");
    convert(&documents_transcoder, buf_slice(&in), 1000, &out, &damaged);
    assert_true(damaged);
    assert_true(slice_starts_with(buf_slice(&out), SLICE("{\"a\":1}\n{\"a\":[[[")));
    buf_reset(&in);
    buf_append_string(&in, "[{\"a\":\"");
    for (int i = 0; i < 1500000; i++)
        buf_append_byte(&in, 'x');
    buf_append_string(&in, "\"},{\"a\":2}]");
    convert(&documents_transcoder, buf_slice(&in), 10000, &out, &damaged);
    assert_false(damaged);
    assert_true(out.len > 1 << 20);
    assert_true(out.len < (1 << 20) + 100);
    assert_true(slice_ends_with(buf_slice(&out), SLICE("x\n{\"a\":2}\n")));
    buf_free(&in);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_stand_in_lines),
        cmocka_unit_test(found_by_the_first_object),
        cmocka_unit_test(limits_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
