/* row_test.c: a row comes back as it went; other bytes are refused. */
#include "report/row/row.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct row row = {.day = -7,
                               .hour = 23,
                               .app = SIGNATURE_NO_APP,
                               .names = {[NAME_USER] = {"ann", 3}, [NAME_HOST] = {"\0h", 2}},
                               .use = USE_EMBEDDED,
                               .status = STATUS_SANCTIONED,
                               .managed = MANAGED_YES,
                               .numbers = {[MEASURE_USERS] = 1, [MEASURE_HOSTS] = UINT64_MAX},
                               .blank = MEASURE_BIT(MEASURE_QUERIES),
                               .partial = MEASURE_BIT(MEASURE_BYTES_UP),
                               .sources = 3,
                               .first_us = INT64_MIN,
                               .last_us = INT64_MAX,
                               .evidence_archive = 4711,
                               .evidence_line = UINT64_MAX,
                               .tenants = {"a b +3", 6}};

static void test_both_ways(void **state)
{
    struct buf packed = {0}, again = {0};
    struct row back;

    (void)state;
    row_pack(&packed, &row);
    assert_true(row_unpack(buf_slice(&packed), &back));
    assert_int_equal(back.day, -7);
    assert_int_equal(back.app, SIGNATURE_NO_APP);
    assert_true(slice_is(back.names[NAME_USER], "ann"));
    assert_int_equal(back.names[NAME_HOST].len, 2);
    assert_int_equal(back.names[NAME_TENANT].len, 0);
    assert_true(slice_is(back.tenants, "a b +3"));
    assert_true(back.numbers[MEASURE_HOSTS] == UINT64_MAX && back.last_us == INT64_MAX);
    row_pack(&again, &back);
    assert_true(slice_equal(buf_slice(&packed), buf_slice(&again)));
    buf_free(&packed);
    buf_free(&again);
}

/* Numbers of every length, in a row without texts, which ends with them. */
static void test_lengths(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits <= 64; bits++) {
        uint64_t number = bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
        struct row small = {.day = (int32_t)(number & INT32_MAX),
                            .numbers = {[MEASURE_USERS] = number, [MEASURE_DENIED] = number / 2},
                            .first_us = (int64_t)number,
                            .last_us = (int64_t)number / 3,
                            .evidence_line = number};
        struct buf packed = {0};
        struct row back;

        row_pack(&packed, &small);
        assert_true(row_unpack(buf_slice(&packed), &back));
        assert_int_equal(back.day, small.day);
        assert_memory_equal(back.numbers, small.numbers, sizeof back.numbers);
        assert_true(back.first_us == small.first_us && back.last_us == small.last_us);
        assert_true(back.evidence_line == number);
        buf_free(&packed);
    }
}

static void test_other_bytes(void **state)
{
    struct buf packed = {0};
    struct row back;

    (void)state;
    row_pack(&packed, &row);
    for (size_t len = 0; len < packed.len; len++)
        assert_false(row_unpack(slice_of(packed.ptr, len), &back));
    for (size_t at = 0; at < packed.len; at++) {
        char kept = packed.ptr[at];

        packed.ptr[at] = (char)0xff;
        (void)row_unpack(buf_slice(&packed), &back); /* whatever it says: no harm */
        packed.ptr[at] = kept;
    }
    buf_append_byte(&packed, 'x');
    assert_false(row_unpack(buf_slice(&packed), &back));
    buf_free(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_other_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
