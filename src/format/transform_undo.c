/* transform_undo.c: conversions that undo an encoding, one short function each. */
#include "format/transform_undo.h"

#include "base/num.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte of the two digits at ${at}, or -1. */
static int hex_byte(struct slice s, size_t at)
{
    int high, low;

    if (at + 2 > s.len)
        return -1;
    high = hex_digit(s.ptr[at]);
    low = hex_digit(s.ptr[at + 1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Room for ${value} without its escapes, where it holds ${escape} at all; else NULL, and ${ok}
 * tells whether memory is out. */
static char *room_to_unescape(struct slice value, char escape, struct arena *scratch, bool *ok)
{
    char *out = NULL;

    *ok = true;
    if (slice_find(value, escape) < value.len) {
        out = ARENA_NEW(scratch, char, value.len);
        *ok = out != NULL;
    }
    return out;
}

bool transform_undo_percent(const struct step *step, struct slice *value, struct arena *scratch)
{
    bool ok;
    char *out = room_to_unescape(*value, '%', scratch, &ok);
    size_t n = 0;

    (void)step;
    if (out == NULL)
        return ok;
    for (size_t i = 0; i < value->len; i++) {
        int byte = value->ptr[i] == '%' ? hex_byte(*value, i + 1) : -1;

        out[n] = value->ptr[i];
        if (byte >= 0) {
            out[n] = (char)byte;
            i += 2;
        }
        n++;
    }
    *value = slice_of(out, n);
    return true;
}

bool transform_undo_backslash(const struct step *step, struct slice *value, struct arena *scratch)
{
    bool ok;
    char *out = room_to_unescape(*value, '\\', scratch, &ok);
    size_t n = 0;

    (void)step;
    if (out == NULL)
        return ok;
    for (size_t i = 0; i < value->len; i++) {
        if (value->ptr[i] == '\\' && i + 1 < value->len)
            i++;
        out[n++] = value->ptr[i];
    }
    *value = slice_of(out, n);
    return true;
}

/* The byte that a backslash and ${letter} stand for. */
static char escaped_byte(char letter)
{
    switch (letter) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    default: return letter;
    }
}

bool transform_undo_hex_escapes(const struct step *step, struct slice *value, struct arena *scratch)
{
    bool ok;
    char *out = room_to_unescape(*value, '\\', scratch, &ok);
    size_t n = 0;

    (void)step;
    if (out == NULL)
        return ok;
    for (size_t i = 0; i < value->len; i++) {
        int byte = -1;

        out[n] = value->ptr[i];
        if (out[n] == '\\' && i + 1 < value->len) {
            out[n] = escaped_byte(value->ptr[++i]);
            byte = value->ptr[i] == 'x' ? hex_byte(*value, i + 1) : -1;
        }
        if (byte >= 0) {
            out[n] = (char)byte;
            i += 2;
        }
        n++;
    }
    *value = slice_of(out, n);
    return true;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool transform_undo_base64(const struct step *step, struct slice *value, struct arena *scratch)
{
    char *out = ARENA_NEW(scratch, char, value->len);
    unsigned bits = 0, held = 0;
    size_t n = 0;

    (void)step;
    if (out == NULL)
        return false;
    while (value->len > 0 && value->ptr[value->len - 1] == '=')
        value->len--;
    for (size_t i = 0; i < value->len; i++) {
        int digit = base64_digit(value->ptr[i]);

        if (digit < 0)
            return false;
        bits = (bits << 6 | (unsigned)digit) & 0xffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[n++] = (char)(bits >> held & 0xff);
        }
    }
    *value = slice_of(out, n);
    return true;
}

/* The end of a label: where its length says, for it may hold brackets; where that fits nothing
 * (names are made anonymous so), at the next bracket. */
static size_t label_length(struct slice rest, uint64_t length)
{
    if (length < rest.len && rest.ptr[length] == '(')
        return (size_t)length;
    return slice_find(rest, '(');
}

bool transform_undo_labels(const struct step *step, struct slice *value, struct arena *scratch)
{
    char *out = ARENA_NEW(scratch, char, value->len);
    struct slice rest = *value, number;
    size_t n = 0;
    uint64_t length;

    (void)step;
    if (out == NULL)
        return false;
    while (rest.len > 0) {
        if (rest.ptr[0] != '(' || !slice_cut(slice_from(rest, 1), ')', &number, &rest) ||
            !num_parse(number, UINT8_MAX, &length))
            return false;
        if (length == 0)
            break;
        length = label_length(rest, length);
        if (n > 0)
            out[n++] = '.';
        memcpy(out + n, rest.ptr, (size_t)length);
        n += (size_t)length;
        rest = slice_from(rest, (size_t)length);
    }
    *value = slice_of(out, n);
    return true;
}

bool transform_undo_quoted(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    if (value->len >= 2 && value->ptr[0] == '"' && value->ptr[value->len - 1] == '"')
        *value = slice_of(value->ptr + 1, value->len - 2);
    return true;
}
