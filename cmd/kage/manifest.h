/* manifest.h: the account as JSON, with what is needed to repeat the run. */
#ifndef KAGE_MANIFEST_H
#define KAGE_MANIFEST_H

#include "base/buf.h"
#include "base/zone.h"
#include "command.h"
#include "ingest.h"
#include "options.h"

/* Borrowed for the call. */
struct manifest {
    const char *command;
    const struct options *options; /* with their values, those of the configuration, too */
    const struct text_list *operands;
    const char *signatures; /* their digest; NULL: none were used */
    const struct zone *report_zone, *stamp_zone;
    const struct ingest_result *result;
    enum outcome outcome;
    const struct signature_set *catalogue; /* the signatures themselves, or NULL */
};

void manifest_append(struct buf *out, const struct manifest *m);

#endif
