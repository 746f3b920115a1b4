/* dnsdist.h: recognises the binary log of dnsdist. */
#ifndef TEXT_DNSDIST_H
#define TEXT_DNSDIST_H

#include "base/slice.h"

#include <stdbool.h>

/*
 * dnsdist_is_binary(head):
 * Does ${head}, the begin of a file, consist of what dnsdist's LogAction writes by default: message
 * id (2 bytes), name as on the wire, type (2), address family (2), address (4 or 16), port (2), in
 * the byte order of its machine? At least three records, or the whole of a shorter file.
 */
bool dnsdist_is_binary(struct slice head);

#endif
