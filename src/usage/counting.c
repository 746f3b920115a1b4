/* counting.c: records into their cells, a batch at a time, so that the memory one step needs is
 * fetched while the step before works on other records. */
#include "usage/counting.h"

#include "base/calendar.h"
#include "base/hash.h"
#include "net/domain.h"
#include "usage/detail.h"
#include "usage/exclude.h"
#include "usage/hosts.h"
#include "usage/users.h"
#include "usage/workhours.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 64, LONGEST_TUNNEL_S = 86400, SECONDS_PER_MINUTE = 60 };

/* A moment in the report zone. */
struct moment {
    int32_t day;
    unsigned minute; /* of the day */
};

struct counting {
    struct counting_options options;
    struct usage *usage;
    struct hosts *hosts;
    struct users *users;
    struct zone_span span;                   /* around the last stamp */
    struct moment minute;                    /* that of the last record, */
    int64_t minute_from_us, minute_until_us; /* and which instants it has; until exclusive */
    int32_t proxy_day;                       /* the last one that was noted */
    bool has_proxy_day;
    uint32_t archive, source;
    uint32_t fields;
    uint8_t marks;
    bool source_kept;
};

/* A record whose user and host are to be looked up. */
struct asked {
    const struct record *record;
    uint64_t user_hash;
    struct hosts_key host;
};

/* A record that is to be noted beside the cells. */
struct noted {
    struct detail_row row;
    uint32_t user;
    uint8_t hour;
    bool denied;
};

/* A record whose cell is to be looked up. */
struct counted {
    const struct record *record;
    struct moment when;
    uint32_t host; /* name of the usage */
    bool by_hour;
    bool late; /* only its start counts */
    struct usage_key key;
    uint64_t hash;
    size_t cell; /* likely its number, see usage_prefetch_cell */
};

struct counting *counting_create(const struct counting_options *options, struct usage *usage,
                                 struct error *err)
{
    const struct users_world world = {options->identity, options->sharing};
    struct counting *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->options = *options;
    if (options->filter != NULL && filter_is_open(options->filter))
        c->options.filter = NULL;
    c->usage = usage;
    c->hosts = hosts_create(&c->options, usage, err);
    if (c->hosts != NULL)
        c->users = users_create(&world, c->options.filter, usage, err);
    if (c->users != NULL)
        return c;
    counting_free(c);
    return NULL;
}

uint32_t counting_fields(const struct counting *c)
{
    return hosts_fields(c->hosts) |
           ~(FIELD_BIT(FIELD_USER_AGENT) | FIELD_BIT(FIELD_DEST_IP) | FIELD_BIT(FIELD_QTYPE));
}

bool counting_begin(struct counting *c, const char *archive, const char *source, uint32_t fields,
                    struct error *err)
{
    const struct record_filter *filter = c->options.filter;

    c->fields = fields;
    c->marks = usage_marks(fields);
    c->source_kept = filter == NULL || filter_passes(&filter->source, slice_of_string(source));
    return (usage_name_id(c->usage, NAME_ARCHIVE, slice_of_string(archive), &c->archive) &&
            usage_name_id(c->usage, NAME_SOURCE, slice_of_string(source), &c->source)) ||
           error_set_memory(err);
}

/* Remember the minute around ${utc_s}, as far as the span goes, where its ends can be told. */
static void keep_minute(struct counting *c, struct moment when, int64_t utc_s, int64_t local_s)
{
    const int64_t limit_s = INT64_MAX / MICROSECONDS_PER_SECOND - SECONDS_PER_MINUTE;
    int64_t past = local_s % SECONDS_PER_MINUTE;
    int64_t from_s = utc_s - past - (past < 0 ? SECONDS_PER_MINUTE : 0);
    int64_t until_s = from_s + SECONDS_PER_MINUTE;

    if (utc_s <= -limit_s || utc_s >= limit_s)
        return;
    if (from_s < c->span.from_s)
        from_s = c->span.from_s;
    if (until_s > c->span.until_s)
        until_s = c->span.until_s;
    c->minute = when;
    c->minute_from_us = from_s * MICROSECONDS_PER_SECOND;
    c->minute_until_us = until_s * MICROSECONDS_PER_SECOND;
}

