/* leases.c: claims as they come, owners and places by number, and the look-up. */
#include "identity/leases.h"

#include "base/buf.h"
#include "identity/leases_internal.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 1024, FIRST_ITEMS = 1024, ADDRESS_BITS = 128 };

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

static uint64_t hash_place(const struct address *base, int bits)
{
    return XXH3_64bits_withSeed(base->bytes, sizeof base->bytes, (XXH64_hash_t)bits);
}

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
        at = (size_t)hash_place(&place->base, place->bits) & (count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (count - 1);
        slots[at] = l->slots[i];
    }
    free(l->slots);
    l->slots = slots;
    l->slot_count = count;
    return true;
}

static bool find_or_add_place(struct leases *l, const struct network *network, uint32_t *out)
{
    uint64_t hash = hash_place(&network->base, network->bits);
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
    l->has_bits[network->bits] = true;
    return true;
}

static struct address mask(const struct address *address, int bits)
{
    struct address out = {{0}};
    size_t whole = (size_t)bits / 8;

    memcpy(out.bytes, address->bytes, whole);
    if (whole < sizeof out.bytes)
        out.bytes[whole] =
            (unsigned char)(address->bytes[whole] & (unsigned char)(0xff00U >> (bits % 8)));
    return out;
}

/* The smallest network of at most ${bits} bits around ${address}. */
static uint32_t find_below(const struct leases *l, const struct address *address, int bits)
{
    for (; bits >= 0; bits--) {
        struct address base;
        uint64_t slot;

        if (!l->has_bits[bits])
            continue;
        base = mask(address, bits);
        slot = l->slots[probe(l, &base, bits, hash_place(&base, bits))];
        if (slot != 0)
            return (uint32_t)slot;
    }
    return LEASE_NO_PLACE;
}

uint32_t leases_find(const struct leases *l, const struct address *address)
{
    return find_below(l, address, ADDRESS_BITS);
}

/* --- claims --- */

/* The number of a raw owner: a letter for its kind and the text. */
static bool raw_owner(struct leases *l, char kind, struct slice text, uint32_t *out)
{
    struct buf key = {0};

    buf_append_byte(&key, kind);
    buf_append(&key, text);
    *out = key.failed ? TEXT_MAP_NONE : text_map_add(&l->raw, buf_slice(&key), NULL);
    buf_free(&key);
    return *out != TEXT_MAP_NONE;
}

/* A machine of which nothing is known ends what another had, and an end that names none is the end
 * of whoever had it. */
static bool is_of_anybody(const struct lease_event *e)
{
    return e->mac.len == 0 && e->name.len == 0 && e->has_network &&
           (e->claim == LEASE_DEVICE || e->claim == LEASE_DEVICE_END);
}

static bool nameless_owner(struct leases *l, uint32_t *out)
{
    if (!raw_owner(l, 'n', SLICE(""), out))
        return false;
    l->nameless = *out + 1;
    return true;
}

/* A machine is its MAC; the name it comes with is remembered. */
static bool device_owner(struct leases *l, const struct lease_event *e, uint32_t *out)
{
    uint32_t name = TEXT_MAP_NONE;
    uint32_t *names;

    if (is_of_anybody(e))
        return nameless_owner(l, out);
    if (e->name.len > 0 && !raw_owner(l, 'n', e->name, &name))
        return false;
    if (e->mac.len == 0) {
        *out = name;
        return true;
    }
    if (!raw_owner(l, 'm', e->mac, out))
        return false;
    while (*out >= l->mac_name_capacity) {
        size_t before = l->mac_name_capacity;

        names = leases_make_room(l->mac_name, sizeof *names, before, &l->mac_name_capacity);
        if (names == NULL)
            return false;
        l->mac_name = names;
        memset(names + before, 0xff, (l->mac_name_capacity - before) * sizeof *names);
    }
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

static bool add_claim(struct leases *l, const struct lease_event *e, uint32_t owner)
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
    if (l->claim_count >= UINT32_MAX || !find_or_add_place(l, &e->network, &c.place))
        return false;
    claims[l->claim_count++] = c;
    return true;
}

