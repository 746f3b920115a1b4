/* match.c: look-ups in a finished signature set. */
#include "signature/match.h"

#include "net/address.h"
#include "net/url.h"
#include "signature/set.h"

_Static_assert(MATCH_NO_SIGNATURE == SUFFIX_NONE, "a node without a row has no signature");

/* The best pattern so far. */
struct best {
    bool found;
    uint32_t rank, row;
    struct slice tenant;
};

static void keep_better(struct best *best, uint32_t rank, uint32_t row, struct slice tenant)
{
    if (!best->found || rank > best->rank)
        *best = (struct best){true, rank, row, tenant};
}

/* The tenant in the host, by the patterns that hang on ${node} and its parents. */
static void find_tenant(const struct signature_set *set, uint32_t node, struct slice host,
                        struct match *m)
{
    struct best best = {.found = false};

    for (; node != SUFFIX_ROOT; node = set->tree.nodes[node].parent) {
        const struct suffix_rows *at = &set->tree.rows[node];

        if (!set->tree.nodes[node].special)
            continue;
        for (uint32_t i = 0; i < at->tenant_count; i++) {
            const struct tenant_row *row = &set->tenants[at->first_tenant + i];
            struct slice tenant = slice_of(host.ptr, 0);

            if (row->app != m->app || !tenant_fits_host(&row->pattern, host, &tenant))
                continue;
            if (row->pattern.has_path)
                m->url_tenant = true;
            else
                keep_better(&best, row->pattern.rank, at->first_tenant + i, tenant);
        }
    }
    if (best.found) {
        m->tenant = best.tenant;
        m->tenant_row = best.row;
    }
    if (m->tenant.len > 0)
        m->url_tenant = false;
}

/* To parse no more than must be: an address has no node, but for IPv4 below a name of digits. */
static bool may_be_address(uint32_t node, struct slice host)
{
    return host.len > 0 && (node == SUFFIX_ROOT ||
                            (host.ptr[host.len - 1] >= '0' && host.ptr[host.len - 1] <= '9'));
}

struct match signature_match(const struct signature_set *set, struct slice host)
{
    struct match m = {.tenant = slice_of(host.ptr, 0),
                      .tenant_row = MATCH_NO_SIGNATURE,
                      .network = MATCH_NO_SIGNATURE};
    bool whole;
    uint32_t node = suffix_tree_find(&set->tree, host, &whole);
    const struct suffix_node *at = &set->tree.nodes[node];

    m.signature = at->nearest;
    m.app = at->nearest_app;
    m.role = (enum role)at->nearest_role;
    if (whole && at->special && set->tree.rows[node].exact != SUFFIX_NONE) {
        m.signature = set->tree.rows[node].exact;
        m.app = set->signatures[m.signature].app;
        m.role = set->signatures[m.signature].role;
    }
    if (m.app != SIGNATURE_NO_APP)
        find_tenant(set, node, host, &m);
    else if (m.signature == MATCH_NO_SIGNATURE && may_be_address(node, host))
        m.app = signature_match_address(set, host, &m.role, &m.network);
    return m;
}

uint32_t signature_covering(const struct signature_set *set, struct slice host, size_t n)
{
    bool whole;
    uint32_t node = suffix_tree_find(&set->tree, host, &whole);

    if (whole && set->tree.rows[node].exact != SUFFIX_NONE && n-- == 0)
        return set->tree.rows[node].exact;
    for (; node != SUFFIX_ROOT; node = set->tree.nodes[node].parent)
        if (set->tree.rows[node].below != SUFFIX_NONE && n-- == 0)
            return set->tree.rows[node].below;
    return MATCH_NO_SIGNATURE;
}

static struct slice without_query(struct slice path)
{
    return slice_of(path.ptr, slice_find(path, '?'));
}

struct slice signature_url_tenant(const struct signature_set *set, uint32_t app, struct slice host,
                                  struct slice url, char *text, uint32_t *row_of)
{
    struct slice path = without_query(url_path(url));
    struct best best = {.found = false, .tenant = slice_of(url.ptr, 0)};
    bool whole;
    uint32_t node = suffix_tree_find(&set->tree, host, &whole);

    for (; node != SUFFIX_ROOT; node = set->tree.nodes[node].parent) {
        const struct suffix_rows *at = &set->tree.rows[node];

        if (!set->tree.nodes[node].special)
            continue;
        for (uint32_t i = 0; i < at->tenant_count; i++) {
            const struct tenant_row *row = &set->tenants[at->first_tenant + i];
            struct slice tenant = slice_of(url.ptr, 0), in_host;

            if (row->app == app && row->pattern.has_path &&
                tenant_fits_host(&row->pattern, host, &in_host) &&
                tenant_fits_path(&row->pattern, path, &tenant))
                keep_better(&best, row->pattern.rank, at->first_tenant + i, tenant);
        }
    }
    if (row_of != NULL)
        *row_of = best.found ? best.row : MATCH_NO_SIGNATURE;
    return tenant_decode(best.tenant, text);
}

const struct network_row *signature_find_network(const struct signature_set *set,
                                                 struct slice address)
{
    const struct network_row *row;
    uint32_t as_number = 0;
    struct address a;

    if (!address_parse(address, &a))
        return NULL;
    row = network_table_find(&set->networks, &a);
    if (row == NULL && set->geoip != NULL)
        as_number = geoip_as_number(set->geoip, &a);
    return as_number == 0 ? row : network_table_find_as(&set->networks, as_number);
}

uint32_t signature_match_address(const struct signature_set *set, struct slice address,
                                 enum role *role, uint32_t *network)
{
    const struct network_row *row = signature_find_network(set, address);

    if (network != NULL)
        *network = row == NULL ? MATCH_NO_SIGNATURE : (uint32_t)(row - set->networks.rows);
    if (row == NULL)
        return SIGNATURE_NO_APP;
    *role = row->role;
    return row->app;
}
