/* ipv4_test.c: both ways of reading an address agree on all that may look like one. */
#include "base/word.h"
#include "format/mapping/ipv4.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *text;
    bool is;
} rows[] = {
    {"192.0.2.7", true},   {"0.0.0.0", true},     {"255.255.255.255", true},
    {"10.0.0.1", true},    {"256.0.0.1", false},  {"1.2.3.260", false},
    {"1.2.300.4", false},  {"1.2.3", false},      {"1.2.3.4.5", false},
    {"1..2.3", false},     {".1.2.3.4", false},   {"1.2.3.4.", false},
    {"1.2.3.x", false},    {"1.2.3.0004", false}, {"1.2.3.004", true},
    {"", false},           {"1.2.3.4 ", false},   {"1111.2.3.4", false},
    {"12.34.56.78", true}, {"1.2.3.-4", false},   {"249.250.251.252", true},
    {"299.1.1.1", false},  {"1.2.3.4/24", false}, {"123456789", false},
};

/* Do both say the same of ${text}? */
static bool agree(const char *text, size_t len, bool *is)
{
    char padded[16 + WIDE_SLACK] = {0};

    memset(padded, '1', sizeof padded); /* what stands behind does not count */
    memcpy(padded, text, len);
    *is = ipv4_is_plain(slice_of(padded, len));
    return ipv4_is(slice_of(padded, len)) == *is;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

static void test_rows(void **state)
{
    bool is;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!agree(rows[i].text, strlen(rows[i].text), &is) || is != rows[i].is)
            fail_msg("%s: expected %d", rows[i].text, rows[i].is);
}

/* Every number of up to three digits at every place, and every byte within an address. */
static void test_agree(void **state)
{
    char text[32];
    bool is;

    (void)state;
    for (int n = 0; n < 1100; n++)
        for (int place = 0; place < 4; place++) {
            int part[4] = {10, 200, 3, 45};

            part[place] = n;
            (void)snprintf(text, sizeof text, "%d.%d.%d.%d", part[0], part[1], part[2], part[3]);
            if (strlen(text) <= 16)
                assert_true(agree(text, strlen(text), &is));
        }
    for (size_t at = 0; at < 13; at++)
        for (int byte = 0; byte < 256; byte++) {
            memcpy(text, "192.168.10.25", sizeof "192.168.10.25");
            text[at] = (char)byte;
            assert_true(agree(text, 13, &is));
        }
}

/* Texts of the bytes that matter, most of them nearly an address. */
static void test_random(void **state)
{
    static const char bytes[] = "0123456789..25. /:\xff";
    uint32_t seed = 7;
    size_t addresses = 0;
    bool is;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char text[16];
        size_t len = 0, wanted = 5 + next_random(&seed) % 12;

        for (; len < wanted; len++) {
            text[len] = bytes[next_random(&seed) % (round % 2 == 0 ? sizeof bytes - 1 : 15)];
            if (len % 3 == 2)
                text[len] = '.';
        }
        if (!agree(text, len, &is))
            fail_msg("%.*s", (int)len, text);
        addresses += is;
    }
    assert_true(addresses > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_agree),
                                       cmocka_unit_test(test_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
