/* cell_table.h: cells in a third of the memory: most have one host, a minute or two and small
 * counts. */
#ifndef USAGE_CELL_TABLE_H
#define USAGE_CELL_TABLE_H

#include "base/text_map.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct narrow_cell;

/* What few cells need, by number. */
struct cell_pool {
    void *items;
    size_t count, capacity;
};

/* Zero-initialise before use. */
struct cell_table {
    struct narrow_cell *cells;
    size_t count, capacity;
    struct text_map keys;         /* all of a key but its user: cells have few of them */
    struct cell_pool minute_sets; /* of more than two minutes; struct minutes */
    struct cell_pool host_sets;   /* of more than one host; struct host_set */
    struct cell_pool wide;        /* of what is too large for a narrow cell */
};

/* Add an empty cell behind the others. Returns: false where memory is out. */
bool cell_table_add(struct cell_table *t, const struct usage_key *key);

/* The key alone, and whether it is that one. */
struct usage_key cell_table_key(const struct cell_table *t, size_t index);
bool cell_table_has_key(const struct cell_table *t, size_t index, const struct usage_key *key);

/* Cells that differ but in their users have the same rest of a key; its number is below
 * t->keys.count. */
struct short_key cell_table_short_key(const struct cell_table *t, size_t index);
struct usage_key cell_table_rest(const struct cell_table *t, uint32_t rest);

/* The cell; its bitmap of minutes and its list of hosts are those that it was put with. */
void cell_table_get(const struct cell_table *t, size_t index, struct usage_cell *out);

/* Keep ${cell}, which has grown since it was got. Returns: false where memory is out. */
bool cell_table_put(struct cell_table *t, size_t index, const struct usage_cell *cell);

enum cell_stepped { STEP_DONE, STEP_NO_MEMORY, STEP_TOO_FAR };

/*
 * cell_table_step(t, index, day, step, a):
 * Add a record to the cell, of that day, where it stands, as most can be: what the cell holds stays
 * narrow, and the record is not its first. ${a} holds bitmaps of minutes. Returns: STEP_TOO_FAR
 * where the cell is to be got and put; it may hold the record's minutes already.
 */
enum cell_stepped cell_table_step(struct cell_table *t, size_t index, int32_t day,
                                  const struct usage_step *step, struct arena *a);

/* Get the memory of a cell ready; then that of its sets; then that of their members. */
void cell_table_prefetch(const struct cell_table *t, size_t index);
void cell_table_prefetch_sets(const struct cell_table *t, size_t index);
void cell_table_prefetch_members(const struct cell_table *t, size_t index, unsigned minute);

/* Give the names in keys and the hosts the numbers ${ids}[kind][number], of which no two are the
 * same; archives keep theirs. Returns: false where memory is out. */
bool cell_table_rename(struct cell_table *t, uint32_t *const ids[NAME_KINDS]);

/* Bytes of memory held. */
size_t cell_table_memory(const struct cell_table *t);

/* No cells any more. */
void cell_table_free(struct cell_table *t);

#endif
