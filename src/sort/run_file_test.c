/* run_file_test.c: a run that somebody changed is an error, never a crash. */
#include "sort/run_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void test_spoiled(void **state)
{
    static const struct slice heads[] = {{"\x01\x01\x01", 3},
                                         {"\x00\x7f\x7f", 3},
                                         {"\xff\xff", 2},
                                         {"\x00\xff\xff\xff\xff\xff\x01\x01", 8}};

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct error err = {0};
        struct run_output out;
        struct run_input in;

        assert_true(run_output_open(&out, NULL, &err));
        assert_true(run_output_add(&out, SLICE("key"), SLICE("value"), &err));
        assert_true(run_output_flush(&out, &err));
        assert_int_equal(pwrite(out.file.fd, heads[i].ptr, heads[i].len, 0), heads[i].len);
        assert_true(run_input_open(&in, &out.file, &err));
        while (run_input_next(&in, &err))
            continue;
        assert_int_equal(err.code, ERROR_IO);
        assert_string_equal(err.text, "reading a temporary file: it was changed");
        run_input_close(&in);
        run_output_close(&out, false);
    }
}

static void test_cut_short(void **state)
{
    struct error err = {0};
    struct run_output out;
    struct run_input in;

    (void)state;
    assert_true(run_output_open(&out, NULL, &err));
    assert_true(run_output_add(&out, SLICE("key"), SLICE("value"), &err));
    assert_true(run_output_flush(&out, &err));
    assert_int_equal(ftruncate(out.file.fd, 4), 0);
    assert_true(run_input_open(&in, &out.file, &err));
    assert_false(run_input_next(&in, &err));
    assert_non_null(strstr(err.text, "reading a temporary file"));
    run_input_close(&in);
    run_output_close(&out, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spoiled),
        cmocka_unit_test(test_cut_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
