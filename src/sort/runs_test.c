/* runs_test.c: what is written in runs comes back in order, from however many. */
#include "sort/runs.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

/* A run of the numbers from ${from} on in steps, each with its text as value. */
static void write_run(struct runs *r, unsigned from, unsigned step, unsigned count)
{
    struct error err = {0};
    struct run_writer *w = run_writer_open(r, &err);
    char key[16], value[16];

    assert_non_null(w);
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(key, sizeof key, "k%08u", from + i * step);
        (void)snprintf(value, sizeof value, "%u", from + i * step);
        assert_true(run_writer_add(w, slice_of_string(key), slice_of_string(value), &err));
    }
    assert_true(run_writer_finish(w, &err));
}

static void expect_numbers(const struct runs *r, unsigned count)
{
    struct error err = {0};
    struct merge *m = merge_open(r, &err);
    struct slice key, value;
    char expected[16];
    unsigned at = 0;

    assert_non_null(m);
    for (; merge_next(m, &key, &value, &err); at++) {
        (void)snprintf(expected, sizeof expected, "k%08u", at);
        assert_true(slice_is(key, expected));
        (void)snprintf(expected, sizeof expected, "%u", at);
        assert_true(slice_is(value, expected));
    }
    assert_int_equal(err.code, ERROR_NONE);
    assert_int_equal(at, count);
    merge_free(m);
}

static void test_merged(void **state)
{
    static const struct {
        unsigned runs, records, left; /* runs left after merging those of a size */
    } cases[] = {{0, 0, 0},  {1, 0, 1},    {1, 9, 1},   {3, 50000, 3},    {15, 7, 15},
                 {16, 7, 1}, {17, 100, 2}, {33, 10, 3}, {16 * 16, 20, 1}, {16 * 17, 3, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct runs *r = runs_create(NULL, &err);

        for (unsigned run = 0; run < cases[i].runs; run++)
            write_run(r, run, cases[i].runs, cases[i].records);
        assert_int_equal(runs_count(r), cases[i].left);
        expect_numbers(r, cases[i].runs * cases[i].records);
        expect_numbers(r, cases[i].runs * cases[i].records);
        runs_clear(r);
        assert_int_equal(runs_count(r), 0);
        expect_numbers(r, 0);
        runs_free(r);
    }
}

/* Equal keys, empty ones, and values larger than the blocks that are read. */
static void test_large_values(void **state)
{
    static char large[300000];
    struct error err = {0};
    struct runs *r = runs_create(NULL, &err);
    struct slice key, value;
    struct merge *m;

    (void)state;
    memset(large, 'x', sizeof large);
    for (int run = 0; run < 3; run++) {
        struct run_writer *w = run_writer_open(r, &err);

        assert_true(run_writer_add(w, SLICE(""), SLICE("first"), &err));
        assert_true(run_writer_add(w, SLICE("a"), slice_of(large, sizeof large), &err));
        assert_true(run_writer_add(w, SLICE("a"), SLICE(""), &err));
        assert_true(run_writer_add(w, slice_of(large, sizeof large), SLICE("last"), &err));
        assert_true(run_writer_finish(w, &err));
    }
    m = merge_open(r, &err);
    for (int i = 0; i < 3; i++)
        assert_true(merge_next(m, &key, &value, &err) && key.len == 0 && slice_is(value, "first"));
    for (int i = 0; i < 6; i++)
        assert_true(merge_next(m, &key, &value, &err) && slice_is(key, "a"));
    for (int i = 0; i < 3; i++) {
        assert_true(merge_next(m, &key, &value, &err) && key.len == sizeof large);
        assert_true(slice_is(value, "last"));
    }
    assert_false(merge_next(m, &key, &value, &err));
    merge_free(m);
    runs_free(r);
}

/* The disk is full. */
static void test_no_room(void **state)
{
    struct rlimit old, small = {4096, RLIM_INFINITY};
    struct error err = {0};
    struct runs *r = runs_create(NULL, &err);
    struct run_writer *w = run_writer_open(r, &err);
    char value[8192] = "";

    (void)state;
    assert_true(getrlimit(RLIMIT_FSIZE, &old) == 0 && signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    small.rlim_max = old.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_true(run_writer_add(w, SLICE("a"), slice_of(value, sizeof value), &err));
    assert_false(run_writer_finish(w, &err));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "writing a temporary file in /tmp"));
    assert_int_equal(runs_count(r), 0);
    runs_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_large_values),
        cmocka_unit_test(test_no_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
