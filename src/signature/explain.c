/* explain.c: rows of the set as notes. */
#include "signature/explain.h"

#include "base/buf.h"
#include "net/address.h"
#include "signature/set.h"

#include <stdio.h>

size_t signature_tenant_count(const struct signature_set *set)
{
    return set->tenant_count;
}

struct tenant_note signature_tenant_at(const struct signature_set *set, size_t index)
{
    const struct tenant_row *row = &set->tenants[index];

    return (struct tenant_note){row->app, row->pattern.text, row->file, row->line};
}

size_t signature_network_count(const struct signature_set *set)
{
    return set->networks.count;
}

static void print_network(char *out, const struct network_row *row)
{
    struct buf text = {0};

    if (row->as_number != 0) {
        buf_printf(&text, "AS%u", (unsigned)row->as_number);
    } else {
        address_append(&text, &row->network.base);
        buf_printf(&text, "/%d", row->network.bits - (address_is_v4(&row->network.base) ? 96 : 0));
    }
    (void)snprintf(out, NETWORK_TEXT_BYTES, "%.*s", SLICE_FMT(buf_slice(&text)));
    buf_free(&text);
}

static struct network_note note_of(const struct network_row *row)
{
    struct network_note note = {
        .app = row->app, .role = row->role, .file = row->file, .line = row->line};

    print_network(note.text, row);
    return note;
}

struct network_note signature_network_at(const struct signature_set *set, size_t index)
{
    return note_of(&set->networks.rows[index]);
}

struct rule_note signature_rule_at(const struct signature_set *set, size_t index)
{
    const struct rule *rule = &set->rules[index];
    const char *const *texts = rule->texts;

    return (struct rule_note){.app = rule->app,
                              .role = rule->role,
                              .id = texts[RULE_ID],
                              .category = texts[RULE_CATEGORY],
                              .severity = texts[RULE_SEVERITY],
                              .method = texts[RULE_METHOD],
                              .port = texts[RULE_PORT],
                              .host = texts[RULE_HOST],
                              .path = texts[RULE_PATH],
                              .user_agent = texts[RULE_USER_AGENT],
                              .detail = texts[RULE_DETAIL],
                              .file = rule->file,
                              .line = rule->line};
}

/* What is behind ${row} of those that hold the address: the network around it, or its AS number. */
static const struct network_row *next_network(const struct signature_set *set,
                                              const struct network_row *row, struct slice address)
{
    struct address a;

    if (row->as_number != 0)
        return NULL;
    if (row->parent != NETWORK_NONE)
        return &set->networks.rows[row->parent];
    if (set->geoip == NULL || !address_parse(address, &a))
        return NULL;
    return network_table_find_as(&set->networks, geoip_as_number(set->geoip, &a));
}

bool signature_explain_address(const struct signature_set *set, struct slice host, size_t n,
                               struct network_note *out)
{
    const struct network_row *row = signature_find_network(set, host);

    for (; row != NULL && n > 0; n--)
        row = next_network(set, row, host);
    if (row == NULL)
        return false;
    *out = note_of(row);
    return true;
}
