/* ingest_keep.c: what was read of an archive, into the hands of the one that keeps it. */
#include "ingest_reading.h"

#include "io/digest.h"
#include "usage/detail.h"

/* What is to be kept of all that was counted and not handed over yet. */
static struct archive_kept kept_of(const struct reading *r)
{
    const struct format *format = r->detection.format;

    return (struct archive_kept){.result = r->result,
                                 .usage = r->worker->usage,
                                 .coverage = &r->worker->coverage,
                                 .detail = r->worker->detail,
                                 .fields = format == NULL ? 0 : format_fields(format)};
}

bool ingest_keep_part(struct reading *r, struct error *err)
{
    const struct archive_keeper *keeper = r->worker->run->sinks->keeper;
    struct archive_kept part = kept_of(r);

    if (r->worker->detail != NULL && !detail_finish(r->worker->detail))
        return error_set_memory(err);
    r->taken = true;
    return keeper->take(keeper->context, r->index, &part, err) &&
           ingest_worker_clear(r->worker, err);
}

void ingest_keep_nothing(struct reading *r)
{
    const struct archive_keeper *keeper = r->worker->run->sinks->keeper;

    if (r->taken)
        keeper->give_up(keeper->context, r->index);
    r->taken = false;
}

/* Nothing that counts would count twice if it were read again: as another format, say, where a
 * wrong one was named. */
bool ingest_keep_is_unread(const struct reading *r)
{
    const struct tally *tally = &r->result->tally;

    return trail_end(r->trail).known_bytes == 0 && r->skipped == NULL && tally->records == 0 &&
           tally->rejected > 0;
}

bool ingest_keep_whole(struct reading *r, const struct digest *digest, bool *again,
                       struct error *err)
{
    const struct archive_keeper *keeper = r->worker->run->sinks->keeper;
    struct trail_end end = trail_end(r->trail);
    enum archive_fate fate = FATE_NEW;
    struct archive_kept kept = kept_of(r);

    if (r->result->failure.code != ERROR_NONE || atomic_load(&r->worker->run->stop) ||
        ingest_keep_is_unread(r))
        return true;
    kept.end = &end;
    kept.open_end = r->open_line != 0 && r->last_reject != r->open_line;
    if (!r->is_pipe && digest != NULL)
        kept.packed = digest_content(digest);
    r->result->known = end.known_bytes == end.content.bytes && end.known_bytes > 0;
    if (r->worker->detail != NULL && !detail_finish(r->worker->detail))
        return error_set_memory(err);
    r->taken = false; /* whatever comes of it */
    if (!keeper->keep(keeper->context, r->index, &kept, &fate, err))
        return false;
    *again = fate == FATE_AGAIN;
    r->result->known = fate == FATE_KNOWN;
    if (fate == FATE_KNOWN)
        r->result->tally = tally_empty();
    return true;
}
