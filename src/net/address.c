/* address.c: IP addresses and networks; the parsing is the C library's, which is strict. */
#include "net/address.h"

#include "base/num.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { V4_BITS = 32, V6_BITS = 128, V4_OFFSET = 12, GROUPS = 8 };

static const unsigned char v4_head[V4_OFFSET] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool address_parse(struct slice text, struct address *out)
{
    char copy[INET6_ADDRSTRLEN];

    if (text.len < 2 || text.len >= sizeof copy || slice_find(text, '\0') != text.len)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (slice_find(text, ':') != text.len)
        return inet_pton(AF_INET6, copy, out->bytes) == 1;
    memcpy(out->bytes, v4_head, sizeof v4_head);
    return inet_pton(AF_INET, copy, out->bytes + V4_OFFSET) == 1;
}

bool address_is_v4(const struct address *a)
{
    return memcmp(a->bytes, v4_head, sizeof v4_head) == 0;
}

/* The longest run of at least two zero groups, the first of equals: what RFC 5952 writes as "::".
 */
static void longest_zeros(const unsigned *groups, int *start, int *length)
{
    *start = GROUPS;
    *length = 1;
    for (int i = 0; i < GROUPS; i++) {
        int end = i;

        while (end < GROUPS && groups[end] == 0)
            end++;
        if (end - i > *length) {
            *start = i;
            *length = end - i;
        }
    }
}

void address_append(struct buf *out, const struct address *a)
{
    const unsigned char *b = a->bytes;
    unsigned groups[GROUPS];
    int start, length;

    if (address_is_v4(a)) {
        buf_printf(out, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
        return;
    }
    for (int i = 0; i < GROUPS; i++, b += 2)
        groups[i] = (unsigned)b[0] << 8 | b[1];
    longest_zeros(groups, &start, &length);
    for (int i = 0; i < GROUPS; i++) {
        if (i == start) {
            buf_append_string(out, "::");
            i += length - 1;
            continue;
        }
        if (i > 0 && i != start + length)
            buf_append_byte(out, ':');
        buf_printf(out, "%x", groups[i]);
    }
}

/* Are all bits of ${a} behind the first ${bits} zero? */
static bool rest_is_zero(const struct address *a, int bits)
{
    for (int bit = bits; bit < V6_BITS; bit++)
        if ((a->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0)
            return false;
    return true;
}

bool network_parse(struct slice text, struct network *out, const char **why)
{
    struct slice address, prefix;
    bool has_prefix = slice_cut(text, '/', &address, &prefix);
    int width;
    uint64_t bits;

    if (!address_parse(address, &out->base)) {
        *why = "not an IPv4 or IPv6 address";
        return false;
    }
    /* By the text: ::ffff:0:0/96 is written in IPv6 and counts 96 bits of 128. */
    width = slice_find(address, ':') == address.len ? V4_BITS : V6_BITS;
    bits = (uint64_t)width;
    if (has_prefix && !num_parse(prefix, (uint64_t)width, &bits)) {
        *why = width == V4_BITS ? "the prefix length is not 0 to 32"
                                : "the prefix length is not 0 to 128";
        return false;
    }
    out->bits = V6_BITS - width + (int)bits;
    if (!rest_is_zero(&out->base, out->bits)) {
        *why = "bits behind the prefix are set";
        return false;
    }
    return true;
}

bool network_has(const struct network *n, const struct address *a)
{
    size_t whole = (size_t)n->bits / 8;
    unsigned rest = (unsigned)n->bits % 8;

    if (memcmp(n->base.bytes, a->bytes, whole) != 0)
        return false;
    return rest == 0 || ((n->base.bytes[whole] ^ a->bytes[whole]) >> (8 - rest) & 0xff) == 0;
}