/* ${keeps}: the next that is asked for will mostly be of the same minute. */
static struct moment work_out(struct counting *c, int64_t ts_us, bool keeps)
{
    int64_t utc_s = ts_us / MICROSECONDS_PER_SECOND - (ts_us % MICROSECONDS_PER_SECOND < 0);
    int64_t local_s, day;
    struct moment when;

    if (utc_s < c->span.from_s || utc_s >= c->span.until_s || c->span.from_s == c->span.until_s)
        c->span = zone_span_at(c->options.report_zone, utc_s);
    local_s = utc_s + c->span.offset_s;
    day = local_s / SECONDS_PER_DAY - (local_s % SECONDS_PER_DAY < 0);
    when = (struct moment){(int32_t)day,
                           (unsigned)(local_s - day * SECONDS_PER_DAY) / SECONDS_PER_MINUTE};
    if (keeps)
        keep_minute(c, when, utc_s, local_s);
    return when;
}

/* Logs go on from minute to minute. */
static inline struct moment moment_of(struct counting *c, int64_t ts_us, bool keeps)
{
    if (ts_us >= c->minute_from_us && ts_us < c->minute_until_us)
        return c->minute;
    return work_out(c, ts_us, keeps);
}

static void set_time(const struct counting *c, struct usage_key *key, struct moment when,
                     bool by_hour)
{
    key->day = when.day;
    key->hour = (c->options.with & WITH_HOUR) != 0 ? (uint8_t)(when.minute / 60) : 0;
    if (by_hour)
        key->hour = (uint8_t)(when.minute / 60 + 1);
    if (c->options.workhours != NULL)
        key->workhours = (uint8_t)workhours_of(c->options.workhours, when.day, when.minute);
}

static bool touch(struct counting *c, struct usage_cell *cell, const struct counted *counted,
                  int64_t ts_us, unsigned minute)
{
    usage_cell_seen(c->usage, cell, ts_us, c->archive, counted->record->line);
    cell->marks |= c->marks;
    return usage_cell_add_minute(c->usage, cell, minute) &&
           usage_cell_add_host(c->usage, cell, counted->host);
}

/* A CONNECT line is written when the tunnel ends; its start was activity too: ${minute}, where that
 * is the record's own cell. */
static bool count_start(struct counting *c, const struct counted *counted, struct tally *tally,
                        uint16_t *minute)
{
    const struct record *r = counted->record;
    int64_t start_us = r->ts_us - r->elapsed_us;
    struct usage_key key = counted->key;
    struct usage_cell *cell;
    struct moment when;

    if (r->elapsed_us > LONGEST_TUNNEL_S * MICROSECONDS_PER_SECOND) {
        tally->elapsed_ignored++;
        return true;
    }
    if (c->options.filter != NULL && start_us < c->options.filter->since_us)
        return true; /* a day that was not asked for */
    when = moment_of(c, start_us, false);
    set_time(c, &key, when, counted->by_hour);
    if (counted->by_hour && when.day == counted->when.day)
        key.hour = counted->key.hour; /* it goes where its record goes */
    if (!counted->late && memcmp(&key, &counted->key, sizeof key) == 0) {
        *minute = (uint16_t)when.minute; /* its stamp says when it was seen */
        return true;
    }
    cell = usage_cell_at(c->usage, &key);
    if (cell == NULL)
        return false;
    cell->marks |= MARK_TUNNEL;
    return touch(c, cell, counted, start_us, when.minute);
}

static bool is_denied(const struct record *r)
{
    return record_has(r, FIELD_ACTION) && r->action == ACTION_BLOCKED;
}

