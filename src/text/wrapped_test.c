/* wrapped_test.c: lines out of the JSON of Docker and of systemd's journal. */
#include "base/buf.h"
#include "text/transcoder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define DOCKER(s)  "{\"log\":\"" s "\",\"stream\":\"stdout\",\"time\":\"2026-09-30T00:25:05.1Z\"}\n"
#define BEFORE     "2026-09-30T00:25:05.1Z stdout F "
#define JOURNAL(s) "{\"__REALTIME_TIMESTAMP\":\"1790728005123456\",\"_HOSTNAME\":\"gw01\"," s "}\n"
#define SYSLOG     "2026-09-30T00:26:45.123456Z gw01 "

static const struct {
    const char *in, *expected;
} rows[] = {
    {DOCKER("a line\\n"), BEFORE "a line\n"},
    {DOCKER("a line\\r\\n") DOCKER("b"), BEFORE "a line\n" BEFORE "b\n"},
    {DOCKER("\\n"), BEFORE "\n"},
    {DOCKER(""), BEFORE "\n"},
    {DOCKER("C:\\\\new\\\\n"), BEFORE "C:\\new\\n\n"}, /* no line end: a backslash and n */
    {DOCKER("\\\"q\\\" \\u003c\\u65e5\\ud83d\\ude00\\u0041\\/\\t|"),
     BEFORE "\"q\" <\xe6\x97\xa5\xf0\x9f\x98\x80"
            "A/\t|\n"},
    {DOCKER("\\ud83d x \\ude00"), BEFORE "\xef\xbf\xbd x \xef\xbf\xbd\n"},
    {DOCKER("a\\nb\\n"), BEFORE "a b\n"}, /* a line stays one */
    {DOCKER("\\u12"), BEFORE "u12\n"},
    {"{\"log\":\"x\\n\",\"attrs\":{\"a\":[1,\"]}\"]},\"time\":\"2026-09-30T00:25:05.1Z\"}",
     BEFORE "x"},
    {" {\"log\" : \"x\" , \"time\" : \"2026-09-30T00:25:05.1Z\" } \r\n", BEFORE "x\n"},
    /* the journal */
    {JOURNAL("\"SYSLOG_IDENTIFIER\":\"named\",\"_PID\":\"7\",\"MESSAGE\":\"a \\\"b\\\"\""),
     SYSLOG "named[7]: a \"b\"\n"},
    {JOURNAL("\"MESSAGE\":\"a\",\"_COMM\":\"sshd\""), SYSLOG "sshd: a\n"},
    {JOURNAL("\"MESSAGE\":\"a\""), SYSLOG "journal: a\n"},
    {JOURNAL("\"MESSAGE\":[97,98],\"_COMM\":\"sshd\""), SYSLOG "sshd: \n"},
    {JOURNAL("\"MESSAGE\":null,\"_COMM\":\"sshd\""), SYSLOG "sshd: \n"},
    {"{\"__CURSOR\":\"a\",\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"0\",\"_COMM\":\"y\"}\n",
     "1970-01-01T00:00:00.000000Z y: x\n"},
    /* what is neither stays as it is */
    {DOCKER("a") "{\"log\":\"x\"}\n[1]\n\nplain\n{\"log\":\"x\n" DOCKER("b"),
     BEFORE "a\n{\"log\":\"x\"}\n[1]\n\nplain\n{\"log\":\"x\n" BEFORE "b\n"},
    {DOCKER("a") "{\"log\":\"x\\", BEFORE "a\n{\"log\":\"x\\"},
    {JOURNAL("\"MESSAGE\":\"a\"") "{\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"soon\"}\n",
     SYSLOG "journal: a\n{\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"soon\"}\n"},
};

/* All of ${in} in pieces of ${size} bytes, into rooms of as many. */
static void convert(struct slice in, size_t size, struct buf *out)
{
    char room[64 + TRANSCODER_SLACK];
    void *self = wrapped_transcoder.create(in);
    size_t made = 1;

    assert_non_null(self);
    buf_reset(out);
    while (in.len > 0 || made > 0) {
        struct slice piece = slice_of(in.ptr, size < in.len ? size : in.len);

        in = slice_from(in, piece.len);
        while ((made = wrapped_transcoder.convert(self, &piece, in.len == 0, room,
                                                  size < 64 ? size : 64)) > 0)
            buf_append(out, slice_of(room, made));
        assert_int_equal(piece.len, 0);
    }
    assert_null(wrapped_transcoder.damage(self));
    buf_append_byte(out, '\0');
    wrapped_transcoder.destroy(self);
}

static void takes_lines_out_in_pieces_of_any_size(void **state)
{
    static const size_t sizes[] = {1, 3, 7, 64, 4096};
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(sizes); i++) {
        struct slice in = slice_of_string(rows[i / COUNT(sizes)].in);

        convert(in, sizes[i % COUNT(sizes)], &out);
        assert_string_equal(out.ptr, rows[i / COUNT(sizes)].expected);
    }
    buf_free(&out);
}

static void knows_them_by_their_begin(void **state)
{
    static const struct {
        const char *head;
        bool wrapped;
    } heads[] = {
        {DOCKER("a"), true},
        {JOURNAL("\"MESSAGE\":\"a\""), true},
        {"{ \"__CURSOR\" : \"s=1;i=2\", \"MESSAGE\" : \"x\" }\n", true},
        {"{\"_TRANSPORT\":\"syslog\",\"_BOOT_ID\":\"1\",\"MESSAGE\":\"x\"}\n", true},
        {"{\"ts\":1,\"log\":\"x\"}\n", false},
        {"{\"MESSAGE\":\"x\"}\n" JOURNAL("\"MESSAGE\":\"a\""), false}, /* the first line tells */
        {"a \"__CURSOR\":\"x\"\n", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++)
        assert_int_equal(transcoder_find(slice_of_string(heads[i].head)) == &wrapped_transcoder,
                         heads[i].wrapped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_lines_out_in_pieces_of_any_size),
        cmocka_unit_test(knows_them_by_their_begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
