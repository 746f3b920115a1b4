/* numbers.h: names of a usage and apps of a catalogue by their numbers in the store, given at their
 * first mention. */
#ifndef STORE_NUMBERS_H
#define STORE_NUMBERS_H

#include "base/error.h"
#include "signature/signature.h"
#include "store/store_internal.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

/* Set the first three, the rest to zero. */
struct numbers {
    struct store *store;
    const struct usage *usage;
    const struct signature_set *signatures;
    uint32_t *names[NAME_KINDS]; /* by number in the usage; 0: not asked yet */
    uint32_t *apps;              /* by index in the signatures; 0: not asked yet */
};

/* Owns: the caller frees with numbers_free, after a failure too. */
bool numbers_start(struct numbers *n, struct error *err);

/* The number of a user, tenant or host. Inside a transaction. */
bool numbers_of_name(struct numbers *n, enum usage_name kind, uint32_t name, uint32_t *id,
                     struct error *err);

/* The number of an app, whose attributes become those of today. Inside a transaction. */
bool numbers_of_app(struct numbers *n, uint32_t index, uint32_t *id, struct error *err);

/* The number of a user, tenant or host of that text. Inside a transaction. */
bool numbers_of_text(struct store *s, enum usage_name kind, struct slice text, uint32_t *id,
                     struct error *err);

void numbers_free(struct numbers *n);

#endif
