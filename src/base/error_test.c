/* error_test.c: the first failure, with its context. */
#include "base/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_first_wins(void **state)
{
    struct error err = {0};

    (void)state;
    assert_false(error_set(&err, ERROR_DATA, "first %d", 1));
    assert_false(error_set(&err, ERROR_BUG, "second"));
    assert_false(error_set_errno(&err, ENOENT, "third"));
    assert_false(error_set_memory(&err));
    assert_int_equal(err.code, ERROR_DATA);
    assert_int_equal(err.sys_errno, 0);
    assert_string_equal(err.text, "first 1");
    error_clear(&err);
    assert_int_equal(err.code, ERROR_NONE);
    assert_string_equal(err.text, "");
}

static void test_errno(void **state)
{
    struct error err = {0};

    (void)state;
    assert_false(error_set_errno(&err, ENOENT, "opening %s", "a.log"));
    assert_int_equal(err.code, ERROR_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_string_equal(err.text, "opening a.log: No such file or directory");
}

static void test_context(void **state)
{
    struct error err = {0};

    (void)state;
    assert_false(error_context(&err, "nothing has failed"));
    assert_string_equal(err.text, "");
    error_set(&err, ERROR_DATA, "cause");
    assert_false(error_context(&err, "line %d", 7));
    assert_false(error_context(&err, "%s", "a.log"));
    assert_string_equal(err.text, "a.log: line 7: cause");
}

static void test_control_bytes(void **state)
{
    struct error err = {0};

    (void)state;
    error_set(&err, ERROR_DATA, "a\nb\x1b[1m\x7f\xe9");
    assert_string_equal(err.text, "a?b?[1m?\xe9");
    error_context(&err, "x\ty");
    assert_string_equal(err.text, "x?y: a?b?[1m?\xe9");
}

/* Text that is too long is cut; the cause stays where there is no room for both. */
static void test_long_text(void **state)
{
    struct error err = {0};
    char text[3000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&err, ERROR_DATA, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    error_context(&err, "context");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_memory_equal(err.text, "context: xxx", 12);
    error_context(&err, "%s", text);
    assert_memory_equal(err.text, "context: xxx", 12);
    error_clear(&err);
    error_set_errno(&err, ENOENT, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_wins), cmocka_unit_test(test_errno),
        cmocka_unit_test(test_context),    cmocka_unit_test(test_control_bytes),
        cmocka_unit_test(test_long_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
