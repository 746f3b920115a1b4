/* leases.c: claims as they come, owners and places by number, and the look-up. */
#include "identity/leases.h"

#include "base/buf.h"
#include "identity/leases_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024, FIRST_ITEMS = 1024 };

void *leases_make_room(void *items, size_t size, size_t count, size_t *capacity)
{
    size_t wanted = *capacity == 0 ? FIRST_ITEMS : *capacity + *capacity / 2;

    if (count < *capacity)
        return items;
    if (wanted > SIZE_MAX / 2 / size)
        return NULL;
    items = realloc(items, wanted * size);
    if (items != NULL)
        *capacity = wanted;
    return items;
}

struct leases *leases_create(int64_t hold_us, size_t shared, struct error *err)
{
    struct leases *l = calloc(1, sizeof *l);

    if (l == NULL || (l->slots = calloc(FIRST_SLOTS, sizeof *l->slots)) == NULL) {
        free(l);
        error_set_memory(err);
        return NULL;
    }
    l->slot_count = FIRST_SLOTS;
    l->hold_us = hold_us;
    l->threshold = shared;
    l->place_count = 1; /* LEASE_NO_PLACE */
    return l;
}

/* --- places --- */

/* The slot of the place, or the free one where it would stand. */
static size_t probe(const struct leases *l, const struct address *base, int bits, uint64_t hash)
{
    size_t mask = l->slot_count - 1;

    for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
        uint64_t slot = l->slots[at];
        const struct place *place = &l->places[(uint32_t)slot];

        if (slot == 0 || ((slot ^ hash) >> 32 == 0 && place->bits == bits &&
                          memcmp(&place->base, base, sizeof *base) == 0))
            return at;
    }
}

