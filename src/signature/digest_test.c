/* digest_test.c: the version changes with any row, and with nothing else. */
#include "signature/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEADER                                                                                     \
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"             \
    "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"                  \
    "age_verification,note\n"
#define APP_LINE "line,LINE,,m,,,no,,no,no,no,no,no,no,no,no,\n"
#define APP_X    "x,X,,s,,,no,,no,no,no,no,no,no,no,no,\n"

enum { FILES = 5 };

static const char *const names[FILES] = {"apps.csv", "domains.csv", "networks.csv", "tenants.csv",
                                         "rules.csv"};
static const char *const base[FILES] = {
    HEADER APP_LINE APP_X, "domain,app,role\nline.me,line,service\nx.com,x,service\n",
    "network,app,role\n192.0.2.0/24,line,service\nAS1,x,service\n",
    "app,pattern\nx,{tenant}.x.com\nx,a.x.com\n",
    "rule,app,category,severity,method,port,host,path,user_agent,detail\nr,-,t,low,,,,x,,\n"};

/* The digest of the base with one file (FILES: none) in another text. */
static void digest(size_t changed, const char *text, char out[33])
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < FILES; i++) {
        struct signature_file file = {names[i], slice_of_string(i == changed ? text : base[i])};

        if (!signature_set_add(set, &file, &err))
            fail_msg("%s", err.text);
    }
    assert_true(signature_set_finish(set, &err));
    signature_digest(set, out);
    signature_set_free(set);
}

static void names_a_version(void **state)
{
    static const struct {
        size_t file;
        const char *text;
        bool same;
    } rows[] = {
        {FILES, NULL, true},
        {0, HEADER APP_X APP_LINE, true},
        {0, HEADER APP_X APP_LINE APP_LINE, true},
        {0, HEADER APP_X "line,LINE,,m,,,no,,no,no,no,no,no,no,no,yes,\n", false},
        {0, HEADER APP_X "line,LINE,,m,,,yes,,no,no,no,no,no,no,no,no,\n", false},
        {0, HEADER APP_X "line,LINE,,m,JP,,no,,no,no,no,no,no,no,no,no,\n", false},
        {1, "role,app,domain\nservice,x,x.com\n\nservice,line,LINE.me\n", true},
        {1, "domain,app,role\nline.me,line,service\nx.com,x,embed\n", false},
        {1, "domain,app,role\nline.me,line,service\n=x.com,x,service\n", false},
        {1, "domain,app,role\nline.me,line,service\nx.com,line,service\n", false},
        {1, "domain,app,role\nline.me,line,service\n", false},
        {2, "network,app,role\nas1,x,service\n192.0.2.0/24,line,service\n", true},
        {2, "network,app,role\n192.0.2.0/25,line,service\nAS1,x,service\n", false},
        {2, "network,app,role\n192.0.2.0/24,line,service\nAS2,x,service\n", false},
        {3, "app,pattern\nx,a.x.com\nx,{tenant}.x.com\nx,a.x.com\n", true},
        {3, "app,pattern\nx,{tenant}.x.com\n", false},
        {4,
         "rule,app,category,severity,method,port,host,path,user_agent,detail\nr,-,t,low,,,,,x,\n",
         false},
    };
    char expected[33], out[33];
    (void)state;

    digest(FILES, NULL, expected);
    assert_int_equal(strlen(expected), 32);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        digest(rows[i].file, rows[i].text, out);
        if ((strcmp(out, expected) == 0) != rows[i].same)
            fail_msg("row %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_a_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
