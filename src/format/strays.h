/* strays.h: one line of every kind that was passed over, whatever stands between them. */
#ifndef FORMAT_STRAYS_H
#define FORMAT_STRAYS_H

#include "base/buf.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum {
    STRAY_KINDS = 256,
    STRAY_SLOTS = 2 * STRAY_KINDS,
    STRAY_BYTES = 1 << 16,
    STRAY_LINE_BYTES = 1 << 13 /* longer lines are left out */
};

/* Zero-initialise; free the buffer. */
struct strays {
    uint64_t slots[STRAY_SLOTS]; /* digests of kinds, 0: free */
    size_t count;
    struct buf lines; /* the first of each kind */
};

/* A line that gave no record and was not rejected. Lines are of a kind where their first and
 * last bytes are alike but for words and numbers; a log's own are of few kinds. */
void strays_add(struct strays *s, struct slice line);

#endif