static bool is_tunnel(const struct record *r)
{
    return record_has(r, FIELD_ELAPSED) && r->elapsed_us > 0 && record_has(r, FIELD_METHOD) &&
           r->method.len == sizeof "CONNECT" - 1 &&
           memcmp(r->method.ptr, "CONNECT", sizeof "CONNECT" - 1) == 0 && !is_denied(r);
}

/* What the record adds to its cell, but for a tunnel's start. */
static struct usage_step step_of(const struct counting *c, const struct counted *counted)
{
    const struct record *r = counted->record;
    bool denied = is_denied(r), measured = !denied && r->kind == RECORD_PROXY;
    bool has_up = measured && record_has(r, FIELD_BYTES_UP);
    bool has_down = measured && record_has(r, FIELD_BYTES_DOWN);

    return (struct usage_step){.ts_us = r->ts_us,
                               .line = r->line,
                               .archive = c->archive,
                               .host = counted->host,
                               .minute = (uint16_t)counted->when.minute,
                               .start_minute = USAGE_NO_MINUTE,
                               .marks = c->marks,
                               .denied = denied,
                               .has_verdict = (c->fields & FIELD_BIT(FIELD_ACTION)) != 0,
                               .has_up = has_up,
                               .has_down = has_down,
                               .bytes_up = has_up ? r->bytes_up : 0,
                               .bytes_down = has_down ? r->bytes_down : 0};
}

static bool count(struct counting *c, const struct counted *counted, struct tally *tally)
{
    struct usage_step step = step_of(c, counted);

    if (is_tunnel(counted->record) && !count_start(c, counted, tally, &step.start_minute))
        return false;
    if (counted->late) {
        tally->filtered++;
        return true;
    }
    *(c->options.psl == NULL ? &tally->matched : &tally->unmatched) += 1;
    return usage_count(c->usage, &counted->key, counted->hash, &step);
}

/* Two letters, or none. */
static bool name_country(struct counting *c, uint16_t country, uint32_t *id)
{
    const char text[] = {(char)(country >> 8), (char)(country & 0xff)};

    return usage_name_id(c->usage, NAME_COUNTRY, slice_of(text, country == 0 ? 0 : sizeof text),
                         id);
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
    key->tenant = host->tenant;
    if ((c->options.with & WITH_COUNTRY) != 0 && !name_country(c, host->country, &key->country))
        return false;
    return (c->options.with & WITH_CLIENT) == 0 ||
           usage_name_id(c->usage, NAME_CLIENT, users_client(r), &key->client);
}

/* A tunnel that ended behind the time that is asked for and began in it, which was activity. */
static bool is_late(const struct counting *c, const struct record *r)
{
    const struct record_filter *f = c->options.filter;

    return f != NULL && r->ts_us >= f->until_us && is_tunnel(r) &&
           r->elapsed_us <= LONGEST_TUNNEL_S * MICROSECONDS_PER_SECOND &&
           r->ts_us - r->elapsed_us < f->until_us;
}

/* Filters of every record, by what is known before its host is. */
static bool is_kept(const struct counting *c, const struct record *r, const struct known_user *user)
{
    const struct record_filter *f = c->options.filter;

    return f == NULL ||
           (r->ts_us >= f->since_us && (r->ts_us < f->until_us || is_late(c, r)) && user->kept &&
            c->source_kept && filter_passes_client(&f->client, users_client(r)));
}

static bool note_proxy_day(struct counting *c, int32_t day)
{
    if (c->has_proxy_day && c->proxy_day == day)
        return true;
    c->has_proxy_day = true;
    c->proxy_day = day;
    return usage_add_proxy_day(c->usage, day);
}

/* Whom and what the record is about; the memory where that is known is fetched. The log's own user
 * name, else the address. */
static struct asked ask(const struct counting *c, const struct record *r)
{
    struct asked asked = {
        .record = r, .user_hash = hash_text(users_text(r)), .host = hosts_key_of(c->hosts, r)};

