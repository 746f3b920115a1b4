/* distinct.h: the different names of one row, counted and listed, however many. */
#ifndef REPORT_DISTINCT_H
#define REPORT_DISTINCT_H

#include "base/buf.h"
#include "base/error.h"
#include "sort/sorter.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names by number; once numbers are forgotten their texts wait in a sorter. Zero-initialise but for
 * the first three members. */
struct distinct {
    enum usage_name kind;
    const char *folder; /* of temporary files; NULL: /tmp */
    size_t memory;      /* for texts */
    uint32_t *ids;
    size_t count, capacity;
    struct sorter *texts; /* NULL: none were needed yet */
};

/* Errors of all: ERROR_MEMORY, ERROR_IO. */
bool distinct_add(struct distinct *d, uint32_t id, struct error *err);

/* The numbers of ${names} will hold no longer. */
bool distinct_forget_numbers(struct distinct *d, const struct usage *names, struct error *err);

/* How many there are; they may be counted once. */
bool distinct_count(struct distinct *d, const struct usage *names, uint64_t *count,
                    struct error *err);

/* Append the first ${shown} in order, joined by blanks, then how many more: "a b +3". Instead of
 * distinct_count. */
bool distinct_join(struct distinct *d, const struct usage *names, uint64_t shown, struct buf *out,
                   struct error *err);

/* None any more. */
void distinct_clear(struct distinct *d);

void distinct_free(struct distinct *d);

#endif
