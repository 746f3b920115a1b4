/* digest.c: the version of a signature set: the sum of its rows' hashes, so order does not matter.
 */
#include "base/buf.h"
#include "signature/set.h"
#include "signature/signature.h"

#include <stdio.h>
#include <xxhash.h>

/* The row being hashed and the sum so far. */
struct digest {
    struct buf row;
    uint64_t low, high;
};

static void add_text(struct digest *d, const char *text)
{
    buf_append_string(&d->row, text);
    buf_append_byte(&d->row, '\0');
}

static void add_app(struct digest *d, const struct signature_set *set, uint32_t app)
{
    add_text(d, app == SIGNATURE_NO_APP ? "-" : set->apps[app].id);
}

static void end_row(struct digest *d)
{
    XXH128_hash_t hash = XXH3_128bits(d->row.ptr, d->row.len);

    d->high += hash.high64 + __builtin_add_overflow(d->low, hash.low64, &d->low);
    buf_reset(&d->row);
}

static void hash_apps(struct digest *d, const struct signature_set *set)
{
    for (uint32_t i = 0; i < set->app_ids.count; i++) {
        const struct app *a = &set->apps[i];
        const char *const texts[] = {"app",     a->id,      a->name,        a->name_ja, a->category,
                                     a->vendor, a->country, a->alternative, a->note};

        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            add_text(d, texts[t]);
        add_text(d, managed_name(a->managed));
        for (size_t t = 0; t < TRAIT_COUNT; t++)
            buf_append_uint(&d->row, a->traits[t]);
        end_row(d);
    }
}

static void hash_domains(struct digest *d, const struct signature_set *set)
{
    for (uint32_t i = 0; i < set->signature_count; i++) {
        const struct signature *s = &set->signatures[i];

        add_text(d, s->exact ? "exact" : "below");
        add_text(d, s->domain);
        add_app(d, set, s->app);
        add_text(d, role_name(s->role));
        end_row(d);
    }
}

static void hash_networks(struct digest *d, const struct signature_set *set)
{
    for (uint32_t i = 0; i < set->networks.count; i++) {
        const struct network_row *n = &set->networks.rows[i];

        add_text(d, "network");
        address_append(&d->row, &n->network.base);
        buf_printf(&d->row, "/%d AS%u", n->network.bits, n->as_number);
        add_app(d, set, n->app);
        add_text(d, role_name(n->role));
        end_row(d);
    }
}

static void hash_tenants(struct digest *d, const struct signature_set *set)
{
    for (uint32_t i = 0; i < set->tenant_count; i++) {
        add_text(d, "tenant");
        add_app(d, set, set->tenants[i].app);
        buf_append(&d->row, set->tenants[i].pattern.text);
        end_row(d);
    }
}

static void hash_rules(struct digest *d, const struct signature_set *set)
{
    for (uint32_t i = 0; i < set->rule_ids.count; i++) {
        add_text(d, "rule");
        for (size_t t = 0; t < RULE_COLUMNS; t++)
            add_text(d, set->rules[i].texts[t]);
        end_row(d);
    }
}

void signature_digest(const struct signature_set *set, char out[33])
{
    struct digest d = {0};

    hash_apps(&d, set);
    hash_domains(&d, set);
    hash_networks(&d, set);
    hash_tenants(&d, set);
    hash_rules(&d, set);
    buf_free(&d.row);
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)d.high, (unsigned long long)d.low);
}
