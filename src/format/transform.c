/* transform.c: the conversions of mapping lines, one short function each. */
#include "format/transform.h"

#include "base/num.h"
#include "format/format.h"
#include "net/address.h"
#include "net/url.h"

#include <string.h>

static bool apply_none(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < step->arg_count; i++)
        if (slice_glob(step->args[i], *value))
            value->len = 0;
    return true;
}

static bool apply_only(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    for (size_t i = 0; i < step->arg_count; i++)
        if (slice_glob(step->args[i], *value))
            return true;
    value->len = 0;
    return true;
}

static bool apply_first(const struct step *step, struct slice *value, struct arena *scratch)
{
    uint64_t most;

    (void)scratch;
    if (!num_parse(step->args[0], SIZE_MAX, &most))
        return false;
    if (value->len > most)
        value->len = (size_t)most;
    return true;
}

static bool apply_after(const struct step *step, struct slice *value, struct arena *scratch)
{
    size_t at = slice_find_slice(*value, step->args[0]);

    (void)scratch;
    *value =
        at == value->len ? slice_of(value->ptr, 0) : slice_from(*value, at + step->args[0].len);
    return true;
}

static bool apply_before(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    value->len = slice_find_slice(*value, step->args[0]);
    return true;
}

/* Index of the last ${what} in ${s}, or its length. */
static size_t find_last(struct slice s, struct slice what)
{
    for (size_t at = s.len - what.len + 1; s.len >= what.len && at-- > 0;)
        if (slice_starts_with(slice_from(s, at), what))
            return at;
    return s.len;
}

static bool apply_after_last(const struct step *step, struct slice *value, struct arena *scratch)
{
    size_t at = find_last(*value, step->args[0]);

    (void)scratch;
    *value =
        at == value->len ? slice_of(value->ptr, 0) : slice_from(*value, at + step->args[0].len);
    return true;
}

static bool apply_before_last(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    value->len = find_last(*value, step->args[0]);
    return true;
}

/* Could it be a host? Letters, digits, dots and what else stands in names, addresses and escapes;
 * anything beyond ASCII. */
static bool is_host_text(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= ' ' || c == 0x7f || c == '"' || c == '<' || c == '>')
            return false;
    }
    return s.len > 0;
}

/* A bare word is a host only where a dot, a port or brackets say so: "GET foo" names none. */
static bool apply_url_host(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct slice host = url_authority(*value);

    (void)step;
    (void)scratch;
    if (!url_has_scheme(*value) && slice_find(host, '.') == host.len &&
        slice_find(host, ':') == host.len)
        host.len = 0;
    *value = host;
    return host.len == 0 || is_host_text(host);
}

static bool apply_whole_url(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    if (!url_has_scheme(*value))
        value->len = 0;
    return true;
}

/* A dotted quad, the common case, without a call. */
static bool is_ipv4(struct slice s)
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

static bool apply_address(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct address address;
    struct slice text = *value;
    size_t end;

    (void)step;
    (void)scratch;
    if (is_ipv4(text))
        return true;
    if (text.len > 0 && text.ptr[0] == '[') {
        text = slice_from(text, 1);
        text.len = slice_find(text, ']');
    } else if ((end = slice_find(text, ':')) < text.len &&
               slice_find(slice_from(text, end + 1), ':') == text.len - end - 1) {
        text.len = end; /* one colon: IPv4 with a port */
    }
    text.len = slice_find(text, '%');
    *value = text;
    if (!address_parse(text, &address))
        value->len = 0;
    return true;
}

static bool apply_no_address(const struct step *step, struct slice *value, struct arena *scratch)
{
    struct address address;

    (void)step;
    (void)scratch;
    if (address_parse(*value, &address))
        value->len = 0;
    return true;
}

static bool apply_host(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    if (!is_host_text(*value))
        value->len = 0;
    return true;
}

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

