/* aside.c: buffers that the caller fills are the places of a handover. */
#include "io/aside.h"

#include "base/handover.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFERS = 4, BUFFER_BYTES = 256 * 1024 };

struct aside {
    reader_tap *tap;
    void *context;
    pthread_t thread;
    struct handover handover;
    char *bytes; /* of all buffers */
    size_t lengths[BUFFERS];
    size_t place;  /* the buffer in work */
    size_t filled; /* of it */
};

static void *take_all(void *argument)
{
    struct aside *a = argument;
    size_t place;

    while (handover_take(&a->handover, &place))
        a->tap(a->context, slice_of(a->bytes + place * BUFFER_BYTES, a->lengths[place]));
    return NULL;
}

struct aside *aside_create(reader_tap *tap, void *context, struct error *err)
{
    struct aside *a = calloc(1, sizeof *a);

    if (a != NULL)
        a->bytes = malloc((size_t)BUFFERS * BUFFER_BYTES);
    if (a == NULL || a->bytes == NULL) {
        free(a);
        error_set_memory(err);
        return NULL;
    }
    a->tap = tap;
    a->context = context;
    handover_init(&a->handover, BUFFERS);
    if (pthread_create(&a->thread, NULL, take_all, a) == 0)
        return a;
    error_set_memory(err);
    handover_destroy(&a->handover);
    free(a->bytes);
    free(a);
    return NULL;
}

static void hand_over(struct aside *a)
{
    a->lengths[a->place] = a->filled;
    a->filled = 0;
    handover_give(&a->handover);
}

void aside_tap(void *context, struct slice bytes)
{
    struct aside *a = context;

    while (bytes.len > 0) {
        size_t n;

        if (a->filled == 0)
            (void)handover_room(&a->handover, &a->place); /* the thread never goes before */
        n = BUFFER_BYTES - a->filled;
        n = bytes.len < n ? bytes.len : n;
        memcpy(a->bytes + a->place * BUFFER_BYTES + a->filled, bytes.ptr, n);
        a->filled += n;
        bytes = slice_from(bytes, n);
        if (a->filled == BUFFER_BYTES)
            hand_over(a);
    }
}

void aside_free(struct aside *a)
{
    if (a == NULL)
        return;
    if (a->filled > 0)
        hand_over(a);
    handover_end(&a->handover);
    pthread_join(a->thread, NULL);
    handover_destroy(&a->handover);
    free(a->bytes);
    free(a);
}
