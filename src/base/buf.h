/* buf.h: growing bytes, for output that is written at once. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise before use. After a failed growth `failed` stays set and all later appends do
 * nothing. */
struct buf {
    char *ptr;
    size_t len;
    size_t cap;
    bool failed;
};

/* Room for ${more} bytes behind the end. Returns: false where memory is out. */
bool buf_reserve(struct buf *b, size_t more);

void buf_append(struct buf *b, struct slice s);
void buf_append_string(struct buf *b, const char *s);
void buf_append_byte(struct buf *b, char c);
void buf_append_uint(struct buf *b, uint64_t value);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline struct slice buf_slice(const struct buf *b)
{
    return slice_of(b->ptr, b->len);
}

/* Forget the content, keep the memory. */
static inline void buf_reset(struct buf *b)
{
    b->len = 0;
}

void buf_free(struct buf *b);

#endif
