/* ingest_archive.c: the story of an archive, from bytes to usage cells. */
#include "ingest_internal.h"

#include "format/catalog.h"
#include "format/decoding.h"
#include "format/detect.h"
#include "io/blocks.h"
#include "io/digest.h"
#include "net/domain.h"
#include "relay.h"
#include "spool.h"
#include "survey.h"
#include "usage/detail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One archive being read. */
struct reading {
    struct worker *worker;
    struct archive_result *result;
    size_t index; /* of the archive */
    struct reader *reader;
    struct blocks *blocks;
    struct reader *again; /* a pipe's bytes, kept for the second reading; else NULL */
    int spool;            /* its temporary file, -1: none */
    char spool_path[SPOOL_PATH];
    struct archive_hint hint; /* with what holds for the run filled in */
    bool run_failed;          /* the run cannot go on: not the archive's fault */
    struct detection detection;
    uint64_t reported_bytes;           /* to the progress */
    struct trail *trail;               /* of its content; NULL where nothing is kept */
    bool taken;                        /* the keeper has some of it */
    const struct line_ranges *skipped; /* lines that are not to be counted; NULL: count all */
    uint64_t open_line;                /* number of a last line without its end; 0: it has one */
    uint64_t last_reject;              /* number of the last line that was rejected */
};

static void report_progress(struct reading *r)
{
    struct ingest_progress *progress = r->worker->run->sinks->progress;
    uint64_t done = reader_done_bytes(r->reader);

    if (progress != NULL)
        atomic_fetch_add_explicit(&progress->done_bytes, done - r->reported_bytes,
                                  memory_order_relaxed);
    r->reported_bytes = done;
}

static bool is_pipe(const struct reading *r)
{
    return r->worker->spool >= 0 || reader_size_bytes(r->reader) == 0 ||
           strcmp(r->result->name, "-") == 0;
}

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
        sink->reject(sink->context, r->result->name, batch->rejects[i].line, batch->rejects[i].why,
                     batch->rejects[i].text);
    pthread_mutex_unlock(&run->reject_lock);
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

/* What memory has no room for, into the keeper's hands. */
static bool hand_over(struct reading *r, struct error *err)
{
    const struct archive_keeper *keeper = r->worker->run->sinks->keeper;
    struct archive_kept part = kept_of(r);

    if (r->worker->detail != NULL && !detail_finish(r->worker->detail))
        return error_set_memory(err);
    r->taken = true;
    return keeper->take(keeper->context, r->index, &part, err) &&
           ingest_worker_clear(r->worker, err);
}

/* Nothing of it is to be kept. */
static void give_up(struct reading *r)
{
    const struct archive_keeper *keeper = r->worker->run->sinks->keeper;

    if (r->taken)
        keeper->give_up(keeper->context, r->index);
    r->taken = false;
}

/* Everything one batch says. */
static bool take_batch(struct reading *r, struct error *err)
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
    hand_out_rejects(r);
    if (r->trail != NULL &&
        !coverage_add(&r->worker->coverage, batch->records, batch->record_count))
        return error_set_memory(err);
    if (r->worker->counting != NULL) {
        r->run_failed =
            !ingest_worker_count(r->worker, tally, err) ||
            (r->trail != NULL && ingest_worker_is_full(r->worker) && !hand_over(r, err));
        return !r->run_failed;
    }
    for (size_t i = 0; i < batch->record_count; i++)
        if (!hand_out_record(r, &batch->records[i], err))
            return false;
    return true;
}

/* Lines into records and on; ${decoding} NULL: lines of an archive without any record. */
static bool take_lines(struct reading *r, struct decoding *decoding, const struct block *block,
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
        if (!take_batch(r, err))
            return false;
    return err->code == ERROR_NONE;
}

static bool begin_counting(struct reading *r, struct error *err)
{
    const struct format *format = r->detection.format;

    return r->worker->counting == NULL || format == NULL ||
           counting_begin(r->worker->counting, r->result->name, r->hint.source,
                          format_fields(format), err);
}

/* All so far was counted before: cells and account begin anew. */
static bool forget(struct reading *r, struct decoding *decoding, struct error *err)
{
    while (decoding != NULL && decoding_flush(decoding, r->worker->batch))
        continue;
    give_up(r);
    r->result->tally = tally_empty();
    return ingest_worker_renew(r->worker, err) && begin_counting(r, err);
}

