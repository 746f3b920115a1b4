/* buf.h: growing bytes, for output that is written at once. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Zero-initialise before use. After a failed growth `failed` stays set and all later appends do
 * nothing. */
struct buf {
    char *ptr;
    size_t len;
    size_t cap;
    bool failed;
};

/* What buf_reserve does where there is no room yet. */
bool buf_grow(struct buf *b, size_t more);

/* Room for ${more} bytes behind the end. Returns: false where memory is out. */
static inline bool buf_reserve(struct buf *b, size_t more)
{
    return (!b->failed && more <= b->cap - b->len) || buf_grow(b, more);
}

static inline void buf_append(struct buf *b, struct slice s)
{
    if (s.len == 0 || !buf_reserve(b, s.len))
        return;
    memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

static inline void buf_append_byte(struct buf *b, char c)
{
    if (buf_reserve(b, 1))
        b->ptr[b->len++] = c;
}

void buf_append_string(struct buf *b, const char *s);
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
