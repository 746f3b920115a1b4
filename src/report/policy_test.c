/* policy_test.c: which line decides, and what is no policy. */
#include "report/policy.h"

#include "base/calendar.h"
#include "usage/usage_fixture.h"

#include <stdio.h>

#define HEADER       "subject,status,scope,until,approver,reason\n"
#define DAY(y, m, d) ((int32_t)calendar_days(y, m, d))

static const char text[] = HEADER "category:messaging,unsanctioned,,,,\n"              /* 2 */
                                  "app:chat,tolerated,,,,\n"                           /* 3 */
                                  "app:chat,sanctioned,department:Sales,,,\n"          /* 4 */
                                  "app:chat,unsanctioned,user:mori*,,,\n"              /* 5 */
                                  "tenant:drive/acme,sanctioned,,,,\n"                 /* 6 */
                                  "tenant:drive/*,unsanctioned,,,,any other\n"         /* 7 */
                                  "tenant:drive/a*,tolerated,user:mori,2026-03-31,,\n" /* 8 */
                                  "app:drive,tolerated,,2026-03-31,,\n"                /* 9 */
                                  "app:drive,unreviewed,,2026-06-30,,\n"               /* 10 */
                                  "app:drive,unsanctioned,,,,\n";                      /* 11 */

static void test_decides(void **state)
{
    static const struct {
        uint32_t app;
        const char *tenant, *user, *department;
        int month, day;
        size_t line; /* 0: none */
    } cases[] = {
        {APP_TALK, "", "x", "", 1, 1, 2},         {APP_CHAT, "", "x", "", 1, 1, 3},
        {APP_CHAT, "", "x", "Sales", 1, 1, 4},    {APP_CHAT, "", "mori2", "Sales", 1, 1, 5},
        {APP_DRIVE, "acme", "x", "", 1, 1, 6},    {APP_DRIVE, "ACME", "mori", "", 1, 1, 6},
        {APP_DRIVE, "abc", "x", "", 1, 1, 7},     {APP_DRIVE, "abc", "mori", "", 1, 1, 8},
        {APP_DRIVE, "abc", "mori", "", 3, 31, 8}, {APP_DRIVE, "abc", "mori", "", 4, 1, 7},
        {APP_DRIVE, "", "mori", "", 3, 31, 9},    {APP_DRIVE, "", "mori", "", 4, 1, 10},
        {APP_DRIVE, "", "mori", "", 7, 1, 11},    {APP_WORK, "acme", "x", "", 1, 1, 0},
    };
    struct signature_set *set = fixture_signatures();
    struct error err = {0};
    struct policy *policy = policy_read("p.csv", slice_of_string(text), set, &err);

    (void)state;
    assert_non_null(policy);
    assert_int_equal(policy_line_count(policy), 10);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct policy_case asked = {
            cases[i].app, slice_of_string(cases[i].tenant), slice_of_string(cases[i].user),
            slice_of_string(cases[i].department), DAY(2026, cases[i].month, cases[i].day)};
        const struct policy_line *line = policy_decide(policy, &asked);

        assert_int_equal(line == NULL ? 0 : line->line, cases[i].line);
        assert_null(policy_decide(NULL, &asked));
    }
    policy_free(policy);
    signature_set_free(set);
}

static void test_refused(void **state)
{
    static const struct {
        const char *row, *text;
    } cases[] = {
        {"chat,sanctioned,,,,", "p.csv:2: subject 'chat': expected category:ID, app:ID"},
        {"app:chta,sanctioned,,,,", "p.csv:2: subject: app 'chta' is none"},
        {"category:x,sanctioned,,,,", "p.csv:2: subject: category 'x' is none"},
        {"tenant:chat,sanctioned,,,,", "expected tenant:APP/NAME"},
        {"tenant:chat/,sanctioned,,,,", "expected tenant:APP/NAME"},
        {"tenant:nix/a,sanctioned,,,,", "app 'nix' is none"},
        {"app:chat,fine,,,,", "status 'fine': expected sanctioned, tolerated"},
        {"app:chat,,,,,", "status '': expected"},
        {"app:chat,sanctioned,sales,,,", "scope 'sales': expected nothing, user:NAME"},
        {"app:chat,sanctioned,user:,,,", "scope 'user:': expected"},
        {"app:chat,sanctioned,,2026-02-29,,", "until '2026-02-29': expected a date"},
        {"app:chat,sanctioned,,tomorrow,,", "until 'tomorrow': expected a date"},
        {"app:chat,sanctioned,,,,\napp:chat,tolerated,,,,", "p.csv:3: the same subject, scope and "
                                                            "until stand in line 2"},
        {"app:chat,sanctioned", "p.csv:2:"},
    };
    struct signature_set *set = fixture_signatures();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        char csv[256];

        (void)snprintf(csv, sizeof csv, HEADER "%s\n", cases[i].row);
        assert_null(policy_read("p.csv", slice_of_string(csv), set, &err));
        assert_int_equal(err.code, ERROR_SYNTAX);
        if (strstr(err.text, cases[i].text) == NULL)
            fail_msg("'%s' does not say '%s'", err.text, cases[i].text);
    }
    signature_set_free(set);
}

static void test_written(void **state)
{
    struct signature_set *set = fixture_signatures();
    struct error err = {0};
    struct policy *policy = policy_read("p.csv", slice_of_string(text), set, &err);
    struct buf out = {0};

    (void)state;
    assert_non_null(policy);
    for (size_t i = 0; i < policy_line_count(policy); i++) {
        if (policy_line_at(policy, i)->line != 8)
            continue;
        policy_append_subject(&out, policy_line_at(policy, i));
        buf_append_byte(&out, ' ');
        policy_append_scope(&out, policy_line_at(policy, i));
    }
    assert_true(slice_is(buf_slice(&out), "tenant:drive/a* user:mori"));
    buf_free(&out);
    policy_free(policy);
    signature_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decides),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