/* Lines that are known to be counted already: they only say how to read those behind them. */
static bool pass_over(struct reading *r, struct decoding *decoding, const struct block *block,
                      struct error *err)
{
    struct batch *batch = r->worker->batch;

    if (decoding == NULL)
        return true;
    while (decoding_flush(decoding, batch))
        if (!take_batch(r, err))
            return false;
    decoding_feed(decoding, block->bytes, block->first_line, block->overlong);
    while (decoding_next(decoding, batch, err))
        continue;
    while (decoding_flush(decoding, batch))
        continue;
    return err->code == ERROR_NONE;
}

/* Lines from ${line} on, counted from 0, up to where those begin or end that are not to be counted.
 * ${skip}: are these such? */
static uint64_t alike(const struct line_ranges *skipped, uint64_t line, bool *skip)
{
    size_t i = 0;

    while (i < skipped->count && skipped->ranges[i].to <= line)
        i++;
    *skip = i < skipped->count && skipped->ranges[i].from <= line;
    if (i == skipped->count)
        return UINT64_MAX;
    return (*skip ? skipped->ranges[i].to : skipped->ranges[i].from) - line;
}

static size_t length_of_lines(struct slice bytes, uint64_t lines)
{
    size_t length = 0;

    for (; lines > 0 && length < bytes.len; lines--) {
        length += slice_find(slice_from(bytes, length), '\n');
        length += length < bytes.len;
    }
    return length;
}

/* Lines of an archive some of which are not to be counted. */
static bool take_new_lines(struct reading *r, struct decoding *decoding, struct block block,
                           struct error *err)
{
    if (r->skipped == NULL)
        return take_lines(r, decoding, &block, err);
    while (block.bytes.len > 0) {
        struct block part = block;
        bool skip;
        uint64_t lines = alike(r->skipped, block.first_line - 1, &skip);

        part.bytes.len = length_of_lines(block.bytes, lines);
        if (!(skip ? pass_over : take_lines)(r, decoding, &part, err))
            return false;
        block.bytes = slice_from(block.bytes, part.bytes.len);
        block.first_line += lines;
    }
    return true;
}

/* Has the last line no end? */
static void note_open_line(struct reading *r, const struct block *part)
{
    if (!part->overlong && part->bytes.ptr[part->bytes.len - 1] != '\n')
        r->open_line = part->first_line + slice_count_lines(part->bytes) - 1;
}

/* A block of an archive whose new part is to be kept. */
static bool follow(struct reading *r, struct decoding *decoding, struct block block,
                   struct error *err)
{
    while (block.bytes.len > 0) {
        struct block part = block;
        bool known;

        if (!trail_take(r->trail, block.bytes, &part.bytes.len, &known, err) ||
            !take_new_lines(r, decoding, part, err))
            return false;
        note_open_line(r, &part);
        if (known && !forget(r, decoding, err))
            return false;
        block.first_line += part.bytes.len < block.bytes.len ? slice_count_lines(part.bytes) : 0;
        block.bytes = slice_from(block.bytes, part.bytes.len);
    }
    return true;
}

/* A last line without its end may go on in the next run. Only behind it is the reader at its end,
 * and its damage known. */
static void hold_back(const struct reading *r, struct block *block)
{
    if (block->overlong || block->bytes.len == 0 || block->bytes.ptr[block->bytes.len - 1] == '\n')
        return;
    if (reader_damage(r->reader) == NULL &&
        (strcmp(reader_packing(r->reader), "plain") != 0 || is_pipe(r)))
        return;
    while (block->bytes.len > 0 && block->bytes.ptr[block->bytes.len - 1] != '\n')
        block->bytes.len--;
}

/* One block, where there is one. */
static bool read_block(struct reading *r, struct decoding *decoding, bool *more, struct error *err)
{
    struct block block;
    bool ok;

    *more = !atomic_load_explicit(&r->worker->run->stop, memory_order_relaxed) &&
            blocks_next(r->blocks, &block, err);
    if (!*more)
        return true;
    if (r->trail != NULL)
        hold_back(r, &block);
    ok = r->trail != NULL ? follow(r, decoding, block, err) : take_lines(r, decoding, &block, err);
    report_progress(r);
    return ok;
}

