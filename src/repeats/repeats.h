/* repeats.h: the lines that an archive shares with others, as runs of lines in the same order. */
#ifndef REPEATS_REPEATS_H
#define REPEATS_REPEATS_H

#include "repeats/line_ranges.h"
#include "repeats/prints.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines of a run that differ, which tell a copy from lines that are alike by right. */
enum {
    REPEATS_SHORT_RUN = 3, /* where both ends are natural */
    REPEATS_LONG_RUN = 16  /* where one is; more are not counted */
};

/* A run that was found, as long as it can be. */
struct run_found {
    struct line_range lines; /* of the archive that is looked at */
    int64_t other;
    size_t distinct;   /* lines that differ, as far as it matters */
    bool begins, ends; /* where the other archive does */
    bool touches;      /* the archives have but a second in common, where one ends */
    bool believed;
};

/*
 * Runs of one archive in others. Lines may rightly be alike in two logs of the same second: a
 * question is put twice, or to two servers. So what counts of a run is the lines that differ, of
 * which there have to be some, and an end of it that is natural: where either archive ends, or
 * where lines are known beside it. A run with two natural ends is a copy, a part, or an archive put
 * together with others; so are runs side by side. One of which the archives go on differently has
 * to be long; so has one of archives that only meet in a second, which are rather the pieces of a
 * log. Known lines at whose side the other archive begins or ends are counted with the run. What is
 * not believed counts twice rather than not at all. Zero-initialise.
 */
struct repeats {
    struct run_found *runs;
    size_t count, capacity;
};

/* An archive that is known. */
struct repeats_known {
    struct prints_view prints;
    int64_t other; /* what it is called */
    bool touches;
};

/* Note the runs that ${archive} has in common with ${known}. Errors:  ERROR_MEMORY. */
bool repeats_add(struct repeats *r, const struct prints_view *archive,
                 const struct repeats_known *known, struct error *err);

/* How many of the lines differ, up to REPEATS_LONG_RUN. */
size_t repeats_distinct(const struct prints_view *v, struct line_range lines);

/*
 * repeats_believe(r, archive, out, other, err):
 * ${out} gets those of the archive's lines that the runs which are to be believed hold; ${other}
 * is where the longest was found. Owns: the caller frees out->ranges. Errors:  ERROR_MEMORY.
 */
bool repeats_believe(struct repeats *r, const struct prints_view *archive, struct line_ranges *out,
                     int64_t *other, struct error *err);

void repeats_free(struct repeats *r);

#endif
