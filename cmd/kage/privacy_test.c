/* privacy_test.c: which options that hide people are taken, and what is said of others. */
#include "privacy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *by, *suppress;
    const char *fault; /* NULL: it is taken */
} suppressions[] = {
    {"department", "2", NULL},
    {"app,department", "1000000", NULL},
    {"department", "1", "--suppress-small: '1': expected a number from 2"},
    {"department", "0", "--suppress-small: '0': expected a number from 2"},
    {"department", "-3", "--suppress-small: '-3': expected a number from 2"},
    {"department", "five", "--suppress-small: 'five': expected a number from 2"},
    {"department", "1000001", "--suppress-small: '1000001': expected a number from 2"},
    {"department", "", "--suppress-small: '': expected a number from 2"},
    /* rows of single people, and none of departments */
    {"department,user", "5", "--suppress-small: expected --by with department and without user"},
    {"client,department", "5", "--suppress-small: expected --by with department and without user"},
    {"app", "5", "--suppress-small: expected --by with department and without user"},
};

static void check_suppression(size_t i)
{
    struct privacy_arguments a = {NULL, suppressions[i].suppress};
    const char *fault = suppressions[i].fault;
    struct privacy p = {0};
    struct plan plan = {0};
    struct error err = {0};
    bool ok;

    assert_true(plan_set_by(&plan, suppressions[i].by, &err));
    ok = privacy_open(&p, &a, &plan, &err);
    if (ok != (fault == NULL) || (!ok && strncmp(err.text, fault, strlen(fault)) != 0))
        fail_msg("--by %s --suppress-small %s: %s", suppressions[i].by, suppressions[i].suppress,
                 err.text);
    if (ok)
        assert_int_equal(p.suppress, strtoull(a.suppress_small, NULL, 10));
    assert_null(p.pseudonyms);
    privacy_close(&p);
}

static void test_suppressions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof suppressions / sizeof *suppressions; i++)
        check_suppression(i);
}

/* Open with a key file of ${length} bytes; the error's code, its text into ${err}. */
static enum error_code open_key(size_t length, struct error *err)
{
    char path[] = "/tmp/kage-test-XXXXXX", key[64];
    struct privacy_arguments a = {path, NULL};
    struct plan plan = {0};
    struct privacy p = {0};
    int fd = mkstemp(path);
    bool ok;

    memset(key, 'k', sizeof key);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, key, length), (ssize_t)length);
    close(fd);
    ok = privacy_open(&p, &a, &plan, err);
    assert_int_equal(ok, p.pseudonyms != NULL);
    privacy_close(&p);
    unlink(path);
    return err->code;
}

static void test_keys(void **state)
{
    static const struct {
        size_t length;
        enum error_code code;
    } rows[] = {{0, ERROR_USAGE}, {15, ERROR_USAGE}, {16, ERROR_NONE}, {64, ERROR_NONE}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {0};

        assert_int_equal(open_key(rows[i].length, &err), rows[i].code);
        if (rows[i].code != ERROR_NONE) {
            assert_non_null(strstr(err.text, "--pseudonymize: "));
            assert_non_null(strstr(err.text, "expected at least 16"));
        }
    }
}

static void test_missing_key(void **state)
{
    struct privacy_arguments a = {"/nowhere/key", NULL};
    struct privacy p = {0};
    struct plan plan = {0};
    struct error err = {0};

    (void)state;
    assert_false(privacy_open(&p, &a, &plan, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "--pseudonymize: /nowhere/key"));
    privacy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_suppressions),
                                       cmocka_unit_test(test_keys),
                                       cmocka_unit_test(test_missing_key)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
