/* rejects_test.c: rejected lines in the order of archives, whatever order they come in. */
#include "rejects.h"

#include "format/decoding.h"
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
    static const struct {
        size_t archive;
        struct rejected rejected;
    } rejects_told[] = {
        {1,
         {4,
          REJECT_NUMBER,
          {"x", 1},
          {"column 'size' is '1\tx\033': expected a whole number", 48}}},
        {0, {1, REJECT_SHAPE, {"first", 5}, {NULL, 0}}},
        {0, {2, REJECT_TIME, {"a\tb\0\033", 5}, {NULL, 0}}},
        {1, {5, REJECT_VALUE, {"y", 1}, {NULL, 0}}},
        {0, {9, REJECT_HOST, {"", 0}, {NULL, 0}}},
    };
    static const char expected[] =
        "b.log\t1\tnot of the format's shape\tfirst\n"
        "b.log\t2\ttime not readable\ta\tb\0\033\n"
        "b.log\t9\thost not readable\t\n"
        "a\\x09.log\t4\tnumber not readable: column 'size' is '1\\x09x\\x1b': expected a "
        "whole number\tx\n"
        "a\\x09.log\t5\tunexpected value\ty\n";

    (void)state;
    for (size_t i = 0; i < sizeof rejects_told / sizeof *rejects_told; i++)
        sink.reject(sink.context, archives[rejects_told[i].archive].name,
                    &rejects_told[i].rejected);
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
