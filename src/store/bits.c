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

uint64_t bits_count(const struct bits *b)
{
    uint64_t count = 0;

    for (uint64_t i = 0; i < b->count / 8; i += sizeof(uint64_t)) {
        uint64_t word;

        memcpy(&word, b->bytes + i, sizeof word);
        for (; word != 0; word &= word - 1)
            count++;
    }
    return count;
}

void bits_clear(struct bits *b)
{
    if (b->count > 0)
        memset(b->bytes, 0, b->count / 8);
}

void bits_free(struct bits *b)
{
    free(b->bytes);
    *b = (struct bits){0};
}
