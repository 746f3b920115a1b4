/* run_file.h: one sorted run as a file; private to src/sort. */
#ifndef SORT_RUN_FILE_H
#define SORT_RUN_FILE_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* A file of records: length of the beginning that the key shares with the last one, length of the
 * rest, length of the value (as pack_number has them), rest, value. */
struct run_file {
    int fd;
    uint64_t bytes;
    unsigned level; /* how often what it holds was merged */
};

struct run_output {
    struct run_file file;
    const char *folder; /* of the file, for messages */
    struct buf bytes;   /* not written yet */
    struct buf key;     /* the last one */
};

struct run_input {
    int fd;
    uint64_t offset, left; /* of what was not read yet */
    char *buffer;
    size_t begin, end, capacity;
    struct buf key;
    struct slice value; /* in the buffer */
};

/* Errors:  ERROR_IO. Owns:    ${out}->file.fd and the rest, until run_output_close. */
bool run_output_open(struct run_output *out, const char *folder, struct error *err);
bool run_output_add(struct run_output *out, struct slice key, struct slice value,
                    struct error *err);

/* Write what waits; the file is complete. */
bool run_output_flush(struct run_output *out, struct error *err);

/* ${keep}: the file stays open, whoever took it closes it. */
void run_output_close(struct run_output *out, bool keep);

/* Read ${file} from its start. */
bool run_input_open(struct run_input *in, const struct run_file *file, struct error *err);

/* The next record into ${in}->key and value. Returns: false at the end or on a failure. */
bool run_input_next(struct run_input *in, struct error *err);

void run_input_close(struct run_input *in);

#endif
