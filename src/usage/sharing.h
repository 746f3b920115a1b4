/* sharing.h: addresses from which many people ask: terminal servers, NAT. */
#ifndef USAGE_SHARING_H
#define USAGE_SHARING_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHARING_PAIRS = 1 << 20 }; /* of client and user that are told apart; further ones are not */

/* Who asked from where. Opaque; thread-safe. */
struct sharing;

/* Owns: the caller frees with sharing_free. */
struct sharing *sharing_create(struct error *err);

/* ${user} (as counted) asked from ${client} (in its one spelling). Cost: a lock; callers remember
 * what they noted lately. Returns: false where memory is out. */
bool sharing_note(struct sharing *s, struct slice client, struct slice user);

/* A client and how many people asked from there. */
struct shared_client {
    struct slice client;
    uint32_t users;
};

/*
 * sharing_list(s, threshold, out, count, err):
 * The clients with more than ${threshold} users, the most first, then by their text; after the last
 * sharing_note. Owns: the caller frees ${out}; texts are borrowed.
 */
bool sharing_list(const struct sharing *s, uint32_t threshold, struct shared_client **out,
                  size_t *count, struct error *err);

void sharing_free(struct sharing *s);

#endif
