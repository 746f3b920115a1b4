/* hosts.c: a host is looked up once; rules are tried where the record hints at one. */
#include "usage/hosts.h"

#include "base/buf.h"
#include "base/hash.h"
#include "net/address.h"
#include "net/domain.h"
#include "net/psl.h"
#include "signature/explain.h"
#include "signature/geoip.h"
#include "signature/match.h"
#include "signature/rule/rule_detail.h"
#include "signature/rule/rule_matcher.h"
#include "signature/tenant.h"
#include "usage/detail.h"
#include "usage/noted.h"

#include <stdlib.h>
#include <string.h>

/* What few records need is kept out of the way of the others: its locals would cost all of them a
 * frame. */
#define ASIDE __attribute__((noinline))

struct hosts {
    const struct signature_set *signatures;
    const struct record_filter *filter; /* NULL: keep all */
    const struct psl *psl;              /* NULL: what no signature knows has no names */
    struct usage *usage;
    struct memo memo;      /* by the text of the log */
    struct memo addresses; /* of destinations, likewise */
    bool has_networks;
    bool wants_country;
    struct rule_matcher *rules; /* NULL where there are none */
    uint32_t hinting;           /* of their fields: without one no rule is hinted at, */
    uint32_t watching;          /* and none fits a host that is watched */
    struct buf detail;
    struct detail *notes; /* not NULL: hosts are named to be noted beside the cells */
    struct noted noted;
};

static bool has_patterns(const struct filter_list *list)
{
    return list->wanted_count + list->unwanted_count > 0;
}

struct hosts *hosts_create(const struct counting_options *options, struct usage *usage,
                           struct error *err)
{
    const struct signature_set *signatures = options->signatures;
    struct hosts *h = calloc(1, sizeof *h);

    if (h == NULL) {
        error_set_memory(err);
        return NULL;
    }
    *h = (struct hosts){
        .signatures = signatures, .filter = options->filter, .psl = options->psl, .usage = usage};
    if (options->detail != NULL) {
        h->psl = detail_psl(options->detail);
        h->notes = options->detail;
    }
    h->has_networks = signature_network_count(signatures) > signature_inactive_networks(signatures);
    h->wants_country = (options->with & WITH_COUNTRY) != 0 ||
                       (h->filter != NULL && has_patterns(&h->filter->country));
    if (signature_rule_count(signatures) == 0)
        return h;
    h->rules = rule_matcher_create(signatures, err);
    if (h->rules == NULL) {
        hosts_free(h);
        return NULL;
    }
    h->hinting = rule_matcher_hinting_fields(h->rules);
    h->watching = rule_matcher_watching_fields(h->rules);
    return h;
}

uint32_t hosts_fields(const struct hosts *h)
{
    uint32_t fields = FIELD_BIT(FIELD_HOST) | FIELD_BIT(FIELD_URL) | FIELD_BIT(FIELD_METHOD);

    if (h->rules != NULL && rule_matcher_wants_user_agent(h->rules))
        fields |= FIELD_BIT(FIELD_USER_AGENT);
    if (h->has_networks || h->wants_country)
        fields |= FIELD_BIT(FIELD_DEST_IP);
    return fields;
}

struct slice hosts_text(const struct record *r)
{
    return record_has(r, FIELD_HOST) ? r->host : r->dest_ip;
}

/* Can the destination's address say anything? Not that of a DNS question, which is its server's. */
static inline bool has_address(const struct hosts *h, const struct record *r)
{
    return (h->has_networks || h->wants_country) && r->kind == RECORD_PROXY &&
           record_has(r, FIELD_DEST_IP);
}

struct hosts_key hosts_key_of(const struct hosts *h, const struct record *r)
{
    struct hosts_key key = {hash_text(hosts_text(r)), 0};

    memo_prefetch(&h->memo, key.host);
    if (has_address(h, r)) {
        key.address = hash_text(r->dest_ip);
        memo_prefetch(&h->addresses, key.address);
    }
    return key;
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

/* Names that somebody generates must not fill memory and store: of a domain that has thousands the
 * further ones are noted together. */
static bool name_noted(struct hosts *h, struct slice host, struct slice domain,
                       struct known_host *known)
{
    char folded[HOST_LIMIT + 2];
    enum noted_as as;

