/* text_sort.h: puts texts in order, looking at each byte about once. */
#ifndef BASE_TEXT_SORT_H
#define BASE_TEXT_SORT_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

/* A text on its way into order, and what its owner knows it by. */
struct text_item {
    uint64_t word; /* for the sort */
    const char *ptr;
    uint32_t len;
    uint32_t number;
};

/*
 * text_sort(items, count):
 * Sort as slice_compare does; the order of equal texts is not certain.
 * Method: multikey quicksort (Bentley and Sedgewick, 1997), a word of seven bytes at a time, so
 * that most comparisons touch the items alone.
 */
void text_sort(struct text_item *items, size_t count);

#endif
