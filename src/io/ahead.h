/* ahead.h: bytes made by a thread of their own while others are used. */
#ifndef IO_AHEAD_H
#define IO_AHEAD_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Makes up to ${cap} bytes; ${got} is 0 only at the end. Runs in the thread. */
typedef bool ahead_source(void *context, char *out, size_t cap, size_t *got, struct error *err);

/* A thread and some buffers between it and its user, handed over whole. Opaque. */
struct ahead;

/* Begin. Errors:  ERROR_MEMORY, also where no thread can be had. Owns:    the caller frees with
 * ahead_free; ${context} belongs to the thread until then, or until ahead_read was at the end. */
struct ahead *ahead_create(ahead_source *source, void *context, struct error *err);

/* As the source. */
bool ahead_read(struct ahead *a, char *out, size_t cap, size_t *got, struct error *err);

/* End the thread, once its source has returned. NULL is fine. */
void ahead_free(struct ahead *a);

#endif
