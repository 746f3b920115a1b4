/* people.h: the directory, the machines, the leases and the exclusions that the options name. */
#ifndef KAGE_PEOPLE_H
#define KAGE_PEOPLE_H

#include "base/buf.h"
#include "base/error.h"
#include "command.h"
#include "reading.h"
#include "signature/signature.h"

#include <stdbool.h>

struct exclusions;
struct identity;
struct pseudonyms;
struct sharing;
struct workhours;

/* Zero-initialise; then `pseudonyms` where files of leases are not to be named as they are. */
struct people {
    const struct pseudonyms *pseudonyms;
    struct identity *identity;     /* NULL: names and addresses are counted as they are */
    struct exclusions *exclusions; /* NULL: none */
    struct workhours *workhours;   /* NULL: not asked for */
    struct sharing *sharing;       /* who asks from where; NULL: not asked */
    uint32_t shared;               /* of more people an address is shared */
    bool incomplete;               /* a lease file was damaged */
    bool asked_left;               /* before it is loaded: who has left is asked for */
};

/*
 * people_load(p, call, reading, arguments, words, err):
 * Load the directory and the machines and read the leases, each file in whatever format of kind
 * identity it is. Lines that make no sense are named among the call's messages, some of them.
 * Errors:  ERROR_USAGE, ERROR_SYNTAX, ERROR_IO, ERROR_DATA naming the file.
 * Owns:    the caller frees with people_free, after a failure too.
 */
bool people_load(struct people *p, const struct call *call, const struct reading *reading,
                 const struct reading_arguments *arguments, const struct reading_words *words,
                 struct error *err);

/* Only the directory: for what is in the store. */
bool people_load_users(struct people *p, const struct call *call,
                       const struct reading_arguments *arguments, struct error *err);

/* The exclusions, which name apps. */
bool people_load_exclusions(struct people *p, const struct reading *reading,
                            const struct reading_arguments *arguments,
                            const struct signature_set *signatures, struct error *err);

/* The working hours, where ${wanted}. */
bool people_load_workhours(struct people *p, const struct reading_arguments *arguments, bool wanted,
                           struct error *err);

/* What the account's lines need. */
struct people_account {
    const struct zone *zone;             /* of times */
    const struct pseudonyms *pseudonyms; /* NULL: names are shown */
    uint64_t undecided;                  /* records whose address several people had */
};

/* Lines for the account. */
void people_append_account(struct buf *out, const struct people *p, const struct people_account *a);

void people_free(struct people *p);

#endif
