/* load_app_test.c: rows of apps.csv. */
#include "signature/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HEADER                                                                                     \
    "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"             \
    "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"                  \
    "age_verification,note\n"

static void reads_apps(void **state)
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);
    struct signature_file file = {
        "apps.csv",
        SLICE(HEADER "line,LINE,ライン,messaging,LY,JP,no,LINE WORKS,no,no,no,no,no,no,no,"
                     "yes,\"Talk, \"\"stamps\"\"\"\n"
                     "slack,Slack,,messaging,Salesforce,US,both,,yes,no,yes,unknown,unknown,"
                     "yes,yes,no,\n"
                     "box,Box,,file-sharing,,,yes,,yes,yes,yes,yes,yes,yes,yes,yes,\n")};
    const struct app *line, *slack;
    (void)state;

    if (!load_file(set, &file, &err) || !signature_set_finish(set, &err))
        fail_msg("%s", err.text);
    assert_int_equal(signature_app_count(set), 3);
    line = signature_app(set, signature_find_app(set, SLICE("line")));
    assert_string_equal(line->id, "line");
    assert_string_equal(line->name, "LINE");
    assert_string_equal(line->name_ja, "ライン");
    assert_string_equal(line->category, "messaging");
    assert_string_equal(line->vendor, "LY");
    assert_string_equal(line->country, "JP");
    assert_string_equal(line->alternative, "LINE WORKS");
    assert_string_equal(line->note, "Talk, \"stamps\"");
    assert_int_equal(line->managed, MANAGED_NO);
    assert_int_equal(line->traits[0], TRAIT_NO);
    assert_int_equal(line->traits[7], TRAIT_YES);
    slack = signature_app(set, signature_find_app(set, SLICE("slack")));
    assert_string_equal(slack->name_ja, "");
    assert_int_equal(slack->managed, MANAGED_BOTH);
    assert_int_equal(slack->traits[3], TRAIT_UNKNOWN);
    assert_int_equal(signature_find_app(set, SLICE("lin")), SIGNATURE_NO_APP);
    signature_set_free(set);
}

#define TRAITS "no,no,no,no,no,no,no,no,\n"

static void names_faults(void **state)
{
    static const struct {
        const char *row, *message;
    } rows[] = {
        {"Line,L,,m,,,no,," TRAITS,
         "a/apps.csv:2: app 'Line': expected lower-case letters, digits and '-'"},
        {"-,L,,m,,,no,," TRAITS,
         "a/apps.csv:2: app '-': expected lower-case letters, digits and '-'"},
        {"line,,,m,,,no,," TRAITS, "a/apps.csv:2: app 'line' has no name"},
        {"line,L,,,,,no,," TRAITS,
         "a/apps.csv:2: category '': expected lower-case letters, digits and '-'"},
        {"line,L,,m,,jp,no,," TRAITS,
         "a/apps.csv:2: country 'jp': expected two capital letters or nothing"},
        {"line,L,,m,,JPN,no,," TRAITS,
         "a/apps.csv:2: country 'JPN': expected two capital letters or nothing"},
        {"line,L,,m,,,maybe,," TRAITS, "a/apps.csv:2: managed 'maybe': expected no, yes or both"},
        {"line,L,,m,,,no,,no,y,no,no,no,no,no,no,\n",
         "a/apps.csv:2: remote_wipe 'y': expected yes, no or unknown"},
        {"line,L,,m,,,no,,no,no,no,no,no,no,no,,\n",
         "a/apps.csv:2: age_verification '': expected yes, no or unknown"},
        {"line,L,,m,,,no,,no\n", "a/apps.csv:2: 9 fields; the header has 17"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct signature_set *set = signature_set_create(&err);
        char csv[1024];
        struct signature_file file;

        snprintf(csv, sizeof csv, "%s%s", HEADER, rows[i].row);
        file = (struct signature_file){"a/apps.csv", slice_of_string(csv)};
        if (load_file(set, &file, &err))
            fail_msg("accepted: %s", rows[i].row);
        assert_int_equal(err.code, ERROR_SYNTAX);
        assert_string_equal(err.text, rows[i].message);
        signature_set_free(set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_apps),
        cmocka_unit_test(names_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
