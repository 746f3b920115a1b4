/* identity.c: directory, machines and leases together. */
#include "identity/identity.h"

#include "identity/devices.h"
#include "identity/name.h"

#include <stdlib.h>
#include <string.h>

#define HOLD_US (INT64_C(12) * 3600 * 1000000)

enum { SHARED_PEOPLE = 3 };

struct identity {
    struct identity_rules rules;
    struct directory *directory; /* NULL: names are counted as they are */
    struct devices *devices;
    struct leases *leases; /* NULL: none were given */
    struct buf scratch;
};

struct identity *identity_create(const struct identity_rules *rules, struct error *err)
{
    struct identity *i = calloc(1, sizeof *i);

    if (i == NULL) {
        error_set_memory(err);
        return NULL;
    }
    i->rules = *rules;
    if (i->rules.services == NULL)
        i->rules.services = IDENTITY_SERVICES;
    if (i->rules.hold_us == 0)
        i->rules.hold_us = HOLD_US;
    if (i->rules.shared == 0)
        i->rules.shared = SHARED_PEOPLE;
    return i;
}

bool identity_load_users(struct identity *i, const char *path, const char *renamed,
                         struct error *err)
{
    i->directory = directory_load(path, renamed, err);
    return i->directory != NULL;
}

bool identity_load_devices(struct identity *i, const char *path, struct error *err)
{
    i->devices = devices_load(path, err);
    return i->devices != NULL;
}

/* --- names --- */

/* Is a domain behind an @ one of the company's e-mail domains, or below one? */
static bool is_mail_domain(const struct directory *d, struct slice domain)
{
    struct slice head;

    while (domain.len > 0) {
        if (directory_has_domain(d, domain))
            return true;
        slice_cut(domain, '.', &head, &domain);
    }
    return false;
}

/* May the domain be taken off? ${folded} is the whole name cut. */
static bool is_own_domain(const struct identity *i, const struct name_parts *folded)
{
    if (folded->domain.len == 0)
        return false;
    if (i->rules.domains != NULL)
        return name_in_list(i->rules.domains, folded->domain);
    if (folded->before)
        return true;
    if (directory_knows_domains(i->directory))
        return is_mail_domain(i->directory, folded->domain);
    return directory_find(i->directory, folded->local) != NOBODY;
}

static void append_kind(struct buf *out, enum name_kind kind, struct slice name)
{
    if (kind == KIND_MACHINE)
        name = name_of_machine(name);
    if (kind != KIND_PERSON) {
        buf_append_string(out, name_kind_text(kind));
        buf_append_byte(out, ':');
    }
    buf_append(out, name);
}

/* The person whom the folded name means, or NOBODY. */
static uint32_t find_person(const struct identity *i, struct slice folded, bool *own_domain,
                            struct name_parts *parts)
{
    uint32_t person = directory_find(i->directory, folded);

    *parts = name_cut(folded);
    *own_domain = is_own_domain(i, parts);
    if (person == NOBODY && *own_domain)
        person = directory_find(i->directory, parts->local);
    return person;
}

void identity_append_user(const struct identity *i, struct slice raw, struct buf *out)
{
    struct buf plain = {0}, folded = {0};
    struct name_parts parts;
    struct slice name;
    uint32_t person;
    bool own_domain;
    enum name_kind kind;

    if (i->directory == NULL) {
        buf_append(out, raw);
        return;
    }
    name = name_fold(raw, &folded);
    person = find_person(i, name, &own_domain, &parts);
    if (person == NOBODY && name_percent(raw, &plain)) {
        name = name_fold(buf_slice(&plain), &folded);
        person = find_person(i, name, &own_domain, &parts);
    }
    kind = name_kind_of(&parts, i->rules.services);
    own_domain |= kind != KIND_PERSON && i->rules.domains == NULL; /* nobody is mistaken for one */
    if (person != NOBODY)
        append_kind(out, directory_person(i->directory, person)->kind,
                    directory_person(i->directory, person)->user);
    else
        append_kind(out, kind, own_domain ? parts.local : name);
    out->failed |= plain.failed || folded.failed;
    buf_free(&plain);
    buf_free(&folded);
}

