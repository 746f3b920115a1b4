/* command_test.c: the table of commands, their statuses and their help. */
#include "command.h"

#include "help.h"
#include "report/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

static void test_find(void **state)
{
    struct error err = {0};

    (void)state;
    assert_ptr_equal(command_find("scan")->command, &cmd_scan);

    assert_null(command_find("sca"));
    assert_false(command_unknown("scna", &err));
    assert_string_equal(err.text, "unknown command 'scna'; the nearest is 'scan'");
    error_clear(&err);
    command_unknown("frobnicate", &err);
    assert_string_equal(err.text,
                        "unknown command 'frobnicate'; expected one of scan, ingest, query, "
                        "report, decode, match, formats, apps, store, policy, help");
    error_clear(&err);
    command_missing(&err);
    assert_string_equal(err.text, "no command given; expected one of scan, ingest, query, report, "
                                  "decode, match, formats, apps, store, policy, help");
}

static void test_outcomes(void **state)
{
    static const struct {
        enum error_code code;
        enum outcome outcome, of_start;
    } cases[] = {
        {ERROR_NONE, OUTCOME_DONE, OUTCOME_DONE},
        {ERROR_USAGE, OUTCOME_WRONG_CALL, OUTCOME_WRONG_CALL},
        {ERROR_SYNTAX, OUTCOME_WRONG_CALL, OUTCOME_WRONG_CALL},
        {ERROR_IO, OUTCOME_FAILED, OUTCOME_WRONG_CALL},
        {ERROR_DATA, OUTCOME_FAILED, OUTCOME_WRONG_CALL},
        {ERROR_LIMIT, OUTCOME_FAILED, OUTCOME_WRONG_CALL},
        {ERROR_MEMORY, OUTCOME_FAILED, OUTCOME_FAILED},
        {ERROR_BUG, OUTCOME_FAILED, OUTCOME_FAILED},
    };
    const struct error gone = {.code = ERROR_IO, .sys_errno = EPIPE};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct error err = {.code = cases[i].code};

        assert_int_equal(command_outcome(&err), cases[i].outcome);
        assert_int_equal(command_outcome_of_start(&err), cases[i].of_start);
    }
    assert_int_equal(command_outcome(&gone), OUTCOME_DONE);
}

static void assert_no_later_options(const char *help, const struct command *command)
{
    for (size_t g = 0; g < command->group_count; g++)
        for (const struct option_row *row = command->groups[g].rows; row->name != NULL; row++) {
            char option[64];

            (void)snprintf(option, sizeof option, "--%s ", row->name);
            if (row->type == OPTION_LATER && strstr(help, option) != NULL)
                fail_msg("%s stands in the help", option);
        }
}

/* Each command has its help; options of later versions are not in it; no line is too wide. */
static void test_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count(); i++) {
        struct buf out = {0};
        size_t column = 0;

        help_append_command(&out, command_at(i));
        for (size_t c = 0; c < out.len; c++) {
            column = out.ptr[c] == '\n' ? 0 : column + 1;
            assert_true(column <= 100);
        }
        buf_append_byte(&out, '\0');
        assert_non_null(strstr(out.ptr, command_at(i)->name));
        assert_no_later_options(out.ptr, command_at(i)->command);
        buf_free(&out);
    }
}

/* What --by takes stands in the help of whatever has it. */
static void test_dimensions(void **state)
{
    struct slice rest = slice_of_string(plan_dimensions(false)), name;
    struct buf out = {0};
    char *from, *until;
    bool more = true;

    (void)state;
    help_append_command(&out, command_find("scan"));
    buf_append_byte(&out, '\0');
    from = strstr(out.ptr, "--by DIMS");
    until = strstr(out.ptr, "--sort ");
    assert_true(from != NULL && until > from);
    *until = '\0';
    while (more) {
        char text[32];

        more = slice_cut(rest, ',', &name, &rest);
        name = slice_trim(name);
        (void)snprintf(text, sizeof text, "%.*s", SLICE_FMT(name));
        if (strstr(from, text) == NULL)
            fail_msg("%s is missing in %s", text, from);
    }
    buf_free(&out);
}

/* Messages about definitions point there. */
static void test_transforms(void **state)
{
    static const char *const lines[] = {
        "\n  none             these values", "\n  url-host         the host",
        "matches,\n                   none for", "\n  microseconds     a"};
    struct buf out = {0};

    (void)state;
    help_append_command(&out, command_find("formats"));
    buf_append_byte(&out, '\0');
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_non_null(strstr(out.ptr, lines[i]));
    buf_free(&out);
}

static void test_overview(void **state)
{
    struct buf out = {0};

    (void)state;
    help_append_overview(&out);
    buf_append_byte(&out, '\0');
    for (size_t i = 0; i < command_count(); i++)
        assert_non_null(strstr(out.ptr, command_at(i)->summary));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),     cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_help),     cmocka_unit_test(test_transforms),
        cmocka_unit_test(test_overview), cmocka_unit_test(test_dimensions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
