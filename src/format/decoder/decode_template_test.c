/* decode_template_test.c: literal text with holes and optional parts. */
#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SHAPE    "not of the format's shape"
#define HEAD     TESTING_HEAD("template")
#define FIELDS   "host = h\nuser = u\nmethod = m\n"

static const struct {
    const char *shapes, *line, *expected;
} rows[] = {
    /* literals, blanks, words */
    {"record a {h} b {u} c {m}\n", "a x b y c z", "1 user=y host=x method=z;"},
    {"record a {h} b {u} c {m}\n", "a  x \t b y\tc z", "1 user=y host=x method=z;"},
    {"record a  {h} b {u} c {m}\n", "a x b y c z", "1 user=y host=x method=z;"},
    {"record a {h} b {u} c {m}\n", "a x b y c z ", "1 rejected: " SHAPE ";"},
    {"record a {h} b {u} c {m}\n", "a x b y c", "1 rejected: " SHAPE ";"},
    {"record a {h} b {u} c {m}\n", "A x b y c z", "1 rejected: " SHAPE ";"},
    {"record a {h} b {u} c {m}\n", " a x b y c z", "1 rejected: " SHAPE ";"},
    {"record a {h} b {u} c {m}\n", "a x b  c z",
     "1 rejected: " SHAPE ";"}, /* words are not empty */
    {"record {h}:{u}={m}\n", "x:y=z", "1 user=y host=x method=z;"},
    {"record {{{h}}} {u} {m}\n", "{x} y z", "1 user=y host=x method=z;"},
    /* a word ends at the nearest place behind which all fits */
    {"record {h}:{u}:{m}\n", "a:b:c:d", "1 user=b host=a method=c:d;"},
    {"record {h}ab{u} {m}\n", "xabab y", "1 user=ab host=x method=y;"},
    {"record {h}]: {u} {m}\n", "x]y]: b c", "1 user=b host=x]y method=c;"},
    /* text may hold blanks and be empty; a hole that nobody wants too */
    {"record {u:text} [{h}] {m}\n", "sato, hanako [x] z", "1 user=sato, hanako host=x method=z;"},
    {"record {u:text} [{h}] {m}\n", "a [b] c [x] z", "1 user=a [b] c host=x method=z;"},
    {"record \"{u:text}\" {h} {m}\n", "\"\" x z", "1 host=x method=z;"},
    {"record \"{u:text}\" {h} {m}\n", "\"a \"b\" c\" x z", "1 user=a \"b\" c host=x method=z;"},
    {"record {h} {m} \"{u:text}\"\n", "x z \"a\" b\"", "1 user=a\" b host=x method=z;"},
    {"record {h}|{}|{u} {m}\n", "x||y z", "1 user=y host=x method=z;"},
    {"record {h} {m} {u:text}\n", "x z a  b ", "1 user=a  b  host=x method=z;"},
    /* numbers take all digits; addresses only what stands in one */
    {"record {h:number} {u} {m}\n", "12 y z", "1 user=y host=12 method=z;"},
    {"record {h:number} {u} {m}\n", "12x y z", "1 rejected: " SHAPE ";"},
    {"record {h:number} {u} {m}\n", " y z", "1 rejected: " SHAPE ";"},
    {"record {h:address}#{u:number} {m}\n", "192.0.2.1#53 z", "1 user=53 host=192.0.2.1 method=z;"},
    {"record {h:address}#{u:number} {m}\n", "2001:DB8::1#53 z",
     "1 user=53 host=2001:DB8::1 method=z;"},
    {"record {h:address}#{u:number} {m}\n", "example#53 z", "1 rejected: " SHAPE ";"},
    /* a time: a digit first, one blank at most */
    {"record {h:time} {u} {m}\n", "2026-09-30 09:25:05 y z",
     "1 user=y host=2026-09-30 09:25:05 method=z;"},
    {"record {h:time} {u} {m}\n", "2026-09-30T09:25:05Z y z",
     "1 user=y host=2026-09-30T09:25:05Z method=z;"},
    {"record {h:time} {u} {m}\n", "Sep 30 y z", "1 rejected: " SHAPE ";"},
    {"record {h:time} {u} {m}\n", "1 2 3 4 5 6", "1 rejected: " SHAPE ";"},
    {"record {h:time} {u} {m}\n", "[1] y z", "1 rejected: " SHAPE ";"},
    /* optional parts, with holes, nested, several */
    {"record {?[{u}] }{h} {m}\n", "[y] x z", "1 user=y host=x method=z;"},
    {"record {?[{u}] }{h} {m}\n", "x z", "1 host=x method=z;"},
    {"record {?{u}: }{?{}: }{h} {m}\n", "a: b: x z", "1 user=a host=x method=z;"},
    {"record {?{u}: }{?{}: }{h} {m}\n", "a: x z", "1 user=a host=x method=z;"},
    {"record {?a {?b }{u} }{h} {m}\n", "a b y x z", "1 user=y host=x method=z;"},
    {"record {?a {?b }{u} }{h} {m}\n", "a y x z", "1 user=y host=x method=z;"},
    {"record {?a {?b }{u} }{h} {m}\n", "x z", "1 host=x method=z;"},
    {"record {h} {m}{? {u:text}}\n", "x z", "1 host=x method=z;"},
    {"record {h} {m}{? {u:text}}\n", "x z y y", "1 user=y y host=x method=z;"},
    {"record {?a}{?a}{?a}{h} {m} {u}\n", "aa z y", "1 user=y host=a method=z;"},
    {"record {?a}{?a}{?a}{h} {m} {u}\n", "aab z y", "1 user=y host=b method=z;"},
    /* what a path that failed had read does not stay */
    {"record {?{u}! }{h} {m}\n", "y! z", "1 host=y! method=z;"},
    {"record {u} {h} {m} end\nrecord {h} {m} {}\n{? {u}}", "x z y",
     "test.format:8:1: no keyword or field (`kage help formats-guide` lists them) '{?'"},
    {"record {u} {h} {m} end\nrecord {h} {m} {}{? {u}}\n", "x z y", "1 host=x method=z;"},
    /* shapes in their order: skips with holes and with stars, claims */
    {"skip # {:text}\nrecord {h} {m} {u}\n", "# x", ""},
    {"skip *started*\nrecord {h} {m} {u}\n", "kage started now", ""},
    {"record {h} {m} {u}\nskip *started*\n", "kage started now",
     "1 user=now host=kage method=started;"},
    {"record {h} {m} {u} end\nclaim *q*\nskip *\n", "a q", "1 rejected: " SHAPE ";"},
    {"record {h} {m} {u} end\nclaim *q*\nskip *\n", "a b", ""},
    {"record {h} {m} {u} end\nskip q {:number}\n", "q 12", ""},
    {"record {h} {m} {u} end\nskip q {:number}\n", "q 1x", "1 rejected: " SHAPE ";"},
    /* constants */
    {"record DENY {h} {m} {u}\nset action blocked\nrecord {h} {m} {u}\n", "DENY x z y\nx z y",
     "1 user=y host=x method=z action=blocked;2 user=y host=x method=z;"},
};

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *const parts[] = {HEAD, rows[i].shapes, FIELDS, NULL};

        testing_decode_parts(parts, slice_of_string(rows[i].line), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%s%s:\nexpected %s\nis       %s", rows[i].shapes, rows[i].line,
                     rows[i].expected, out.ptr);
    }
    buf_free(&out);
}

