/* digits.h: decimal digits into memory that has room for them. */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include "base/word.h"

#include <stdint.h>

enum {
    DIGITS_MOST = 20, /* of any number */
    DIGITS_ROOM = 24  /* to be there for one: some bytes are written behind it */
};

/* ${number} below 10^8 as eight digits: halves, then their halves, then those of these at once. */
static inline uint64_t digits_word(uint32_t number)
{
    uint64_t v = number / 10000 | (uint64_t)(number % 10000) << 32, half;

    half = (v * 10486 >> 20) & UINT64_C(0x0000007f0000007f); /* 10486 / 2^20: a hundredth */
    v = half | (v - half * 100) << 16;
    half = (v * 103 >> 10) & UINT64_C(0x000f000f000f000f); /* 103 / 2^10: a tenth */
    return half | (v - half * 10) << 8;
}

/* What digits_put does with numbers from 10^8 on. */
char *digits_put_large(char *p, uint64_t number);

/* The digits of ${number}. Returns: where they end. */
static inline char *digits_put(char *p, uint64_t number)
{
    uint64_t word;
    unsigned zeros;

    if (number >= 100000000)
        return digits_put_large(p, number);
    word = digits_word((uint32_t)number);
    zeros = (unsigned)__builtin_ctzll(word | UINT64_C(1) << 56) / 8; /* in front; 0 keeps one */
    word_store(p, (word | UINT64_C(0x3030303030303030)) >> 8 * zeros);
    return p + 8 - zeros;
}

#endif
