/* suffix_tree_test.c: names on label borders. */
#include "signature/suffix_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a)   (sizeof(a) / sizeof *(a))
#define LONG_LABEL "a-label-that-is-longer-than-what-stands-in-a-node"

static const char *const names[] = {"line.me",          "api.line.me",    "line.naver.jp",
                                    "cloud.microsoft",  "x.com",          "xn--wgv71a119e.jp",
                                    LONG_LABEL ".test", LONG_LABEL "x.y", "a.b.c.d.e.f"};

static void finds_the_longest(void **state)
{
    static const struct {
        const char *host, *expected;
        bool whole;
    } rows[] = {
        {"line.me", "line.me", true},
        {"me", "me", true},
        {"w.line.me", "line.me", false},
        {"api.line.me", "api.line.me", true},
        {"w.api.line.me", "api.line.me", false},
        {"notline.me", "me", false},
        {"line.me.evil.example", "", false},
        {"naver.jp", "naver.jp", true},
        {"x.naver.jp", "naver.jp", false},
        {"netflix.com", "com", false},
        {"microsoft", "microsoft", true},
        {"cloud.microsoft", "cloud.microsoft", true},
        {".line.me", "line.me", false},
        {"line..me", "me", false},
        {"line.me.", "", false},
        {".", "", false},
        {"", "", false},
        {LONG_LABEL ".test", LONG_LABEL ".test", true},
        {"w." LONG_LABEL ".test", LONG_LABEL ".test", false},
        {LONG_LABEL "y.y", "y", false},
        {"b.c.d.e.f", "b.c.d.e.f", true},
        {"x.c.d.e.f", "c.d.e.f", false},
    };
    struct suffix_tree t = {0};
    (void)state;

    assert_true(suffix_tree_init(&t));
    for (size_t i = 0; i < COUNT(names); i++)
        assert_string_equal(t.rows[suffix_tree_insert(&t, slice_of_string(names[i]))].name,
                            names[i]);
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool whole;
        uint32_t node = suffix_tree_find(&t, slice_of_string(rows[i].host), &whole);

        if (!slice_is(slice_of_string(t.rows[node].name), rows[i].expected) ||
            whole != rows[i].whole)
            fail_msg("%s: %s", rows[i].host, t.rows[node].name);
    }
    suffix_tree_free(&t);
}

static void parents_lead_to_the_root(void **state)
{
    struct suffix_tree t = {0};
    uint32_t node;
    (void)state;

    assert_true(suffix_tree_init(&t));
    node = suffix_tree_insert(&t, SLICE("a.b.c"));
    assert_int_equal(suffix_tree_insert(&t, SLICE("a.b.c")), node);
    assert_string_equal(t.rows[t.nodes[node].parent].name, "b.c");
    assert_int_equal(suffix_tree_insert(&t, SLICE("b.c")), t.nodes[node].parent);
    assert_int_equal(t.nodes[suffix_tree_insert(&t, SLICE("c"))].parent, SUFFIX_ROOT);
    assert_int_equal(t.count, 4);
    suffix_tree_free(&t);
}

static void grows(void **state)
{
    struct suffix_tree t = {0};
    char name[32];
    bool whole;
    (void)state;

    assert_true(suffix_tree_init(&t));
    assert_true(suffix_tree_reserve(&t, 1000));
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "h%d.d%d.test", i, i % 300);
        assert_int_not_equal(suffix_tree_insert(&t, slice_of_string(name)), SUFFIX_NONE);
    }
    for (int i = 0; i < 20000; i++) {
        uint32_t node;

        snprintf(name, sizeof name, "h%d.d%d.test", i, i % 300);
        node = suffix_tree_find(&t, slice_of_string(name), &whole);
        assert_true(whole);
        assert_string_equal(t.rows[node].name, name);
    }
    assert_int_equal(t.count, 20000 + 300 + 1 + 1);
    suffix_tree_free(&t);
}

/* A tree from the hashes of another is the same, and grows on. */
static void appends_known_nodes(void **state)
{
    static const char *const known[] = {"c", "b.c", "a.b.c", "a-label-longer-than-sixteen-bytes.c"};
    struct suffix_tree from = {0}, to = {0};
    bool whole;
    (void)state;

    assert_true(suffix_tree_init(&from) && suffix_tree_init(&to));
    assert_true(suffix_tree_reserve(&to, COUNT(known)));
    for (size_t i = 0; i < COUNT(known); i++) {
        struct slice name = slice_of_string(known[i]);
        uint32_t node = suffix_tree_insert(&from, name);

        name.len = slice_find(name, '.');
        assert_int_equal(
            suffix_tree_append(&to, from.nodes[node].parent, name, suffix_tree_hash(&from, node)),
            node);
    }
    for (size_t i = 0; i < COUNT(known); i++) {
        assert_string_equal(to.rows[suffix_tree_find(&to, slice_of_string(known[i]), &whole)].name,
                            known[i]);
        assert_true(whole);
        assert_int_equal(suffix_tree_insert(&to, slice_of_string(known[i])), i + 1);
    }
    assert_int_equal(suffix_tree_insert(&to, SLICE("x.b.c")), COUNT(known) + 1);
    suffix_tree_free(&from);
    suffix_tree_free(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_longest),
        cmocka_unit_test(parents_lead_to_the_root),
        cmocka_unit_test(grows),
        cmocka_unit_test(appends_known_nodes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
