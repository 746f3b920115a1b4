/* sorter_test.c: the same order whatever the memory. */
#include "sort/sorter.h"

#include "base/buf.h"
#include "sort/pack.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { RECORDS = 5000 };

/* Numbers in disorder, each once, with values of different lengths. */
static void fill(struct sorter *s, unsigned count)
{
    static const char value[64] = "0123456789012345678901234567890123456789012345678901234567890";
    struct buf key = {0};
    struct error err = {0};

    for (unsigned i = 0; i < count; i++) {
        unsigned number = (unsigned)((uint64_t)i * 7919 % count);

        buf_reset(&key);
        pack_key_number(&key, number);
        assert_true(sorter_add(s, buf_slice(&key), slice_of(value, number % 60), &err));
    }
    buf_free(&key);
}

static void expect(struct sorter *s, unsigned count)
{
    struct error err = {0};
    struct slice key, value;
    uint64_t number;
    unsigned at = 0;

    assert_int_equal(sorter_count(s), count);
    assert_true(sorter_start(s, &err));
    for (; sorter_next(s, &key, &value, &err); at++) {
        assert_true(unpack_key_number(&key, &number) && key.len == 0);
        assert_int_equal(number, at);
        assert_int_equal(value.len, at % 60);
    }
    assert_int_equal(err.code, ERROR_NONE);
    assert_int_equal(at, count);
}

static void test_any_memory(void **state)
{
    static const size_t sizes[] = {0, 1, 100, 5000, 100000, 1 << 20};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct error err = {0};
        struct sorter *s = sorter_create(NULL, sizes[i], &err);

        expect(s, 0);
        fill(s, sizes[i] < 100 ? 300 : RECORDS);
        expect(s, sizes[i] < 100 ? 300 : RECORDS);
        expect(s, sizes[i] < 100 ? 300 : RECORDS);
        sorter_clear(s);
        expect(s, 0);
        fill(s, 7);
        expect(s, 7);
        sorter_free(s);
    }
}

static void test_no_folder(void **state)
{
    struct error err = {0};
    struct sorter *s = sorter_create("/nonexistent", 0, &err);

    (void)state;
    assert_true(sorter_add(s, SLICE("a"), SLICE(""), &err));
    assert_false(sorter_add(s, SLICE("b"), SLICE(""), &err));
    assert_int_equal(err.code, ERROR_IO);
    sorter_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_memory),
        cmocka_unit_test(test_no_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