const struct person *identity_person(const struct identity *i, struct slice counted)
{
    struct buf folded = {0};
    struct slice kind, name;
    uint32_t person;

    if (i == NULL || i->directory == NULL)
        return NULL;
    if (!slice_cut(counted, ':', &kind, &name) || (!slice_is(kind, name_kind_text(KIND_MACHINE)) &&
                                                   !slice_is(kind, name_kind_text(KIND_SERVICE))))
        name = counted;
    person = directory_find(i->directory, name_fold(name, &folded));
    if (person == NOBODY && name.len < counted.len) { /* machine:PC01 is the account PC01$ */
        buf_append_byte(&folded, '$');
        person = directory_find(i->directory, buf_slice(&folded));
    }
    buf_free(&folded);
    return person == NOBODY ? NULL : directory_person(i->directory, person);
}

/* --- leases --- */

bool identity_is_person(struct slice counted)
{
    return !slice_starts_with(counted, SLICE("machine:")) &&
           !slice_starts_with(counted, SLICE("service:"));
}

/* A lease that is over and is of no machine any more, as of an address that a client declined or
 * that answered before it was offered (ISC's `abandoned`): who got it then has it not, and its end
 * is one of another kind. The server takes the hardware address out; a name may have stayed. */
static bool is_withdrawn(const struct record *r)
{
    return !record_has(r, FIELD_MAC) && !record_has(r, FIELD_USER) && record_has(r, FIELD_TS_END);
}

/* An address that nobody had: a server writes down all it may give. */
static bool is_unused(const struct record *r, enum lease_claim claim)
{
    return claim == LEASE_DEVICE_END && !record_has(r, FIELD_TS) && !record_has(r, FIELD_MAC) &&
           !record_has(r, FIELD_NAME);
}

/* What kind of claim the record is; false for events that are none. */
static bool claim_of(const struct record *r, enum lease_claim *claim)
{
    bool person = record_has(r, FIELD_USER);
    bool starts = record_has(r, FIELD_TS), past = starts && record_has(r, FIELD_TS_END) &&
                                                  r->ts_end_us > r->ts_us && !is_withdrawn(r);

    if (!record_has(r, FIELD_EVENT))
        return false;
    if (slice_is(r->event, "logon"))
        *claim = LEASE_LOGON;
    else if (slice_is(r->event, "logoff"))
        *claim = LEASE_LOGOFF;
    else if (slice_is(r->event, "lease"))
        *claim = person ? LEASE_LISTED : starts ? LEASE_DEVICE : LEASE_DEVICE_NOW;
    else if (slice_is(r->event, "release") || slice_is(r->event, "expire"))
        *claim = past ? LEASE_DEVICE_PAST : LEASE_DEVICE_END;
    else
        return false;
    return true;
}

static bool needs_start(enum lease_claim claim)
{
    return claim != LEASE_LISTED && claim != LEASE_DEVICE_NOW;
}

/* The record's address or network. */
static bool network_of(const struct record *r, struct lease_event *e, const char **why)
{
    if (!record_has(r, FIELD_CLIENT))
        return true;
    e->has_network = network_parse(r->client, &e->network, why);
    return e->has_network;
}

/* The machine's own console, not an address of the network. */
static bool is_local_logon(const struct lease_event *e, struct slice client)
{
    return (e->claim == LEASE_LOGON || e->claim == LEASE_LOGOFF) &&
           (slice_is(client, "127.0.0.1") || slice_is(client, "::1"));
}

