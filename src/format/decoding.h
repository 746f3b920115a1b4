/* decoding.h: blocks of lines of one archive into batches of records. */
#ifndef FORMAT_DECODING_H
#define FORMAT_DECODING_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/zone.h"
#include "format/catalog.h"
#include "format/mapping/screen.h"
#include "format/stamp/stamp.h"
#include "record/record.h"
#include "record/reject.h"
#include "text/recoder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BATCH_RECORDS = 64 };

struct rejected {
    uint64_t line;
    enum reject why;
    struct slice text;
    struct slice detail; /* the column or key and what was expected, where that is asked for */
};

/* What some lines gave. Text is borrowed until the next call. lines = new records + skipped +
 * rejected; records of formats that spread a request over lines come later than their line, and
 * what turns out to be none is counted as skipped then. */
struct batch {
    struct record records[BATCH_RECORDS];
    size_t record_count;
    struct rejected rejects[2 * BATCH_RECORDS]; /* lines, and records of several lines */
    size_t reject_count;
    uint64_t lines, skipped;
    uint64_t joined; /* of the skipped: lines that were added to earlier records */
};

/* The state of decoding one archive: its time, open requests, whether syslog stood before its
 * lines. Opaque. */
struct decoding;

/*
 * decoding_create(format, zone, year, err):
 * ${zone} is that of stamps which carry none; ${year} that of the archive's first stamp where
 * stamps carry none.
 */
struct decoding *decoding_create(const struct format *format, const struct zone *zone, int year,
                                 struct error *err);

/* Only these fields (FIELD_BITs) are wanted; without this call all are. dest_ip is given all the
 * same where there is no host. Where the time is wanted, records without one are rejected, but for
 * identity records; those of several lines without their text. */
void decoding_want(struct decoding *d, uint32_t fields);

/* Leave out of records what ${screen}, borrowed, finds not to matter. Without effect where records
 * are put together of several lines: what one lacks another would give. */
void decoding_screen(struct decoding *d, struct screen *screen);

/* The encoding of text that escapes of the format uncover; without this call that of the
 * definition, else it is guessed. */
void decoding_say_encoding(struct decoding *d, enum encoding encoding);

/* What was done about it so far. */
const struct recoder *decoding_recoder(const struct decoding *d);

/* Take up a block: ${bytes} hold whole lines, the first of them line ${first_line} of the archive.
 * They must stay until it is used up; WIDE_SLACK readable bytes must stand behind them. */
void decoding_feed(struct decoding *d, struct slice bytes, uint64_t first_line, bool overlong);

/* Of so many rejected lines, the first from now on, say in words why they are; without this call of
 * none. Records of several lines say nothing. */
void decoding_explain(struct decoding *d, uint64_t most);

/* What batches from now on borrow that does not stand in their block is kept in ${scratch}, whose
 * user empties it, also the text of records of several lines; NULL: until the next batch, as
 * without this call. */
void decoding_keep(struct decoding *d, struct arena *scratch);

/* The number of the line behind those that were used up. */
uint64_t decoding_line(const struct decoding *d);

/* The next batch of the block. Returns: false where the block is used up (and the batch empty), or
 * on a failure. */
bool decoding_next(struct decoding *d, struct batch *out, struct error *err);

/* After the last block: the records still open. Call until it returns false. */
bool decoding_flush(struct decoding *d, struct batch *out);

/* How many of the columns that the format wants stood in headings so far; 0: there were none. */
size_t decoding_headings(const struct decoding *d);

/* The same where the format knows such a line by its begin (`header "#Fields:"`). */
size_t decoding_led(const struct decoding *d);

/* The longest run of lines (its first 64 KiB) that gave no record, empty where none has more than a
 * few: another log may have been appended. WIDE_SLACK readable bytes stand behind it. Borrowed
 * until the next call of any function. */
struct slice decoding_passed(struct decoding *d);

/* A line of every kind (some hundred, 64 KiB) that was passed over (also what syslog
 * brought from other programs), however few there are of it. As decoding_passed. */
struct slice decoding_strays(struct decoding *d);

/* Keep none: nobody will ask for them. */
void decoding_leave_strays(struct decoding *d);

/* What its stamps have shown so far: years, and orders of month and day. */
const struct stamp_clock *decoding_clock(const struct decoding *d);

/* The order of month and day where the format leaves it open. */
void decoding_say_order(struct decoding *d, enum stamp_order order);

/* The year given is a mere count, so that any may have a 29 February. */
void decoding_count_years(struct decoding *d);

void decoding_free(struct decoding *d);

#endif
