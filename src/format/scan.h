/* scan.h: finding a byte in short text; sixteen at a time where the processor can. */
#ifndef FORMAT_SCAN_H
#define FORMAT_SCAN_H

#include "base/slice.h"

#include <stddef.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/*
 * scan_byte(p, end, byte):
 * Returns: the first ${byte} in [p, end), or ${end}. Never reads outside. Faster than memchr for
 * the ten bytes that a field has, because it is inlined.
 */
static inline const char *scan_byte(const char *p, const char *end, char byte)
{
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi8(byte);

    while (end - p >= 16) {
        __m128i bytes;
        unsigned hits;

        __builtin_memcpy(&bytes, p, sizeof bytes);
        hits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
        if (hits != 0)
            return p + __builtin_ctz(hits);
        p += 16;
    }
#endif
    while (p < end && *p != byte)
        p++;
    return p;
}

/*
 * scan_slack(p, end, byte):
 * As scan_byte for text with WIDE_SLACK readable bytes behind it: no byte is looked at by itself.
 */
static inline const char *scan_slack(const char *p, const char *end, char byte)
{
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi8(byte);

    for (; p < end; p += 16) {
        __m128i bytes;
        unsigned hits;

        __builtin_memcpy(&bytes, p, sizeof bytes);
        hits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
        if (hits != 0) {
            p += __builtin_ctz(hits);
            return p < end ? p : end;
        }
    }
    return end;
#else
    return scan_byte(p, end, byte);
#endif
}

/* As scan_slack for the first of two bytes. */
static inline const char *scan_either(const char *p, const char *end, char one, char other)
{
#if defined(__SSE2__)
    const __m128i first = _mm_set1_epi8(one), second = _mm_set1_epi8(other);

    for (; p < end; p += 16) {
        __m128i bytes;
        unsigned hits;

        __builtin_memcpy(&bytes, p, sizeof bytes);
        hits = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second)));
        if (hits != 0) {
            p += __builtin_ctz(hits);
            return p < end ? p : end;
        }
    }
    return end;
#else
    while (p < end && *p != one && *p != other)
        p++;
    return p;
#endif
}

#if defined(__SSE2__)

/* Which of 16 bytes from ${p} on are one of two. */
static inline __m128i scan_16(const char *p, __m128i one, __m128i other)
{
    __m128i bytes;

    __builtin_memcpy(&bytes, p, sizeof bytes);
    return _mm_or_si128(_mm_cmpeq_epi8(bytes, one), _mm_cmpeq_epi8(bytes, other));
}

/* The same for 64 bytes, whichever: not zero where one of them is. */
static inline __m128i scan_64(const char *p, __m128i one, __m128i other)
{
    return _mm_or_si128(_mm_or_si128(scan_16(p, one, other), scan_16(p + 16, one, other)),
                        _mm_or_si128(scan_16(p + 32, one, other), scan_16(p + 48, one, other)));
}

#endif

/*
 * scan_lacks(p, end, one, other):
 * Does neither byte stand in [p, end)? Reads as scan_either does. For 64 to 192 bytes, as user
 * agents have, the beginning, the middle and the end are looked at, one over the other, without a
 * branch: their lengths differ too much to be foreseen.
 */
static inline bool scan_lacks(const char *p, const char *end, char one, char other)
{
#if defined(__SSE2__)
    const __m128i a = _mm_set1_epi8(one), b = _mm_set1_epi8(other);

    if (end - p >= 64 && end - p <= 192) {
        const char *middle = p + (end - p) / 2 - 32;
        __m128i hit = _mm_or_si128(scan_64(p, a, b), scan_64(end - 64, a, b));

        return _mm_movemask_epi8(_mm_or_si128(hit, scan_64(middle, a, b))) == 0;
    }
#endif
    return scan_either(p, end, one, other) == end;
}

/* As scan_slack for the first of three bytes. */
static inline const char *scan_three(const char *p, const char *end, const char bytes[3])
{
#if defined(__SSE2__)
    const __m128i a = _mm_set1_epi8(bytes[0]), b = _mm_set1_epi8(bytes[1]),
                  c = _mm_set1_epi8(bytes[2]);

    for (; p < end; p += 16) {
        __m128i text, hit;
        unsigned hits;

        __builtin_memcpy(&text, p, sizeof text);
        hit = _mm_or_si128(_mm_cmpeq_epi8(text, a), _mm_cmpeq_epi8(text, b));
        hits = (unsigned)_mm_movemask_epi8(_mm_or_si128(hit, _mm_cmpeq_epi8(text, c)));
        if (hits != 0) {
            p += __builtin_ctz(hits);
            return p < end ? p : end;
        }
    }
    return end;
#else
    while (p < end && *p != bytes[0] && *p != bytes[1] && *p != bytes[2])
        p++;
    return p;
#endif
}

/* Does ${s}, with slack behind it, hold ${byte}? */
static inline bool scan_has(struct slice s, char byte)
{
    return scan_slack(s.ptr, s.ptr + s.len, byte) != s.ptr + s.len;
}

#endif
