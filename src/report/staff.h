/* staff.h: what the directory says of the users of a usage: departments and who has left. */
#ifndef REPORT_STAFF_H
#define REPORT_STAFF_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "usage/filter.h"
#include "usage/usage.h"

#include <stdbool.h>
#include <stdint.h>

struct identity;

/* Departments that are too small to be shown. */
#define STAFF_SMALL "(small)"

/* Zero-initialise. */
struct staff {
    uint32_t *department; /* by NAME_USER: its number, as it is shown */
    uint32_t *own;        /* by NAME_USER: likewise, small ones as they are */
    int32_t *left_on;     /* by NAME_USER: the last day; INT32_MAX: not left */
    struct slice *names;  /* by number of a department; 0: none, the empty text */
    bool *kept;           /* by number of a department: by the filter */
    uint32_t count;       /* of departments */
    struct arena arena;
};

/*
 * staff_make(identity, usage, filter, suppress, out, err):
 * ${identity} may be NULL: nobody has a department. Departments of fewer than ${suppress} people of
 * the directory (without a department: of the usage) are one, STAFF_SMALL; where they are fewer
 * together, the next larger ones join them. ${filter} may be NULL; it sees the names of the
 * directory.
 * Errors: ERROR_MEMORY. Owns: the caller frees with staff_free.
 */
bool staff_make(const struct identity *identity, const struct usage *usage,
                const struct filter_list *filter, uint64_t suppress, struct staff *out,
                struct error *err);

/* Had the user left before that day? */
bool staff_has_left(const struct staff *s, uint32_t user, int32_t day);

void staff_free(struct staff *s);

#endif
