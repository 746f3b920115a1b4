/* diff_test.c: every kind of row, added, removed and changed. */
#include "signature/diff.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define APPS                                                                                       \
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"             \
    "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"                  \
    "age_verification,note\n"
#define RULES "rule,app,category,severity,method,port,host,path,user_agent,detail\n"

/* The texts of one version. */
struct version {
    const char *apps, *domains, *networks, *tenants, *rules;
};

static struct signature_set *load(const struct version *v)
{
    const struct signature_file files[] = {{"apps.csv", slice_of_string(v->apps)},
                                           {"domains.csv", slice_of_string(v->domains)},
                                           {"networks.csv", slice_of_string(v->networks)},
                                           {"tenants.csv", slice_of_string(v->tenants)},
                                           {"rules.csv", slice_of_string(v->rules)}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (!signature_set_add(set, &files[i], &err))
            fail_msg("%s", err.text);
    assert_true(signature_set_finish(set, &err));
    return set;
}

static const struct version one = {
    APPS "a,A,,c,V,JP,no,,no,no,no,no,no,no,unknown,no,\nb,B,,c,,,no,,no,no,no,no,no,no,no,no,\n",
    "domain,app,role\na.example,a,service\nb.example,b,service\n=x.example,a,embed\n",
    "network,app,role\n192.0.2.0/24,a,service\nAS64500,a,service\n",
    "app,pattern\na,{tenant}.a.example\n",
    RULES "r,a,p2p,low,,,,/x,,\n",
};

static const struct version two = {
    APPS "a,A,,d,V,JP,no,,no,no,no,no,no,no,yes,no,\nc,C,,c,,,no,,no,no,no,no,no,no,no,no,\n",
    "domain,app,role\na.example,a,content\nc.example,c,service\n=x.example,-,\n",
    "network,app,role\n192.0.2.0/24,a,shared\nAS64501,a,service\n",
    "app,pattern\na,a.example/{tenant}/\n",
    RULES "r,a,p2p,high,,,,/x,,\n",
};

static void assert_diff(const struct version *before, const struct version *after,
                        const char *expected)
{
    struct signature_set *left = load(before), *right = load(after);
    struct diff diff = {0};
    struct error err = {0};
    struct buf out = {0};

    assert_true(signature_diff(left, right, &diff, &err));
    for (size_t i = 0; i < diff.count; i++) {
        const struct diff_row *row = &diff.rows[i];

        buf_printf(&out, "%s %s %s [%s] [%s] [%s]\n", row->change, row->kind, row->entry,
                   row->field, row->before, row->after);
    }
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_free(&out);
    diff_free(&diff);
    signature_set_free(left);
    signature_set_free(right);
}

static void tells_differences(void **state)
{
    (void)state;
    assert_diff(&one, &one, "");
    assert_diff(&one, &two,
                "changed app a [category] [c] [d]\n"
                "changed app a [business_terms] [unknown] [yes]\n"
                "removed app b [] [B c no no no no no no no no no] []\n"
                "added app c [] [] [C c no no no no no no no no no]\n"
                "changed domain =x.example [app] [a] [-]\n"
                "changed domain =x.example [role] [embed] []\n"
                "changed domain a.example [role] [service] [content]\n"
                "removed domain b.example [] [b service] []\n"
                "added domain c.example [] [] [c service]\n"
                "changed network 192.0.2.0/24 [role] [service] [shared]\n"
                "removed network AS64500 [] [a service] []\n"
                "added network AS64501 [] [] [a service]\n"
                "added tenant a a.example/{tenant}/ [] [] []\n"
                "removed tenant a {tenant}.a.example [] [] []\n"
                "changed rule r [severity] [low] [high]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_differences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
