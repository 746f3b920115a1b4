/* wrapped_test.c: lines out of what Docker, Kubernetes, systemd's journal and shippers made. */
#include "base/buf.h"
#include "text/transcoder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define DOCKER(s)  "{\"log\":\"" s "\",\"stream\":\"stdout\",\"time\":\"2026-09-30T00:25:05.1Z\"}\n"
#define ERR(s)     "{\"log\":\"" s "\",\"stream\":\"stderr\",\"time\":\"2026-09-30T00:25:06Z\"}\n"
#define LATER(s)   "{\"log\":\"" s "\",\"stream\":\"stdout\",\"time\":\"2026-09-30T00:25:07Z\"}\n"
#define POD(s)     "2026-09-30T09:25:05.123456789+09:00 " s
#define BEFORE     "2026-09-30T00:25:05.1Z stdout F "
#define JOURNAL(s) "{\"__REALTIME_TIMESTAMP\":\"1790728005123456\",\"_HOSTNAME\":\"gw01\"," s "}\n"
#define SYSLOG     "2026-09-30T00:26:45.123456Z gw01 "

static const struct {
    const char *in, *expected;
} rows[] = {
    {DOCKER("a line\\n"), BEFORE "a line\n"},
    {DOCKER("a line\\r\\n") DOCKER("b\\n"), BEFORE "a line\n" BEFORE "b\n"},
    {DOCKER("a line") DOCKER("b"), BEFORE "a line\n" BEFORE "b\n"}, /* not Docker's own */
    {DOCKER("\\n"), BEFORE "\n"},
    {DOCKER(""), BEFORE "\n"},
    {DOCKER("C:\\\\new\\\\n"), BEFORE "C:\\new\\n\n"}, /* no line end: a backslash and n */
    {DOCKER("x\\n") DOCKER("C:\\\\a\\\\\\n") DOCKER("b\\n"),
     BEFORE "x\n" BEFORE "C:\\a\\\n" BEFORE "b\n"}, /* a line end behind a backslash */
    {DOCKER("\\\"q\\\" \\u003c\\u65e5\\ud83d\\ude00\\u0041\\/\\t|"),
     BEFORE "\"q\" <\xe6\x97\xa5\xf0\x9f\x98\x80"
            "A/\t|\n"},
    {DOCKER("\\ud83d x \\ude00"), BEFORE "\xef\xbf\xbd x \xef\xbf\xbd\n"},
    {DOCKER("a\\nb\\n"), BEFORE "a b\n"}, /* a line stays one */
    {DOCKER("a\\u000ab\\u000Dc\\u0a00d\\u0061"), BEFORE "a b c\xef\xbf\xbd"
                                                        "da\n"},
    {DOCKER("\\ufffe\\u0061\\ufffe"), BEFORE "\xef\xbf\xbd"
                                             "a\xef\xbf\xbd\n"},
    {DOCKER("\\ufeffa\\u0062"), BEFORE "ab\n"}, /* a mark of UTF-8 was there */
    {DOCKER("\\u12"), BEFORE "u12\n"},
    {"{\"log\":\"x\\n\",\"attrs\":{\"a\":[1,\"]}\"]},\"time\":\"2026-09-30T00:25:05.1Z\"}",
     BEFORE "x"},
    {" {\"log\" : \"x\" , \"time\" : \"2026-09-30T00:25:05.1Z\" } \r\n", BEFORE "x\n"},
    /* lines that Docker cut: joined where the last piece is, blank lines before */
    {DOCKER("x\\n") DOCKER("a") LATER("b") LATER("c\\n") LATER("d\\n"),
     BEFORE "x\n\n\n" BEFORE "abc\n2026-09-30T00:25:07Z stdout F d\n"},
    {DOCKER("x\\n") DOCKER("a") ERR("e\\n") LATER("b\\n"),
     BEFORE "x\n\n2026-09-30T00:25:06Z stdout F e\n" BEFORE "ab\n"},
    {DOCKER("x\\n") DOCKER("a") ERR("e") LATER("b\\n") ERR("f\\n"),
     BEFORE "x\n\n\n" BEFORE "ab\n2026-09-30T00:25:06Z stdout F ef\n"},
    {DOCKER("x\\n") DOCKER("a") "plain\n" LATER("b\\n"), BEFORE "x\n\nplain\n" BEFORE "ab\n"},
    {DOCKER("x\\n") DOCKER("") LATER("b\\n"), BEFORE "x\n\n" BEFORE "b\n"},
    {DOCKER("x\\n") DOCKER("a") LATER("b"), BEFORE "x\n\n" BEFORE "ab"}, /* may go on */
    /* Kubernetes: whole lines, and such that it cut */
    {POD("stdout F a\n") POD("stderr F b\n"), POD("stdout F a\n") POD("stderr F b\n")},
    {POD("stdout P a \n") POD("stdout P b\n") POD("stdout F  c\n"), "\n\n" POD("stdout F a b c\n")},
    {POD("stdout P a\n") POD("stderr F e\n") "odd\n" POD("stdout F b"),
     "\n" POD("stderr F e\n") "odd\n" POD("stdout F ab")},
    {POD("stdout P a\n") POD("stdout F \n") POD("stdout F \n"),
     "\n" POD("stdout F a\n") POD("stdout F \n")},
    {POD("stdout P a\n"), POD("stdout F a")},
    {POD("stdout P a"), POD("stdout F a")},
    {POD("stdout F a\n") POD("stdout X b\n") POD("stdin P b\n") POD("stdout P\n"),
     POD("stdout F a\n") POD("stdout X b\n") POD("stdin P b\n") POD("stdout P\n")},
    /* the journal */
    {JOURNAL("\"SYSLOG_IDENTIFIER\":\"named\",\"_PID\":\"7\",\"MESSAGE\":\"a \\\"b\\\"\""),
     SYSLOG "named[7]: a \"b\"\n"},
    {JOURNAL("\"MESSAGE\":\"a\",\"_COMM\":\"sshd\""), SYSLOG "sshd: a\n"},
    {JOURNAL("\"MESSAGE\":\"a\""), SYSLOG "journal: a\n"},
    {JOURNAL("\"MESSAGE\":[97,98],\"_COMM\":\"sshd\""), SYSLOG "sshd: \n"},
    {JOURNAL("\"MESSAGE\":null,\"_COMM\":\"sshd\""), SYSLOG "sshd: \n"},
    {"{\"__CURSOR\":\"a\",\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"0\",\"_COMM\":\"y\"}\n",
     "1970-01-01T00:00:00.000000Z y: x\n"},
    /* shippers */
    {"{\"@timestamp\":\"2026-09-30T00:25:05.1Z\",\"@metadata\":{\"beat\":\"filebeat\"},"
     "\"message\":\"a \\\"b\\\"\\n\",\"input\":{\"type\":\"log\"},\"agent\":{\"name\":\"x\"}}\n",
     "a \"b\"\n"},
    {"{\"@version\":\"1\",\"host\":\"gw\",\"message\":\"a\\tb\"}\n", "a\tb\n"},
    {"{\"_raw\":\"{\\\"a\\\":1}\",\"_time\":1790728005.1}\n", "{\"a\":1}\n"},
    {"{\"preview\":false,\"offset\":1,\"result\":{\"_raw\":\"a\",\"n\":[1]}}\r\n", "a\n"},
    {"{\"preview\":false,\"result\":{\"b\":\"x\"}}\n{\"preview\":1}\n",
     "{\"preview\":false,\"result\":{\"b\":\"x\"}}\n{\"preview\":1}\n"},
    {"{\"message\":\"a\",\"@timestamp\":\"x\"}\n{\"message\":{\"a\":1},\"@version\":\"1\"}\n",
     "{\"message\":\"a\",\"@timestamp\":\"x\"}\n{\"message\":{\"a\":1},\"@version\":\"1\"}\n"},
    {"{\"message\":\"GET x\",\"@version\":\"1\",\"http\":{}}\n",
     "{\"message\":\"GET x\",\"@version\":\"1\",\"http\":{}}\n"},
    {"{\"message\":\"a\",\"winlog\":{\"x\":1},\"input\":{}}\n",
     "{\"message\":\"a\",\"winlog\":{\"x\":1},\"input\":{}}\n"},
    {"{\"@version\":\"1\",\"message\":\"{\\\"winlog\\\":{\\\"event_data\\\":1}}\"}\n",
     "{\"winlog\":{\"event_data\":1}}\n"},
    /* hits of Elasticsearch: the document, or the line in it */
    {"{\"_index\":\"a\",\"_id\":\"1\",\"_source\":{\"x\":{\"y\":\"}\"},\"message\":\"b\"},\"sort\":"
     "[1]}\n",
     "{\"x\":{\"y\":\"}\"},\"message\":\"b\"}\n"},
    {"{\"_index\":\"a\",\"_source\":{\"message\":\"a line\",\"input\":{\"type\":\"log\"}}}\r\n",
     "a line\n"},
    {"{\"_index\":\"a\",\"_source\":\"x\"}\n", "{\"_index\":\"a\",\"_source\":\"x\"}\n"},
    {"{\"_index\":\"a\",\"_source\":{}}\n", "{\"_index\":\"a\",\"_source\":{}}\n"},
    /* relays: the head that the line had is written before it again */
    {"{\"PROGRAM\":\"squid\",\"PID\":\"7\",\"MESSAGE\":\"a b\",\"HOST\":\"gw1\",\"DATE\":\"Sep 30 "
     "09:25:05\"}\n",
     "Sep 30 09:25:05 gw1 squid[7]: a b\n"},
    {"{\"PROGRAM\":\"named\",\"MESSAGE\":\"a\"}\n", "a\n"}, /* without a time */
    {"{\"message\":\"a\",\"timereported\":\"T\",\"programname\":\":\"}\n", "a\n"},
    /* the whole line, or what a shipper put there, before what was found in it */
    {"{\"_raw\":\"a\",\"log\":\"b\",\"time\":\"T\",\"message\":\"c\",\"ident\":\"d\"}\n", "a\n"},
    {"{\"message\":\"a\",\"input\":{},\"log\":{\"file\":{}},\"time\":\"T\"}\n", "a\n"},
    {"{\"message\":\" a b\",\"fromhost\":\"gw1\",\"syslogtag\":\"named[7]:\","
     "\"timereported\":\"2026-09-30T09:25:05+09:00\"}\n",
     "2026-09-30T09:25:05+09:00 gw1 named[7]: a b\n"},
    {"{\"@timestamp\":\"2026-09-30T00:25:05Z\",\"@version\":\"1\",\"message\":\" "
     "a\",\"sysloghost\":"
     "\"gw1\",\"programname\":\"named\",\"procid\":\"-\"}\n",
     "2026-09-30T00:25:05Z gw1 named: a\n"},
    {"{\"pri\":\"30\",\"time\":\"Sep 30 "
     "09:25:05\",\"host\":\"gw1\",\"ident\":\"dnsmasq\",\"pid\":\"7\","
     "\"message\":\"a\"}\n",
     "Sep 30 09:25:05 gw1 dnsmasq[7]: a\n"},
    {"{\"msg\":\"a\",\"programname\":\"x\",\"timegenerated\":\"Sep 30 09:25:05\"}\n",
     "Sep 30 09:25:05 - x: a\n"},
    {"{\"EventTime\":\"2026-09-30T00:25:05Z\",\"Facility\":\"local4\",\"HostName\":\"gw1\","
     "\"SyslogMessage\":\"a\",\"ProcessName\":\"x\"}\n",
     "2026-09-30T00:25:05Z gw1 x: a\n"},
    {"{\"date\":1790728005.5,\"log\":\"a line of its own\\n\"}\n", "a line of its own\n"},
    {"{\"timestamp\":\"x\",\"log\":\"a line of its own\"}\n{\"date\":1,\"log\":\"dns\"}\n",
     "a line of its own\n{\"date\":1,\"log\":\"dns\"}\n"}, /* the name of a log */
    {"{\"date\":1,\"stream\":\"stdout\",\"time\":\"T\",\"_p\":\"F\",\"log\":\"a\"}\n",
     "T stdout F a\n"},
    {"{\"version\":\"1.1\",\"host\":\"gw1\",\"short_message\":\"a b\",\"timestamp\":1.5}\n",
     "a b\n"},
    {"{\"version\":\"1.1\",\"short_message\":\"a\",\"EventID\":4624}\n",
     "{\"version\":\"1.1\",\"short_message\":\"a\",\"EventID\":4624}\n"},
    {"{\"insertId\":\"1\",\"textPayload\":\"a\",\"timestamp\":\"T\"}\n", "a\n"},
    {"{\"labels\":{\"job\":\"x\"},\"line\":\"a\",\"timestamp\":\"T\"}\n", "a\n"},
    {"2026-09-30T00:25:05+00:00\tsquid.access\t{\"message\":\"a\"}\n", "a\n"},
    {"2026-09-30 09:25:05 +0900\tx\t{\"log\":\"a\"}\n2026\t\t{\"log\":\"a\"}\n2026\tx\t[]\n",
     "a\n2026\t\t{\"log\":\"a\"}\n2026\tx\t[]\n"},
    {"2026-09-30\tx\t{\"a\":1}\n{\"_raw\":\"b\"}\n", "2026-09-30\tx\t{\"a\":1}\nb\n"},
    {"{\"_index\":\"i\",\"_source\":{\"@version\":\"1\",\"message\":\"a\"},\"sort\":[1]}\n", "a\n"},
    /* objects of an array */
    {"[{\"@version\":\"1\",\"message\":\"a\"},\r\n{\"@version\":\"1\",\"message\":\"b],\"}]\n",
     "a\nb],\n"},
    {"[\n  {\"_raw\":\"a\"},\n  {\"_raw\":\"b\"}\n]\n", "\na\nb\n\n"},
    {"[\n{\"_raw\":\"a\"}\n]", "\na\n "}, /* lines keep their number */
    {"{\"_raw\":\"a\"}\n,\n{\"_raw\":\"b\"},", "a\n\nb"},
    /* what is neither stays as it is */
    {DOCKER("a") "{\"log\":\"x\"}\n[1]\n\nplain\n{\"log\":\"x\n" DOCKER("b"),
     BEFORE "a\n{\"log\":\"x\"}\n[1]\n\nplain\n{\"log\":\"x\n" BEFORE "b\n"},
    {DOCKER("a") "{\"log\":\"x\\", BEFORE "a\n{\"log\":\"x\\"},
    {JOURNAL("\"MESSAGE\":\"a\"") "{\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"soon\"}\n",
     SYSLOG "journal: a\n{\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"soon\"}\n"},
};

