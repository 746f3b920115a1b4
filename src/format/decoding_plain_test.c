/* decoding_plain_test.c: lines that are cut as most are give what they give one by one, whatever
 * stands between them, for every built-in format. */
#include "base/buf.h"
#include "base/word.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/decoding_internal.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { LOGS = 12, LINES = 400, YEAR = 2026, EXPLAINED = 20, SEVERAL_BLOCKS = 3 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

/* A byte more, another, or one less. */
static void append_broken(struct buf *log, struct slice line, uint32_t *seed)
{
    static const char bytes[] = "\" \t,;|\\[]#<\r-\xe3x";
    size_t at = line.len == 0 ? 0 : next_random(seed) % line.len, gone = next_random(seed) % 2;

    buf_append(log, slice_of(line.ptr, at));
    if (next_random(seed) % 3 > 0)
        buf_append_byte(log, bytes[next_random(seed) % (COUNT(bytes) - 1)]);
    buf_append(log, slice_from(line, at + gone < line.len ? at + gone : line.len));
}

/* The line, mostly as it is. */
static void append_line(struct buf *log, struct slice line, uint32_t *seed)
{
    static const char *const others[] = {"",
                                         " ",
                                         "# a comment",
                                         "\t\t",
                                         "Sep  1 10:00:00 relay squid[7]: ",
                                         "<13>Sep 11 10:00:00 relay proxy: ",
                                         "\xef\xbb\xbf"};
    unsigned kind = next_random(seed) % 24;

    if (kind == 0)
        append_broken(log, line, seed);
    else if (kind == 1)
        buf_append_string(log, others[next_random(seed) % COUNT(others)]);
    if (kind > 1 || next_random(seed) % 2 == 0)
        buf_append(log, line);
    if (kind == 2)
        buf_append(log, line); /* two records on a line */
    if (kind == 3)
        buf_append_byte(log, ' ');
    buf_append_string(log, kind == 4 ? "\r\n" : "\n");
}

/* The samples in their order, many a time; those that are headings may come again. */
static void make_log(const struct format *f, struct buf *log, uint32_t *seed)
{
    size_t run = 1 + next_random(seed) % 40;

    buf_reset(log);
    for (size_t i = 0; i < f->sample_count; i++) {
        buf_append(log, f->samples[i].line);
        buf_append_byte(log, '\n');
    }
    for (size_t n = 0; n < LINES; n++) {
        const struct sample *s = &f->samples[(n / run) % f->sample_count];

        append_line(log, s->line, seed);
    }
    for (int i = 0; i < WIDE_SLACK; i++)
        buf_append_byte(log, '\0');
}

/* All that the decoding of the log gives, in blocks of whole lines. */
static void decode(const struct format *f, const struct zone *zone, struct slice log, bool plain,
                   struct buf *out)
{
    struct error err = {0};
    struct decoding *d = decoding_create(f, zone, YEAR, &err);
    struct batch *batch = calloc(1, sizeof *batch);
    uint64_t line = 1, skipped = 0, lines = 0;

    if (d == NULL || batch == NULL)
        abort();
    decoding_explain(d, EXPLAINED);
    if (!plain) {
        d->plain.any = false;
        d->plain.layout = NULL;
    }
    for (size_t i = SEVERAL_BLOCKS; log.len > 0; i = i == 1 ? SEVERAL_BLOCKS : i - 1) {
        size_t n = log.len / i;

        n += slice_find(slice_from(log, n), '\n');
        n += n < log.len;
        decoding_feed(d, slice_of(log.ptr, n), line, false);
        while (decoding_next(d, batch, &err)) {
            testing_append_batch(out, batch);
            for (size_t k = 0; k < batch->reject_count; k++)
                buf_append(out, batch->rejects[k].detail);
            skipped += batch->skipped;
            lines += batch->lines;
        }
        line = decoding_line(d);
        log = slice_from(log, n);
    }
    while (decoding_flush(d, batch))
        testing_append_batch(out, batch);
    buf_printf(out, "\n%llu of %llu skipped\n", (unsigned long long)skipped,
               (unsigned long long)lines);
    buf_append(out, decoding_passed(d));
    buf_append(out, decoding_strays(d));
    assert_int_equal(err.code, ERROR_NONE);
    free(batch);
    decoding_free(d);
}

/* Returns: may lines of it be plain at all? */
static bool check_format(const struct format *f, const struct zone *zone, uint32_t *seed)
{
    struct plain plain = {.any = false};
    struct buf log = {0}, one_by_one = {0}, at_once = {0};

    plain_prepare(&plain, f);
    for (int i = 0; i < LOGS && plain.any && f->sample_count > 0; i++) {
        struct slice text;

        make_log(f, &log, seed);
        text = slice_of(log.ptr, log.len - WIDE_SLACK);
        buf_reset(&one_by_one);
        buf_reset(&at_once);
        decode(f, zone, text, false, &one_by_one);
        decode(f, zone, text, true, &at_once);
        if (!slice_equal(buf_slice(&one_by_one), buf_slice(&at_once)))
            fail_msg("%s: not alike:\n%.*s\n--- one by one:\n%.*s\n--- at once:\n%.*s", f->id,
                     SLICE_FMT(text), SLICE_FMT(buf_slice(&one_by_one)),
                     SLICE_FMT(buf_slice(&at_once)));
    }
    buf_free(&log);
    buf_free(&one_by_one);
    buf_free(&at_once);
    return plain.any;
}

