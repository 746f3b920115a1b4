/* ipv4.h: is it an IPv4 address? The common case of an address, sixteen bytes at once. */
#ifndef FORMAT_IPV4_H
#define FORMAT_IPV4_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/*
 * ipv4_is_plain(s):
 * As ipv4_is, byte by byte and without reading behind ${s}: where bytes behind it are not known to
 * be readable, on other processors, and what tests compare with.
 */
static inline bool ipv4_is_plain(struct slice s)
{
    unsigned dots = 0, number = 0, digits = 0;

    if (s.len < 7 || s.len > 15)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';

        if (digit <= 9) {
            number = number * 10 + digit;
            if (++digits > 3 || number > 255)
                return false;
        } else if (s.ptr[i] == '.' && digits > 0) {
            dots++;
            number = digits = 0;
        } else {
            return false;
        }
    }
    return dots == 3 && digits > 0;
}

/*
 * ipv4_is(s):
 * Is ${s}, which has WIDE_SLACK readable bytes from its beginning on, a dotted quad of decimal
 * numbers up to 255, each of one to three digits?
 */
static inline bool ipv4_is(struct slice s)
{
#if defined(__SSE2__)
    unsigned all, digits, dots, rest, two, five, above_two, above_five, wrong;
    __m128i bytes;

    if (s.len < 7 || s.len > 15)
        return false;
    __builtin_memcpy(&bytes, s.ptr, sizeof bytes);
    bytes = _mm_sub_epi8(bytes, _mm_set1_epi8('0')); /* a digit to its value, a dot to -2 */
    all = (1U << s.len) - 1;
    dots = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.' - '0'))) & all;
    digits =
        (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(9)), bytes)) &
        all;
    two = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(2)));
    five = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(5)));
    above_two = (unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(2)));
    above_five = (unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(5)));
    rest = dots & (dots - 1); /* without the first */
    rest = rest & (rest - 1); /* nor the second */
    wrong = (digits | dots) ^ all;
    wrong |= (dots & (dots << 1 | 1)) | (dots >> (s.len - 1)); /* each stands between digits */
    wrong |= digits & digits >> 1 & digits >> 2 & digits >> 3; /* four digits */
    wrong |= digits & digits >> 1 & digits >> 2 &              /* three, beyond 255 */
             (above_two | (two & (above_five >> 1 | (five >> 1 & above_five >> 2))));
    return wrong == 0 && rest != 0 && (rest & (rest - 1)) == 0;
#else
    return ipv4_is_plain(s);
#endif
}

#endif
