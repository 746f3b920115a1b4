/* row_sum.h: documented cells added up into one row. */
#ifndef REPORT_ROW_SUM_H
#define REPORT_ROW_SUM_H

#include "base/error.h"
#include "report/distinct.h"
#include "report/row/row.h"
#include "store/bits.h"
#include "usage/documents.h"
#include "usage/minutes.h"

#include <stdbool.h>
#include <stdint.h>

/* What a row's cells carry, from which follows what is blank and what is partial. */
struct carried {
    bool dns, proxy;
    unsigned marks;                   /* MARK_… of the proxy logs */
    uint64_t records, verdicts, bare; /* bare: without times */
    uint64_t requests, up, down;      /* let through; of these with bytes_up, with bytes_down */
};

/* A row in work. Embed cells count only where nothing else does. Zero-initialise but for the
 * settings. */
struct row_sum {
    const struct usage *archives; /* settings: names of archives, whatever table cells come from */
    const struct signature_set *signatures;
    struct distinct hosts, tenants; /* with their own settings */
    bool begun;                     /* a cell was added */
    struct row row;
    struct carried carried;
    struct minutes_union active; /* of the last user and day */
    uint64_t user, day;          /* the last ones added */
    struct bits crowd;           /* users by number, where they are not told one by one */
    struct buf joined;           /* the row's tenants */
};

/* Cells come by user, then by day: ${user} and ${day} change whenever those do. */
struct row_place {
    uint64_t user, day;
};

/* What is said of a documented cell. */
struct judged {
    enum use use;
    enum app_status status;
};

/* Begin an empty row. */
void row_sum_start(struct row_sum *s);

/*
 * row_sum_add(s, document, judged, place, counts, err):
 * Add a documented cell.
 * Returns: false on a failure. ${counts} tells whether its hosts belong to the row, too.
 */
bool row_sum_add(struct row_sum *s, const struct document *document, struct judged judged,
                 struct row_place place, bool *counts, struct error *err);

/* All is there: s->row is the row, but for its dimensions. ${names} has the numbers of hosts and
 * tenants. */
bool row_sum_finish(struct row_sum *s, const struct usage *names, struct error *err);

void row_sum_free(struct row_sum *s);

#endif
