/* counting.c: one record after the other into its cell. */
#include "usage/counting.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/num.h"
#include "base/text_map.h"
#include "net/address.h"
#include "net/domain.h"
#include "signature/match.h"

#include <stdlib.h>
#include <string.h>

enum {
    HOST_CACHE_LIMIT =
        1 << 18, /* hosts remembered as the log writes them; generated names must not fill memory */
    LONGEST_TUNNEL_S = 86400
};

/* What is known of a host as the log writes it. */
struct known_host {
    uint32_t app, tenant,
        host; /* names of the usage; host and tenant only where an app was found */
    enum role role;
    bool url_tenant; /* the path may name the tenant */
    bool kept;       /* by the host filter */
    bool app_kept;   /* by those of app, category, vendor, managed */
};

/* A user as the log writes one, or an address. */
struct known_user {
    uint32_t user; /* name of the usage */
    bool kept;
};

/* All users, or all addresses without one. */
struct people {
    struct text_map texts; /* as the log writes them */
    struct known_user *known;
    size_t capacity;
};

struct counting {
    struct counting_options options;
    struct usage *usage;
    struct text_map hosts; /* as the log writes them */
    struct known_host *known_hosts;
    size_t host_capacity;
    struct people users, clients;
    struct zone_span span; /* around the last stamp */
    int32_t proxy_day;     /* the last one that was noted */
    bool has_proxy_day;
    uint32_t archive, source;
    uint32_t fields;
    bool source_kept;
};

/* A moment in the report zone. */
struct moment {
    int32_t day;
    unsigned minute; /* of the day */
};

struct counting *counting_create(const struct counting_options *options, struct usage *usage,
                                 struct error *err)
{
    struct counting *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->options = *options;
    c->usage = usage;
    return c;
}

uint32_t counting_fields(void)
{
    return ~(FIELD_BIT(FIELD_USER_AGENT) | FIELD_BIT(FIELD_DEST_IP) | FIELD_BIT(FIELD_QTYPE));
}

bool counting_begin(struct counting *c, const char *archive, const char *source, uint32_t fields,
                    struct error *err)
{
    const struct record_filter *filter = c->options.filter;

    c->fields = fields;
    c->source_kept = filter == NULL || filter_passes(&filter->source, slice_of_string(source));
    return (usage_name_id(c->usage, NAME_ARCHIVE, slice_of_string(archive), &c->archive) &&
            usage_name_id(c->usage, NAME_SOURCE, slice_of_string(source), &c->source)) ||
           error_set_memory(err);
}

/* ${array} with room for ${count} elements, perhaps moved; NULL where memory is out, and the array
 * is as before. */
static void *with_room(void *array, size_t *capacity, size_t element, size_t count)
{
    size_t wanted = *capacity == 0 ? 256 : *capacity * 2;
    void *moved;

    if (count <= *capacity)
        return array;
    moved = realloc(array, wanted * element);
    if (moved != NULL)
        *capacity = wanted;
    return moved;
}

static bool learn_host(struct counting *c, struct slice raw, struct known_host *known)
{
    char text[HOST_LIMIT];
    struct slice host = domain_normalise(raw, text);
    struct match match = signature_match(c->options.signatures, host);
    const struct record_filter *filter = c->options.filter;

    memset(known, 0, sizeof *known);
    known->app = match.app;
    known->role = match.role;
    known->url_tenant = match.url_tenant;
    known->kept = filter == NULL || filter_passes(&filter->host, host);
    if (match.app == SIGNATURE_NO_APP)
        return true;
    known->app_kept = filter == NULL ||
                      filter_passes_app(filter, signature_app(c->options.signatures, match.app));
    return usage_name_id(c->usage, NAME_HOST, host, &known->host) &&
           usage_name_id(c->usage, NAME_TENANT, match.tenant, &known->tenant);
}

static const struct known_host *find_host(struct counting *c, struct slice raw)
{
    struct known_host *known;
    bool fresh;
    uint32_t number;

    if (c->hosts.count >= HOST_CACHE_LIMIT)
        text_map_reset(&c->hosts);
    number = text_map_add(&c->hosts, raw, &fresh);
    if (number == TEXT_MAP_NONE)
        return NULL;
    known = with_room(c->known_hosts, &c->host_capacity, sizeof *known, (size_t)number + 1);
    if (known == NULL)
        return NULL;
    c->known_hosts = known;
    return fresh && !learn_host(c, raw, &known[number]) ? NULL : &known[number];
}

/* "ip:" and the address in its one spelling; the text itself where it is none. */
static bool name_client(struct counting *c, struct slice raw, uint32_t *id)
{
    struct buf name = {0};
    struct address address;
    bool ok;

    buf_append_string(&name, "ip:");
    if (address_parse(raw, &address))
        address_append(&name, &address);
    else
        buf_append(&name, raw.len > 0 ? raw : SLICE("-"));
    ok = !name.failed && usage_name_id(c->usage, NAME_USER, buf_slice(&name), id);
    buf_free(&name);
    return ok;
}

