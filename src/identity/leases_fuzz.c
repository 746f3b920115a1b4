/* leases_fuzz.c: any claims in any order: spans of a place follow each other, and a look-up finds
 * the one that a walk along them finds. */
#include "identity/leases.h"

#include "identity/leases_internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CLAIM_BYTES = 8, HOLD = 40, SHARED = 1, KINDS = LEASE_DEVICE_END + 1 };

static void resolve(void *context, const struct lease_machine *machine, struct buf *out,
                    bool *person)
{
    (void)context;
    buf_append(out, machine->mac.len > 0 ? machine->mac : machine->name);
    *person = machine->name.len > 0 && machine->name.ptr[0] == 'a';
}

/* Far from each other or near, or not known. */
static int64_t time_of(uint8_t byte, int64_t unknown)
{
    return byte == 0 ? unknown : byte > 0xf0 ? INT64_MAX / (0x100 - byte) : byte - 0x60;
}

/* Few owners and addresses, so that they meet. */
static bool add(struct leases *l, const uint8_t claim[CLAIM_BYTES])
{
    static const char names[] = "abcd";
    struct lease_event e = {.claim = (enum lease_claim)(claim[0] % KINDS)};
    struct error err = {0};

    e.has_network = claim[1] < 0xf0;
    e.network.base.bytes[15] = claim[1] % 4;
    e.network.bits = claim[2] % 4 == 0 ? 120 : 128;
    if (e.network.bits < 128)
        e.network.base.bytes[15] = 0;
    e.user = slice_of(&names[claim[3] % 4], claim[3] < 0xf8 ? 1 : 0);
    e.mac = slice_of(&names[claim[4] % 4], claim[4] % 8 < 4 ? 1 : 0);
    e.name = slice_of(&names[claim[5] % 4], claim[5] % 8 < 4 ? 1 : 0);
    e.from_us = time_of(claim[6], LEASE_ALWAYS);
    e.until_us = time_of(claim[7], LEASE_OPEN);
    return leases_add(l, &e, &err);
}

static uint32_t walk(const struct leases *l, const struct seat *seat, int64_t ts_us)
{
    uint32_t owner = LEASE_NOBODY;

    if (seat->count == 0 && ts_us >= seat->start_us &&
        (ts_us < seat->until_us || seat->until_us == LEASE_OPEN))
        return seat->owner;
    for (size_t i = seat->first; i < seat->first + seat->count; i++)
        if (l->spans[i].start_us <= ts_us)
            owner = l->spans[i].owner;
    return owner;
}

static void check_at(const struct leases *l, uint32_t number, int64_t ts_us)
{
    bool conflict;
    uint32_t owner = leases_owner_at(l, number, ts_us, &conflict), walked = LEASE_NOBODY;

    for (uint32_t at = number; at != LEASE_NO_PLACE && walked == LEASE_NOBODY;
         at = l->seats[at - 1].parent)
        walked = walk(l, &l->seats[at - 1], ts_us);
    if (conflict != (walked == CONFLICT) || (!conflict && owner != walked) ||
        owner > leases_owner_count(l))
        abort();
}

static void check_place(const struct leases *l, uint32_t number)
{
    const struct seat *seat = &l->seats[number - 1];

    for (size_t i = seat->first; i < seat->first + seat->count; i++) {
        const struct span *span = &l->spans[i];

        if (i > seat->first &&
            (span->start_us <= span[-1].start_us || span->owner == span[-1].owner))
            abort();
        check_at(l, number, span->start_us);
        if (span->start_us > INT64_MIN)
            check_at(l, number, span->start_us - 1);
    }
    if (seat->count == 0) {
        check_at(l, number, seat->start_us);
        check_at(l, number, seat->until_us);
    }
    check_at(l, number, INT64_MIN);
    check_at(l, number, INT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct lease_resolver resolver = {resolve, NULL};
    struct error err = {0};
    struct leases *l = leases_create(HOLD, SHARED, &err);

    for (; size >= CLAIM_BYTES; size -= CLAIM_BYTES, data += CLAIM_BYTES)
        if (!add(l, data))
            abort();
    if (!leases_finish(l, &resolver, &err))
        abort();
    for (uint32_t i = 0; i < l->seat_count; i++)
        if (l->seats[i].taken)
            check_place(l, i + 1);
    leases_free(l);
    return 0;
}
