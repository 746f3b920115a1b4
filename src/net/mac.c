/* mac.c: the spellings of hardware addresses. */
#include "net/mac.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { MAC_BYTES = 6, DOTTED_MAC = 14 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_separator(char c)
{
    return c == ':' || c == '-' || c == '.';
}

/* One or two digits at ${at}; how many of them. */
static size_t read_byte(struct slice s, size_t at, unsigned *byte)
{
    int high = hex_digit(s.ptr[at]);
    int low = at + 1 < s.len ? hex_digit(s.ptr[at + 1]) : -1;

    if (high < 0)
        return 0;
    *byte = (unsigned)(low < 0 ? high : high * 16 + low);
    return low < 0 ? 1 : 2;
}

static bool is_hex(char c)
{
    return (unsigned)(unsigned char)c - '0' <= 9 || (unsigned)(unsigned char)c - 'a' <= 5;
}

/* All but the last of its bytes. */
static bool begins_normal(const char *p)
{
#if defined(__SSE2__)
    enum { COLONS = 0x4924, DIGITS = 0xb6db }; /* a bit a byte, the first lowest */
    __m128i bytes, digit, letter, hex;

    memcpy(&bytes, p, sizeof bytes);
    digit = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    letter = _mm_sub_epi8(bytes, _mm_set1_epi8('a'));
    hex = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit),
                       _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter));
    return _mm_movemask_epi8(hex) == DIGITS &&
           _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'))) == COLONS;
#else
    for (size_t i = 0; i < MAC_TEXT_BYTES - 1; i++)
        if (i % 3 == 2 ? p[i] != ':' : !is_hex(p[i]))
            return false;
    return true;
#endif
}

bool mac_is_normal(struct slice s)
{
    return s.len == MAC_TEXT_BYTES && is_hex(s.ptr[MAC_TEXT_BYTES - 1]) && begins_normal(s.ptr);
}

bool mac_normalise(struct slice s, char out[MAC_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0, i = 0;

    if (s.len != DOTTED_MAC && slice_find(s, '.') < s.len)
        return false; /* an IP address */
    for (; i < s.len && n < MAC_BYTES; n++) {
        unsigned byte;
        size_t used = read_byte(s, i, &byte);

        i += used;
        if (used == 0 || (used == 1 && i < s.len && !is_separator(s.ptr[i])) ||
            (i < s.len && is_separator(s.ptr[i]) && ++i == s.len))
            return false;
        out[3 * n] = digits[byte >> 4];
        out[3 * n + 1] = digits[byte & 15];
        if (n + 1 < MAC_BYTES)
            out[3 * n + 2] = ':';
    }
    return n == MAC_BYTES && i == s.len;
}
