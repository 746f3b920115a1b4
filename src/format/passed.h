/* passed.h: the longest run of lines in an archive that gave no record. */
#ifndef FORMAT_PASSED_H
#define FORMAT_PASSED_H

#include "base/buf.h"
#include "base/slice.h"

#include <stddef.h>

enum { PASSED_LINES = 8, PASSED_BYTES = 1 << 16 };

/* Zero-initialise; free with passed_free. A run goes on from block to block, wherever these end. */
struct passed {
    const char *from; /* where what this block has of the current run begins; NULL: nowhere */
    size_t lines;     /* of it */
    size_t most;      /* lines of the longest */
    struct buf run, longest; /* their text, at most PASSED_BYTES; what the block has is to come */
};

/* The line that begins at ${at} is passed over or rejected. */
static inline void passed_line(struct passed *p, const char *at)
{
    if (p->from == NULL)
        p->from = at;
    p->lines++;
}

/* The block ends at ${at}. */
void passed_block_end(struct passed *p, const char *at);

/* What passed_end does where there is a run. */
void passed_end_run(struct passed *p, const char *at);

/* A record begins at ${at}. */
static inline void passed_end(struct passed *p, const char *at)
{
    if (p->lines > 0)
        passed_end_run(p, at);
}

/* Behind the last block: the text of the longest run, if that has PASSED_LINES; without memory it
 * is as if there were none. Borrowed. */
struct buf *passed_longest(struct passed *p);

void passed_free(struct passed *p);

#endif
