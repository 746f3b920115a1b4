/* url_test.c: request targets as proxies log them. */
#include "base/word.h"
#include "net/url.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *target, *authority, *path;
} targets[] = {
    /* absolute-form */
    {"http://line.me/", "line.me", "/"},
    {"http://line.me", "line.me", ""},
    {"https://line.me:443", "line.me:443", ""},
    {"HTTPS://Line.ME/a?b=c#d", "Line.ME", "/a?b=c"},
    {"http://line.me?q=http://x.example/", "line.me", ""},
    {"http://line.me#f/g", "line.me", ""},
    {"ftp://user:pass@files.example:21/a", "files.example:21", "/a"},
    {"http://line.me:80@other.example/", "other.example", "/"},
    {"http://line.me@slack.com@other.example:8080/x", "other.example:8080", "/x"},
    {"http://other.example/@line.me/", "other.example", "/@line.me/"},
    {"http://other.example?@line.me/", "other.example", ""},
    {"http://line.me\\@other.example/", "other.example", "/"},
    {"tunnel://line.me:443/", "line.me:443", "/"},
    {"ws+unix://line.me/", "line.me", "/"},
    {"http://[::1]:8080/x", "[::1]:8080", "/x"},
    {"http://[fe80::1%25eth0]/", "[fe80::1%25eth0]", "/"},
    {"http://日本語.jp/", "日本語.jp", "/"},
    {"http://line.me%2fa/b", "line.me", "/b"},
    {"http://line.me:80%3Fa", "line.me:80", ""},
    {"http://line.me%23a", "line.me", ""},
    {"http://line.me%2fa@other.example/", "other.example", "/"},
    {"http://%6Cine.me/", "%6Cine.me", "/"},
    /* authority-form */
    {"line.me:443", "line.me:443", ""},
    {"line.me:443/", "line.me:443", "/"},
    {"line.me:", "line.me:", ""},
    {"[2001:db8::1]:443", "[2001:db8::1]:443", ""},
    {"2001:db8::1", "2001:db8::1", ""},
    {"::1", "::1", ""},
    {"192.0.2.1:8443", "192.0.2.1:8443", ""},
    /* host/path without a scheme */
    {"line.me/a/b?c", "line.me", "/a/b?c"},
    {"line.me", "line.me", ""},
    {"line.me/http://other.example/", "line.me", "/http://other.example/"},
    {"line.me?u=a://b/", "line.me", ""},
    /* no host */
    {"", "", ""},
    {"/index.html?a=b", "", "/index.html?a=b"},
    {"//line.me/x", "", "//line.me/x"},
    {"*", "", ""},
    {":443", "", ""},
    {"http://", "", ""},
    {"http:///x", "", "/x"},
    {"https://...", "", ""},
    {"https://.../a", "", "/a"},
    {"http://%2f/", "", "/"},
    {"http://:80/", "", "/"},
    {"http://user@/", "", "/"},
    {"http://line .me/", "", "/"},
    {"http://line.me\t/", "", "/"},
    {"http://line.me\x7f/", "", "/"},
    {"http://line.me:80x/", "", "/"},
    {"http://[::1/", "", "/"},
    {"http://[]/", "", "/"},
    {"http://[::1]x/", "", "/"},
    {"error:invalid-request", "", ""},
    {"data:text/plain,x", "", "/plain,x"},
    {"line.me:80@other.example/", "", "/"},
    {"mailto:ann@line.me", "", ""},
};

static void finds_hosts_and_paths(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT(targets); i++) {
        struct slice target = slice_of_string(targets[i].target);
        struct slice authority = url_authority(target), path = url_path(target);

        if (!slice_is(authority, targets[i].authority))
            fail_msg("%s: host %.*s", targets[i].target, SLICE_FMT(authority));
        if (!slice_is(path, targets[i].path))
            fail_msg("%s: path %.*s", targets[i].target, SLICE_FMT(path));
    }
}

/* url_plain_authority of a copy with slack behind it; borrowed from there until the next call. */
static struct slice plain_host_of(struct slice target)
{
    static char text[256];

    assert_true(target.len + WIDE_SLACK <= sizeof text);
    memset(text, 'x', sizeof text); /* what stands behind must not matter */
    if (target.len > 0)
        memcpy(text, target.ptr, target.len);
    return url_plain_authority(slice_of(text, target.len));
}