/* All of ${in} in pieces of ${size} bytes, into rooms of as many. ${damage}: NULL where there is to
 * be none. */
static void convert(struct slice in, size_t size, struct buf *out, const char **damage)
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
    if (damage != NULL)
        *damage = wrapped_transcoder.damage(self);
    else
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

        convert(in, sizes[i % COUNT(sizes)], &out, NULL);
        assert_string_equal(out.ptr, rows[i / COUNT(sizes)].expected);
    }
    buf_free(&out);
}

/* ${n} of ${c} in ${out}. */
static void append_many(struct buf *out, char c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_append_byte(out, c);
}

/* Docker's pieces have 16 KiB: that tells them before any line had its end. */
static void knows_pieces_by_their_length(void **state)
{
    static const struct {
        size_t length;
        const char *more; /* behind so many bytes */
        bool piece;
    } cases[] = {{16384, "", true},
                 {16383, "", false},
                 {16383, "\\ufffd", true}, /* a character that was cut through */
                 {16397, "", false},
                 {16380, "\\u0041\\u0041", false}};
    struct buf in = {0}, out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_reset(&in);
        buf_append_string(&in, "{\"log\":\"");
        append_many(&in, 'a', cases[i].length);
        buf_append_string(&in, cases[i].more);
        buf_append_string(&in, "\",\"stream\":\"stdout\",\"time\":\"T\"}\n" LATER("b\\n"));
        convert(buf_slice(&in), 4096, &out, NULL);
        assert_int_equal(out.ptr[0] == '\n', cases[i].piece);
        assert_int_equal(slice_count_lines(slice_of(out.ptr, out.len - 1)), 2);
    }
    buf_free(&in);
    buf_free(&out);
}

