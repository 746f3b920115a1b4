/* detail.h: which host was asked for by whom, and how often, in an archive. */
#ifndef USAGE_DETAIL_H
#define USAGE_DETAIL_H

#include "base/error.h"
#include "base/slice.h"
#include "net/psl.h"
#include "signature/hits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DETAIL_NO_HOUR = 24 };

/* What decided about the app, and what is known beside the counts. */
enum {
    DETAIL_BY_RULE = 1,    /* a rule: the host alone does not tell */
    DETAIL_BY_NETWORK = 2, /* the destination's network, for want of a signature of the host */
    DETAIL_VERDICT = 4,    /* the format can say "denied" */
    DETAIL_NO_APP = 8      /* a signature or rule says that it is no app: it is not unknown */
};

/* A host as it was counted in a day. Names are those of the usage that is counted beside it. */
struct detail_row {
    uint32_t host;
    uint32_t tenant; /* where there is no app: the domain of an unknown host, else 0 */
    uint32_t app;    /* index in the signature set, or SIGNATURE_NO_APP */
    int32_t day;     /* since 1970, of the report zone */
    uint8_t kind;    /* enum record_kind */
    uint8_t role;    /* enum role */
    uint8_t flags;   /* DETAIL_… */
    uint8_t zero[5]; /* no gap: rows are compared as bytes */
};

/* Who asked for it; one user may have several hours. */
struct detail_pair {
    uint32_t user; /* name of the usage */
    uint8_t hour;  /* of users without a name, else DETAIL_NO_HOUR */
    uint64_t passed, denied;
};

/* Opaque. Not thread-safe. */
struct detail;

/* ${psl}: for the domains of unknown hosts. Owns: borrows it; the caller frees with detail_free. */
struct detail *detail_create(const struct psl *psl, struct error *err);

const struct psl *detail_psl(const struct detail *d);

/* Before detail_note, one after the other: get the memory ready that it will read of a host. */
void detail_prefetch_host(const struct detail *d, uint32_t host);
void detail_prefetch_row(const struct detail *d, uint32_t host);

/*
 * detail_note(d, row, user, hour, denied):
 * Count a record. Cost: a look-up of the row; the rest is put in order some millions at a time and
 * kept in about three bytes a pair. Returns: false where memory is out.
 */
bool detail_note(struct detail *d, const struct detail_row *row, uint32_t user, uint8_t hour,
                 bool denied);

/* Which networks, tenant patterns and rules decided; and that one more did. Returns: false where
 * memory is out. */
const struct hits *detail_hits(const struct detail *d);
bool detail_hit(struct detail *d, enum hit_kind kind, uint32_t row);

/* Bytes of memory held. */
size_t detail_memory(const struct detail *d);

/* Nothing more is noted: what follows may be asked. Returns: false where memory is out. */
bool detail_finish(struct detail *d);

/* All rows, in no certain order; borrowed. */
const struct detail_row *detail_rows(const struct detail *d, size_t *count);

/* Reads the pairs of one row, in order of user and hour. */
struct detail_reader {
    struct slice left;
    uint64_t key, end; /* the last pair's; the first of the next row */
};
struct detail_reader detail_read(const struct detail *d, size_t row);
bool detail_next(struct detail_reader *r, struct detail_pair *pair);

/* Forget all. */
void detail_clear(struct detail *d);

/* NULL is fine. */
void detail_free(struct detail *d);

#endif
