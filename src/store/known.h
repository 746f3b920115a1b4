/* known.h: names and apps of the store by their numbers in a usage and a catalogue. */
#ifndef STORE_KNOWN_H
#define STORE_KNOWN_H

#include "base/error.h"
#include "signature/signature.h"
#include "store/cells/cells.h"
#include "store/store_internal.h"
#include "usage/filter.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands for a number of the store. */
struct known {
    uint32_t number; /* in the usage, or in the signatures */
    bool there;
    bool kept; /* by the filter: users, tenants and apps */
};

/* By number of the store. */
struct known_list {
    struct known *known;
    size_t count;
};

enum {
    KNOWN_USERS = 1,
    KNOWN_TENANTS = 2,
    KNOWN_HOSTS = 4,
    KNOWN_APPS = 8,
    KNOWN_ARCHIVES = 16,
    KNOWN_ALL = 31
};

/* Zero-initialise. */
struct known_names {
    struct known_list users, tenants, hosts, apps, archives;
};

/* What is to be known, and by what. */
struct known_world {
    struct store *store;
    const struct record_filter *filter;
    const struct signature_set *signatures;
    struct usage *usage;
};

/* Load the names of the KNOWN_… in ${which}, which the usage gets. Owns: the caller frees with
 * known_names_free, after a failure too. */
bool known_names_load(const struct known_world *world, unsigned which, struct known_names *names,
                      struct error *err);
void known_names_free(struct known_names *names);

/* What stands for the number in that column; NULL where nothing does. */
static inline const struct known *known_of(const struct known_list *list, sqlite3_stmt *row,
                                           int column)
{
    uint64_t number = (uint64_t)sqlite3_column_int64(row, column);

    return number < list->count && list->known[number].there ? &list->known[number] : NULL;
}

static inline bool known_is_kept(const struct known *known)
{
    return known->there && known->kept;
}

#endif
