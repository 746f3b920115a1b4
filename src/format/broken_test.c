/* broken_test.c: a broken line between two good ones, of every built-in format: the good ones count
 * as they do alone, and the broken one is rejected with a reason, passed over, or read for what it
 * says. */
#include "base/buf.h"
#include "base/word.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/decoding.h"
#include "format/format.h"
#include "format/mapping/transform.h"
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is counted, or says for whom. */
#define COUNTED                                                                                    \
    (FIELD_BIT(FIELD_TS) | FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_CLIENT) |                       \
     FIELD_BIT(FIELD_DEST_IP) | FIELD_BIT(FIELD_STATUS) | FIELD_BIT(FIELD_BYTES_UP) |              \
     FIELD_BIT(FIELD_BYTES_DOWN))

enum { MOST_FORMATS = 300, LEAST_FORMATS = 140, YEAR = 2026, LONG_BYTES = 1000000, STEPS = 16 };

/* What all formats share. */
struct shared {
    struct format_catalog *catalog;
    struct zone *zone;
    struct batch *batch;
};

/* One format, and a line of it that is a record, with what must stand before it. */
struct subject {
    const struct shared *shared;
    const struct format *format;
    struct buf before; /* headings */
    struct slice good;
    struct buf fields[FIELD_COUNT]; /* what the good line says */
    size_t bad;                     /* broken lines that were rejected */
};

/* A line that was broken, and how. */
struct broken {
    const char *how;
    struct slice line;
    bool cut;     /* its end is missing: what it says is what the good line says, or nothing */
    bool no_time; /* no calendar has the day */
};

static void append_value(struct buf *out, const struct record *record, enum field field)
{
    struct buf pair = {0};
    size_t name = strlen(field_info(field)->key) + 2; /* a blank and = */

    if (record_has(record, field)) {
        testing_append_field(&pair, record, field);
        buf_append(out, slice_from(buf_slice(&pair), name));
    }
    buf_free(&pair);
}

static void say(const struct subject *s, const struct broken *b, const char *what,
                struct slice value)
{
    struct slice line = b->line;

    if (b->how == NULL) /* only a try */
        return;
    if (line.len > 300)
        line.len = 300;
    print_error("%s: %s: %s '%.*s'\n  good   %.*s\n  broken %.*s\n", s->format->id, b->how, what,
                SLICE_FMT(value), SLICE_FMT(s->good), SLICE_FMT(line));
}

/* Is it what the good line says? */
static bool is_good(const struct subject *s, const struct record *record)
{
    bool same = true;

    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        struct buf value = {0};

        append_value(&value, record, (enum field)f);
        same &= slice_equal(buf_slice(&value), buf_slice(&s->fields[f]));
        buf_free(&value);
    }
    return same;
}

/* Letters that no escape is made of, nothing else. */
static void append_plain(struct buf *out, struct slice text)
{
    static const char escapes[] = "\\\"%+&;_";

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\0' || strchr(escapes, text.ptr[i]) == NULL)
            buf_append_byte(out, text.ptr[i]);
}

/* Does it stand in the line, however escaped there? What is not ASCII may have been recoded. */
static bool stands_in(struct slice value, struct slice line)
{
    struct buf plain = {0}, whole = {0};
    bool found = false;

    for (size_t i = 0; i < value.len; i++)
        found |= (unsigned char)value.ptr[i] >= 0x80;
    append_plain(&plain, value);
    append_plain(&whole, line);
    found |= slice_find_slice(buf_slice(&whole), buf_slice(&plain)) < whole.len || plain.len == 0;
    buf_free(&plain);
    buf_free(&whole);
    return found;
}

/* Is the field put together of several columns or of labels? Then the line does not have it as it
 * is. */
static bool is_put_together(const struct format *f, enum field field)
{
    for (size_t i = 0; i < f->rule_count; i++) {
        const struct rule *rule = &f->rules[i];

        if (rule->field == field && rule->more_count > 0)
            return true;
        for (size_t k = 0; rule->field == field && k < rule->step_count; k++)
            if (strcmp(rule->steps[k].transform->name, "labels") == 0)
                return true;
    }
    return false;
}

