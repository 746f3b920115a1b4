/* world.h: who is there and where they go: the users and hosts that a generated log is about. */
#ifndef KAGE_GEN_WORLD_H
#define KAGE_GEN_WORLD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "random.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WORLD_USERS_MAX = 10000000,
    WORLD_HOSTS_MAX = 10000000,
    WORLD_APPS_MAX = 10000000,
    WORLD_HOSTS_KEPT = 1 << 16, /* those behind them are made when they are visited */
    WORLD_NAME_LIMIT = 300
};

struct host {
    struct slice name;
    uint32_t app; /* index in the signature set, or SIGNATURE_NO_APP */
    enum role role;
    uint32_t address; /* IPv4, of documentation networks */
};

/* Where a host is made that is not kept. */
struct host_room {
    struct host host;
    char name[WORLD_NAME_LIMIT];
};

/* Domain signatures grouped by app, so that an app with many domains is not drawn more often. */
struct choice {
    uint32_t *apps; /* apps with at least one domain */
    size_t app_count;
    uint32_t *first; /* by app: index into rows; first[app + 1] is past its last */
    uint32_t *rows;  /* signature numbers */
};

struct world {
    const struct signature_set *signatures;
    struct choice choice;
    struct host *hosts; /* the most visited first; up to WORLD_HOSTS_KEPT */
    size_t host_count, user_count;
    double app_share;
    uint64_t seed;
    double log_hosts; /* of host_count + 1 */
    struct arena arena;
};

struct world_size {
    size_t users, hosts;
    double app_share; /* of the hosts, 0 to 1 */
    uint64_t seed;
    size_t apps; /* in use, of those that the signatures know */
};

/*
 * world_create(size, signatures, out, err):
 * Hosts of apps stand at or below a domain of the signatures, all others below `.example`.
 * Errors:  ERROR_MEMORY.
 * Owns:    borrows ${signatures}; the caller frees with world_free.
 */
bool world_create(const struct world_size *size, const struct signature_set *signatures,
                  struct world *out, struct error *err);

/* Some user; those with low numbers are busier. */
uint32_t world_pick_user(const struct world *w, struct random *r);

/* Host ${number}, below host_count: a kept one, or ${room}'s. */
const struct host *world_host(const struct world *w, size_t number, struct host_room *room);

/* A host that ${user} may visit, by Zipf's law; each user has a quarter of the apps. May be
 * ${room}'s. */
const struct host *world_pick_host(const struct world *w, struct random *r, uint32_t user,
                                   struct host_room *room);

/* "user0000042" and 10.0.0.43 of user 42. */
void world_append_user(struct buf *out, uint32_t user);
uint32_t world_user_address(uint32_t user);

void world_append_address(struct buf *out, uint32_t address);

void world_free(struct world *w);

#endif
