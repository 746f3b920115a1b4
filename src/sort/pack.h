/* pack.h: numbers and texts as bytes, for records that wait on disk and are ordered by memcmp. */
#ifndef SORT_PACK_H
#define SORT_PACK_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* How many bytes hold it. */
static inline unsigned pack_bytes_of(uint64_t number)
{
    unsigned highest = (unsigned)__builtin_clzll(number | 1) ^ 63; /* bit */

    return highest / 8 + (number != 0);
}

/* The number's ${bytes} bytes as a word, the highest first in memory (word_store). */
static inline uint64_t pack_high_first(uint64_t number, unsigned bytes)
{
    return __builtin_bswap64(number) >> ((64 - 8 * bytes) & 63); /* 0 stays 0 */
}

enum { PACK_SMALL = 0x80 }; /* numbers below take a byte */

/* What pack_number and unpack_number do with the others. */
void pack_large_number(struct buf *out, uint64_t number);
bool unpack_large_number(struct slice *in, uint64_t *number);

/* A byte, or one that counts those that follow, the lowest first. Signed numbers with their sign in
 * the lowest bit. */
static inline void pack_number(struct buf *out, uint64_t number)
{
    if (number < PACK_SMALL)
        buf_append_byte(out, (char)number);
    else
        pack_large_number(out, number);
}

void pack_signed(struct buf *out, int64_t number);

/* Its length, then its bytes. */
void pack_text(struct buf *out, struct slice text);

/*
 * unpack_number(in, number):
 * Take a number off the front of ${in}.
 * Returns: false where ${in} ends first.
 */
static inline bool unpack_number(struct slice *in, uint64_t *number)
{
    if (in->len == 0 || (unsigned char)in->ptr[0] >= PACK_SMALL)
        return unpack_large_number(in, number);
    *number = (unsigned char)in->ptr[0];
    *in = slice_of(in->ptr + 1, in->len - 1);
    return true;
}

bool unpack_signed(struct slice *in, int64_t *number);

/* ${text} borrows from ${in}. */
bool unpack_text(struct slice *in, struct slice *text);

/*
 * pack_key_number(out, number), pack_key_text(out, text):
 * Append bytes that memcmp puts in the order of what they stand for, the shorter text first, texts
 * of no bytes last; none is the beginning of another.
 */
void pack_key_number(struct buf *out, uint64_t number);
void pack_key_text(struct buf *out, struct slice text);

/* The same of a text, but that texts of no bytes come first; for keys that nobody unpacks. */
void pack_key_bytes(struct buf *out, struct slice text);

/* Take it off the front of ${in}. ${text} borrows from ${in}, or from ${scratch}, which is used
 * for texts with NUL or SOH bytes only and grows. */
bool unpack_key_number(struct slice *in, uint64_t *number);
bool unpack_key_text(struct slice *in, struct buf *scratch, struct slice *text);

#endif
