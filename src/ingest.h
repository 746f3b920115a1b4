/* ingest.h: archives into usage cells, or into records for `decode`. */
#ifndef INGEST_H
#define INGEST_H

#include "base/arena.h"
#include "base/error.h"
#include "base/zone.h"
#include "format/stamp/stamp.h"
#include "io/archive.h"
#include "io/reader.h"
#include "record/record.h"
#include "signature/signature.h"
#include "text/recoder.h"
#include "trail.h"
#include "usage/counting.h"
#include "usage/coverage.h"
#include "usage/filter.h"
#include "usage/spill.h"
#include "usage/tally.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

struct format_catalog;
struct rejected;
struct detail;
struct exclusions;
struct identity;
struct psl;
struct sharing;
struct workhours;

/* What is known of one archive before it is read. */
struct archive_hint {
    const char *source;      /* its [source], else its name */
    const char *format;      /* as -f: id or family; NULL: that of the run */
    const struct zone *zone; /* of stamps that carry none; NULL: that of the run */
    enum encoding encoding;  /* of text that is no UTF-8; ENCODING_UNKNOWN: the definition's */
    enum stamp_order
        date_order; /* of dates whose format leaves it open; ORDER_OPEN: that of the run */
};

/* Everything the reading options say. Borrowed for the run. */
struct ingest_options {
    const struct format_catalog *formats;
    const struct archive_hint *hints;       /* one an archive; NULL: nothing is known */
    const char *format;                     /* -f: id, family; NULL: detect */
    const struct signature_set *signatures; /* NULL for decode */
    const struct psl *psl;                  /* not NULL: count unknown hosts, not apps */
    const struct psl *detail;               /* not NULL: note every host, too; with a keeper */
    const struct identity *identity;        /* NULL: names and addresses as they are */
    struct sharing *sharing;                /* NULL, or where to note who asked from where */
    struct exclusions *exclusions;          /* NULL: none; its counts grow */
    const struct workhours *workhours;      /* not NULL: a dimension */
    const struct zone *stamp_zone;          /* of stamps that carry none */
    const struct zone *report_zone;
    int64_t now_s;                      /* the time of the run, for what has no other */
    int year;                           /* --year, 0: guessed */
    enum stamp_order date_order;        /* --date-order; ORDER_OPEN: guessed */
    unsigned with;                      /* WITH_… */
    const struct record_filter *filter; /* NULL: keep all */
    enum inflate inflate;
    const char *temporary; /* folder of temporary files; NULL: /tmp */
    /* Bytes, beyond which cells wait on disk, with a keeper in its hands; 0: no limit. */
    uint64_t max_memory;
    const struct cell_order *order; /* in which they wait; with max_memory, without a keeper */
    unsigned threads;               /* at least 1 */
};

/* So many rejected lines of an archive are explained: a file of nothing else stays quick to read.
 */
enum { EXPLAINED_REJECTS = 1000000 };

/* The first rejected line of an archive, as the line of a file of rejects has it. */
struct first_reject {
    uint64_t line; /* 0: none was rejected */
    enum reject why;
    char
        detail[256]; /* the column or key and what was expected; "" where there is no more to say */
};

/* What became of one archive. Text is borrowed from the run. */
struct archive_result {
    const char *name;
    const char *format; /* id, or NULL where none was found or the archive was empty */
    char twins[160];    /* other ids that read it alike, joined by ", "; "" */
    const char *packing;
    uint64_t
        recoded[ENCODING_COUNT]; /* words converted from there; ENCODING_UNKNOWN: words of none */
    struct tally tally;
    struct first_reject first_reject;
    uint64_t compressed_bytes;
    int year_of_last;            /* year chosen for stamps that carry none, 0 where not needed */
    enum stamp_order date_order; /* of month and day, chosen for dates that do not show it;
                               ORDER_OPEN where not needed */
    bool date_order_by_time;     /* by the archive's time, else as its definition has it first */
    char damage[256];            /* "" where sound */
    struct error failure;        /* why it could not be read or fits no format */
    char sha256[65];             /* "" unless asked for */
    bool known;                  /* nothing of it was new to the keeper */
};

/* Called for every rejected line, in no certain order between archives, never at the same time from
 * two threads. Of the first EXPLAINED_REJECTS of an archive the detail is there. */
struct reject_sink {
    void (*reject)(void *context, const char *archive, const struct rejected *rejected);
    void *context;
};

/* Called for every record of `decode`, in order of archives and lines. The host is normalised. */
struct record_sink {
    bool (*record)(void *context, const char *archive, const struct record *record,
                   struct error *err);
    void *context;
};

/* What is to be kept of an archive that was read. */
struct archive_kept {
    const struct archive_result *result;
    const struct usage *usage; /* of its new part alone; so coverage */
    const struct coverage *coverage;
    const struct detail *detail; /* NULL: not asked for */
    const struct trail_end *end; /* new is what stands behind the known bytes */
    bool open_end;               /* the last line has no end, and was counted */
    struct content_point packed; /* its bytes on disk; no bytes for a pipe */
    uint32_t fields;             /* FIELD_BITs that its format can give */
};

enum archive_fate {
    FATE_NEW,
    FATE_KNOWN, /* nothing of it was new */
    FATE_AGAIN  /* some of it is known, that shows only now: to be read again without that */
};

/* Keeps what was read, an archive at a time, and knows what it has; called from several threads at
 * the same time. An archive's last line waits in it while it has no end, where the archive is a
 * plain file or damaged: it may go on there. */
struct archive_keeper {
    /* Before an archive is read. ${known}: it need not be. */
    bool (*begin)(void *context, size_t index, bool *known, struct error *err);
    /* Lines of it that are not to be counted, from 0; borrowed until it is kept. */
    const struct line_ranges *(*skipped)(void *context, size_t index);
    struct trail_lookup lookup;
    /* While it is read: some of it that memory has no room for, without its coverage. What was
     * taken of an archive goes with the rest that is kept, or is given up. */
    bool (*take)(void *context, size_t index, const struct archive_kept *part, struct error *err);
    void (*give_up)(void *context, size_t index);
    /* After it was read. */
    bool (*keep)(void *context, size_t index, const struct archive_kept *kept,
                 enum archive_fate *fate, struct error *err);
    void *context;
};

/* Shown while reading; read from another thread. */
struct ingest_progress {
    _Atomic uint64_t done_bytes; /* compressed */
};

struct ingest_result {
    struct archive_result *archives;
    size_t count;
    struct tally total;
    struct usage *usage; /* of all threads, joined; NULL after a decode */
    struct spill *spill; /* the cells where they were too many for memory (the usage has the names
                            of archives and the days with a proxy log), else NULL */
    struct arena arena;
};

/* Where everything but the cells goes. */
struct ingest_sinks {
    const struct reject_sink *rejects; /* may be NULL */
    const struct record_sink
        *records;                     /* decode: records go there and no usage is made; else NULL */
    struct ingest_progress *progress; /* may be NULL */
    bool digests;                     /* SHA-256 of the archives as they are on disk */
    const struct archive_keeper *keeper; /* cells go there, the usage of the run stays empty */
};

/*
 * ingest_run(options, archives, sinks, out, err):
 * Read all archives into usage cells. One archive's failure is noted in its result, not an error.
 * Errors:  ERROR_MEMORY, ERROR_BUG (a broken account).
 * Owns:    the caller frees with ingest_result_free.
 */
bool ingest_run(const struct ingest_options *options, const struct archive_list *archives,
                const struct ingest_sinks *sinks, struct ingest_result *out, struct error *err);

void ingest_result_free(struct ingest_result *r);

#endif
