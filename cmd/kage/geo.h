/* geo.h: the databases of countries and AS numbers: which are used, and what is missing. */
#ifndef KAGE_GEO_H
#define KAGE_GEO_H

#include "base/buf.h"
#include "base/error.h"
#include "command.h"
#include "options.h"
#include "signature/signature.h"

#include <stdbool.h>

/*
 * geo_load(files, folders, set, err):
 * Let ${set} use the databases ${files}; where there are none those of ${folders} (apart by colons;
 * NULL: the system's). Errors: as geoip_add: ERROR_IO, ERROR_SYNTAX; ERROR_MEMORY.
 */
bool geo_load(const struct text_list *files, const char *folders, struct signature_set *set,
              struct error *err);

/* Does ${set} know countries? Else ERROR_USAGE says that ${option} needs them. */
bool geo_need_countries(const struct signature_set *set, const char *option, struct error *err);

/* One line without a label: the databases and, where AS numbers are missing, how many networks are
 * inactive for it. Nothing where there is nothing to say. */
void geo_append(struct buf *out, const struct signature_set *set);

#endif