static void test_formats(void **state)
{
    struct error err = {0};
    struct format_catalog *catalog = catalog_create(&err);
    struct zone *zone = zone_load("UTC", &err);
    uint32_t seed = 11;
    size_t plain = 0;

    (void)state;
    assert_true(catalog != NULL && zone != NULL);
    for (size_t i = 0; i < catalog_count(catalog); i++)
        plain += check_format(catalog_at(catalog, i), zone, &seed);
    assert_true(plain > 30);
    zone_free(zone);
    catalog_free(catalog);
}

/* What a line before said of its sender does not count for the next. */
static void test_slots(void **state)
{
    static const char definition[] = TESTING_HEAD("delimited") "separator blanks\n"
                                                               "columns host name bytes\n"
                                                               "envelope syslog\n"
                                                               "host = host\n"
                                                               "user = name none \"-\"\n"
                                                               "user = @tag\n";
    struct buf out = {0};

    (void)state;
    testing_decode(definition,
                   SLICE("a.example - 1\n"
                         "proxy[77]: alone\n"
                         "b.example - 2\n"
                         "c.example mika 3\n"),
                   &out);
    assert_string_equal(out.ptr, "1 host=a.example;3 host=b.example;4 user=mika host=c.example;");
    buf_free(&out);
}

/* A heading comes again, with other columns in another order, between other separators. */
static void test_headings(void **state)
{
    static const char definition[] = TESTING_HEAD("headed") "separator comma\n"
                                                            "quotes csv\n"
                                                            "heading name \"Who\"\n"
                                                            "host = host\n"
                                                            "user = name\n"
                                                            "status = status\n";
    struct buf out = {0};

    (void)state;
    testing_decode(definition,
                   SLICE("status,host,name\n"
                         "200,a.example,mika\n"
                         "200,b.example,\"mika,aoi\"\n"
                         "name;host;status;more\n"
                         "1,1,1,1;c.example;404;a\n"
                         "2;d.example;404;\"a;b\"\n"
                         "status,name,host\n"
                         "200,ren,e.example\n"
                         "200,f.example\n"
                         "200,ren,g.example\n"
                         "status,host\n"
                         "200,h.example\n"),
                   &out);
    assert_string_equal(out.ptr, "2 user=mika host=a.example status=200;"
                                 "3 user=mika,aoi host=b.example status=200;"
                                 "5 user=1,1,1,1 host=c.example status=404;"
                                 "6 user=2 host=d.example status=404;"
                                 "8 user=ren host=e.example status=200;"
                                 "10 user=ren host=g.example status=200;"
                                 "12 host=h.example status=200;"
                                 "9 rejected: not of the format's shape;");
    buf_free(&out);
}

/* Where a line is one column, an empty one is none; nothing stands before the first of a block. */
static void test_empty_lines(void **state)
{
    static const char definition[] = TESTING_HEAD("delimited") "separator comma\n"
                                                               "columns host\n"
                                                               "host = host\n";
    struct buf out = {0};

    (void)state;
    testing_decode(definition, SLICE("\na.example\n\n\r\nb.example\r\n"), &out);
    assert_string_equal(out.ptr, "2 host=a.example;5 host=b.example;");
    buf_free(&out);
}

/* All slots that a format may have, and a heading that names only the last columns: what is written
 * behind the slots is nothing else's. */
static void test_most_slots(void **state)
{
    enum { COLUMNS = SLOT_LIMIT - ENVELOPE_SLOTS, MOST_CONDITIONS = 20, LEFT_OUT = 3 };
    struct buf definition = {0}, log = {0}, out = {0};

    (void)state;
    buf_append_string(&definition,
                      TESTING_HEAD("headed") "separator blanks\nheader \"#F:\"\ncolumns");
    buf_append_string(&log, "#F:");
    for (int i = 0; i < COLUMNS - 1; i++)
        buf_printf(&definition, " c%d", i);
    for (int i = LEFT_OUT; i < COLUMNS - 1; i++)
        buf_printf(&log, " c%d", i);
    buf_append_string(&definition, " host\n");
    buf_append_string(&log, " host\n");
    for (int i = 0; i < COLUMNS - 1; i++)
        buf_printf(&definition,
                   i < MOST_CONDITIONS ? "where-not c%d \"x\"\n" : "user = c%d none \"1\"\n", i);
    buf_append_string(&definition, "host = host\n");
    for (int i = LEFT_OUT; i < COLUMNS - 1; i++)
        buf_append_string(&log, "1 ");
    buf_append_string(&log, "a.example\n1 b.example\n");
    buf_append_byte(&definition, '\0');
    testing_decode(definition.ptr, buf_slice(&log), &out);
    assert_string_equal(out.ptr, "2 host=a.example;3 rejected: not of the format's shape;");
    buf_free(&definition);
    buf_free(&log);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_formats), cmocka_unit_test(test_slots),
                                       cmocka_unit_test(test_headings),
                                       cmocka_unit_test(test_empty_lines),
                                       cmocka_unit_test(test_most_slots)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
