/* rejects.h: the file of rejected lines, in the order of archives whatever the threads. */
#ifndef KAGE_REJECTS_H
#define KAGE_REJECTS_H

#include "base/error.h"
#include "ingest.h"

#include <stdbool.h>

struct output;

/* Opaque. */
struct rejects;

/*
 * rejects_create(archives, err):
 * Collect rejected lines in a temporary file without a name.
 * Errors: ERROR_IO, ERROR_MEMORY. Owns: borrows ${archives}; the caller frees with rejects_free.
 */
struct rejects *rejects_create(const struct archive_list *archives, struct error *err);

/* What ingest_run is to call. */
struct reject_sink rejects_sink(struct rejects *r);

/*
 * rejects_write(r, out, err):
 * After the run: the lines to ${out}, archive by archive: archive, line number, reason and the line
 * itself as it was, tab separated. Errors: ERROR_IO, ERROR_MEMORY, those met while collecting, too.
 */
bool rejects_write(struct rejects *r, struct output *out, struct error *err);

void rejects_free(struct rejects *r);

#endif
