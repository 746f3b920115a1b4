/* word.h: eight bytes of text as one number, for comparing and reading them at once. */
#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Readable bytes behind the text of a line and behind what stands in an arena: loads that are wider
 * than what is left of the text need not ask where it ends. */
enum { WIDE_SLACK = 64 };

/* Eight bytes at ${p}, all readable; the first lowest, on any machine. */
static inline uint64_t word_load(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline void word_store(char *p, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(p, &word, sizeof word);
}

/* The eight bytes of a string literal, as word_load has them: a constant. */
#define WORD_OF(literal)                                                                           \
    ((uint64_t)(unsigned char)(literal)[0] | (uint64_t)(unsigned char)(literal)[1] << 8 |          \
     (uint64_t)(unsigned char)(literal)[2] << 16 | (uint64_t)(unsigned char)(literal)[3] << 24 |   \
     (uint64_t)(unsigned char)(literal)[4] << 32 | (uint64_t)(unsigned char)(literal)[5] << 40 |   \
     (uint64_t)(unsigned char)(literal)[6] << 48 | (uint64_t)(unsigned char)(literal)[7] << 56)

/* Ones in the lowest ${bytes} bytes; of more than eight, all. */
static inline uint64_t word_mask(size_t bytes)
{
    return bytes >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * bytes) - 1;
}

/* The highest bit of each byte of ${word} that is ${byte}; no other bits. */
static inline uint64_t word_equal(uint64_t word, uint8_t byte)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t other = word ^ byte * UINT64_C(0x0101010101010101);

    return ~(((other & low) + low) | other | low);
}

/*
 * word_digits(word, out):
 * Read eight decimal digits at once: neighbours are put together three times. Returns: false where
 * a byte is none.
 */
static inline bool word_digits(uint64_t word, uint32_t *out)
{
    const uint64_t zeros = UINT64_C(0x3030303030303030), high = UINT64_C(0xf0f0f0f0f0f0f0f0);
    uint64_t v = word;

    if (((v & high) ^ zeros) != 0 || ((v + UINT64_C(0x0606060606060606)) & high) != zeros)
        return false;
    v = (v & ~high) * ((10 << 8) + 1) >> 8;
    v = (v & UINT64_C(0x00ff00ff00ff00ff)) * ((100 << 16) + 1) >> 16;
    v = (v & UINT64_C(0x0000ffff0000ffff)) * ((UINT64_C(10000) << 32) + 1) >> 32;
    *out = (uint32_t)v;
    return true;
}

/* As word_digits for the first ${len} bytes of ${word}, 1 to 8. */
static inline bool word_short_digits(uint64_t word, size_t len, uint32_t *out)
{
    unsigned gone = 8 * (8 - (unsigned)len);

    /* the digits to the end, zeros before them */
    return word_digits(word << gone | (UINT64_C(0x3030303030303030) & ((UINT64_C(1) << gone) - 1)),
                       out);
}

#endif
