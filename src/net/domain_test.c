/* domain_test.c: spellings of hosts. */
#include "net/domain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *raw, *expected;
} hosts[] = {
    /* names */
    {"line.me", "line.me"},
    {"Gateway.DISCORD.gg", "gateway.discord.gg"},
    {"line.me.", "line.me"},
    {"line.me..", "line.me."},
    {"_dmarc.example.com", "_dmarc.example.com"},
    {"localhost", "localhost"},
    {".", ""},
    {"", ""},
    {"-", "-"},
    /* ports */
    {"line.me:443", "line.me"},
    {"LINE.me.:443", "line.me"},
    {"line.me:", "line.me"},
    {"line.me:https", "line.me:https"},
    {":443", ""},
    {"192.0.2.1:8080", "192.0.2.1"},
    /* IPv4 */
    {"192.0.2.1", "192.0.2.1"},
    {"192.0.2.1.", "192.0.2.1"},
    /* IPv6 */
    {"::1", "::1"},
    {"::", "::"},
    {"[::1]", "::1"},
    {"[::1]:443", "::1"},
    {"[2001:DB8::1]:", "2001:db8::1"},
    {"2001:db8:0:0:0:0:0:1", "2001:db8::1"},
    {"2001:db8::1:443", "2001:db8::1:443"},
    {"2001:db8:0:0:0:0:0:1:443", "2001:db8::1"},
    {"fe80::1%eth0", "fe80::1"},
    {"[fe80::1%25eth0]:80", "fe80::1"},
    {"fe80::1%", "fe80::1"},
    {"%5B2001:db8::10%5D:8080", "2001:db8::10"},
    {"%5b2001%3adb8%3a%3a10%5d", "2001:db8::10"},
    {"%5Bx%5D:80", "[x]"},
    {"[::ffff:192.0.2.1]", "192.0.2.1"},
    {"[::1]x", "[::1]x"},
    {"[::1", "[::1"},
    {"[line.me]:443", "[line.me]"},
    /* percent-encoding, once */
    {"line%2Eme", "line.me"},
    {"%4CINE.me", "line.me"},
    {"line.me%3A443", "line.me"},
    {"line%252Eme", "line%2eme"},
    {"line.me%", "line.me%"},
    {"line.me%2", "line.me%2"},
    {"line.me%zz", "line.me%zz"},
    {"evil%2Fline.me", "evil/line.me"},
    /* IDN */
    {"日本語.jp", "xn--wgv71a119e.jp"},
    {"%E6%97%A5%E6%9C%AC%E8%AA%9E.jp", "xn--wgv71a119e.jp"},
    {"日本語。jp", "xn--wgv71a119e.jp"},
    {"日本語.jp:443", "xn--wgv71a119e.jp"},
    {"日本語.jp.", "xn--wgv71a119e.jp"},
    {"BÜCHER.example", "xn--bcher-kva.example"},
    {"faß.example", "xn--fa-hia.example"},
    {"ｌｉｎｅ．ｍｅ", "line.me"},
    {"lıne.me", "xn--lne-jua.me"},
    {"XN--LNE-JUA.me", "xn--lne-jua.me"},
    {"\xff\xfe.example", "\xff\xfe.example"},
    /* rubbish keeps its bytes */
    {"two words", "two words"},
    {"a/b", "a/b"},
    {"user@host", "user@host"},
    {"1:2:3", "1:2:3"},
};

static void normalises(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT(hosts); i++) {
        char out[HOST_LIMIT];
        struct slice host = domain_normalise(slice_of_string(hosts[i].raw), out);

        if (!slice_is(host, hosts[i].expected))
            fail_msg("%s: %.*s, expected %s", hosts[i].raw, SLICE_FMT(host), hosts[i].expected);
    }
}

static void keeps_a_nul(void **state)
{
    char out[HOST_LIMIT];
    (void)state;

    assert_true(slice_equal(domain_normalise(SLICE("Line.me\0x"), out), SLICE("line.me\0x")));
    assert_true(slice_equal(domain_normalise(SLICE("line.me%00.\xc3\xa4"), out),
                            SLICE("line.me\0.\xc3\xa4")));
}

