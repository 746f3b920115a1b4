/* leases_internal.h: claims and index, as collecting and building share them; private to them. */
#ifndef IDENTITY_LEASES_INTERNAL_H
#define IDENTITY_LEASES_INTERNAL_H

#include "base/hash.h"
#include "base/text_map.h"
#include "identity/leases.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NOTICE_LIMIT = 5,
    SEATS_A_PLACE = 2,
    WAITING_EVENTS = 32, /* whose tables are fetched into the cache at once */
    WAITING_MAC = 24,    /* bytes of the texts of an event that waits, a letter in front */
    WAITING_NAME = 64
};

#define CONFLICT UINT32_MAX /* as owner of a span: two had it */

/* A claim as collected; `owner` is a number of raw owners, after resolving one of owners. */
struct claim {
    int64_t from_us, until_us;
    uint32_t place, owner;
    uint32_t order; /* of its arrival */
    uint8_t claim;  /* enum lease_claim */
};

/* A machine as it is looked up among the raw owners: m and its MAC, n and its name; empty: none. */
struct machine_key {
    struct slice mac, name;
    uint64_t mac_hash, name_hash;
};

/* A machine's claim that waits for what it needs to come into the cache. */
struct waiting_event {
    struct lease_event event; /* but for its texts, which stand in the key */
    struct machine_key key;
    uint64_t place_hash;
    char mac[WAITING_MAC], name[WAITING_NAME];
};

/* A logoff that does not say where. */
struct logoff {
    int64_t at_us;
    uint32_t owner;
};

/* From then on the owner has the place; until the next span. */
struct span {
    int64_t start_us;
    uint32_t owner; /* LEASE_NOBODY, CONFLICT or an owner */
};

/* An address or network; its spans stand in spans[first … first + count). */
struct place {
    struct address base;
    int bits;
    uint32_t first, count;
};

/* A place as it is looked up: all that tells of it in one line of memory. A place's number is one
 * more than that of its seat. */
struct seat {
    struct address base;
    int64_t start_us;      /* of its first span */
    int64_t until_us;      /* where one owner is all, and so */
    uint32_t owner;        /* no span is kept; else */
    uint32_t first, count; /* the spans, */
    uint32_t parent;       /* (the smallest network around it that has a place) */
    double spans_of_a_us;  /* on average: tells about where a moment's span stands */
    uint8_t bits;
    bool taken;
    char room[6]; /* to the end of the line */
};

static inline uint64_t leases_hash(const struct address *base, int bits)
{
    const char *bytes = (const char *)base->bytes;

    return hash_fold(hash_load(bytes, 8) ^ UINT64_C(0xa0761d6478bd642f) ^ (uint64_t)bits,
                     hash_load(bytes + 8, 8) ^ UINT64_C(0xe7037ed1a0b428db));
}

struct leases {
    int64_t hold_us;
    size_t threshold;
    struct place *places; /* from 1; until the index is made */
    size_t place_count, place_capacity;
    uint64_t *slots; /* upper half of the hash, lower half the place; 0: free */
    size_t slot_count;
    struct buf scratch; /* raw owners' texts */

    struct waiting_event *waiting; /* WAITING_EVENTS, made at first use */
    size_t waiting_count;

    struct claim *claims;
    size_t claim_count, claim_capacity;
    struct logoff *logoffs; /* after sorting by owner and time */
    size_t logoff_count, logoff_capacity;
    struct text_map raw; /* owners as claimed: p and a user, m and a MAC, n and a name */
    uint32_t nameless;   /* that of machines of which nothing is known, one more; 0: none came */
    uint32_t *mac_name;  /* by raw owner: that of the name its machine was last seen with */
    size_t mac_name_capacity;

    struct seat *seats; /* open addressing */
    size_t seat_count;
    uint8_t lengths[129]; /* prefix lengths that occur, the longest first */
    size_t length_count;
    struct span *spans; /* by place and time */
    size_t span_count, span_capacity;
    struct text_map owners; /* their numbers are one more than those of the map */
    bool *is_person;        /* by number of an owner */

    struct lease_stats stats;
    struct lease_notice conflicts[NOTICE_LIMIT], shared[NOTICE_LIMIT];
};

/* Room for one more behind ${count} items of ${size} bytes. Returns: the items, moved perhaps, or
 * NULL. */
void *leases_make_room(void *items, size_t size, size_t count, size_t *capacity);

/* Can ${event} wait? Its texts are short. */
bool leases_can_wait(const struct lease_event *event);

/* Have ${event} wait; with it what waits may be taken up. Errors: ERROR_MEMORY. */
bool leases_wait(struct leases *l, const struct lease_event *event, struct error *err);

/* Take up all that wait, in the order they came. */
bool leases_wait_end(struct leases *l, struct error *err);

/* Take up a machine's claim, ${place_hash} being that of its network. */
bool leases_add_machine(struct leases *l, const struct lease_event *event,
                        const struct machine_key *key, uint64_t place_hash, struct error *err);

/* Places with their spans into seats. Returns: false where memory is out. */
bool leases_seat(struct leases *l);

/* Claims into spans; owners are resolved by ${final}, by number of the raw ones. */
bool leases_build(struct leases *l, const uint32_t *final, struct error *err);

#endif
