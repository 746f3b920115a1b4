/* decoding_test.c: lines, blocks and batches on their way to records. */
#include "format/decoding.h"

#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SHAPE    "not of the format's shape"
#define PAIR                                                                                       \
    TESTING_HEAD("delimited")                                                                      \
    "separator blanks\ncolumns h u\ncomment \"#\"\nhost = h\nuser = u none \"-\"\n"
#define CUT PAIR "cut-at 12 \" -\"\n"
#define SYSLOG                                                                                     \
    TESTING_HEAD("template")                                                                       \
    "envelope syslog\nrecord ask {h}\nskip tick\nclaim *ask*\nhost = h\nts = @time syslog\n"       \
    "user = @tag\nclient = @machine\n"

static const struct {
    const char *definition, *log, *expected;
} rows[] = {
    /* ends of lines */
    {PAIR, "x y\n", "1 user=y host=x;"},
    {PAIR, "x y", "1 user=y host=x;"},
    {PAIR, "x y\r\na b\r\n", "1 user=y host=x;2 user=b host=a;"},
    {PAIR, "x y\r", "1 user=y host=x;"},
    {PAIR, "\n\r\n  \t\nx y\n\n", "4 user=y host=x;"},
    {PAIR, "", ""},
    /* comments and damage leave the neighbours alone */
    {PAIR, "# x y\nx y\n#\n", "2 user=y host=x;"},
    {PAIR, "x y\nx\na b\n", "1 user=y host=x;3 user=b host=a;2 rejected: " SHAPE ";"},
    /* a line that was cut, with the next record behind it: both count, the line once each */
    {CUT, "x.example.orx y\n", "1 host=x.example.or;1 user=y host=x;"},
    {CUT, "x.example yyx y\n", "1 user=y host=x;1 rejected: " SHAPE ";"},
    {CUT, "x.example yy\n", "1 user=yy host=x.example;"},
    {CUT, "x.example yyy\n", "1 user=yyy host=x.example;"},
    {CUT, "x.example.longer y\n", "1 host=x.example.lo;1 user=y host=nger;"},
    {CUT, "x.example.ora.example.orx y\n",
     "1 host=x.example.or;1 host=a.example.or;1 user=y "
     "host=x;"},
    /* behind syslog, with and without, changing within a file */
    {SYSLOG, "Sep 30 09:25:05 gw tag[1]: ask x\n",
     "1 ts=2026-09-30T09:25:05Z client=gw user=tag host=x;"},
    {SYSLOG, "ask x\nSep 30 09:25:05 gw tag[1]: ask y\nask z\n",
     "1 host=x;2 ts=2026-09-30T09:25:05Z client=gw user=tag host=y;3 host=z;"},
    {SYSLOG, "Sep 30 09:25:05 gw other[1]: hello\nhello\ntick\nSep 30 09:25:05 gw tag: tick\n",
     "2 rejected: " SHAPE ";"},
    {SYSLOG, "Sep 30 09:25:05 gw tag[1]: you ask\n", "1 rejected: " SHAPE ";"},
    {SYSLOG, "Sep 30 09:25:05 gw tag[1]:\n", ""},
    {SYSLOG, "Sep 31 09:25:05 gw tag[1]: ask x\n", "1 rejected: time not readable;"},
};

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        testing_decode(rows[i].definition, slice_of_string(rows[i].log), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s:\nexpected %s\nis       %s", rows[i].log, rows[i].expected, out.ptr);
    }
    buf_free(&out);
}

static struct format *parse(const char *definition)
{
    struct error err = {0};
    struct format *f = definition_parse("test.format", slice_of_string(definition), &err);

    if (f == NULL)
        fail_msg("%s", err.text);
    return f;
}

/* A line that was cut at the limit is rejected as such, whole, and never split. */
static void test_overlong(void **state)
{
    struct format *f = parse(CUT);
    struct error err = {0};
    struct buf out = {0};

    (void)state;
    testing_decode_block(f, SLICE("x.example.orx y\n"), true, &out, &err);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, "1 rejected: line longer than 1 MiB;");
    buf_free(&out);
    definition_free(f);
}

/* NUL bytes are bytes like others. */
static void test_nul(void **state)
{
    struct buf out = {0};

    (void)state;
    testing_decode(PAIR, SLICE("x\0z y\n"), &out);
    assert_int_equal(out.len, sizeof "1 user=y host=x\0z;");
    assert_memory_equal(out.ptr, "1 user=y host=x\0z;", out.len);
    buf_free(&out);
}

