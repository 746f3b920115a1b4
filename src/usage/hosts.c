/* hosts.c: a host is looked up once; rules are tried where the record hints at one. */
#include "usage/hosts.h"

#include "base/buf.h"
#include "net/domain.h"
#include "net/psl.h"
#include "signature/match.h"
#include "signature/rule_detail.h"
#include "signature/rule_matcher.h"

#include <stdlib.h>
#include <string.h>

struct hosts {
    const struct signature_set *signatures;
    const struct record_filter *filter;
    const struct psl *psl;
    struct usage *usage;
    struct memo memo;           /* by the text of the log */
    struct rule_matcher *rules; /* NULL where there are none */
    struct buf detail;
};

struct hosts *hosts_create(const struct signature_set *signatures,
                           const struct record_filter *filter, const struct psl *psl,
                           struct usage *usage, struct error *err)
{
    struct hosts *h = calloc(1, sizeof *h);

    if (h == NULL) {
        error_set_memory(err);
        return NULL;
    }
    *h = (struct hosts){.signatures = signatures, .filter = filter, .psl = psl, .usage = usage};
    if (signature_rule_count(signatures) == 0)
        return h;
    h->rules = rule_matcher_create(signatures, err);
    if (h->rules != NULL)
        return h;
    hosts_free(h);
    return NULL;
}

uint32_t hosts_fields(const struct hosts *h)
{
    uint32_t fields = FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_URL) | FIELD_BIT(FIELD_METHOD);

    if (h->rules != NULL && rule_matcher_wants_user_agent(h->rules))
        fields |= FIELD_BIT(FIELD_USER_AGENT);
    return fields;
}

struct slice hosts_text(const struct record *r)
{
    return record_has(r, FIELD_HOST) ? r->host : r->dest_ip;
}

void hosts_prefetch(const struct hosts *h, uint64_t hash)
{
    memo_prefetch(&h->memo, hash);
}

/* ${app} is that of the host from now on. */
static bool set_app(struct hosts *h, struct slice host, uint32_t app, enum role role,
                    struct known_host *known)
{
    known->app = app;
    known->role = (unsigned char)role;
    if (app == SIGNATURE_NO_APP)
        return true;
    known->app_kept =
        h->filter == NULL || filter_passes_app(h->filter, signature_app(h->signatures, app));
    return usage_name_id(h->usage, NAME_HOST, host, &known->host);
}

/* The name that --unknown counts it under; one that a signature takes out again is not unknown. */
static bool name_unknown(struct hosts *h, struct slice host, const struct match *match,
                         struct known_host *known)
{
    if (h->psl == NULL || match->signature != MATCH_NO_SIGNATURE)
        return true;
    known->role = ROLE_SERVICE;
    return usage_name_id(h->usage, NAME_HOST, host, &known->host) &&
           usage_name_id(h->usage, NAME_TENANT, psl_group(h->psl, host), &known->tenant);
}

static bool learn(struct hosts *h, struct slice raw, struct known_host *known)
{
    char text[HOST_LIMIT];
    struct slice host = domain_normalise(raw, text);
    struct match match = signature_match(h->signatures, host);

    memset(known, 0, sizeof *known);
    known->url_tenant = match.url_tenant;
    known->kept = h->filter == NULL || filter_passes(&h->filter->host, host);
    known->watched = h->rules != NULL && rule_matcher_watches_host(h->rules, host);
    if (!set_app(h, host, match.app, match.role, known))
        return false;
    return match.app == SIGNATURE_NO_APP
               ? name_unknown(h, host, &match, known)
               : usage_name_id(h->usage, NAME_TENANT, match.tenant, &known->tenant);
}

static bool find_known(struct hosts *h, struct slice raw, uint64_t hash, struct known_host *out)
{
    const union known *found = memo_find(&h->memo, raw, hash);
    union known known;

    if (found != NULL) {
        *out = found->host;
        return true;
    }
    if (!learn(h, raw, &known.host))
        return false;
    *out = known.host;
    return memo_put(&h->memo, raw, hash, &known);
}

/* What the rule keeps of the URL; the host's own tenant where it keeps nothing and the app is the
 * same. */
static bool set_detail(struct hosts *h, const struct rule *rule, const struct record *r,
                       bool same_app, struct known_host *out)
{
    struct rule_detail detail = rule_detail_of(slice_of_string(rule->texts[RULE_DETAIL]));

    buf_reset(&h->detail);
    if (detail.parameter.len > 0 && record_has(r, FIELD_URL))
        rule_detail_append(&detail, r->url, &h->detail);
    if (h->detail.failed)
        return false;
    if (same_app && h->detail.len == 0)
        return true;
    out->url_tenant = false;
    return usage_name_id(h->usage, NAME_TENANT, buf_slice(&h->detail), &out->tenant);
}

/* A rule's app goes before the host's. */
static bool apply_rules(struct hosts *h, const struct record *r, struct known_host *out)
{
    char text[HOST_LIMIT];
    struct slice host = domain_normalise(hosts_text(r), text);
    const struct rule *rule = rule_matcher_find(h->rules, r, host);
    uint32_t old = out->app;

    if (rule == NULL)
        return true;
    if (!set_app(h, host, rule->app, ROLE_SERVICE, out))
        return false;
    if (rule->app != SIGNATURE_NO_APP)
        return set_detail(h, rule, r, old == rule->app, out);
    out->tenant = 0;
    out->url_tenant = false;
    return true;
}

/* Whose instance of the app, by the path where the host does not say. */
static bool find_url_tenant(struct hosts *h, const struct record *r, struct known_host *out)
{
    struct slice host = usage_name(h->usage, NAME_HOST, out->host);

    return usage_name_id(h->usage, NAME_TENANT,
                         signature_url_tenant(h->signatures, out->app, host, r->url), &out->tenant);
}

bool hosts_find(struct hosts *h, const struct record *r, uint64_t hash, struct known_host *out)
{
    if (!find_known(h, hosts_text(r), hash, out))
        return false;
    if (h->rules != NULL && (out->watched || rule_matcher_hints(h->rules, r)) &&
        !apply_rules(h, r, out))
        return false;
    return !out->url_tenant || out->tenant != 0 || !record_has(r, FIELD_URL) ||
           find_url_tenant(h, r, out);
}

void hosts_free(struct hosts *h)
{
    if (h == NULL)
        return;
    memo_free(&h->memo);
    rule_matcher_free(h->rules);
    buf_free(&h->detail);
    free(h);
}
