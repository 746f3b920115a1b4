/* scan.h: finding a byte in short text; sixteen at a time where the processor can. */
#ifndef FORMAT_SCAN_H
#define FORMAT_SCAN_H

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

#endif
