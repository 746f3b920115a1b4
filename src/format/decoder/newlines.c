/* newlines.c: a bit a byte for newlines, 64 bytes at a time; their places without a branch a line.
 */
#include "format/decoder/newlines.h"

#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>
#endif

#define ALWAYS static inline __attribute__((always_inline))

/* Which of 64 bytes are newlines. */
typedef uint64_t look(const char *p);

ALWAYS size_t find(look *look_at, const char *p, size_t len, uint16_t *places)
{
    size_t n = 0;

    for (size_t at = 0; at < len; at += NEWLINES_LOOK) {
        size_t left = len - at;
        uint64_t found =
            look_at(p + at) & (left < NEWLINES_LOOK ? (UINT64_C(1) << left) - 1 : UINT64_MAX);

        /* mostly one or none: which, no branch could foretell */
        places[n] = (uint16_t)(at + (size_t)__builtin_ctzll(found | UINT64_C(1) << 63));
        n += found != 0;
        for (found &= found - 1; found != 0; found &= found - 1)
            places[n++] = (uint16_t)(at + (size_t)__builtin_ctzll(found));
    }
    return n;
}

ALWAYS uint64_t look_plain(const char *p)
{
    uint64_t found = 0;

    for (int i = 0; i < NEWLINES_LOOK; i++)
        found |= (uint64_t)(p[i] == '\n') << i;
    return found;
}

static size_t find_plain(const char *p, size_t len, uint16_t *places)
{
    return find(look_plain, p, len, places);
}

#if defined(__x86_64__) && defined(__SSE2__)

ALWAYS uint64_t look_16(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
}

ALWAYS uint64_t look_sse2(const char *p)
{
    return look_16(p) | look_16(p + 16) << 16 | look_16(p + 32) << 32 | look_16(p + 48) << 48;
}

static size_t find_sse2(const char *p, size_t len, uint16_t *places)
{
    return find(look_sse2, p, len, places);
}

#define AVX2 __attribute__((target("avx2,bmi")))

AVX2 ALWAYS uint64_t look_32(const char *p)
{
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);

    return (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')));
}

AVX2 ALWAYS uint64_t look_avx2(const char *p)
{
    return look_32(p) | look_32(p + 32) << 32;
}

AVX2 static size_t find_avx2(const char *p, size_t len, uint16_t *places)
{
    return find(look_avx2, p, len, places);
}

#endif

newlines_finder *newlines_finder_at(size_t n)
{
    switch (n) {
    case 0: return find_plain;
#if defined(__x86_64__) && defined(__SSE2__)
    case 1: return find_sse2;
    case 2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? find_avx2 : NULL;
#endif
    default: return NULL;
    }
}

newlines_finder *newlines_finder_best(void)
{
    size_t n = 0;

    while (newlines_finder_at(n + 1) != NULL)
        n++;
    return newlines_finder_at(n);
}