/* More lines than a batch holds: records, rejected and skipped ones in any mixture. */
static void test_batches(void **state)
{
    enum { LINES = 1000 };
    struct format *f = parse(PAIR);
    struct buf log = {0}, out = {0};
    struct error err = {0};
    size_t records = 0, rejects = 0;

    (void)state;
    for (int i = 0; i < LINES; i++)
        buf_append_string(&log, i % 7 == 0 ? "#\n" : i % 3 == 0 ? "bad\n" : "x y\n");
    testing_decode_block(f, buf_slice(&log), false, &out, &err);
    buf_append_byte(&out, '\0');
    assert_null(strstr(out.ptr, "broken"));
    for (const char *p = out.ptr; (p = strchr(p, ';')) != NULL; p++)
        records++;
    for (const char *p = out.ptr; (p = strstr(p, "rejected")) != NULL; p++)
        rejects++;
    assert_int_equal(rejects, 286); /* of 334 that 3 divides, 48 are comments */
    assert_int_equal(records - rejects, LINES - 143 - 286);
    buf_free(&log);
    buf_free(&out);
    definition_free(f);
}

/* Lines are numbered through blocks, and the year goes on with them. */
static void test_blocks(void **state)
{
    struct format *f = parse(SYSLOG);
    struct error err = {0};
    struct zone *zone = zone_load("UTC", &err);
    struct decoding *d = decoding_create(f, zone, 2026, &err);
    struct batch *batch = calloc(1, sizeof *batch);
    const char lines[2][WIDE_SLACK * 2] = {"Dec 31 23:59:59 gw tag: ask x\n",
                                           "Jan  1 00:00:00 gw tag: ask y\n"};
    struct buf out = {0};

    (void)state;
    assert_true(zone != NULL && d != NULL && batch != NULL);
    assert_false(decoding_clock(d)->running);
    decoding_feed(d, slice_of(lines[0], strlen(lines[0])), 1, false);
    while (decoding_next(d, batch, &err))
        testing_append_batch(&out, batch);
    decoding_feed(d, slice_of(lines[1], strlen(lines[1])), 2, false);
    while (decoding_next(d, batch, &err))
        testing_append_batch(&out, batch);
    assert_true(decoding_clock(d)->running);
    assert_int_equal(decoding_clock(d)->year, 2027);
    assert_int_equal(decoding_clock(d)->last_local_s, 1798761600);
    assert_true(slice_is(buf_slice(&out), "1 ts=2026-12-31T23:59:59Z client=gw user=tag host=x;"
                                          "2 ts=2027-01-01T00:00:00Z client=gw user=tag host=y;"));
    buf_free(&out);
    free(batch);
    decoding_free(d);
    zone_free(zone);
    definition_free(f);
}

/* "records rejects text;" of a log of which the fields are wanted. */
static void decode_wanted(const char *definition, const char *log, uint32_t wanted, struct buf *out)
{
    struct format *f = parse(definition);
    struct batch *batch = test_malloc(sizeof *batch);
    struct error err = {0};
    struct arena slack = {0}; /* behind the text */
    struct zone *zone = zone_load("UTC", &err);
    struct decoding *d = decoding_create(f, zone, 2026, &err);

    assert_true(zone != NULL && d != NULL);
    decoding_want(d, wanted);
    decoding_feed(d, arena_copy(&slack, slice_of_string(log)), 1, false);
    while (decoding_next(d, batch, &err) || decoding_flush(d, batch)) {
        buf_printf(out, "%zu records", batch->record_count);
        for (size_t i = 0; i < batch->reject_count; i++)
            buf_printf(out, ", %s '%.*s'", reject_text(batch->rejects[i].why),
                       SLICE_FMT(batch->rejects[i].text));
        buf_append_byte(out, ';');
    }
    buf_append_byte(out, '\0');
    arena_free(&slack);
    test_free(batch);
    decoding_free(d);
    zone_free(zone);
    definition_free(f);
}

