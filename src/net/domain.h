/* domain.h: host names as logs write them, in one form. */
#ifndef NET_DOMAIN_H
#define NET_DOMAIN_H

#include "base/slice.h"

#include <stdbool.h>

enum { HOST_LIMIT = 1024 }; /* bytes of the longest host text that is normalised */

/*
 * domain_normalise(raw, out):
 * ${raw} may be a host name, host:port, an IPv4 address, an IPv6 address with or without brackets,
 * with or without :port. ASCII letters become lower case, the port, brackets, an IPv6 zone id and
 * one trailing dot go; a non-ASCII (UTF-8) name becomes its A-label form (libidn2, UTS 46
 * non-transitional) where that is possible, else stays as it is. Percent-encoded bytes are decoded
 * once.
 * ${out} has room for HOST_LIMIT bytes.
 * Returns: the normalised text, a slice of ${out}; empty where nothing is left or ${raw} is too
 * long.
 */
struct slice domain_normalise(struct slice raw, char *out);

/* Is it, quickly seen, what domain_normalise would make of it? Most names of logs are; of short
 * ones it does not say so. */
bool domain_is_normal(struct slice name);

/* Is ${host} an IPv4 or IPv6 address (normalised form)? */
bool domain_is_address(struct slice host);

/*
 * domain_valid(name, why):
 * Is ${name} a host name fit for a signature: labels of 1-63 letters, digits, `-` and `_`, not
 * beginning or ending with `-`, at most 253 bytes, no trailing dot? ${why} gets a literal reason.
 */
bool domain_valid(struct slice name, const char **why);

/* Does every label of the valid ${name} that begins with `xn--` stand for an internationalised
 * one (RFC 5891), written in the one way? */
bool domain_idn_valid(struct slice name);

#endif