static bool learn_user(struct counting *c, struct slice raw, bool is_client,
                       struct known_user *known)
{
    const struct record_filter *filter = c->options.filter;
    bool ok = is_client ? name_client(c, raw, &known->user)
                        : usage_name_id(c->usage, NAME_USER, raw, &known->user);

    known->kept =
        ok && (filter == NULL ||
               filter_passes(&filter->user, usage_name(c->usage, NAME_USER, known->user)));
    return ok;
}

/* Empty where the log gives none. */
static struct slice client_of(const struct record *r)
{
    return record_has(r, FIELD_CLIENT) ? r->client : slice_of(NULL, 0);
}

/* The log's own name, else the address. A password prompt never comes here. */
static const struct known_user *find_user(struct counting *c, const struct record *r)
{
    bool is_client = !record_has(r, FIELD_USER), fresh;
    struct people *people = is_client ? &c->clients : &c->users;
    struct slice raw = is_client ? client_of(r) : r->user;
    uint32_t number = text_map_add(&people->texts, raw, &fresh);
    struct known_user *known;

    if (number == TEXT_MAP_NONE)
        return NULL;
    known = with_room(people->known, &people->capacity, sizeof *known, (size_t)number + 1);
    if (known == NULL)
        return NULL;
    people->known = known;
    return fresh && !learn_user(c, raw, is_client, &known[number]) ? NULL : &known[number];
}

static struct moment moment_of(struct counting *c, int64_t ts_us)
{
    int64_t utc_s = ts_us / MICROSECONDS_PER_SECOND - (ts_us % MICROSECONDS_PER_SECOND < 0);
    int64_t local_s, day;

    if (utc_s < c->span.from_s || utc_s >= c->span.until_s || c->span.from_s == c->span.until_s)
        c->span = zone_span_at(c->options.report_zone, utc_s);
    local_s = utc_s + c->span.offset_s;
    day = local_s / SECONDS_PER_DAY - (local_s % SECONDS_PER_DAY < 0);
    return (struct moment){(int32_t)day, (unsigned)(local_s - day * SECONDS_PER_DAY) / 60};
}

static struct usage_cell *cell_of(struct counting *c, struct usage_key *key, struct moment when)
{
    key->day = when.day;
    key->hour = (c->options.with & WITH_HOUR) != 0 ? (uint8_t)(when.minute / 60) : 0;
    return usage_cell_at(c->usage, key);
}

static bool touch(struct counting *c, struct usage_cell *cell, const struct record *r,
                  int64_t ts_us, unsigned minute)
{
    if (cell == NULL)
        return false;
    usage_cell_seen(c->usage, cell, ts_us, c->archive, r->line);
    return usage_cell_add_minute(c->usage, cell, minute);
}

/* A CONNECT line is written when the tunnel ends; its start was activity too. */
static bool count_start(struct counting *c, struct usage_key *key, const struct record *r,
                        const struct known_host *host, struct tally *tally)
{
    int64_t start_us = r->ts_us - r->elapsed_us;
    struct moment when;
    struct usage_cell *cell;

    if (r->elapsed_us > LONGEST_TUNNEL_S * MICROSECONDS_PER_SECOND) {
        tally->elapsed_ignored++;
        return true;
    }
    if (c->options.filter != NULL && start_us < c->options.filter->since_us)
        return true; /* a day that was not asked for */
    when = moment_of(c, start_us);
    cell = cell_of(c, key, when);
    return touch(c, cell, r, start_us, when.minute) &&
           usage_cell_add_host(c->usage, cell, host->host);
}

static void count_measures(const struct counting *c, struct usage_cell *cell,
                           const struct record *r)
{
    bool denied = record_has(r, FIELD_ACTION) && r->action == ACTION_BLOCKED;
    uint64_t *counts = cell->counts;

    counts[denied ? COUNT_DENIED : COUNT_PASSED]++;
    counts[COUNT_CARRIED_VERDICT] += (c->fields & FIELD_BIT(FIELD_ACTION)) != 0;
    if (denied || r->kind != RECORD_PROXY)
        return;
    if (record_has(r, FIELD_BYTES_UP)) {
        counts[COUNT_CARRIED_UP]++;
        counts[COUNT_BYTES_UP] = num_add(counts[COUNT_BYTES_UP], r->bytes_up);
    }
    if (record_has(r, FIELD_BYTES_DOWN)) {
        counts[COUNT_CARRIED_DOWN]++;
        counts[COUNT_BYTES_DOWN] = num_add(counts[COUNT_BYTES_DOWN], r->bytes_down);
    }
}

