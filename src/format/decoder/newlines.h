/* newlines.h: the ends of a block's lines one after the other; a stretch of it is looked at at
 * once. */
#ifndef FORMAT_NEWLINES_H
#define FORMAT_NEWLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NEWLINES_STRETCH = 1024, /* bytes that are looked at at once */
    NEWLINES_LOOK = 64       /* a step of that; so many may be read behind the end */
};

/* A way to find newlines: offsets of all those among the ${len} bytes at ${p}, at most a stretch,
 * into ${places}, which has room for as many as there are bytes and NEWLINES_LOOK more. Returns:
 * their number. */
typedef size_t newlines_finder(const char *p, size_t len, uint16_t *places);

newlines_finder *newlines_finder_best(void);

/* All ways that this machine can go, for tests; the first is byte by byte. NULL past the last. */
newlines_finder *newlines_finder_at(size_t n);

/* The newlines of the stretch that the next line begins in. */
struct newlines {
    newlines_finder *find;
    const char *from, *behind; /* the stretch */
    const char *end;           /* of the block */
    size_t next, count;
    uint16_t places[NEWLINES_STRETCH + NEWLINES_LOOK]; /* within the stretch */
};

/* Begin at ${p}; NEWLINES_LOOK bytes behind ${end} are readable. `find` is set already. */
static inline void newlines_start(struct newlines *n, const char *p, const char *end)
{
    n->from = n->behind = p;
    n->end = end;
    n->next = n->count = 0;
}

/* Go on to the next stretch that has a newline. Returns: false where none has. */
static inline bool newlines_more(struct newlines *n)
{
    while (n->next == n->count) {
        size_t left = (size_t)(n->end - n->behind);

        if (left == 0)
            return false;
        n->from = n->behind;
        n->behind += left < NEWLINES_STRETCH ? left : NEWLINES_STRETCH;
        n->count = n->find(n->from, (size_t)(n->behind - n->from), n->places);
        n->next = 0;
    }
    return true;
}

/* The next newline, or the block's end; it stays the next one. */
static inline const char *newlines_next(struct newlines *n)
{
    if (n->next == n->count && !newlines_more(n))
        return n->end;
    return n->from + n->places[n->next];
}

/* Go on behind the newline that newlines_next gave. */
static inline void newlines_pass(struct newlines *n)
{
    n->next += n->next < n->count;
}

#endif
