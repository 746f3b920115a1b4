/* trial.h: kage formats --test: how a definition reads the first lines of a log. */
#ifndef KAGE_TRIAL_H
#define KAGE_TRIAL_H

#include "base/error.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "report/writer/writer.h"

#include <stdbool.h>
#include <stdint.h>

/* What became of the lines looked at. */
struct trial_result {
    uint64_t lines, records, skipped, rejected;
    uint64_t adding; /* of the records: add to an earlier line of their key, where there is one */
};

/* The rows of the table, and what it is made with. */
extern const struct column trial_columns[];
extern const size_t trial_column_count;

struct trial {
    const struct format *format;
    const struct zone *zone; /* of stamps that carry none */
    const char *path;        /* of the log, packed or not */
    struct writer *writer;   /* of trial_columns */
};

/*
 * trial_run(t, out, err):
 * Hold the first mebibyte of the log against the definition: write a row for each field of the
 * first lines that are records, and for every problem of the first lines that are none.
 * Errors:  ERROR_IO, ERROR_DATA, ERROR_MEMORY.
 */
bool trial_run(const struct trial *t, struct trial_result *out, struct error *err);

#endif
