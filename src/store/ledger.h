/* ledger.h: which content is counted already, and where it came from. */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/content.h"
#include "base/error.h"
#include "repeats/repeats.h"
#include "store/store.h"
#include "usage/coverage.h"
#include "usage/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file as the system knows it: all equal, and it is the same. */
struct ledger_file {
    uint64_t device, inode, bytes;
    int64_t changed_ns, status_ns; /* times of the last change of content and of anything */
};

/* Content that was counted in one transaction. Texts are borrowed. */
struct ledger_entry {
    const char *name, *source;
    const char *format; /* "" where there were no records */
    const char *fields; /* keys of what its format can give, joined by blanks */
    const char *packing, *damage, *sha256, *signatures, *version;
    uint64_t from_bytes;                 /* what stands before was counted earlier */
    struct content_point content, whole; /* all of it; its whole lines; both from byte 0 */
    struct content_digest first_line;
    bool open_end; /* a last line without its end was counted */
    uint64_t file_bytes;
    struct tally tally; /* of what was counted now */
    int year;
    int64_t taken_s;
};

/* Is it a file that was read and has not changed? */
bool ledger_knows_file(struct store *s, const struct ledger_file *file, bool *known,
                       struct error *err);

/* Is there any file of that size whose content is known? If not, its digest tells nothing. */
bool ledger_has_packed_size(struct store *s, uint64_t bytes, bool *has, struct error *err);

/* Is the content of the file with these bytes on disk known? */
bool ledger_knows_packed(struct store *s, const struct content_point *packed, bool *known,
                         struct error *err);

/* Is all of this content known? */
bool ledger_knows_content(struct store *s, const struct content_point *content, bool *known,
                          struct error *err);

/* The newest entry, 0 where there is none. */
bool ledger_last(struct store *s, int64_t *id, struct error *err);

/*
 * ledger_points(s, first_line, after, points, err):
 * The whole lines of the entries that begin with that line and are newer than ${after}, and what
 * they had of a last line without its end that was counted; each length and digest once, shortest
 * first. Owns: the caller frees points->points.
 */
struct ledger_points {
    struct content_point *points;
    size_t count, capacity;
};
bool ledger_points(struct store *s, const struct content_digest *first_line, int64_t after,
                   struct ledger_points *points, struct error *err);

/* Add an entry; ${id} gets its number. Inside a transaction. */
bool ledger_add(struct store *s, const struct ledger_entry *entry, int64_t *id, struct error *err);

/* Keep the prints of the lines that an entry counted. Inside a transaction. */
bool ledger_add_prints(struct store *s, int64_t archive, const struct prints_view *prints,
                       struct error *err);

/*
 * ledger_find_repeats(s, search, runs, err):
 * Note the runs of lines that an archive has in common with entries of its format and time which
 * are newer than ${after}; not with those of another source, if both have one: what two proxies
 * wrote is never the same.
 */
struct ledger_search {
    const struct prints_view *prints;
    const char *format, *source; /* source: "" where none is configured */
    int64_t first_us, last_us, after;
};
bool ledger_find_repeats(struct store *s, const struct ledger_search *search, struct repeats *runs,
                         struct error *err);

/* ${other}: one of a few entries, if there are such, that have all lines of the archive together
 * and no others, as when logs are put in order of time; else 0. */
bool ledger_find_merged(struct store *s, const struct ledger_search *search, int64_t *other,
                        struct error *err);

/* Forget the prints of entries that ended so long before the newest, or before now. */
bool ledger_prune_prints(struct store *s, int64_t now_s, int days, struct error *err);

/* The name of an entry. Owns: the caller frees it; NULL where there is none, or with ${err}. */
char *ledger_name(struct store *s, int64_t archive, struct error *err);

/* How many lines of an entry were rejected. */
bool ledger_rejected(struct store *s, int64_t archive, uint64_t *lines, struct error *err);

/* Note hashes of some of an entry's lines. Inside a transaction. */
bool ledger_add_samples(struct store *s, int64_t archive, const uint64_t *hashes, size_t count,
                        struct error *err);

/*
 * ledger_find_overlap(s, format, samples, overlap, err):
 * The entry of that format which has most of the hashes. Owns: the caller frees overlap->name, NULL
 * where there is none.
 */
struct ledger_samples {
    const uint64_t *hashes;
    size_t count;
};
struct ledger_overlap {
    char *name;
    size_t shared;
};
bool ledger_find_overlap(struct store *s, const char *format, struct ledger_samples samples,
                         struct ledger_overlap *overlap, struct error *err);

/* Add the hours that an archive of that source covers. Inside a transaction. */
bool ledger_add_coverage(struct store *s, const char *source, const struct coverage *coverage,
                         struct error *err);

/* Note where known content lies, and by which bytes on disk it can be recognised. */
bool ledger_add_file(struct store *s, const struct ledger_file *file, struct error *err);
bool ledger_add_packed(struct store *s, const struct content_point *packed, struct error *err);

#endif
