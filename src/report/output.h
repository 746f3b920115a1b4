/* output.h: where a command's data goes: standard output, or a file that appears whole or not at
 * all. */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include "base/buf.h"
#include "base/error.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Opaque. */
struct output;

/* Knows the unfinished files of a run, so that whoever ends it from outside can remove them. */
struct output_guard {
    pthread_mutex_t mutex;
    struct output *first;
};

#define OUTPUT_GUARD_EMPTY                                                                         \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER, NULL                                                            \
    }

/*
 * output_open(path, guard, err):
 * Open standard output (${path} NULL or `-`) or begin the file ${path}: it is written beside its
 * place under a temporary name and takes its place at output_commit. What is no regular file (a
 * device, a pipe) is written directly. A link is followed; an existing file's permissions are kept,
 * a new one's follow the umask. ${guard} may be NULL.
 * Errors:  ERROR_IO, ERROR_MEMORY.
 * Owns:    the caller closes with output_close.
 */
struct output *output_open(const char *path, struct output_guard *guard, struct error *err);

/* One that keeps what is appended, for whoever takes it from output_buf. Errors: ERROR_MEMORY. */
struct output *output_open_memory(struct error *err);

/* Its name in messages. */
const char *output_name(const struct output *o);

/* Would both take the same place? False for what is written directly. */
bool output_same_place(const struct output *a, const struct output *b);

/* Is the file with that device and inode the one that would be replaced? */
bool output_replaces(const struct output *o, uint64_t device, uint64_t inode);

/* Where to append; hand on with output_drain from time to time. Borrowed. */
struct buf *output_buf(struct output *o);

/* Write what was appended, once it is worth a call to the system. Errors: as output_finish. */
bool output_drain(struct output *o, struct error *err);

/* Write what was appended now: somebody is waiting for it. Errors: as output_finish. */
bool output_flush(struct output *o, struct error *err);

/*
 * output_finish(o, err):
 * Write the rest, down to the disk; nothing may be appended later. Where several outputs belong
 * together, finish all before the first is committed.
 * Errors:  ERROR_IO (a reader that went away: sys_errno EPIPE), ERROR_MEMORY.
 */
bool output_finish(struct output *o, struct error *err);

/* Finish and put the file into its place; to be called once. Errors: as output_finish. */
bool output_commit(struct output *o, struct error *err);

/* Has the reader of this output gone away? That ends a run silently. */
bool output_reader_is_gone(const struct error *err);

/* Without output_commit the file is given up. NULL is fine. */
void output_close(struct output *o);

/* Remove all unfinished files; no output can be committed while the caller holds the mutex. */
void output_guard_remove(const struct output_guard *guard);

#endif
