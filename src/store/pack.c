/* pack.c: distances as LEB128. */
#include "store/pack.h"

#include <string.h>

enum { NUMBER_BYTES = 10, LOW_BITS = 7, LOW = 0x7f, MORE = 0x80 };

void pack_put(struct buf *out, uint64_t number)
{
    char *next;

    if (!buf_reserve(out, NUMBER_BYTES))
        return;
    next = out->ptr + out->len;
    for (; number > LOW; number >>= LOW_BITS)
        *next++ = (char)(unsigned char)((number & LOW) | MORE);
    *next++ = (char)number;
    out->len = (size_t)(next - out->ptr);
}

bool pack_get(struct slice *bytes, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < bytes->len && i < NUMBER_BYTES; i++) {
        uint64_t bits = (unsigned char)bytes->ptr[i];

        *number |= (bits & LOW) << (LOW_BITS * i);
        if ((bits & MORE) == 0) {
            *bytes = slice_from(*bytes, i + 1);
            return true;
        }
    }
    return false;
}

void pack_minutes(struct buf *out, const uint8_t *bitmap)
{
    size_t start = out->len;
    unsigned next = 0; /* the least minute that can come */

    for (unsigned byte = 0; byte < MINUTES_BITMAP_BYTES; byte++)
        for (unsigned bits = bitmap[byte]; bits != 0; bits &= bits - 1) {
            unsigned minute = byte * 8 + (unsigned)__builtin_ctz(bits);

            pack_put(out, minute - next);
            next = minute + 1;
        }
    if (out->len - start < MINUTES_BITMAP_BYTES)
        return;
    out->len = start;
    buf_append(out, slice_of((const char *)bitmap, MINUTES_BITMAP_BYTES));
}

bool pack_read_minutes(struct slice bytes, uint8_t *bitmap)
{
    uint64_t minute = 0, gap;

    if (bytes.len == MINUTES_BITMAP_BYTES) {
        for (size_t i = 0; i < MINUTES_BITMAP_BYTES; i++)
            bitmap[i] = (uint8_t)(bitmap[i] | (unsigned char)bytes.ptr[i]);
        return true;
    }
    while (bytes.len > 0) {
        if (!pack_get(&bytes, &gap) || gap >= MINUTES_PER_DAY - minute)
            return false;
        minute += gap;
        bitmap[minute / 8] = (uint8_t)(bitmap[minute / 8] | 1U << (minute % 8));
        minute++;
    }
    return true;
}

void pack_set(struct buf *out, const uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pack_put(out, numbers[i] - (i == 0 ? 0 : numbers[i - 1]));
}

bool pack_next(struct slice *bytes, uint32_t *before)
{
    uint64_t gap;

    if (!pack_get(bytes, &gap) || gap > UINT32_MAX - *before)
        return false;
    *before += (uint32_t)gap;
    return true;
}
