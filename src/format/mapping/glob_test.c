/* glob_test.c: compiled patterns match what slice_glob matches. */
#include "format/mapping/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const patterns[] = {"",
                                       "*",
                                       "**",
                                       "-",
                                       "a",
                                       "a*",
                                       "*a",
                                       "a*b",
                                       "*a*",
                                       "a*b*",
                                       "*/407",
                                       "TCP_DENIED*",
                                       "HIER_*/*",
                                       "-/-",
                                       "abcdefgh",
                                       "abcdefghi",
                                       "abcdefgh*",
                                       "abcdefghi*",
                                       "*abcdefgh",
                                       "*abcdefghi",
                                       "aa*aa",
                                       "aaaa*a*aaaa",
                                       "a*a*a",
                                       "0123456789abcdef",
                                       "x*abcdefgh",
                                       "*-*",
                                       "ab*/*efgh",
                                       "a**b",
                                       "0123456789abcdefg"};

static const char *const texts[] = {"",
                                    "-",
                                    "a",
                                    "b",
                                    "aa",
                                    "ab",
                                    "aaa",
                                    "aaaa",
                                    "aaaaa",
                                    "aaaaaaaa",
                                    "aaaaaaaaa",
                                    "a/b",
                                    "ab/efgh",
                                    "ab//efgh",
                                    "HIER_",
                                    "HIER_/",
                                    "HIER_DIRECT/192.0.2.7",
                                    "HIER_NONE",
                                    "TCP_DENIED",
                                    "TCP_DENIED/407",
                                    "TCP_DENIEX/407",
                                    "/407",
                                    "407",
                                    "abcdefg",
                                    "abcdefgh",
                                    "abcdefghi",
                                    "abcdefghij",
                                    "xabcdefgh",
                                    "xbcdefgh",
                                    "0123456789abcdef",
                                    "0123456789abcdefg",
                                    "0123456789abcdeX",
                                    "0123456X89abcdef",
                                    "-/-",
                                    "--"};

static void check(struct slice pattern, const char *text, size_t len)
{
    char padded[256] = {0};
    struct glob glob;
    struct glob_text t;

    memset(padded + len, '*', WIDE_SLACK); /* what stands behind does not count */
    memcpy(padded, text, len);
    glob_compile(pattern, &glob);
    t = glob_text_of(slice_of(padded, len));
    if (glob_match(&glob, &t) != slice_glob(pattern, slice_of(padded, len)))
        fail_msg("'%.*s' against '%.*s': expected %d", SLICE_FMT(pattern), (int)len, text,
                 slice_glob(pattern, slice_of(padded, len)));
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t p = 0; p < COUNT(patterns); p++)
        for (size_t t = 0; t < COUNT(texts); t++)
            check(slice_of_string(patterns[p]), texts[t], strlen(texts[t]));
}

/* All patterns and texts of few letters. */
static void test_all_short(void **state)
{
    enum { PATTERNS = 3 * 3 * 3 * 3 * 3 * 3, TEXTS = 1 << 10 };

    (void)state;
    for (unsigned p = 0; p < PATTERNS; p++) {
        char pattern[6];

        for (unsigned i = 0, rest = p; i < sizeof pattern; i++, rest /= 3)
            pattern[i] = "*ab"[rest % 3];
        for (unsigned t = 0; t < TEXTS; t++) {
            char text[10];

            for (unsigned i = 0; i < sizeof text; i++)
                text[i] = "ab"[t >> i & 1];
            check(slice_of(pattern, 1 + p % sizeof pattern), text, t % (sizeof text + 1));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),
                                       cmocka_unit_test(test_all_short)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
