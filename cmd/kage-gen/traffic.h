/* traffic.h: what happens: one request or question after the other, in the order of time. */
#ifndef KAGE_GEN_TRAFFIC_H
#define KAGE_GEN_TRAFFIC_H

#include "random.h"
#include "world.h"

#include <stdbool.h>
#include <stdint.h>

enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_DENIED, OUTCOME_CHALLENGED };

struct event {
    int64_t ts_ms; /* UTC; of a request: its end */
    uint32_t user;
    const struct host *host;
    bool connect;
    enum outcome outcome;
    uint32_t elapsed_ms; /* under an hour */
    uint64_t bytes_up, bytes_down;
    uint64_t noise; /* random bits for ports, paths and the like */
};

struct traffic {
    const struct world *world;
    struct random random;
    uint64_t lines, slot;   /* of all; hours begun */
    uint64_t in_slot, step; /* events of the hour; those made of it */
    uint64_t slots;         /* hours of all days */
    int64_t start_ms;
    bool questions; /* DNS: all pass */
    struct host_room room;
};

/* ${lines} events over ${days} days from ${start_ms} on, more in working hours. Borrows ${world}.
 */
struct traffic traffic_of(const struct world *world, uint64_t lines, unsigned days,
                          int64_t start_ms, bool questions);

/* The next event; its host lives until the one after it. Returns: false after the last. */
bool traffic_next(struct traffic *t, struct event *out);

#endif
