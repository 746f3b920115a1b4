/* passed.c: the longest run of lines in an archive that gave no record. */
#include "format/passed.h"

void passed_line(struct passed *p, const char *at)
{
    if (p->from == NULL)
        p->from = at;
    p->lines++;
}

void passed_end_run(struct passed *p, const char *at)
{
    struct slice run;

    if (p->lines >= PASSED_LINES && p->lines > p->most) {
        run = slice_of(p->from, (size_t)(at - p->from));
        if (run.len > PASSED_BYTES)
            run.len = PASSED_BYTES;
        p->most = p->lines;
        p->longest.len = 0;
        buf_append(&p->longest, run);
    }
    p->from = NULL;
    p->lines = 0;
}
