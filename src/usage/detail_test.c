/* detail_test.c: every key has one entry, however many there are. */
#include "usage/detail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { KEYS = 20000 };

static struct detail_key key_of(unsigned i)
{
    return (struct detail_key){.user = i % 7 + 1,
                               .host = i / 7,
                               .day = 20726 - (int32_t)(i % 3),
                               .hour = (uint8_t)(i % 2 == 0 ? DETAIL_NO_HOUR : i % 24)};
}

static void test_entries(void **state)
{
    struct error err = {0};
    struct detail *d = detail_create(NULL, &err);
    const struct detail_entry *entries;
    size_t count;

    (void)state;
    assert_non_null(d);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < KEYS; i++) {
            struct detail_key key = key_of(i);

            detail_at(d, &key, detail_hash(&key))->passed += i;
        }
    entries = detail_entries(d, &count);
    assert_int_equal(count, KEYS);
    for (unsigned i = 0; i < KEYS; i++) {
        struct detail_key key = key_of(i);

        assert_memory_equal(&entries[i].key, &key, sizeof key);
        assert_int_equal(entries[i].passed, 3 * i);
        assert_int_equal(entries[i].denied, 0);
    }
    detail_clear(d);
    (void)detail_entries(d, &count);
    assert_int_equal(count, 0);
    detail_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_entries)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
