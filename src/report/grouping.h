/* grouping.h: by what cells are put together into rows. */
#ifndef REPORT_GROUPING_H
#define REPORT_GROUPING_H

#include "base/error.h"
#include "report/plan.h"
#include "signature/signature.h"
#include "usage/cell_order.h"

#include <stdbool.h>
#include <stdint.h>

/* Cells in this order: those of a row, but for the dimension `use`, follow each other. */
struct grouping {
    struct cell_order order;
    /* by app; equal texts have equal numbers; NULL where no dimension goes by them */
    uint32_t *categories, *vendors, *managed;
};

/* Errors:  ERROR_MEMORY. Owns:    the caller frees with grouping_free, also after a failure. */
bool grouping_init(struct grouping *g, const struct plan *plan,
                   const struct signature_set *signatures, struct error *err);

void grouping_free(struct grouping *g);

#endif
