/* hits.c: a byte a row, grown to the last row that was hit. */
#include "signature/hits.h"

#include "signature/explain.h"

#include <stdlib.h>
#include <string.h>

bool hits_note(struct hits *h, enum hit_kind kind, uint32_t row)
{
    if (row >= h->count[kind]) {
        uint32_t count = row + 1;
        bool *rows = realloc(h->rows[kind], count * sizeof *rows);

        if (rows == NULL)
            return false;
        memset(rows + h->count[kind], 0, (count - h->count[kind]) * sizeof *rows);
        h->rows[kind] = rows;
        h->count[kind] = count;
    }
    h->rows[kind][row] = true;
    return true;
}

bool hits_has(const struct hits *h, enum hit_kind kind, uint32_t row)
{
    return row < h->count[kind] && h->rows[kind][row];
}

uint32_t hits_row_count(const struct signature_set *set, enum hit_kind kind)
{
    switch (kind) {
    case HIT_NETWORK: return (uint32_t)signature_network_count(set);
    case HIT_TENANT: return (uint32_t)signature_tenant_count(set);
    case HIT_RULE: return (uint32_t)signature_rule_count(set);
    case HIT_KINDS: break;
    }
    return 0;
}

void hits_append_name(const struct signature_set *set, enum hit_kind kind, uint32_t row,
                      struct buf *out)
{
    struct tenant_note tenant;

    switch (kind) {
    case HIT_NETWORK: buf_append_string(out, signature_network_at(set, row).text); break;
    case HIT_TENANT:
        tenant = signature_tenant_at(set, row);
        buf_printf(out, "%s ", signature_app(set, tenant.app)->id);
        buf_append(out, tenant.pattern);
        break;
    case HIT_RULE: buf_append_string(out, signature_rule_at(set, row).id); break;
    case HIT_KINDS: break;
    }
}

void hits_free(struct hits *h)
{
    for (int kind = 0; kind < HIT_KINDS; kind++)
        free(h->rows[kind]);
    *h = (struct hits){.count = {0}};
}