/* Records without a time where that is wanted: rejected, with the line where one is a record. */
static void test_no_time(void **state)
{
    static const char joined[] = TESTING_HEAD("template") "record Q {key} {host}\n"
                                                          "reply A {key} {code}\n"
                                                          "join key\nclient = key\nhost = host\n";
    static const struct {
        const char *definition, *log;
        uint32_t wanted;
        const char *expected;
    } cases[] = {
        {SYSLOG, "ask x\n", UINT32_MAX, "0 records, time not readable 'ask x';"},
        {SYSLOG, "ask x\n", FIELD_BIT(FIELD_HOST), "1 records;"},
        {SYSLOG, "Sep 30 09:25:05 gw tag: ask x\n", UINT32_MAX, "1 records;"},
        {joined, "Q c x\nA c OK\n", UINT32_MAX, "0 records;0 records, time not readable '';"},
        {joined, "Q c x\nA c OK\n", FIELD_BIT(FIELD_HOST), "0 records;1 records;"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out = {0};

        decode_wanted(cases[i].definition, cases[i].log, cases[i].wanted, &out);
        assert_string_equal(out.ptr, cases[i].expected);
        buf_free(&out);
    }
}

/* The details of what is rejected in a log, of ${most} lines. */
static void append_details(struct buf *out, const char *definition, const char *log, uint64_t most)
{
    struct format *f = parse(definition);
    struct batch *batch = test_malloc(sizeof *batch);
    struct error err = {0};
    struct arena slack = {0}; /* behind the text */
    struct zone *zone = zone_load("UTC", &err);
    struct decoding *d = decoding_create(f, zone, 2026, &err);

    assert_true(zone != NULL && d != NULL);
    decoding_want(d, UINT32_MAX);
    decoding_explain(d, most);
    decoding_feed(d, arena_copy(&slack, slice_of_string(log)), 1, false);
    while (decoding_next(d, batch, &err) || decoding_flush(d, batch))
        for (size_t i = 0; i < batch->reject_count; i++)
            buf_printf(out, "%d: %.*s;", (int)batch->rejects[i].line,
                       SLICE_FMT(batch->rejects[i].detail));
    buf_append_byte(out, '\0');
    arena_free(&slack);
    test_free(batch);
    decoding_free(d);
    zone_free(zone);
    definition_free(f);
}

/* Why a line is rejected: column or key, what stands there, what was expected; bounded. */
static void test_details(void **state)
{
    static const char columns[] = TESTING_HEAD(
        "delimited") "separator bar\ncolumns t d h n\nts = t+d time \"%Y-%m-%d %H:%M\"\n"
                     "host = h url-host\nelapsed = n milliseconds\nmust n \"*0\"\n";
    static const char keys[] = TESTING_HEAD(
        "kv") "envelope syslog\nseparator blanks\nts = at rfc3339\nhost = h\nuser = u base64\n";
    static const char heading[] =
        TESTING_HEAD("headed") "separator tab\nheader \"#f\"\nhost = h\nstatus = s\n";
    static const struct {
        const char *definition, *log;
        uint64_t most;
        const char *expected;
    } cases[] = {
        {columns, "2026-09-30|1:1x|a.example|0\n", 9,
         "1: column 't+d' is '2026-09-30 1:1x': expected a time: %Y-%m-%d %H:%M;"},
        {columns, "2026-09-30|01:01|a.example|5\n", 9,
         "1: column 'n' is '5': not what `must` of the definition lets through (\"*0\");"},
        {columns, "2026-09-30|01:01|http://<a>/|0\n||a.example|-0\n", 9,
         "1: column 'h' is 'http://<a>/': expected a host, host:port or URL;"
         "2: column 'n' is '-0': expected a number of milliseconds;"},
        {columns, "||a.example|0\n", 9,
         "1: column 't+d' is missing or empty: expected a time: %Y-%m-%d %H:%M;"},
        {columns, "x\ny\nz\n", 2,
         "1: 1 column; expected 4: from column 2 ('d') on they are missing;"
         "2: 1 column; expected 4: from column 2 ('d') on they are missing;3: ;"},
        {columns, "x\n", 0, "1: ;"},
        {keys, "Sep 30 09:25:05 gw tag: at=2026-09-30T01:00:00Z h=a.example u=*\n", 9,
         "1: key 'u' is '*': expected what `base64` can read (undo base64, plain or URL-safe);"},
        {keys, "at=yesterday, in the very early morning of it h=a.example\n", 9,
         "1: key 'at' is 'yesterday,': expected a time: 2026-09-30T09:00:00.5+09:00;"},
        {keys, "at=2026-09-30T01:00:00+09:00-and-very-much-mor\u00e9 h=a.example\n", 9,
         "1: key 'at' is '2026-09-30T01:00:00+09:00-and-very-much-…': expected a time: "
         "2026-09-30T09:00:00.5+09:00;"},
        {heading, "#f\th\ts\na.example\t200\nb.example\nc.example\tok\n", 9,
         "2: no line of the definition gives a time (ts);"
         "3: 1 column; expected 2, as the heading before it has;"
         "4: column 's' is 'ok': expected a whole number below 2^63;"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out = {0};

        append_details(&out, cases[i].definition, cases[i].log, cases[i].most);
        assert_string_equal(out.ptr, cases[i].expected);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),    cmocka_unit_test(test_overlong),
        cmocka_unit_test(test_nul),     cmocka_unit_test(test_batches),
        cmocka_unit_test(test_blocks),  cmocka_unit_test(test_no_time),
        cmocka_unit_test(test_details),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