/* Does the line say the value, or the good one? Of pairs and of what has no end but the line's, a
 * missing rest does not show. */
static bool is_said(const struct subject *s, const struct broken *b, enum field field,
                    struct slice value)
{
    enum field_type type = field_info(field)->type;
    bool cut = b->cut && s->format->decoder != &decode_kv;

    if ((COUNTED & FIELD_BIT(field)) == 0)
        return true;
    if (slice_equal(value, buf_slice(&s->fields[field])) || value.len == 0)
        return true;
    if (type == TYPE_TIME)
        return !cut && !b->no_time;
    if (type == TYPE_DURATION || type == TYPE_KIND || type == TYPE_ACTION)
        return !cut;
    if (cut && !slice_ends_with(b->line, value))
        return false;
    return is_put_together(s->format, field) || stands_in(value, b->line);
}

static size_t check_read(struct subject *s, const struct broken *b, const struct record *record)
{
    size_t faults = 0;

    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        struct buf value = {0};

        append_value(&value, record, (enum field)f);
        if (!is_said(s, b, (enum field)f, buf_slice(&value))) {
            say(s, b, field_info((enum field)f)->key, buf_slice(&value));
            faults++;
        }
        buf_free(&value);
    }
    return faults;
}

/* What came of three lines. */
struct outcome {
    uint64_t first, last; /* the good ones' numbers */
    size_t good, faults;
    uint64_t lines, told;
};

static void take_batch(struct subject *s, const struct broken *b, struct outcome *o)
{
    const struct batch *batch = s->shared->batch;

    o->lines += batch->lines;
    o->told += batch->record_count + batch->skipped + batch->reject_count;
    for (size_t i = 0; i < batch->record_count; i++) {
        const struct record *record = &batch->records[i];

        if (record->line != o->first && record->line != o->last)
            o->faults += check_read(s, b, record);
        else
            o->good += is_good(s, record);
    }
    for (size_t i = 0; i < batch->reject_count; i++) {
        s->bad++;
        if (batch->rejects[i].line == o->first || batch->rejects[i].line == o->last ||
            (batch->rejects[i].detail.len == 0 && batch->rejects[i].why != REJECT_TOO_LONG)) {
            say(s, b, "no reason, or a good line rejected", batch->rejects[i].detail);
            o->faults++;
        }
    }
}

/* The good line, the broken one, the good line. Returns: the faults. */
static size_t check_between(struct subject *s, const struct broken *b)
{
    struct buf log = {0};
    struct error err = {0};
    struct decoding *d = decoding_create(s->format, s->shared->zone, YEAR, &err);
    struct outcome o = {0};

    assert_non_null(d);
    decoding_explain(d, UINT64_MAX);
    buf_append(&log, buf_slice(&s->before));
    o.first = slice_count_lines(buf_slice(&log)) + 1;
    buf_append(&log, s->good);
    buf_append_byte(&log, '\n');
    buf_append(&log, b->line);
    buf_append_byte(&log, '\n');
    o.last = slice_count_lines(buf_slice(&log)) + 1;
    buf_append(&log, s->good);
    buf_append_byte(&log, '\n');
    assert_true(buf_reserve(&log, WIDE_SLACK));
    decoding_feed(d, buf_slice(&log), 1, false);
    while (decoding_next(d, s->shared->batch, &err) || decoding_flush(d, s->shared->batch))
        take_batch(s, b, &o);
    assert_int_equal(err.code, ERROR_NONE);
    if (o.good != 2 || o.lines != o.told) {
        say(s, b, "good lines lost", slice_of("", 0));
        o.faults++;
    }
    decoding_free(d);
    buf_free(&log);
    return o.faults;
}

/* ${text} in place of the bytes [from, to) of the good line. */
static size_t check_replaced(struct subject *s, const char *how, size_t from, size_t to,
                             struct slice text)
{
    struct buf line = {0};
    struct broken b = {.how = how};
    size_t faults;

