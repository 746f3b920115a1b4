/* lint_signatures.c: domains, networks and rules that change nothing or take too much. */
#include "signature/lint/lint_checks.h"

#include "net/domain.h"
#include "net/psl.h"
#include "signature/explain.h"
#include "signature/match.h"
#include "signature/rule/rule_literal.h"
#include "signature/set.h"

#include <stdio.h>

/* The next wider row of domains.csv around row ${index}; NULL: none. */
static const struct signature *wider(const struct signature_set *set, uint32_t index)
{
    struct slice domain = slice_of_string(set->signatures[index].domain);
    uint32_t found;

    for (size_t n = 0; (found = signature_covering(set, domain, n)) != MATCH_NO_SIGNATURE; n++)
        if (found == index) {
            found = signature_covering(set, domain, n + 1);
            return found == MATCH_NO_SIGNATURE ? NULL : &set->signatures[found];
        }
    return NULL;
}

/* A row that changes nothing. */
static void check_needed(struct lint *l, uint32_t index, const char *text)
{
    const struct signature *s = &l->input->set->signatures[index], *around;
    const struct lint_place place = {s->file, s->line};

    if (lint_replaces(l, text))
        return;
    around = wider(l->input->set, index);
    if (around != NULL && around->app == s->app &&
        (s->app == SIGNATURE_NO_APP || around->role == s->role))
        lint_add(l, LINT_SHADOWED, place, text, "%s:%zu says the same of '%s%s'", around->file,
                 around->line, around->exact ? "=" : "", around->domain);
    if (around == NULL && s->app == SIGNATURE_NO_APP)
        lint_add(l, LINT_SHADOWED, place, text, "takes out what no row puts in");
}

static void check_domain(struct lint *l, uint32_t index)
{
    const struct signature *s = &l->input->set->signatures[index];
    const struct lint_place place = {s->file, s->line};
    struct slice domain = slice_of_string(s->domain);
    char text[HOST_LIMIT + 2];

    (void)snprintf(text, sizeof text, "%s%s", s->exact ? "=" : "", s->domain);
    check_needed(l, index, text);
    if (!s->exact && s->app != SIGNATURE_NO_APP && psl_is_registry_suffix(l->input->psl, domain))
        lint_add(l, LINT_SUFFIX, place, s->domain, "anybody can register names below it");
    if (!domain_idn_valid(domain))
        lint_add(l, LINT_IDN, place, text, "no internationalised name in its one spelling");
}

/* Registries give nobody more: IPv4 shorter than /8, IPv6 than /16. Of fc00::/7, which nobody is
 * given, lint_private speaks. */
static bool is_too_wide(const struct network_row *row)
{
    bool unique_local = (row->network.base.bytes[0] & 0xfe) == 0xfc && row->network.bits >= 7;

    return row->as_number == 0 && !unique_local &&
           row->network.bits < (address_is_v4(&row->network.base) ? 96 + 8 : 16);
}

static void check_network(struct lint *l, uint32_t index)
{
    const struct network_table *t = &l->input->set->networks;
    const struct network_row *row = &t->rows[index], *around;
    const struct network_note note = signature_network_at(l->input->set, index);
    const struct lint_place place = {row->file, row->line};

    if (is_too_wide(row) && row->app != SIGNATURE_NO_APP)
        lint_add(l, LINT_WIDE, place, note.text, "it is many owners'");
    if (row->as_number != 0 || row->parent == NETWORK_NONE || lint_replaces(l, note.text))
        return;
    around = &t->rows[row->parent];
    if (around->app == row->app && (row->app == SIGNATURE_NO_APP || around->role == row->role))
        lint_add(l, LINT_SHADOWED, place, note.text,
                 "%s:%zu says the same of the network around it", around->file, around->line);
}

/* Does the list ${wide} (words apart by a blank; empty: any) hold all of ${narrow}? */
static bool list_covers(struct slice wide, struct slice narrow)
{
    struct slice item, rest, other;

    if (wide.len == 0)
        return true;
    if (narrow.len == 0)
        return false;
    while (narrow.len > 0) {
        bool found = false;

        slice_cut(narrow, ' ', &item, &narrow);
        for (rest = wide; rest.len > 0 && !found;) {
            slice_cut(rest, ' ', &other, &rest);
            found = slice_equal(item, other);
        }
        if (!found)
            return false;
    }
    return true;
}

/* As in domains.csv: `=` for the host alone; empty: any. */
static bool host_covers(struct slice wide, struct slice narrow)
{
    size_t skip = narrow.len > 0 && narrow.ptr[0] == '=';

    if (wide.len == 0 || slice_equal(wide, narrow))
        return true;
    if (wide.ptr[0] == '=' || narrow.len == 0)
        return false;
    narrow = slice_from(narrow, skip);
    return slice_equal(wide, narrow) || (narrow.len > wide.len && slice_ends_with(narrow, wide) &&
                                         narrow.ptr[narrow.len - wide.len - 1] == '.');
}

/* Expressions are only compared as they are written. */
static bool regex_covers(const char *wide, const char *narrow)
{
    return wide[0] == '\0' || slice_is(slice_of_string(wide), narrow);
}

/* Does every record that fits ${narrow} fit ${wide}? */
static bool rule_covers(const struct rule *wide, const struct rule *narrow)
{
    const char *const *w = wide->texts, *const *n = narrow->texts;

    return list_covers(slice_of_string(w[RULE_METHOD]), slice_of_string(n[RULE_METHOD])) &&
           list_covers(slice_of_string(w[RULE_PORT]), slice_of_string(n[RULE_PORT])) &&
           host_covers(slice_of_string(w[RULE_HOST]), slice_of_string(n[RULE_HOST])) &&
           regex_covers(w[RULE_PATH], n[RULE_PATH]) &&
           regex_covers(w[RULE_USER_AGENT], n[RULE_USER_AGENT]);
}

/* Whatever it is to be tried on, it must be looked for in all there is. */
static bool is_tried_on_all(const struct rule *rule)
{
    return rule->texts[RULE_HOST][0] == '\0' && rule->texts[RULE_USER_AGENT][0] == '\0' &&
           rule_literal_of(slice_of_string(rule->texts[RULE_PATH])).len == 0;
}

static void check_rule(struct lint *l, uint32_t index)
{
    const struct rule *rules = l->input->set->rules, *rule = &rules[index];

    if (is_tried_on_all(rule))
        lint_add(l, LINT_WIDE_RULE, (struct lint_place){rule->file, rule->line},
                 rule->texts[RULE_ID], "nothing but the expression says what it is not for");
    for (uint32_t i = 0; i < l->input->set->rule_ids.count; i++)
        if (rule_goes_before(&rules[i], rule) && rule_covers(&rules[i], rule)) {
            lint_add(l, LINT_RULE, (struct lint_place){rule->file, rule->line},
                     rule->texts[RULE_ID], "%s:%zu, rule '%s', fits all that it fits",
                     rules[i].file, rules[i].line, rules[i].texts[RULE_ID]);
            return;
        }
}

void lint_signatures(struct lint *l)
{
    const struct signature_set *set = l->input->set;

    for (uint32_t i = 0; i < set->signature_count; i++)
        check_domain(l, i);
    for (uint32_t i = 0; i < set->networks.count; i++)
        check_network(l, i);
    for (uint32_t i = 0; i < set->rule_ids.count; i++)
        check_rule(l, i);
}
