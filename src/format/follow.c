/* follow.c: keeps the one record open across batches. */
#include "format/follow.h"

#include "format/join.h"

bool follow_fits(const struct format *f)
{
    for (size_t i = 0; i < f->shape_count; i++)
        if (f->shapes[i].role == SHAPE_REPLY || f->shapes[i].role == SHAPE_OUTCOME)
            return false; /* these may go to older records */
    return f->join_count == 1 && f->joins[0].count == 0;
}

bool follow_begin(struct follow *w, struct batch *out, struct arena *scratch)
{
    struct record *first = &out->records[0];

    if (!w->carried)
        return true;
    *first = w->record;
    out->record_count = 1;
    w->carried = false;
    w->open = true;
    return join_keep_texts(first, first->has, scratch);
}

bool follow_add(struct follow *w, struct batch *out, const struct record *addition)
{
    if (w->open)
        record_add(&out->records[out->record_count - 1], addition);
    return w->open;
}

bool follow_end(struct follow *w, struct batch *out)
{
    if (!w->open)
        return true;
    w->record = out->records[--out->record_count];
    w->carried = true;
    w->open = false;
    arena_reset(&w->texts);
    return join_keep_texts(&w->record, w->record.has, &w->texts);
}

void follow_free(struct follow *w)
{
    arena_free(&w->texts);
}
