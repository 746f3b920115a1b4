/* network_table.h: networks of networks.csv; the longest that holds an address wins. */
#ifndef SIGNATURE_NETWORK_TABLE_H
#define SIGNATURE_NETWORK_TABLE_H

#include "base/slice.h"
#include "net/address.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row. */
struct network_row {
    struct network network;
    uint32_t as_number; /* ASn: no network, nothing can match it without a database; else 0 */
    uint32_t app;       /* or SIGNATURE_NO_APP: takes a network out again */
    enum role role;
    uint32_t order;  /* of reading: of equal rows the last counts */
    uint32_t parent; /* the smallest network around it, or NETWORK_NONE */
    const char *file;
    size_t line;
};

#define NETWORK_NONE UINT32_MAX

/* Zero-initialise. After network_table_finish: networks sorted by base and length, AS numbers
 * behind them. */
struct network_table {
    struct network_row *rows;
    uint32_t count;
    size_t capacity;
    uint32_t network_count; /* rows that are networks */
};

/* "CIDR", "address" or "ASn" into ${out}. Returns: false with a literal reason. */
bool network_row_parse(struct slice text, struct network_row *out, const char **why);

/* Returns: false where memory is out. */
bool network_table_add(struct network_table *t, const struct network_row *row);

/* Sort, keep the last of equal rows, find the parents. */
void network_table_finish(struct network_table *t);

/* The row of the longest network that holds ${a}, or NULL. */
const struct network_row *network_table_find(const struct network_table *t,
                                             const struct address *a);

/* The row of that AS number, or NULL. */
const struct network_row *network_table_find_as(const struct network_table *t, uint32_t as_number);

void network_table_free(struct network_table *t);

#endif
