/* intake.h: archives into the store, each once and in a transaction of its own. */
#ifndef INTAKE_H
#define INTAKE_H

#include "base/buf.h"
#include "base/error.h"
#include "ingest.h"
#include "io/archive.h"
#include "signature/signature.h"
#include "store/detail/detail_add.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct identity;

/* Borrowed for the run. */
struct intake_options {
    struct store *store;
    const struct archive_list *archives;
    const struct archive_hint *hints; /* one an archive */
    const struct signature_set *signatures;
    const char *signature_digest, *version;
    const struct identity *identity; /* who belongs where; NULL: nobody is known to */
    struct detail_keeping detail;    /* of what ingest_run was told to note */
    int64_t now_s;
    bool rehash;  /* look into files that seem unchanged, too */
    bool threads; /* another thread may help to write */
};

/* Opaque. */
struct intake;

/* Owns: the caller frees with intake_free. */
struct intake *intake_create(const struct intake_options *options, struct error *err);

/* What ingest_run is to hand its archives to. Borrowed from ${in}. */
struct archive_keeper intake_keeper(struct intake *in);

/* Archives of which something was new. */
uint64_t intake_added(const struct intake *in);

/* Lines about archives that share lines with others without being the same. */
void intake_append_notes(const struct intake *in, struct buf *out);

void intake_free(struct intake *in);

#endif