/* Block by block through the decoder. */
static bool read_lines(struct reading *r, struct decoding *decoding, struct error *err)
{
    struct batch *batch = r->worker->batch;
    bool more = true;

    while (more)
        if (!read_block(r, decoding, &more, err))
            return false;
    while (decoding != NULL && err->code == ERROR_NONE && decoding_flush(decoding, batch))
        if (!take_batch(r, err))
            return false;
    return err->code == ERROR_NONE;
}

/* In the thread that decodes. */
static bool hold_back_line(void *context, struct block *block, struct error *err)
{
    (void)err;
    hold_back(context, block);
    return true;
}

/* Lines that are new whatever they hold. */
static bool follow_new(struct reading *r, const struct block *text, struct error *err)
{
    size_t taken;
    bool known;

    note_open_line(r, text);
    return trail_take(r->trail, text->bytes, &taken, &known, err) &&
           trail_take(r->trail, slice_from(text->bytes, taken), &taken, &known, err);
}

/* The same where another thread unpacks and decodes, and this one counts. */
static bool count_lots(struct reading *r, struct decoding *decoding, struct error *err)
{
    struct relay_tap tap = {r->trail == NULL ? NULL : hold_back_line, r};
    struct relay *relay = relay_start(r->blocks, decoding, tap, err);
    struct batch *own = r->worker->batch;
    struct lot *lot;
    bool ok = relay != NULL;

    while (ok && !atomic_load_explicit(&r->worker->run->stop, memory_order_relaxed) &&
           (lot = relay_next(relay, err)) != NULL) {
        r->result->tally.bytes += lot->text.bytes.len;
        if (r->trail != NULL && lot->text.bytes.len > 0)
            ok = follow_new(r, &lot->text, err);
        for (size_t i = 0; ok && i < lot->count; i++) {
            r->worker->batch = &lot->batches[i];
            ok = take_batch(r, err);
        }
        report_progress(r);
    }
    relay_free(relay);
    r->worker->batch = own;
    return ok && err->code == ERROR_NONE;
}

/* A pipe gives its bytes once, but years are learned by reading twice. */
static bool keep_pipe(struct reading *r, struct error *err)
{
    const struct ingest_options *o = r->worker->run->options;

    if (!spool_fill(r->blocks, o->temporary, r->spool_path, &r->spool, err))
        return false;
    r->again = reader_open(r->spool_path, o->inflate, err);
    blocks_free(r->blocks);
    r->blocks = r->again == NULL ? NULL : blocks_create(r->again, err);
    return r->blocks != NULL;
}

/* Where it can be read once more. */
static const char *path_of(const struct reading *r)
{
    if (r->worker->spool >= 0)
        return r->worker->spool_path;
    return is_pipe(r) ? r->spool_path : r->result->name;
}

/* The year of the archive's first stamp, where stamps carry none. */
static bool choose_year(struct reading *r, int *year, struct error *err)
{
    const struct ingest_options *o = r->worker->run->options;
    struct survey survey = {
        .path = path_of(r),
        .inflate = o->inflate,
        .format = r->detection.format,
        .zone = r->hint.zone,
        .hints = {.year = o->year,
                  .gzip_time_s = reader_gzip_time(r->reader),
                  .name = r->result->name,
                  .file_time_s = reader_file_time(r->reader)},
    };

    if (is_pipe(r))
        survey.hints.file_time_s = o->now_s;
    if (survey.path == r->spool_path && !keep_pipe(r, err))
        return false;
    return survey_years(&survey, year, &r->result->year_of_last, err);
}

/* What was done to words in other encodings. */
static void add_recoded(struct archive_result *result, const struct recoder *recoder)
{
    for (int e = 0; e < ENCODING_COUNT; e++)
        result->recoded[e] += recoder_count(recoder, (enum encoding)e);
}

static void say_strange(struct reading *r, const struct format *found)
{
    snprintf(r->result->damage, sizeof r->result->damage,
             "holds lines of %s too, which gave no records; -f %s reads them", format_id(found),
             format_id(found));
}

/* Lines that gave no record: are they another log that somebody appended? That is said; not where
 * -f chose. */