    buf_append(&line, slice_of(s->good.ptr, from));
    buf_append(&line, text);
    buf_append(&line, slice_from(s->good, to));
    b.line = buf_slice(&line);
    b.no_time = strcmp(how, "no such day") == 0;
    faults = check_between(s, &b);
    buf_free(&line);
    return faults;
}

/* Cut off at every byte. */
static size_t check_cuts(struct subject *s)
{
    size_t faults = 0;

    for (size_t n = 1; n < s->good.len; n++)
        faults += check_between(s, &(struct broken){"cut", slice_of(s->good.ptr, n), true, false});
    return faults;
}

/* Bytes that do not belong there, at places all over the line. */
static size_t check_inserted(struct subject *s)
{
    static const struct {
        const char *how, *text;
        size_t len;
    } inserted[] = {
        {"an open quote", "\"", 1},
        {"a quote and a blank", "\" ", 2},
        {"an open bracket", "[", 1},
        {"an open brace", "{", 1},
        {"a closing brace", "}", 1},
        {"a NUL", "\0", 1},
        {"many NULs", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32},
        {"bytes of no encoding", "\xff\xfe", 2},
        {"half a character", "\xe3\x81", 2},
        {"a control byte", "\033[1m", 4},
        {"a wrong escape of JSON", "\\u12", 4},
        {"half a surrogate", "\\ud83d", 6},
        {"a backslash", "\\q", 2},
        {"a wrong percent escape", "%zz", 3},
        {"a separator", ",", 1},
        {"a blank", " ", 1},
        {"a tab", "\t", 1},
        {"a bar", "|", 1},
        {"a return", "\r", 1},
        {"a sign of assignment", "=", 1},
    };
    size_t faults = 0, step = s->good.len / STEPS + 1;

    for (size_t i = 0; i < sizeof inserted / sizeof *inserted; i++)
        for (size_t at = 0; at <= s->good.len; at += step)
            faults += check_replaced(s, inserted[i].how, at, at,
                                     slice_of(inserted[i].text, inserted[i].len));
    return faults;
}

/* Every number in turn is none, or one that nothing can be. */
static size_t check_numbers(struct subject *s)
{
    static const char *const numbers[] = {"", "x", "-1", "99999999999999999999999", "1e9", "0x10"};
    size_t faults = 0;

    for (size_t from = 0, to; from < s->good.len; from = to + 1) {
        for (to = from; to < s->good.len && s->good.ptr[to] >= '0' && s->good.ptr[to] <= '9';)
            to++;
        for (size_t i = 0; to > from && i < sizeof numbers / sizeof *numbers; i++)
            faults += check_replaced(s, "a wrong number", from, to, slice_of_string(numbers[i]));
    }
    return faults;
}

/* 30 September becomes the 31st. */
static size_t check_days(struct subject *s)
{
    static const struct {
        const char *day, *wrong;
    } days[] = {{"09-30", "09-31"},   {"09/30", "09/31"},   {"30/Sep", "31/Sep"},
                {"Sep 30", "Sep 31"}, {"30-Sep", "31-Sep"}, {"9/30", "9/31"},
                {"Sep/30", "Sep/31"}, {"09-30", "13-30"},   {"30 Sep", "31 Sep"}};
    size_t faults = 0, at;

    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        at = slice_find_slice(s->good, slice_of_string(days[i].day));
        if (at < s->good.len)
            faults += check_replaced(s, "no such day", at, at + strlen(days[i].day),
                                     slice_of_string(days[i].wrong));
    }
    return faults;
}