/* Whose instance of the app; by the path where the host does not say. */
static bool tenant_of(struct counting *c, const struct record *r, const struct known_host *host,
                      uint32_t *tenant)
{
    struct slice name;

    *tenant = host->tenant;
    if (!host->url_tenant || host->tenant != 0 || !record_has(r, FIELD_URL))
        return true;
    name = signature_url_tenant(c->options.signatures, host->app,
                                usage_name(c->usage, NAME_HOST, host->host), r->url);
    return usage_name_id(c->usage, NAME_TENANT, name, tenant);
}

static bool count(struct counting *c, struct usage_key *key, const struct record *r,
                  const struct known_host *host, struct moment when, struct tally *tally)
{
    bool tunnel = record_has(r, FIELD_ELAPSED) && record_has(r, FIELD_METHOD) &&
                  slice_is(r->method, "CONNECT") &&
                  !(record_has(r, FIELD_ACTION) && r->action == ACTION_BLOCKED);
    struct usage_cell *cell;

    if (tunnel && r->elapsed_us > 0 && !count_start(c, key, r, host, tally))
        return false;
    cell = cell_of(c, key, when);
    if (!touch(c, cell, r, r->ts_us, when.minute) ||
        !usage_cell_add_host(c->usage, cell, host->host))
        return false;
    count_measures(c, cell, r);
    tally->matched++;
    return true;
}

/* Everything of the key but its time. Returns: false where memory is out. */
static bool make_key(struct counting *c, const struct record *r, const struct known_host *host,
                     uint32_t user, struct usage_key *key)
{
    memset(key, 0, sizeof *key);
    key->user = user;
    key->app = host->app;
    key->role = (uint8_t)host->role;
    key->kind = (uint8_t)r->kind;
    key->host = (c->options.with & WITH_HOST) != 0 ? host->host : 0;
    key->source = (c->options.with & WITH_SOURCE) != 0 ? c->source : 0;
    if ((c->options.with & WITH_CLIENT) != 0 &&
        !usage_name_id(c->usage, NAME_CLIENT, client_of(r), &key->client))
        return false;
    return tenant_of(c, r, host, &key->tenant);
}

/* Filters of every record, by what is known before its host is. */
static bool is_kept(const struct counting *c, const struct record *r, const struct known_user *user)
{
    const struct record_filter *f = c->options.filter;

    return f == NULL || (r->ts_us >= f->since_us && r->ts_us < f->until_us && user->kept &&
                         c->source_kept && filter_passes(&f->client, client_of(r)));
}

static bool note_proxy_day(struct counting *c, int32_t day)
{
    if (c->has_proxy_day && c->proxy_day == day)
        return true;
    c->has_proxy_day = true;
    c->proxy_day = day;
    return usage_add_proxy_day(c->usage, day);
}

static bool add(struct counting *c, const struct record *r, struct tally *tally)
{
    const struct known_user *user = find_user(c, r);
    const struct known_host *host = find_host(c, record_has(r, FIELD_HOST) ? r->host : r->dest_ip);
    struct moment when = moment_of(c, r->ts_us);
    struct usage_key key;

    if (user == NULL || host == NULL || (r->kind == RECORD_PROXY && !note_proxy_day(c, when.day)))
        return false;
    if (!is_kept(c, r, user) || !host->kept) {
        tally->filtered++;
        return true;
    }
    if (host->app == SIGNATURE_NO_APP) {
        tally->unmatched++;
        return true;
    }
    if (!make_key(c, r, host, user->user, &key))
        return false;
    if (!host->app_kept || (c->options.filter != NULL &&
                            !filter_passes(&c->options.filter->tenant,
                                           usage_name(c->usage, NAME_TENANT, key.tenant)))) {
        tally->filtered++;
        return true;
    }
    return count(c, &key, r, host, when, tally);
}

bool counting_add(struct counting *c, const struct record *r, struct tally *tally,
                  struct error *err)
{
    if (!record_has(r, FIELD_TS)) { /* without a day there is no cell */
        tally->rejected++;
        tally->rejected_by[REJECT_TIME]++;
        return true;
    }
    tally->records++;
    if (r->ts_us < tally->first_us)
        tally->first_us = r->ts_us;
    if (r->ts_us > tally->last_us)
        tally->last_us = r->ts_us;
    if (record_is_challenge(r)) {
        tally->challenged++;
        return true;
    }
    if (r->kind == RECORD_IDENTITY) {
        tally->unmatched++;
        return true;
    }
    return add(c, r, tally) || error_set_memory(err);
}

void counting_free(struct counting *c)
{
    if (c == NULL)
        return;
    text_map_free(&c->hosts);
    text_map_free(&c->users.texts);
    text_map_free(&c->clients.texts);
    free(c->known_hosts);
    free(c->users.known);
    free(c->clients.known);
    free(c);
}