static void look_at_run(struct reading *r, struct slice run)
{
    const unsigned requests = 1U << RECORD_PROXY | 1U << RECORD_DNS;
    struct detection found;
    struct error ambiguous = {0};

    if (run.len == 0 || r->hint.format != NULL ||
        !detect_format(r->worker->run->options->formats, NULL, r->hint.zone, run, &found,
                       &ambiguous) ||
        found.format == NULL || found.quiet || (format_kinds(found.format) & requests) == 0 ||
        found.format == r->detection.format)
        return;
    say_strange(r, found.format);
}

/* The same of lines that were passed over here and there, however few: of another program in the
 * same syslog, or some at the end of the file. */
static void look_at_strays(struct reading *r, struct slice strays)
{
    const struct format *found;
    struct error failure = {0};

    if (strays.len == 0 || r->hint.format != NULL || r->result->damage[0] != '\0' ||
        !detect_stray(r->worker->run->options->formats, r->detection.format, r->hint.zone, strays,
                      &found, &failure) ||
        found == NULL)
        return;
    say_strange(r, found);
}

/* With the threads that are left: one decodes, a further one unpacks. Of what is to be kept the
 * first block shows whether it may be known, so that lines have to be left out. */
static bool read_by_threads(struct reading *r, struct decoding *decoding, struct error *err)
{
    unsigned spare = r->worker->run->spare;
    bool relays = spare > 0 && !is_pipe(r) && r->skipped == NULL, more;

    if (relays && r->trail != NULL) {
        if (!read_block(r, decoding, &more, err))
            return false;
        relays = !trail_may_know(r->trail);
    }
    if (spare > relays && !blocks_read_ahead(r->blocks, err))
        return false;
    return relays ? count_lots(r, decoding, err) : read_lines(r, decoding, err);
}

static bool read_archive(struct reading *r, struct error *err)
{
    const struct format *format = r->detection.format;
    enum encoding encoding =
        r->hint.encoding == ENCODING_UNKNOWN ? format_encoding(format) : r->hint.encoding;
    struct decoding *decoding;
    int year = 0;
    bool ok;

    if (r->detection.no_year && !choose_year(r, &year, err))
        return false;
    if (!begin_counting(r, err))
        return false;
    decoding = decoding_create(format, r->hint.zone, year, err);
    if (decoding != NULL && r->worker->counting != NULL)
        decoding_want(decoding, counting_fields(r->worker->counting));
    if (decoding != NULL)
        decoding_say_encoding(decoding, encoding);
    blocks_say_encoding(r->blocks, encoding);
    ok = decoding != NULL && read_by_threads(r, decoding, err);
    add_recoded(r->result, blocks_recoder(r->blocks));
    if (decoding != NULL)
        add_recoded(r->result, decoding_recoder(decoding));
    if (ok) {
        look_at_run(r, decoding_passed(decoding));
        look_at_strays(r, decoding_strays(decoding));
    }
    decoding_free(decoding);
    return ok;
}

/* Nothing but headers, comments and blank lines: a quiet night. */
static bool is_all_comment(struct slice sample)
{
    struct slice line;

    while (sample.len > 0) {
        slice_cut(sample, '\n', &line, &sample);
        line = slice_trim(line);
        if (line.len > 0 && line.ptr[0] != '#' && line.ptr[0] != '\r')
            return false;
    }
    return true;
}

/* ${family}: what -f says; an exact id is taken at its word. */
static bool fail_unknown(const char *family, struct error *err)
{
    if (family != NULL)
        return error_set(err, ERROR_DATA, "fits no format of the family %s; expected a log of it",
                         family);
    return error_set(err, ERROR_DATA,
                     "fits no known log format; `kage formats` lists them, -f ID names one");
}

/* The format of the archive: what -f says, or what its first lines fit. */
static bool find_format(struct reading *r, struct slice sample, struct error *err)
{
    const struct ingest_options *o = r->worker->run->options;

    if (!detect_format(o->formats, r->hint.format, r->hint.zone, sample, &r->detection, err))
        return false;
    if (r->detection.format == NULL && r->hint.format != NULL) {
        r->detection.format = catalog_find(o->formats, r->hint.format);
        r->detection.no_year = /* the sample has no stamp that could tell */
            r->detection.format != NULL && !format_has_year(r->detection.format);
    }
    if (r->detection.format == NULL && is_all_comment(sample))
        return true;
    if (r->detection.format == NULL)
        return fail_unknown(r->hint.format, err);
    r->result->format = format_id(r->detection.format);
    memcpy(r->result->twins, r->detection.twins, sizeof r->result->twins);
    return true;
}

