/* hits_test.c: rows that were hit, and what names them. */
#include "signature/hits.h"

#include "signature/explain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void notes_rows(void **state)
{
    struct hits h = {.count = {0}};

    (void)state;
    assert_false(hits_has(&h, HIT_RULE, 0));
    assert_true(hits_note(&h, HIT_RULE, 5));
    assert_true(hits_note(&h, HIT_RULE, 2));
    assert_true(hits_has(&h, HIT_RULE, 5));
    assert_true(hits_has(&h, HIT_RULE, 2));
    assert_false(hits_has(&h, HIT_RULE, 3));
    assert_false(hits_has(&h, HIT_RULE, 6));
    assert_false(hits_has(&h, HIT_NETWORK, 5));
    hits_free(&h);
    assert_false(hits_has(&h, HIT_RULE, 5));
}

/* By its name a row is found again in another version of the catalogue. */
static void names_rows(void **state)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\n"
        "chat,Chat,,messaging,Acme,JP,no,,no,no,no,no,no,no,no,no,\n";
    static const char networks[] =
        "network,app,role\nAS64500,chat,service\n192.0.2.0/24,chat,service\n"
        "2001:db8::/32,chat,service\n";
    static const char tenants[] = "app,pattern\nchat,{tenant}.chat.example\n";
    static const char rules[] =
        "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
        "agent-chat,chat,messaging,low,,,,,^Chat/,\n";
    const struct signature_file files[] = {{"apps.csv", {apps, sizeof apps - 1}},
                                           {"networks.csv", {networks, sizeof networks - 1}},
                                           {"tenants.csv", {tenants, sizeof tenants - 1}},
                                           {"rules.csv", {rules, sizeof rules - 1}}};
    static const struct {
        enum hit_kind kind;
        uint32_t row;
        const char *name;
    } rows[] = {{HIT_NETWORK, 0, "192.0.2.0/24"},
                {HIT_NETWORK, 1, "2001:db8::/32"},
                {HIT_NETWORK, 2, "AS64500"},
                {HIT_TENANT, 0, "chat {tenant}.chat.example"},
                {HIT_RULE, 0, "agent-chat"}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);
    struct buf name = {0};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_true(signature_set_add(set, &files[i], &err));
    assert_true(signature_set_finish(set, &err));
    assert_int_equal(hits_row_count(set, HIT_NETWORK), 3);
    assert_int_equal(hits_row_count(set, HIT_TENANT), 1);
    assert_int_equal(hits_row_count(set, HIT_RULE), 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_reset(&name);
        hits_append_name(set, rows[i].kind, rows[i].row, &name);
        buf_append_byte(&name, '\0');
        assert_string_equal(name.ptr, rows[i].name);
    }
    buf_free(&name);
    signature_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(notes_rows), cmocka_unit_test(names_rows)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
