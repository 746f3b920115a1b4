/* catalogue_test.c: the built-in catalogue against three tables: traps (names that only look like
 * an app's, widgets on other people's pages, hosts that serve everybody), what clients ask for, and
 * user agents. */
#include "base/csv.h"
#include "base/embedded.h"
#include "net/domain.h"
#include "net/url.h"
#include "signature/match.h"
#include "signature/rule/rule_matcher.h"
#include "signature/tenant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define TRAPS   "testdata/signatures/traps.csv"
#define CLIENTS "testdata/signatures/clients.csv"
#define AGENTS  "testdata/signatures/agents.csv"

enum { TRAP_HOST, TRAP_KIND, TRAP_APP, TRAP_COLUMNS };
enum { CLIENT_HOST, CLIENT_APP, CLIENT_ROLE, CLIENT_TENANT, CLIENT_COLUMNS };
enum { AGENT, AGENT_RULE, AGENT_COLUMNS };
enum { TRAPS_MIN = 700, CLIENTS_MIN = 1400, AGENTS_MIN = 50, TABLE_LIMIT = 1 << 20 };
enum { HEAD_BYTES = 32 };

static const struct csv_column trap_columns[TRAP_COLUMNS] = {
    {"host", false}, {"trap", false}, {"app", false}};
static const struct csv_column client_columns[CLIENT_COLUMNS] = {
    {"host", false}, {"app", false}, {"role", false}, {"tenant", false}};
static const struct csv_column agent_columns[AGENT_COLUMNS] = {{"agent", false}, {"rule", false}};

/* Rows that were tried. */
struct trial {
    struct signature_set *set;
    struct rule_matcher *rules;
    size_t count, failed;
};

static struct signature_set *load(void)
{
    struct error err = {0};
    struct signature_set *set = signature_set_create(&err);

    for (size_t i = 0; i < embedded_signatures_count; i++) {
        const struct embedded_file *file = &embedded_signatures[i];
        struct signature_file bytes = {file->name, slice_of(file->bytes, file->len)};

        if (!signature_set_add(set, &bytes, &err))
            fail_msg("%s", err.text);
    }
    if (!signature_set_finish(set, &err))
        fail_msg("%s", err.text);
    return set;
}

/* Is ${host} taken for what it is not? A look-alike may be another app's, but not of the one it
 * looks like; a widget or a shared host has that role. */
static bool is_taken(const struct signature_set *set, const struct csv_row *row)
{
    struct match m = signature_match(set, row->fields[TRAP_HOST]);
    struct slice kind = row->fields[TRAP_KIND], app = row->fields[TRAP_APP];
    uint32_t named = signature_find_app(set, app);

    if (slice_is(kind, "look-alike"))
        return named == SIGNATURE_NO_APP || m.app == named;
    if (m.app == SIGNATURE_NO_APP || !slice_is(kind, role_name(m.role)))
        return true;
    return app.len > 0 && m.app != named;
}

static bool try_trap(void *context, const struct csv_row *row, struct error *err)
{
    struct trial *trial = context;

    (void)err;
    trial->count++;
    if (is_taken(trial->set, row)) {
        trial->failed++;
        print_error("%s:%zu: %s is taken for what it is not\n", row->file, row->line,
                    row->fields[TRAP_HOST].ptr);
    }
    return true;
}

/* A host, or a URL where the tenant stands in the path. */
static bool is_known(const struct signature_set *set, const struct csv_row *row)
{
    struct slice asked = row->fields[CLIENT_HOST], tenant;
    char text[HOST_LIMIT], decoded[TENANT_LIMIT_BYTES];
    struct slice host =
        domain_normalise(url_has_scheme(asked) ? url_authority(asked) : asked, text);
    struct match m = signature_match(set, host);

    if (m.app == SIGNATURE_NO_APP ||
        !slice_is(row->fields[CLIENT_APP], signature_app(set, m.app)->id) ||
        !slice_is(row->fields[CLIENT_ROLE], role_name(m.role)))
        return false;
    tenant = m.tenant;
    if (m.url_tenant && url_has_scheme(asked))
        tenant = signature_url_tenant(set, m.app, host, asked, decoded, NULL);
    return slice_equal(tenant, row->fields[CLIENT_TENANT]);
}

