/* usage_internal.h: what usage.c shares with usage_merge.c. */
#ifndef USAGE_USAGE_INTERNAL_H
#define USAGE_USAGE_INTERNAL_H

#include "base/arena.h"
#include "base/text_map.h"
#include "usage/cell_table.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Cells of another, which are only read any more. */
struct joined_cells {
    struct cell_table table;
    struct arena arena;  /* their bitmaps and sets of hosts */
    uint32_t first_rest; /* what their numbers of rests count from */
};

struct usage {
    struct text_map names[NAME_KINDS];
    struct cell_table cells;
    struct joined_cells joined[USAGE_PARTS - 1]; /* numbered in front of `cells` */
    size_t joined_count;
    uint32_t joined_rests;
    uint32_t *slots; /* cell + 1 and in the bits above as much of the hash; 0: free */
    size_t slot_count;
    uint32_t cell_mask;     /* of a slot, for the cell */
    struct usage_cell open; /* the one that may change; put back when another is asked for */
    size_t open_index;
    bool has_open;
    struct arena arena;  /* bitmaps and sets of hosts */
    int32_t *proxy_days; /* sorted */
    size_t proxy_day_count, proxy_day_capacity;
};

/* The cell that may change goes back to the others. Returns: false where memory is out. */
bool usage_close_cell(struct usage *u);

#endif
