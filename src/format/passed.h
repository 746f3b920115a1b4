/* passed.h: the longest run of lines in an archive that gave no record. */
#ifndef FORMAT_PASSED_H
#define FORMAT_PASSED_H

#include "base/buf.h"

#include <stddef.h>

enum { PASSED_LINES = 8, PASSED_BYTES = 1 << 16 };

/* Zero-initialise; free the buffer. A run does not outlive the block of bytes that it stands in. */
struct passed {
    const char *from;   /* where the current run begins; NULL: there is none */
    size_t lines;       /* of it */
    size_t most;        /* lines of the longest */
    struct buf longest; /* its text, of at least PASSED_LINES lines, at most PASSED_BYTES */
};

/* The line that begins at ${at} is passed over or rejected. */
void passed_line(struct passed *p, const char *at);

/* What passed_end does where there is a run. */
void passed_end_run(struct passed *p, const char *at);

/* A record begins at ${at}, or the block ends there. */
static inline void passed_end(struct passed *p, const char *at)
{
    if (p->lines > 0)
        passed_end_run(p, at);
}

#endif
