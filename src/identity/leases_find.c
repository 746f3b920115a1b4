/* leases_find.c: places as they are looked up, and who had one at a moment. */
#include "identity/leases_internal.h"

#include <stdlib.h>
#include <string.h>

enum { ADDRESS_BITS = 128, SEAT_BYTES = 64, MOST_PLACES = UINT32_MAX / SEATS_A_PLACE };

/* --- seats --- */

/* Where the network would sit if it were alone. */
static size_t home_of(const struct leases *l, const struct address *base, int bits)
{
    uint64_t hash = leases_hash(base, bits);

    return (size_t)((hash >> 32) * l->seat_count >> 32);
}

static bool sits(const struct seat *seat, const struct address *base, int bits)
{
    return seat->bits == bits && memcmp(&seat->base, base, sizeof *base) == 0;
}

/* The seat of the network, or the free one where it would be. */
static size_t probe(const struct leases *l, const struct address *base, int bits)
{
    size_t at = home_of(l, base, bits);

    while (l->seats[at].taken && !sits(&l->seats[at], base, bits))
        at = at + 1 < l->seat_count ? at + 1 : 0;
    return at;
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

static uint32_t find(const struct leases *l, const struct address *base, int bits)
{
    size_t at = probe(l, base, bits);

    return l->seats[at].taken ? (uint32_t)at + 1 : LEASE_NO_PLACE;
}

/* The smallest network of less than ${bits} bits around ${address}. */
static uint32_t find_below(const struct leases *l, const struct address *address, int bits)
{
    uint32_t place = LEASE_NO_PLACE;

    for (size_t i = 0; place == LEASE_NO_PLACE && i < l->length_count; i++) {
        struct address base;

        if (l->lengths[i] >= bits)
            continue;
        base = mask(address, l->lengths[i]);
        place = find(l, &base, l->lengths[i]);
    }
    return place;
}

uint32_t leases_find(const struct leases *l, const struct address *address)
{
    uint32_t place = find(l, address, ADDRESS_BITS); /* mostly it has its own */

    return place != LEASE_NO_PLACE ? place : find_below(l, address, ADDRESS_BITS);
}

/* Does one owner have the place, and then nobody? */
static bool is_single(const struct span *spans, uint32_t count)
{
    return count == 1 || (count == 2 && spans[1].owner == LEASE_NOBODY);
}

/* What tells of the place's spans; they move to where ${kept} of them stand before, unless one
 * owner is all. */
static void describe(struct leases *l, const struct place *place, size_t *kept, struct seat *seat)
{
    const struct span *spans;
    int64_t start_us, last_us;

    if (place->count == 0)
        return;
    spans = &l->spans[place->first];
    start_us = seat->start_us = spans->start_us;
    last_us = spans[place->count - 1].start_us;
    if (is_single(spans, place->count)) {
        seat->owner = spans->owner;
        seat->until_us = place->count == 1 ? LEASE_OPEN : last_us;
        return;
    }
    seat->count = place->count;
    seat->first = (uint32_t)*kept;
    seat->spans_of_a_us = (place->count - 1) / ((double)last_us - (double)start_us);
    memmove(&l->spans[*kept], spans, place->count * sizeof *spans);
    *kept += place->count;
}

static void take_seats(struct leases *l)
{
    size_t kept = 0;

    for (size_t i = 1; i < l->place_count; i++) { /* their spans stand in this order */
        const struct place *place = &l->places[i];
        struct seat *seat = &l->seats[probe(l, &place->base, place->bits)];

        seat->base = place->base;
        seat->bits = (uint8_t)place->bits;
        seat->taken = true;
        describe(l, place, &kept, seat);
    }
    l->span_count = kept;
}

bool leases_seat(struct leases *l)
{
    bool occurs[ADDRESS_BITS + 1] = {false};

    if (l->place_count > MOST_PLACES)
        return false;
    l->seat_count = l->place_count * SEATS_A_PLACE;
    l->seats = aligned_alloc(SEAT_BYTES, l->seat_count * sizeof *l->seats);
    if (l->seats == NULL)
        return false;
    memset(l->seats, 0, l->seat_count * sizeof *l->seats);
    for (size_t i = 1; i < l->place_count; i++)
        occurs[l->places[i].bits] = true;
    take_seats(l);
    for (int bits = ADDRESS_BITS; bits >= 0; bits--)
        if (occurs[bits])
            l->lengths[l->length_count++] = (uint8_t)bits;
    for (size_t i = 0; i < l->seat_count; i++)
        if (l->seats[i].taken)
            l->seats[i].parent = find_below(l, &l->seats[i].base, l->seats[i].bits);
    return true;
}

/* --- moments --- */

/* The index about where the span of ${seat} that holds ${ts_us} stands: leases come evenly over
 * time, mostly. ${ts_us} is not before the first span. */
static size_t guess(const struct seat *seat, int64_t ts_us)
{
    double offset = ((double)ts_us - (double)seat->start_us) * seat->spans_of_a_us;
    size_t last = seat->count - 1;

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

/* The owner of the span of ${seat} that holds ${ts_us}. */
static uint32_t span_owner(const struct leases *l, const struct seat *seat, int64_t ts_us)
{
    const struct span *spans;

    if (ts_us < seat->start_us)
        return LEASE_NOBODY;
    if (seat->count == 0)
        return ts_us < seat->until_us || seat->until_us == LEASE_OPEN ? seat->owner : LEASE_NOBODY;
    spans = &l->spans[seat->first];
    return spans[find_span(spans, seat->count, guess(seat, ts_us), ts_us)].owner;
}

uint32_t leases_owner_at(const struct leases *l, uint32_t place, int64_t ts_us, bool *conflict)
{
    uint32_t owner = LEASE_NOBODY;

    for (; place != LEASE_NO_PLACE && owner == LEASE_NOBODY; place = l->seats[place - 1].parent)
        owner = span_owner(l, &l->seats[place - 1], ts_us);
    if (conflict != NULL)
        *conflict = owner == CONFLICT;
    return owner == CONFLICT ? LEASE_NOBODY : owner;
}
