/* bundle.h: the files that an auditor gets, and the manifest that binds them together. */
#ifndef KAGE_BUNDLE_H
#define KAGE_BUNDLE_H

#include "base/error.h"
#include "query.h"

#include <stdbool.h>

/*
 * bundle_write(q, folder, options, err):
 * Write into ${folder}, made where it is not there, CSV files of the rows that ${q} chooses, of the
 * archives, the coverage, the catalogue, the signatures and the policy in force, and last
 * manifest.json with the digest of each of them, of every archive and of what the options name, and
 * the options themselves. The same store, signatures and options give the same bytes. Files are put
 * into their places when all are written. Errors: ERROR_IO, ERROR_MEMORY; ERROR_USAGE where the
 * folder cannot be made.
 */
bool bundle_write(struct query *q, const char *folder, const struct options *options,
                  struct error *err);

/* Write the policy that ${q} reads with pseudonyms for users, approvers, reasons, and tenants where
 * they are names. Errors: those of csv_read, ERROR_IO, ERROR_MEMORY. */
bool bundle_mask_policy(struct query *q, struct output *out, struct error *err);

#endif
