/* spared.h: no output takes the place of a file that the same command reads. */
#ifndef KAGE_SPARED_H
#define KAGE_SPARED_H

#include "base/error.h"
#include "options.h"

#include <stdbool.h>

/*
 * spared_check(o, config, store, err):
 * Hold the files that the options ${o} name for output against those that they name to be read, the
 * configuration's own and its store (either may be NULL), whatever their paths look like.
 * Errors:  ERROR_USAGE naming the file and the option that reads it.
 */
bool spared_check(const struct options *o, const char *config, const char *store,
                  struct error *err);

#endif
