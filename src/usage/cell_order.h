/* cell_order.h: in which order cells go into a summary, so that those of a row follow each other.
 */
#ifndef USAGE_CELL_ORDER_H
#define USAGE_CELL_ORDER_H

#include "base/error.h"
#include "base/order.h"
#include "usage/usage.h"

#include <stddef.h>
#include <stdint.h>

/* The parts of a cell's key; all but the last two make the documented cell. */
enum key_part {
    PART_USER,
    PART_DAY,
    PART_APP,
    PART_TENANT,
    PART_CLIENT,
    PART_HOST,
    PART_SOURCE,
    PART_COUNTRY,
    PART_HOUR,
    PART_WORKHOURS,
    PART_EMBED, /* is the role ROLE_EMBED? its records are counted apart */
    PART_KIND,
    PART_ROLE,
    KEY_PARTS
};

/* A part that decides, or what it is mapped to. */
struct order_step {
    enum key_part part;
    const uint32_t *codes; /* by the part's number; NULL: the number itself */
};

/*
 * Steps, the most significant first: those that tell rows apart, then the user, the day, the rest
 * of the documented cell, kind and role. Where two cells differ first in a step before `row`, they
 * belong to different rows; before `user`, to different rows or users; and so on.
 */
struct cell_order {
    struct order_step steps[2 * KEY_PARTS];
    size_t row, user, day, document, count;
};

/* Add a step that tells rows apart. First comes a zeroed ${order}, last cell_order_finish; at most
 * KEY_PARTS steps. ${codes} is borrowed. */
void cell_order_add(struct cell_order *order, enum key_part part, const uint32_t *codes);
void cell_order_finish(struct cell_order *order);

/* The number of a part; names by their number. */
uint32_t key_part_get(const struct usage_key *key, enum key_part part);
void key_part_set(struct usage_key *key, enum key_part part, uint32_t number);

/* Which names the part's number refers to; NAME_KINDS: none that differ from table to table. */
enum usage_name key_part_name(enum key_part part);

/* The first step in which the keys differ, or order->count. Names are compared by number. */
size_t cell_order_difference(const struct cell_order *order, const struct usage_key *a,
                             const struct usage_key *b);

/*
 * cell_order_sort(order, usage, ranks, out, err):
 * Sort the cells of ${usage}; names by number, or where ${ranks}[kind] is given by what it has for
 * the number.
 * Errors:  ERROR_MEMORY. Owns:    the caller frees ${out} with order_free, also after a failure.
 */
bool cell_order_sort(const struct cell_order *order, const struct usage *usage,
                     uint32_t *const ranks[NAME_KINDS], struct order *out, struct error *err);

#endif
