/* members.h: which department a user was of, day by day, as the directory said when the day's logs
 * were read. */
#ifndef STORE_MEMBERS_H
#define STORE_MEMBERS_H

#include "base/error.h"
#include "store/store.h"
#include "usage/coverage.h"
#include "usage/usage.h"

#include <stddef.h>
#include <stdint.h>

struct identity;

/*
 * members_note(s, usage, identity, coverage, err):
 * Note the department that each user of ${usage} has by ${identity} (NULL: nobody has one) for the
 * days of ${coverage}, after cells and detail were added. Inside a transaction.
 */
bool members_note(struct store *s, const struct usage *usage, const struct identity *identity,
                  const struct coverage *coverage, struct error *err);

/* The same of one user, by his number and name, and one day. */
bool members_put(struct store *s, const struct identity *identity, int32_t day, uint32_t user,
                 struct slice name, struct error *err);

/* Departments of a store, asked day by day. Zero-initialise. */
struct members {
    struct store *store;
    uint32_t *names; /* NAME_CLIENT in the usage that they are loaded into, by department */
    size_t name_count;
    bool loaded;
    int32_t day;
    uint32_t *of_user; /* names, by user */
    size_t user_count;
};

/* Their names become NAME_CLIENT of ${usage}: the store has no clients. Owns: the caller frees with
 * members_free, after a failure too. */
bool members_open(struct members *m, struct store *s, struct usage *usage, struct error *err);

/* NAME_CLIENT of the department that the user was of that day; 0: none is known. */
bool members_of(struct members *m, int32_t day, uint32_t user, uint32_t *name, struct error *err);

void members_free(struct members *m);

#endif
