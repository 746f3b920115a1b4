/* bits.c: a bit a number. */
#include "store/bits.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BITS = 8192 };

static bool grow(struct bits *b, uint32_t number)
{
    uint64_t count = ((uint64_t)number * 2 | (FIRST_BITS - 1)) + 1;
    uint8_t *bytes = realloc(b->bytes, count / 8);

    if (bytes == NULL)
        return false;
    memset(bytes + b->count / 8, 0, (count - b->count) / 8);
    b->bytes = bytes;
    b->count = count;
    return true;
}

bool bits_add(struct bits *b, uint32_t number)
{
    if (number >= b->count && !grow(b, number))
        return false;
    b->bytes[number / 8] = (uint8_t)(b->bytes[number / 8] | 1U << number % 8);
    return true;
}

bool bits_has(const struct bits *b, uint32_t number)
{
    return number < b->count && (b->bytes[number / 8] >> number % 8 & 1) != 0;
}

void bits_free(struct bits *b)
{
    free(b->bytes);
    *b = (struct bits){0};
}
