/* newlines.h: the ends of a block's lines one after the other, sixty-four bytes at a look. */
#ifndef FORMAT_NEWLINES_H
#define FORMAT_NEWLINES_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { NEWLINES_BYTES = 64 };

/* Where the look is, and the newlines there that were not handed out yet, a bit each. */
struct newlines {
    const char *at;
    uint64_t found;
};

#if defined(__SSE2__)
/* Bits of the newlines in the sixteen bytes at ${p}. */
static inline uint64_t newlines_sixteen(const char *p)
{
    __m128i bytes;

    memcpy(&bytes, p, sizeof bytes);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
}
#endif

/* Bits of the newlines in the 64 bytes at ${p}. */
static inline uint64_t newlines_look(const char *p)
{
#if defined(__SSE2__)
    return newlines_sixteen(p) | newlines_sixteen(p + 16) << 16 | newlines_sixteen(p + 32) << 32 |
           newlines_sixteen(p + 48) << 48;
#else
    uint64_t found = 0;

    for (int i = 0; i < NEWLINES_BYTES; i++)
        found |= (uint64_t)(p[i] == '\n') << i;
    return found;
#endif
}

/* Begin at ${p}, behind which, and behind the end of the block, WIDE_SLACK bytes are readable. */
static inline void newlines_start(struct newlines *n, const char *p)
{
    *n = (struct newlines){p, newlines_look(p)};
}

/* The next newline before ${end}, or ${end}; it stays the next one. */
static inline const char *newlines_next(struct newlines *n, const char *end)
{
    const char *p;

    while (n->found == 0) {
        n->at += NEWLINES_BYTES;
        if (n->at >= end)
            return end;
        n->found = newlines_look(n->at);
    }
    p = n->at + __builtin_ctzll(n->found);
    return p < end ? p : end;
}

/* Go on behind the newline that newlines_next gave. */
static inline void newlines_pass(struct newlines *n)
{
    n->found &= n->found - 1;
}

#endif
