/* rule_literal_test.c: the first look never lets go what an expression matches. */
#include "signature/rule/rule_literal.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_literals(void **state)
{
    static const struct {
        const char *regex, *literal;
    } rows[] = {
        {"", ""},
        {"abc", "abc"},
        {"[?&]info_hash=", "info_hash="},
        {"/announce(\\.php)?\\?$", "/announce"},
        {"^(/[A-Za-z0-9]{2,32}){1,10}/$", "/"},
        {"^Mozilla/4\\.0 \\(compatible; MSIE [678]\\.0; Windows NT",
         "mozilla/4.0 (compatible; msie "},
        {"(?i)RClone/", "rclone/"},
        {"\\bmirall/\\d.*\\(Nextcloud", "(nextcloud"},
        {"abc?", "ab"},
        {"abc*defg", "defg"},
        {"abc+de", "abc"},
        {"abc{2,3}d", "ab"},
        {"ab{2", "a"},
        {"abc|def", ""},
        {"a(b|c)dd", "dd"},
        {"[]x|]yy[^]]z", "yy"},
        {"[[:alpha:]]yy", "yy"},
        {"[\\]x]yy", "yy"},
        {"(a\\)b[)]c)dd", "dd"},
        {"(?:ab)cd", "cd"},
        {"(?!abc)d", "d"},
        {"(?x)a b", ""},
        {"(?#abc)d", ""},
        {"(*ACCEPT)abc", ""},
        {"\\x41bc", ""},
        {"\\Qa|b\\E", ""},
        {"a\\.b\\-c", "a.b-c"},
        {"0123456789012345678901234567890123456789", "01234567890123456789012345678901"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rule_literal l = rule_literal_of(slice_of_string(rows[i].regex));
        char expected[RULE_LITERAL_LIMIT] = "";

        for (size_t b = 0; rows[i].literal[b] != '\0'; b++)
            expected[b] = (char)(rows[i].literal[b] | 0x20);
        if (l.len != strlen(rows[i].literal) || memcmp(l.text, expected, l.len) != 0)
            fail_msg("%s: '%.*s' instead of '%s'", rows[i].regex, (int)l.len, l.text,
                     rows[i].literal);
    }
}

static void expect_found(const char *what, size_t at, size_t len)
{
    struct rule_literal l = rule_literal_of(SLICE("Ab="));
    char text[70];

    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < 3; i++)
        text[at + i] = what[i];
    if (!rule_literal_in(&l, slice_of(text, len)))
        fail_msg("%zu of %zu", at, len);
    text[at + 1] = '-';
    assert_false(rule_literal_in(&l, slice_of(text, len)));
}

/* At every place of texts of every length around the step of sixteen. */
static void test_places(void **state)
{
    (void)state;

    for (size_t len = 0; len < 70; len++)
        for (size_t at = 0; at + 3 <= len; at++)
            expect_found(at % 2 == 0 ? "aB=" : "ab=", at, len);
}

static bool stands_at(struct rule_literal l, const char *p)
{
    for (size_t i = 0; i < l.len; i++)
        if ((p[i] | 0x20) != l.text[i])
            return false;
    return true;
}

/* The reference: place by place. */
static bool in_by_places(struct rule_literal l, struct slice text)
{
    for (size_t at = 0; at + l.len <= text.len; at++)
        if (stands_at(l, text.ptr + at))
            return true;
    return false;
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 16;
}

/* Where PCRE2 finds ${regex} in ${text}, the literal stands there. Returns: did it? */
static bool agrees(struct slice regex, struct slice text)
{
    struct rule_literal l = rule_literal_of(regex);
    PCRE2_SIZE offset;
    int error;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)regex.ptr, regex.len, 0, &error, &offset, NULL);
    pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    bool found =
        code != NULL && pcre2_match(code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, match, NULL) >= 0;

    if (found && !rule_literal_in(&l, text))
        fail_msg("%.*s: '%.*s' is not in '%.*s'", SLICE_FMT(regex), (int)l.len, l.text,
                 SLICE_FMT(text));
    pcre2_match_data_free(match);
    pcre2_code_free(code);
    return found;
}

/* Random expressions on random texts. */
static void test_agrees_with_pcre2(void **state)
{
    static const char *const pieces[] = {
        "a",    "b", "A", ".", "a?",  "b*",    "(ab)",  "(a|b)?", "[ab]", "a+",    "\\w", "(?i)",
        "a{2}", "|", "^", "$", "\\.", "(?=a)", "[^b]+", "b{0}",   "\\b",  "(?!b)", "()"};
    uint32_t seed = 1;
    size_t matches = 0;
    (void)state;

    for (int round = 0; round < 20000; round++) {
        struct buf regex = {0};
        char text[12];
        size_t len = next(&seed) % sizeof text;

        for (size_t n = next(&seed) % 6 + 1; n > 0; n--)
            buf_append_string(&regex, pieces[next(&seed) % COUNT(pieces)]);
        for (size_t i = 0; i < len; i++)
            text[i] = "abAB."[next(&seed) % 5];
        matches += agrees(buf_slice(&regex), slice_of(text, len));
        buf_free(&regex);
    }
    assert_true(matches > 1000);
}

/* Literals of all lengths in texts that hold much of them. */
static void test_ways_agree(void **state)
{
    uint32_t seed = 1;
    size_t found = 0;
    (void)state;

    for (int round = 0; round < 100000; round++) {
        char text[70], plain[7]; /* an expression that is its own literal */
        size_t len = next(&seed) % sizeof text, literal = next(&seed) % sizeof plain;
        struct rule_literal l;

        for (size_t i = 0; i < literal; i++)
            plain[i] = "ab_\xc1"[next(&seed) % 4];
        l = rule_literal_of(slice_of(plain, literal));
        for (size_t i = 0; i < len; i++)
            text[i] = "abABAB_\x7f\xc1\xe1"[next(&seed) % 10];
        const bool is = rule_literal_in(&l, slice_of(text, len));
        assert_int_equal(is, in_by_places(l, slice_of(text, len)));
        found += is && l.len > 0;
    }
    assert_true(found > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_ways_agree),
        cmocka_unit_test(test_agrees_with_pcre2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
