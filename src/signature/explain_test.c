/* explain_test.c: rows of a set as notes, with their places. */
#include "signature/explain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char apps[] =
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,remote_wipe,"
    "password_reset,audit_log,sso,licence_management,business_terms,age_verification,note\n"
    "a,A,,c,,,no,,no,no,no,no,no,no,no,no,\n";
static const char networks[] = "network,app,role\n192.0.2.0/24,a,shared\n2001:db8::/32,a,service\n"
                               "AS64500,a,content\n192.0.2.128/25,-,\n";
static const char tenants[] = "app,pattern\na,{tenant}.A.example/x/\n";
static const char rules[] = "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
                            "r,a,p2p,low,GET,80,,/announce,,a detail\n";

static struct signature_set *create(void)
{
    const struct signature_file files[] = {{"d/apps.csv", slice_of_string(apps)},
                                           {"d/networks.csv", slice_of_string(networks)},
                                           {"d/tenants.csv", slice_of_string(tenants)},
                                           {"d/rules.csv", slice_of_string(rules)}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < COUNT(files); i++)
        if (!signature_set_add(set, &files[i], &err))
            fail_msg("%s", err.text);
    assert_true(signature_set_finish(set, &err));
    return set;
}

static void notes_rows(void **state)
{
    struct signature_set *set = create();
    struct tenant_note tenant = signature_tenant_at(set, 0);
    struct rule_note rule = signature_rule_at(set, 0);
    struct network_note as = signature_network_at(set, 3);
    (void)state;

    assert_int_equal(signature_tenant_count(set), 1);
    assert_true(slice_is(tenant.pattern, "{tenant}.a.example/x/"));
    assert_string_equal(tenant.file, "d/tenants.csv");
    assert_int_equal(tenant.line, 2);
    assert_string_equal(rule.id, "r");
    assert_string_equal(rule.port, "80");
    assert_string_equal(rule.path, "/announce");
    assert_string_equal(rule.user_agent, "");
    assert_string_equal(rule.detail, "a detail");
    assert_int_equal(rule.line, 2);
    assert_int_equal(signature_network_count(set), 4);
    assert_string_equal(as.text, "AS64500");
    assert_int_equal(as.role, ROLE_CONTENT);
    signature_set_free(set);
}

static void explains_addresses(void **state)
{
    static const struct {
        const char *host;
        size_t n;
        const char *network;
        size_t line;
    } rows[] = {{"192.0.2.1", 0, "192.0.2.0/24", 2},
                {"192.0.2.1", 1, NULL, 0},
                {"192.0.2.200", 0, "192.0.2.128/25", 5},
                {"192.0.2.200", 1, "192.0.2.0/24", 2},
                {"192.0.2.200", 2, NULL, 0},
                {"2001:db8::1", 0, "2001:db8::/32", 3},
                {"198.51.100.1", 0, NULL, 0},
                {"198.51.100.1", 1, NULL, 0},
                {"a.example", 0, NULL, 0},
                {"", 0, NULL, 0}};
    struct signature_set *set = create();
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct network_note note;
        bool found =
            signature_explain_address(set, slice_of_string(rows[i].host), rows[i].n, &note);

        assert_int_equal(found, rows[i].network != NULL);
        if (!found)
            continue;
        assert_string_equal(note.text, rows[i].network);
        assert_int_equal(note.line, rows[i].line);
    }
    signature_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_rows),
        cmocka_unit_test(explains_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
