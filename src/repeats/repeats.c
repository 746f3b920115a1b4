/* repeats.c: runs of lines that two archives have in common: a table of short windows of the one,
 * through which the other is pulled. */
#include "repeats/repeats.h"

#include "base/hash.h"
#include "base/room.h"

#include <stdlib.h>

enum {
    WINDOW = 64 / PRINT_COARSE, /* coarse prints that tell a place; a fine one does alone */
    SMALL = 1 << 16,            /* lines, of which every window is looked at, */
    SAMPLED = 8,                /* else one in so many */
    LIKE_PLACES = 16,           /* with the same window are followed */
    SURE_BITS = 24,             /* more than it takes to find such a run by chance once */
    PATIENCE = 16               /* lines compared a line there is, before places are passed over */
};

/* Where a run ended: a place on it is none of another. */
struct followed {
    size_t distance; /* between its places in both */
    size_t behind;   /* in the large one */
};

/* Two archives, of which the one with fewer lines is in the table. */
struct matching {
    struct prints_view small, large;
    bool archive_is_small;
    int width;     /* bits that both have */
    size_t window; /* lines that are looked up together */
    bool sampled;
    uint32_t *table; /* of places in the small one + 1; 0: free */
    size_t mask;
    int64_t other;
    bool touches;
    struct followed followed[LIKE_PLACES];
    size_t next;     /* of them */
    size_t behind;   /* all runs, in the large one */
    size_t patience; /* comparisons left */
};

static uint64_t print_at(const struct matching *m, const struct prints_view *v, size_t i)
{
    uint64_t print = prints_at(v, i);

    return m->width == PRINT_COARSE ? print & UINT16_MAX : print;
}

/* The window that ends with one more line. */
static uint64_t slide(const struct matching *m, const struct prints_view *v, size_t i,
                      uint64_t window)
{
    uint64_t print = print_at(m, v, i);

    return m->width == PRINT_COARSE ? window << PRINT_COARSE | print : print;
}

static uint64_t window_at(const struct matching *m, const struct prints_view *v, size_t place)
{
    uint64_t window = 0;

    for (size_t i = 0; i < m->window; i++)
        window = slide(m, v, place + i, window);
    return window;
}

/* Which windows are looked up depends on what stands in them, not on where. */
static bool is_taken(const struct matching *m, uint64_t hash)
{
    return !m->sampled || (hash >> 32) % SAMPLED == 0;
}

static bool make_table(struct matching *m, struct error *err)
{
    size_t slots = 16, places = m->small.count / (m->sampled ? SAMPLED : 1);
    uint64_t window = 0;

    while (slots < places * 3)
        slots *= 2;
    m->mask = slots - 1;
    m->table = calloc(slots, sizeof *m->table);
    if (m->table == NULL)
        return error_set_memory(err);
    for (size_t i = 0, filled = 0; i < m->small.count; i++) {
        uint64_t hash = hash_mix(window = slide(m, &m->small, i, window));
        size_t slot = hash & m->mask;

        if (i + 1 < m->window || !is_taken(m, hash) || filled > slots / 2)
            continue;
        for (size_t k = 0; m->table[slot] != 0 && k < (size_t)4 * LIKE_PLACES; k++)
            slot = (slot + 1) & m->mask;
        if (m->table[slot] != 0) /* as of a line that is repeated without end */
            continue;
        m->table[slot] = (uint32_t)(i + 2 - m->window);
        filled++;
    }
    return true;
}

static bool add_run(struct repeats *r, const struct run_found *run, struct error *err)
{
    if (!ROOM_FOR_ONE(r->runs, r->count, r->capacity))
        return error_set_memory(err);
    r->runs[r->count++] = *run;
    return true;
}

size_t repeats_distinct(const struct prints_view *v, struct line_range lines)
{
    uint64_t seen[REPEATS_LONG_RUN];
    size_t count = 0;

    for (size_t line = lines.from; line < lines.to && count < REPEATS_LONG_RUN; line++) {
        uint64_t print = prints_at(v, line);
        size_t i = 0;

        while (i < count && seen[i] != print)
            i++;
        if (i == count)
            seen[count++] = print;
    }
    return count;
}

/* Could it be chance, among so many places in both? */
static bool is_sure(const struct matching *m, size_t lines)
{
    uint64_t places = (m->small.count | 1) * (m->large.count | 1);
    unsigned bits = 64 - (unsigned)__builtin_clzll(places);

    return lines * (size_t)m->width >= bits + SURE_BITS;
}

static bool is_followed(const struct matching *m, size_t small, size_t large)
{
    for (size_t i = 0; i < LIKE_PLACES; i++)
        if (m->followed[i].behind > large && m->followed[i].distance == large - small)
            return true;
    return false;
}

/* A run was found from two places on. */
static void note_followed(struct matching *m, size_t small, size_t large, size_t lines)
{
    m->followed[m->next++ % LIKE_PLACES] = (struct followed){large - small, large + lines};
    m->behind = large + lines > m->behind ? large + lines : m->behind;
    m->patience -= lines < m->patience ? lines : m->patience;
}

