/* scan.h: finding a byte in short text; sixteen at a time where the processor can. */
#ifndef FORMAT_SCAN_H
#define FORMAT_SCAN_H

#include "base/slice.h"
#include "base/word.h"

#include <stdint.h>

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

/* The first byte that is neither a blank nor a tab; ${end} where all are. Reads as scan_slack does.
 */
static inline const char *scan_blanks(const char *p, const char *end)
{
#if defined(__SSE2__)
    for (; p < end; p += 16) {
        unsigned others =
            ~(unsigned)_mm_movemask_epi8(scan_16(p, _mm_set1_epi8(' '), _mm_set1_epi8('\t'))) &
            0xffff;

        if (others != 0) {
            p += __builtin_ctz(others);
            return p < end ? p : end;
        }
    }
    return end;
#else
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
#endif
}

/* As scan_slack for the first of ${count} bytes, one or more; each stands sixteen times in ${few}.
 */
static inline const char *scan_few(const char *p, const char *end, const char (*few)[16],
                                   unsigned count)
{
#if defined(__SSE2__)
    for (; p < end; p += 16) {
        __m128i text, byte, hit = _mm_setzero_si128();
        unsigned hits;

        __builtin_memcpy(&text, p, sizeof text);
        for (unsigned i = 0; i < count; i++) {
            __builtin_memcpy(&byte, few[i], sizeof byte);
            hit = _mm_or_si128(hit, _mm_cmpeq_epi8(text, byte));
        }
        hits = (unsigned)_mm_movemask_epi8(hit);
        if (hits != 0) {
            p += __builtin_ctz(hits);
            return p < end ? p : end;
        }
    }
    return end;
#else
    for (; p < end; p++)
        for (unsigned i = 0; i < count; i++)
            if (*p == few[i][0])
                return p;
    return p;
#endif
}

/* The first byte that is no hexadecimal digit, dot or colon; ${end} where all are. Reads as
 * scan_slack does. */
static inline const char *scan_address(const char *p, const char *end)
{
#if defined(__SSE2__)
    for (; p < end; p += 16) {
        __m128i text, digit, letter, hit;
        unsigned hits;

        __builtin_memcpy(&text, p, sizeof text);
        digit = _mm_sub_epi8(text, _mm_set1_epi8('0')); /* 10: a colon */
        letter = _mm_sub_epi8(_mm_or_si128(text, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
        hit = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(10)), digit),
                           _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter));
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(text, _mm_set1_epi8('.')));
        hits = ~(unsigned)_mm_movemask_epi8(hit) & 0xffff;
        if (hits != 0) {
            p += __builtin_ctz(hits);
            return p < end ? p : end;
        }
    }
    return end;
#else
    while (p < end &&
           ((*p >= '0' && *p <= ':') || *p == '.' || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'f')))
        p++;
    return p;
#endif
}

/* The first byte that is no digit; ${end} where all are. Reads as scan_slack does. */
static inline const char *scan_digits(const char *p, const char *end)
{
    for (; p < end; p += sizeof(uint64_t)) {
        uint64_t word = word_load(p) ^ UINT64_C(0x3030303030303030);
        uint64_t others =
            (word | (word + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080);

        if (others != 0) { /* the lowest is right, whatever was carried into those above */
            p += __builtin_ctzll(others) / 8;
            return p < end ? p : end;
        }
    }
    return end;
}

/* Does ${s}, with slack behind it, hold ${byte}? */
static inline bool scan_has(struct slice s, char byte)
{
    return scan_slack(s.ptr, s.ptr + s.len, byte) != s.ptr + s.len;
}

#endif
