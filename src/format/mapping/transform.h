/* transform.h: named conversions of a mapping line. */
#ifndef FORMAT_TRANSFORM_H
#define FORMAT_TRANSFORM_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct step;

enum transform_kind {
    TRANSFORM_TEXT,     /* text to text */
    TRANSFORM_TIME,     /* text to an instant; the last of its line */
    TRANSFORM_DURATION, /* text to a duration; the last of its line */
    TRANSFORM_MAP       /* text to the word that stands behind the first pattern it matches */
};

/* A row of transforms.def. */
struct transform {
    const char *name;
    enum transform_kind kind;
    size_t least_args, most_args;
    /* Convert ${value} in place; what is new stands in ${scratch}. Returns: false where the text
     * cannot be read so. An empty result means "no value". */
    bool (*apply)(const struct step *step, struct slice *value, struct arena *scratch);
    double unit_us; /* of a duration */
    const char *help;
};

/* The ${index}th transform in the order of transforms.def, or NULL past the last. */
const struct transform *transform_at(size_t index);

/* The transform with that name, or NULL. */
const struct transform *transform_find(struct slice name);

#endif