bool leases_add(struct leases *l, const struct lease_event *e, struct error *err)
{
    uint32_t owner = TEXT_MAP_NONE;
    bool person = is_person_claim(e->claim);

    if (person && e->user.len > 0 && !raw_owner(l, 'p', e->user, &owner))
        return error_set_memory(err);
    if (!person && !device_owner(l, e, &owner))
        return error_set_memory(err);
    if (owner == TEXT_MAP_NONE)
        return true;
    if (!e->has_network)
        return e->claim != LEASE_LOGOFF || add_logoff(l, owner, e->from_us) ||
               error_set_memory(err);
    return add_claim(l, e, owner) || error_set_memory(err);
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

static void set_parents(struct leases *l)
{
    for (size_t i = 1; i < l->place_count; i++)
        l->places[i].parent = find_below(l, &l->places[i].base, l->places[i].bits - 1);
}

/* What is needed no more. */
static void drop_claims(struct leases *l)
{
    free(l->claims);
    free(l->logoffs);
    free(l->mac_name);
    text_map_free(&l->raw);
    l->claims = NULL;
    l->logoffs = NULL;
    l->mac_name = NULL;
    l->claim_count = l->logoff_count = 0;
}

static size_t memory(const struct leases *l)
{
    return l->place_capacity * sizeof *l->places + l->slot_count * sizeof *l->slots +
           l->span_capacity * sizeof *l->spans + text_map_memory(&l->owners) +
           l->owners.count * sizeof *l->is_person;
}

size_t leases_memory(const struct leases *l)
{
    return memory(l) + l->claim_capacity * sizeof *l->claims +
           l->claim_count * sizeof *l->claims + /* sorted by place */
           l->logoff_capacity * sizeof *l->logoffs + text_map_memory(&l->raw) +
           l->mac_name_capacity * sizeof *l->mac_name;
}

bool leases_finish(struct leases *l, const struct lease_resolver *resolver, struct error *err)
{
    uint32_t *final = resolve_owners(l, resolver);
    bool ok = final != NULL ? leases_build(l, final, err) : error_set_memory(err);

    free(final);
    if (!ok)
        return false;
    set_parents(l);
    l->stats.claims = l->claim_count;
    l->stats.addresses = l->place_count - 1;
    l->stats.intervals = l->span_count;
    drop_claims(l);
    l->stats.bytes = memory(l);
    return true;
}

/* --- looking up --- */

/* The index about where the span of ${place} that holds ${ts_us} stands: leases come evenly over
 * time, mostly. ${ts_us} is not before the first span. */
static size_t guess(const struct place *place, int64_t ts_us)
{
    double offset = ((double)ts_us - (double)place->start_us) * place->spans_of_a_us;
    size_t last = place->count - 1;

    return offset < (double)last ? (size_t)offset : last;
}

/* The last of ${count} spans that has started; the first has. From the guess in steps that double,
 * then by halves: where the guess is good, one line of memory is touched, not one a half. */
static size_t find_span(const struct span *spans, size_t count, size_t at, int64_t ts_us)
{
    size_t low = at, high = at + 1, step = 1;

    __builtin_prefetch(&spans[at] + 1);
    while (spans[low].start_us > ts_us) {
        high = low;
        low = low > step ? low - step : 0;
        step *= 2;
    }
    for (step = 1; high < count && spans[high].start_us <= ts_us; step *= 2) {
        low = high;
        high = count - high > step ? high + step : count;
    }
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (spans[middle].start_us <= ts_us)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The owner of the span of ${place} that holds ${ts_us}. */
static uint32_t span_owner(const struct leases *l, const struct place *place, int64_t ts_us)
{
    const struct span *spans;

    if (place->count == 0 || ts_us < place->start_us)
        return LEASE_NOBODY;
    spans = &l->spans[place->first];
    return spans[find_span(spans, place->count, guess(place, ts_us), ts_us)].owner;
}

uint32_t leases_owner_at(const struct leases *l, uint32_t place, int64_t ts_us, bool *conflict)
{
    uint32_t owner = LEASE_NOBODY;

    for (; place != LEASE_NO_PLACE && owner == LEASE_NOBODY; place = l->places[place].parent)
        owner = span_owner(l, &l->places[place], ts_us);
    if (conflict != NULL)
        *conflict = owner == CONFLICT;
    return owner == CONFLICT ? LEASE_NOBODY : owner;
}

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
    free(l->places);
    free(l->slots);
    free(l->spans);
    free(l->is_person);
    text_map_free(&l->owners);
    free(l);
}