    users_prefetch(c->users, r, asked.user_hash);
    return asked;
}

/* Is there a reason not to count it? */
static bool is_excluded(const struct counting *c, const struct record *r,
                        const struct known_user *user, const struct known_host *host)
{
    char text[HOST_LIMIT];
    struct exclude_subject subject;

    if (c->options.exclusions == NULL)
        return false;
    subject = (struct exclude_subject){.user = usage_name(c->usage, NAME_USER, user->user),
                                       .client = users_client(r),
                                       .host = domain_normalise(hosts_text(r), text),
                                       .app = host->app,
                                       .ts_us = r->ts_us};
    return exclude_holds(c->options.exclusions, &subject);
}

/* Has the tenant's filter anything against the record? */
static bool is_tenant_kept(const struct counting *c, const struct usage_key *key)
{
    const struct record_filter *f = c->options.filter;

    return f == NULL || filter_passes(&f->tenant, usage_name(c->usage, NAME_TENANT, key->tenant));
}

/* Does a summary have cells for such hosts? That of apps, or of what no signature knows. */
static bool is_asked_for(const struct counting *c, const struct known_host *host)
{
    if (c->options.psl == NULL)
        return host->app != SIGNATURE_NO_APP;
    return host->app == SIGNATURE_NO_APP && host->tenant != 0;
}

static unsigned note_flags(const struct counting *c, const struct known_host *host)
{
    bool no_app = host->app == SIGNATURE_NO_APP && host->tenant == 0;

    return (host->by_rule ? DETAIL_BY_RULE : 0U) | (host->by_network ? DETAIL_BY_NETWORK : 0U) |
           ((c->fields & FIELD_BIT(FIELD_ACTION)) != 0 ? DETAIL_VERDICT : 0U) |
           (no_app ? DETAIL_NO_APP : 0U);
}

/* What is kept of the record beside its cell. Returns: false where nothing is. */
static bool note_of(const struct counting *c, const struct record *r, const struct known_host *host,
                    const struct known_user *user, struct moment when, struct noted *out)
{
    if (c->options.detail == NULL || host->host == 0)
        return false;
    *out = (struct noted){.row = {.host = host->host,
                                  .tenant = host->tenant,
                                  .app = host->app,
                                  .day = when.day,
                                  .kind = (uint8_t)r->kind,
                                  .role = host->role,
                                  .flags = (uint8_t)note_flags(c, host)},
                          .user = user->user,
                          .hour = (uint8_t)(user->unnamed ? when.minute / 60 : DETAIL_NO_HOUR),
                          .denied = is_denied(r)};
    detail_prefetch_host(c->options.detail, host->host);
    return true;
}

/* What becomes of a record. */
struct found {
    bool has_cell, is_noted;
};

/* The record's cell and its note, where it has them. Returns: false where memory is out. */
static bool find_key(struct counting *c, const struct asked *asked, struct counted *out,
                     struct noted *noted, struct found *found, struct tally *tally)
{
    const struct record *r = asked->record;
    struct known_user user;
    struct known_host host;

    *found = (struct found){false, false};
    out->record = r;
    out->when = moment_of(c, r->ts_us, true);
    if (!users_find(c->users, r, asked->user_hash, &user) ||
        !hosts_find(c->hosts, r, asked->host, &host) ||
        (r->kind == RECORD_PROXY && !note_proxy_day(c, out->when.day)))
        return false;
    tally->undecided += user.undecided;
    if (is_excluded(c, r, &user, &host)) {
        tally->excluded++;
        return true;
    }
    out->late = is_late(c, r);
    if (!is_kept(c, r, &user) || !host.kept || (out->late && !is_asked_for(c, &host))) {
        tally->filtered++;
        return true;
    }
    found->is_noted = note_of(c, r, &host, &user, out->when, noted);
    if (!is_asked_for(c, &host)) {
        *(host.app == SIGNATURE_NO_APP ? &tally->unmatched : &tally->matched) += 1;
        return true;
    }
    out->host = host.host;
    if (!make_key(c, r, &host, user.user, &out->key))
        return false;
    found->has_cell = c->options.psl != NULL || (host.app_kept && is_tenant_kept(c, &out->key));
    tally->filtered += !found->has_cell;
    out->by_hour = user.unnamed && c->options.detail != NULL;
    set_time(c, &out->key, out->when, out->by_hour);
    out->hash = usage_key_hash(&out->key);
    return true;
}

