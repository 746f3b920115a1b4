/* sketch.h: a few lines that stand for many: do two archives share some? */
#ifndef SKETCH_H
#define SKETCH_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

enum { SKETCH_LINES = 64 };

/*
 * The smallest hashes of an archive's distinct lines, in no certain order: what two archives share
 * shows in both sketches, wherever it stands in them (A. Broder, "On the resemblance and
 * containment of documents", 1997). Zero-initialise: no lines.
 */
struct sketch {
    uint64_t hashes[SKETCH_LINES];
    size_t count;
    uint64_t largest; /* of a full sketch */
};

/* Note the lines in ${bytes}; headers, which begin with #, and empty lines tell nothing. */
void sketch_add(struct sketch *s, struct slice bytes);

#endif
