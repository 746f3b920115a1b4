/* layout.h: what the columns of a plain line are: one that has exactly as many as were named, each
 * at its place among the edges of lines.h. */
#ifndef FORMAT_LAYOUT_H
#define FORMAT_LAYOUT_H

#include "base/slice.h"
#include "format/decoder/lines.h"
#include "format/decoder/split.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct layout;

enum { LAYOUT_BEHIND = 3 }; /* so many slots may be written behind those of the columns */

/* The wanted columns of a line into their slots, and perhaps whatever into LAYOUT_BEHIND slots
 * behind the format's last. ${from} is the stretch, ${edge} the line's first. */
typedef void layout_taker(const struct layout *y, const char *from, const uint16_t *edge,
                          struct slice *slots);

/* A wanted column: the edge where it ends, of words where it begins; and where its slot is. */
struct layout_column {
    uint16_t edge, slot_bytes;
};

enum { LAYOUT_COLUMNS = 64 }; /* so many are wanted at most */

struct layout {
    struct lines_rules rules;
    unsigned version; /* another one where it has changed */
    layout_taker *take;
    size_t count;
    struct layout_column columns[LAYOUT_COLUMNS];
};

/* What columns there are. */
struct layout_columns {
    size_t count;
    const struct split_column *wanted;
    size_t wanted_count;
    size_t slots; /* of the format, with those of envelopes */
};

/*
 * layout_make(how, tabs, columns, out):
 * Of lines that split_line would cut so; ${tabs}: where blanks stand between columns, tabs are
 * blanks. Returns: false where no line can be plain; nothing is changed then.
 */
bool layout_make(const struct split *how, bool tabs, const struct layout_columns *columns,
                 struct layout *out);

/* Is the line with its first edge at ${edge}, whose newline is at ${end} of the stretch, plain? */
static inline bool layout_is_plain(const struct layout *y, const uint16_t *edge, size_t end)
{
    return edge[y->rules.edges - 1] <= end && edge[y->rules.edges] > end;
}

/* All ways to take words of a layout that are all wanted, in the order of their slots; the first is
 * one by one. NULL past the last. */
layout_taker *layout_words_at(size_t n);

#endif