/* However many pieces there are, no more is kept of them than a line may have and a piece. */
static void keeps_no_endless_line(void **state)
{
    enum { PIECES = 200, PIECE = 16384 };
    struct buf in = {0}, out = {0};

    (void)state;
    for (int i = 0; i < PIECES; i++) {
        buf_append_string(&in, POD("stdout P "));
        append_many(&in, 'a', PIECE);
        buf_append_byte(&in, '\n');
    }
    buf_append_string(&in, POD("stdout F end\n") POD("stdout F next\n"));
    convert(buf_slice(&in), 4096, &out, NULL);
    assert_int_equal(slice_count_lines(slice_of(out.ptr, out.len - 1)), PIECES + 2);
    assert_in_range(out.len, 1 << 20, (1 << 20) + PIECE + PIECES + 200);
    assert_memory_equal(out.ptr + out.len - strlen("F next\n") - 1, "F next\n", 7);
    buf_free(&in);
    buf_free(&out);
}

/* What is longer than a line may be stays as it is, however much is read at once. */
static void takes_nothing_out_of_what_is_too_long(void **state)
{
    enum { LIMIT = 1 << 20 };
    static const char *const first = "{\"_raw\":\"a\",\"x\":\"", *const last = "\"}",
                             *const next = "{\"_raw\":\"b\"}\n";
    static const size_t lengths[] = {LIMIT, LIMIT + 1, LIMIT + 5000, 2 * LIMIT + 5000};
    static const size_t sizes[] = {4096, 65537, (size_t)4 * LIMIT};
    struct buf in = {0}, out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(lengths) * COUNT(sizes); i++) {
        size_t length = lengths[i / COUNT(sizes)], kept = length > LIMIT ? length : 1;

        buf_reset(&in);
        buf_append_string(&in, first);
        append_many(&in, 'a', length - strlen(first) - strlen(last));
        buf_append_string(&in, last);
        buf_append_byte(&in, '\n');
        buf_append_string(&in, next);
        convert(buf_slice(&in), sizes[i % COUNT(sizes)], &out, NULL);
        assert_int_equal(slice_find(buf_slice(&out), '\n'), kept);
        assert_string_equal(out.ptr + kept, "\nb\n");
    }
    buf_free(&in);
    buf_free(&out);
}

