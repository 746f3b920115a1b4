/* ingest.c: archives shared out to threads, and their cells gathered again. */
#include "ingest.h"

#include "ingest_internal.h"
#include "usage/detail.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of max_memory: what the program takes without cells, its store, and each worker. */
enum { FIXED_BYTES = 32 << 20, STORE_BYTES = 64 << 20, WORKER_BYTES = 32 << 20, NAMES_SHARE = 8 };

struct archive_hint ingest_hint(const struct ingest_options *o, const char *name, size_t index)
{
    struct archive_hint hint = {.source = name};

    if (o->hints != NULL)
        hint = o->hints[index];
    if (hint.format == NULL)
        hint.format = o->format;
    if (o->date_order != ORDER_OPEN)
        hint.date_order = o->date_order;
    if (hint.zone == NULL)
        hint.zone = o->stamp_zone;
    return hint;
}

/* Archives and sources have the same numbers in all usages, so that cells of one can be put
 * together with those of another from disk. */
static bool name_archives(const struct run *run, struct usage *usage)
{
    uint32_t id;

    for (size_t i = 0; i < run->archives->count; i++) {
        const char *name = run->archives->archives[i].name;
        const char *source = ingest_hint(run->options, name, i).source;

        if (!usage_name_id(usage, NAME_ARCHIVE, slice_of_string(name), &id) ||
            !usage_name_id(usage, NAME_SOURCE, slice_of_string(source), &id))
            return false;
    }
    return true;
}

bool ingest_worker_renew(struct worker *w, struct error *err)
{
    const struct ingest_options *o = w->run->options;
    struct counting_options counting = {.signatures = o->signatures,
                                        .report_zone = o->report_zone,
                                        .filter = o->filter,
                                        .with = o->with,
                                        .psl = o->psl,
                                        .identity = o->identity,
                                        .sharing = o->sharing,
                                        .exclusions = o->exclusions,
                                        .workhours = o->workhours,
                                        .detail = w->detail};

    counting_free(w->counting);
    usage_free(w->usage);
    coverage_reset(&w->coverage);
    if (w->detail != NULL)
        detail_clear(w->detail);
    w->coverage.zone = o->report_zone;
    w->counting = NULL;
    w->usage = usage_create(err);
    if (w->usage != NULL && w->run->sinks->keeper == NULL && !name_archives(w->run, w->usage))
        return error_set_memory(err);
    if (w->usage != NULL)
        w->counting = counting_create(&counting, w->usage, err);
    return w->counting != NULL;
}

/* Cells that are too many for memory go to disk. What is remembered of users and hosts has numbers
 * of names that are forgotten. */
static bool spill(struct worker *w, struct error *err)
{
    counting_forget(w->counting);
    return spill_take(w->run->spill, w->usage, err);
}

bool ingest_worker_count(struct worker *w, struct tally *tally, struct error *err)
{
    const struct batch *batch = w->batch;

    return counting_add_batch(w->counting, batch->records, batch->record_count, tally, err) &&
           (w->run->spill == NULL || usage_memory(w->usage) <= w->run->limit || spill(w, err));
}

bool ingest_worker_is_full(const struct worker *w)
{
    size_t noted = w->detail == NULL ? 0 : detail_memory(w->detail);

    return w->run->options->max_memory > 0 && usage_memory(w->usage) + noted > w->run->limit;
}

bool ingest_worker_clear(struct worker *w, struct error *err)
{
    counting_forget(w->counting);
    if (w->detail != NULL)
        detail_clear(w->detail);
    return usage_clear(w->usage) || error_set_memory(err);
}

void ingest_prepare_result(struct archive_result *result, const struct archive *archive)
{
    memset(result, 0, sizeof *result);
    result->name = archive->name;
    result->packing = "";
    result->tally = tally_empty();
    result->failure = archive->failure;
}

/* What can be read only once is kept for the time in which it may have to be read again. What
 * cannot be opened will say so. */
static bool spool_pipe(struct worker *w, const char *name, struct error *err)
{
    bool standard = strcmp(name, "-") == 0, ok = true;
    struct stat st;
    int fd = standard ? STDIN_FILENO : -1;

    if (!standard && stat(name, &st) == 0 && S_ISFIFO(st.st_mode))
        fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        ok = spool_copy(fd, w->run->options->temporary, w->spool_path, &w->spool, err);
    if (fd > STDIN_FILENO)
        close(fd);
    return ok;
}

static bool ingest_archive(struct worker *w, size_t index, struct error *err)
{
    const struct archive_keeper *keeper = w->run->sinks->keeper;
    struct archive_result *result = &w->run->results[index];
    bool ok = true, again = true;

    if (result->failure.code != ERROR_NONE)
        return true;
    if (keeper != NULL)
        ok = keeper->begin(keeper->context, index, &result->known, err) &&
             spool_pipe(w, result->name, err);
    while (ok && again && !result->known)
        ok = ingest_archive_read(w, index, &again, err);
    if (w->spool >= 0)
        close(w->spool);
    w->spool = -1;
    return ok;
}

static void *work(void *argument)
{
    struct worker *w = argument;
    size_t index;

    while (!atomic_load(&w->run->stop) &&
           (index = atomic_fetch_add(&w->run->next, 1)) < w->run->archives->count)
        if (!ingest_archive(w, index, &w->error)) {
            atomic_store(&w->run->stop, true);
            break;
        }
    atomic_fetch_add(&w->run->idle, 1);
    return NULL;
}

