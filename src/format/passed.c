/* passed.c: the longest run of lines in an archive that gave no record. */
#include "format/passed.h"

void passed_block_end(struct passed *p, const char *at)
{
    size_t len, room = PASSED_BYTES - p->run.len;

    if (p->from == NULL)
        return;
    len = (size_t)(at - p->from);
    buf_append(&p->run, slice_of(p->from, len < room ? len : room));
    p->from = NULL;
}

void passed_end_run(struct passed *p, const char *at)
{
    if (p->lines >= PASSED_LINES && p->lines > p->most) {
        struct buf shorter = p->longest;

        passed_block_end(p, at);
        p->most = p->lines;
        p->longest = p->run;
        p->run = shorter;
    }
    buf_reset(&p->run);
    p->from = NULL;
    p->lines = 0;
}

struct buf *passed_longest(struct passed *p)
{
    passed_end(p, p->from);
    return &p->longest;
}

void passed_free(struct passed *p)
{
    buf_free(&p->run);
    buf_free(&p->longest);
}
