/* agents.h: which user agents rules are about: records leave out all others. */
#ifndef USAGE_AGENTS_H
#define USAGE_AGENTS_H

#include "base/error.h"
#include "format/mapping/screen.h"
#include "signature/signature.h"

/* For one decoding at a time. Opaque. */
struct agents;

/* Owns: borrows ${signatures}; the caller frees with agents_free. Returns: NULL with ${err} set
 * where memory is out. */
struct agents *agents_create(const struct signature_set *signatures, struct error *err);

/* For decoding_screen; borrowed. */
struct screen *agents_screen(const struct agents *a);

/* NULL is allowed. */
void agents_free(struct agents *a);

#endif
