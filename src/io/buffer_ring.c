/* buffer_ring.c: a thread and the buffers between it and its user. */
#include "io/buffer_ring.h"

#include <stdlib.h>

bool buffer_ring_start(struct buffer_ring *r, void *(*work)(void *), void *argument,
                       struct error *err)
{
    r->bytes = malloc((size_t)RING_BUFFERS * RING_BUFFER_BYTES);
    if (r->bytes == NULL)
        return error_set_memory(err);
    handover_init(&r->handover, RING_BUFFERS);
    if (pthread_create(&r->thread, NULL, work, argument) == 0)
        return true;
    handover_destroy(&r->handover);
    free(r->bytes);
    return error_set_memory(err);
}

char *buffer_ring_at(const struct buffer_ring *r, size_t place)
{
    return r->bytes + place * RING_BUFFER_BYTES;
}

void buffer_ring_join(struct buffer_ring *r)
{
    pthread_join(r->thread, NULL);
    handover_destroy(&r->handover);
    free(r->bytes);
}
