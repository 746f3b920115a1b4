/* reason.h: why a line is rejected, in words: which column or key, what stands in it and what was
 * expected. */
#ifndef FORMAT_REASON_H
#define FORMAT_REASON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "format/format.h"
#include "format/mapping/map.h"

/* At most some forty bytes of what a log has, no character of it cut. */
void reason_append_text(struct buf *out, struct slice text);

/* The names of the columns of ${rule}, joined by +. */
void reason_append_column(struct buf *out, const struct format *f, const struct rule *rule);

/* What ${rule} can take; ${value} is what it could not. ${scratch} is for conversions. */
void reason_append_expected(struct buf *out, const struct rule *rule, struct slice value,
                            struct arena *scratch);

/* What of the ${slots} the condition does not let through. */
void reason_append_condition(struct buf *out, const struct format *f, const struct condition *c,
                             const struct slice *slots);

/* A line that was cut into ${slots} and is refused by the mapping, as ${refusal} says. Appends
 * nothing where there is nothing to say of it. */
void reason_append_refusal(struct buf *out, const struct format *f, const struct refusal *refusal,
                           const struct slice *slots, struct arena *scratch);

#endif
