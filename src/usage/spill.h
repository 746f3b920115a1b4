/* spill.h: cells that memory has no room for, as sorted runs on disk. */
#ifndef USAGE_SPILL_H
#define USAGE_SPILL_H

#include "base/error.h"
#include "usage/cell_order.h"
#include "usage/documents.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>

/* Several threads may spill at the same time. Opaque. */
struct spill;

struct spill_options {
    const struct cell_order *order;
    const char *folder;  /* of temporary files; NULL: /tmp */
    size_t names_memory; /* for names while reading back */
};

/*
 * spill_create(options, archives, err):
 * ${archives} has the names of archives and sources, which every usage spilled must number alike.
 * Owns:    copies ${options}, borrows what they point to and ${archives}; the caller frees with
 * spill_free.
 */
struct spill *spill_create(const struct spill_options *options, const struct usage *archives,
                           struct error *err);

/* Write all cells of ${usage} and take them from it (usage_clear). Errors:  ERROR_IO naming the
 * folder, ERROR_MEMORY. */
bool spill_take(struct spill *s, struct usage *usage, struct error *err);

/* Was nothing spilled? */
bool spill_is_empty(const struct spill *s);

/*
 * spill_each_user(s, usage, visit, context, err):
 * Hand every user's name to ${visit}, once: those of all usages spilled, in order; ${s} NULL: those
 * of ${usage}.
 * Returns: false on a failure, or where ${visit} returned false.
 */
bool spill_each_user(const struct spill *s, const struct usage *usage,
                     bool (*visit)(void *context, struct slice user), void *context,
                     struct error *err);

void spill_free(struct spill *s);

/* What was spilled, put together again. As documents.h says. */
struct spill_reader;
struct spill_reader *spill_reader_open(const struct spill *s, struct error *err);
bool spill_reader_next(struct spill_reader *r, struct document *out, struct error *err);
bool spill_reader_next_host(struct spill_reader *r, uint32_t *host, struct error *err);
struct usage *spill_reader_names(struct spill_reader *r);
size_t spill_reader_names_limit(const struct spill_reader *r);
void spill_reader_free(struct spill_reader *r);

#endif
