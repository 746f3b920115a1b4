/* ingest_archive.c: the story of an archive, from bytes to usage cells. */
#include "ingest_reading.h"

#include "format/catalog.h"
#include "format/detect.h"
#include "io/aside.h"
#include "io/digest.h"
#include "relay.h"
#include "survey.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Enough for the first that is new. */
enum { SHOWN_REJECTS = 64 };

static void report_progress(struct reading *r)
{
    struct ingest_progress *progress = r->worker->run->sinks->progress;
    uint64_t done = reader_done_bytes(r->reader);

    if (progress != NULL)
        atomic_fetch_add_explicit(&progress->done_bytes, done - r->reported_bytes,
                                  memory_order_relaxed);
    r->reported_bytes = done;
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
        ingest_new_hold_back(r, &block);
    ok = r->trail != NULL ? ingest_new_lines(r, decoding, block, err)
                          : ingest_take_lines(r, decoding, &block, err);
    if (ok && r->trail == NULL && decoding != NULL)
        blocks_say_line(r->blocks, decoding_line(decoding));
    report_progress(r);
    return ok;
}

/* In the thread that decodes. */
static bool hold_back_line(void *context, struct block *block, struct error *err)
{
    (void)err;
    ingest_new_hold_back(context, block);
    return true;
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
            ok = ingest_new_all(r, &lot->text, err);
        for (size_t i = 0; ok && i < lot->count; i++) {
            r->worker->batch = &lot->batches[i];
            ok = ingest_take_batch(r, err);
        }
        report_progress(r);
    }
    relay_free(relay);
    r->worker->batch = own;
    return ok && err->code == ERROR_NONE;
}

/* Has another worker found no more archives? Then a thread is free for this one. */
static bool take_idle(struct run *run)
{
    unsigned idle = atomic_load_explicit(&run->idle, memory_order_relaxed);

    while (idle > 0 && !atomic_compare_exchange_weak(&run->idle, &idle, idle - 1))
        ;
    return idle > 0;
}

/* Block by block through the decoder; the last archives of many are shared with the workers that
 * have none any more. */
static bool read_lines(struct reading *r, struct decoding *decoding, struct error *err)
{
    struct batch *batch = r->worker->batch;
    bool alone = decoding == NULL || r->is_pipe || r->trail != NULL || r->skipped != NULL,
         more = true;

    while (more) {
        if (!read_block(r, decoding, &more, err))
            return false;
        if (more && !alone && take_idle(r->worker->run))
            return count_lots(r, decoding, err);
    }
    while (decoding != NULL && err->code == ERROR_NONE && decoding_flush(decoding, batch))
        if (!ingest_take_batch(r, err))
            return false;
    return err->code == ERROR_NONE;
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
    return r->is_pipe ? r->spool_path : r->result->name;
}

/* What stamps leave open: the year of the archive's first, the order of month and day. */
static bool survey_dates(struct reading *r, struct surveyed *out, struct error *err)
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
        .years = r->detection.no_year,
    };

    if (r->is_pipe)
        survey.hints.file_time_s = o->now_s;
    if (survey.path == r->spool_path && !keep_pipe(r, err))
        return false;
    return survey_archive(&survey, out, err);
}

/* The same, where anything is open: then it is read through, unless the order alone is, and said.
 */
static bool choose_dates(struct reading *r, struct surveyed *dates, struct error *err)
{
    const enum stamp_order said = r->hint.date_order;
    const bool open = r->detection.open_dates && said == ORDER_OPEN;

    if (r->detection.no_year || open) {
        if (!survey_dates(r, dates, err))
            return false;
        r->result->year_of_last = dates->last_year;
        r->result->date_order = open && !dates->order_shown ? dates->order : ORDER_OPEN;
        r->result->date_order_by_time = dates->order_guessed;
    }
    if (said != ORDER_OPEN)
        dates->order = said;
    else if (!open)
        dates->order = r->detection.order;
    return true;
}

/* What was done to words in other encodings. */
static void add_recoded(struct archive_result *result, const struct recoder *recoder)
{
    for (int e = 0; e < ENCODING_COUNT; e++)
        result->recoded[e] += recoder_count(recoder, (enum encoding)e);
}

/* What is kept is not read again: its other lines have to come in another file. */
static void say_strange(struct reading *r, const struct format *found)
{
    const char *id = format_id(found);
    int length = snprintf(r->result->damage, sizeof r->result->damage,
                          "holds lines of %s too, which gave no records; ", id);
    size_t used = length < 0 ? 0 : (size_t)length;

    if (used >= sizeof r->result->damage)
        return;
    if (r->worker->run->sinks->keeper != NULL && !ingest_keep_is_unread(r))
        snprintf(r->result->damage + used, sizeof r->result->damage - used,
                 "in a file of their own they would count");
    else
        snprintf(r->result->damage + used, sizeof r->result->damage - used, "-f %s reads them", id);
}

