/* address.h: IP addresses and networks. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* IPv6, or IPv4 mapped into ::ffff:0:0/96, in network order. */
struct address {
    unsigned char bytes[16];
};

/* A network: the first ${bits} of ${base} (IPv4: 96 + its prefix length). */
struct network {
    struct address base;
    int bits;
};

/* Strict: dotted quad without leading zeros, or RFC 4291 text; brackets, ports and zone ids are not
 * accepted. */
bool address_parse(struct slice text, struct address *out);

bool address_is_v4(const struct address *a);

/* RFC 5952 text; IPv4 as dotted quad. */
void address_append(struct buf *out, const struct address *a);

/* "a.b.c.d/n" or "x::/n"; a bare address is a network of one. Host bits must be zero: false and
 * ${why} says so. */
bool network_parse(struct slice text, struct network *out, const char **why);

bool network_has(const struct network *n, const struct address *a);

#endif
