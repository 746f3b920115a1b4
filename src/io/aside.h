/* aside.h: bytes handed to a thread of their own, so that nobody waits for what is done with them.
 */
#ifndef IO_ASIDE_H
#define IO_ASIDE_H

#include "base/error.h"
#include "base/slice.h"
#include "io/reader.h"

/* A thread and some buffers before it. Opaque. */
struct aside;

/*
 * aside_create(tap, context, err):
 * Begin: ${tap} gets in a thread all bytes that aside_tap is given, in their order, cut otherwise.
 * Errors:  ERROR_MEMORY, also where no thread can be had. Owns:    the caller frees with
 * aside_free; ${context} belongs to the thread until then.
 */
struct aside *aside_create(reader_tap *tap, void *context, struct error *err);

/* Has the shape of a reader_tap; ${context} is a struct aside. Copies, and waits only where the
 * thread is far behind. */
void aside_tap(void *context, struct slice bytes);

/* End the thread, once it has had all bytes. NULL is fine. */
void aside_free(struct aside *a);

#endif
