/* split.h: a line into columns, with quotes as CSV and as logs have them. */
#ifndef FORMAT_SPLIT_H
#define FORMAT_SPLIT_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum quoting {
    QUOTE_NONE,
    QUOTE_CSV,      /* a quote within quotes is doubled (RFC 4180) */
    QUOTE_BACKSLASH /* a quote within quotes has a backslash; other backslashes stay */
};

/* How columns are apart. */
struct split {
    char separator; /* ' ': runs of blanks and tabs */
    enum quoting quoting;
    bool brackets; /* [ … ] holds separators, as in CLF */
};

#define SPLIT_BROKEN ((size_t)-1)

/* A column that is wanted, from 0, and where it goes. */
struct split_column {
    unsigned number;
    int slot;
};

/* All that are wanted, in the order of the line. */
struct split_target {
    const struct split_column *columns;
    size_t count;
    struct slice *slots;
};

/* Of ${known} columns list into ${out}, which has room for as many, those whose slot is not
 * negative. Returns: their number. */
size_t split_wanted(const int *slot_of, size_t known, struct split_column *out);

/* The first ${count} columns, each into the slot of its number. */
void split_every(size_t count, struct split_column *out);

/*
 * split_line(how, line, to, scratch):
 * Cut ${line}, which has WIDE_SLACK readable bytes behind it. Quotes around a column are taken off,
 * those within it undone (into ${scratch}). Blanks before an opening quote are passed over.
 * Returns: the number of columns, SPLIT_BROKEN for a quote that is not closed or followed by other
 * text, or where memory is out.
 */
size_t split_line(const struct split *how, struct slice line, const struct split_target *to,
                  struct arena *scratch);

#endif
