/* users.h: for whom a record is counted: the log's own user name, else who had the address then,
 * else the address. */
#ifndef USAGE_USERS_H
#define USAGE_USERS_H

#include "base/error.h"
#include "identity/identity.h"
#include "record/record.h"
#include "usage/filter.h"
#include "usage/memo.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

struct sharing;

/* The names and addresses met so far. Opaque. Not thread-safe. */
struct users;

/* Where users come from; each may be NULL. */
struct users_world {
    const struct identity *identity;
    struct sharing *sharing; /* people and the addresses they ask from are noted there */
};

/* ${filter} may be NULL. Owns: borrows all; the caller frees with users_free. */
struct users *users_create(const struct users_world *world, const struct record_filter *filter,
                           struct usage *usage, struct error *err);

/* The text by which a record's user is known, as the log writes it; empty where it gives none. */
struct slice users_text(const struct record *r);
struct slice users_client(const struct record *r);

/* Get the memory ready in which the user of that hash (hash_text of users_text) will be looked for.
 */
void users_prefetch(const struct users *u, const struct record *r, uint64_t hash);

/*
 * users_find(u, r, hash, out):
 * Who it is and whether the user filter keeps it. A client that several people had at the time of
 * ${r} stays ip:ADDRESS, and ${out}.undecided tells. Returns: false where memory is out.
 */
bool users_find(struct users *u, const struct record *r, uint64_t hash, struct known_user *out);

/* Forget the names and addresses met so far: the usage is about to be cleared. */
void users_forget(struct users *u);

void users_free(struct users *u);

#endif