/* Is it meant that lines give no record? A definition of the user's that -f chose may want few. */
static bool is_choosy(const struct reading *r)
{
    return r->hint.format != NULL && format_is_of_user(r->detection.format);
}

/* Lines that gave no record: are they another log that somebody appended? That is said. */
static void look_at_run(struct reading *r, struct slice run)
{
    const unsigned requests = 1U << RECORD_PROXY | 1U << RECORD_DNS;
    struct detection found;
    struct error ambiguous = {0};

    if (run.len == 0 || is_choosy(r) ||
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

    if (strays.len == 0 || is_choosy(r) || r->result->damage[0] != '\0' ||
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
    bool relays = spare > 0 && !r->is_pipe && r->skipped == NULL, more;

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
    struct surveyed dates = {0};
    bool ok;

    if (!choose_dates(r, &dates, err))
        return false;
    if (!ingest_take_begin(r, err))
        return false;
    decoding = decoding_create(format, r->hint.zone, dates.first_year, err);
    if (decoding != NULL)
        decoding_say_order(decoding, dates.order);
    if (decoding != NULL && r->worker->counting != NULL) {
        decoding_want(decoding, counting_fields(r->worker->counting));
        decoding_screen(decoding, agents_screen(r->worker->agents));
    }
    if (decoding != NULL) {
        decoding_say_encoding(decoding, encoding);
        decoding_explain(decoding, r->worker->run->sinks->rejects == NULL ? SHOWN_REJECTS
                                                                          : EXPLAINED_REJECTS);
    }
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

/* Do lines end as those of old Macs do? All of the log would be one. */
static bool has_returns_alone(struct slice sample)
{
    return slice_find(sample, '\r') + 1 < sample.len && slice_find(sample, '\n') == sample.len;
}

/* The format of the archive: what -f says, or what its first lines fit. */
static bool find_format(struct reading *r, struct slice sample, struct error *err)
{
    const struct ingest_options *o = r->worker->run->options;

    if (has_returns_alone(sample))
        return error_set(err, ERROR_DATA,
                         "lines end in CR alone; expected LF or CR LF: tr '\\r' '\\n' makes them");
    if (!detect_format(o->formats, r->hint.format, r->hint.zone, sample, &r->detection, err))
        return false;
    if (r->detection.format == NULL && r->hint.format != NULL) {
        r->detection.format = catalog_find(o->formats, r->hint.format);
        r->detection.no_year = /* the sample has no stamp that could tell */
            r->detection.format != NULL && !format_has_year(r->detection.format);
        r->detection.open_dates =
            r->detection.format != NULL && format_has_orders(r->detection.format);
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

/* Digests of the archive's bytes, by a thread that is left: who decodes need not wait for them.
 * Returns: the thread, NULL where there is none. */
static struct aside *watch_bytes(struct reading *r, struct digest *digest)
{
    struct error none_to_be_had = {0};
    struct aside *aside =
        r->worker->run->spare > 0 ? aside_create(digest_tap, digest, &none_to_be_had) : NULL;

    if (aside != NULL)
        reader_set_tap(r->reader, aside_tap, aside);
    else
        reader_set_tap(r->reader, digest_tap, digest);
    return aside;
}

/* An archive that can be opened. */
static bool read_whole(struct reading *r, bool *again, struct error *err)
{
    const struct ingest_sinks *sinks = r->worker->run->sinks;
    struct digest *digest = NULL;
    struct aside *aside = NULL;
    bool ok = true;

    if (sinks->digests) {
        digest = digest_create(err);
        if (digest == NULL)
            return false;
        aside = watch_bytes(r, digest);
    }
    if (sinks->keeper != NULL) {
        r->skipped = sinks->keeper->skipped(sinks->keeper->context, r->index);
        r->trail = trail_create(&sinks->keeper->lookup, err);
        ok = r->trail != NULL && ingest_worker_renew(r->worker, err);
    }
    ok = ok && read_open(r, err);
    if (digest != NULL) {
        reader_read_rest(r->reader);
        aside_free(aside);
        digest_hex(digest, r->result->sha256);
    }
    if (ok && !tally_adds_up(&r->result->tally))
        ok = error_set(err, ERROR_BUG, "%s: the account does not add up; please report this bug",
                       r->result->name);
    ok = ok && (sinks->keeper == NULL || ingest_keep_whole(r, digest, again, err));
    ingest_keep_nothing(r);
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
    r.is_pipe = w->spool >= 0 || reader_size_bytes(r.reader) == 0 || strcmp(result->name, "-") == 0;
    ok = read_whole(&r, again, err);
    reader_close(r.reader);
    return ok;
}