/* Is it one that counts? The account notes it in any case. */
static bool is_countable(const struct record *r, struct tally *tally)
{
    if (r->kind == RECORD_IDENTITY) {
        tally->records++;
        tally->unmatched++;
        return false;
    }
    if (!record_has(r, FIELD_TS)) { /* without a day there is no cell */
        tally->rejected++;
        tally->rejected_by[REJECT_TIME]++;
        return false;
    }
    tally->records++;
    if (r->ts_us < tally->first_us)
        tally->first_us = r->ts_us;
    if (r->ts_us > tally->last_us)
        tally->last_us = r->ts_us;
    tally->challenged += record_is_challenge(r);
    return !record_is_challenge(r);
}

/* A log that asks for passwords is a proxy's, too. */
static bool note_challenge(struct counting *c, const struct record *r)
{
    return !record_is_challenge(r) || note_proxy_day(c, moment_of(c, r->ts_us, false).day);
}

static bool note(const struct counting *c, const struct noted *n)
{
    return detail_note(c->options.detail, &n->row, n->user, n->hour, n->denied);
}

/* At most BATCH records, step by step. */
static bool add_batch(struct counting *c, const struct record *records, size_t n,
                      struct tally *tally)
{
    struct asked asked[BATCH];
    struct counted counted[BATCH];
    struct noted noted[BATCH];
    size_t asks = 0, counts = 0, notes = 0;

    for (size_t i = 0; i < n; i++)
        if (is_countable(&records[i], tally))
            asked[asks++] = ask(c, &records[i]);
        else if (record_has(&records[i], FIELD_TS) && !note_challenge(c, &records[i]))
            return false;
    for (size_t i = 0; i < asks; i++) {
        struct found found;

        if (!find_key(c, &asked[i], &counted[counts], &noted[notes], &found, tally))
            return false;
        if (found.has_cell)
            usage_prefetch_slot(c->usage, counted[counts++].hash);
        notes += found.is_noted;
    }
    for (size_t i = 0; i < counts; i++)
        counted[i].cell = usage_prefetch_cell(c->usage, counted[i].hash);
    for (size_t i = 0; i < counts; i++)
        usage_prefetch_sets(c->usage, counted[i].cell);
    for (size_t i = 0; i < counts; i++)
        usage_prefetch_members(c->usage, counted[i].cell, counted[i].when.minute);
    for (size_t i = 0; i < notes; i++)
        detail_prefetch_row(c->options.detail, noted[i].row.host);
    for (size_t i = 0; i < counts; i++)
        if (!count(c, &counted[i], tally))
            return false;
    for (size_t i = 0; i < notes; i++)
        if (!note(c, &noted[i]))
            return false;
    return true;
}

bool counting_add_batch(struct counting *c, const struct record *records, size_t n,
                        struct tally *tally, struct error *err)
{
    for (size_t from = 0; from < n; from += BATCH) {
        size_t left = n - from;

        if (!add_batch(c, records + from, left < BATCH ? left : BATCH, tally))
            return error_set_memory(err);
    }
    return true;
}

void counting_forget(struct counting *c)
{
    hosts_forget(c->hosts);
    users_forget(c->users);
}

void counting_free(struct counting *c)
{
    if (c == NULL)
        return;
    hosts_free(c->hosts);
    users_free(c->users);
    free(c);
}
