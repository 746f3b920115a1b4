/* relay_test.c: the same records, rejects and counts as without a thread, of lines of all kinds and
 * lengths; given up at any time. */
#include "relay.h"

#include "format/catalog.h"
#include "format/testing.h"
#include "io/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINES = 30000 };

/* A log in a file, and what it takes to read it. */
struct fixture {
    char path[32];
    struct buf log;
    struct format_catalog *formats;
    struct zone *zone;
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    struct error err = {0};
    int file;

    memcpy(f->path, "/tmp/kage-relay-XXXXXX", sizeof "/tmp/kage-relay-XXXXXX");
    file = mkstemp(f->path);
    assert_true(file >= 0 && close(file) == 0);
    f->formats = catalog_create(&err);
    f->zone = zone_load("UTC", &err);
    assert_non_null(f->formats);
    assert_non_null(f->zone);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    unlink(f->path);
    buf_free(&f->log);
    catalog_free(f->formats);
    zone_free(f->zone);
    test_free(f);
    return 0;
}

/* Records of one line, some with escapes that are undone elsewhere than in the text, among them
 * lines that are none, are too long, or are very short. */
static void write_squid(struct buf *log)
{
    for (unsigned i = 0; i < LINES; i++) {
        buf_printf(log,
                   "%u.000 100 10.1.0.%u TCP_MISS/200 500 GET http://h%u.example.com/ us%%65r%u "
                   "HIER_DIRECT/192.0.2.7 text/html\n",
                   1790730012 + i, i % 250, i, i % 7);
        if (i % 1000 == 0)
            buf_append_string(log, "no line of it\n\n#\n");
    }
    for (unsigned i = 0; i < LINES; i++)
        buf_append_string(log, "x\n");
    for (unsigned i = 0; i < LINE_LIMIT_BYTES + 10; i++)
        buf_append_byte(log, 'y');
    buf_append_string(log,
                      "\n1790830012.000 100 10.1.0.1 TCP_MISS/200 500 GET http://last.example.com/ "
                      "- HIER_DIRECT/192.0.2.7 text/html");
}

/* Records of several lines, open to the end. */
static void write_dnsmasq(struct buf *log)
{
    for (unsigned i = 0; i < LINES; i++)
        buf_printf(log,
                   "Sep  3 10:%02u:%02u gw dnsmasq[1]: query[A] h%u.example.com from 192.0.2.9\n"
                   "Sep  3 10:%02u:%02u gw dnsmasq[1]: config h%u.example.com is 0.0.0.0\n",
                   i / 60 % 60, i % 60, i, i / 60 % 60, i % 60, i);
}

static void save(const struct fixture *f)
{
    FILE *file = fopen(f->path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(f->log.ptr, 1, f->log.len, file), f->log.len);
    assert_int_equal(fclose(file), 0);
}

/* All batches, wherever one ends. */
struct told {
    struct buf records, rejects;
    uint64_t lines, skipped, joined, bytes;
};

static void add(struct told *told, struct batch *batch)
{
    size_t rejects = batch->reject_count;

    batch->reject_count = 0;
    testing_append_batch(&told->records, batch);
    batch->reject_count = rejects;
    batch->record_count = 0;
    testing_append_batch(&told->rejects, batch);
    told->lines += batch->lines;
    told->skipped += batch->skipped;
    told->joined += batch->joined;
}

static void forget(struct told *told)
{
    buf_free(&told->records);
    buf_free(&told->rejects);
    memset(told, 0, sizeof *told);
}

/* The archive, opened, and its decoding. */
struct subject {
    struct reader *reader;
    struct blocks *blocks;
    struct decoding *decoding;
};

static struct subject open_subject(const struct fixture *f, const char *format)
{
    struct error err = {0};
    struct subject s = {.reader = reader_open(f->path, INFLATE_ZLIB, &err)};

    assert_non_null(s.reader);
    s.blocks = blocks_create(s.reader, &err);
    s.decoding = decoding_create(catalog_find(f->formats, format), f->zone, 2026, &err);
    assert_non_null(s.blocks);
    assert_non_null(s.decoding);
    return s;
}

static void close_subject(struct subject *s)
{
    decoding_free(s->decoding);
    blocks_free(s->blocks);
    reader_close(s->reader);
}

static void read_directly(const struct fixture *f, const char *format, struct told *told)
{
    struct subject s = open_subject(f, format);
    struct batch *batch = test_calloc(1, sizeof *batch);
    struct error err = {0};
    struct block block;

    while (blocks_next(s.blocks, &block, &err)) {
        told->bytes += block.bytes.len;
        decoding_feed(s.decoding, block.bytes, block.first_line, block.overlong);
        while (decoding_next(s.decoding, batch, &err))
            add(told, batch);
    }
    while (decoding_flush(s.decoding, batch))
        add(told, batch);
    assert_int_equal(err.code, ERROR_NONE);
    test_free(batch);
    close_subject(&s);
}

/* At most ${limit} lots. */
static void read_by_relay(const struct fixture *f, const char *format, size_t limit,
                          struct told *told)
{
    struct subject s = open_subject(f, format);
    struct error err = {0};
    struct relay *relay = relay_start(s.blocks, s.decoding, (struct relay_tap){0}, &err);
    struct lot *lot = NULL;

    assert_non_null(relay);
    for (size_t n = 0; n < limit && (lot = relay_next(relay, &err)) != NULL; n++) {
        told->bytes += lot->text.bytes.len;
        for (size_t i = 0; i < lot->count; i++)
            add(told, &lot->batches[i]);
    }
    if (limit == SIZE_MAX)
        assert_null(relay_next(relay, &err)); /* at the end again */
    assert_int_equal(err.code, ERROR_NONE);
    relay_free(relay);
    close_subject(&s);
}

/* ${got} is ${all}, or its beginning. */
static void check_begins(const struct buf *all, const struct buf *got, bool whole)
{
    assert_true(whole ? got->len == all->len : got->len <= all->len);
    if (got->len > 0)
        assert_memory_equal(got->ptr, all->ptr, got->len);
}

static void check_same(const struct fixture *f, const char *format)
{
    struct told expected = {0}, got = {0};

    save(f);
    read_directly(f, format, &expected);
    read_by_relay(f, format, SIZE_MAX, &got);
    assert_true(expected.records.len > LINES);
    check_begins(&expected.records, &got.records, true);
    check_begins(&expected.rejects, &got.rejects, true);
    assert_int_equal(got.lines, expected.lines);
    assert_int_equal(got.skipped, expected.skipped);
    assert_int_equal(got.joined, expected.joined);
    assert_int_equal(got.bytes, expected.bytes);
    for (size_t limit = 0; limit < 8; limit++) {
        forget(&got);
        read_by_relay(f, format, limit, &got);
        assert_true(got.bytes < expected.bytes);
        check_begins(&expected.records, &got.records, false);
        check_begins(&expected.rejects, &got.rejects, false);
    }
    forget(&expected);
    forget(&got);
}

static void test_single_lines(void **state)
{
    struct fixture *f = *state;

    write_squid(&f->log);
    check_same(f, "squid-native");
}

static void test_several_lines(void **state)
{
    struct fixture *f = *state;

    write_dnsmasq(&f->log);
    check_same(f, "dnsmasq");
}

static void test_empty(void **state)
{
    struct fixture *f = *state;
    struct told got = {0};

    read_by_relay(f, "squid-native", SIZE_MAX, &got);
    assert_int_equal(got.records.len + got.rejects.len + got.lines, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_single_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_several_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
