/* psl_test.c: registrable domains; only rules that have stood for years. */
#include "net/psl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void finds_registrable_domains(void **state)
{
    static const struct {
        const char *host, *registrable;
    } rows[] = {
        {"gateway.discord.gg", "discord.gg"},
        {"discord.gg", "discord.gg"},
        {"gg", "gg"},
        {"www.example.co.jp", "example.co.jp"},
        {"co.jp", "co.jp"},
        {"a.b.chiyoda.tokyo.jp", "b.chiyoda.tokyo.jp"},
        {"acme.github.io", "acme.github.io"},
        {"github.io", "github.io"},
        {"x.xn--fiqs8s", "x.xn--fiqs8s"},
        {"www.example.no-such-tld", "example.no-such-tld"},
        {"192.0.2.1", ""},
        {"::1", ""},
    };
    struct psl *p = psl_open();
    (void)state;

    assert_non_null(p);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice host = slice_of_string(rows[i].host);
        struct slice found = psl_registrable(p, host);

        if (!slice_is(found, rows[i].registrable))
            fail_msg("%s: %.*s", rows[i].host, SLICE_FMT(found));
        if (found.len > 0 && (found.ptr < host.ptr || found.ptr + found.len != host.ptr + host.len))
            fail_msg("%s: not a slice of it", rows[i].host);
    }
    psl_close(p);
}

static void groups_unknown_hosts(void **state)
{
    static const struct {
        const char *host, *group;
        enum host_kind kind;
    } rows[] = {
        {"gateway.discord.gg", "discord.gg", HOST_DOMAIN},
        {"www.example.co.jp", "example.co.jp", HOST_DOMAIN},
        {"a.b.new-app.example", "new-app.example", HOST_DOMAIN},
        {"co.jp", "co.jp", HOST_DOMAIN},
        {"192.0.2.1", "192.0.2.1", HOST_ADDRESS},
        {"2001:db8::1", "2001:db8::1", HOST_ADDRESS},
        {"wpad", "wpad", HOST_LOCAL},
        {"_ldap._tcp.dc._msdcs.acme.local", "acme.local", HOST_LOCAL},
        {"printer.local", "printer.local", HOST_LOCAL},
        {"local", "local", HOST_LOCAL},
        {"7.2.0.192.in-addr.arpa", "in-addr.arpa", HOST_LOCAL},
        {"files.acme.internal", "acme.internal", HOST_LOCAL},
        {"notlocal.com", "notlocal.com", HOST_DOMAIN},
        {"", "", HOST_LOCAL},
        {".", ".", HOST_DOMAIN},
        {"..", "..", HOST_DOMAIN},
    };
    struct psl *p = psl_open();
    (void)state;

    assert_non_null(p);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice host = slice_of_string(rows[i].host), group = psl_group(p, host);

        if (!slice_is(group, rows[i].group))
            fail_msg("%s: %.*s", rows[i].host, SLICE_FMT(group));
        if (host_kind_of(host) != rows[i].kind)
            fail_msg("%s: %s", rows[i].host, host_kind_name(host_kind_of(host)));
    }
    psl_close(p);
}

static void knows_registry_suffixes(void **state)
{
    static const struct {
        const char *host;
        bool suffix;
    } rows[] = {
        {"jp", true},           {"co.jp", true},      {"github.io", false}, {"example.jp", false},
        {"no-such-tld", false}, {"192.0.2.1", false}, {"", false}};
    struct psl *p = psl_open();
    (void)state;

    assert_non_null(p);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (psl_is_registry_suffix(p, slice_of_string(rows[i].host)) != rows[i].suffix)
            fail_msg("%s", rows[i].host);
    psl_close(p);
}

static void takes_odd_hosts(void **state)
{
    char large[2000];
    struct psl *p = psl_open();
    (void)state;

    assert_non_null(p);
    memset(large, 'a', sizeof large);
    assert_int_equal(psl_registrable(p, slice_of(large, sizeof large)).len, sizeof large);
    assert_int_equal(psl_registrable(p, slice_of(NULL, 0)).len, 0);
    assert_int_equal(psl_registrable(p, slice_of("a\0.com", 6)).len, 6);
    assert_false(psl_is_registry_suffix(p, slice_of(large, sizeof large)));
    assert_false(psl_is_registry_suffix(p, slice_of(NULL, 0)));
    psl_close(p);
    psl_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_registrable_domains),
        cmocka_unit_test(groups_unknown_hosts),
        cmocka_unit_test(knows_registry_suffixes),
        cmocka_unit_test(takes_odd_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
