/* ahead_test.c: the same bytes as without a thread; given up at any time. */
#include "io/ahead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Bytes 0, 1, 2 … in pieces, then the end, or an error. */
struct counter {
    size_t at, end, piece;
    bool fails;
};

static bool count(void *context, char *out, size_t cap, size_t *got, struct error *err)
{
    struct counter *c = context;

    *got = 0;
    if (c->at == c->end)
        return !c->fails || error_set(err, ERROR_IO, "no more");
    while (*got < cap && *got < c->piece && c->at < c->end)
        out[(*got)++] = (char)(c->at++ % 251);
    return true;
}

static void check(size_t end, size_t piece, size_t cap, bool fails)
{
    struct counter counter = {0, end, piece, fails};
    struct error err = {0};
    struct ahead *a = ahead_create(count, &counter, &err);
    char out[5000];
    size_t at = 0, got = 1;
    bool ok = true;

    assert_non_null(a);
    while (ok && got > 0) {
        ok = ahead_read(a, out, cap, &got, &err);
        for (size_t i = 0; ok && i < got; i++)
            assert_int_equal((unsigned char)out[i], (at + i) % 251);
        at += got;
    }
    assert_int_equal(at, end);
    assert_int_equal(ok, !fails);
    error_clear(&err);
    assert_int_equal(ahead_read(a, out, cap, &got, &err), !fails);
    assert_int_equal(got, 0);
    ahead_free(a);
}

static void test_same_bytes(void **state)
{
    (void)state;
    check(0, 1, 10, false);
    check(1, 1, 10, false);
    check(100, 3, 7, false);
    check(100, 3, 7, true);
    check(3000000, 300000, 5000, false);
    check(3000000, 100, 4999, true);
}

static void test_given_up(void **state)
{
    (void)state;
    for (size_t reads = 0; reads < 20; reads++) {
        struct counter counter = {0, SIZE_MAX, 300000, false};
        struct error err = {0};
        struct ahead *a = ahead_create(count, &counter, &err);
        char out[5000];
        size_t got;

        for (size_t i = 0; i < reads; i++)
            assert_true(ahead_read(a, out, sizeof out, &got, &err));
        ahead_free(a);
    }
    ahead_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
