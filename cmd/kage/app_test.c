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
        "line,LINE,ライン,chat,LY,JP,both,,yes,no,unknown,no,no,no,no,no,\"say \"\"hi\"\"\"\n";
    static const char domains[] = "domain,app,role\n"
                                  "cdn.example,line,content\n"
                                  "other.example,other,service\n"
                                  "=chat.example,line,service\n"
                                  "line.example,line,service\n";
    const struct signature_file files[] = {{"apps.csv", {apps, sizeof apps - 1}},
                                           {"domains.csv", {domains, sizeof domains - 1}}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < 2; i++)
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
               "account_suspension  yes      (an administrator can suspend an account)\n"
               "remote_wipe         no       (a lost device's data can be wiped from afar)\n"
               "password_reset      unknown  (an administrator can reset a password)\n"
               "audit_log           no       (an administrator can read an audit log)\n"
               "sso                 no       (single sign-on can be enforced)\n"
               "licence_management  no       (licences can be counted and assigned)\n"
               "business_terms      no       (the terms foresee business use)\n"
               "age_verification    no       (use asks for a proof of age or the like)\n"
               "note                say \"hi\"\n"
               "service             =chat.example\n"
               "service             line.example\n"
               "content             cdn.example\n");
}

static void test_json(void **state)
{
    (void)state;
    assert_app(app_append_json,
               "{\"app\":\"line\",\"name\":\"LINE\",\"name_ja\":\"ライン\",\"category\":\"chat\","
               "\"vendor\":\"LY\",\"country\":\"JP\",\"managed\":\"both\",\"alternative\":null,"
               "\"account_suspension\":\"yes\",\"remote_wipe\":\"no\","
               "\"password_reset\":\"unknown\",\"audit_log\":\"no\",\"sso\":\"no\","
               "\"licence_management\":\"no\",\"business_terms\":\"no\","
               "\"age_verification\":\"no\",\"note\":\"say \\\"hi\\\"\",\"domains\":["
               "{\"domain\":\"=chat.example\",\"role\":\"service\"},"
               "{\"domain\":\"line.example\",\"role\":\"service\"},"
               "{\"domain\":\"cdn.example\",\"role\":\"content\"}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
