/* filters_test.c: words into patterns, periods, and slips of the pen. */
#include "filters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct signature_set *make_signatures(void)
{
    static const char apps[] =
        "app,name,name_ja,category,vendor,country,managed,alternative,account_suspension,"
        "remote_wipe,password_reset,audit_log,sso,licence_management,business_terms,"
        "age_verification,note\n"
        "line,LINE,,messaging,LY,JP,no,,no,no,no,no,no,no,no,no,\n"
        "line-works,LINE WORKS,,messaging,LW,JP,yes,,no,no,no,no,no,no,no,no,\n";
    const struct signature_file file = {"apps.csv", {apps, sizeof apps - 1}};
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    assert_true(signature_set_add(set, &file, &err));
    assert_true(signature_set_finish(set, &err));
    return set;
}

/* Filters parsed from the arguments of a test. */
struct world {
    struct filter_arguments arguments;
    struct signature_set *signatures;
    struct zone *zone;
    struct record_filter records;
    struct rows_filter rows;
    struct arena arena;
    struct error error;
};

static bool parse(struct world *w)
{
    struct filter_world world = {.now_s = 1790730000}; /* 2026-09-30T01:00:00Z */

    w->signatures = make_signatures();
    w->zone = zone_load("Asia/Tokyo", &w->error);
    world.signatures = w->signatures;
    world.report_zone = w->zone;
    return filters_parse(&w->arguments, &world, &w->records, &w->rows, &w->arena, &w->error);
}

static void leave(struct world *w)
{
    signature_set_free(w->signatures);
    zone_free(w->zone);
    arena_free(&w->arena);
}

static void test_words(void **state)
{
    static const struct {
        const char *given;
        const char *passes, *fails;
    } cases[] = {
        {"sato", "sato", "Sato"},
        {"sato,ito", "ito", "kato"},
        {"!sato", "ito", "sato"},
        {"!sato, !ito", "kato", "ito"},
        {"s*,!sato", "suzuki", "sato"},
        {"*@corp.example", "a@corp.example", "a@b.example"},
        {"ip:10.0.*", "ip:10.0.0.1", "ip:10.1.0.1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {0};

        assert_true(text_list_add(&w.arguments.user, &w.arena, cases[i].given));
        assert_true(parse(&w));
        assert_true(filter_passes(&w.records.user, slice_of_string(cases[i].passes)));
        assert_false(filter_passes(&w.records.user, slice_of_string(cases[i].fails)));
        leave(&w);
    }
}

static void test_repeated(void **state)
{
    struct world w = {0};

    (void)state;
    assert_true(text_list_add(&w.arguments.host, &w.arena, "LINE.me"));
    assert_true(text_list_add(&w.arguments.host, &w.arena, "*.discord.gg"));
    assert_true(parse(&w));
    assert_true(filter_passes(&w.records.host, SLICE("line.me"))); /* hosts are in lower case */
    assert_true(filter_passes(&w.records.host, SLICE("a.discord.gg")));
    assert_false(filter_passes(&w.records.host, SLICE("discord.gg")));
    leave(&w);
}

static void test_masks(void **state)
{
    struct world w = {0}, none = {0};

    (void)state;
    assert_true(text_list_add(&w.arguments.use, &w.arena, "used,likely"));
    assert_true(text_list_add(&w.arguments.status, &w.arena, "!sanctioned"));
    assert_true(text_list_add(&w.arguments.department, &w.arena, "sales"));
    assert_true(parse(&w));
    assert_int_equal(w.rows.uses, 1U << USE_USED | 1U << USE_LIKELY);
    assert_int_equal(w.rows.statuses, ((1U << STATUSES) - 1) & ~(1U << STATUS_SANCTIONED));
    assert_true(filter_passes(&w.rows.departments, SLICE("sales")));
    assert_false(filter_passes(&w.rows.departments, SLICE("")));
    leave(&w);
    assert_true(parse(&none));
    assert_int_equal(none.rows.uses, (1U << USES) - 1);
    assert_int_equal(none.rows.statuses, (1U << STATUSES) - 1);
    assert_true(filter_passes(&none.rows.departments, SLICE("")));
    assert_false(none.rows.left);
    assert_int_equal(none.records.since_us, INT64_MIN);
    assert_int_equal(none.records.until_us, INT64_MAX);
    leave(&none);
}

/* A date means its whole span in the report zone, an instant itself. */
static void test_periods(void **state)
{
    static const struct {
        const char *since, *until;
        int64_t since_us, until_us;
    } cases[] = {
        {"2026-09-30", "2026-09-30", 1790694000000000, 1790780400000000},
        {"2026-09", "2026-09", 1788188400000000, 1790780400000000},
        {"2026-09-30T00:00:00Z", "2026-09-30T01:00:00Z", 1790726400000000, 1790730000000000},
        {"2026-09-30T00:00:00.25Z", "2026-09-30T01:00:00.0000019Z", 1790726400250000,
         1790730000000001},
        {"yesterday", "yesterday", 1790607600000000, 1790694000000000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {.arguments = {.since = cases[i].since, .until = cases[i].until}};

        assert_true(parse(&w));
        assert_int_equal(w.records.since_us, cases[i].since_us);
        assert_int_equal(w.records.until_us, cases[i].until_us);
        leave(&w);
    }
}

static void test_short_lists(void **state)
{
    struct world managed = {0}, status = {0};

    (void)state;
    assert_true(text_list_add(&managed.arguments.managed, &managed.arena, "foo"));
    assert_false(parse(&managed));
    assert_string_equal(managed.error.text, "--managed: 'foo': expected no, both or yes");
    leave(&managed);
    assert_true(text_list_add(&status.arguments.status, &status.arena, "foo"));
    assert_false(parse(&status));
    assert_string_equal(
        status.error.text,
        "--status: 'foo': expected unsanctioned, unreviewed, tolerated or sanctioned");
    leave(&status);
}

static void test_refused(void **state)
{
    static const struct {
        const char *app, *use, *since, *until;
        const char *message;
    } cases[] = {
        {"lien", NULL, NULL, NULL, "--app: 'lien' is none that is known; the nearest is 'line'"},
        {"!lime", NULL, NULL, NULL, "--app: 'lime' is none that is known; the nearest is 'line'"},
        {"x*", NULL, NULL, NULL, "--app: 'x*' is none that is known"},
        {"line,", NULL, NULL, NULL, "--app: an empty word; expected words joined by commas"},
        {"!", NULL, NULL, NULL, "--app: an empty word; expected words joined by commas"},
        {NULL, "user", NULL, NULL,
         "--use: 'user': expected used, likely, background, denied, resolved or embedded"},
        {NULL, NULL, "2026-10-01", "2026-09-30",
         "--since 2026-10-01, --until 2026-09-30: the period ends before it begins"},
        {NULL, NULL, "sometime", NULL, "--since: 'sometime'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = {.arguments = {.since = cases[i].since, .until = cases[i].until}};

        if (cases[i].app != NULL)
            assert_true(text_list_add(&w.arguments.app, &w.arena, cases[i].app));
        if (cases[i].use != NULL)
            assert_true(text_list_add(&w.arguments.use, &w.arena, cases[i].use));
        assert_false(parse(&w));
        assert_int_equal(w.error.code, ERROR_USAGE);
        if (strncmp(w.error.text, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("%s", w.error.text);
        leave(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),   cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_masks),   cmocka_unit_test(test_periods),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_short_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