static bool worker_start(struct worker *w, struct run *run, struct error *err)
{
    const struct psl *psl = run->options->detail;

    w->run = run;
    w->spool = -1;
    w->batch = malloc(sizeof *w->batch);
    if (w->batch == NULL)
        return error_set_memory(err);
    if (psl != NULL && (w->detail = detail_create(psl, err)) == NULL)
        return false;
    if (run->sinks->records != NULL)
        return true;
    w->agents = agents_create(run->options->signatures, err);
    return w->agents != NULL && ingest_worker_renew(w, err);
}

static void worker_end(struct worker *w)
{
    coverage_free(&w->coverage);
    detail_free(w->detail);
    w->detail = NULL;
    counting_free(w->counting);
    agents_free(w->agents);
    usage_free(w->usage);
    free(w->batch);
    w->counting = NULL;
    w->agents = NULL;
    w->usage = NULL;
    w->batch = NULL;
}

/* All but the first worker in threads of their own. Returns: how many run. */
static size_t start_threads(struct worker *workers, size_t count)
{
    size_t running = 1;

    while (running < count &&
           pthread_create(&workers[running].thread, NULL, work, &workers[running]) == 0)
        running++;
    return running;
}

/* Cells of all workers in one place: the first worker's usage, or on disk where some are there. */
static bool gather(struct worker *workers, size_t running, struct ingest_result *out,
                   struct error *err)
{
    struct run *run = workers[0].run;
    bool on_disk = run->spill != NULL && !spill_is_empty(run->spill), ok = true;

    for (size_t i = 0; ok && workers[0].usage != NULL && i < running; i++) {
        if (on_disk)
            ok = spill(&workers[i], err);
        if (ok && i > 0) {
            ok = usage_join(workers[0].usage, workers[i].usage, err);
            worker_end(&workers[i]);
        }
    }
    out->usage = workers[0].usage;
    workers[0].usage = NULL;
    if (out->usage != NULL)
        usage_forget_slots(out->usage);
    if (on_disk) {
        out->spill = run->spill;
        run->spill = NULL;
    }
    return ok;
}

static bool run_workers(struct worker *workers, size_t count, struct ingest_result *out,
                        struct error *err)
{
    size_t running = start_threads(workers, count);

    work(&workers[0]);
    for (size_t i = 1; i < running; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < count; i++)
        if (workers[i].error.code != ERROR_NONE) {
            *err = workers[i].error;
            return false;
        }
    return gather(workers, running, out, err);
}

/* How much of max_memory a worker's cells and names may take. */
static size_t limit_of(uint64_t max_memory, size_t workers, bool stored)
{
    uint64_t fixed = FIXED_BYTES + workers * WORKER_BYTES + (stored ? STORE_BYTES : 0);
    uint64_t left = max_memory > 2 * fixed ? max_memory - fixed : max_memory / 2;
    uint64_t limit = left / 3 * 2 / workers; /* the rest is for putting them in order */

    return limit > SIZE_MAX ? SIZE_MAX : (size_t)limit;
}

static bool limit_memory(struct run *run, const struct worker *workers, size_t count,
                         struct error *err)
{
    const struct ingest_options *o = run->options;
    struct spill_options options = {o->order, o->temporary, (size_t)(o->max_memory / NAMES_SHARE)};

    if (o->max_memory == 0 || workers[0].usage == NULL)
        return true;
    run->limit = limit_of(o->max_memory, count, run->sinks->keeper != NULL);
    if (run->sinks->keeper != NULL)
        return true;
    run->spill = spill_create(&options, workers[0].usage, err);
    return run->spill != NULL;
}

bool ingest_run(const struct ingest_options *options, const struct archive_list *archives,
                const struct ingest_sinks *sinks, struct ingest_result *out, struct error *err)
{
    struct run run = {.options = options, .archives = archives, .sinks = sinks};
    size_t count = sinks->records != NULL ? 1 : options->threads; /* records keep their order */
    struct worker *workers;
    bool ok = true;

    memset(out, 0, sizeof *out);
    if (count > archives->count)
        count = archives->count > 0 ? archives->count : 1;
    workers = calloc(count, sizeof *workers);
    out->archives = ARENA_NEW(&out->arena, struct archive_result, archives->count + 1);
    if (workers == NULL || out->archives == NULL) {
        free(workers);
        return error_set_memory(err);
    }
    run.spare = options->threads > count ? options->threads - (unsigned)count : 0;
    out->count = archives->count;
    run.results = out->archives;
    for (size_t i = 0; i < out->count; i++)
        ingest_prepare_result(&out->archives[i], &archives->archives[i]);
    pthread_mutex_init(&run.reject_lock, NULL);
    for (size_t i = 0; ok && i < count; i++)
        ok = worker_start(&workers[i], &run, err);
    ok = ok && limit_memory(&run, workers, count, err) && run_workers(workers, count, out, err);
    spill_free(run.spill);
    for (size_t i = 0; i < count; i++)
        worker_end(&workers[i]);
    free(workers);
    pthread_mutex_destroy(&run.reject_lock);
    out->total = tally_empty();
    for (size_t i = 0; i < out->count; i++)
        tally_add(&out->total, &out->archives[i].tally);
    return ok;
}

void ingest_result_free(struct ingest_result *r)
{
    spill_free(r->spill);
    usage_free(r->usage);
    arena_free(&r->arena);
    memset(r, 0, sizeof *r);
}
