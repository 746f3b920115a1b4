/* memo_test.c: texts of all lengths are found again, too long ones and forgotten ones are not. */
#include "usage/memo.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = MEMO_TEXT_BYTES + 2 };

static void put(struct memo *m, struct slice text, uint32_t user)
{
    const union known known = {.user = {.user = user, .kept = true}};

    assert_true(memo_put(m, text, hash_text(text), &known));
}

/* The user remembered of the text, or -1. */
static int64_t find(const struct memo *m, struct slice text)
{
    const union known *known = memo_find(m, text, hash_text(text));

    return known == NULL ? -1 : (int64_t)known->user.user;
}

static void test_lengths(void **state)
{
    struct memo m = {0};
    char text[LONGEST];

    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t len = 0; len <= LONGEST; len++) {
        assert_int_equal(find(&m, slice_of(text, len)), -1);
        put(&m, slice_of(text, len), (uint32_t)len);
    }
    for (size_t len = 0; len <= LONGEST; len++)
        assert_int_equal(find(&m, slice_of(text, len)), len <= MEMO_TEXT_BYTES ? (int64_t)len : -1);
    assert_int_equal(find(&m, slice_of(NULL, 0)), 0);
    for (size_t at = 0; at < MEMO_TEXT_BYTES; at++) { /* every byte counts */
        text[at] = 'y';
        assert_int_equal(find(&m, slice_of(text, MEMO_TEXT_BYTES)), -1);
        text[at] = 'x';
    }
    memo_free(&m);
}

static void test_same(void **state)
{
    char a[MEMO_TEXT_BYTES], b[MEMO_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof a; i++)
        a[i] = b[i] = (char)('a' + i % 26);
    for (size_t len = 0; len <= MEMO_TEXT_BYTES; len++)
        for (size_t at = 0; at < MEMO_TEXT_BYTES; at++) {
            b[at] ^= 1;
            assert_int_equal(memo_same(a, b, len), at >= len);
            b[at] ^= 1;
        }
}

/* Beyond the limit some are forgotten for others: memory is bounded. */
static void test_limit(void **state)
{
    enum { TEXTS = 3 * MEMO_CAPACITY_LIMIT };
    struct memo m = {0};
    char text[32];
    uint32_t kept = 0;

    (void)state;
    for (uint32_t i = 0; i < TEXTS; i++) {
        struct slice s = slice_of(text, (size_t)snprintf(text, sizeof text, "host%" PRIu32, i));

        put(&m, s, i);
        assert_int_equal(find(&m, s), i);
    }
    for (uint32_t i = 0; i < TEXTS; i++) {
        struct slice s = slice_of(text, (size_t)snprintf(text, sizeof text, "host%" PRIu32, i));

        if (find(&m, s) >= 0) {
            assert_int_equal(find(&m, s), i);
            kept++;
        }
    }
    assert_int_equal(m.capacity, MEMO_CAPACITY_LIMIT);
    assert_int_equal(m.count, kept);
    assert_true(kept > MEMO_CAPACITY_LIMIT / 8 * 7);
    memo_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
