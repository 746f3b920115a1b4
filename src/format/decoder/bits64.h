/* bits64.h: a bit for each of 64 bytes, as wide as the processor can, and what is made of them. */
#ifndef FORMAT_BITS64_H
#define FORMAT_BITS64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>
#endif

#define BITS64_INLINE static inline __attribute__((always_inline))

enum { BITS64_BYTES = 64 };

/* Every bit the exclusive or of all up to it. Each round reaches twice as far. */
BITS64_INLINE uint64_t bits64_xor_by_shifts(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

#if defined(__x86_64__) && defined(__SSE2__)

#define BITS64_AVX2 __attribute__((target("avx2,bmi,popcnt,pclmul")))

BITS64_INLINE uint64_t bits64_equal_16(const char *p, __m128i wanted)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
}

/* Which of 64 bytes are ${byte}. */
BITS64_INLINE uint64_t bits64_equal_sse2(const char *p, char byte)
{
    const __m128i wanted = _mm_set1_epi8(byte);

    return bits64_equal_16(p, wanted) | bits64_equal_16(p + 16, wanted) << 16 |
           bits64_equal_16(p + 32, wanted) << 32 | bits64_equal_16(p + 48, wanted) << 48;
}

BITS64_AVX2 BITS64_INLINE uint64_t bits64_equal_avx2(const char *p, char byte)
{
    const __m256i wanted = _mm256_set1_epi8(byte);
    __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(p + BITS64_BYTES / 2));
    unsigned low = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, wanted));
    unsigned high = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(second, wanted));

    return (uint64_t)high << 32 | low;
}

/* A product without carries by all ones is that exclusive or. */
BITS64_AVX2 BITS64_INLINE uint64_t bits64_xor_by_product(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)bits), _mm_set1_epi8(-1), 0);

    return (uint64_t)_mm_cvtsi128_si64(product);
}

/* The number of the lowest bit; of none 64. Compilers clear the register before, for processors of
 * before 2015: an instruction more a bit. */
BITS64_AVX2 BITS64_INLINE size_t bits64_lowest_avx2(uint64_t bits)
{
    uint64_t n;

    __asm__("tzcnt %1, %0" : "=r"(n) : "r"(bits) : "cc");
    return n;
}

/* The lowest bit becomes an edge and is taken away. The compiler is kept from putting four edges
 * together to store them at once, which takes it twice as many instructions. */
BITS64_AVX2 BITS64_INLINE void bits64_put_lowest_avx2(uint64_t *bits, size_t at, uint16_t *edge)
{
    *edge = (uint16_t)(at + bits64_lowest_avx2(*bits));
    __asm__ volatile("" ::: "memory");
    *bits = _blsr_u64(*bits);
}

/* May the functions above that say so be called? */
static inline bool bits64_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
}

#define BITS64_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,popcnt,pclmul")))

BITS64_AVX512 BITS64_INLINE uint64_t bits64_equal_avx512(const char *p, char byte)
{
    __m512i bytes = _mm512_loadu_si512((const void *)p);

    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte));
}

/* The numbers of all bits, each ${at} more, to ${edges}, where room for 64 must be. Returns: how
 * many they are. */
BITS64_AVX512 BITS64_INLINE size_t bits64_put_all_avx512(uint64_t bits, size_t at, uint16_t *edges)
{
    static const _Alignas(64) unsigned char numbers[BITS64_BYTES] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const size_t half = BITS64_BYTES / 2, count = (size_t)__builtin_popcountll(bits);
    const __m512i from = _mm512_set1_epi16((short)at);
    __m512i found = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(numbers));
    __m512i first = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(found));
    __m512i second;

    _mm512_storeu_si512((void *)edges, _mm512_add_epi16(first, from));
    if (__builtin_expect(count > half, 0)) {
        second = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(found, 1));
        _mm512_storeu_si512((void *)(edges + half), _mm512_add_epi16(second, from));
    }
    return count;
}

/* Likewise those of AVX-512. */
static inline bool bits64_has_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("pclmul");
}

#endif

#endif
