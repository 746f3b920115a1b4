/* line_ranges.h: some of an archive's lines, as ranges. */
#ifndef REPEATS_LINE_RANGES_H
#define REPEATS_LINE_RANGES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines by index, from 0. */
struct line_range {
    size_t from, to; /* to: the first behind it */
};

/* Ascending and apart. Zero-initialise: none. Owns: the caller frees ranges. */
struct line_ranges {
    struct line_range *ranges;
    size_t count, capacity;
};

/* Add a range behind those that are there, or join it with the last of them, where that reaches up
 * to it. Errors:  ERROR_MEMORY. */
bool line_ranges_add(struct line_ranges *ranges, struct line_range range, struct error *err);

/* Add ranges to others, which they may overlap. Errors:  ERROR_MEMORY. */
bool line_ranges_join(struct line_ranges *into, const struct line_ranges *more, struct error *err);

/* Count from another line on. What comes to stand before it falls away. */
void line_ranges_move(struct line_ranges *ranges, int64_t distance);

/* Lines in all of them. */
size_t line_ranges_sum(const struct line_ranges *ranges);

#endif
