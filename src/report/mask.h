/* mask.h: which columns of the summary hold names and addresses, and what stands there instead. */
#ifndef REPORT_MASK_H
#define REPORT_MASK_H

#include "base/buf.h"
#include "base/slice.h"
#include "report/pseudonym.h"

#include <stdbool.h>

struct identity;

/* Hide all that ${identity} (may be NULL) knows of names: users, their names, aliases and mail
 * addresses without the domain, machines. Returns: false where memory is out. */
bool mask_learn(struct pseudonyms *p, const struct identity *identity);

/* For spill_each_user: hide a user's name likewise, in ${pseudonyms}. */
bool mask_learn_user(void *pseudonyms, struct slice user);

/* Append what stands in ${column} of a plan instead of ${text}. Returns: false, and nothing is
 * appended, for columns that may be shown as they are. */
bool mask_append(const struct pseudonyms *p, unsigned column, struct slice text, struct buf *out);

#endif
