/* hints.h: what the configuration's [source] sections say of each archive. */
#ifndef KAGE_HINTS_H
#define KAGE_HINTS_H

#include "base/error.h"
#include "base/zone.h"
#include "config.h"
#include "ingest.h"
#include "io/archive.h"

#include <stdbool.h>
#include <stddef.h>

/* One hint an archive, in the order of the list, and the zones they refer to. */
struct hints {
    struct archive_hint *archives;
    struct zone **zones; /* one a source, NULL where it names none */
    size_t zone_count;
};

/*
 * hints_make(hints, list, sources, format, zone, err):
 * ${format} and ${zone} are those of the command line, NULL where it says nothing: they win over a
 * source's. Errors:  ERROR_MEMORY, and what zone_load says. Owns:    the caller frees with
 * hints_free, after a failure too; texts are borrowed from ${sources} and ${list}.
 */
bool hints_make(struct hints *hints, const struct archive_list *list, const struct sources *sources,
                const char *format, const struct zone *zone, struct error *err);

void hints_free(struct hints *hints);

#endif
