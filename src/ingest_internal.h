/* ingest_internal.h: what the run of all archives and the reading of one share. */
#ifndef INGEST_INTERNAL_H
#define INGEST_INTERNAL_H

#include "format/decoding.h"
#include "ingest.h"
#include "spool.h"
#include "usage/agents.h"

#include <pthread.h>
#include <stdatomic.h>

/* What all threads share. */
struct run {
    const struct ingest_options *options;
    const struct archive_list *archives;
    const struct ingest_sinks *sinks;
    struct archive_result *results;
    atomic_size_t next; /* archive to be taken */
    atomic_bool stop;   /* a thread has failed */
    pthread_mutex_t reject_lock;
    struct spill *spill; /* NULL: cells stay in memory */
    size_t limit;        /* bytes that one worker's cells and notes may take */
    unsigned spare;      /* threads that no worker needs */
    atomic_uint idle;    /* threads of workers that have found no more archives */
};

/* One thread's part. */
struct worker {
    struct run *run;
    pthread_t thread;
    struct usage *usage; /* NULL for decode */
    struct counting *counting;
    struct agents *agents;    /* likewise */
    struct coverage coverage; /* where there is a keeper */
    struct detail *detail;    /* where it is asked for */
    int spool; /* a pipe's bytes that a keeper may want to have read again, else -1 */
    char spool_path[SPOOL_PATH];
    struct batch *batch;
    struct error error;
};

/* Cells of its own, empty. */
bool ingest_worker_renew(struct worker *w, struct error *err);

/* Records into cells; those too many for memory go to disk, where there is no keeper. */
bool ingest_worker_count(struct worker *w, struct tally *tally, struct error *err);

/* Has the keeper to take what was counted so far? And once it has: forget it. */
bool ingest_worker_is_full(const struct worker *w);
bool ingest_worker_clear(struct worker *w, struct error *err);

/* What is known of the archive; what is not holds as for the whole run. */
struct archive_hint ingest_hint(const struct ingest_options *o, const char *name, size_t index);

/* Nothing of it was read yet. */
void ingest_prepare_result(struct archive_result *result, const struct archive *archive);

/*
 * ingest_archive_read(w, index, again, err):
 * Read the archive. What is wrong with it is its own result; only lack of memory or room and our
 * own mistakes end the run. ${again}: another archive that was kept meanwhile may be part of it.
 */
bool ingest_archive_read(struct worker *w, size_t index, bool *again, struct error *err);

#endif
