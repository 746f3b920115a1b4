/* detail_take.c: which rows of an archive go into one of the store, and their pairs. */
#include "store/detail/detail_adding.h"

#include "base/room.h"

#include <stdlib.h>

static bool is_same_row(const struct row_key *a, const struct row_key *b)
{
    return a->day == b->day && a->name == b->name && a->app == b->app && a->tenant == b->tenant &&
           a->kind == b->kind && a->role == b->role && a->flags == b->flags;
}

size_t detail_alike(const struct detail_adding *a, const uint32_t *order, size_t count)
{
    size_t n = 1;

    while (n < count && is_same_row(&a->placed[*order].key, &a->placed[order[n]].key))
        n++;
    return n;
}

static bool list_pair(struct detail_adding *a, const struct pair *pair)
{
    if (!ROOM_FOR_ONE(a->list, a->list_count, a->list_capacity))
        return false;
    a->list[a->list_count++] = *pair;
    return true;
}

static int compare_pairs(const void *left, const void *right)
{
    return pairs_compare(left, right);
}

bool detail_list_pairs(struct detail_adding *a, const uint32_t *order, size_t count,
                       struct error *err)
{
    struct detail_pair from;
    bool sorted = true;

    a->list_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct detail_reader reader = detail_read(a->part->detail, a->placed[order[i]].row);

        while (detail_next(&reader, &from)) {
            struct pair pair = {0, from.hour, from.passed, from.denied};

            if (!numbers_of_name(&a->numbers, NAME_USER, from.user, &pair.user, err))
                return false;
            sorted = sorted &&
                     (a->list_count == 0 || pairs_compare(&a->list[a->list_count - 1], &pair) <= 0);
            if (!list_pair(a, &pair))
                return error_set_memory(err);
        }
    }
    if (!sorted)
        qsort(a->list, a->list_count, sizeof *a->list, compare_pairs);
    return true;
}
