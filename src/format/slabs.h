/* slabs.h: memory for texts that are given up in the order in which they came. */
#ifndef FORMAT_SLABS_H
#define FORMAT_SLABS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slab;

/* Zero-initialise; free with slabs_free. */
struct slabs {
    struct slab *oldest, *newest;
    char *room, *end; /* what is left of the newest: who writes moves `room` on. WIDE_SLACK bytes
                         behind the end may be written, too; no text stands there */
};

/*
 * slabs_make_room(s, size, last, done):
 * Have ${size} bytes between `room` and `end`. Owners of texts are numbered in the order in which
 * these come: all so far are of numbers up to ${last}, and those of numbers below ${done} are no
 * longer needed. Returns: false where memory is out.
 */
bool slabs_make_room(struct slabs *s, size_t size, uint64_t last, uint64_t done);

void slabs_free(struct slabs *s);

#endif
