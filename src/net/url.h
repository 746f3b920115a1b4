/* url.h: the host in what a proxy was asked for. */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/slice.h"

#include <stdbool.h>

/*
 * url_authority(target):
 * The host (with its port, as written) of a request target in any form of RFC 9112 section 3.2 that
 * names one: absolute-form (scheme://[userinfo@]host[:port]/…), authority-form (host:port), also
 * host/path without a scheme. origin-form (/path), asterisk-form and anything with blanks or
 * control bytes where the host should be give an empty slice. `http://line.me:80@other.example/` is
 * other.example. Borrowed from ${target}.
 */
struct slice url_authority(struct slice target);

/* The same for the most common targets, at a quarter of the cost: a name of letters, digits, dots,
 * - and _, perhaps with a port, perhaps behind http:// or https://. ${target} has WIDE_SLACK
 * readable bytes from its beginning on and behind it. Empty for others: ask url_authority. */
struct slice url_plain_authority(struct slice target);

/* Has it a scheme ("://" after letters, digits, + - .)? */
bool url_has_scheme(struct slice target);

/* The path with query of an absolute URL or of host/path, beginning at its "/"; empty where there
 * is none. Borrowed. */
struct slice url_path(struct slice target);

#endif