/* An archive that is open. What is wrong with it is its own result; only lack of memory and our own
 * mistakes end the run. */
static bool read_open(struct reading *r, struct error *err)
{
    struct error failure = {0};
    struct slice sample;
    const char *damage;
    bool ok;

    r->blocks = blocks_create(r->reader, &failure);
    if (r->blocks != NULL)
        blocks_say_encoding(r->blocks, r->hint.encoding);
    ok = r->blocks != NULL && blocks_peek(r->blocks, DETECT_BYTES, &sample, &failure);
    if (ok && sample.len > 0)
        ok = find_format(r, sample, &failure) &&
             (r->detection.format == NULL ? read_lines(r, NULL, &failure)
                                          : read_archive(r, &failure));
    blocks_free(r->blocks);
    reader_close(r->again);
    if (r->spool >= 0)
        close(r->spool);
    report_progress(r);
    damage = reader_damage(r->reader);
    if (damage != NULL)
        snprintf(r->result->damage, sizeof r->result->damage, "%s", damage);
    r->result->packing = reader_packing(r->reader);
    r->result->compressed_bytes = reader_done_bytes(r->reader);
    if (!ok && !r->run_failed && (failure.code == ERROR_IO || failure.code == ERROR_DATA))
        r->result->failure = failure;
    else if (!ok)
        *err = failure;
    return err->code == ERROR_NONE;
}

/* What was read goes to the keeper, unless reading failed or was broken off. */
static bool keep(struct reading *r, const struct digest *digest, bool *again, struct error *err)
{
    const struct archive_keeper *keeper = r->worker->run->sinks->keeper;
    struct trail_end end = trail_end(r->trail);
    enum archive_fate fate = FATE_NEW;
    struct archive_kept kept = kept_of(r);

    if (r->result->failure.code != ERROR_NONE || atomic_load(&r->worker->run->stop))
        return true;
    kept.end = &end;
    kept.open_end = r->open_line != 0 && r->last_reject != r->open_line;
    if (!is_pipe(r) && digest != NULL)
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

/* An archive that can be opened. */
static bool read_whole(struct reading *r, bool *again, struct error *err)
{
    const struct ingest_sinks *sinks = r->worker->run->sinks;
    struct digest *digest = NULL;
    bool ok = true;

    if (sinks->digests) {
        digest = digest_create(err);
        if (digest == NULL)
            return false;
        reader_set_tap(r->reader, digest_tap, digest);
    }
    if (sinks->keeper != NULL) {
        r->skipped = sinks->keeper->skipped(sinks->keeper->context, r->index);
        r->trail = trail_create(&sinks->keeper->lookup, err);
        ok = r->trail != NULL && ingest_worker_renew(r->worker, err);
    }
    ok = ok && read_open(r, err);
    if (digest != NULL) {
        reader_read_rest(r->reader);
        digest_hex(digest, r->result->sha256);
    }
    if (ok && !tally_adds_up(&r->result->tally))
        ok = error_set(err, ERROR_BUG, "%s: the account does not add up; please report this bug",
                       r->result->name);
    ok = ok && (sinks->keeper == NULL || keep(r, digest, again, err));
    give_up(r);
    trail_free(r->trail);
    digest_free(digest);
    return ok;
}

bool ingest_archive_read(struct worker *w, size_t index, bool *again, struct error *err)
{
    const struct ingest_options *o = w->run->options;
    struct archive_result *result = &w->run->results[index];
    struct reading r = {.worker = w, .result = result, .index = index, .spool = -1};
    bool ok;

    *again = false;
    ingest_prepare_result(result, &w->run->archives->archives[index]);
    r.hint = ingest_hint(o, result->name, index);
    r.reader =
        reader_open(w->spool >= 0 ? w->spool_path : result->name, o->inflate, &result->failure);
    if (r.reader == NULL)
        return true;
    ok = read_whole(&r, again, err);
    reader_close(r.reader);
    return ok;
}