/* The times of ${e}; what is wrong with them, or NULL. */
static const char *set_times(const struct record *r, struct lease_event *e)
{
    bool ends = e->claim == LEASE_LOGOFF || e->claim == LEASE_DEVICE_END;

    e->from_us = record_has(r, FIELD_TS) ? r->ts_us : LEASE_ALWAYS;
    e->until_us = record_has(r, FIELD_TS_END) && !ends ? r->ts_end_us : LEASE_OPEN;
    if (e->from_us == LEASE_ALWAYS && needs_start(e->claim))
        return "no time at which it began";
    if (e->from_us > e->until_us)
        return "it ends before it starts";
    return NULL;
}

/* Texts of the event in the forms in which they are compared. */
static bool set_owner(struct identity *i, const struct record *r, struct lease_event *e)
{
    buf_reset(&i->scratch);
    if (record_has(r, FIELD_USER)) {
        identity_append_user(i, r->user, &i->scratch);
        e->user = buf_slice(&i->scratch);
        return !i->scratch.failed;
    }
    if (record_has(r, FIELD_MAC))
        e->mac = r->mac;
    if (record_has(r, FIELD_NAME) && !(e->claim == LEASE_DEVICE_END && is_withdrawn(r)))
        e->name = name_fold(r->name, &i->scratch);
    return !i->scratch.failed;
}

/* The logon of a machine or service says not who sits there. Without a directory names stay as they
 * are, but what they are the names of shows all the same. */
static bool is_nobodys_logon(struct identity *i, const struct lease_event *e)
{
    struct buf folded = {0};
    struct name_parts parts;
    bool person;

    if ((e->claim != LEASE_LOGON && e->claim != LEASE_LOGOFF) || e->user.len == 0)
        return false;
    if (i->directory != NULL)
        return !identity_is_person(e->user);
    parts = name_cut(name_fold(e->user, &folded));
    person = name_kind_of(&parts, i->rules.services) == KIND_PERSON;
    i->scratch.failed |= folded.failed;
    buf_free(&folded);
    return !person;
}

bool identity_add(struct identity *i, const struct record *r, const char **why, struct error *err)
{
    struct lease_event e = {.claim = LEASE_LISTED};

    *why = NULL;
    if (i->leases == NULL)
        i->leases = leases_create(i->rules.hold_us, i->rules.shared, err);
    if (i->leases == NULL)
        return false;
    if (r->kind != RECORD_IDENTITY || !claim_of(r, &e.claim) || is_unused(r, e.claim) ||
        !network_of(r, &e, why))
        return true;
    *why = set_times(r, &e);
    if (*why != NULL || is_local_logon(&e, r->client))
        return true;
    if (!set_owner(i, r, &e))
        return error_set_memory(err);
    return is_nobodys_logon(i, &e) || leases_add(i->leases, &e, err);
}

/* A machine is its person by the list of machines, else host:NAME where the name is its own, else
 * mac:ADDRESS. */
static void resolve(void *context, const struct lease_machine *m, struct buf *out, bool *person)
{
    const struct identity *i = context;
    struct slice user;

    *person = i->devices != NULL && devices_find(i->devices, m->mac, m->name, &user);
    if (*person) {
        identity_append_user(i, user, out);
    } else if (m->name.len > 0 && (!m->name_is_shared || m->mac.len == 0)) {
        buf_append_string(out, "host:");
        buf_append(out, m->name);
    } else {
        buf_append_string(out, "mac:");
        buf_append(out, m->mac);
    }
}

bool identity_finish(struct identity *i, struct error *err)
{
    const struct lease_resolver resolver = {resolve, i};

    return i->leases == NULL || leases_finish(i->leases, &resolver, err);
}

const struct leases *identity_leases(const struct identity *i)
{
    return i == NULL ? NULL : i->leases;
}

const struct directory *identity_directory(const struct identity *i)
{
    return i == NULL ? NULL : i->directory;
}

void identity_free(struct identity *i)
{
    if (i == NULL)
        return;
    directory_free(i->directory);
    devices_free(i->devices);
    leases_free(i->leases);
    buf_free(&i->scratch);
    free(i);
}
