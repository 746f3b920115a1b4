/* mac.h: hardware addresses of 48 bits. */
#ifndef NET_MAC_H
#define NET_MAC_H

#include "base/slice.h"

#include <stdbool.h>

enum { MAC_TEXT_BYTES = 17 };

/*
 * mac_normalise(text, out):
 * Read 02005E005301, 02-00-5E-00-53-01, 02:00:5e:00:53:01, 2:0:5e:0:53:1 or 0200.5e00.5301 and
 * write lower case with colons into ${out}, without a NUL. Returns: false for anything else.
 */
bool mac_normalise(struct slice text, char out[MAC_TEXT_BYTES]);

/* Is it already what mac_normalise would make of it? */
bool mac_is_normal(struct slice text);

#endif