    if (!noted_add(&h->noted, host, domain, &as))
        return false;
    if (as == NOTED_TOGETHER) {
        folded[0] = '*';
        folded[1] = '.';
        memcpy(folded + 2, domain.ptr, domain.len);
        host = slice_of(folded, domain.len + 2);
    }
    return as == NOTED_NOT || usage_name_id(h->usage, NAME_HOST, host, &known->host);
}

/* The name that --unknown counts it under; one that a signature takes out again is not unknown. */
static bool name_unknown(struct hosts *h, struct slice host, const struct match *match,
                         struct known_host *known)
{
    bool is_unknown = match->signature == MATCH_NO_SIGNATURE;
    struct slice domain;

    if (h->psl == NULL)
        return true;
    known->role = ROLE_SERVICE;
    domain = psl_group(h->psl, host);
    if (h->notes == NULL && !usage_name_id(h->usage, NAME_HOST, host, &known->host))
        return false;
    if (h->notes != NULL && !name_noted(h, host, domain, known))
        return false;
    return !is_unknown || known->host == 0 ||
           usage_name_id(h->usage, NAME_TENANT, domain, &known->tenant);
}

static uint16_t country_of(const struct hosts *h, struct slice text)
{
    const struct geoip *geoip = signature_geoip(h->signatures);
    struct address address;

    if (!h->wants_country || geoip == NULL || !address_parse(text, &address))
        return 0;
    return geoip_country(geoip, &address);
}

/* ${row} decided, where it is one. Returns: false where memory is out. */
static bool note_hit(struct hosts *h, enum hit_kind kind, uint32_t row)
{
    return h->notes == NULL || row == MATCH_NO_SIGNATURE || detail_hit(h->notes, kind, row);
}

static bool learn(struct hosts *h, struct slice raw, struct known_host *known)
{
    char text[HOST_LIMIT];
    struct slice host = domain_is_normal(raw) ? raw : domain_normalise(raw, text);
    struct match match = signature_match(h->signatures, host);

    memset(known, 0, sizeof *known);
    known->url_tenant = match.url_tenant;
    known->kept = h->filter == NULL || filter_passes(&h->filter->host, host);
    known->watched = h->rules != NULL && rule_matcher_watches_host(h->rules, host);
    known->undecided =
        match.app == SIGNATURE_NO_APP && match.signature == MATCH_NO_SIGNATURE && h->has_networks;
    known->country = country_of(h, host);
    if (!note_hit(h, HIT_TENANT, match.tenant_row) || !note_hit(h, HIT_NETWORK, match.network) ||
        !set_app(h, host, match.app, match.role, known))
        return false;
    return match.app == SIGNATURE_NO_APP
               ? name_unknown(h, host, &match, known)
               : usage_name_id(h->usage, NAME_TENANT, match.tenant, &known->tenant);
}

/* A host that was not met before. */
static ASIDE bool meet(struct hosts *h, struct slice raw, uint64_t hash, struct known_host *out)
{
    union known known;

    if (!learn(h, raw, &known.host))
        return false;
    *out = known.host;
    return memo_put(&h->memo, raw, hash, &known);
}

static inline bool find_known(struct hosts *h, struct slice raw, uint64_t hash,
                              struct known_host *out)
{
    const union known *found = memo_find(&h->memo, raw, hash);