static bool apply_percent(const struct step *step, struct slice *value, struct arena *scratch)
{
    bool ok;
    char *out = room_to_unescape(*value, '%', scratch, &ok);
    size_t n = 0;

    (void)step;
    if (out == NULL)
        return ok;
    for (size_t i = 0; i < value->len; i++) {
        int byte = value->ptr[i] == '%' ? hex_byte(*value, i + 1) : -1;

        out[n++] = byte < 0 ? value->ptr[i] : (char)byte;
        i += byte < 0 ? 0 : 2;
    }
    *value = slice_of(out, n);
    return true;
}

static bool apply_backslash(const struct step *step, struct slice *value, struct arena *scratch)
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

static bool apply_hex_escapes(const struct step *step, struct slice *value, struct arena *scratch)
{
    bool ok;
    char *out = room_to_unescape(*value, '\\', scratch, &ok);
    size_t n = 0;

    (void)step;
    if (out == NULL)
        return ok;
    for (size_t i = 0; i < value->len; i++) {
        char c = value->ptr[i];
        int byte = -1;

        if (c == '\\' && i + 1 < value->len) {
            c = value->ptr[++i];
            byte = c == 'x' ? hex_byte(*value, i + 1) : -1;
            i += byte < 0 ? 0 : 2;
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        }
        out[n++] = byte < 0 ? c : (char)byte;
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

static bool apply_base64(const struct step *step, struct slice *value, struct arena *scratch)
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

/* The end of a label: where its length says, for it may hold brackets; where that fits nothing (names
 * are made anonymous so), at the next bracket. */
static size_t label_length(struct slice rest, uint64_t length)
{
    if (length < rest.len && rest.ptr[length] == '(')
        return (size_t)length;
    return slice_find(rest, '(');
}

static bool apply_labels(const struct step *step, struct slice *value, struct arena *scratch)
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

static bool apply_quoted(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)step;
    (void)scratch;
    if (value->len >= 2 && value->ptr[0] == '"' && value->ptr[value->len - 1] == '"')
        *value = slice_of(value->ptr + 1, value->len - 2);
    return true;
}

static bool apply_sum(const struct step *step, struct slice *value, struct arena *scratch)
{
    enum { DIGITS = 20 };
    char *out = ARENA_NEW(scratch, char, DIGITS);
    struct slice rest = *value, part;
    uint64_t sum = 0, number;
    size_t n = DIGITS;

    (void)step;
    if (out == NULL)
        return false;
    while (rest.len > 0) {
        slice_cut(rest, ' ', &part, &rest);
        if (!num_parse(part, UINT64_MAX, &number))
            return false;
        sum = num_add(sum, number);
    }
    do
        out[--n] = (char)('0' + sum % 10);
    while ((sum /= 10) != 0);
    *value = slice_of(out + n, DIGITS - n);
    return true;
}

static bool apply_lower(const struct step *step, struct slice *value, struct arena *scratch)
{
    char *out = value->len == 0 ? NULL : ARENA_NEW(scratch, char, value->len);

    (void)step;
    if (out == NULL)
        return value->len == 0;
    for (size_t i = 0; i < value->len; i++) {
        char c = value->ptr[i];

        out[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    value->ptr = out;
    return true;
}

static bool apply_map(const struct step *step, struct slice *value, struct arena *scratch)
{
    (void)scratch;
    for (size_t i = 0; i + 1 < step->arg_count; i += 2)
        if (slice_glob(step->args[i], *value)) {
            *value = step->args[i + 1];
            if (slice_is(*value, "none"))
                value->len = 0;
            return true;
        }
    value->len = 0;
    return true;
}

const struct transform *transform_find(struct slice name)
{
    static const struct transform transforms[] = {
#define TEXT(id, name, least, most, help)                                                          \
    {name, TRANSFORM_TEXT, least, most, apply_##id, 0.0, help},
#define MAP(name, help)               {name, TRANSFORM_MAP, 2, 64, apply_map, 0.0, help},
#define TIME(name, least, most, help) {name, TRANSFORM_TIME, least, most, NULL, 0.0, help},
#define DURATION(name, unit_us, help) {name, TRANSFORM_DURATION, 0, 0, NULL, unit_us, help},
#include "format/transforms.def"
    };

    for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++)
        if (slice_is(name, transforms[i].name))
            return &transforms[i];
    return NULL;
}
