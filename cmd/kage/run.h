/* run.h: one reading of archives, as scan and decode share it. */
#ifndef KAGE_RUN_H
#define KAGE_RUN_H

#include "account.h"
#include "base/error.h"
#include "command.h"
#include "ingest.h"
#include "reading.h"

#include <stdbool.h>

struct output;

/* Zero-initialise; the caller fills `ingest` beyond what run_prepare does. */
struct run {
    const struct call *call;
    const struct reading_arguments *arguments;
    const struct reading *reading;
    const struct archive_keeper *keeper; /* of ingest; else NULL */
    struct ingest_options ingest;
    struct ingest_result result;
};

/* Fill `ingest` with what the reading options say. */
void run_prepare(struct run *run);

/*
 * run_ingest(run, records, err):
 * Read all archives, with progress where it can be seen; rejected lines go to their output.
 * ${records}: of decode, else NULL. Errors: as ingest_run; ERROR_IO of the rejected lines.
 * Owns: the caller frees with run_free.
 */
bool run_ingest(struct run *run, const struct record_sink *records, struct error *err);

/*
 * run_check_outputs(reading, out, err):
 * Are ${out} (NULL: there is none), the rejected lines and the manifest files of their own, and
 * none of them an archive that is to be read? Errors: ERROR_USAGE naming the file.
 */
bool run_check_outputs(const struct reading *reading, const struct output *out, struct error *err);

/*
 * run_deliver(run, out, err):
 * Finish ${out}, the rejected lines and the manifest, then put all of them into their places. Where
 * the reader of one is gone, the other files are still put there.
 * Errors: ERROR_IO, ERROR_MEMORY; nothing is left behind where a disk is full.
 */
bool run_deliver(const struct run *run, struct output *out, struct error *err);

/* The account of the run; rows are the caller's to fill. */
struct account run_account(const struct run *run);

/* --verbose wins over --quiet, which may stand in the configuration. */
bool run_shows_account(const struct run *run);

/* The exit status that follows from what was read. */
enum outcome run_outcome(const struct run *run);

void run_free(struct run *run);

#endif
