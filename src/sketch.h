/* sketch.h: a few lines that stand for many: do two archives share some? */
#ifndef SKETCH_H
#define SKETCH_H

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

/* Note a line by its hash. Sketches are kept in stores: it must be the same for ever. */
void sketch_add(struct sketch *s, uint64_t hash);

#endif
