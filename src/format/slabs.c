/* slabs.c: a queue of slabs; the oldest is the next one again when nobody needs its texts. */
#include "format/slabs.h"

#include "base/pages.h"
#include "base/word.h"

#include <stdlib.h>

enum {
    FIRST_BYTES = 65536, /* most logs are short, or have few such texts */
    SLAB_BYTES = PAGES_LARGE_BYTES
};

struct slab {
    struct slab *newer;
    uint64_t last; /* nobody of a greater number has text here */
    size_t size;
    char bytes[]; /* and WIDE_SLACK more */
};

/* The oldest slab, where nobody needs its texts, taken out of the queue. */
static struct slab *take_oldest(struct slabs *s, uint64_t done)
{
    struct slab *slab = s->oldest;

    if (slab == s->newest || slab->last >= done)
        return NULL;
    s->oldest = slab->newer;
    return slab;
}

static struct slab *new_slab(bool is_first, size_t size)
{
    const size_t more = sizeof(struct slab) + WIDE_SLACK;
    size_t bytes = is_first ? (size_t)FIRST_BYTES : (size_t)SLAB_BYTES;
    struct slab *slab;

    if (bytes < size + more)
        bytes = size + more;
    slab = bytes == SLAB_BYTES ? pages_take(bytes) : malloc(bytes);
    if (slab != NULL)
        slab->size = bytes - more;
    return slab;
}

/* Put it behind the others. */
static void append(struct slabs *s, struct slab *slab)
{
    slab->newer = NULL;
    if (s->newest == NULL)
        s->oldest = slab;
    else
        s->newest->newer = slab;
    s->newest = slab;
    s->room = slab->bytes;
    s->end = slab->bytes + slab->size;
}

bool slabs_make_room(struct slabs *s, size_t size, uint64_t last, uint64_t done)
{
    struct slab *slab = NULL;

    if ((size_t)(s->end - s->room) >= size)
        return true;
    if (s->newest != NULL)
        s->newest->last = last;
    while (s->newest != NULL && (slab = take_oldest(s, done)) != NULL && slab->size < size)
        free(slab);
    if (slab == NULL)
        slab = new_slab(s->newest == NULL, size);
    if (slab != NULL)
        append(s, slab);
    return slab != NULL;
}

void slabs_free(struct slabs *s)
{
    struct slab *newer;

    for (struct slab *slab = s->oldest; slab != NULL; slab = newer) {
        newer = slab->newer;
        free(slab);
    }
    *s = (struct slabs){0};
}
