/* strays_test.c: one line of every kind. */
#include "format/strays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Are the lines of one kind? */
static const struct {
    const char *first, *second;
    bool alike;
} rows[] = {
    {"reply www.example.com is 192.0.2.1", "reply a.b.example.net is 198.51.100.77", true},
    {"Sep 30 10:00:00 gw dnsmasq[12]: reply a.example is 192.0.2.1",
     "Sep 30 23:59:59 gw dnsmasq[98]: reply b.example is 192.0.2.2", true},
    {"Sep 30 10:00:00 gw dnsmasq[12]: reply a.example is 192.0.2.1",
     "Sep 30 10:00:00 gw named[12]: client @0x7f 192.0.2.1#53 (a.example): query: a IN A", false},
    {"1790728001.988     12 192.0.2.9 TCP_HIT/200 1 a",
     "1790728001.988 9 192.0.2.9 TCP_HIT/200 1 b", true},
    {"{\"ts\":1,\"a\":2}", "{\"time\":1,\"a\":2}", false}, /* the first key counts */
    {"{\"ts\":1,\"uid\":\"CWwU9s3h33kFsa9Ljg\",\"id.orig_h\":\"192.0.2.1\",\"rejected\":false}",
     "{\"ts\":1,\"uid\":\"CUNQPmoPJo8BiTxSa1\",\"id.orig_h\":\"192.0.2.1\",\"tags\":[]}", false},
    {"", "", true},
    {"", "a", false},
    {"20", "20 20", false},
};

static void test_kinds(void **state)
{
    struct strays *s = calloc(1, sizeof *s);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        memset(s, 0, sizeof *s);
        strays_add(s, slice_of_string(rows[i].first));
        strays_add(s, slice_of_string(rows[i].second));
        if (s->count != (rows[i].alike ? 1 : 2))
            fail_msg("%s | %s", rows[i].first, rows[i].second);
        buf_free(&s->lines);
    }
    free(s);
}

static void test_lines(void **state)
{
    struct strays *s = calloc(1, sizeof *s);

    (void)state;
    strays_add(s, SLICE("a b"));
    strays_add(s, SLICE("a b"));
    strays_add(s, SLICE("1,2"));
    assert_true(slice_is(buf_slice(&s->lines), "a b\n1,2\n"));
    buf_free(&s->lines);
    free(s);
}

/* Never more than so many kinds and bytes; a line that is too long is of no use. */
static void test_limits(void **state)
{
    static char text[STRAY_LINE_BYTES + 1];
    struct strays *s = calloc(1, sizeof *s);

    (void)state;
    memset(text, '/', sizeof text);
    strays_add(s, slice_of(text, sizeof text));
    assert_int_equal(s->count, 0);
    for (size_t i = 1; i <= (size_t)2 * STRAY_KINDS; i++) {
        text[i % 8] = (char)('!' + i / 8 % 8);
        text[i % 5] = (char)('!' + i % 13);
        strays_add(s, slice_of(text, 40));
    }
    assert_int_equal(s->count, STRAY_KINDS);
    for (size_t i = 0; i < 100; i++)
        strays_add(s, slice_of(text, i));
    assert_int_equal(s->count, STRAY_KINDS);
    assert_true(s->lines.len <= STRAY_BYTES);
    buf_free(&s->lines);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