/* Of two lines without a last piece only one has a place. */
static void says_what_is_lost(void **state)
{
    static const struct {
        const char *in;
        bool lost;
    } cases[] = {{POD("stdout P a\n") POD("stderr P b\n"), true},
                 {POD("stdout P a\n") POD("stderr F b\n"), true},
                 {POD("stderr F b\n") POD("stdout P a\n"), false}};
    struct buf out = {0};
    const char *damage;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        convert(slice_of_string(cases[i].in), 64, &out, &damage);
        assert_int_equal(damage != NULL, cases[i].lost);
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
        {POD("stdout F a\n"), true},
        {POD("stderr P a\n"), true},
        {"2026-09-30T09:25:05Z stdout F \n", true},
        {POD("stdin F a\n"), false},
        {POD("stdout Fa\n"), false},
        {"2026-09-30 stdout F a\n", false},
        {"{\"MESSAGE\":\"x\"}\n" JOURNAL("\"MESSAGE\":\"a\""), false}, /* the first line tells */
        {"{\"@version\":\"1\",\"message\":\"a\"}\n", true},
        {"{\"_time\":1,\"_raw\":\"a\"}\n", true},
        {"{\"_index\":\"a\",\"_source\":{\"b\":1}}\n", true},
        {"{\"_index\":\"a\",\"_source\":{\"b\":1", true}, /* longer */
        {"{\"_index\":\"a\",\"_source\":\"b\"}\n", false},
        {"{\"@timestamp\":\"x\",\"message\":\"a\"}\n", false},
        {"{\"message\":\"a\",\"winlog\":{\"x\":1},\"beat\":{}}\n", false},
        {"{\"message\":\"{\\\"winlog\\\":{}}\",\"@version\":\"1\"}\n", true},
        {"{\"message\":\"a\",\"winlog\":{\"x\":1},\"beat\":{", false}, /* longer */
        {"{\"message\":\"a\",\"beat\":{", true},
        {"{\"PROGRAM\":\"x\",\"MESSAGE\":\"a\"}\n", true},
        {"{\"message\":\"a\",\"ident\":\"x\"}\n", true},
        {"{\"message\":\"a\",\"hostname\":\"x\",\"timestamp\":\"T\"}\n", false},
        {"{\"date\":1,\"stream\":\"stdout\",\"time\":\"T\",\"log\":\"a\"}\n", true},
        {"{\"log\":\"audit\",\"timestamp\":\"T\"}\n", true}, /* as Docker's begins */
        {"{\"timestamp\":\"T\",\"log\":\"audit\"}\n", false},
        {"2026-09-30T00:25:05Z\tx\t{\"message\":\"a\"}\n", true},
        {"2026-09-30T00:25:05Z\tx\t{\"host\":\"a\"}\n", false},
        {"2026-09-30T00:25:05Z\tx\ty\n", false},
        {"[{\"@version\":\"1\",\"message\":\"a\"},\n", true},
        {"[\n{\"@version\":\"1\",\"message\":\"a\"},\n", true},
        {"{\"a\":1},\n{\"@version\":\"1\",\"message\":\"a\"},\n", false},
        {"a \"__CURSOR\":\"x\"\n", false},
        {"\n \r\n\n" DOCKER("a"), true},
        {"e\":\"a\",\"time\":\"T\"}\n" DOCKER("a"), true}, /* cut in the middle of a line */
        {"{\"type\":\"log\"},\"message\":\"a\"}\n{\"beat\":{},\"message\":\"a\"}\n", true},
        {"a\nb\n" DOCKER("a"), false},
        {"\n\n", false},
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
        cmocka_unit_test(knows_pieces_by_their_length),
        cmocka_unit_test(keeps_no_endless_line),
        cmocka_unit_test(takes_nothing_out_of_what_is_too_long),
        cmocka_unit_test(says_what_is_lost),
        cmocka_unit_test(knows_them_by_their_begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
