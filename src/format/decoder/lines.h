/* lines.h: the ends of a block's lines and, where their columns stand between single bytes or
 * blanks, the edges of these: both in one look at a stretch of the block. */
#ifndef FORMAT_LINES_H
#define FORMAT_LINES_H

#include "format/decoder/split.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LINES_STRETCH = 4096, /* bytes that are looked at at once */
    LINES_LOOK = 64,      /* a step of that; so many may be read behind the end */
    LINES_COLUMNS = 160,  /* a plain line has no more */
    LINES_BEHIND = 2 * LINES_COLUMNS + LINES_LOOK /* room behind the last edge, all readable */
};

/* What edges are. */
struct lines_rules {
    size_t edges;          /* of a plain line; 0: none are wanted, only the ends of lines */
    char separator, other; /* either, of words; else one twice */
    bool runs;             /* several are one: columns are words */
    bool brackets;         /* of words that may be quoted: a [ outside of quotes is cut with care */
    enum quoting quoting;  /* separators within quotes are none */
};

/* What stands in a stretch: offsets into it. */
struct lines_places {
    size_t ends; /* so many newlines */
    uint16_t end[LINES_STRETCH + LINES_LOOK];
    /* Behind the first: of words where each begins and ends, one after the other; else the
     * separators. Newlines are separators as well. The first, and one more than a plain line has
     * behind the last, are UINT16_MAX. */
    uint16_t edge[1 + LINES_STRETCH + LINES_LOOK + LINES_BEHIND];
};

/* A way to find them, in ${len} bytes at ${p}, at most a stretch; a line begins there. With edges,
 * it ends before the first line that is to be cut with more care: with quotes elsewhere than around
 * a column or within one, or with backslashes before them. */
typedef void lines_finder(const struct lines_rules *how, const char *p, size_t len,
                          struct lines_places *out);

lines_finder *lines_finder_best(void);

/* All ways that this machine can go, for tests; the first is byte by byte. NULL past the last. */
lines_finder *lines_finder_at(size_t n);

/* The lines of a block, one after the other. */
struct lines {
    lines_finder *find; /* set before all else */
    struct lines_rules rules;
    const char *from;     /* the stretch that was looked at */
    const char *behind;   /* where to look next */
    const char *end;      /* of the block */
    size_t next;          /* of the ends */
    const uint16_t *edge; /* the first of the line that comes next */
    struct lines_places places;
};

/* Begin with the line at ${p}; LINES_LOOK bytes behind ${end} are readable. */
void lines_start(struct lines *l, const struct lines_rules *how, const char *p, const char *end);

/* What lines_known does where it knows none. */
bool lines_look(struct lines *l, const char *line);

/* Is the end of the line at ${line}, the next one, among the places? With edges, it may not be:
 * then lines_next finds it. */
static inline bool lines_known(struct lines *l, const char *line)
{
    return l->next < l->places.ends || lines_look(l, line);
}

/* The newline behind the line at ${line}, which is the next one, or the block's end. */
const char *lines_next(struct lines *l, const char *line);

/* Go on behind the ${newline} that lines_next gave. */
void lines_pass(struct lines *l, const char *newline);

#endif
