/* manifest.h: the account as JSON, with what is needed to repeat the run. */
#ifndef KAGE_MANIFEST_H
#define KAGE_MANIFEST_H

#include "base/buf.h"
#include "base/zone.h"
#include "command.h"
#include "ingest.h"
#include "options.h"
#include "report/json.h"

struct pseudonyms;

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

/* Parts of it for other manifests, with ${pseudonyms} (may be NULL) for what may hold names. */
void manifest_key_text(struct json *j, const char *key, const char *text,
                       const struct pseudonyms *pseudonyms);

/* The options that were given, but for one of that name (NULL: all of them); and what they name
 * that is read, with digests, but for archives, signatures (which have a digest of their own) and
 * keys. */
void manifest_append_options(struct json *j, const struct options *options, const char *but,
                             const struct pseudonyms *pseudonyms);
void manifest_append_files(struct json *j, const char *key, const struct options *options,
                           const struct pseudonyms *pseudonyms);

#endif
