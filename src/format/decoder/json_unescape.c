/* json_unescape.c: escapes of JSON's strings (RFC 8259, section 7). */
#include "format/decoder/json_unescape.h"

#include <string.h>

static int hex4(const char *p)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = p[i] >= '0' && p[i] <= '9'   ? p[i] - '0'
                    : p[i] >= 'a' && p[i] <= 'f' ? p[i] - 'a' + 10
                    : p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static size_t put_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* \uXXXX at ${p} (behind the u), with its second half where it is a surrogate; ${used} bytes were
 * read. -1: broken. */
static int code_point(const char *p, const char *end, size_t *used)
{
    int high = end - p >= 4 ? hex4(p) : -1, low;

    *used = 4;
    if (high < 0xd800 || high > 0xdfff)
        return high;
    if (high > 0xdbff || end - p < 10 || p[4] != '\\' || p[5] != 'u')
        return -1;
    low = hex4(p + 6);
    *used = 10;
    if (low < 0xdc00 || low > 0xdfff)
        return -1;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

bool json_unescape(struct slice raw, struct arena *scratch, struct slice *out)
{
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    char *text = ARENA_NEW(scratch, char, raw.len + 1);
    const char *p = raw.ptr, *end = raw.ptr + raw.len;
    size_t n = 0, used;

    if (text == NULL)
        return false;
    while (p < end) {
        const char *letter;
        int code;

        if (*p != '\\') {
            text[n++] = *p++;
            continue;
        }
        if (++p == end)
            return false;
        letter = *p == '\0' ? NULL : strchr(letters, *p);
        if (letter != NULL) {
            text[n++] = bytes[letter - letters];
            p++;
            continue;
        }
        code = *p == 'u' ? code_point(p + 1, end, &used) : -1;
        if (code < 0)
            return false;
        n += put_utf8(text + n, (unsigned)code);
        p += 1 + used;
    }
    *out = slice_of(text, n);
    return true;
}
