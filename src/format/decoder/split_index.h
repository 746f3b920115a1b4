/* split_index.h: where the columns of a line begin and end, in one pass without a branch on what
 * its bytes are. */
#ifndef FORMAT_SPLIT_INDEX_H
#define FORMAT_SPLIT_INDEX_H

#include "base/slice.h"
#include "format/decoder/split.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INDEX_EDGES = 2 * 160,   /* so many at most; a line that has more is none for the index */
    INDEX_ROOM = 64,         /* edges behind them that may be written all the same */
    INDEX_BYTES = UINT16_MAX /* the same for its length */
};

/* What stands between columns. */
struct index_rules {
    char separator, other; /* both; one twice where there is only one */
    bool runs;             /* several are one: columns are words */
    enum quoting quoting;
    bool no_brackets; /* a line with [ outside of quotes is none for the index */
};

struct index {
    /* of words: where each begins and ends, one after the other; else the separators */
    uint16_t edges[INDEX_EDGES + INDEX_ROOM];
    size_t count;
    bool inner; /* quotes stand within quotes, doubled */
};

/* A way to fill an index. ${line} has WIDE_SLACK readable bytes behind it. Returns: false for lines
 * that are to be cut with more care: too long, with quotes elsewhere than around a column, or with
 * backslashes before them. */
typedef bool index_filler(const struct index_rules *how, struct slice line, struct index *out);

/* The best way of this machine. */
bool index_fill(const struct index_rules *how, struct slice line, struct index *out);

/* Which words of a line are wanted, and where they go: the n-th of ${count} to
 * slots[slot_of[n]], where that is not negative. */
struct words_target {
    const int *slot_of;
    size_t count;
    struct slice *slots;
};

/* A way to cut a line into words between runs of blanks, with slack as above. Returns: false where
 * it has another number of them; then some slots may be filled. */
typedef bool words_filler(struct slice line, const struct words_target *to);

words_filler *words_filler_best(void);

/* All ways that this machine can go, for tests; the first is byte by byte. NULL past the last. */
index_filler *index_filler_at(size_t n);
words_filler *words_filler_at(size_t n);

#endif
