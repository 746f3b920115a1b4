/* leases.h: who held an address when: claims collected, then made an index over intervals. */
#ifndef IDENTITY_LEASES_H
#define IDENTITY_LEASES_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "net/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The rules. A DHCP server gives an address to one machine: a later lease to another ends the one
 * before, a renewal takes the place of what it renews. Claims of people (lists, logons) end only
 * where they say so; where two hold at once neither does. A person's claim goes before that of a
 * machine which belongs to nobody known. Claims without an end hold for a limited time. An
 * address goes before the network it is in, and a smaller network before a larger.
 */

#define LEASE_ALWAYS INT64_MIN /* as from_us: since ever */
#define LEASE_OPEN   INT64_MAX /* as until_us: without an end */

enum {
    LEASE_NOBODY = 0,  /* as owner: none */
    LEASE_NO_PLACE = 0 /* as place: none */
};

enum lease_claim {
    LEASE_LISTED,      /* a person, by a list that people keep */
    LEASE_LOGON,       /* a person logged on; without an end until the hold time is over */
    LEASE_LOGOFF,      /* at from_us; without an address: wherever the person was logged on */
    LEASE_DEVICE,      /* a machine got the address */
    LEASE_DEVICE_PAST, /* the same, of a lease that has ended: its end is certain */
    LEASE_DEVICE_NOW,  /* a machine has the address; since when is not known */
    LEASE_DEVICE_END   /* the machine gave it back at from_us */
};

/* One thing that a log or list says. Times in µs UTC. */
struct lease_event {
    enum lease_claim claim;
    bool has_network;
    struct network network; /* an address is a network of one */
    struct slice user;      /* of a person's claim: as counted */
    struct slice mac, name; /* of a machine's: either may be empty */
    int64_t from_us, until_us;
};

/* A machine that had an address; the texts as claimed, either may be empty. */
struct lease_machine {
    struct slice mac, name; /* the name it had last */
    bool name_is_shared;    /* other machines have the name, too */
};

/* What becomes of a machine: the person it belongs to, or its own name. */
struct lease_resolver {
    /* Append who the machine is; ${person} tells whether it is somebody. */
    void (*resolve)(void *context, const struct lease_machine *machine, struct buf *out,
                    bool *person);
    void *context;
};

/* What was found out while the index was made. */
struct lease_stats {
    size_t claims, addresses, intervals;
    size_t bytes;     /* of the index */
    size_t conflicts; /* spans in which two people had an address */
    size_t shared;    /* addresses that more people than that had at once */
};

/* An address that is worth naming. */
struct lease_notice {
    struct network network;
    int64_t from_us;
    uint32_t owner, other; /* of a conflict */
    size_t people;         /* of a shared address: the most at once */
};

/* Opaque; after leases_finish immutable and shared by threads. */
struct leases;

/* ${hold_us}: how long a claim without an end holds; an address that more than ${shared} people
 * have at once counts as shared. */
struct leases *leases_create(int64_t hold_us, size_t shared, struct error *err);

/* Note ${event}; what says nothing (no person, an end before its start) is passed over. A lease to
 * a machine without MAC and name makes the address nobody's, such an end is anybody's. Texts are
 * copied. Errors: ERROR_MEMORY. */
bool leases_add(struct leases *l, const struct lease_event *event, struct error *err);

/* Bytes that the claims so far and making their index take, about. */
size_t leases_memory(const struct leases *l);

/*
 * leases_finish(l, resolver, err):
 * Make the index; to be called once, after the last leases_add.
 * Cost: claims sorted by address and time; a second for some millions. Errors: ERROR_MEMORY.
 */
bool leases_finish(struct leases *l, const struct lease_resolver *resolver, struct error *err);

/* The place of ${address}: its own, or the smallest network around it; LEASE_NO_PLACE: nobody ever
 * had it. */
uint32_t leases_find(const struct leases *l, const struct address *address);

/* Who had the place at ${ts_us}: an owner, or LEASE_NOBODY; so also where two had it, and then
 * ${conflict} (may be NULL) is set. */
uint32_t leases_owner_at(const struct leases *l, uint32_t place, int64_t ts_us, bool *conflict);

/* The owner's text as counted: a user name, host:NAME or mac:ADDRESS. */
struct slice leases_owner(const struct leases *l, uint32_t owner);
size_t leases_owner_count(const struct leases *l); /* numbers are from 1 */

void leases_stats(const struct leases *l, struct lease_stats *out);

/* The ${index}th of the first few conflicts and shared addresses. Returns: false past the last. */
bool leases_conflict(const struct leases *l, size_t index, struct lease_notice *out);
bool leases_shared(const struct leases *l, size_t index, struct lease_notice *out);

void leases_free(struct leases *l);

#endif
