/* prints.h: the lines of an archive as a few bits each, in their order: enough to find the lines
 * that two archives share (repeats.h). */
#ifndef REPEATS_PRINTS_H
#define REPEATS_PRINTS_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of a line: all 64 of a short archive; of a long one as many as keep a new line, where two
 * archives begin to differ, from passing for a known one. */
enum { PRINT_FINE = 64, PRINT_COARSE = 16 };

/* As they are kept: numbers of that width, as this machine writes them. */
struct prints_view {
    const uint8_t *bytes;
    size_t count; /* lines */
    int width;    /* PRINT_FINE or PRINT_COARSE */
    uint64_t sum; /* of all 64 bits of them, the same in any order; 0: not known */
};

/* The print of line ${i}, its low bits where it is coarse. */
uint64_t prints_at(const struct prints_view *v, size_t i);

/* Gathered line by line. Zero-initialise: no lines. */
struct prints {
    struct buf fine;   /* of the first lines only */
    struct buf coarse; /* of all lines */
    size_t count;
    uint64_t sum;
    uint64_t lines; /* with those that are too many for a print */
};

/* The print of a line without its LF. */
uint64_t prints_hash(struct slice line);

/* Add a line by its print. Returns: false where memory is out. */
bool prints_add(struct prints *p, uint64_t print);

/* Start anew. */
void prints_reset(struct prints *p);

/* Bytes of its prints. */
size_t prints_bytes(const struct prints_view *v);

/* As fine as all lines are known. Borrowed from ${p}. */
struct prints_view prints_view(const struct prints *p);

/*
 * prints_pack(v, left_out, out):
 * Those prints that ${left_out} (indices ascending, apart) does not name, as fine as so many lines
 * are to be kept: appended to ${out}, or ${v} itself where that is all.
 */
struct line_ranges;
struct prints_view prints_pack(const struct prints_view *v, const struct line_ranges *left_out,
                               struct buf *out);

/* What was kept as ${bytes}, of ${width}. Returns: false where it is none. */
bool prints_unpack(struct slice bytes, size_t count, int width, struct prints_view *out);

void prints_free(struct prints *p);

#endif
