/* packed.h: a record as it is kept among many: no longer than what it has. */
#ifndef FORMAT_PACKED_H
#define FORMAT_PACKED_H

#include "base/slice.h"
#include "record/record.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Room that is enough for ${r}, wherever it ends. */
size_t packed_room(const struct record *r);

/* ${r} to ${to}, where there is room up to ${end} and WIDE_SLACK bytes behind it: what stands
 * behind the record is spoilt. Its texts have WIDE_SLACK readable bytes behind them. Returns:
 * behind the record; NULL: there was no room for it. */
char *packed_put(const struct record *r, char *to, const char *end);

/* The record at ${from}. Owns: nothing, its texts stand there. */
void packed_get(const char *from, struct record *out);

/* The first text field of ${which}, FIELD_BITs that have one. */
struct slice *packed_first_text(struct record *r, uint32_t which);

/* FIELD_BITs of those that are text. */
uint32_t packed_texts(uint32_t which);

enum { PACKED_COPY = 32 };

/* Texts are short, and how short cannot be foreseen: most are copied with what stands behind them,
 * as packed_put may. Returns: behind the copy. */
static inline char *packed_put_text(struct slice text, char *to)
{
    char bytes[PACKED_COPY];

    if (text.len > sizeof bytes) {
        memcpy(to, text.ptr, text.len);
    } else if (text.len > 0) { /* what stands behind the text may stand at ${to} */
        memcpy(bytes, text.ptr, sizeof bytes);
        memcpy(to, bytes, sizeof bytes);
    }
    return to + text.len;
}

/* The same behind its length. Returns: NULL where there is no room for both before ${end}. */
static inline char *packed_put_long(struct slice text, char *to, const char *end)
{
    const uint32_t len = (uint32_t)text.len; /* a line is shorter than 4 GiB */

    if (text.len + sizeof len > (size_t)(end - to))
        return NULL;
    memcpy(to, &len, sizeof len);
    return packed_put_text(text, to + sizeof len);
}

/* What stands at ${*from}, which then is behind it. */
static inline struct slice packed_get_long(const char **from)
{
    uint32_t len;
    struct slice text;

    memcpy(&len, *from, sizeof len);
    text = slice_of(*from + sizeof len, len);
    *from = text.ptr + len;
    return text;
}

#endif
