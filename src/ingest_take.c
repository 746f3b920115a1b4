/* ingest_take.c: lines of an archive into records, and these to where they are counted. */
#include "ingest_reading.h"

#include "net/domain.h"

#include <stdio.h>

/* Rejected lines to their sink, one thread at a time. */
static void hand_out_rejects(struct reading *r)
{
    struct run *run = r->worker->run;
    const struct reject_sink *sink = run->sinks->rejects;
    const struct batch *batch = r->worker->batch;

    if (sink == NULL || batch->reject_count == 0)
        return;
    pthread_mutex_lock(&run->reject_lock);
    for (size_t i = 0; i < batch->reject_count; i++)
        sink->reject(sink->context, r->result->name, &batch->rejects[i]);
    pthread_mutex_unlock(&run->reject_lock);
}

/* The first is told with the account. */
static void note_first_reject(struct reading *r)
{
    const struct batch *batch = r->worker->batch;
    struct first_reject *first = &r->result->first_reject;

    if (first->line != 0 || batch->reject_count == 0)
        return;
    first->line = batch->rejects[0].line;
    first->why = batch->rejects[0].why;
    snprintf(first->detail, sizeof first->detail, "%.*s", SLICE_FMT(batch->rejects[0].detail));
}

/* A record to the sink of `decode`, its host in the one form. */
static bool hand_out_record(struct reading *r, const struct record *record, struct error *err)
{
    const struct record_sink *sink = r->worker->run->sinks->records;
    struct record normal = *record;
    char host[HOST_LIMIT];

    r->result->tally.records++;
    r->result->tally.unmatched++;
    if (record_has(record, FIELD_HOST))
        normal.host = domain_normalise(record->host, host);
    r->run_failed = !sink->record(sink->context, r->result->name, &normal, err);
    return !r->run_failed;
}

bool ingest_take_batch(struct reading *r, struct error *err)
{
    const struct batch *batch = r->worker->batch;
    struct tally *tally = &r->result->tally;

    tally->lines += batch->lines;
    tally->skipped += batch->skipped;
    tally->rejected += batch->reject_count;
    for (size_t i = 0; i < batch->reject_count; i++)
        tally->rejected_by[batch->rejects[i].why]++;
    for (size_t i = 0; i < batch->reject_count; i++)
        if (batch->rejects[i].line > r->last_reject)
            r->last_reject = batch->rejects[i].line;
    note_first_reject(r);
    hand_out_rejects(r);
    if (r->trail != NULL &&
        !coverage_add(&r->worker->coverage, batch->records, batch->record_count))
        return error_set_memory(err);
    if (r->worker->counting != NULL) {
        r->run_failed =
            !ingest_worker_count(r->worker, tally, err) ||
            (r->trail != NULL && ingest_worker_is_full(r->worker) && !ingest_keep_part(r, err));
        return !r->run_failed;
    }
    for (size_t i = 0; i < batch->record_count; i++)
        if (!hand_out_record(r, &batch->records[i], err))
            return false;
    return true;
}

bool ingest_take_lines(struct reading *r, struct decoding *decoding, const struct block *block,
                       struct error *err)
{
    struct batch *batch = r->worker->batch;
    struct tally *tally = &r->result->tally;

    tally->bytes += block->bytes.len;
    if (decoding == NULL) {
        uint64_t lines = slice_count_lines(block->bytes);

        tally->lines += lines;
        tally->skipped += lines;
        return true;
    }
    decoding_feed(decoding, block->bytes, block->first_line, block->overlong);
    while (decoding_next(decoding, batch, err))
        if (!ingest_take_batch(r, err))
            return false;
    return err->code == ERROR_NONE;
}

bool ingest_take_begin(struct reading *r, struct error *err)
{
    const struct format *format = r->detection.format;

    return r->worker->counting == NULL || format == NULL ||
           counting_begin(r->worker->counting, r->result->name, r->hint.source,
                          format_fields(format), err);
}