/* What makes a template wrong; the message says the line of the definition. */
static void test_errors(void **state)
{
    static const struct {
        const char *shapes, *expected;
    } errors[] = {
        {"record {h\n", "a hole of the template is not closed"},
        {"record {h:letters} {m} {u}\n",
         "hole 'h:letters': expected word, text, number, count, name, address"},
        {"record {?{h} {m} {u}\n", "an optional part of the template is not closed"},
        {"record {h} {m} {u} }\n", "a brace of the template closes nothing"},
        {"record {h} {m}\n", "no template has a hole named 'u'"},
        {"record {?a{?a{?a{?a{?a{?a{?a{?a{?a{?a{?a{h} {m} {u}\n", "nested too deep"},
        {"", "at least one `record` line"},
        {"record {h} {m} {u}\nnote {h}\n",
         "`open`, `reply`, `outcome`, `note` and `end` need a `join`"},
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        const char *const parts[] = {HEAD, errors[i].shapes, FIELDS, NULL};

        testing_decode_parts(parts, slice_of("", 0), &out);
        if (strstr(out.ptr, errors[i].expected) == NULL ||
            strncmp(out.ptr, "test.format:", 12) != 0)
            fail_msg("%sexpected %s\nis %s", errors[i].shapes, errors[i].expected, out.ptr);
    }
    testing_decode(HEAD "# a comment\nrecord {h\n", slice_of("", 0), &out);
    if (strstr(out.ptr, "test.format:7:10: a hole of the template is not closed") == NULL)
        fail_msg("is %s", out.ptr);
    buf_free(&out);
}

