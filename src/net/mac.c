/* mac.c: the spellings of hardware addresses. */
#include "net/mac.h"

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
