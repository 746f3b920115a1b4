/* join_test.c: requests that a product spreads over several lines. */
#include "format/join.h"

#include "format/testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { OPEN_RECORDS = 65536 };

static const char definition[] =
    TESTING_HEAD("template") "record Q {key} {type} {host}\n"
                             "reply A {key} {type} {host} {code}\n"
                             "note N {key} {type} {}\n"
                             "set action blocked\n"
                             "note B {key} {type} {bytes} {what}\n"
                             "join key type\n"
                             "client = key\n"
                             "host = host none \"null\"\n"
                             "qtype = type\n"
                             "bytes_down = bytes\n"
                             "method = what\n"
                             "action = code map \"NO\" blocked \"OK\" allowed\n";

static const struct {
    const char *log, *expected;
} rows[] = {
    {"Q c A x\n", "1 client=c host=x qtype=A;"},
    /* a reply adds to the oldest that had none, else it is a record */
    {"Q c A x\nA c A x OK\n", "1 client=c host=x action=allowed qtype=A;"},
    {"A c A x OK\n", "1 client=c host=x action=allowed qtype=A;"},
    {"A c A x OK\nQ c A x\n",
     "1 client=c host=x action=allowed qtype=A;2 client=c host=x qtype=A;"},
    {"Q c A x\nQ c A x\nA c A x NO\n",
     "1 client=c host=x action=blocked qtype=A;2 client=c host=x qtype=A;"},
    {"Q c A x\nQ c A x\nA c A x OK\nA c A x NO\n",
     "1 client=c host=x action=allowed qtype=A;2 client=c host=x action=blocked qtype=A;"},
    {"Q c A x\nA c A x OK\nA c A x NO\n",
     "1 client=c host=x action=allowed qtype=A;3 client=c host=x action=blocked qtype=A;"},
    {"Q c A x\nA c A x OK\nQ c A x\nA c A x NO\n",
     "1 client=c host=x action=allowed qtype=A;3 client=c host=x action=blocked qtype=A;"},
    {"A c A null NO\n", ""}, /* names no host and belongs to nothing */
    {"Q c A x\nA c A null NO\n", "1 client=c host=x action=blocked qtype=A;"},
    /* a note adds to the newest, else it is nothing */
    {"N c A -\n", ""},
    {"Q c A x\nN c A -\n", "1 client=c host=x action=blocked qtype=A;"},
    {"Q c A x\nQ c A x\nN c A -\n",
     "1 client=c host=x qtype=A;2 client=c host=x action=blocked qtype=A;"},
    {"Q c A x\nB c A 12 GET\n", "1 client=c host=x method=GET bytes_down=12 qtype=A;"},
    /* what stands there already stays, but a refusal wins */
    {"Q c A x\nB c A 12 GET\nB c A 13 PUT\n",
     "1 client=c host=x method=GET bytes_down=12 qtype=A;"},
    {"Q c A x\nA c A y OK\nN c A -\n", "1 client=c host=x action=blocked qtype=A;"},
    {"Q c A x\nN c A -\nA c A x OK\n", "1 client=c host=x action=blocked qtype=A;"},
    /* keys: every column counts, the case of letters does not, borders do */
    {"Q c A x\nN c B -\n", "1 client=c host=x qtype=A;"},
    {"Q c A x\nN d A -\n", "1 client=c host=x qtype=A;"},
    {"Q C a x\nN c A -\n", "1 client=C host=x action=blocked qtype=a;"},
    {"Q ab c x\nN a bc -\n", "1 client=ab host=x qtype=c;"},
    /* records keep the order of their lines */
    {"Q c A x\nQ d A x\nQ c B x\nN c A -\nQ e A x\n",
     "1 client=c host=x action=blocked qtype=A;2 client=d host=x qtype=A;"
     "3 client=c host=x qtype=B;5 client=e host=x qtype=A;"},
};

static void test_rows(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        testing_decode(definition, slice_of_string(rows[i].log), &out);
        if (strcmp(out.ptr, rows[i].expected) != 0)
            fail_msg("%sexpected %s\nis       %s", rows[i].log, rows[i].expected, out.ptr);
    }
    buf_free(&out);
}

