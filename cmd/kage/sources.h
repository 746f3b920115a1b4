/* sources.h: the archives that the configuration's [source] sections name. */
#ifndef KAGE_SOURCES_H
#define KAGE_SOURCES_H

#include "base/error.h"
#include "reading.h"

#include <stdbool.h>

/*
 * sources_list(words, err):
 * Make the archives of every source the operands, those changed last at the end. A source that has
 * none is fine. Errors: ERROR_USAGE where no source is configured, ERROR_MEMORY.
 */
bool sources_list(struct reading_words *words, struct error *err);

#endif