/* Words, columns and whole lines that are too few, too many or glued. */
static size_t check_shapes(struct subject *s)
{
    static const char separators[] = " ,\t|;&";
    struct buf text = {0};
    size_t faults = 0, at;

    for (size_t i = 0; i + 1 < sizeof separators; i++) {
        at = slice_find(s->good, separators[i]);
        if (at == s->good.len)
            continue;
        faults += check_replaced(s, "the first column missing", 0, at + 1, slice_of("", 0));
        faults += check_replaced(s, "a column more", at, at, slice_of(&separators[i], 1));
        faults +=
            check_replaced(s, "all behind a column missing", at, s->good.len, slice_of("", 0));
    }
    faults += check_replaced(s, "two lines glued", s->good.len, s->good.len, s->good);
    for (size_t i = 0; i < LONG_BYTES; i++)
        buf_append_byte(&text, 'a');
    faults += check_replaced(s, "1 MB", s->good.len / 2, s->good.len / 2, buf_slice(&text));
    buf_free(&text);
    return faults;
}

static void test_format(void **state)
{
    struct subject *s = *state;
    size_t faults = 0;

    faults += check_between(s, &(struct broken){"the same", s->good, true, false});
    faults += check_cuts(s);
    faults += check_inserted(s);
    faults += check_numbers(s);
    faults += check_days(s);
    faults += check_shapes(s);
    assert_true(s->bad > 0 || s->format->envelope); /* else it is another program's */
    assert_int_equal(faults, 0);
}

/* The record of the sample's line alone, behind what must stand before. Returns: is there one? */
static bool learn(struct subject *s)
{
    struct buf log = {0};
    struct error err = {0};
    struct decoding *d = decoding_create(s->format, s->shared->zone, YEAR, &err);
    struct batch *batch = s->shared->batch;
    size_t records = 0;

    buf_append(&log, buf_slice(&s->before));
    buf_append(&log, s->good);
    assert_true(d != NULL && buf_reserve(&log, WIDE_SLACK));
    decoding_feed(d, buf_slice(&log), 1, false);
    while (decoding_next(d, batch, &err) || decoding_flush(d, batch))
        for (size_t i = 0; i < batch->record_count; i++, records++)
            for (unsigned f = 0; f < FIELD_COUNT; f++)
                append_value(&s->fields[f], &batch->records[i], (enum field)f);
    decoding_free(d);
    buf_free(&log);
    return records == 1 && check_between(s, &(struct broken){.line = s->good}) == 0;
}

/* The first sample that is a record on its own, and between two of its kind. */
static bool choose_sample(struct subject *s)
{
    for (size_t i = 0; i < s->format->sample_count; i++) {
        const struct sample *sample = &s->format->samples[i];

        if (sample->expect.len > 0 && !slice_is(sample->expect, "-")) {
            s->good = sample->line;
            if (learn(s))
                return true;
            for (unsigned f = 0; f < FIELD_COUNT; f++)
                s->fields[f].len = 0;
        }
        if (sample->expect.len > 0)
            s->before.len = 0;
        else {
            buf_append(&s->before, sample->line);
            buf_append_byte(&s->before, '\n');
        }
    }
    return false;
}

static void forget(struct subject *s)
{
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        buf_free(&s->fields[f]);
    buf_free(&s->before);
}

int main(void)
{
    static struct CMUnitTest tests[MOST_FORMATS];
    static struct subject subjects[MOST_FORMATS];
    struct error err = {0};
    struct shared shared = {catalog_create(&err), zone_load("UTC", &err),
                            malloc(sizeof *shared.batch)};
    size_t count = 0;
    int failed;

    for (size_t i = 0; i < catalog_count(shared.catalog); i++) {
        struct subject *s = &subjects[count];

        forget(s);
        *s = (struct subject){.shared = &shared, .format = catalog_at(shared.catalog, i)};
        if (choose_sample(s))
            tests[count++] = (struct CMUnitTest){s->format->id, test_format, NULL, NULL, s};
    }
    failed =
        count < LEAST_FORMATS ? 1 : _cmocka_run_group_tests("broken", tests, count, NULL, NULL);
    for (size_t i = 0; i <= count; i++)
        forget(&subjects[i]);
    free(shared.batch);
    zone_free(shared.zone);
    catalog_free(shared.catalog);
    return failed;
}
