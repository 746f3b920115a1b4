/* staff.h: what the directory says of users: departments and who has left. */
#ifndef REPORT_STAFF_H
#define REPORT_STAFF_H

#include "base/error.h"
#include "base/slice.h"
#include "base/text_map.h"
#include "usage/filter.h"

#include <stdbool.h>
#include <stdint.h>

struct identity;

/* Departments that are too small to be shown. */
#define STAFF_SMALL "(small)"

/* Zero-initialise. */
struct staff {
    const struct identity *identity; /* NULL: nobody has a department */
    struct text_map numbers;         /* of departments; 0: none, the empty text */
    uint32_t *shown;                 /* by number: which stands there instead */
    bool *kept;                      /* by number as shown: by the filter */
};

/* A user. */
struct staff_member {
    uint32_t own, shown; /* number of the department */
    int32_t left_on;     /* the last day; INT32_MAX: not left */
};

/*
 * staff_make(identity, without, filter, suppress, out, err):
 * ${identity} may be NULL: nobody has a department. Departments of fewer than ${suppress} people of
 * the directory (${without} have none, as staff_count_without counts them) are one, STAFF_SMALL;
 * where they are fewer together, the next larger ones join them. ${filter} may be NULL; it sees the
 * names of the directory.
 * Errors: ERROR_MEMORY. Owns: borrows ${identity}; the caller frees with staff_free.
 */
bool staff_make(const struct identity *identity, uint64_t without, const struct filter_list *filter,
                uint64_t suppress, struct staff *out, struct error *err);

/* For spill_each_user: a user without a department is counted. */
struct staff_without {
    const struct identity *identity;
    uint64_t count;
};
bool staff_count_without(void *without, struct slice user);

struct staff_member staff_find(const struct staff *s, struct slice user);

/* The name of the department of that number. */
struct slice staff_name(const struct staff *s, uint32_t number);

void staff_free(struct staff *s);

#endif
