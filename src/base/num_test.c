/* num_test.c: strict decimal numbers. */
#include "base/num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_parse(void **state)
{
    static const struct {
        const char *text;
        uint64_t max, value;
        bool ok;
    } rows[] = {
        {"0", UINT64_MAX, 0, true},
        {"007", UINT64_MAX, 7, true},
        {"18446744073709551615", UINT64_MAX, UINT64_MAX, true},
        {"18446744073709551616", UINT64_MAX, 0, false},
        {"99999999999999999999999", UINT64_MAX, 0, false},
        {"255", 255, 255, true},
        {"256", 255, 0, false},
        {"0", 0, 0, true},
        {"", UINT64_MAX, 0, false},
        {"-1", UINT64_MAX, 0, false},
        {"+1", UINT64_MAX, 0, false},
        {" 1", UINT64_MAX, 0, false},
        {"1 ", UINT64_MAX, 0, false},
        {"1.0", UINT64_MAX, 0, false},
        {"0x1", UINT64_MAX, 0, false},
        {"\xb2", UINT64_MAX, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t value = 42;
        bool ok = num_parse(slice_of_string(rows[i].text), rows[i].max, &value);

        if (ok != rows[i].ok || value != (ok ? rows[i].value : 42))
            fail_msg("'%s'", rows[i].text);
    }
}

static void test_add(void **state)
{
    (void)state;
    assert_int_equal(num_add(1, 2), 3);
    assert_true(num_add(UINT64_MAX, 0) == UINT64_MAX);
    assert_true(num_add(UINT64_MAX, 1) == UINT64_MAX);
    assert_true(num_add(UINT64_MAX - 1, UINT64_MAX) == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse), cmocka_unit_test(test_add)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
