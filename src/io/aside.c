/* aside.c: buffers that the caller fills are the places of a handover. */
#include "io/aside.h"

#include "io/buffer_ring.h"

#include <stdlib.h>
#include <string.h>

struct aside {
    reader_tap *tap;
    void *context;
    struct buffer_ring ring;
    size_t place;  /* the buffer in work */
    size_t filled; /* of it */
};

static void *take_all(void *argument)
{
    struct aside *a = argument;
    size_t place;

    while (handover_take(&a->ring.handover, &place))
        a->tap(a->context, slice_of(buffer_ring_at(&a->ring, place), a->ring.lengths[place]));
    return NULL;
}

struct aside *aside_create(reader_tap *tap, void *context, struct error *err)
{
    struct aside *a = calloc(1, sizeof *a);

    if (a == NULL) {
        error_set_memory(err);
        return NULL;
    }
    a->tap = tap;
    a->context = context;
    if (buffer_ring_start(&a->ring, take_all, a, err))
        return a;
    free(a);
    return NULL;
}

static void hand_over(struct aside *a)
{
    a->ring.lengths[a->place] = a->filled;
    a->filled = 0;
    handover_give(&a->ring.handover);
}

void aside_tap(void *context, struct slice bytes)
{
    struct aside *a = context;

    while (bytes.len > 0) {
        size_t n;

        if (a->filled == 0)
            (void)handover_room(&a->ring.handover, &a->place); /* the thread never goes before */
        n = RING_BUFFER_BYTES - a->filled;
        n = bytes.len < n ? bytes.len : n;
        memcpy(buffer_ring_at(&a->ring, a->place) + a->filled, bytes.ptr, n);
        a->filled += n;
        bytes = slice_from(bytes, n);
        if (a->filled == RING_BUFFER_BYTES)
            hand_over(a);
    }
}

void aside_free(struct aside *a)
{
    if (a == NULL)
        return;
    if (a->filled > 0)
        hand_over(a);
    handover_end(&a->ring.handover);
    buffer_ring_join(&a->ring);
    free(a);
}