    if (found == NULL)
        return meet(h, raw, hash, out);
    *out = found->host;
    return true;
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
static ASIDE bool apply_rules(struct hosts *h, const struct record *r, struct known_host *out)
{
    char text[HOST_LIMIT];
    struct slice host = domain_normalise(hosts_text(r), text);
    const struct rule *rule = rule_matcher_find(h->rules, r, host);
    uint32_t old = out->app;

    if (rule == NULL)
        return true;
    if (!note_hit(h, HIT_RULE, rule_matcher_row(h->rules, rule)))
        return false;
    out->by_rule = true;
    if (!set_app(h, host, rule->app, rule->role, out))
        return false;
    if (rule->app != SIGNATURE_NO_APP)
        return set_detail(h, rule, r, old == rule->app, out);
    out->tenant = 0;
    out->url_tenant = false;
    out->undecided = false;
    return true;
}

/* The network's app is that of a host which nothing else says anything of. */
static ASIDE bool take_network(struct hosts *h, const struct record *r,
                               const struct known_address *address, struct known_host *out)
{
    char text[HOST_LIMIT];

    out->tenant = 0;
    out->by_network = true;
    return note_hit(h, HIT_NETWORK, address->network) &&
           set_app(h, domain_normalise(hosts_text(r), text), address->app, (enum role)address->role,
                   out);
}

static inline bool use_address(struct hosts *h, const struct record *r,
                               const struct known_address *address, struct known_host *out)
{
    if (out->country == 0)
        out->country = address->country;
    if (out->app != SIGNATURE_NO_APP || !out->undecided || address->app == SIGNATURE_NO_APP)
        return true;
    return take_network(h, r, address, out);
}

/* An address that was not met before. */
static ASIDE bool meet_address(struct hosts *h, const struct record *r, uint64_t hash,
                               struct known_host *out)
{
    enum role role = ROLE_EMBED;
    union known known;

    memset(&known, 0, sizeof known);
    known.address.app =
        signature_match_address(h->signatures, r->dest_ip, &role, &known.address.network);
    known.address.role = (uint8_t)role;
    known.address.country = country_of(h, r->dest_ip);
    return use_address(h, r, &known.address, out) &&
           memo_put(&h->addresses, r->dest_ip, hash, &known);
}

/* What the address says that was connected to. */
static inline bool apply_address(struct hosts *h, const struct record *r, uint64_t hash,
                                 struct known_host *out)
{
    const union known *found = memo_find(&h->addresses, r->dest_ip, hash);

    return found != NULL ? use_address(h, r, &found->address, out) : meet_address(h, r, hash, out);
}

/* Has the country's filter anything against it? */
static ASIDE bool is_country_kept(const struct hosts *h, uint16_t country)
{
    const char text[] = {(char)(country >> 8 | 0x20), (char)((country & 0xff) | 0x20)};

    return filter_passes(&h->filter->country, slice_of(text, country == 0 ? 0 : sizeof text));
}

/* Whose instance of the app, by the path where the host does not say. */
static ASIDE bool find_url_tenant(struct hosts *h, const struct record *r, struct known_host *out)
{
    struct slice host = usage_name(h->usage, NAME_HOST, out->host);
    char text[TENANT_LIMIT_BYTES];
    uint32_t row;
    struct slice tenant = signature_url_tenant(h->signatures, out->app, host, r->url, text, &row);

    return note_hit(h, HIT_TENANT, row) &&
           usage_name_id(h->usage, NAME_TENANT, tenant, &out->tenant);
}

static bool may_fit_rule(struct hosts *h, const struct record *r, const struct known_host *known)
{
    return (known->watched && (r->has & h->watching) != 0) ||
           ((r->has & h->hinting) != 0 && rule_matcher_hints(h->rules, r));
}

bool hosts_find(struct hosts *h, const struct record *r, struct hosts_key key,
                struct known_host *out)
{
    if (!find_known(h, hosts_text(r), key.host, out))
        return false;
    if (may_fit_rule(h, r, out) && !apply_rules(h, r, out))
        return false;
    if (has_address(h, r) && (h->wants_country || out->undecided) &&
        !apply_address(h, r, key.address, out))
        return false;
    if (h->wants_country && h->filter != NULL && out->kept)
        out->kept = is_country_kept(h, out->country);
    return !out->url_tenant || out->tenant != 0 || !record_has(r, FIELD_URL) ||
           find_url_tenant(h, r, out);
}

void hosts_forget(struct hosts *h)
{
    if (h == NULL)
        return;
    memo_free(&h->memo);
    memo_free(&h->addresses);
}

void hosts_free(struct hosts *h)
{
    if (h == NULL)
        return;
    hosts_forget(h);
    noted_free(&h->noted);
    rule_matcher_free(h->rules);
    buf_free(&h->detail);
    free(h);
}