/* Lines alike before and behind two places. */
static bool follow(struct matching *m, size_t small, size_t large, struct repeats *r,
                   struct error *err)
{
    size_t back = 0, on = 0;
    struct run_found run = {.other = m->other, .touches = m->touches};

    while (back < small && back < large &&
           print_at(m, &m->small, small - back - 1) == print_at(m, &m->large, large - back - 1))
        back++;
    while (small + on < m->small.count && large + on < m->large.count &&
           print_at(m, &m->small, small + on) == print_at(m, &m->large, large + on))
        on++;
    note_followed(m, small, large, on);
    m->patience -= back < m->patience ? back : m->patience;
    if (!is_sure(m, back + on))
        return true;
    if (m->archive_is_small) {
        run.lines = (struct line_range){small - back, small + on};
        run.begins = back == large;
        run.ends = large + on == m->large.count;
    } else {
        run.lines = (struct line_range){large - back, large + on};
        run.begins = back == small;
        run.ends = small + on == m->small.count;
    }
    run.distinct = repeats_distinct(m->archive_is_small ? &m->small : &m->large, run.lines);
    return add_run(r, &run, err);
}

/* All places of the small one whose window is that at ${large}. */
static bool look_up(struct matching *m, uint64_t window, size_t large, struct repeats *r,
                    struct error *err)
{
    uint64_t hash = hash_mix(window);
    size_t like = 0;

    for (size_t slot = hash & m->mask; m->table[slot] != 0 && like < LIKE_PLACES;
         slot = (slot + 1) & m->mask) {
        size_t small = m->table[slot] - 1;

        if (window_at(m, &m->small, small) != window)
            continue;
        like++;
        if (!is_followed(m, small, large) && !follow(m, small, large, r, err))
            return false;
    }
    return true;
}

/* Is the window at that place of the large one looked up? One that stands in a run already is only
 * where the archive is the small one: that may have its lines twice, and both are to be found. */
static bool is_due(const struct matching *m, size_t place, uint64_t window)
{
    bool found = place < m->behind, again = m->archive_is_small && m->patience > 0;

    return is_taken(m, hash_mix(window)) && (!found || again);
}

static bool pull_through(struct matching *m, struct repeats *r, struct error *err)
{
    uint64_t window = 0;

    m->patience = PATIENCE * (m->small.count + m->large.count);
    for (size_t i = 0; i < m->large.count; i++) {
        window = slide(m, &m->large, i, window);
        if (i + 1 >= m->window && is_due(m, i + 1 - m->window, window) &&
            !look_up(m, window, i + 1 - m->window, r, err))
            return false;
    }
    return true;
}

/* Do all lines of the one stand in the other, in their order, with others between them? Only whole
 * prints tell that. */
static bool is_among(const struct prints_view *some, const struct prints_view *all)
{
    size_t line = 0;

    if (some->width != PRINT_FINE || all->width != PRINT_FINE)
        return false;
    for (size_t i = 0; i < all->count && line < some->count; i++)
        line += prints_at(some, line) == prints_at(all, i);
    return line == some->count;
}

/* Of archives that were put in order of time, the lines of one that stand in the other. */
static bool add_among(struct repeats *r, const struct prints_view *archive,
                      const struct repeats_known *known, struct error *err)
{
    const struct prints_view *other = &known->prints;
    struct run_found run = {
        .lines = {0, archive->count}, .other = known->other, .begins = true, .ends = true};
    size_t line = 0;

    run.distinct = repeats_distinct(archive, run.lines);
    if (run.distinct == REPEATS_LONG_RUN && is_among(archive, other))
        return add_run(r, &run, err);
    run.distinct = repeats_distinct(other, (struct line_range){0, other->count});
    if (run.distinct < REPEATS_LONG_RUN || !is_among(other, archive))
        return true;
    for (size_t i = 0; line < other->count; i++) {
        if (prints_at(other, line) != prints_at(archive, i))
            continue;
        run.lines = (struct line_range){i, i + 1};
        line++;
        if (!add_run(r, &run, err))
            return false;
    }
    return true;
}

bool repeats_add(struct repeats *r, const struct prints_view *archive,
                 const struct repeats_known *known, struct error *err)
{
    const struct prints_view *other = &known->prints;
    struct matching m = {.other = known->other,
                         .touches = known->touches,
                         .archive_is_small = archive->count <= other->count};
    bool ok;

    m.small = m.archive_is_small ? *archive : *other;
    m.large = m.archive_is_small ? *other : *archive;
    m.width = archive->width < other->width ? archive->width : other->width;
    m.window = m.width == PRINT_COARSE ? WINDOW : 1;
    m.sampled = m.small.count > SMALL;
    if (m.small.count < m.window)
        return true;
    ok = add_among(r, archive, known, err) && make_table(&m, err) && pull_through(&m, r, err);
    free(m.table);
    return ok;
}

void repeats_free(struct repeats *r)
{
    free(r->runs);
    *r = (struct repeats){0};
}
