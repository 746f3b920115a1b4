/* decoding_several.c: records that are put together of several lines. */
#include "format/decoding_internal.h"

bool several_begin(struct decoding *d, struct batch *out)
{
    return !d->follows || (d->next == d->end && d->piece.len == 0) ||
           follow_begin(&d->follow, out, d->mapping.scratch);
}

/* Where lines are joined by what they have in common. */
static bool place_joined(struct decoding *d, struct batch *out, const struct outcome *o,
                         size_t *held, struct error *err)
{
    enum shape_role role = decoding_role(d, o);
    bool amended = false;

    if (role == SHAPE_END) {
        join_end(d->join);
        out->skipped++;
        return true;
    }
    if (role != SHAPE_RECORD && role != SHAPE_OPEN &&
        !join_amend(d->join, o->record, o->shape, d->slots, &amended, err))
        return false;
    if (amended || role == SHAPE_NOTE || (role != SHAPE_OPEN && !map_names_place(o->record))) {
        out->skipped++;
        out->joined += amended;
        return true;
    }
    ++*held;
    return join_add(d->join, o->record, o->shape, d->slots, err);
}

/* The same where lines add to the one before. */
static void place_following(struct decoding *d, struct batch *out, const struct outcome *o)
{
    enum shape_role role = decoding_role(d, o);

    if (role == SHAPE_RECORD || role == SHAPE_OPEN) {
        out->record_count++;
        d->follow.open = true;
        return;
    }
    out->skipped++;
    if (role == SHAPE_END)
        d->follow.open = false;
    else
        out->joined += follow_add(&d->follow, out, o->record);
}

bool several_place(struct decoding *d, struct batch *out, const struct outcome *o, size_t *held,
                   struct error *err)
{
    if (d->join != NULL)
        return place_joined(d, out, o, held, err);
    place_following(d, out, o);
    return true;
}

/* Of the records of several lines those that are some: they stand in the batch. ${named}: all of
 * them name a place. */
static void sift(struct decoding *d, struct batch *out, bool named)
{
    size_t count = out->record_count;

    out->record_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct record *record = &out->records[i];

        if (!named && !map_names_place(record))
            out->skipped++;
        else if (decoding_lacks_time(d, record))
            decoding_reject(out, record->line, REJECT_TIME, slice_of(NULL, 0));
        else if (out->record_count++ < i)
            out->records[out->record_count - 1] = *record;
    }
}

static void release(struct decoding *d, bool all, struct batch *out)
{
    out->record_count = join_release(d->join, all, out->records, BATCH_RECORDS, &out->skipped);
    sift(d, out, true);
}

/* Records of several lines own their text no longer than the next of them. */
static bool keep_released(struct decoding *d, struct batch *out, struct error *err)
{
    for (size_t i = 0; d->mapping.scratch != &d->scratch && i < out->record_count; i++)
        if (!join_keep_texts(&out->records[i], out->records[i].has, d->mapping.scratch))
            return error_set_memory(err);
    return true;
}

bool several_end(struct decoding *d, struct batch *out, struct error *err)
{
    if (d->follows) {
        if (!follow_end(&d->follow, out))
            return error_set_memory(err);
        sift(d, out, false);
    }
    if (d->join == NULL)
        return true;
    release(d, false, out);
    return keep_released(d, out, err);
}

void several_flush(struct decoding *d, struct batch *out)
{
    if (d->join != NULL)
        release(d, true, out);
    if (d->follows && follow_begin(&d->follow, out, d->mapping.scratch)) {
        d->follow.open = false;
        sift(d, out, false);
    }
}
