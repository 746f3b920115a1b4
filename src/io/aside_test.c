/* aside_test.c: the same bytes as without a thread, however they come. */
#include "io/aside.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Bytes 0, 1, 2 … are expected, in another thread than the test's. */
struct counter {
    size_t at;
    bool is_wrong;
    pthread_t other_than;
};

static void count(void *context, struct slice bytes)
{
    struct counter *c = context;

    for (size_t i = 0; i < bytes.len; i++, c->at++)
        c->is_wrong = c->is_wrong || (unsigned char)bytes.ptr[i] != c->at % 251;
    c->is_wrong = c->is_wrong || pthread_equal(pthread_self(), c->other_than) != 0;
}

static void test_same_bytes(void **state)
{
    static const struct {
        size_t all, piece;
    } rows[] = {{0, 1},        {1, 1},          {100, 7},           {262144, 1000},
                {3000000, 13}, {3000000, 9999}, {3000000, 1000000}, {1048576, 262144}};
    static char bytes[1000000 + 251];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i % 251);
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        struct counter counter = {.other_than = pthread_self()};
        struct error err = {0};
        struct aside *a = aside_create(count, &counter, &err);

        assert_non_null(a);
        for (size_t at = 0, n; at < rows[row].all; at += n) {
            n = rows[row].all - at < rows[row].piece ? rows[row].all - at : rows[row].piece;
            aside_tap(a, slice_of(bytes + at % 251, n));
        }
        aside_free(a);
        assert_int_equal(counter.at, rows[row].all);
        assert_false(counter.is_wrong);
    }
    aside_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
