/* network_table.c: networks either nest or are apart, so the last that begins at or before an
 * address, or one around it, is the one. */
#include "signature/network_table.h"

#include "base/num.h"
#include "base/room.h"

#include <stdlib.h>
#include <string.h>

bool network_row_parse(struct slice text, struct network_row *out, const char **why)
{
    uint64_t number;

    if (text.len <= 2 || !slice_equal_nocase(slice_of(text.ptr, 2), SLICE("AS")))
        return network_parse(text, &out->network, why);
    if (!num_parse(slice_from(text, 2), UINT32_MAX, &number) || number == 0) {
        *why = "not an AS number";
        return false;
    }
    out->as_number = (uint32_t)number;
    return true;
}

bool network_table_add(struct network_table *t, const struct network_row *row)
{
    if (!ROOM_FOR_ONE(t->rows, t->count, t->capacity))
        return false;
    t->rows[t->count] = *row;
    t->rows[t->count].order = t->count;
    t->count++;
    return true;
}

/* Networks before AS numbers, by base, the wider before those within it. */
static int compare_keys(const struct network_row *a, const struct network_row *b)
{
    int order;

    if (a->as_number != b->as_number)
        return a->as_number < b->as_number ? -1 : 1;
    order = memcmp(a->network.base.bytes, b->network.base.bytes, sizeof a->network.base.bytes);
    return order != 0 ? order : a->network.bits - b->network.bits;
}

static int compare_rows(const void *left, const void *right)
{
    const struct network_row *a = left, *b = right;
    int order = compare_keys(a, b);

    if (order != 0)
        return order;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void drop_replaced(struct network_table *t)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < t->count; i++)
        if (i + 1 == t->count || compare_keys(&t->rows[i], &t->rows[i + 1]) != 0)
            t->rows[kept++] = t->rows[i];
    t->count = kept;
}

void network_table_finish(struct network_table *t)
{
    uint32_t around = NETWORK_NONE;

    if (t->count == 0)
        return;
    qsort(t->rows, t->count, sizeof *t->rows, compare_rows);
    drop_replaced(t);
    for (uint32_t i = 0; i < t->count && t->rows[i].as_number == 0; i++) {
        while (around != NETWORK_NONE &&
               !network_has(&t->rows[around].network, &t->rows[i].network.base))
            around = t->rows[around].parent;
        t->rows[i].parent = around;
        around = i;
        t->network_count = i + 1;
    }
}

const struct network_row *network_table_find(const struct network_table *t, const struct address *a)
{
    uint32_t low = 0, high = t->network_count, row;

    while (low < high) { /* the first that begins behind the address */
        uint32_t middle = low + (high - low) / 2;

        if (memcmp(t->rows[middle].network.base.bytes, a->bytes, sizeof a->bytes) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    row = low == 0 ? NETWORK_NONE : low - 1;
    while (row != NETWORK_NONE && !network_has(&t->rows[row].network, a))
        row = t->rows[row].parent;
    return row == NETWORK_NONE ? NULL : &t->rows[row];
}

const struct network_row *network_table_find_as(const struct network_table *t, uint32_t as_number)
{
    uint32_t low = t->network_count, high = t->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (t->rows[middle].as_number < as_number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->count && t->rows[low].as_number == as_number ? &t->rows[low] : NULL;
}

void network_table_free(struct network_table *t)
{
    free(t->rows);
    memset(t, 0, sizeof *t);
}