static void limits_length(void **state)
{
    char raw[HOST_LIMIT + 1], out[HOST_LIMIT];
    (void)state;

    memset(raw, 'A', sizeof raw);
    assert_int_equal(domain_normalise(slice_of(raw, HOST_LIMIT), out).len, HOST_LIMIT);
    assert_int_equal(domain_normalise(slice_of(raw, HOST_LIMIT + 1), out).len, 0);
    memset(raw, '\xc3', sizeof raw);
    assert_int_equal(domain_normalise(slice_of(raw, HOST_LIMIT), out).len, HOST_LIMIT);
}

static void knows_addresses(void **state)
{
    static const struct {
        const char *host;
        bool expected;
    } rows[] = {
        {"192.0.2.1", true}, {"::1", true},          {"::", true},       {"2001:db8::f", true},
        {"fe80::", true},    {"1.2.3", false},       {"line.me", false}, {"example.de", false},
        {"", false},         {"1.2.3.4.com", false}, {"[::1]", false},   {"face", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        if (domain_is_address(slice_of_string(rows[i].host)) != rows[i].expected)
            fail_msg("%s", rows[i].host);
}

#define LABEL_63 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc"

static void checks_names(void **state)
{
    static const struct {
        const char *name, *why; /* NULL: fit */
    } rows[] = {
        {"line.me", NULL},
        {"xn--wgv71a119e.jp", NULL},
        {"_tcp.example.com", NULL},
        {"0-edge-chat.facebook.com", NULL},
        {"microsoft", NULL},
        {LABEL_63 ".com", NULL},
        {LABEL_63 "d.com", "a label longer than 63 bytes"},
        {LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, "longer than 253 bytes"},
        {"", "empty"},
        {"line.me.", "a trailing dot"},
        {".line.me", "an empty label"},
        {"line..me", "an empty label"},
        {"-line.me", "a label that begins or ends with '-'"},
        {"line-.me", "a label that begins or ends with '-'"},
        {"*.line.me", "a byte that is neither letter, digit, '-' nor '_'"},
        {"日本語.jp", "a character outside ASCII; expected its xn-- spelling"},
        {"line.me:443", "a byte that is neither letter, digit, '-' nor '_'"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *why = NULL;
        bool ok = domain_valid(slice_of_string(rows[i].name), &why);

        if (ok != (rows[i].why == NULL))
            fail_msg("%s", rows[i].name);
        if (!ok)
            assert_string_equal(why, rows[i].why);
    }
}

static void checks_idn(void **state)
{
    static const struct {
        const char *name;
        bool valid;
    } rows[] = {
        {"line.me", true},          {"xn--wgv71a.jp", true},   {"a.xn--wgv71a.xn--fiqs8s", true},
        {"xn--a.example", false},   {"xn--.example", false},   {"xn--wgv71a119e.jp", true},
        {"xn--99999999.jp", false}, {"my-xn--x.example", true}};
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        if (domain_idn_valid(slice_of_string(rows[i].name)) != rows[i].valid)
            fail_msg("%s", rows[i].name);
}

/* At every place of a name each byte decides as domain_normalise does. */
static void sees_what_is_normal(void **state)
{
    static const char name[] = "api-7.cdn_1.example.co.jp";
    char text[sizeof name], out[HOST_LIMIT];

    (void)state;
    assert_true(domain_is_normal(SLICE("line-apps.com")));
    assert_false(domain_is_normal(SLICE("")));
    for (size_t at = 0; at + 1 < sizeof name; at++)
        for (unsigned byte = 0; byte < 256; byte++) {
            struct slice raw = slice_of(text, sizeof name - 1);

            memcpy(text, name, sizeof name);
            text[at] = (char)byte;
            if (domain_is_normal(raw))
                assert_true(slice_equal(domain_normalise(raw, out), raw));
            else
                assert_true(strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", (int)byte) == NULL ||
                            byte == 0);
        }
    for (size_t i = 0; i < COUNT(hosts); i++)
        if (domain_is_normal(slice_of_string(hosts[i].raw)))
            assert_string_equal(hosts[i].raw, hosts[i].expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normalises),          cmocka_unit_test(keeps_a_nul),
        cmocka_unit_test(limits_length),       cmocka_unit_test(knows_addresses),
        cmocka_unit_test(checks_names),        cmocka_unit_test(checks_idn),
        cmocka_unit_test(sees_what_is_normal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
