/* spared.h: no output takes the place of a file that the same command reads. */
#ifndef KAGE_SPARED_H
#define KAGE_SPARED_H

#include "base/error.h"
#include "options.h"

#include <stdbool.h>

/*
 * spared_check(o, config, store, err):
 * Hold the files that the options ${o} name for output against those that they name to be read, the
 * configuration's own and its store (either may be NULL), whatever their paths look like; and
 * against the files in folders of signatures.
 * Errors:  ERROR_USAGE naming the file and the option that reads it.
 */
bool spared_check(const struct options *o, const char *config, const char *store,
                  struct error *err);

/* The same of the file ${written}, which no option names. */
bool spared_check_output(const struct options *o, const char *written, struct error *err);

/* The same of the one output ${written} (or NULL) and of operands that are files or folders of
 * signatures to read. */
bool spared_check_operands(const char *written, const struct text_list *operands,
                           struct error *err);

#endif
