/* rejects_test.c: rejected lines in the order of archives, whatever order they come in. */
#include "rejects.h"

#include "report/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_order(void **state)
{
    struct archive archives[] = {{.name = "b.log"}, {.name = "a\t.log"}};
    const struct archive_list list = {.archives = archives, .count = 2};
    struct error err = {0};
    struct rejects *rejects = rejects_create(&list, &err);
    struct output *out = output_open(NULL, NULL, &err);
    struct reject_sink sink = rejects_sink(rejects);
    static const char expected[] = "b.log\t1\tnot of the format's shape\tfirst\n"
                                   "b.log\t2\ttime not readable\ta\tb\0\033\n"
                                   "b.log\t9\thost not readable\t\n"
                                   "a\\x09.log\t4\tnumber not readable\tx\n"
                                   "a\\x09.log\t5\tunexpected value\ty\n";

    (void)state;
    sink.reject(sink.context, archives[1].name, 4, REJECT_NUMBER, SLICE("x"));
    sink.reject(sink.context, archives[0].name, 1, REJECT_SHAPE, SLICE("first"));
    sink.reject(sink.context, archives[0].name, 2, REJECT_TIME, SLICE("a\tb\0\033"));
    sink.reject(sink.context, archives[1].name, 5, REJECT_VALUE, SLICE("y"));
    sink.reject(sink.context, archives[0].name, 9, REJECT_HOST, SLICE(""));
    assert_true(rejects_write(rejects, out, &err));
    assert_int_equal(output_buf(out)->len, sizeof expected - 1);
    assert_memory_equal(output_buf(out)->ptr, expected, sizeof expected - 1);
    rejects_free(rejects);
    output_close(out);
}

static void test_none(void **state)
{
    const struct archive_list list = {0};
    struct error err = {0};
    struct rejects *rejects = rejects_create(&list, &err);
    struct output *out = output_open(NULL, NULL, &err);

    (void)state;
    assert_true(rejects_write(rejects, out, &err));
    assert_int_equal(output_buf(out)->len, 0);
    rejects_free(rejects);
    output_close(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
