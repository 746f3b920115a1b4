/* truth.h: what a scan of the generated log must find, per user and app. */
#ifndef KAGE_GEN_TRUTH_H
#define KAGE_GEN_TRUTH_H

#include "base/error.h"
#include "traffic.h"

#include <stdbool.h>
#include <stdio.h>

/* What the log tells; the rest of a row stays empty. */
struct truth_shape {
    bool dns;       /* queries, no requests */
    bool users;     /* names, else addresses */
    bool verdicts;  /* denied */
    bool up, down;  /* bytes */
    bool durations; /* the start of a tunnel is active too */
};

/* Opaque. */
struct truth;

/* Borrows ${world}. The caller frees with truth_free. NULL where memory is out. */
struct truth *truth_create(const struct world *world, const struct truth_shape *shape,
                           struct error *err);

/* Events come in the order of time. Returns: false where memory is out. */
bool truth_add(struct truth *t, const struct event *e, struct error *err);

/*
 * truth_write(t, out, err):
 * CSV: user,app,queries,requests,denied,bytes_up,bytes_down,active_minutes,first_seen,last_seen, by
 * user and app, named and rounded as `kage scan --csv -z UTC` does; requests for `embed` hosts
 * count only where a user has no others of the app. Errors:  ERROR_IO.
 */
bool truth_write(struct truth *t, FILE *out, struct error *err);

void truth_free(struct truth *t);

#endif
