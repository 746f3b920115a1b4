/* joint.c: the smallest of the next records of each sorter. */
#include "sort/joint.h"

uint64_t joint_count(const struct joint *j)
{
    uint64_t count = 0;

    for (size_t i = 0; i < j->count; i++)
        count += sorter_count(j->sorters[i]);
    return count;
}

/* Returns: false on a failure; an end is none. */
static bool fetch(struct joint *j, size_t part, struct error *err)
{
    j->there[part] = sorter_next(j->sorters[part], &j->keys[part], &j->values[part], err);
    return j->there[part] || err->code == ERROR_NONE;
}

bool joint_start(struct joint *j, struct error *err)
{
    j->given = j->count;
    for (size_t i = 0; i < j->count; i++)
        if (!sorter_start(j->sorters[i], err) || !fetch(j, i, err))
            return false;
    return true;
}

bool joint_next(struct joint *j, struct slice *key, struct slice *value, struct error *err)
{
    size_t least = j->count;

    if (j->given < j->count && !fetch(j, j->given, err))
        return false;
    for (size_t i = 0; i < j->count; i++)
        if (j->there[i] && (least == j->count || slice_compare(j->keys[i], j->keys[least]) < 0))
            least = i;
    j->given = least;
    if (least == j->count)
        return false;
    *key = j->keys[least];
    *value = j->values[least];
    return true;
}

void joint_free(struct joint *j)
{
    for (size_t i = 0; i < j->count; i++)
        sorter_free(j->sorters[i]);
    j->count = 0;
}
