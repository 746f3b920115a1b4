/* privacy.h: the options that keep people out of what is printed. */
#ifndef KAGE_PRIVACY_H
#define KAGE_PRIVACY_H

#include "base/buf.h"
#include "base/error.h"
#include "options.h"
#include "report/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct pseudonyms;

/* As given. */
struct privacy_arguments {
    const char *pseudonymize, *suppress_small;
};

/* Rows with offsets into struct privacy_arguments; the key alone. */
extern const struct option_row privacy_rows[], privacy_key_rows[];

/* Zero-initialise. */
struct privacy {
    struct pseudonyms *pseudonyms; /* NULL: names are shown */
    uint64_t suppress;             /* departments of fewer people are shown as one; 0: all */
};

/*
 * privacy_open(p, arguments, plan, err):
 * Read the key; small departments can only be hidden where rows are no people's.
 * Errors: ERROR_USAGE, ERROR_IO, ERROR_MEMORY. Owns: the caller closes with privacy_close.
 */
bool privacy_open(struct privacy *p, const struct privacy_arguments *arguments,
                  const struct plan *plan, struct error *err);

/* Append to ${out} what is wrong with the key's file, if anything; its name may be somebody's. It
 * is no refusal: a secret that a container mounts has the mode that the mount gives. */
void privacy_append_problems(const struct privacy *p, struct buf *out);

void privacy_close(struct privacy *p);

#endif
