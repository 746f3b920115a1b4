/* address_test.c: spellings of addresses and networks. */
#include "net/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* What is printed for a text that parses; NULL: refused. */
static const struct {
    const char *text, *expected;
} spellings[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"192.0.2.01", NULL},
    {"192.0.2", NULL},
    {"192.0.2.256", NULL},
    {"192.0.2.1.", NULL},
    {"192.0.2.1:80", NULL},
    {" 192.0.2.1", NULL},
    {"0x7f.1", NULL},
    {"2130706433", NULL},
    {"", NULL},
    {"1", NULL},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:DB8::A", "2001:db8::a"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
    {"::ffff:192.0.2.1", "192.0.2.1"},
    {"::ffff:c000:201", "192.0.2.1"},
    {"::192.0.2.1", "::c000:201"},
    {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"[::1]", NULL},
    {"fe80::1%eth0", NULL},
    {"::1/128", NULL},
    {":::", NULL},
    {"1:2:3:4:5:6:7", NULL},
    {"1:2:3:4:5:6:7:8:9", NULL},
    {"12345::", NULL},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
};

static void spells(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT(spellings); i++) {
        struct address a;
        struct buf out = {0};
        bool ok = address_parse(slice_of_string(spellings[i].text), &a);

        if (ok != (spellings[i].expected != NULL))
            fail_msg("%s: %s", spellings[i].text, ok ? "accepted" : "refused");
        if (!ok)
            continue;
        address_append(&out, &a);
        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, spellings[i].expected);
        buf_free(&out);
    }
}

static void refuses_a_nul(void **state)
{
    struct address a;
    (void)state;

    assert_false(address_parse(slice_of("1.2.3.4\0", 8), &a));
    assert_false(address_parse(slice_of("::1\0x", 5), &a));
}

static void knows_versions(void **state)
{
    struct address a;
    (void)state;

    assert_true(address_parse(SLICE("192.0.2.1"), &a));
    assert_true(address_is_v4(&a));
    assert_true(address_parse(SLICE("::1"), &a));
    assert_false(address_is_v4(&a));
}

static void parses_networks(void **state)
{
    static const struct {
        const char *text;
        int bits; /* -1: refused */
        const char *why;
    } rows[] = {
        {"192.0.2.0/24", 120, NULL},
        {"192.0.2.7", 128, NULL},
        {"0.0.0.0/0", 96, NULL},
        {"::/0", 0, NULL},
        {"2001:db8::/32", 32, NULL},
        {"2001:db8::1", 128, NULL},
        {"::ffff:0:0/96", 96, NULL},
        {"192.0.2.1/24", -1, "bits behind the prefix are set"},
        {"2001:db8::1/64", -1, "bits behind the prefix are set"},
        {"192.0.2.0/33", -1, "the prefix length is not 0 to 32"},
        {"192.0.2.0/", -1, "the prefix length is not 0 to 32"},
        {"192.0.2.0/+8", -1, "the prefix length is not 0 to 32"},
        {"2001:db8::/129", -1, "the prefix length is not 0 to 128"},
        {"example.com/24", -1, "not an IPv4 or IPv6 address"},
        {"", -1, "not an IPv4 or IPv6 address"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct network n = {0};
        const char *why = NULL;
        bool ok = network_parse(slice_of_string(rows[i].text), &n, &why);

        assert_int_equal(ok, rows[i].bits >= 0);
        if (ok)
            assert_int_equal(n.bits, rows[i].bits);
        else
            assert_string_equal(why, rows[i].why);
    }
}

static void holds_addresses(void **state)
{
    static const struct {
        const char *network, *address;
        bool expected;
    } rows[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"149.154.160.0/20", "149.154.175.255", true},
        {"149.154.160.0/20", "149.154.176.0", false},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "2001:db8::1", true},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"192.0.2.0/24", "::ffff:192.0.2.9", true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct network n = {0};
        struct address a;
        const char *why;

        assert_true(network_parse(slice_of_string(rows[i].network), &n, &why));
        assert_true(address_parse(slice_of_string(rows[i].address), &a));
        if (network_has(&n, &a) != rows[i].expected)
            fail_msg("%s in %s", rows[i].address, rows[i].network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spells),          cmocka_unit_test(refuses_a_nul),
        cmocka_unit_test(knows_versions),  cmocka_unit_test(parses_networks),
        cmocka_unit_test(holds_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
