/* noted_test.c: few names are noted one by one, many of a domain together. */
#include "usage/noted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

static enum noted_as add(struct noted *n, unsigned number, const char *domain)
{
    enum noted_as as = NOTED_NOT;
    char host[64];

    (void)snprintf(host, sizeof host, "%u%s%s", number, *domain == '\0' ? "" : ".", domain);
    assert_true(noted_add(n, slice_of_string(host), slice_of_string(domain), &as));
    return as;
}

static void test_domain(void **state)
{
    struct noted n = {0};

    (void)state;
    for (unsigned i = 0; i < NOTED_OF_DOMAIN; i++)
        assert_int_equal(add(&n, i, "x.test"), NOTED_BY_NAME);
    assert_int_equal(add(&n, NOTED_OF_DOMAIN, "x.test"), NOTED_TOGETHER);
    assert_int_equal(add(&n, NOTED_OF_DOMAIN, "x.test"), NOTED_TOGETHER);
    assert_int_equal(add(&n, 7, "x.test"), NOTED_BY_NAME);
    assert_int_equal(add(&n, 7, "y.test"), NOTED_BY_NAME);
    noted_free(&n);
}

/* Addresses and names that stay inside have no domain to be noted with. */
static void test_all(void **state)
{
    struct noted n = {0};

    (void)state;
    for (unsigned i = 0; i < NOTED_OF_ALL; i++)
        (void)add(&n, i, "");
    assert_int_equal(add(&n, NOTED_OF_ALL, ""), NOTED_NOT);
    assert_int_equal(add(&n, 12345, ""), NOTED_BY_NAME);
    noted_free(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_domain), cmocka_unit_test(test_all)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
