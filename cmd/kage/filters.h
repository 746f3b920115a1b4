/* filters.h: the options that choose records and cells. */
#ifndef KAGE_FILTERS_H
#define KAGE_FILTERS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/zone.h"
#include "identity/identity.h"
#include "options.h"
#include "report/plan.h"
#include "report/row/rows.h"
#include "signature/signature.h"
#include "usage/filter.h"

#include <stdbool.h>
#include <stdint.h>

/* As given. */
struct filter_arguments {
    const char *since, *until;
    struct text_list user, department, app, category, vendor, managed, status, tenant, host, client,
        source, country, use;
    bool left;
};

/* Rows with offsets into struct filter_arguments. */
extern const struct option_row filter_rows[];

/* What the filters are checked against. */
struct filter_world {
    const struct signature_set *signatures;
    const struct zone *report_zone;
    int64_t now_s;
};

/*
 * filters_parse(arguments, world, records, rows, arena, err):
 * Words joined by commas or given apart are alternatives; one with `!` in front is left out; `*` is
 * a wildcard. Words of app, category, managed, status and use must stand for something.
 * Errors:  ERROR_USAGE naming the option and the word; a period that ends before it begins;
 * ERROR_MEMORY.
 * Owns:    ${arena} holds the patterns.
 */
bool filters_parse(const struct filter_arguments *arguments, const struct filter_world *world,
                   struct record_filter *records, struct rows_filter *rows, struct arena *arena,
                   struct error *err);

/* A word of --user is a person's by any name that the directory has of them: that under which they
 * are counted is added to it. ${identity} may be NULL. Errors: ERROR_MEMORY. */
bool filters_add_people(struct record_filter *records, const struct identity *identity,
                        struct arena *arena, struct error *err);

/* Where ${unknown} hosts are asked for: of those nothing is known that filters of apps could ask
 * for. Errors:  ERROR_USAGE naming the option. */
bool filters_check_unknown(const struct filter_arguments *a, bool unknown, struct error *err);

/* Where no file of people (${users}, or NULL) is read, logs know no departments. Errors:
 * ERROR_USAGE where some are asked for. */
bool filters_check_departments(const struct filter_arguments *a, const char *users,
                               struct error *err);

/* Are those asked for who have left, or for who is one of them? */
bool filters_ask_left(const struct filter_arguments *a, const struct plan *plan);

/* Where no file of people (${users}, or NULL) is read, nobody is known to have left. Errors:
 * ERROR_USAGE where that is asked. */
bool filters_check_left(const struct filter_arguments *a, const struct plan *plan,
                        const char *users, struct error *err);

#endif
