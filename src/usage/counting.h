/* counting.h: records into cells: who, which app, when. */
#ifndef USAGE_COUNTING_H
#define USAGE_COUNTING_H

#include "base/error.h"
#include "base/zone.h"
#include "record/record.h"
#include "signature/signature.h"
#include "usage/filter.h"
#include "usage/tally.h"
#include "usage/usage.h"

#include <stdbool.h>

/* Dimensions beyond (day, user, app, tenant) that join the cell's key. */
enum { WITH_HOUR = 1, WITH_CLIENT = 2, WITH_HOST = 4, WITH_SOURCE = 8, WITH_COUNTRY = 16 };

struct detail;
struct exclusions;
struct identity;
struct psl;
struct sharing;
struct workhours;

struct counting_options {
    const struct signature_set *signatures;
    const struct zone *report_zone;     /* of days, hours and minutes */
    const struct record_filter *filter; /* NULL: keep all */
    unsigned with;                      /* WITH_… */
    /* Not NULL: count what no signature knows, instead of apps: in cells of SIGNATURE_NO_APP and
     * ROLE_SERVICE whose NAME_TENANT is the psl_group of the host. */
    const struct psl *psl;
    const struct identity *identity;   /* NULL: names and addresses are counted as they are */
    struct sharing *sharing;           /* NULL, or where to note who asked from where */
    struct exclusions *exclusions;     /* NULL: none; its counts grow */
    const struct workhours *workhours; /* not NULL: joins the key */
    /* Not NULL: where to note every host, known or not; not with psl. Beyond some thousand unknown
     * hosts of a domain the further ones are noted as one, `*.` and the domain; beyond a million of
     * all they are not. */
    struct detail *detail;
};

/* Adds records to one usage; has the caches of users and hosts. Opaque. Not thread-safe. */
struct counting;

/* Owns: borrows ${usage} and all of ${options}; the caller frees with counting_free. */
struct counting *counting_create(const struct counting_options *options, struct usage *usage,
                                 struct error *err);

/* What follows comes from that archive, of that source; ${fields}: what its format can give
 * (FIELD_BITs). */
bool counting_begin(struct counting *c, const char *archive, const char *source, uint32_t fields,
                    struct error *err);

/* FIELD_BITs of what counting looks at; user agents only where a rule does. */
uint32_t counting_fields(const struct counting *c);

/*
 * counting_add_batch(c, records, n, tally, err):
 * Find each record's user and app and add it to its cell; ${tally} notes what became of it.
 * Cost: a hash look-up for the user, one for the host, one for the cell. Fastest with some dozens
 * of records at a time. Errors:  ERROR_MEMORY.
 */
bool counting_add_batch(struct counting *c, const struct record *records, size_t n,
                        struct tally *tally, struct error *err);

/* Forget what is remembered of users and hosts: the usage is about to be cleared (usage_clear). */
void counting_forget(struct counting *c);

void counting_free(struct counting *c);

#endif
