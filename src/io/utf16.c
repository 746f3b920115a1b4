/* utf16.c: UTF-16 text into UTF-8, piece by piece. */
#include "io/utf16.h"

enum { DETECT_BYTES = 64, REPLACEMENT = 0xfffd };

static size_t put(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static size_t put_unit(struct utf16 *u, uint16_t unit, char *out)
{
    uint16_t high = u->high;
    bool is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
    size_t n;

    u->high = is_high ? unit : 0;
    if (is_low && high != 0)
        return put(0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(unit - 0xdc00), out);
    n = high != 0 ? put(REPLACEMENT, out) : 0;
    return is_high ? n : n + put(is_low ? REPLACEMENT : unit, out + n);
}

size_t utf16_to_utf8(struct utf16 *u, struct slice in, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < in.len; i++) {
        unsigned char byte = (unsigned char)in.ptr[i];

        if (u->odd)
            n += put_unit(u, (uint16_t)(u->big_endian ? u->byte << 8 | byte : byte << 8 | u->byte),
                          out + n);
        u->byte = byte;
        u->odd = !u->odd;
    }
    return n;
}

size_t utf16_finish(struct utf16 *u, char *out)
{
    size_t n = u->high != 0 ? put(REPLACEMENT, out) : 0;

    n += u->odd ? put(REPLACEMENT, out + n) : 0;
    u->high = 0;
    u->odd = false;
    return n;
}

bool utf16_detect(struct slice head, struct utf16 *out)
{
    size_t nuls[2] = {0, 0};

    if (head.len < DETECT_BYTES)
        return false;
    for (size_t i = 0; i < DETECT_BYTES; i++)
        nuls[i % 2] += head.ptr[i] == '\0';
    *out = (struct utf16){.big_endian = nuls[0] > 0};
    return nuls[0] + nuls[1] == DETECT_BYTES / 2 && (nuls[0] == 0 || nuls[1] == 0);
}
