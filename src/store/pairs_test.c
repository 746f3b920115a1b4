/* pairs_test.c: pairs come out as they went in, equal ones joined; what is none is refused. */
#include "store/pairs.h"

#include "usage/detail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { NO = DETAIL_NO_HOUR };

static void test_round(void **state)
{
    static const struct pair in[] = {{1, NO, 1, 0},   {1, NO, 2, 3},        {7, 0, 5, 0},
                                     {7, 23, 0, 200}, {300000, NO, 127, 0}, {UINT32_MAX, 5, 0, 0}};
    static const struct pair expected[] = {
        {1, NO, 3, 3}, {7, 0, 5, 0}, {7, 23, 0, 200}, {300000, NO, 127, 0}, {UINT32_MAX, 5, 0, 0}};
    struct buf out = {0};
    struct pairs pairs = {.out = &out};
    struct pairs_reader reader = {{NULL, 0}, 0, false};
    struct pair pair;

    (void)state;
    for (size_t i = 0; i < sizeof in / sizeof *in; i++)
        pairs_add(&pairs, &in[i]);
    pairs_end(&pairs);
    assert_int_equal(pairs.users, 4);
    assert_int_equal(pairs.passed, 135);
    assert_int_equal(pairs.denied, 203);
    reader.bytes = buf_slice(&out);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(pairs_next(&reader, &pair));
        assert_int_equal(pairs_compare(&pair, &expected[i]), 0);
        assert_int_equal(pair.passed, expected[i].passed);
        assert_int_equal(pair.denied, expected[i].denied);
    }
    assert_false(pairs_next(&reader, &pair));
    assert_false(reader.damaged);
    buf_free(&out);
}

static void test_damaged(void **state)
{
    static const struct slice cases[] = {
        {"\x04", 1},                            /* no count */
        {"\x05\x18\x01", 3},                    /* hour 24 */
        {"\x06\x01", 2},                        /* refused ones promised */
        {"\x80", 1},                            /* half a number */
        {"\xfc\xff\xff\xff\x3f\x01\x04\x01", 8} /* beyond the last user */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pairs_reader reader = {cases[i], 0, false};
        struct pair pair;

        while (pairs_next(&reader, &pair))
            continue;
        assert_true(reader.damaged);
    }
}

static void pack(const struct pair *pairs, size_t count, struct buf *out)
{
    struct pairs p = {.out = out};

    for (size_t i = 0; i < count; i++)
        pairs_add(&p, &pairs[i]);
    pairs_end(&p);
}

/* Together, and without each other again. */
static void test_sums(void **state)
{
    static const struct pair a[] = {{1, NO, 1, 0}, {2, 3, 5, 5}, {9, NO, 2, 0}};
    static const struct pair b[] = {{1, 4, 7, 0}, {2, 3, 5, 1}, {8, NO, 1, 1}};
    static const struct slice broken = {"\x80", 1};
    struct buf packed[4] = {{0}};
    struct pairs sum = {.out = &packed[2]}, rest = {.out = &packed[3]};

    (void)state;
    pack(a, 3, &packed[0]);
    pack(b, 3, &packed[1]);
    assert_true(pairs_join(&sum, buf_slice(&packed[0]), buf_slice(&packed[1])));
    assert_int_equal(sum.users, 4);
    assert_int_equal(sum.passed, 21);
    assert_int_equal(sum.denied, 7);
    assert_true(pairs_subtract(&rest, buf_slice(&packed[2]), buf_slice(&packed[1])));
    assert_true(slice_equal(buf_slice(&packed[3]), buf_slice(&packed[0])));
    assert_int_equal(rest.users, 3);
    assert_false(pairs_subtract(&rest, buf_slice(&packed[0]), broken));
    assert_false(pairs_subtract(&rest, broken, buf_slice(&packed[0])));
    assert_false(pairs_join(&sum, buf_slice(&packed[0]), broken));
    assert_false(pairs_join(&sum, broken, buf_slice(&packed[0])));
    for (size_t i = 0; i < 4; i++)
        buf_free(&packed[i]);
}

static void test_nothing(void **state)
{
    struct buf out = {0};
    struct pairs pairs = {.out = &out};

    (void)state;
    pairs_end(&pairs);
    assert_int_equal(out.len, 0);
    assert_int_equal(pairs.users, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round), cmocka_unit_test(test_damaged),
                                       cmocka_unit_test(test_sums), cmocka_unit_test(test_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
