/* hash_test.c: every byte and the length of a text change its hash, in upper and in lower bits. */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

enum { LONGEST = 70, TEXTS = 1 << 14, BUCKETS = 1 << 14 };

static void test_bytes(void **state)
{
    char text[LONGEST];

    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t len = 1; len <= LONGEST; len++) {
        uint64_t whole = hash_text(slice_of(text, len));

        assert_true(whole != hash_text(slice_of(text, len - 1)));
        for (size_t at = 0; at < len; at++) {
            text[at] ^= 1;
            assert_true(hash_text(slice_of(text, len)) != whole);
            text[at] ^= 1;
        }
    }
}

/* Balls thrown at random leave a share of 1/e of as many bins empty. */
static void check_spread(const char *before, const char *behind, unsigned shift)
{
    static const double empty_share = 0.3679;
    bool used[BUCKETS] = {false};
    size_t empty = 0;

    for (unsigned i = 0; i < TEXTS; i++) {
        char text[LONGEST];
        int n = snprintf(text, sizeof text, "%s%u%s", before, i, behind);

        used[hash_text(slice_of(text, (size_t)n)) >> shift & (BUCKETS - 1)] = true;
    }
    for (size_t i = 0; i < BUCKETS; i++)
        empty += !used[i];
    assert_true(empty > (size_t)(BUCKETS * empty_share * 0.95));
    assert_true(empty < (size_t)(BUCKETS * empty_share * 1.05));
}

static void test_spread(void **state)
{
    static const char *const texts[][2] = {
        {"", ""},
        {"user", ""},
        {"10.1.", ".7"},
        {"host", ".example.com"},
        {"a-much-longer-host-name-", ".somewhere.example.co.jp"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_spread(texts[i][0], texts[i][1], 0);
        check_spread(texts[i][0], texts[i][1],
                     18); /* what tables of 32 bits use above their slots */
        check_spread(texts[i][0], texts[i][1], 50);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bytes), cmocka_unit_test(test_spread)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
