/* detail.h: which host was asked for by whom, and how often, in an archive. */
#ifndef USAGE_DETAIL_H
#define USAGE_DETAIL_H

#include "base/error.h"
#include "net/psl.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DETAIL_NO_HOUR = 24 };

/* What decided about the app, and what is known beside the counts. */
enum {
    DETAIL_BY_RULE = 1,    /* a rule: the host alone does not tell */
    DETAIL_BY_NETWORK = 2, /* the destination's network, for want of a signature of the host */
    DETAIL_VERDICT = 4     /* the format can say "denied" */
};

/* Names are those of the usage that is counted beside it. */
struct detail_key {
    uint32_t user, host;
    uint32_t tenant; /* where there is no app: the domain of an unknown host, else 0 */
    uint32_t app;    /* index in the signature set, or SIGNATURE_NO_APP */
    int32_t day;     /* since 1970, of the report zone */
    uint8_t hour;    /* of users without a name, else DETAIL_NO_HOUR */
    uint8_t kind;    /* enum record_kind */
    uint8_t role;    /* enum role */
    uint8_t flags;   /* DETAIL_… */
};

struct detail_entry {
    struct detail_key key;
    uint64_t passed, denied;
};

/* Opaque. Not thread-safe. */
struct detail;

/* ${psl}: for the domains of unknown hosts. Owns: borrows it; the caller frees with detail_free. */
struct detail *detail_create(const struct psl *psl, struct error *err);

const struct psl *detail_psl(const struct detail *d);

/* In two steps, so that the memory is ready that detail_note will read. */
uint64_t detail_hash(const struct detail_key *key);
void detail_prefetch(const struct detail *d, uint64_t hash);

/* The entry of that key, made where it is new; NULL where memory is out. Borrowed until the next
 * call. */
struct detail_entry *detail_at(struct detail *d, const struct detail_key *key, uint64_t hash);

/* All entries, in no certain order; borrowed. */
const struct detail_entry *detail_entries(const struct detail *d, size_t *count);

/* Forget all entries. */
void detail_clear(struct detail *d);

/* NULL is fine. */
void detail_free(struct detail *d);

#endif
