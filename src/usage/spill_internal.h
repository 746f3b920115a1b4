/* spill_internal.h: what writing and reading of spilled cells share. */
#ifndef USAGE_SPILL_INTERNAL_H
#define USAGE_SPILL_INTERNAL_H

#include "sort/runs.h"
#include "usage/spill.h"

struct spill {
    struct spill_options options;
    const struct usage *archives;
    struct runs *runs;
    struct runs *users; /* their names alone */
};

#endif
