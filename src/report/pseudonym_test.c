/* pseudonym_test.c: keyed pseudonyms, against another program's and by their rules. */
#include "report/pseudonym.h"

#include "identity/testing.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define KEY      "0123456789abcdef0123456789abcdef"

static struct pseudonyms *make(struct slice key)
{
    struct error err = {0};
    char path[TESTING_PATH];
    struct pseudonyms *p;

    testing_file(key, path);
    p = pseudonym_open(path, &err);
    unlink(path);
    return p;
}

/* printf 0ann | openssl dgst -sha256 -hmac KEY */
static void test_value(void **state)
{
    struct pseudonyms *p = make(SLICE(KEY));
    struct buf out = {0};

    (void)state;
    assert_non_null(p);
    pseudonym_append(p, PSEUDONYM_USER, SLICE("ann"), &out);
    assert_int_equal(out.len, PSEUDONYM_DIGITS);
    assert_true(slice_is(buf_slice(&out), "c5212aae3174a827175c67305b4cbe16"));
    buf_free(&out);
    pseudonym_free(p);
}

static struct slice of(const struct pseudonyms *p, enum pseudonym_class class, const char *text,
                       struct buf *out)
{
    buf_reset(out);
    pseudonym_append(p, class, slice_of_string(text), out);
    return buf_slice(out);
}

static void test_rules(void **state)
{
    struct pseudonyms *p = make(SLICE(KEY)), *other = make(SLICE(KEY "x"));
    struct buf a = {0}, b = {0};

    (void)state;
    assert_true(slice_equal(of(p, PSEUDONYM_USER, "ann", &a), of(p, PSEUDONYM_USER, "ann", &b)));
    assert_false(slice_equal(of(p, PSEUDONYM_USER, "ann", &a), of(p, PSEUDONYM_USER, "bob", &b)));
    assert_false(slice_equal(of(p, PSEUDONYM_USER, "ann", &a), of(p, PSEUDONYM_TEXT, "ann", &b)));
    assert_false(
        slice_equal(of(p, PSEUDONYM_USER, "ann", &a), of(other, PSEUDONYM_USER, "ann", &b)));
    buf_reset(&a);
    pseudonym_append_user(p, SLICE("ip:10.0.0.1"), &a);
    assert_true(slice_starts_with(buf_slice(&a), SLICE("ip:")));
    assert_true(
        slice_equal(slice_from(buf_slice(&a), 3), of(p, PSEUDONYM_ADDRESS, "10.0.0.1", &b)));
    buf_reset(&a);
    pseudonym_append_user(p, SLICE("odd:ann"), &a);
    assert_int_equal(a.len, PSEUDONYM_DIGITS);
    buf_reset(&a);
    pseudonym_show(p, PSEUDONYM_TEXT, SLICE("ann"), &a);
    assert_true(slice_equal(buf_slice(&a), of(p, PSEUDONYM_TEXT, "ann", &b)));
    buf_reset(&a);
    pseudonym_show(NULL, PSEUDONYM_TEXT, SLICE("a\tnn"), &a);
    assert_true(slice_is(buf_slice(&a), "a\\x09nn"));
    assert_null(make(SLICE("short")));
    buf_free(&a);
    buf_free(&b);
    pseudonym_free(p);
    pseudonym_free(other);
}

/* A file that is no key is not taken for one by its beginning. */
static void test_long_key(void **state)
{
    static const char bytes[PSEUDONYM_LARGEST_KEY + 1];
    struct pseudonyms *p = make(slice_of(bytes, PSEUDONYM_LARGEST_KEY));

    (void)state;
    assert_non_null(p);
    pseudonym_free(p);
    assert_null(make(slice_of(bytes, sizeof bytes)));
}

static void test_texts(void **state)
{
    static const struct {
        const char *text;
        bool shown;
    } rows[] = {
        {"gateway.discord.gg", true},
        {"tanaka.example.com", false},
        {"DESK-Tanaka.example", false},
        {"tanakas.example", false},
        {"hiroshitanaka.example", false},
        {"tanak.example", true},
        {"ann.example", false},
        {"channel.example", true}, /* a short name is a word of its own */
        {"pc-0017.example", false},
        {"pc-00171.example", true}, /* so is that of a machine */
        {"li.example", false},
        {"li2.example", true},
        {"ip-10-1-2-3.example", false},
        {"10.1.2.3.nip.example", false},
        {"3.2.1.10.in-addr.arpa", false},
        {"8.b.d.0.1.0.0.2.ip6.arpa", false},
        {"a1-2-3.example", true},
        {"1-2-3-x-4.example", true},
        {"2026-10-11-400.example", true},
        {"10.0.0.1", false},
        {"2001:db8::1", false},
        {"acme", true},
        {"ab.example", true}, /* words of two letters are no names */
        {"田中.example", false},
    };
    struct pseudonyms *p = make(SLICE(KEY));
    struct buf out = {0};

    (void)state;
    assert_true(pseudonym_hide_person(p, SLICE("Tanaka")));
    assert_true(pseudonym_hide_person(p, SLICE("ann")));
    assert_true(pseudonym_hide_person(p, SLICE("li")));
    assert_true(pseudonym_hide(p, SLICE("ab")));
    assert_true(pseudonym_hide(p, SLICE("PC-0017")));
    assert_true(pseudonym_hide_person(p, SLICE("田中 太郎 ab")));
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_reset(&out);
        pseudonym_append_text(p, slice_of_string(rows[i].text), &out);
        if (slice_is(buf_slice(&out), rows[i].text) != rows[i].shown)
            fail_msg("%s: %.*s", rows[i].text, SLICE_FMT(buf_slice(&out)));
    }
    buf_free(&out);
    pseudonym_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_value), cmocka_unit_test(test_rules),
                                       cmocka_unit_test(test_long_key),
                                       cmocka_unit_test(test_texts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