/* Lines that only this product writes are passed over; others that are may be another log's. */
static void test_own(void **state)
{
    static const char definition[] = HEAD "own {} uid {:text};\n"
                                          "own set *;\n"
                                          "record {h} {m} {u}\n"
                                          "own option {:text}\n"
                                          "skip *;\n" FIELDS;
    static const char log[] = "a.example b c\n  uid \"x\";\nset a;\nother 1;\nset a\noption x y z\n"
                              "  uid \"x\"\n  uid 1; and;\n";
    struct error err = {0};
    struct format *f = definition_parse("test.format", SLICE(definition), &err);
    struct zone *zone = zone_load("UTC", &err);
    struct decoding *d = decoding_create(f, zone, 2026, &err);
    char *padded = testing_pad(SLICE(log));
    struct batch *batch = calloc(1, sizeof *batch);

    (void)state;
    assert_non_null(d);
    assert_non_null(batch);
    decoding_feed(d, slice_of(padded, sizeof log - 1), 1, false);
    assert_true(decoding_next(d, batch, &err));
    assert_int_equal(batch->lines, 8);
    assert_int_equal(batch->record_count, 1);
    assert_int_equal(batch->reject_count, 2); /* "set a", "  uid "x"" */
    assert_int_equal(batch->skipped, 5);
    assert_true(slice_is(decoding_strays(d), "other 1;\n"));
    free(batch);
    free(padded);
    decoding_free(d);
    zone_free(zone);
    definition_free(f);
}

static double seconds_of(const char *definition, struct slice line)
{
    struct timespec from, until;
    struct error err = {0};
    struct format *f = definition_parse("test.format", slice_of_string(definition), &err);
    struct buf out = {0};

    assert_non_null(f);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from); /* others may be busy too */
    testing_decode_block(f, line, false, &out, &err);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &until);
    buf_free(&out);
    definition_free(f);
    return (double)(until.tv_sec - from.tv_sec) + (double)(until.tv_nsec - from.tv_nsec) * 1e-9;
}

/* A line of 1 MiB that almost fits costs little, however many ways there are to try: milliseconds,
 * where every way from every byte would take many minutes. */
static void test_hostile_lines(void **state)
{
    enum { LINE_BYTES = 1 << 20 };
    const double most_seconds = 0.2; /* of the processor */
    static const char *const definitions[] = {
        HEAD "record {h:text} {u:text} {m:text} {a:text} end\n" FIELDS,
        HEAD "record {h:text}{?x}{u:text}{?y}{m:text}{?z} end\n" FIELDS,
        HEAD "record {?{h:text}: }{?{u:text}: }{?{m:text}: }{?{:text}: }x\n" FIELDS,
        HEAD "record {h:text}\"\"{u:text}\"\"{m:text}\"\"x\n" FIELDS,
        HEAD "record {h:time} {u:time} {m:time} x\n" FIELDS,
        HEAD "record {h:address}{?#}{u:address}{?#}{m:address} x\n" FIELDS,
    };
    static const char bytes[] = " \"a1:\\[%\t\xff";
    char *line = malloc(LINE_BYTES);

    (void)state;
    assert_non_null(line);
    for (size_t b = 0; b + 1 < sizeof bytes; b++)
        for (size_t i = 0; i < COUNT(definitions); i++) {
            double seconds;

            memset(line, bytes[b], LINE_BYTES);
            line[0] = '1';
            seconds = seconds_of(definitions[i], slice_of(line, LINE_BYTES));
            if (seconds > most_seconds)
                fail_msg("%s: 1 MiB of '%c' takes %.3f s", definitions[i], bytes[b], seconds);
        }
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_own),
        cmocka_unit_test(test_hostile_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
