/* mask.h: which columns of the summary hold names and addresses, and what stands there instead. */
#ifndef REPORT_MASK_H
#define REPORT_MASK_H

#include "base/buf.h"
#include "base/slice.h"
#include "report/pseudonym.h"
#include "usage/usage.h"

#include <stdbool.h>

struct identity;

/* Hide all that ${usage} and ${identity} (may be NULL) know of names: users, their names and mail
 * addresses without the domain, machines. Returns: false where memory is out. */
bool mask_learn(struct pseudonyms *p, const struct usage *usage, const struct identity *identity);

/* Append what stands in ${column} of a plan instead of ${text}. Returns: false, and nothing is
 * appended, for columns that may be shown as they are. */
bool mask_append(const struct pseudonyms *p, unsigned column, struct slice text, struct buf *out);

#endif
