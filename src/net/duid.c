/* duid.c: identifiers of DHCPv6 clients, and the hardware address that most of them hold. */
#include "net/duid.h"

#include <stddef.h>
#include <string.h>

enum {
    MAC_BYTES = 6,
    IAID_BYTES = 4,
    MOST_BYTES = 160, /* 4 of the IAID, 130 of the DUID and some to see that it is longer */
    OCTAL_DIGITS = 3,
    DUID_LLT = 1,
    DUID_LL = 3,
    LLT_HEAD = 8, /* type, kind of hardware, time */
    LL_HEAD = 4,
    ETHERNET = 1
};

/* The value of the digit, or 16. */
static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* Pairs of digits, joined by colons or not. Returns: 0 where it is anything else. */
static size_t read_digits(struct slice s, unsigned char *out)
{
    size_t n = 0, i = 0;

    for (; n < MOST_BYTES && s.len - i >= 2; n++) {
        unsigned high = digit_of(s.ptr[i]), low = digit_of(s.ptr[i + 1]);

        if (high > 15 || low > 15)
            return 0;
        out[n] = (unsigned char)(high << 4 | low);
        i += 2;
        if (i < s.len && s.ptr[i] == ':')
            i++;
    }
    return i == s.len ? n : 0;
}

/* The byte behind a backslash at ${at}; returns how many bytes say it. */
static size_t read_escape(struct slice s, size_t at, unsigned char *byte)
{
    unsigned value = 0;
    size_t n = 0;

    for (; n < OCTAL_DIGITS && at + n < s.len && digit_of(s.ptr[at + n]) < 8; n++)
        value = value * 8 + digit_of(s.ptr[at + n]);
    *byte = (unsigned char)(n == OCTAL_DIGITS ? value : (unsigned char)s.ptr[at]);
    return n == OCTAL_DIGITS ? n : 1;
}

static size_t read_text(struct slice s, unsigned char *out)
{
    size_t n = 0, i = 0;

    while (n < MOST_BYTES && i < s.len) {
        if (s.ptr[i] == '\\' && i + 1 < s.len)
            i += 1 + read_escape(s, i + 1, &out[n++]);
        else
            out[n++] = (unsigned char)s.ptr[i++];
    }
    return n;
}

static unsigned number_at(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static void write_mac(const unsigned char *bytes, char out[MAC_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";

    memset(out, ':', MAC_TEXT_BYTES);
    for (size_t i = 0; i < MAC_BYTES; i++) {
        out[3 * i] = digits[bytes[i] >> 4];
        out[3 * i + 1] = digits[bytes[i] & 15];
    }
}

bool duid_mac(struct slice text, bool association, char out[MAC_TEXT_BYTES])
{
    unsigned char bytes[MOST_BYTES];
    const unsigned char *duid = bytes + (association ? IAID_BYTES : 0);
    size_t n = read_digits(text, bytes), head;

    if (n == 0)
        n = read_text(text, bytes);
    if (n < (size_t)(duid - bytes) + LL_HEAD)
        return false;
    n -= (size_t)(duid - bytes);
    head = number_at(duid) == DUID_LLT ? LLT_HEAD : number_at(duid) == DUID_LL ? LL_HEAD : 0;
    if (head == 0 || n != head + MAC_BYTES || number_at(duid + 2) != ETHERNET)
        return false;
    write_mac(duid + head, out);
    return true;
}
