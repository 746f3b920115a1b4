/* ingest_reading.h: one archive being read, and the three duties that reading it has: its lines
 * into counts, which of them are new, and what of it is kept. */
#ifndef INGEST_READING_H
#define INGEST_READING_H

#include "format/decoding.h"
#include "format/detect.h"
#include "ingest_internal.h"
#include "io/blocks.h"
#include "io/digest.h"
#include "trail.h"

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
    bool is_pipe;             /* its bytes come once */
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

/* Counting of its records begins; anew after what was counted was forgotten. */
bool ingest_take_begin(struct reading *r, struct error *err);

/* Lines into records and on; ${decoding} NULL: lines of an archive without any record. */
bool ingest_take_lines(struct reading *r, struct decoding *decoding, const struct block *block,
                       struct error *err);

/* Everything one batch says. */
bool ingest_take_batch(struct reading *r, struct error *err);

/* A block of an archive whose new part is to be kept. */
bool ingest_new_lines(struct reading *r, struct decoding *decoding, struct block block,
                      struct error *err);

/* Lines that are new whatever they hold. */
bool ingest_new_all(struct reading *r, const struct block *text, struct error *err);

/* A last line without its end may go on in the next run. Only behind it is the reader at its end,
 * and its damage known. */
void ingest_new_hold_back(const struct reading *r, struct block *block);

/* What memory has no room for, into the keeper's hands. */
bool ingest_keep_part(struct reading *r, struct error *err);

/* Nothing of it is to be kept. */
void ingest_keep_nothing(struct reading *r);

/* Of what the keeper gets: did no line of it give a record, and some were rejected? So it is not
 * kept, and read again in the next run. */
bool ingest_keep_is_unread(const struct reading *r);

/*
 * ingest_keep_whole(r, digest, again, err):
 * What was read goes to the keeper, unless reading failed or was broken off. ${digest}: of the
 * file's bytes, NULL: unknown. ${again}: the archive has to be read once more.
 */
bool ingest_keep_whole(struct reading *r, const struct digest *digest, bool *again,
                       struct error *err);

#endif
