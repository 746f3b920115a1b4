/* domain.c: host names in one form; plain ASCII names go through one loop and no library. */
#include "net/domain.h"

#include "base/buf.h"
#include "net/address.h"

#include <idn2.h>
#include <stdint.h>
#include <string.h>

enum { LABEL_LIMIT = 63, NAME_LIMIT = 253, WORD = sizeof(uint64_t) };

/* A byte of a plain name in lower case, or 0 for one that needs a closer look. */
static const unsigned char plain[256] = {
    ['-'] = '-', ['.'] = '.', ['_'] = '_', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3',
    ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a',
    ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h',
    ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o',
    ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v',
    ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c',
    ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j',
    ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q',
    ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x',
    ['y'] = 'y', ['z'] = 'z'};

static struct slice without_dot(struct slice host)
{
    if (host.len > 0 && host.ptr[host.len - 1] == '.')
        host.len--;
    return host;
}

/* The highest bit of each byte of ${word} that is between ${first} and ${last}; all are ASCII. */
static uint64_t bytes_between(uint64_t word, unsigned first, unsigned last)
{
    const uint64_t every = UINT64_C(0x0101010101010101);

    return ((word + every * (0x80 - first)) ^ (word + every * (0x7f - last))) & every * 0x80;
}

/* Eight bytes of a name in lower case? */
static bool is_normal_word(const char *p)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t word, fine;

    memcpy(&word, p, sizeof word);
    if ((word & high) != 0)
        return false;
    fine = bytes_between(word, 'a', 'z') | bytes_between(word, '0', '9') |
           bytes_between(word, '-', '.') | bytes_between(word, '_', '_');
    return fine == high;
}

bool domain_is_normal(struct slice name)
{
    if (name.len < WORD || name.len > HOST_LIMIT || name.ptr[name.len - 1] == '.')
        return false;
    for (size_t i = 0; i + WORD < name.len; i += WORD)
        if (!is_normal_word(name.ptr + i))
            return false;
    return is_normal_word(name.ptr + name.len - WORD);
}

/* Lower-case ${raw} into ${out}. Returns: false where a byte is not of a plain name. */
static bool copy_plain(struct slice raw, char *out)
{
    unsigned char odd = 0;

    for (size_t i = 0; i < raw.len; i++) {
        unsigned char c = plain[(unsigned char)raw.ptr[i]];

        out[i] = (char)c;
        odd |= c == 0;
    }
    return odd == 0;
}

/* Value of a hexadecimal digit, or 16. */
static unsigned hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)plain[(unsigned char)c];
    return c;
}

/* Copy with percent-encoded bytes decoded and ASCII in lower case. */
static struct slice decode(struct slice raw, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < raw.len; i++) {
        bool encoded = raw.ptr[i] == '%' && raw.len - i > 2 && hex_value(raw.ptr[i + 1]) < 16 &&
                       hex_value(raw.ptr[i + 2]) < 16;

        if (encoded) {
            out[n++] = lower((char)(hex_value(raw.ptr[i + 1]) << 4 | hex_value(raw.ptr[i + 2])));
            i += 2;
        } else {
            out[n++] = lower(raw.ptr[i]);
        }
    }
    return slice_of(out, n);
}

