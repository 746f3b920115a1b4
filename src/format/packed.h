/* packed.h: a record as it is kept among many: no longer than what it has. */
#ifndef FORMAT_PACKED_H
#define FORMAT_PACKED_H

#include "base/slice.h"
#include "record/record.h"

#include <stddef.h>
#include <string.h>

/* Bytes that ${r} takes. */
size_t packed_size(const struct record *r);

/* ${r} into packed_size bytes at ${to}. Returns: behind them. */
char *packed_put(const struct record *r, char *to);

/* The record at ${from}. Owns: nothing, its texts stand there. */
void packed_get(const char *from, struct record *out);

/* The first text field of ${which}, FIELD_BITs that have one. */
struct slice *packed_first_text(struct record *r, uint32_t which);

/* FIELD_BITs of those that are text. */
uint32_t packed_texts(uint32_t which);

/* The first and the last ${size} bytes, which may overlap. */
static inline void packed_put_ends(struct slice text, size_t size, char *to)
{
    memcpy(to, text.ptr, size);
    memcpy(to + text.len - size, text.ptr + text.len - size, size);
}

/* Texts are short: most need no call. Returns: behind the copy. */
static inline char *packed_put_text(struct slice text, char *to)
{
    if (text.len > 32)
        memcpy(to, text.ptr, text.len);
    else if (text.len >= 16)
        packed_put_ends(text, 16, to);
    else if (text.len >= 8)
        packed_put_ends(text, 8, to);
    else if (text.len >= 4)
        packed_put_ends(text, 4, to);
    else
        for (size_t i = 0; i < text.len; i++)
            to[i] = text.ptr[i];
    return to + text.len;
}

#endif
