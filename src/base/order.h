/* order.h: puts numbered things in order by integer keys, without comparing or moving them. */
#ifndef BASE_ORDER_H
#define BASE_ORDER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers 0 to count - 1 in some order. */
struct order {
    uint32_t *items;
    uint32_t *spare; /* as many, to sort into */
    size_t count;
};

/* The natural order. Errors:  ERROR_MEMORY. Owns:    the caller frees with order_free, also after a
 * failure. */
bool order_init(struct order *o, size_t count, struct error *err);

/*
 * order_by(o, keys):
 * Sort stably by keys[item], the smallest first; to sort by several keys call it for the least
 * significant one first. Cost: a pass over the items for every eleven bits in which keys differ.
 */
void order_by(struct order *o, const uint32_t *keys);

/* It stays as it is: give back what sorting takes, half of its memory. */
void order_settle(struct order *o);

/*
 * order_rank_texts(texts, count, ranks, err):
 * Give each text the number of smaller distinct ones; empty texts the number of all others, so that
 * they come last.
 */
bool order_rank_texts(const struct slice *texts, size_t count, uint32_t *ranks, struct error *err);

void order_free(struct order *o);

#endif
