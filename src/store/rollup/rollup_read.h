/* rollup_read.h: sums of days as documented cells of all users together. */
#ifndef STORE_ROLLUP_READ_H
#define STORE_ROLLUP_READ_H

#include "base/error.h"
#include "store/cells/cells.h"
#include "usage/documents.h"

#include <stdbool.h>
#include <stdint.h>

/* Have all of these days sums (until exclusive)? */
bool rollup_covers(struct store *s, int32_t from_day, int32_t until_day, bool *covers,
                   struct error *err);

/* Opaque. */
struct rollup_reader;

/*
 * rollup_read(s, wanted, signatures, usage, fields, err):
 * What cells_load would add to ${usage}, but summed up over users: of ${wanted} only days and the
 * filters of apps are looked at. ${usage} gets names of tenants and archives and the days with a
 * proxy log.
 * Owns:    borrows all; the caller frees with rollup_reader_free.
 */
struct rollup_reader *rollup_read(struct store *s, const struct cells_wanted *wanted,
                                  const struct signature_set *signatures, struct usage *usage,
                                  struct error *err);

/* Its documented cells by app, then by day, each with its crowd; a row is an app, or ${by_day} an
 * app in a day. Borrowed from ${r}. */
struct documents_source rollup_documents(struct rollup_reader *r, bool by_day);

void rollup_reader_free(struct rollup_reader *r);

#endif
