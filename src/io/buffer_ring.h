/* buffer_ring.h: buffers of bytes handed over between a thread and its user. */
#ifndef IO_BUFFER_RING_H
#define IO_BUFFER_RING_H

#include "base/error.h"
#include "base/handover.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { RING_BUFFERS = 4, RING_BUFFER_BYTES = 256 * 1024 };

/* Zero-initialise. Either side may be the one that fills. */
struct buffer_ring {
    struct handover handover;
    pthread_t thread;
    char *bytes;                  /* of all buffers */
    size_t lengths[RING_BUFFERS]; /* filled */
};

/*
 * buffer_ring_start(ring, work, argument, err):
 * Begin a thread that runs ${work}. Returns: false with ERROR_MEMORY, and nothing to be freed.
 * Owns: the caller ends with buffer_ring_join.
 */
bool buffer_ring_start(struct buffer_ring *ring, void *(*work)(void *), void *argument,
                       struct error *err);

/* The buffer at a place of the handover. */
char *buffer_ring_at(const struct buffer_ring *ring, size_t place);

/* Wait for the thread, which nothing keeps waiting any more, and free the buffers. */
void buffer_ring_join(struct buffer_ring *ring);

#endif
