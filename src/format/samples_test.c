/* samples_test.c: every built-in definition reads its own samples as it says. */
#include "base/num.h"
#include "base/word.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/decoding.h"
#include "format/detect.h"
#include "format/format.h"
#include "format/news.h"
#include "format/stamp/stamp.h"
#include "net/domain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { MOST_FORMATS = 512, SAMPLE_YEAR = 2026, VALUE_BYTES = 1024 };

/* What all tests share. */
struct shared {
    struct format_catalog *catalog;
    struct zone *zone;
};

/* One format's test. */
struct subject {
    const struct shared *shared;
    const struct format *format;
};

/* The next `key=value`; ${value} stands in ${room} where it was quoted. Returns: false at the end.
 */
static bool next_pair(struct slice *rest, struct slice *key, struct slice *value, char *room)
{
    size_t n = 0, i = 0;

    *rest = slice_trim(*rest);
    if (rest->len == 0)
        return false;
    assert_true(slice_cut(*rest, '=', key, rest));
    if (rest->len == 0 || rest->ptr[0] != '"') {
        *value = slice_of(rest->ptr, slice_find(*rest, ' '));
        *rest = slice_from(*rest, value->len);
        return true;
    }
    for (i = 1; i < rest->len && rest->ptr[i] != '"'; i++) {
        if (rest->ptr[i] == '\\' && i + 1 < rest->len &&
            (rest->ptr[i + 1] == '"' || rest->ptr[i + 1] == '\\'))
            i++;
        assert_true(n < VALUE_BYTES);
        room[n++] = rest->ptr[i];
    }
    assert_true(i < rest->len); /* the closing quote */
    *value = slice_of(room, n);
    *rest = slice_from(*rest, i + 1);
    return true;
}

static bool same_time(struct slice value, int64_t time_us)
{
    struct stamp_clock clock = {0};
    struct stamp_pattern rfc3339;
    int64_t expected_us;

    assert_true(stamp_pattern_of(SLICE("rfc3339"), &rfc3339));
    assert_true(stamp_parse(&rfc3339, value, &clock, &expected_us));
    return expected_us == time_us;
}

static bool same_number(struct slice value, uint64_t number)
{
    uint64_t expected;

    assert_true(num_parse(value, UINT64_MAX, &expected));
    return expected == number;
}

/* Hosts are compared in their one form: decoders hand them out as the log writes them. */
static bool same_host(struct slice a, struct slice b)
{
    char x[HOST_LIMIT], y[HOST_LIMIT];

    return slice_equal(domain_normalise(a, x), domain_normalise(b, y));
}

/* Does the record say so? Durations are written in microseconds. */
static bool same_field(const struct record *r, enum field field, struct slice value)
{
    const struct field_info *info = field_info(field);
    const void *member = (const char *)r + info->offset;

    if (!record_has(r, field))
        return false;
    switch (info->type) {
    case TYPE_TIME: return same_time(value, *(const int64_t *)member);
    case TYPE_DURATION: return same_number(value, (uint64_t) * (const int64_t *)member);
    case TYPE_NUMBER: return same_number(value, *(const uint64_t *)member);
    case TYPE_TEXT:
        return slice_equal(value, *(const struct slice *)member) ||
               (field == FIELD_HOST && same_host(value, r->host));
    case TYPE_KIND: return slice_is(value, record_kind_name(r->kind));
    case TYPE_ACTION: return slice_is(value, record_action_name(r->action));
    }
    return false;
}

static void compare(const struct format *f, const struct sample *s, const struct record *r)
{
    struct slice rest = s->expect, key, value;
    char room[VALUE_BYTES];

    while (next_pair(&rest, &key, &value, room)) {
        enum field field = field_find(key);

        if (field == FIELD_COUNT)
            fail_msg("%s:%zu: no field '%.*s'", f->file, s->definition_line, SLICE_FMT(key));
        else if (!same_field(r, field, value))
            fail_msg("%s:%zu: expected %.*s=%.*s", f->file, s->definition_line, SLICE_FMT(key),
                     SLICE_FMT(value));
    }
}

static bool gives_record(const struct sample *s)
{
    return s->expect.len > 0 && !slice_is(s->expect, "-");
}

/* A sample with an `expect` is one record (`expect -`: none); one without is a line that prepares
 * those behind it, as a header does, or the first line of a request that is spread over several. */
static void check_sample(const struct format *f, const struct sample *s, struct decoding *d,
                         struct batch *batch)
{
    struct error err = {0};
    struct arena arena = {0}; /* for the slack */
    size_t records;

    decoding_feed(d, arena_copy(&arena, s->line), 1, false);
    if (!decoding_next(d, batch, &err))
        fail_msg("%s:%zu: the sample is no line", f->file, s->definition_line);
    if (batch->reject_count > 0)
        fail_msg("%s:%zu: rejected: %s", f->file, s->definition_line,
                 reject_text(batch->rejects[0].why));
    if (batch->record_count == 0 && s->expect.len > 0)
        decoding_flush(d, batch);
    records = batch->record_count;
    if (records != (gives_record(s) ? 1U : 0U))
        fail_msg("%s:%zu: the sample gives %zu records", f->file, s->definition_line, records);
    else if (records == 1)
        compare(f, s, &batch->records[0]);
    while (decoding_next(d, batch, &err) || (s->expect.len > 0 && decoding_flush(d, batch)))
        fail_msg("%s:%zu: the sample gives more than one line", f->file, s->definition_line);
    arena_free(&arena);
}

