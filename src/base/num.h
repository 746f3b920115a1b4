/* num.h: numbers of log text; nothing but digits, nothing silently cut. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * num_parse(s, max, out):
 * Read all of ${s} as a decimal number without sign, at most ${max}.
 * Returns: false where it is empty, holds anything but digits, or is larger.
 */
bool num_parse(struct slice s, uint64_t max, uint64_t *out);

/* a + b, or UINT64_MAX where that does not fit. */
static inline uint64_t num_add(uint64_t a, uint64_t b)
{
    uint64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

#endif
