/* url.c: where the host begins and ends in a request target (RFC 9112, RFC 3986). */
#include "net/url.h"

#include "base/word.h"

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static bool is_scheme_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
}

/* Bytes of "scheme://" at the beginning, or 0. The colon is looked for first: most targets have
 * none with slashes behind it. */
static size_t scheme_length(struct slice target)
{
    size_t n = slice_find(target, ':');

    if (n == 0 || target.len - n < 3 || target.ptr[n + 1] != '/' || target.ptr[n + 2] != '/')
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!is_scheme_byte(target.ptr[i]))
            return 0;
    return n + 3;
}

bool url_has_scheme(struct slice target)
{
    return scheme_length(target) > 0;
}

/* Bytes before the path, the query or the fragment. */
static size_t authority_end(struct slice s)
{
    size_t n = 0;

    while (n < s.len && s.ptr[n] != '/' && s.ptr[n] != '?' && s.ptr[n] != '#')
        n++;
    return n;
}

/* What stands before an escaped slash, '?' or '#': no host has any of them. */
static struct slice before_escaped_end(struct slice host)
{
    for (size_t n = 0; n + 2 < host.len; n++) {
        const char kind = host.ptr[n + 1], digit = host.ptr[n + 2];

        if (host.ptr[n] == '%' && (((kind == '2' || kind == '3') && (digit | 0x20) == 'f') ||
                                   (kind == '2' && digit == '3')))
            return slice_of(host.ptr, n);
    }
    return host;
}

/* What is behind the last '@': a name before one is a user's, however it looks. */
static struct slice without_userinfo(struct slice authority)
{
    for (size_t n = authority.len; n > 0; n--)
        if (authority.ptr[n - 1] == '@')
            return slice_from(authority, n);
    return authority;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_port(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return true;
}

/* Blanks, control bytes and the '@' of what is no absolute URL stand in no host. */
static bool has_alien(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f || s.ptr[i] == '@')
            return true;
    return false;
}

/* A dot or several: what a log puts in place of a name. */
static bool is_dots(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '.')
            return false;
    return true;
}

/* [address], [address]:port, host, host:port, or an address without brackets, which has at least
 * two colons. */
static bool is_host(struct slice s)
{
    struct slice host, rest;

    if (is_dots(s) || has_alien(s) || slice_is(s, "*"))
        return false;
    if (s.ptr[0] == '[') {
        if (!slice_cut(slice_from(s, 1), ']', &host, &rest) || host.len == 0)
            return false;
        return rest.len == 0 || (rest.ptr[0] == ':' && is_port(slice_from(rest, 1)));
    }
    if (!slice_cut(s, ':', &host, &rest) || slice_find(rest, ':') != rest.len)
        return true;
    return host.len > 0 && is_port(rest);
}

struct slice url_authority(struct slice target)
{
    size_t scheme = scheme_length(target);
    struct slice rest, host;

    if (target.len == 0)
        return target;
    rest = slice_from(target, scheme);
    host = slice_of(rest.ptr, authority_end(rest));
    if (scheme > 0)
        host = without_userinfo(host);
    host = before_escaped_end(host);
    return is_host(host) ? host : slice_of(target.ptr, 0);
}

#if defined(__SSE2__)

/* A bit for each of 16 bytes that is a letter, a digit, '-', '.' or '_'. */
static unsigned plain_bytes(const char *p)
{
    __m128i bytes, letters, marks, digits, plain;

    memcpy(&bytes, p, sizeof bytes);
    letters = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    marks = _mm_sub_epi8(bytes, _mm_set1_epi8('-')); /* and '.' */
    digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    plain = _mm_cmpeq_epi8(_mm_min_epu8(letters, _mm_set1_epi8('z' - 'a')), letters);
    plain = _mm_or_si128(plain, _mm_cmpeq_epi8(_mm_min_epu8(marks, _mm_set1_epi8(1)), marks));
    plain = _mm_or_si128(plain, _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits));
    plain = _mm_or_si128(plain, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    return (unsigned)_mm_movemask_epi8(plain);
}

/* The first byte that is not plain, or ${end}. */
static const char *skip_plain(const char *p, const char *end)
{
    for (; p < end; p += 16) {
        unsigned others = plain_bytes(p) ^ 0xffff;

        if (others != 0) {
            p += __builtin_ctz(others);
            return p < end ? p : end;
        }
    }
    return end;
}

#else

/* Letters, digits, '-', '.' and '_'. */
static bool is_plain(char c)
{
    static const uint64_t bits[4] = {UINT64_C(0x03ff600000000000), UINT64_C(0x07fffffe87fffffe)};
    unsigned char byte = (unsigned char)c;

    return (bits[byte / 64] >> byte % 64 & 1) != 0;
}

static const char *skip_plain(const char *p, const char *end)
{
    while (p < end && is_plain(*p))
        p++;
    return p;
}

#endif

/* Bytes of http:// or https://, or 0. */
static size_t web_scheme_length(struct slice target)
{
    uint64_t head = word_load(target.ptr);

    if (target.len >= 7 && (head & word_mask(7)) == WORD_OF("http://\0"))
        return 7;
    return target.len >= 8 && head == WORD_OF("https://") ? 8 : 0;
}

struct slice url_plain_authority(struct slice target)
{
    const struct slice none = slice_of(target.ptr, 0);
    const char *end = target.ptr + target.len, *from, *p, *port;

    if (target.len == 0)
        return none;
    from = target.ptr + web_scheme_length(target);
    p = skip_plain(from, end);
    if (p == from || (*from == '.' && is_dots(slice_of(from, (size_t)(p - from)))))
        return none;
    if (end - p == 4 && (word_load(p) & word_mask(4)) == WORD_OF(":443\0\0\0\0"))
        return slice_of(from, (size_t)(end - from)); /* of most tunnels */
    if (p < end && *p == ':') {
        for (port = ++p; p < end && is_digit(*p);)
            p++;
        if (p == port)
            return none;
    }
    if (p < end && *p != '/' && *p != '?' && *p != '#')
        return none;
    return slice_of(from, (size_t)(p - from));
}

struct slice url_path(struct slice target)
{
    struct slice rest, path, fragment;

    if (target.len == 0)
        return target;
    rest = slice_from(target, scheme_length(target));
    path = slice_from(rest, authority_end(rest));
    if (path.len == 0 || path.ptr[0] != '/')
        return slice_of(target.ptr, 0);
    slice_cut(path, '#', &path, &fragment);
    return path;
}
