/* diff.h: what a new version of the signatures changes. */
#ifndef SIGNATURE_DIFF_H
#define SIGNATURE_DIFF_H

#include "base/arena.h"
#include "base/error.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>

/* One difference. Texts are borrowed from the sets or of the diff's arena. */
struct diff_row {
    const char *change;         /* "added", "removed" or "changed" */
    const char *kind;           /* "app", "domain", "network", "tenant" or "rule" */
    const char *entry;          /* an id, a domain … */
    const char *field;          /* of what was changed; "" for added and removed ones */
    const char *before, *after; /* the field's values; else what the row said or says, "" none */
};

/* Zero-initialise before use. */
struct diff {
    struct diff_row *rows; /* by kind, entry and field */
    size_t count, capacity;
    struct arena arena;
};

/*
 * signature_diff(before, after, out, err):
 * Compare what is in force in two finished sets, which must outlive ${out}.
 * Errors:  ERROR_MEMORY.
 * Owns:    the caller frees with diff_free, also after a failure.
 */
bool signature_diff(const struct signature_set *before, const struct signature_set *after,
                    struct diff *out, struct error *err);

void diff_free(struct diff *diff);

#endif
