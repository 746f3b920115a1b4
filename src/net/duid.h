/* duid.h: identifiers of DHCPv6 clients, and the hardware address that most of them hold. */
#ifndef NET_DUID_H
#define NET_DUID_H

#include "base/slice.h"
#include "net/mac.h"

#include <stdbool.h>

/*
 * duid_mac(text, association, out):
 * Read a DUID (RFC 8415, 11), written as hexadecimal digits with or without colons (Kea), or as
 * bytes of which some are escaped by a backslash, in octal or as they are (ISC dhcpd). Where
 * ${association}, the four bytes of the IAID stand before it. Into ${out} goes the Ethernet address
 * of a DUID-LLT or DUID-LL as mac_normalise writes it. Returns: false where there is none.
 */
bool duid_mac(struct slice text, bool association, char out[MAC_TEXT_BYTES]);

#endif
