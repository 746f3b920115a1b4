/* pack.h: sets of numbers and of minutes as few bytes. */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "base/buf.h"
#include "base/slice.h"
#include "usage/minutes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number as LEB128: seven bits a byte, the lowest first, the upper bit set but in the last. */
void pack_put(struct buf *out, uint64_t number);

/* Take the next number off the front of ${bytes}. Returns: false where there is no whole one. */
bool pack_get(struct slice *bytes, uint64_t *number);

/*
 * pack_minutes(out, bitmap):
 * A set of minutes (MINUTES_BITMAP_BYTES bytes, as minutes_or_into fills them): the distance of
 * each to the one before, in one byte where below 128, in two else; or, where that is not shorter,
 * the bitmap. The length tells them apart.
 */
void pack_minutes(struct buf *out, const uint8_t *bitmap);

/* Or the set into ${bitmap}. Returns: false where the bytes are none. */
bool pack_read_minutes(struct slice bytes, uint8_t *bitmap);

/* Sorted distinct numbers: each as its distance to the one before. */
void pack_set(struct buf *out, const uint32_t *numbers, size_t count);

/* The next number of a set; ${before} is the one before, to begin with zero. */
bool pack_next(struct slice *bytes, uint32_t *before);

#endif
