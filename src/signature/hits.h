/* hits.h: which networks, tenant patterns and rules decided about a record: a name of a host alone
 * does not tell it later. */
#ifndef SIGNATURE_HITS_H
#define SIGNATURE_HITS_H

#include "base/buf.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stdint.h>

/* The numbers are those of the store. */
enum hit_kind { HIT_NETWORK, HIT_TENANT, HIT_RULE, HIT_KINDS };

/* Rows by number: of a network or tenant pattern that of struct match, of a rule its place among
 * the set's. Zero-initialise; rows none of which was hit are not there. */
struct hits {
    bool *rows[HIT_KINDS];
    uint32_t count[HIT_KINDS];
};

/* The row decided. Returns: false where memory is out. */
bool hits_note(struct hits *h, enum hit_kind kind, uint32_t row);

bool hits_has(const struct hits *h, enum hit_kind kind, uint32_t row);

/* How many rows of the kind the set has, and what names one of them whatever else the set has: the
 * network, the app and its pattern, the rule. */
uint32_t hits_row_count(const struct signature_set *set, enum hit_kind kind);
void hits_append_name(const struct signature_set *set, enum hit_kind kind, uint32_t row,
                      struct buf *out);

/* Forget all. */
void hits_free(struct hits *h);

#endif
