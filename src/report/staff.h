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
struct usage;

/* What there is to know of users. */
struct staff_world {
    const struct identity *identity; /* today's directory; NULL: nobody has a department */
    const struct usage *stored;      /* its NAME_CLIENT are departments of other days; NULL: none */
    uint64_t without; /* users without a department, as staff_count_without counts them */
};

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
 * staff_make(world, filter, suppress, out, err):
 * Departments of fewer than ${suppress} people of the directory are one, STAFF_SMALL; so are those
 * that it does not have any more. Where they are fewer together, the next larger ones join them.
 * ${filter} may be NULL; it sees the names as they are.
 * Errors: ERROR_MEMORY. Owns: borrows what ${world} points to; the caller frees with staff_free.
 */
bool staff_make(const struct staff_world *world, const struct filter_list *filter,
                uint64_t suppress, struct staff *out, struct error *err);

/* For spill_each_user: a user without a department is counted. */
struct staff_without {
    const struct identity *identity;
    uint64_t count;
};
bool staff_count_without(void *without, struct slice user);

struct staff_member staff_find(const struct staff *s, struct slice user);

/* The same, of a day for which the store knows the department: not empty. */
struct staff_member staff_find_stored(const struct staff *s, struct slice user,
                                      struct slice department);

/* The name of the department of that number. */
struct slice staff_name(const struct staff *s, uint32_t number);

void staff_free(struct staff *s);

#endif