/* Records in braces over several lines, without a key. */
static void test_blocks(void **state)
{
    static const char blocks[] = TESTING_HEAD("template") "record host {host} {{\n"
                                                          "note {} user {user};\n"
                                                          "end {:text}{{\n"
                                                          "end }}\n"
                                                          "skip *;\n"
                                                          "join previous\n"
                                                          "host = host\n"
                                                          "user = user\n";
    static const struct {
        const char *log, *expected;
    } cases[] = {
        {"host a {\n  user x;\n}\nhost b {\n  odd;\n  user y;\n}\n",
         "1 user=x host=a;4 user=y host=b;"},
        {"host a {\n  user x;\n  user y;\n}\n", "1 user=x host=a;"},
        {"host a {\n}\n  user y;\n", "1 host=a;"},
        {"host a {\nother {\n  user y;\n}\n", "1 host=a;"},
        {"host a {\n  user x;\n", "1 user=x host=a;"}, /* cut off */
        {"  user x;\n}\n", ""},
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        testing_decode(blocks, slice_of_string(cases[i].log), &out);
        if (strcmp(out.ptr, cases[i].expected) != 0)
            fail_msg("%s:\nexpected %s\nis       %s", cases[i].log, cases[i].expected, out.ptr);
    }
    buf_free(&out);
}

/* A request whose client, host and outcome stand on three lines, the last under another key. */
static const char spread[] = TESTING_HEAD("template") "open C {process} {fd} {client}\n"
                                                      "outcome R {process} {fd} {host}\n"
                                                      "outcome D {process} {refused}\n"
                                                      "set action blocked\n"
                                                      "join process fd\n"
                                                      "join process @host\n"
                                                      "client = client\n"
                                                      "host = host none \"-\"\n"
                                                      "host = refused\n";

static const struct {
    const char *log, *expected;
} spread_rows[] = {
    {"C p 1 a\nR p 1 x\n", "1 client=a host=x;"},
    {"C p 1 a\n", ""}, /* nothing was asked */
    {"R p 1 x\n", "1 host=x;"},
    {"D p x\n", "1 host=x action=blocked;"},
    {"C p 1 a\nR p 1 -\n", ""},
    {"C p 1 a\nR p 1 x\nD p x\n", "1 client=a host=x action=blocked;"},
    {"C p 1 a\nR p 1 x\nD p X\n", "1 client=a host=x action=blocked;"},
    {"C p 1 a\nR p 1 x\nD p y\n", "1 client=a host=x;3 host=y action=blocked;"},
    {"C p 1 a\nR p 1 x\nD q x\n", "1 client=a host=x;3 host=x action=blocked;"},
    /* interleaved; two refusals of one host mark two requests */
    {"C p 1 a\nC p 2 b\nR p 2 x\nR p 1 y\n", "1 client=a host=y;2 client=b host=x;"},
    {"C p 1 a\nC p 2 b\nR p 2 x\nR p 1 x\nD p x\nD p x\n",
     "1 client=a host=x action=blocked;2 client=b host=x action=blocked;"},
    {"R p 1 x\nC p 2 b\nR p 2 x\nD p x\n",
     "1 host=x;2 client=b host=x action=blocked;"}, /* the newest first */
    /* a descriptor that is used again is another connection's */
    {"C p 1 a\nC p 1 b\nR p 1 x\n", "2 client=b host=x;"},
    {"C p 1 a\nC p 1 b\nR p 1 x\nR p 1 y\n", "2 client=b host=x;4 host=y;"},
};

static void test_spread(void **state)
{
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(spread_rows); i++) {
        testing_decode(spread, slice_of_string(spread_rows[i].log), &out);
        if (strcmp(out.ptr, spread_rows[i].expected) != 0)
            fail_msg("%sexpected %s\nis       %s", spread_rows[i].log, spread_rows[i].expected,
                     out.ptr);
    }
    buf_free(&out);
}

/* Keys that differ only in the last byte, or only in a column behind a long one. */
static void test_long_keys(void **state)
{
    enum { KEY_BYTES = 2000 };
    char log[4 * KEY_BYTES], key[KEY_BYTES + 1];
    struct buf out = {0};

    (void)state;
    memset(key, 'k', KEY_BYTES);
    key[KEY_BYTES] = '\0';
    snprintf(log, sizeof log, "Q %s1 A x\nN %s2 A -\nN %s1 B -\n", key, key, key);
    testing_decode(definition, slice_of_string(log), &out);
    assert_null(strstr(out.ptr, "blocked"));
    snprintf(log, sizeof log, "Q %s1 A x\nN %s1 A -\n", key, key);
    testing_decode(definition, slice_of_string(log), &out);
    assert_non_null(strstr(out.ptr, "blocked"));
    buf_free(&out);
}

/* NUL bytes in a key do not shift the border of its columns. */
static void test_nul_in_key(void **state)
{
    struct buf out = {0};

    (void)state;
    testing_decode(definition, SLICE("Q a\0b c x\nN a b\0c -\n"), &out);
    for (size_t i = 0; i + 7 < out.len; i++)
        assert_memory_not_equal(out.ptr + i, "blocked", 7);
    buf_free(&out);
}

