/* pack_test.c: what is packed comes out again; what is none is refused. */
#include "store/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void test_numbers(void **state)
{
    static const struct {
        uint64_t number;
        size_t bytes;
    } cases[] = {{0, 1}, {127, 1}, {128, 2}, {16383, 2}, {16384, 3}, {UINT64_MAX, 10}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        struct slice rest;
        uint64_t number = 1;

        pack_put(&out, cases[i].number);
        assert_int_equal(out.len, cases[i].bytes);
        rest = slice_of(out.ptr, out.len - 1);
        assert_false(pack_get(&rest, &number));
        rest = buf_slice(&out);
        assert_true(pack_get(&rest, &number));
        assert_true(number == cases[i].number);
        assert_int_equal(rest.len, 0);
        buf_free(&out);
    }
}

/* Every ${step}th minute from ${from} on, ${count} of them. */
static void test_minutes(void **state)
{
    static const struct {
        unsigned from, step, count;
        size_t bytes;
    } cases[] = {{0, 1, 0, 0},     {0, 1, 1, 1},     {1439, 1, 1, 2},  {500, 1, 10, 11},
                 {0, 200, 8, 15},  {0, 1, 179, 179}, {0, 1, 180, 180}, {0, 1, 1440, 180},
                 {7, 8, 179, 179}, {1, 2, 700, 180}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0}, again[MINUTES_BITMAP_BYTES] = {0};
        struct buf out = {0};

        for (unsigned k = 0; k < cases[i].count; k++) {
            unsigned minute = cases[i].from + k * cases[i].step;

            bitmap[minute / 8] = (uint8_t)(bitmap[minute / 8] | 1U << (minute % 8));
        }
        pack_minutes(&out, bitmap);
        assert_int_equal(out.len, cases[i].bytes);
        assert_true(pack_read_minutes(buf_slice(&out), again));
        assert_memory_equal(bitmap, again, sizeof bitmap);
        buf_free(&out);
    }
}

static void test_bad_minutes(void **state)
{
    static const struct slice cases[] = {{"\x80", 1},
                                         {"\xa0\x0b", 2},
                                         {"\x9f\x0b\x00", 3},
                                         {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0};

        assert_false(pack_read_minutes(cases[i], bitmap));
    }
}

static void test_sets(void **state)
{
    static const uint32_t numbers[] = {0, 1, 5, 300, 100000, UINT32_MAX};
    struct buf out = {0};
    struct slice rest;
    uint32_t number = 0;

    (void)state;
    pack_set(&out, numbers, 6);
    rest = buf_slice(&out);
    for (size_t i = 0; i < 6; i++) {
        assert_true(pack_next(&rest, &number));
        assert_int_equal(number, numbers[i]);
    }
    assert_false(pack_next(&rest, &number));
    rest = SLICE("\x01");
    assert_false(pack_next(&rest, &number)); /* beyond the largest */
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_minutes),
        cmocka_unit_test(test_bad_minutes),
        cmocka_unit_test(test_sets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
