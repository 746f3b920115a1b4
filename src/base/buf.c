/* buf.c: growing bytes; doubles, remembers that it failed. */
#include "base/buf.h"

#include "base/digits.h"
#include "base/pages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool buf_grow(struct buf *b, size_t more)
{
    size_t cap = b->cap == 0 ? 256 : b->cap, need;
    char *grown;

    if (b->failed || __builtin_add_overflow(b->len, more, &need)) {
        b->failed = true;
        return false;
    }
    if (need <= b->cap)
        return true;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    grown = realloc(b->ptr, cap);
    if (grown == NULL) {
        b->failed = true;
        return false;
    }
    pages_advise(grown, cap);
    b->ptr = grown;
    b->cap = cap;
    return true;
}

void buf_append_string(struct buf *b, const char *s)
{
    buf_append(b, slice_of_string(s));
}

void buf_append_uint(struct buf *b, uint64_t value)
{
    if (buf_reserve(b, DIGITS_ROOM))
        b->len = (size_t)(digits_put(b->ptr + b->len, value) - b->ptr);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0 || !buf_reserve(b, (size_t)n + 1))
        return;
    va_start(args, format);
    vsnprintf(b->ptr + b->len, (size_t)n + 1, format, args);
    va_end(args);
    b->len += (size_t)n;
}

void buf_free(struct buf *b)
{
    free(b->ptr);
    memset(b, 0, sizeof *b);
}