/* Are the records those of queries that each have a key of their own, from line 1 to ${count}? */
static void expect_queries(const char *p, size_t count)
{
    size_t line = 0;

    for (; *p != '\0'; p = strchr(p, ';') + 1, line++) {
        char start[64];

        snprintf(start, sizeof start, "%zu client=c%zu host=x ", line + 1, line);
        if (strncmp(p, start, strlen(start)) != 0)
            fail_msg("expected %s, is %.40s", start, p);
    }
    assert_int_equal(line, count);
}

/* The oldest record leaves when the 65,537th comes; until then it can be added to. */
static void test_bound(void **state)
{
    static const struct {
        size_t queries;
        bool blocked;
    } bounds[] = {
        {OPEN_RECORDS, true}, {OPEN_RECORDS + 1, false}, {(size_t)3 * OPEN_RECORDS, false}};

    (void)state;
    for (size_t i = 0; i < COUNT(bounds); i++) {
        struct buf log = {0}, out = {0};

        for (size_t n = 0; n < bounds[i].queries; n++)
            buf_printf(&log, "Q c%zu A x\n", n);
        buf_append_string(&log, "N c0 A -\n");
        testing_decode(definition, buf_slice(&log), &out);
        assert_int_equal(strstr(out.ptr, "1 client=c0 host=x action=blocked qtype=A;") == out.ptr,
                         bounds[i].blocked);
        expect_queries(out.ptr, bounds[i].queries);
        buf_free(&log);
        buf_free(&out);
    }
}

/* Many records of one key, many additions: the walk along them has a bound. */
static void test_many_of_one_key(void **state)
{
    enum { QUERIES = 40000 };
    struct buf log = {0}, out = {0};
    size_t answered = 0;

    (void)state;
    for (size_t i = 0; i < QUERIES; i++)
        buf_append_string(&log, "Q c A x\n");
    for (size_t i = 0; i < 1000; i++)
        buf_append_string(&log, "A c A x NO\n");
    testing_decode(definition, buf_slice(&log), &out);
    for (const char *p = out.ptr; (p = strstr(p, "action=blocked")) != NULL; p++)
        answered++;
    assert_int_equal(answered, 1000);
    assert_null(strstr(out.ptr, "broken account"));
    buf_free(&log);
    buf_free(&out);
}

enum { LONG_TEXT = 100000, LONG_EVERY = 997 };

/* What query number ${n} asks for, of this length or that, and what is noted of it later. */
static void append_host(struct buf *out, size_t n)
{
    size_t more = n % LONG_EVERY == LONG_EVERY - 1 ? LONG_TEXT : n % 7 == 3 ? n % 2003 : n % 97;

    buf_printf(out, "h%zu", n);
    for (size_t i = 0; i < more; i++)
        buf_append_byte(out, 'x');
}

static void append_method(struct buf *out, size_t n)
{
    buf_printf(out, "M%zu", n);
    for (size_t i = 0; i < n % 61; i++)
        buf_append_byte(out, 'y');
}

/* ${queries}, each noted ${behind} others later, as lines and as records. */
static void check_texts(size_t queries, size_t behind)
{
    struct buf log = {0}, out = {0}, expected = {0};
    const char *p;

    for (size_t n = 0; n < queries; n++) {
        buf_printf(&log, "Q c%zu A ", n);
        append_host(&log, n);
        if (n >= behind) {
            buf_printf(&log, "\nB c%zu A 1 ", n - behind);
            append_method(&log, n - behind);
        }
        buf_append_byte(&log, '\n');
    }
    testing_decode(definition, buf_slice(&log), &out);
    p = out.ptr;
    for (size_t n = 0; n < queries; n++) {
        buf_reset(&expected);
        buf_printf(&expected, "%zu client=c%zu host=", 1 + n + (n > behind ? n - behind : 0), n);
        append_host(&expected, n);
        if (n + behind < queries) {
            buf_append_string(&expected, " method=");
            append_method(&expected, n);
            buf_append_string(&expected, " bytes_down=1");
        }
        buf_append_string(&expected, " qtype=A;");
        if (strncmp(p, expected.ptr, expected.len) != 0)
            fail_msg("expected %.80s, is %.80s", expected.ptr, p);
        p += expected.len;
    }
    buf_free(&log);
    buf_free(&out);
    buf_free(&expected);
}

/* Texts of any length stay what they are until their record is handed out, also those that come
 * later, while the memory of older ones is used again. */
static void test_texts(void **state)
{
    (void)state;
    check_texts(70000, 0);
    check_texts(10000, 1);
    check_texts(10000, 500);
    check_texts(200000, 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_spread),
        cmocka_unit_test(test_long_keys),
        cmocka_unit_test(test_nul_in_key),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_many_of_one_key),
        cmocka_unit_test(test_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