/* The quick way takes the plain ones of them and agrees with the thorough one. */
static void knows_plain_hosts(void **state)
{
    static const char *const plain[] = {"http://line.me/", "https://line.me:443",
                                        "line.me:443",     "line.me/a/b?c",
                                        "192.0.2.1:8443",  "http://line.me#f/g"};
    static const char *const odd[] = {
        "line.me:", "ftp://line.me/",      "tunnel://line.me:443/", "http://[::1]:80/x",
        "http://",  "http://u:1@line.me/", "line.me:443x",          ""};
    (void)state;

    for (size_t i = 0; i < COUNT(targets); i++) {
        struct slice target = slice_of_string(targets[i].target);
        struct slice authority = plain_host_of(target);

        if (authority.len > 0 && !slice_is(authority, targets[i].authority))
            fail_msg("%s: host %.*s", targets[i].target, SLICE_FMT(authority));
    }
    for (size_t i = 0; i < COUNT(plain); i++)
        assert_true(slice_equal(plain_host_of(slice_of_string(plain[i])),
                                url_authority(slice_of_string(plain[i]))));
    for (size_t i = 0; i < COUNT(odd); i++)
        assert_int_equal(plain_host_of(slice_of_string(odd[i])).len, 0);
}

/* The reference, byte by byte: what is between a scheme of the web and a port, a path or the end,
 * where all of it is plain. ${target} has a NUL behind it. */
static struct slice plain_by_bytes(struct slice target)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    size_t from = slice_starts_with(target, SLICE("http://"))    ? 7
                  : slice_starts_with(target, SLICE("https://")) ? 8
                                                                 : 0;
    size_t end = from, port;

    while (end < target.len && memchr(plain, target.ptr[end], sizeof plain - 1) != NULL)
        end++;
    if (strspn(target.ptr + from, ".") >= end - from) /* nothing but dots */
        return slice_of(target.ptr, 0);
    for (port = end;
         end > from && port < target.len && slice_find(SLICE("/?#"), target.ptr[port]) == 3;)
        if (port > end ? !isdigit((unsigned char)target.ptr[port]) : target.ptr[port] != ':')
            return slice_of(target.ptr, 0);
        else
            port++;
    return port == end + 1 ? slice_of(target.ptr, 0) : slice_of(target.ptr + from, port - from);
}

static void plain_hosts_by_bytes(void **state)
{
    static const char bytes[] = "aZz09-._aaaaaaaaaaaaaaaaaaaaaaaaaaaaa:/?#@[`{^\x80\xff \x1f";
    static const char *const heads[] = {"", "http://", "https://"};
    uint32_t seed = 7;
    size_t hosts = 0;
    (void)state;

    for (int round = 0; round < 200000; round++) {
        char text[64] = "";
        size_t len = strlen(heads[round % 3]), wanted = len + (seed >> 8) % 48;

        memcpy(text, heads[round % 3], len);

        for (; len < wanted; len++) {
            seed = seed * 1664525U + 1013904223U;
            text[len] = bytes[(seed >> 16) % (sizeof bytes - 1)];
        }
        seed = seed * 1664525U + 1013904223U;
        const struct slice target = slice_of(text, len), found = plain_host_of(target);
        if (!slice_equal(found, plain_by_bytes(target)))
            fail_msg("%.*s: host %.*s", SLICE_FMT(target), SLICE_FMT(found));
        hosts += found.len > 16;
    }
    assert_true(hosts > 100);
}

static void refuses_a_nul(void **state)
{
    (void)state;

    assert_int_equal(url_authority(SLICE("http://line.me\0.other.example/")).len, 0);
    assert_int_equal(url_authority(slice_of(NULL, 0)).len, 0);
    assert_int_equal(url_path(slice_of(NULL, 0)).len, 0);
}

static void knows_schemes(void **state)
{
    static const struct {
        const char *target;
        bool expected;
    } rows[] = {
        {"http://a", true},    {"tunnel://a:443/", true}, {"a-b+c.d://", true}, {"://a", false},
        {"line.me", false},    {"line.me:443", false},    {"http:/a", false},   {"http:", false},
        {"/a?http://", false}, {"a b://c", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        if (url_has_scheme(slice_of_string(rows[i].target)) != rows[i].expected)
            fail_msg("%s", rows[i].target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_hosts_and_paths), cmocka_unit_test(knows_plain_hosts),
        cmocka_unit_test(plain_hosts_by_bytes),  cmocka_unit_test(refuses_a_nul),
        cmocka_unit_test(knows_schemes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
