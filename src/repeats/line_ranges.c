/* line_ranges.c: ranges of lines, ascending and apart. */
#include "repeats/line_ranges.h"

#include "base/room.h"

#include <stdlib.h>

bool line_ranges_add(struct line_ranges *out, struct line_range range, struct error *err)
{
    struct line_range *last = out->count > 0 ? &out->ranges[out->count - 1] : NULL;

    if (last != NULL && range.from <= last->to) {
        last->to = range.to > last->to ? range.to : last->to;
        return true;
    }
    if (!ROOM_FOR_ONE(out->ranges, out->count, out->capacity))
        return error_set_memory(err);
    out->ranges[out->count++] = range;
    return true;
}

bool line_ranges_join(struct line_ranges *into, const struct line_ranges *more, struct error *err)
{
    struct line_ranges joined = {0};
    size_t i = 0, k = 0;
    bool ok = true;

    while (ok && (i < into->count || k < more->count)) {
        bool first =
            k == more->count || (i < into->count && into->ranges[i].from <= more->ranges[k].from);

        ok = line_ranges_add(&joined, first ? into->ranges[i++] : more->ranges[k++], err);
    }
    free(into->ranges);
    *into = joined;
    return ok;
}

static size_t moved(size_t line, int64_t distance)
{
    size_t back = (size_t)-distance;

    if (distance >= 0)
        return line + (size_t)distance;
    return line > back ? line - back : 0;
}

void line_ranges_move(struct line_ranges *ranges, int64_t distance)
{
    size_t kept = 0;

    for (size_t i = 0; i < ranges->count; i++) {
        struct line_range range = {moved(ranges->ranges[i].from, distance),
                                   moved(ranges->ranges[i].to, distance)};

        if (range.from < range.to)
            ranges->ranges[kept++] = range;
    }
    ranges->count = kept;
}

size_t line_ranges_sum(const struct line_ranges *ranges)
{
    size_t sum = 0;

    for (size_t i = 0; i < ranges->count; i++)
        sum += ranges->ranges[i].to - ranges->ranges[i].from;
    return sum;
}
