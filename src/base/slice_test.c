/* slice_test.c: searching and comparing borrowed bytes. */
#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_find(void **state)
{
    static const struct {
        const char *text, *what;
        size_t at;
    } rows[] = {
        {"abcabc", "bc", 1}, {"abcabc", "abc", 0}, {"abc", "abcd", 3}, {"abc", "x", 3},
        {"abc", "c", 2},     {"abc", "", 0},       {"", "a", 0},       {"", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(
            slice_find_slice(slice_of_string(rows[i].text), slice_of_string(rows[i].what)),
            rows[i].at);
    assert_int_equal(slice_find(SLICE("a\0b"), '\0'), 1);
    assert_int_equal(slice_find(SLICE("a\0b"), 'b'), 2);
    assert_int_equal(slice_find(SLICE("ab"), 'c'), 2);
    assert_int_equal(slice_find(slice_of(NULL, 0), 'c'), 0);
}

/* Every place in texts of all lengths about those that are looked at at once. */
static void test_find_everywhere(void **state)
{
    char text[80], what[40];

    (void)state;
    for (size_t len = 2; len <= sizeof what; len += 6)
        for (size_t size = len; size <= sizeof text; size++)
            for (size_t at = 0; at + len <= size; at++) {
                memset(text, 'a', sizeof text); /* first and last byte stand all over */
                memset(what, 'a', sizeof what);
                what[len / 2] = 'b';
                assert_int_equal(slice_find_slice(slice_of(text, size), slice_of(what, len)), size);
                text[at + len / 2] = 'b';
                assert_int_equal(slice_find_slice(slice_of(text, size), slice_of(what, len)), at);
            }
}

static void test_cut(void **state)
{
    static const struct {
        const char *text, *head, *tail;
        bool found;
    } rows[] = {
        {"a=b", "a", "b", true}, {"a=b=c", "a", "b=c", true}, {"=", "", "", true},
        {"a=", "a", "", true},   {"abc", "abc", "", false},   {"", "", "", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice head, tail;

        assert_int_equal(slice_cut(slice_of_string(rows[i].text), '=', &head, &tail),
                         rows[i].found);
        assert_true(slice_is(head, rows[i].head) && slice_is(tail, rows[i].tail));
    }
}

static void test_trim(void **state)
{
    (void)state;
    assert_true(slice_is(slice_trim(SLICE(" \ta b\t ")), "a b"));
    assert_true(slice_is(slice_trim(SLICE(" \t ")), ""));
    assert_true(slice_is(slice_trim(SLICE("")), ""));
    assert_true(slice_is(slice_trim(SLICE("\ra\n")), "\ra\n"));
}

static void test_count_lines(void **state)
{
    (void)state;
    assert_int_equal(slice_count_lines(SLICE("")), 0);
    assert_int_equal(slice_count_lines(SLICE("a")), 1);
    assert_int_equal(slice_count_lines(SLICE("a\n")), 1);
    assert_int_equal(slice_count_lines(SLICE("a\n\nb")), 3);
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_compare(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
        bool nocase;
    } rows[] = {
        {"a", "a", 0, true},         {"a", "b", -1, false},    {"b", "a", 1, false},
        {"a", "ab", -1, false},      {"", "a", -1, false},     {"", "", 0, true},
        {"A", "a", -1, true},        {"[", "{", -1, false},    {"@", "`", -1, false},
        {"\xc3", "\xe3", -1, false}, {"a", "\xff", -1, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice a = slice_of_string(rows[i].a), b = slice_of_string(rows[i].b);

        assert_int_equal(sign(slice_compare(a, b)), rows[i].order);
        assert_int_equal(sign(slice_compare(b, a)), -rows[i].order);
        assert_int_equal(slice_equal(a, b), rows[i].order == 0);
        assert_int_equal(slice_equal_nocase(a, b), rows[i].nocase);
    }
}

static void test_headings(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"Event ID", "event_id", true},
        {"eventid", " Event-ID\t", true},
        {"", " _", true},
        {"event", "events", false},
        {"events", "event", false},
        {"a", "b", false},
        {"部署", "部 署", true},
        {"a.b", "ab", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice a = slice_of_string(rows[i].a), b = slice_of_string(rows[i].b);

        assert_int_equal(slice_equal_heading(a, b), rows[i].same);
        assert_int_equal(slice_hash_heading(a) == slice_hash_heading(b), rows[i].same);
    }
}

static void test_ends(void **state)
{
    (void)state;
    assert_true(slice_starts_with(SLICE("abc"), SLICE("ab")));
    assert_true(slice_starts_with(SLICE("abc"), SLICE("")));
    assert_false(slice_starts_with(SLICE("ab"), SLICE("abc")));
    assert_true(slice_ends_with(SLICE("abc"), SLICE("bc")));
    assert_true(slice_ends_with(slice_of(NULL, 0), SLICE("")));
    assert_false(slice_ends_with(SLICE("bc"), SLICE("abc")));
}

static void test_glob(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool hit;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "abc", true},
        {"a*", "abc", true},
        {"a*", "ba", false},
        {"*c", "abc", true},
        {"*c", "abcd", false},
        {"a*c", "ac", true},
        {"a*c", "abcbc", true},
        {"a*b*c", "axbxc", true},
        {"a*b*c", "axcxb", false},
        {"**", "x", true},
        {"a?c", "abc", false},
        {"a?c", "a?c", true},
        {"*.line.me", "x.line.me", true},
        {"*.line.me", "line.me", false},
        {"*aab", "aaaaaaab", true},
        {"A*", "abc", false},
        {"*bc*", "abxbc", true},
        {"*bc*", "abxb", false},
        {"*b*b", "ab", false},
        {"a*b*", "ab", true},
        {"a*b*b", "ab", false},
        {"*ab*ab", "xabab", true},
        {"*ab*ba", "xaba", false},
        {"ab*ba", "aba", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (slice_glob(slice_of_string(rows[i].pattern), slice_of_string(rows[i].text)) !=
            rows[i].hit)
            fail_msg("'%s' on '%s'", rows[i].pattern, rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),        cmocka_unit_test(test_find_everywhere),
        cmocka_unit_test(test_cut),         cmocka_unit_test(test_trim),
        cmocka_unit_test(test_count_lines), cmocka_unit_test(test_compare),
        cmocka_unit_test(test_headings),    cmocka_unit_test(test_ends),
        cmocka_unit_test(test_glob),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
