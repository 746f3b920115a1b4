/* use.h: how strong the evidence is that somebody used an app. */
#ifndef REPORT_USE_H
#define REPORT_USE_H

#include "base/error.h"
#include "report/plan.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stddef.h>

/* A usage cell on its way into a row. */
struct part {
    const struct usage_cell *cell;
    enum use use; /* of the documented cell that it belongs to */
    enum app_status status;
};

/* Is it one of embed records, which are counted apart? */
bool use_is_embed(const struct usage_cell *cell);

/*
 * use_judge(parts, count, usage, err):
 * Note in each of the ${count} parts, in whatever order they stand, the use of its documented cell:
 * (day, user, app, tenant and the joined dimensions), embed records apart.
 * Errors:  ERROR_MEMORY.
 */
bool use_judge(struct part *parts, size_t count, const struct usage *usage, struct error *err);

#endif
