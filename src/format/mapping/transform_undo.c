/* transform_undo.c: conversions that undo an encoding, one short function each. */
#include "format/mapping/transform_undo.h"

#include "base/num.h"
#include "net/duid.h"
#include "net/mac.h"

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

/* Reads the escape that ${at} begins with: the byte it stands for, and how many bytes it takes. */
typedef size_t escape_reader(struct slice at, char *byte);

/* ${value} with every escape that begins with ${sign} undone; nothing is copied where there is
 * none. */
static bool undo(struct slice *value, char sign, escape_reader *read, struct arena *scratch)
{
    size_t n = 0;
    char *out;

    if (slice_find(*value, sign) == value->len)
        return true;
    out = ARENA_NEW(scratch, char, value->len);
    if (out == NULL)
        return false;
    for (size_t i = 0; i < value->len; n++) {
        out[n] = value->ptr[i];
        i += out[n] == sign ? read(slice_from(*value, i), &out[n]) : 1;
    }
    *value = slice_of(out, n);
    return true;
}

/* %xx; a percent sign without two digits stands for itself. */
static size_t read_percent(struct slice at, char *byte)
{
    int value = hex_byte(at, 1);

    if (value < 0)
        return 1;
    *byte = (char)value;
    return 3;
}

/* A blank as forms write it. */
static size_t read_plus(struct slice at, char *byte)
{
    (void)at;
    *byte = ' ';
    return 1;
}

/* A backslash before any byte; at the end it stands for itself. */
static size_t read_backslash(struct slice at, char *byte)
{
    if (at.len == 1)
        return 1;
    *byte = at.ptr[1];
    return 2;
}

/* A backslash before a backslash or a quote; before anything else it stands for itself. */
static size_t read_backslash_pair(struct slice at, char *byte)
{
    if (at.len == 1 || (at.ptr[1] != '\\' && at.ptr[1] != '"'))
        return 1;
    *byte = at.ptr[1];
    return 2;
}

/* As Apache writes them: \xNN, \n, \t, \r, and a backslash before any other byte. */
static size_t read_hex_escape(struct slice at, char *byte)
{
    int value = at.len > 1 && at.ptr[1] == 'x' ? hex_byte(at, 2) : -1;
    size_t used = read_backslash(at, byte);

    if (value >= 0) {
        *byte = (char)value;
        return 4;
    }
    if (used == 2)
        *byte = escaped_byte(*byte);
    return used;
}

/* &#xNN or &#xNN; and those that XML names */
static size_t read_entity(struct slice at, char *byte)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    static const char bytes[] = "&<>\"'";
    int value = slice_starts_with(at, SLICE("&#x")) ? hex_byte(at, 3) : -1;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_starts_with(at, slice_of_string(names[i]))) {
            *byte = bytes[i];
            return strlen(names[i]);
        }
    if (value < 0)
        return 1;
    *byte = (char)value;
    return at.len > 5 && at.ptr[5] == ';' ? 6 : 5;
}

bool transform_undo_entities(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    return undo(value, '&', read_entity, scratch);
}

bool transform_undo_percent(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    return undo(value, '%', read_percent, scratch);
}

bool transform_undo_plus(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    return undo(value, '+', read_plus, scratch);
}

bool transform_undo_backslash(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    return undo(value, '\\', read_backslash, scratch);
}

bool transform_undo_backslash_pairs(const struct step *step, struct slice *value,
                                    struct arena *scratch)
{
    (void)step;
    return undo(value, '\\', read_backslash_pair, scratch);
}

bool transform_undo_hex_escapes(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    return undo(value, '\\', read_hex_escape, scratch);
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
        if (length == 0) {
            *value = slice_of(out, n);
            return true;
        }
        length = label_length(rest, length);
        if (n > 0)
            out[n++] = '.';
        memcpy(out + n, rest.ptr, (size_t)length);
        n += (size_t)length;
        rest = slice_from(rest, (size_t)length);
    }
    return false; /* cut off: a name ends with (0) */
}

bool transform_undo_quoted(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    if (value->len >= 2 && value->ptr[0] == '"' && value->ptr[value->len - 1] == '"')
        *value = slice_of(value->ptr + 1, value->len - 2);
    return true;
}

bool transform_undo_mac(const struct step *step, struct slice *value, struct arena *scratch)
{
    char *out;

    (void)step;
    if (mac_is_normal(*value))
        return true;
    out = ARENA_NEW(scratch, char, MAC_TEXT_BYTES);
    if (out == NULL)
        return false;
    if (mac_normalise(*value, out))
        *value = slice_of(out, MAC_TEXT_BYTES);
    else
        value->len = 0;
    return true;
}

static bool undo_duid(struct slice *value, bool association, struct arena *scratch)
{
    char *out = ARENA_NEW(scratch, char, MAC_TEXT_BYTES);

    if (out == NULL)
        return false;
    *value = slice_of(out, duid_mac(*value, association, out) ? MAC_TEXT_BYTES : 0);
    return true;
}

bool transform_undo_duid(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    return undo_duid(value, false, scratch);
}

bool transform_undo_ia_duid(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    return undo_duid(value, true, scratch);
}
