/* load_test.c: faults of domains.csv, networks.csv and tenants.csv, named by file and line. */
#include "signature/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define DOMAINS  "domain,app,role\n"
#define NETWORKS "network,app,role\n"
#define TENANTS  "app,pattern\n"

static const struct {
    const char *file, *csv, *message;
} faults[] = {
    {"x/other.csv", "",
     "x/other.csv: expected apps.csv, domains.csv, networks.csv, tenants.csv or rules.csv"},
    {"x/notapps.csv", "",
     "x/notapps.csv: expected apps.csv, domains.csv, networks.csv, tenants.csv or rules.csv"},
    {"s/domains.csv", "", "s/domains.csv:1: no header line; expected the columns domain,app,role"},
    {"s/domains.csv", "domain,app\n",
     "s/domains.csv:1: no column 'role'; expected the columns domain,app,role"},
    {"s/domains.csv", "domain,app,role,x\n",
     "s/domains.csv:1: unknown column 'x'; expected the columns domain,app,role"},
    {"s/domains.csv", DOMAINS "line.me,line\n", "s/domains.csv:2: 2 fields; the header has 3"},
    {"s/domains.csv", DOMAINS "\n\nline.me,line,svc\n",
     "s/domains.csv:4: role 'svc': expected service, content, embed or shared"},
    {"s/domains.csv", DOMAINS "line.me,line,\n",
     "s/domains.csv:2: role '': expected service, content, embed or shared"},
    {"s/domains.csv", DOMAINS "line.me,LINE,service\n",
     "s/domains.csv:2: app 'LINE': expected lower-case letters, digits and '-'"},
    {"s/domains.csv", DOMAINS "line.me,-x,service\n",
     "s/domains.csv:2: app '-x': expected lower-case letters, digits and '-'"},
    {"s/domains.csv", DOMAINS "line.me,,service\n",
     "s/domains.csv:2: app '': expected lower-case letters, digits and '-'"},
    {"s/domains.csv", DOMAINS ",line,service\n", "s/domains.csv:2: domain '': empty"},
    {"s/domains.csv", DOMAINS "=,line,service\n", "s/domains.csv:2: domain '=': empty"},
    {"s/domains.csv", DOMAINS "*.line.me,line,service\n",
     "s/domains.csv:2: domain '*.line.me': a byte that is neither letter, digit, '-' nor '_'"},
    {"s/domains.csv", DOMAINS ".line.me,line,service\n",
     "s/domains.csv:2: domain '.line.me': an empty label"},
    {"s/domains.csv", DOMAINS "line.me/x,line,service\n",
     "s/domains.csv:2: domain 'line.me/x': a byte that is neither letter, digit, '-' nor '_'"},
    {"s/domains.csv", DOMAINS "line.me:443,line,service\n",
     "s/domains.csv:2: domain 'line.me:443': neither port nor percent-encoding may stand here"},
    {"s/domains.csv", DOMAINS "line%2eme,line,service\n",
     "s/domains.csv:2: domain 'line%2eme': neither port nor percent-encoding may stand here"},
    {"s/domains.csv", DOMAINS "=192.0.2.1,line,service\n",
     "s/domains.csv:2: domain '=192.0.2.1': an address; those stand in networks.csv"},
    {"s/domains.csv", DOMAINS "[2001:db8::1]:443,line,service\n",
     "s/domains.csv:2: domain '[2001:db8::1]:443': an address; those stand in networks.csv"},
    {"s/domains.csv", DOMAINS "line.me,line,service\nx\"y,line,service\n",
     "s/domains.csv:3: stray quote near byte 2; a field that holds a quote stands in quotes, with "
     "the quote doubled"},
    {"s/networks.csv", NETWORKS "10.0.0.1/8,line,service\n",
     "s/networks.csv:2: network '10.0.0.1/8': bits behind the prefix are set; expected CIDR or "
     "ASn"},
    {"s/networks.csv", NETWORKS "line.me,line,service\n",
     "s/networks.csv:2: network 'line.me': not an IPv4 or IPv6 address; expected CIDR or ASn"},
    {"s/networks.csv", NETWORKS "ASx,line,service\n",
     "s/networks.csv:2: network 'ASx': not an AS number; expected CIDR or ASn"},
    {"s/networks.csv", NETWORKS "10.0.0.0/8,line,x\n",
     "s/networks.csv:2: role 'x': expected service, content, embed or shared"},
    {"s/tenants.csv", TENANTS "slack,{t}.slack.com\n",
     "s/tenants.csv:2: pattern '{t}.slack.com': only {tenant} and {tenant...} may stand in braces"},
    {"s/tenants.csv", TENANTS "-,{tenant}.slack.com\n",
     "s/tenants.csv:2: app '-': a pattern belongs to an app"},
    {"s/tenants.csv", TENANTS "Slack,{tenant}.slack.com\n",
     "s/tenants.csv:2: app 'Slack': expected lower-case letters, digits and '-'"},
};

static void names_faults(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT(faults); i++) {
        struct error err = {0};
        struct signature_set *set = signature_set_create(&err);
        struct signature_file file = {faults[i].file, slice_of_string(faults[i].csv)};

        assert_non_null(set);
        if (load_file(set, &file, &err))
            fail_msg("accepted: %s", faults[i].csv);
        assert_int_equal(err.code, ERROR_SYNTAX);
        assert_string_equal(err.text, faults[i].message);
        signature_set_free(set);
    }
}

static void keeps_rows(void **state)
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);
    struct signature_file file = {"s/domains.csv", SLICE("app,role,domain\n"
                                                         "line,service,LINE.me.\n"
                                                         "line,embed,=social-plugins.line.me\n"
                                                         "-,,corp.line.me\n"
                                                         "line,content,日本語.jp\n")};
    static const struct {
        const char *domain;
        bool exact, has_app;
        enum role role;
        size_t line;
    } rows[] = {
        {"line.me", false, true, ROLE_SERVICE, 2},
        {"social-plugins.line.me", true, true, ROLE_EMBED, 3},
        {"corp.line.me", false, false, ROLE_EMBED, 4},
        {"xn--wgv71a119e.jp", false, true, ROLE_CONTENT, 5},
    };
    (void)state;

    assert_true(load_file(set, &file, &err));
    assert_int_equal(signature_count(set), COUNT(rows));
    for (uint32_t i = 0; i < COUNT(rows); i++) {
        const struct signature *s = signature_at(set, i);

        assert_string_equal(s->domain, rows[i].domain);
        assert_int_equal(s->exact, rows[i].exact);
        assert_int_equal(s->app != SIGNATURE_NO_APP, rows[i].has_app);
        assert_int_equal(s->role, rows[i].role);
        assert_string_equal(s->file, "s/domains.csv");
        assert_int_equal(s->line, rows[i].line);
    }
    signature_set_free(set);
}

static void is_strict_about_ids(void **state)
{
    (void)state;

    assert_true(load_is_id(SLICE("line-works")));
    assert_true(load_is_id(SLICE("8card")));
    assert_false(load_is_id(SLICE("")));
    assert_false(load_is_id(SLICE("-")));
    assert_false(load_is_id(SLICE("Line")));
    assert_false(load_is_id(SLICE("line_works")));
    assert_false(load_is_id(SLICE("line works")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_faults),
        cmocka_unit_test(keeps_rows),
        cmocka_unit_test(is_strict_about_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
