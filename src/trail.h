/* trail.h: follows an archive's content and notices where it is known already. */
#ifndef TRAIL_H
#define TRAIL_H

#include "base/content.h"
#include "base/error.h"
#include "base/slice.h"
#include "repeats/prints.h"
#include "sketch.h"
#include "store/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Content is known where it is, from its begin, one known piece after the other: the file of last
 * night that has grown, or several put together. A piece can begin only where a known one ended,
 * and is looked for by its first line. Opaque.
 */
struct trail;

/* Finds the known pieces that begin with a line, as ledger_points does; called from several
 * threads. */
struct trail_lookup {
    bool (*points)(void *context, const struct content_digest *first_line,
                   struct ledger_points *points, struct error *err);
    void *context;
};

/* Owns: borrows ${lookup}; the caller frees with trail_free. */
struct trail *trail_create(const struct trail_lookup *lookup, struct error *err);

/*
 * trail_take(t, bytes, taken, known, err):
 * Go on by some of ${bytes} (whole lines, but for the last of the archive): all of them, or up to
 * where all content so far is known, which ${known} says; then there may be more. A line of which
 * some was counted before it had its end is known whole.
 */
bool trail_take(struct trail *t, struct slice bytes, size_t *taken, bool *known, struct error *err);

/* May what comes next turn out to be known? Else trail_take looks nothing up any more. */
bool trail_may_know(const struct trail *t);

/* What it has come to. */
struct trail_end {
    struct content_point content; /* all of it */
    struct content_point whole;   /* its whole lines */
    struct content_digest first_line;
    struct content_digest piece; /* first line of what stands behind the known bytes */
    uint64_t known_bytes, known_lines;
    struct sketch sketch;      /* of the lines behind the known bytes */
    struct prints_view prints; /* likewise; borrowed from the trail */
};
struct trail_end trail_end(const struct trail *t);

void trail_free(struct trail *t);

#endif
