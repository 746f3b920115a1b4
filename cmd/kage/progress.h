/* progress.h: how far the reading is, on a terminal. */
#ifndef KAGE_PROGRESS_H
#define KAGE_PROGRESS_H

#include "base/buf.h"
#include "base/slice.h"
#include "ingest.h"

#include <stddef.h>
#include <stdint.h>

/* Opaque. */
struct progress;

/*
 * progress_start(done, total_bytes):
 * Show from a thread of its own, on standard error: bytes done of ${total_bytes} (0: unknown), rate
 * and time left. Returns: NULL where that cannot be had; the work goes on without.
 * Owns: borrows ${done}; the caller ends with progress_stop, which takes the line away.
 */
struct progress *progress_start(const struct ingest_progress *done, uint64_t total_bytes);

void progress_stop(struct progress *p);

/*
 * progress_append_over(out, line, columns, shown):
 * Bytes that put ${line} in the place of one of ${shown} letters, on any terminal: no escapes. It
 * is cut where it would reach the last of ${columns} (0: no limit).
 * Returns: its letters, the next ${shown}.
 */
size_t progress_append_over(struct buf *out, struct slice line, size_t columns, size_t shown);

/* The line that is shown after ${elapsed_ms}. */
void progress_append_line(struct buf *out, uint64_t done_bytes, uint64_t total_bytes,
                          uint64_t elapsed_ms);

#endif