static bool try_client(void *context, const struct csv_row *row, struct error *err)
{
    struct trial *trial = context;

    (void)err;
    trial->count++;
    if (!is_known(trial->set, row)) {
        trial->failed++;
        print_error("%s:%zu: %s is not known for what it is\n", row->file, row->line,
                    row->fields[CLIENT_HOST].ptr);
    }
    return true;
}

/* The rule that fits a record of which no more is known; empty: none. */
static const char *rule_of(struct rule_matcher *rules, struct slice agent)
{
    struct record r = {.user_agent = agent, .has = FIELD_BIT(FIELD_USER_AGENT)};
    const struct rule *rule = rule_matcher_find(rules, &r, SLICE("a.example"));

    return rule == NULL ? "" : rule->texts[RULE_ID];
}

/* The beginning of what is no tool settles it, so that rules cost a log of browsers next to
 * nothing. */
static bool is_settled(struct rule_matcher *rules, struct slice agent, bool tool)
{
    return agent.len < HEAD_BYTES ||
           rule_matcher_fits_none_that_begins(rules, slice_of(agent.ptr, HEAD_BYTES)) == !tool;
}

static bool try_agent(void *context, const struct csv_row *row, struct error *err)
{
    struct trial *trial = context;
    struct slice agent = row->fields[AGENT], rule = row->fields[AGENT_RULE];

    (void)err;
    trial->count++;
    if (!slice_is(rule, rule_of(trial->rules, agent)) ||
        rule_matcher_fits_agent(trial->rules, agent) != (rule.len > 0) ||
        !is_settled(trial->rules, agent, rule.len > 0)) {
        trial->failed++;
        print_error("%s:%zu: %s is of the rule '%s'\n", row->file, row->line, agent.ptr,
                    rule_of(trial->rules, agent));
    }
    return true;
}

/* Try each row of ${file}, which is read from its name. Returns: how many there were. */
static size_t try_table(struct csv_file file, csv_take *take)
{
    struct trial trial = {.set = load()};
    struct error err = {0};
    FILE *f = fopen(file.name, "rb");
    char *text = test_malloc(TABLE_LIMIT);

    trial.rules = rule_matcher_create(trial.set, &err);
    assert_non_null(f);
    file.bytes = slice_of(text, fread(text, 1, TABLE_LIMIT, f));
    fclose(f);
    if (!csv_read(&file, take, &trial, &err))
        fail_msg("%s", err.text);
    assert_int_equal(trial.failed, 0);
    test_free(text);
    rule_matcher_free(trial.rules);
    signature_set_free(trial.set);
    return trial.count;
}

static void walks_into_no_trap(void **state)
{
    struct csv_file file = {.name = TRAPS, .columns = trap_columns, .column_count = TRAP_COLUMNS};
    (void)state;

    assert_true(try_table(file, try_trap) >= TRAPS_MIN);
}

static void knows_what_clients_ask_for(void **state)
{
    struct csv_file file = {
        .name = CLIENTS, .columns = client_columns, .column_count = CLIENT_COLUMNS};
    (void)state;

    assert_true(try_table(file, try_client) >= CLIENTS_MIN);
}

static void knows_tools_by_their_agents(void **state)
{
    struct csv_file file = {
        .name = AGENTS, .columns = agent_columns, .column_count = AGENT_COLUMNS};
    (void)state;

    assert_true(try_table(file, try_agent) >= AGENTS_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_into_no_trap),
        cmocka_unit_test(knows_what_clients_ask_for),
        cmocka_unit_test(knows_tools_by_their_agents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
