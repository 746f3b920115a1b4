/* json_unescape.h: the text of a string of JSON that has backslashes. */
#ifndef FORMAT_JSON_UNESCAPE_H
#define FORMAT_JSON_UNESCAPE_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>

/* The text of ${raw}, what stands between the quotes, in ${scratch}. Returns: false where an escape
 * is none, or memory is out. */
bool json_unescape(struct slice raw, struct arena *scratch, struct slice *out);

#endif
