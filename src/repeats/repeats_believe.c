/* repeats_believe.c: which of the runs that were found are copies, and not lines that are alike by
 * right. */
#include "repeats/repeats.h"

#include <stdlib.h>

enum { JOINED_LINES = 4 * REPEATS_LONG_RUN }; /* looked at beside a run; some may be alike */

/* Of each line of the archive: */
struct covered {
    uint8_t *marks;
    size_t lines;
    const struct prints_view *archive;
};

enum mark {
    MARK_BELIEVED = 1, /* it is known */
    MARK_FOUND = 2,    /* it stands in a run */
    MARK_BEGINS = 4,   /* another archive begins with it */
    MARK_ENDS = 8      /* another archive ends with it */
};

static bool has(const struct covered *c, size_t line, enum mark mark)
{
    return (c->marks[line] & mark) != 0;
}

static void mark_all(struct covered *c, struct line_range lines, enum mark mark)
{
    for (size_t line = lines.from; line < lines.to; line++)
        c->marks[line] |= (uint8_t)mark;
}

static bool is_known(const struct covered *c, size_t line)
{
    return line < c->lines && has(c, line, MARK_BELIEVED);
}

/* Ends of the run, of two, that are natural: an archive begins or ends there, or what is beside
 * them is known. */
static int natural_ends(const struct covered *c, const struct run_found *run)
{
    size_t from = run->lines.from, to = run->lines.to;

    return (run->begins || from == 0 || is_known(c, from - 1) || has(c, from, MARK_BEGINS)) +
           (run->ends || to == c->lines || is_known(c, to) || has(c, to - 1, MARK_ENDS));
}

/* The run together with known lines at whose side the other archive begins or ends: what was kept
 * piece by piece, night by night, is one run of lines. */
static struct line_range joined_lines(const struct covered *c, const struct run_found *run)
{
    struct line_range lines = run->lines;

    if (run->begins)
        while (lines.from > 0 && is_known(c, lines.from - 1) &&
               run->lines.from - lines.from < JOINED_LINES)
            lines.from--;
    if (run->ends)
        while (is_known(c, lines.to) && lines.to - run->lines.to < JOINED_LINES)
            lines.to++;
    return lines;
}

static size_t count_distinct(const struct covered *c, const struct run_found *run)
{
    struct line_range lines = joined_lines(c, run);

    if (run->touches || run->distinct == REPEATS_LONG_RUN ||
        (lines.from == run->lines.from && lines.to == run->lines.to))
        return run->distinct;
    return repeats_distinct(c->archive, lines);
}

static bool is_believable(const struct covered *c, const struct run_found *run)
{
    size_t distinct = count_distinct(c, run);
    int natural = natural_ends(c, run);

    return (distinct >= REPEATS_LONG_RUN && natural > 0) ||
           (distinct >= REPEATS_SHORT_RUN && natural == 2 && !run->touches);
}

/* Returns: is it believed only now? */
static bool believe(struct covered *c, struct run_found *run)
{
    if (run->believed || !is_believable(c, run))
        return false;
    mark_all(c, run->lines, MARK_BELIEVED);
    run->believed = true;
    return true;
}

/* There and back, as long as one makes the next credible. */
static void believe_runs(struct covered *c, struct repeats *r)
{
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < r->count; i++)
            more = believe(c, &r->runs[i]) || more;
        for (size_t i = r->count; i-- > 0;)
            more = believe(c, &r->runs[i]) || more;
    }
}

/* Runs side by side, as of parts that were put together, are as one. */
static void believe_together(struct covered *c)
{
    struct run_found joint = {.lines = {0, 0}};

    for (size_t line = 0; line <= c->lines; line++) {
        if (line < c->lines && has(c, line, MARK_FOUND)) {
            joint.lines.to = line + 1;
            continue;
        }
        if (joint.lines.from < joint.lines.to && natural_ends(c, &joint) == 2)
            mark_all(c, joint.lines, MARK_BELIEVED);
        joint.lines = (struct line_range){line + 1, line + 1};
    }
}

static void believe_all(struct covered *c, struct repeats *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct run_found *run = &r->runs[i];

        if (run->distinct < REPEATS_SHORT_RUN || run->touches)
            continue;
        mark_all(c, run->lines, MARK_FOUND);
        c->marks[run->lines.from] |= run->begins ? MARK_BEGINS : 0;
        c->marks[run->lines.to - 1] |= run->ends ? MARK_ENDS : 0;
    }
    believe_runs(c, r);
    believe_together(c);
}

static bool gather(const struct covered *c, struct line_ranges *out, struct error *err)
{
    for (size_t line = 0; line < c->lines; line++)
        if (has(c, line, MARK_BELIEVED) &&
            !line_ranges_add(out, (struct line_range){line, line + 1}, err))
            return false;
    return true;
}

/* The archive of the longest run that is believed. */
static int64_t longest(const struct covered *c, const struct repeats *r)
{
    size_t most = 0;
    int64_t other = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct run_found *run = &r->runs[i];

        if (!has(c, run->lines.from, MARK_BELIEVED) || run->lines.to - run->lines.from <= most)
            continue;
        most = run->lines.to - run->lines.from;
        other = run->other;
    }
    return other;
}

bool repeats_believe(struct repeats *r, const struct prints_view *archive, struct line_ranges *out,
                     int64_t *other, struct error *err)
{
    struct covered covered = {NULL, archive->count, archive};
    bool ok;

    *out = (struct line_ranges){0};
    *other = 0;
    if (r->count == 0)
        return true;
    covered.marks = calloc(covered.lines + 1, sizeof *covered.marks);
    if (covered.marks == NULL)
        return error_set_memory(err);
    believe_all(&covered, r);
    *other = longest(&covered, r);
    ok = gather(&covered, out, err);
    free(covered.marks);
    return ok;
}