static bool grow_slots(struct leases *l)
{
    size_t count = l->slot_count * 2;
    uint64_t *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return false;
    for (size_t i = 0; i < l->slot_count; i++) {
        const struct place *place = &l->places[(uint32_t)l->slots[i]];
        size_t at;

        if (l->slots[i] == 0)
            continue;
        at = (size_t)leases_hash(&place->base, place->bits) & (count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (count - 1);
        slots[at] = l->slots[i];
    }
    free(l->slots);
    l->slots = slots;
    l->slot_count = count;
    return true;
}

static bool find_or_add_place(struct leases *l, const struct network *network, uint64_t hash,
                              uint32_t *out)
{
    struct place *places =
        leases_make_room(l->places, sizeof *places, l->place_count, &l->place_capacity);
    size_t at;

    if (places == NULL)
        return false;
    l->places = places;
    if (l->place_count * 2 > l->slot_count && !grow_slots(l))
        return false;
    at = probe(l, &network->base, network->bits, hash);
    *out = (uint32_t)l->slots[at];
    if (*out != LEASE_NO_PLACE)
        return true;
    if (l->place_count >= UINT32_MAX)
        return false;
    *out = (uint32_t)l->place_count++;
    l->places[*out] = (struct place){.base = network->base, .bits = network->bits};
    l->slots[at] = (hash & UINT64_C(0xffffffff00000000)) | *out;
    return true;
}

/* --- claims --- */

/* The number of a raw owner: a letter for its kind and the text. */
static bool raw_owner(struct leases *l, char kind, struct slice text, uint32_t *out)
{
    struct buf *key = &l->scratch;

    buf_reset(key);
    buf_append_byte(key, kind);
    buf_append(key, text);
    *out = key->failed ? TEXT_MAP_NONE : text_map_add(&l->raw, buf_slice(key), NULL);
    return *out != TEXT_MAP_NONE;
}

static bool machine_owner(struct leases *l, struct slice key, uint64_t hash, uint32_t *out)
{
    *out = text_map_add_hashed(&l->raw, key, hash, NULL);
    return *out != TEXT_MAP_NONE;
}

/* A machine of which nothing is known ends what another had, and an end that names none is the end
 * of whoever had it. */
static bool is_of_anybody(const struct lease_event *e, const struct machine_key *key)
{
    return key->mac.len == 0 && key->name.len == 0 && e->has_network &&
           (e->claim == LEASE_DEVICE || e->claim == LEASE_DEVICE_END);
}

static bool nameless_owner(struct leases *l, uint32_t *out)
{
    if (!raw_owner(l, 'n', SLICE(""), out))
        return false;
    l->nameless = *out + 1;
    return true;
}

/* Was the machine last seen with the name? Mostly it was, which spares a search. */
static bool has_name(const struct leases *l, uint32_t mac, struct slice key)
{
    return mac < l->mac_name_capacity && l->mac_name[mac] != TEXT_MAP_NONE &&
           slice_equal(l->raw.texts[l->mac_name[mac]], key);
}

/* Room for the name of one more machine; what is new has none. */
static bool make_name_room(struct leases *l, uint32_t mac)
{
    while (mac >= l->mac_name_capacity) {
        size_t before = l->mac_name_capacity;
        uint32_t *names =
            leases_make_room(l->mac_name, sizeof *names, before, &l->mac_name_capacity);

        if (names == NULL)
            return false;
        l->mac_name = names;
        memset(names + before, 0xff, (l->mac_name_capacity - before) * sizeof *names);
    }
    return true;
}

/* A machine is its MAC; the name it comes with is remembered. */
static bool device_owner(struct leases *l, const struct lease_event *e,
                         const struct machine_key *key, uint32_t *out)
{
    uint32_t name = TEXT_MAP_NONE;

    if (is_of_anybody(e, key))
        return nameless_owner(l, out);
    if (key->mac.len > 0 && !machine_owner(l, key->mac, key->mac_hash, out))
        return false;
    if (key->mac.len > 0 && key->name.len > 0 && has_name(l, *out, key->name))
        return true;
    if (key->name.len > 0 && !machine_owner(l, key->name, key->name_hash, &name))
        return false;
    if (key->mac.len == 0) {
        *out = name;
        return true;
    }
    if (!make_name_room(l, *out))
        return false;
    if (name != TEXT_MAP_NONE)
        l->mac_name[*out] = name;
    return true;
}

static bool is_person_claim(enum lease_claim claim)
{
    return claim == LEASE_LISTED || claim == LEASE_LOGON || claim == LEASE_LOGOFF;
}

/* From and until of a claim, what is not known filled in. */
static void set_span(const struct leases *l, const struct lease_event *e, struct claim *c)
{
    bool limited = e->claim != LEASE_LISTED && /* lists and leases may be for ever */
                   (e->from_us != LEASE_ALWAYS || e->until_us != LEASE_OPEN);

    c->from_us = e->from_us;
    c->until_us = e->until_us;
    if (limited && c->from_us == LEASE_ALWAYS &&
        __builtin_sub_overflow(c->until_us, l->hold_us, &c->from_us))
        c->from_us = LEASE_ALWAYS;
    if (limited && c->until_us == LEASE_OPEN &&
        __builtin_add_overflow(c->from_us, l->hold_us, &c->until_us))
        c->until_us = LEASE_OPEN;
}

static bool add_logoff(struct leases *l, uint32_t owner, int64_t at_us)
{
    struct logoff *logoffs =
        leases_make_room(l->logoffs, sizeof *logoffs, l->logoff_count, &l->logoff_capacity);

    if (logoffs == NULL)
        return false;
    l->logoffs = logoffs;
    logoffs[l->logoff_count++] = (struct logoff){at_us, owner};
    return true;
}

static bool add_claim(struct leases *l, const struct lease_event *e, uint64_t place_hash,
                      uint32_t owner)
{
    struct claim c = {
        .owner = owner, .claim = (uint8_t)e->claim, .order = (uint32_t)l->claim_count};
    struct claim *claims;

    set_span(l, e, &c);
    if (c.from_us >= c.until_us)
        return true;
    claims = leases_make_room(l->claims, sizeof *claims, l->claim_count, &l->claim_capacity);
    if (claims == NULL)
        return false;
    l->claims = claims;
    if (l->claim_count >= UINT32_MAX || !find_or_add_place(l, &e->network, place_hash, &c.place))
        return false;
    claims[l->claim_count++] = c;
    return true;
}

bool leases_add_machine(struct leases *l, const struct lease_event *e,
                        const struct machine_key *key, uint64_t place_hash, struct error *err)
{
    uint32_t owner = TEXT_MAP_NONE;

    if (!device_owner(l, e, key, &owner))
        return error_set_memory(err);
    if (owner == TEXT_MAP_NONE || !e->has_network)
        return true;
    return add_claim(l, e, place_hash, owner) || error_set_memory(err);
}

static bool add_person(struct leases *l, const struct lease_event *e, uint64_t place_hash,
                       struct error *err)
{
    uint32_t owner;
    bool ok;

    if (e->user.len == 0)
        return true;
    ok = raw_owner(l, 'p', e->user, &owner);
    if (ok && e->has_network)
        ok = add_claim(l, e, place_hash, owner);
    else if (ok && e->claim == LEASE_LOGOFF)
        ok = add_logoff(l, owner, e->from_us);
    return ok || error_set_memory(err);
}

/* A machine with longer texts than may wait. */
static bool add_long(struct leases *l, const struct lease_event *e, uint64_t place_hash,
                     struct error *err)
{
    struct machine_key key = {.mac_hash = 0};
    struct buf *texts = &l->scratch;

    buf_reset(texts);
    buf_append_byte(texts, 'm');
    buf_append(texts, e->mac);
    buf_append_byte(texts, 'n');
    buf_append(texts, e->name);
    if (texts->failed)
        return error_set_memory(err);
    if (e->mac.len > 0)
        key.mac = slice_of(texts->ptr, e->mac.len + 1);
    if (e->name.len > 0)
        key.name = slice_of(texts->ptr + e->mac.len + 1, e->name.len + 1);
    key.mac_hash = text_map_hash(key.mac);
    key.name_hash = text_map_hash(key.name);
    return leases_add_machine(l, e, &key, place_hash, err);
}

bool leases_add(struct leases *l, const struct lease_event *e, struct error *err)
{
    uint64_t place_hash = e->has_network ? leases_hash(&e->network.base, e->network.bits) : 0;

    if (!is_person_claim(e->claim) && leases_can_wait(e))
        return leases_wait(l, e, err);
    if (!leases_wait_end(l, err))
        return false;
    return is_person_claim(e->claim) ? add_person(l, e, place_hash, err)
                                     : add_long(l, e, place_hash, err);
}

/* --- owners --- */

/* How many MACs have each raw name. */
static uint32_t *count_machines(const struct leases *l)
{
    uint32_t *machines = calloc((size_t)l->raw.count + 1, sizeof *machines);

    for (size_t raw = 0; machines != NULL && raw < l->raw.count && raw < l->mac_name_capacity;
         raw++)
        if (l->mac_name[raw] != TEXT_MAP_NONE)
            machines[l->mac_name[raw]]++;
    return machines;
}

/* Who the raw owner is in the end. */
static bool resolve_owner(struct leases *l, uint32_t raw, const uint32_t *machines,
                          const struct lease_resolver *resolver, struct buf *text, uint32_t *out)
{
    struct slice key = l->raw.texts[raw];
    struct lease_machine machine = {{NULL, 0}, {NULL, 0}, false};
    bool person = true;
    uint32_t name;

    buf_reset(text);
    if (l->nameless == raw + 1) {
        *out = LEASE_NOBODY;
        return true;
    }
    if (key.ptr[0] == 'p') {
        buf_append(text, slice_from(key, 1));
    } else {
        name = key.ptr[0] == 'n' ? raw : l->mac_name[raw];
        if (key.ptr[0] == 'm')
            machine.mac = slice_from(key, 1);
        if (name != TEXT_MAP_NONE) {
            machine.name = slice_from(l->raw.texts[name], 1);
            machine.name_is_shared = machines[name] > 1;
        }
        resolver->resolve(resolver->context, &machine, text, &person);
    }
    *out = text->failed ? TEXT_MAP_NONE : text_map_add(&l->owners, buf_slice(text), NULL);
    if (*out == TEXT_MAP_NONE)
        return false;
    ++*out;
    l->is_person[*out] |= person;
    return true;
}

/* The final owners by raw number. */
static uint32_t *resolve_owners(struct leases *l, const struct lease_resolver *resolver)
{
    size_t count = l->raw.count;
    uint32_t *final = calloc(count + 1, sizeof *final);
    uint32_t *machines = count_machines(l);
    struct buf text = {0};
    bool ok = final != NULL && machines != NULL;

    l->is_person = calloc(count + 2, sizeof *l->is_person);
    ok = ok && l->is_person != NULL;
    for (uint32_t raw = 0; ok && raw < count; raw++)
        ok = resolve_owner(l, raw, machines, resolver, &text, &final[raw]);
    buf_free(&text);
    free(machines);
    if (ok)
        return final;
    free(final);
    return NULL;
}

/* What is needed no more. */
static void drop_claims(struct leases *l)
{
    free(l->waiting);
    free(l->claims);
    free(l->logoffs);
    free(l->mac_name);
    free(l->is_person);
    text_map_free(&l->raw);
    buf_free(&l->scratch);
    l->waiting = NULL;
    l->claims = NULL;
    l->logoffs = NULL;
    l->mac_name = NULL;
    l->is_person = NULL;
    l->claim_count = l->logoff_count = 0;
}

static void drop_places(struct leases *l)
{
    free(l->places);
    free(l->slots);
    l->places = NULL;
    l->slots = NULL;
}

/* Give back what was room for more. */
static void trim_spans(struct leases *l)
{
    struct span *spans = realloc(l->spans, (l->span_count + 1) * sizeof *spans);

    if (spans == NULL)
        return;
    l->spans = spans;
    l->span_capacity = l->span_count + 1;
}

static size_t memory(const struct leases *l)
{
    return l->seat_count * sizeof *l->seats + l->span_capacity * sizeof *l->spans +
           text_map_memory(&l->owners);
}

size_t leases_memory(const struct leases *l)
{
    size_t claims = l->claim_capacity * sizeof *l->claims +
                    l->claim_count * sizeof *l->claims;               /* sorted by place */
    size_t seats = l->place_count * SEATS_A_PLACE * sizeof *l->seats; /* made when those are gone */

    size_t spans = l->claim_count * 2 * sizeof *l->spans;

    return memory(l) + spans + l->place_capacity * sizeof *l->places +
           l->slot_count * sizeof *l->slots + (claims > seats ? claims : seats) +
           l->logoff_capacity * sizeof *l->logoffs + text_map_memory(&l->raw) +
           l->mac_name_capacity * sizeof *l->mac_name;
}

bool leases_finish(struct leases *l, const struct lease_resolver *resolver, struct error *err)
{
    uint32_t *final = leases_wait_end(l, err) ? resolve_owners(l, resolver) : NULL;
    bool ok = final != NULL ? leases_build(l, final, err) : error_set_memory(err);

    free(final);
    if (!ok)
        return false;
    l->stats.claims = l->claim_count;
    l->stats.addresses = l->place_count - 1;
    l->stats.intervals = l->span_count;
    drop_claims(l);
    if (!leases_seat(l))
        return error_set_memory(err);
    drop_places(l);
    trim_spans(l);
    l->stats.bytes = memory(l);
    return true;
}

/* --- what there is --- */

struct slice leases_owner(const struct leases *l, uint32_t owner)
{
    return l->owners.texts[owner - 1];
}

size_t leases_owner_count(const struct leases *l)
{
    return l->owners.count;
}

void leases_stats(const struct leases *l, struct lease_stats *out)
{
    *out = l->stats;
}

bool leases_conflict(const struct leases *l, size_t index, struct lease_notice *out)
{
    if (index >= NOTICE_LIMIT || index >= l->stats.conflicts)
        return false;
    *out = l->conflicts[index];
    return true;
}

bool leases_shared(const struct leases *l, size_t index, struct lease_notice *out)
{
    if (index >= NOTICE_LIMIT || index >= l->stats.shared)
        return false;
    *out = l->shared[index];
    return true;
}

void leases_free(struct leases *l)
{
    if (l == NULL)
        return;
    drop_claims(l);
    drop_places(l);
    free(l->spans);
    free(l->seats);
    text_map_free(&l->owners);
    free(l);
}
