/* app_test.c: one app as text and as JSON. */
#include "app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct signature_set *make_signatures(void)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\n"
        "other,Other,,chat,,,no,,no,no,no,no,no,no,no,no,\n"
        "line,LINE,ライン,chat,LY,JP,both,,yes,no,unknown,yes,yes,yes,yes,yes,\"say \"\"hi\"\"\"\n";
    static const char domains[] = "domain,app,role\n"
                                  "cdn.example,line,content\n"
                                  "other.example,other,service\n"
                                  "=chat.example,line,service\n"
                                  "line.example,line,service\n";
    static const char networks[] = "network,app,role\n192.0.2.0/24,line,shared\n"
                                   "198.51.100.0/24,other,service\n";
    static const char tenants[] =
        "app,pattern\nother,{tenant}.other.example\nline,{tenant}.line.example\n";
    static const char rules[] =
        "rule,app,category,severity,method,port,host,path,user_agent,detail\n"
        "calls,line,chat,low,,80 443,,/call/,,\nothers,other,chat,low,,,,/x/,,\n";
    const struct signature_file files[] = {{"apps.csv", {apps, sizeof apps - 1}},
                                           {"domains.csv", {domains, sizeof domains - 1}},
                                           {"networks.csv", {networks, sizeof networks - 1}},
                                           {"tenants.csv", {tenants, sizeof tenants - 1}},
                                           {"rules.csv", {rules, sizeof rules - 1}}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_true(signature_set_add(set, &files[i], &err));
    assert_true(signature_set_finish(set, &err));
    return set;
}

static void assert_app(void (*append)(struct buf *, const struct signature_set *, uint32_t),
                       const char *expected)
{
    struct signature_set *set = make_signatures();
    struct buf out = {0};

    append(&out, set, signature_find_app(set, SLICE("line")));
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
    signature_set_free(set);
}

static void test_text(void **state)
{
    (void)state;
    assert_app(app_append_text,
               "app                 line\n"
               "name                LINE\n"
               "name_ja             ライン\n"
               "category            chat\n"
               "vendor              LY\n"
               "country             JP\n"
               "managed             both\n"
               "controls            of its free or personal tier:\n"
               "account_suspension  yes      (an administrator can suspend an account)\n"
               "remote_wipe         no       (a lost device's data can be wiped from afar)\n"
               "password_reset      unknown  (an administrator can reset a password)\n"
               "audit_log           yes      (an administrator can read an audit log)\n"
               "sso                 yes      (single sign-on can be enforced)\n"
               "licence_management  yes      (licences can be counted and assigned)\n"
               "business_terms      yes      (the terms foresee business use)\n"
               "age_verification    yes      (use asks for a proof of age or the like)\n"
               "risk                low (2 of 15 points, 1 more unknown)\n"
               "                    what lies on a lost or stolen device cannot be erased\n"
               "note                say \"hi\"\n"
               "service             =chat.example\n"
               "service             line.example\n"
               "content             cdn.example\n"
               "tenant              {tenant}.line.example\n"
               "network             192.0.2.0/24 (shared)\n"
               "rule                calls (low, service): port=80 443 path=/call/\n");
}

static void test_json(void **state)
{
    (void)state;
    assert_app(app_append_json,
               "{\"app\":\"line\",\"name\":\"LINE\",\"name_ja\":\"ライン\",\"category\":\"chat\","
               "\"vendor\":\"LY\",\"country\":\"JP\",\"managed\":\"both\",\"alternative\":null,"
               "\"account_suspension\":\"yes\",\"remote_wipe\":\"no\","
               "\"password_reset\":\"unknown\",\"audit_log\":\"yes\",\"sso\":\"yes\","
               "\"licence_management\":\"yes\",\"business_terms\":\"yes\","
               "\"age_verification\":\"yes\",\"note\":\"say \\\"hi\\\"\",\"domains\":["
               "{\"domain\":\"=chat.example\",\"role\":\"service\"},"
               "{\"domain\":\"line.example\",\"role\":\"service\"},"
               "{\"domain\":\"cdn.example\",\"role\":\"content\"}],"
               "\"tenants\":[\"{tenant}.line.example\"],"
               "\"networks\":[{\"network\":\"192.0.2.0/24\",\"role\":\"shared\"}],"
               "\"rules\":[\"calls\"],\"risk\":\"low\",\"risk_points\":2,"
               "\"risk_points_unknown\":1,\"missing\":[{\"attribute\":\"remote_wipe\","
               "\"matters\":\"what lies on a lost or stolen device cannot be erased\"}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
