/* account.h: what became of every line, for people. */
#ifndef KAGE_ACCOUNT_H
#define KAGE_ACCOUNT_H

#include "base/buf.h"
#include "base/zone.h"
#include "ingest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct people;
struct pseudonyms;

/* Borrowed for the call. */
struct account {
    const struct ingest_result *result;
    const struct zone *report_zone;
    const char *signatures;                /* their digest; NULL: nothing was matched */
    size_t rows, shown;                    /* of the summary */
    const struct signature_set *catalogue; /* they themselves; NULL: not to be spoken of */
    uint32_t max_rejects_ppm;
    size_t repeated;                     /* archives that were named again, or linked */
    bool verbose;                        /* a line for every archive, too */
    bool stored;                         /* there are no rows */
    const struct people *people;         /* NULL: nothing is to be said of them */
    const struct pseudonyms *pseudonyms; /* NULL: names of archives are shown */
};

/* The account, some aligned lines. */
void account_append(struct buf *out, const struct account *a);

/* A line for everything that went wrong: archives not read, damage, too many rejected lines,
 * dates whose order had to be guessed by nothing.
 * Nothing where all is well. */
void account_append_problems(struct buf *out, const struct account *a);

/* What was taken of its dates though nothing at all speaks for it; NULL: nothing. */
const char *account_guess(const struct archive_result *archive);

/* Did the archive give an answer: could it be read, if only in part? */
bool account_is_answer(const struct archive_result *archive);

/* Were more lines rejected than allowed? */
bool account_has_too_many_rejects(const struct account *a);

#endif