/* The format is found by the sample alone, or is a twin of what is found. */
static void check_detection(const struct subject *subject, const struct sample *s,
                            struct slice line)
{
    const struct format *f = subject->format;
    struct detection found;
    struct error err = {0};
    struct arena arena = {0}; /* for the slack */

    if (!detect_format(subject->shared->catalog, NULL, subject->shared->zone,
                       arena_copy(&arena, line), &found, &err))
        fail_msg("%s:%zu: %s", f->file, s->definition_line, err.text);
    if (found.format == NULL)
        fail_msg("%s:%zu: detection finds no format", f->file, s->definition_line);
    else if (found.format != f && strstr(found.twins, f->id) == NULL)
        fail_msg("%s:%zu: detection finds %s", f->file, s->definition_line, found.format->id);
    arena_free(&arena);
}

static void test_samples(void **state)
{
    const struct subject *subject = *state;
    const struct format *f = subject->format;
    struct error err = {0};
    struct decoding *d = decoding_create(f, subject->shared->zone, SAMPLE_YEAR, &err);
    struct batch *batch = test_malloc(sizeof *batch);
    char *text = test_malloc(f->source.len + SAMPLE_LIMIT);
    size_t header = 0, expected = 0; /* bytes of the lines without `expect` */

    assert_non_null(d);
    for (size_t i = 0; i < f->sample_count; i++) {
        const struct sample *s = &f->samples[i];

        check_sample(f, s, d, batch);
        for (int again = 0; gives_record(s) && f->join_count == 0 && again < 2; again++)
            check_sample(f, s, d, batch); /* what was learned of the line before must not matter */
        if (s->expect.len == 0 && i > 0 && f->samples[i - 1].expect.len > 0)
            header = 0;
        memcpy(text + header, s->line.ptr, s->line.len);
        text[header + s->line.len] = '\n';
        if (s->expect.len == 0) {
            header += s->line.len + 1;
            continue;
        }
        if (gives_record(s) || news_is(f, s->line))
            check_detection(subject, s, slice_of(text, header + s->line.len + 1));
        expected++;
    }
    assert_true(expected > 0); /* a definition without a sample proves nothing */
    test_free(text);
    test_free(batch);
    decoding_free(d);
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now); /* others may be busy too */
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* A line of 1 MiB of one byte costs a format little, whatever the byte. */
static void test_hostile_lines(void **state)
{
    enum { LINE_BYTES = 1 << 20 };
    const double most_seconds = 0.2; /* of the processor; sanitizers take a tenth of it or two */
    static const char bytes[] = " \"a1:=\\[{,\t";
    const struct subject *subject = *state;
    struct batch *batch = test_malloc(sizeof *batch);
    char *line = test_calloc(1, LINE_BYTES + WIDE_SLACK);

    for (size_t b = 0; b + 1 < sizeof bytes; b++) {
        struct error err = {0};
        struct decoding *d =
            decoding_create(subject->format, subject->shared->zone, SAMPLE_YEAR, &err);
        double from = seconds_now();

        assert_non_null(d);
        memset(line, bytes[b], LINE_BYTES);
        line[0] = '1';
        decoding_feed(d, slice_of(line, LINE_BYTES), 1, false);
        while (decoding_next(d, batch, &err))
            continue;
        if (seconds_now() - from > most_seconds)
            fail_msg("1 MiB of '%c' takes %.3f s", bytes[b], seconds_now() - from);
        decoding_free(d);
    }
    test_free(line);
    test_free(batch);
}

int main(void)
{
    static struct CMUnitTest tests[2 * MOST_FORMATS]; /* cmocka passes over the empty ones */
    static struct subject subjects[MOST_FORMATS];
    struct error err = {0};
    struct shared shared = {catalog_create(&err), zone_load("UTC", &err)};
    int failed;

    if (shared.catalog == NULL || shared.zone == NULL ||
        catalog_count(shared.catalog) > MOST_FORMATS) {
        print_error("samples: %s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < catalog_count(shared.catalog); i++) {
        subjects[i] = (struct subject){&shared, catalog_at(shared.catalog, i)};
        tests[MOST_FORMATS + i] = (struct CMUnitTest){.name = format_id(subjects[i].format),
                                                      .test_func = test_hostile_lines,
                                                      .initial_state = &subjects[i]};
        tests[i] = (struct CMUnitTest){.name = format_id(subjects[i].format),
                                       .test_func = test_samples,
                                       .initial_state = &subjects[i]};
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    zone_free(shared.zone);
    catalog_free(shared.catalog);
    return failed;
}
