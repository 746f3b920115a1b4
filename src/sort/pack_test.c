/* pack_test.c: what is packed comes out again, and in order. */
#include "sort/pack.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint64_t numbers[] = {0,
                                   1,
                                   127,
                                   128,
                                   255,
                                   256,
                                   65535,
                                   65536,
                                   UINT64_C(1) << 40,
                                   (UINT64_C(1) << 56) - 1,
                                   UINT64_C(1) << 56,
                                   UINT64_C(1) << 63,
                                   UINT64_MAX};

/* In order: the empty one last. */
static const struct slice texts[] = {
    {"\0", 1}, {"\0\0", 2}, {"\0\1", 2},     {"\0a", 2},  {"\1", 1},  {"\1\0", 2},
    {"\2", 1}, {"a", 1},    {"a\0", 2},      {"a\0b", 3}, {"a\1", 2}, {"ab", 2},
    {"b", 1},  {"\xff", 1}, {"\xff\xff", 2}, {"", 0},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_numbers(void **state)
{
    static const int64_t signs[] = {0, -1, 1, INT64_MIN, INT64_MAX, -4711};
    struct buf packed = {0};
    struct slice in, text;
    uint64_t number;
    int64_t sign;

    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++)
        pack_number(&packed, numbers[i]);
    for (size_t i = 0; i < COUNT(signs); i++)
        pack_signed(&packed, signs[i]);
    pack_text(&packed, SLICE("text"));
    in = buf_slice(&packed);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_true(unpack_number(&in, &number));
        assert_true(number == numbers[i]);
    }
    for (size_t i = 0; i < COUNT(signs); i++) {
        assert_true(unpack_signed(&in, &sign));
        assert_true(sign == signs[i]);
    }
    assert_true(unpack_text(&in, &text));
    assert_true(slice_is(text, "text"));
    assert_int_equal(in.len, 0);
    buf_free(&packed);
}

static void test_cut_off(void **state)
{
    struct slice in = SLICE("\x80\x80"), text;
    struct buf scratch = {0};
    uint64_t number;

    (void)state;
    assert_false(unpack_number(&in, &number)); /* of no bytes */
    in = SLICE("\x83\1\2");
    assert_false(unpack_number(&in, &number));
    in = SLICE("\x89\1\2\3\4\5\6\7\10\11"); /* of more than there can be */
    assert_false(unpack_number(&in, &number));
    in = SLICE("\x05shor");
    assert_false(unpack_text(&in, &text));
    in = SLICE("\x02x");
    assert_false(unpack_key_number(&in, &number));
    in = SLICE("\x01no end");
    assert_false(unpack_key_text(&in, &scratch, &text));
    in = SLICE("");
    assert_false(unpack_key_text(&in, &scratch, &text));
    assert_false(unpack_key_number(&in, &number));
    buf_free(&scratch);
}

static void test_key_order(void **state)
{
    struct buf before = {0}, now = {0}, scratch = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct slice in;
        uint64_t number;

        buf_reset(&now);
        pack_key_number(&now, numbers[i]);
        assert_true(i == 0 || slice_compare(buf_slice(&before), buf_slice(&now)) < 0);
        in = buf_slice(&now);
        assert_true(unpack_key_number(&in, &number) && number == numbers[i] && in.len == 0);
        buf_reset(&before);
        buf_append(&before, buf_slice(&now));
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct slice in, text;

        buf_reset(&now);
        pack_key_text(&now, texts[i]);
        assert_true(i == 0 || slice_compare(buf_slice(&before), buf_slice(&now)) < 0);
        assert_false(i > 0 && slice_starts_with(buf_slice(&now), buf_slice(&before)));
        in = buf_slice(&now);
        assert_true(unpack_key_text(&in, &scratch, &text) && in.len == 0);
        assert_true(slice_equal(text, texts[i]));
        buf_reset(&before);
        buf_append(&before, buf_slice(&now));
    }
    buf_free(&before);
    buf_free(&now);
    buf_free(&scratch);
}

/* Bytes that are escaped, at every place of texts of every length. */
static void test_escapes(void **state)
{
    char bytes[40];
    struct buf packed = {0}, scratch = {0};

    (void)state;
    for (size_t len = 1; len <= sizeof bytes; len++)
        for (size_t at = 0; at < len; at++)
            for (int byte = 0; byte < 4; byte++) {
                struct slice in, text;

                memset(bytes, 'x', len);
                bytes[at] = (char)byte;
                buf_reset(&packed);
                pack_key_text(&packed, slice_of(bytes, len));
                assert_int_equal(packed.len, len + 2 + (byte <= 1));
                in = buf_slice(&packed);
                assert_true(unpack_key_text(&in, &scratch, &text) && in.len == 0);
                assert_true(slice_equal(text, slice_of(bytes, len)));
            }
    buf_free(&packed);
    buf_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_key_order),
        cmocka_unit_test(test_escapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
