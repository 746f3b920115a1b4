/* documents.h: the cells of a run one after the other in the order of a summary, from memory or
 * from disk. */
#ifndef USAGE_DOCUMENTS_H
#define USAGE_DOCUMENTS_H

#include "base/error.h"
#include "record/record.h"
#include "signature/signature.h"
#include "usage/cell_order.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>

struct spill;

enum {
    DOCUMENT_KINDS = (RECORD_IDENTITY + 1) * ROLE_COUNT,
    DOCUMENT_CELLS = DOCUMENT_KINDS * USAGE_PARTS
};

/* What many users did with one app in one day (embed records apart), where it is not told one by
 * one.
 */
struct crowd {
    unsigned uses;                   /* 1 << enum use of their documented cells */
    uint64_t minutes, days;          /* active ones of all users, each user's counted apart */
    const uint32_t *users, *tenants; /* numbers, each once; tenants are NAME_TENANT */
    size_t user_count, tenant_count;
};

/* A documented cell: what one user did with one app and tenant in one day (and the joined
 * dimensions), embed records apart. */
struct document {
    /* By kind and role, where usages were joined more than one of each; without their hosts. */
    const struct usage_cell *cells[DOCUMENT_CELLS];
    size_t count;
    bool new_row, new_user, new_day; /* the first of its row, of a user in it, of his day */
    const struct crowd *crowd;       /* NULL: it is one user's; else cells have no minutes */
};

/* Where documented cells come from. Those of a row follow each other, in a row those of a user, of
 * a user those of a day. */
struct documents_source {
    bool (*next)(void *context, struct document *out, struct error *err);
    bool (*next_host)(void *context, uint32_t *host, struct error *err);
    const struct usage *names;
    void *context;
};

/* Opaque. */
struct documents;

/* The cells of ${usage}, of what was spilled, or of a source of one's own. Errors:  ERROR_MEMORY,
 * ERROR_IO. Owns:    borrows its arguments; the caller frees with documents_free. */
struct documents *documents_of_usage(const struct usage *usage, const struct cell_order *order,
                                     struct error *err);
struct documents *documents_of_spill(const struct spill *spill, struct error *err);
struct documents *documents_of_source(const struct documents_source *source, struct error *err);

/*
 * documents_split(c, other, err):
 * Leave about the second half of the cells to ${other}, for another thread: whole rows, so that
 * each of both has all of a row or nothing. NULL where they are few, of one row, or not in memory.
 * Before the first documents_next. Owns: ${other} borrows of ${c}; the caller frees it first.
 * Returns: false where memory is out.
 */
bool documents_split(struct documents *c, struct documents **other, struct error *err);

/*
 * documents_next(c, out, err):
 * The next documented cell, borrowed until the next call.
 * Returns: false at the end or on a failure.
 */
bool documents_next(struct documents *c, struct document *out, struct error *err);

/* The next host of the documented cell; those not asked for are passed over. A host may come more
 * than once. Returns: false behind the last one or on a failure. */
bool documents_next_host(struct documents *c, uint32_t *host, struct error *err);

/* What the numbers in keys and of hosts stand for. */
const struct usage *documents_names(const struct documents *c);

/* Do the names take more memory than they should? Then, when nobody needs a number any more,
 * documents_forget_names may be called, also between the hosts of a documented cell. */
bool documents_have_many_names(const struct documents *c);
bool documents_forget_names(struct documents *c, struct error *err);

void documents_free(struct documents *c);

#endif
