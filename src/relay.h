/* relay.h: an archive unpacked and decoded by a thread of its own, while another counts. */
#ifndef RELAY_H
#define RELAY_H

#include "base/error.h"
#include "format/decoding.h"
#include "io/blocks.h"

#include <stdbool.h>
#include <stddef.h>

/* What a stretch of lines gave, in the order of the archive. */
struct lot {
    struct batch *batches;
    size_t count;
    struct block text; /* its lines; without any where records that waited are all it has */
};

/* Looks at each block before it is decoded, in the thread, and may shorten it. */
struct relay_tap {
    bool (*look)(void *context, struct block *block, struct error *err); /* may be NULL */
    void *context;
};

/* A thread and some lots between it and its user, handed over whole. Opaque. */
struct relay;

/*
 * relay_start(blocks, decoding, tap, err):
 * Read all of ${blocks} through ${decoding}. Both are the thread's until relay_free; what it reads
 * must not be able to wait for ever.
 * Errors:  ERROR_MEMORY, also where no thread can be had. Owns:    the caller frees with
 * relay_free.
 */
struct relay *relay_start(struct blocks *blocks, struct decoding *decoding, struct relay_tap tap,
                          struct error *err);

/* The next lot, borrowed until the next call. Returns: NULL at the end and where the reading
 * failed, with ${err} set. */
struct lot *relay_next(struct relay *r, struct error *err);

/* End the thread, wherever it is. NULL is fine. */
void relay_free(struct relay *r);

#endif
