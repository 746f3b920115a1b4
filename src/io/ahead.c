/* ahead.c: buffers filled by a thread, emptied by their user. */
#include "io/ahead.h"

#include "io/buffer_ring.h"

#include <stdlib.h>
#include <string.h>

struct ahead {
    ahead_source *source;
    void *context;
    struct buffer_ring ring; /* a length of 0: the end, or the error */
    struct error error;
    size_t place; /* the buffer in use */
    size_t taken; /* of it */
    bool begun;   /* there is one */
};

static void *make(void *argument)
{
    struct ahead *a = argument;
    size_t got = 1, place;

    while (got > 0 && handover_room(&a->ring.handover, &place)) {
        if (!a->source(a->context, buffer_ring_at(&a->ring, place), RING_BUFFER_BYTES, &got,
                       &a->error))
            got = 0;
        a->ring.lengths[place] = got;
        handover_give(&a->ring.handover);
    }
    handover_end(&a->ring.handover);
    return NULL;
}

struct ahead *ahead_create(ahead_source *source, void *context, struct error *err)
{
    struct ahead *a = calloc(1, sizeof *a);

    if (a == NULL) {
        error_set_memory(err);
        return NULL;
    }
    a->source = source;
    a->context = context;
    if (buffer_ring_start(&a->ring, make, a, err))
        return a;
    free(a);
    return NULL;
}

/* What is left of the buffer in use, or of the next one once it is there. The last one, which is
 * empty, stays in use: so it is at the end again and again. */
static size_t wait_for_bytes(struct ahead *a)
{
    if (!a->begun || (a->taken > 0 && a->taken == a->ring.lengths[a->place])) {
        (void)handover_take(&a->ring.handover, &a->place); /* the empty one comes before the end */
        a->begun = true;
        a->taken = 0;
    }
    return a->ring.lengths[a->place] - a->taken;
}

bool ahead_read(struct ahead *a, char *out, size_t cap, size_t *got, struct error *err)
{
    size_t left = wait_for_bytes(a);

    *got = left < cap ? left : cap;
    if (left == 0) {
        if (a->error.code != ERROR_NONE)
            *err = a->error;
        return a->error.code == ERROR_NONE;
    }
    memcpy(out, buffer_ring_at(&a->ring, a->place) + a->taken, *got);
    a->taken += *got;
    return true;
}

void ahead_free(struct ahead *a)
{
    if (a == NULL)
        return;
    handover_stop(&a->ring.handover);
    buffer_ring_join(&a->ring);
    free(a);
}
