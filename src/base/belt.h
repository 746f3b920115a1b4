/* belt.h: lots that a thread makes while the one who asked for them uses those before. */
#ifndef BASE_BELT_H
#define BASE_BELT_H

#include "base/error.h"

#include <stdbool.h>

enum { BELT_LOTS = 4 };

struct belt {
    /* Fill ${lot}, which may hold what was used. ${more}: false where nothing was left to make,
     * then it is not used. */
    bool (*make)(void *context, void *lot, bool *more, struct error *err);
    bool (*use)(void *context, void *lot, struct error *err);
    void *context;
    void *lots[BELT_LOTS]; /* the first alone where there is no thread */
};

/*
 * belt_run(belt, threads, err):
 * Make and use lot after lot, in order; with ${threads}, where one can be had, making runs in a
 * thread of its own, a few lots ahead. What both touch besides the lots must not change meanwhile.
 * Returns: false after the first failure of either; nothing runs any more then.
 */
bool belt_run(const struct belt *belt, bool threads, struct error *err);

#endif
