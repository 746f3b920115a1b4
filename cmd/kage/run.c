/* run.c: ingest with its surroundings, and the exit status that follows. */
#include "run.h"

#include "progress.h"
#include "rejects.h"
#include "report/output.h"

enum { OUTPUTS = 3 }; /* that belong together */

void run_prepare(struct run *run)
{
    const struct reading *reading = run->reading;

    run->ingest.formats = reading->formats;
    run->ingest.format = reading->format;
    run->ingest.stamp_zone = reading_stamp_zone(reading);
    run->ingest.hints = reading->hints.archives;
    run->ingest.max_memory = reading->max_memory;
    run->ingest.temporary = run->call->environment->temporary;
    run->ingest.report_zone = reading->report_zone;
    run->ingest.now_s = run->call->environment->now_s;
    run->ingest.year = reading->year;
    run->ingest.date_order = reading->date_order;
    run->ingest.inflate = reading->inflate;
    run->ingest.threads = reading->threads;
}

static uint64_t bytes_to_read(const struct archive_list *archives)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < archives->count; i++)
        bytes += archives->archives[i].size_bytes;
    return bytes;
}

static bool ingest_with_progress(struct run *run, struct ingest_sinks sinks, struct error *err)
{
    const struct archive_list *archives = &run->reading->archives;
    struct ingest_progress done = {0};
    struct progress *progress = NULL;
    bool ok;

    if (run->call->environment->progress && run_shows_account(run)) {
        sinks.progress = &done;
        progress = progress_start(&done, bytes_to_read(archives));
    }
    ok = ingest_run(&run->ingest, archives, &sinks, &run->result, err);
    progress_stop(progress);
    return ok;
}

/* Whoever reads them may have enough before the answer is printed. */
static bool write_rejects(struct rejects *rejects, struct output *out, struct error *err)
{
    if (rejects_write(rejects, out, err))
        return true;
    if (!output_reader_is_gone(err))
        return false;
    error_clear(err);
    return true;
}

bool run_ingest(struct run *run, const struct record_sink *records, struct error *err)
{
    const struct reading *reading = run->reading;
    struct ingest_sinks sinks = {.records = records,
                                 .keeper = run->keeper,
                                 .digests = run->keeper != NULL || reading->manifest != NULL};
    struct rejects *rejects = NULL;
    struct reject_sink reject_sink;
    bool ok;

    if (reading->rejects != NULL) {
        rejects = rejects_create(&reading->archives, err);
        if (rejects == NULL)
            return false;
        reject_sink = rejects_sink(rejects);
        sinks.rejects = &reject_sink;
    }
    ok = ingest_with_progress(run, sinks, err) &&
         (rejects == NULL || write_rejects(rejects, reading->rejects, err));
    rejects_free(rejects);
    return ok;
}

bool run_check_outputs(const struct reading *reading, const struct output *out, struct error *err)
{
    const struct output *const outputs[OUTPUTS] = {out, reading->rejects, reading->manifest};
    const struct archive_list *list = &reading->archives;

    for (size_t i = 0; i < OUTPUTS; i++) {
        if (outputs[i] == NULL)
            continue;
        for (size_t k = 0; k < i; k++)
            if (outputs[k] != NULL && output_same_place(outputs[i], outputs[k]))
                return error_set(err, ERROR_USAGE,
                                 "%s: two outputs name this file; expected one for each",
                                 output_name(outputs[i]));
        for (size_t a = 0; a < list->count; a++)
            if (output_replaces(outputs[i], list->archives[a].device, list->archives[a].inode))
                return error_set(err, ERROR_USAGE,
                                 "%s: is an archive to read; expected another file to write",
                                 output_name(outputs[i]));
    }
    return true;
}

bool run_deliver(const struct run *run, struct output *out, struct error *err)
{
    struct output *outputs[OUTPUTS] = {out, run->reading->rejects, run->reading->manifest};
    struct error reader = {0};

    for (size_t i = 0; i < OUTPUTS; i++) {
        struct error failure = {0};

        if (outputs[i] == NULL || output_finish(outputs[i], &failure))
            continue;
        if (!output_reader_is_gone(&failure)) {
            *err = failure;
            return false;
        }
        if (i == 0)
            reader = failure;
        outputs[i] = NULL;
    }
    for (size_t i = 0; i < OUTPUTS; i++)
        if (outputs[i] != NULL && !output_commit(outputs[i], err))
            return false;
    *err = reader;
    return reader.code == ERROR_NONE;
}

struct account run_account(const struct run *run)
{
    return (struct account){.result = &run->result,
                            .report_zone = run->reading->report_zone,
                            .max_rejects_ppm = run->reading->max_rejects_ppm,
                            .repeated = run->reading->archives.repeated,
                            .verbose = run->arguments->verbose};
}

bool run_shows_account(const struct run *run)
{
    return run->arguments->verbose || !run->arguments->quiet;
}

enum outcome run_outcome(const struct run *run)
{
    struct account account = run_account(run);
    size_t answers = 0, sound = 0;

    for (size_t i = 0; i < run->result.count; i++) {
        const struct archive_result *archive = &run->result.archives[i];

        answers += account_is_answer(archive);
        sound += archive->failure.code == ERROR_NONE && archive->damage[0] == '\0';
    }
    if (answers == 0)
        return OUTCOME_FAILED;
    if (sound < run->result.count || account_has_too_many_rejects(&account))
        return OUTCOME_INCOMPLETE;
    return OUTCOME_DONE;
}

void run_free(struct run *run)
{
    ingest_result_free(&run->result);
}
