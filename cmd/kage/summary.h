/* summary.h: the options that say what a usage summary shows, as scan and query share them. */
#ifndef KAGE_SUMMARY_H
#define KAGE_SUMMARY_H

#include "base/error.h"
#include "options.h"
#include "report/plan.h"

#include <stdbool.h>

/* As given. */
struct summary_arguments {
    const char *by, *sort, *top;
    bool unknown;
};

/* Rows with offsets into struct summary_arguments. */
extern const struct option_row summary_rows[];
extern const struct option_row summary_unknown_rows[]; /* of scan: a store keeps no unknown hosts */

/* The plan that the options ask for. Errors: ERROR_USAGE naming the option. */
bool summary_plan(const struct summary_arguments *arguments, struct plan *plan, struct error *err);

#endif