static bool all_digits(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

/* Index of the last ':' that has nothing but digits behind it, or the length. */
static size_t port_at(struct slice text)
{
    size_t at = text.len;

    while (at > 0 && text.ptr[at - 1] >= '0' && text.ptr[at - 1] <= '9')
        at--;
    return at > 0 && text.ptr[at - 1] == ':' ? at - 1 : text.len;
}

/* An IPv6 address without brackets, perhaps with a zone id. */
static bool parse_v6(struct slice text, struct address *a)
{
    struct slice address, zone;

    slice_cut(text, '%', &address, &zone);
    return slice_find(address, ':') != address.len && address_parse(address, a);
}

/* [x], [x]:port, x, or, where that is no address, x:port. */
static bool parse_v6_host(struct slice raw, struct address *a)
{
    struct slice inner, rest;

    if (raw.ptr[0] != '[')
        return parse_v6(raw, a) || parse_v6(slice_of(raw.ptr, port_at(raw)), a);
    if (!slice_cut(slice_from(raw, 1), ']', &inner, &rest))
        return false;
    if (rest.len > 0 && (rest.ptr[0] != ':' || !all_digits(slice_from(rest, 1))))
        return false;
    return parse_v6(inner, a);
}

static struct slice write_address(const struct address *a, char *out)
{
    struct buf text = {0};
    size_t len;

    address_append(&text, a);
    len = text.failed || text.len > HOST_LIMIT ? 0 : text.len;
    if (len > 0)
        memcpy(out, text.ptr, len);
    buf_free(&text);
    return slice_of(out, len);
}

static bool is_ascii(struct slice s)
{
    unsigned char all = 0;

    for (size_t i = 0; i < s.len; i++)
        all |= (unsigned char)s.ptr[i];
    return all < 0x80;
}

/* The A-label form of a UTF-8 name, written over it; as it is where there is none. */
static struct slice to_a_labels(struct slice host, char *out)
{
    uint8_t name[HOST_LIMIT + 1], *ascii = NULL;
    size_t len;

    if (slice_find(host, '\0') != host.len)
        return host;
    memcpy(name, host.ptr, host.len);
    name[host.len] = 0;
    if (idn2_lookup_u8(name, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
        return host;
    len = strlen((const char *)ascii);
    if (len <= HOST_LIMIT) {
        memcpy(out, ascii, len);
        host = slice_of(out, len);
    }
    idn2_free(ascii);
    return host;
}

/* Anything but a plain name: address, port, percent-encoding, Unicode, rubbish. */
static struct slice normalise_odd(struct slice raw, char *out)
{
    struct address a;
    struct slice host;

    if (parse_v6_host(raw, &a))
        return write_address(&a, out);
    host = decode(raw, out);
    if (host.len > 0 && host.ptr[0] == '[' && parse_v6_host(host, &a)) /* %5B2001:db8::1%5D */
        return write_address(&a, out);
    if (slice_find(host, ':') == port_at(host))
        host.len = port_at(host);
    if (!is_ascii(host))
        host = to_a_labels(without_dot(host), out);
    return without_dot(host);
}

struct slice domain_normalise(struct slice raw, char *out)
{
    struct slice name = slice_of(raw.ptr, port_at(raw)); /* host:443, as tunnels have it */

    if (raw.len == 0 || raw.len > HOST_LIMIT)
        return slice_of(out, 0);
    if (!copy_plain(name, out))
        return normalise_odd(raw, out);
    return without_dot(slice_of(out, name.len));
}

bool domain_is_address(struct slice host)
{
    struct address a;

    if (host.len == 0)
        return false;
    if (hex_value(host.ptr[host.len - 1]) > 15 && host.ptr[host.len - 1] != ':')
        return false;
    return address_parse(host, &a);
}

static bool label_valid(struct slice label, const char **why)
{
    if (label.len == 0) {
        *why = "an empty label";
    } else if (label.len > LABEL_LIMIT) {
        *why = "a label longer than 63 bytes";
    } else if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-') {
        *why = "a label that begins or ends with '-'";
    } else {
        for (size_t i = 0; i < label.len; i++)
            if (plain[(unsigned char)label.ptr[i]] == 0) {
                *why = (unsigned char)label.ptr[i] >= 0x80
                           ? "a character outside ASCII; expected its xn-- spelling"
                           : "a byte that is neither letter, digit, '-' nor '_'";
                return false;
            }
        return true;
    }
    return false;
}

bool domain_valid(struct slice name, const char **why)
{
    struct slice label;
    bool more = true;

    if (name.len == 0 || name.len > NAME_LIMIT) {
        *why = name.len == 0 ? "empty" : "longer than 253 bytes";
        return false;
    }
    if (name.ptr[name.len - 1] == '.') {
        *why = "a trailing dot";
        return false;
    }
    while (more) {
        more = slice_cut(name, '.', &label, &name);
        if (!label_valid(label, why))
            return false;
    }
    return true;
}

bool domain_idn_valid(struct slice name)
{
    char text[NAME_LIMIT + 1], back[HOST_LIMIT];
    char *unicode = NULL;
    struct slice normal;

    if (name.len > NAME_LIMIT || slice_find(name, '\0') != name.len)
        return false;
    if (slice_find_slice(name, SLICE("xn--")) == name.len)
        return true;
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    if (idn2_to_unicode_8z8z(text, &unicode, IDN2_NONTRANSITIONAL) != IDN2_OK)
        return false;
    normal = domain_normalise(slice_of_string(unicode), back);
    idn2_free(unicode);
    return slice_equal(normal, name);
}
