/* explain_shape.h: why a decoder cannot cut a line; private to explain.c. */
#ifndef FORMAT_EXPLAIN_SHAPE_H
#define FORMAT_EXPLAIN_SHAPE_H

#include "base/arena.h"
#include "base/slice.h"
#include "format/format.h"

#include <stddef.h>

/* What was expected of the line ${body}, whose first byte is number ${offset} + 1 of the line, into
 * the ${size} bytes of ${out}: the byte from which on it does not fit, or the column. */
void explain_shape(const struct format *f, struct slice body, size_t offset, char *out,
                   size_t size);

#endif
