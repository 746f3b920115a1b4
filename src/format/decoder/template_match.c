/* template_match.c: holds a line against a template, with a look at the next byte before anything
 * is tried. */
#include "base/word.h"
#include "format/decoder/scan.h"
#include "format/decoder/template.h"
#include "format/decoder/trail.h"

#include <string.h>

enum {
    TRIES_LIMIT = 256,
    BYTES_PER_TRY = 16384 /* looking at so many costs as much as a try */
};

/* Where to go on when what follows does not fit: without an optional part, or with a later end of
 * a hole. */
struct retry {
    const struct template_item *item;
    const char *p, *stop;     /* where it began; of a hole, the end that was tried */
    struct trail_mark *taken; /* behind what was taken before it */
};

/* One line being held against one template. */
struct matching {
    const char *end;
    unsigned tries; /* ends of holes and optional parts tried; bounded, so that hostile lines cost
                       little */
    struct trail_mark *taken; /* behind the last of all_taken */
    struct retry *retry;      /* behind the last of retries */
    struct trail_mark all_taken[TEMPLATE_ITEMS];
    struct retry retries[TEMPLATE_ITEMS];
};

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The bytes [from, to) were looked at. */
static inline void charge(struct matching *m, const char *from, const char *to)
{
    if (to - from >= BYTES_PER_TRY)
        m->tries += (unsigned)((size_t)(to - from) / BYTES_PER_TRY);
}

static inline bool has_byte(const struct byte_set *set, char c)
{
    unsigned char byte = (unsigned char)c;

    return (set->bytes[byte / 64] >> byte % 64 & 1) != 0;
}

static inline bool may_begin(const struct template_item *item, const struct matching *m,
                             const char *p)
{
    return p == m->end ? item->first.end : has_byte(&item->first, *p);
}

/* Does the literal of ${item}, if it has one, stand at ${p}, where there is room for it? */
static inline bool has_literal(const struct template_item *item, const char *p)
{
    const struct slice text = item->literal;

    return ((word_load(p) ^ item->head) & item->mask) == 0 &&
           (text.len <= sizeof item->head ||
            memcmp(p + sizeof item->head, text.ptr + sizeof item->head,
                   text.len - sizeof item->head) == 0);
}

static inline bool is_literal_at(const struct template_item *item, const char *p, const char *end)
{
    return item->literal.len <= (size_t)(end - p) && has_literal(item, p);
}

/* --- what holes of a class may be --- */

/* Date and clock: a digit first, one blank at most. */
static bool fits_time(const char *p, const char *end)
{
    if (p < end && !is_digit(*p))
        return false;
    p = scan_either(p, end, ' ', '\t');
    return p == end || scan_either(p + 1, end, ' ', '\t') == end;
}

/* With what stands behind the % of fe80::1%eth0. */
static bool fits_address(const char *p, const char *end)
{
    p = scan_address(p, end);
    return p == end || (*p == '%' && scan_lacks(p, end, ' ', '\t') && scan_lacks(p, end, '#', '/'));
}

/* May the hole be [p, end), of which it can hold each byte somewhere? */
static inline bool fits_class(enum hole_class class, const char *p, const char *end)
{
    return class == HOLE_TIME ? fits_time(p, end) : class != HOLE_ADDRESS || fits_address(p, end);
}

/* Can the hole be [p, end)? */
static bool holds_all(const struct template_item *hole, const char *p, const char *end)
{
    if (hole->class == HOLE_TEXT)
        return true;
    if (hole->class == HOLE_ADDRESS)
        return fits_address(p, end);
    for (const char *q = p; q < end; q++)
        if ((hole->halts->bytes[(unsigned char)*q] & BYTE_HELD) == 0)
            return false;
    return fits_class(hole->class, p, end);
}

/* --- where holes end; NULL: what stands there is none --- */

/* The first place from ${p} on where the hole may end or must, or the line's end. */
static inline const char *find_halt(const struct hole_halts *halts, const char *p, const char *end)
{
    if (halts->count > 0)
        return scan_few(p, end, halts->few, halts->count);
    while (p < end && (halts->bytes[(unsigned char)*p] & BYTE_HALTS) == 0)
        p++;
    return p;
}

/* The first quote without a backslash before it. */
static const char *end_of_quoted(const char *p, const char *end)
{
    static const char halts[3] = {'"', '\\', '"'};

    for (;;) {
        p = scan_three(p, end, halts);
        if (end - p < 2 || *p == '"')
            return p < end && *p == '"' ? p : end;
        p += 2;
    }
}

/* A number takes all digits there are. */
static inline const char *end_of_digits(const struct template_item *hole, const char *p,
                                        const char *end)
{
    return scan_digits(hole->class == HOLE_COUNT && p < end && *p == '-' ? p + 1 : p, end);
}

/* An address mostly ends where something follows that it cannot hold. */
static inline const char *end_at_halt(const struct template_item *hole, const char *p,
                                      const char *end)
{
    const char *stop = hole->class == HOLE_ADDRESS ? scan_address(p, end) : p;

    if (stop > p && (stop == end || (hole->halts->bytes[(unsigned char)*stop] & BYTE_HALTS) != 0))
        return stop;
    stop = find_halt(hole->halts, p, end);
    return fits_class(hole->class, p, stop) ? stop : NULL;
}

/* --- the line --- */

static inline void take(struct matching *m, const struct template_item *hole, const char *p,
                        const char *stop)
{
    *m->taken++ = (struct trail_mark){hole, slice_of(p, (size_t)(stop - p))};
}

static inline void keep_retry(struct matching *m, const struct template_item *item, const char *p,
                              const char *stop)
{
    *m->retry++ = (struct retry){item, p, stop, m->taken};
}

/* Behind all blanks there are; mostly there is one. NULL: there is none. */
static inline const char *pass_blanks(struct matching *m, const char *p)
{
    const char *stop;

    if (p < m->end && *p == ' ' && p[1] > ' ')
        return p + 1;
    stop = scan_blanks(p, m->end);
    charge(m, p, stop);
    return stop > p ? stop : NULL;
}

/* Behind the literal of ${item}, which stands at ${p}, and the blanks that follow. */
static inline const char *pass_literal(struct matching *m, const struct template_item *item,
                                       const char *p)
{
    p += item->literal.len;
    return item->blank ? pass_blanks(m, p) : p;
}

/* A look at what would have to follow the hole: text and what may stand behind it, or a word that
 * ends as it has to. */
static bool may_follow(const struct matching *m, const struct template_item *hole, const char *stop)
{
    const char *p = stop + hole->literal.len;

    if (!is_literal_at(hole, stop, m->end) || !may_begin(hole->then - hole->blank, m, p))
        return false;
    if (hole->word == NULL)
        return true;
    p = scan_blanks(p, m->end);
    stop = scan_either(p, m->end, ' ', '\t');
    return stop > p && has_byte(hole->word, stop[-1]);
}

/* The nearest end of the hole from ${stop} on that what follows may stand behind. */
static const char *try_ends(struct matching *m, const struct template_item *hole, const char *p,
                            const char *stop)
{
    for (const char *from = stop;; from = stop++) {
        bool goes_on;

        stop = find_halt(hole->halts, stop, m->end);
        charge(m, from, stop);
        if (!may_begin(hole + 1, m, stop) || !fits_class(hole->class, p, stop))
            return NULL;
        goes_on = stop < m->end && (hole->halts->bytes[(unsigned char)*stop] & BYTE_HELD) != 0;
        if ((stop > p || hole->may_be_empty) && may_follow(m, hole, stop)) {
            if (goes_on)
                keep_retry(m, hole, p, stop);
            take(m, hole, p, stop);
            return pass_literal(m, hole, stop);
        }
        if (!goes_on || ++m->tries > TRIES_LIMIT)
            return NULL;
    }
}

/* The end of a time of one word or two before a word that ends as the hole's `word` says; NULL:
 * it has to be tried byte by byte. Each blank is looked for once. */
static inline const char *end_of_time(struct matching *m, const struct template_item *hole,
                                      const char *p)
{
    static const char alien[3] = {'[', '(', '<'};
    const char *first = scan_either(p, m->end, ' ', '\t'), *second, *third;

    if (!is_digit(*p) || first == m->end || scan_three(p, first, alien) < first)
        return NULL;
    second = scan_either(first + 1, m->end, ' ', '\t');
    if (second == first + 1)
        return NULL;
    if (has_byte(hole->word, second[-1])) {
        charge(m, p, first);
        return first;
    }
    if (second == m->end || scan_three(first, second, alien) < second)
        return NULL;
    third = scan_either(second + 1, m->end, ' ', '\t');
    if (third == second + 1 || !has_byte(hole->word, third[-1]) || m->tries >= TRIES_LIMIT)
        return NULL;
    m->tries++; /* the end before it */
    charge(m, p, first);
    charge(m, first, second);
    return second;
}

/* The same as try_ends from ${p} on where the hole is a time before an optional word. */
static inline const char *pass_time(struct matching *m, const struct template_item *hole,
                                    const char *p)
{
    const char *stop = end_of_time(m, hole, p);

    if (stop == NULL)
        return try_ends(m, hole, p, p);
    keep_retry(m, hole, p, stop);
    take(m, hole, p, stop);
    return pass_literal(m, hole, stop);
}

/* Behind a hole that ends at ${stop}, if anywhere, and its literal. */
static inline const char *pass_hole(struct matching *m, const struct template_item *hole,
                                    const char *p, const char *stop)
{
    if (stop == NULL || (stop == p && !hole->may_be_empty) || !is_literal_at(hole, stop, m->end))
        return NULL;
    charge(m, p, stop);
    take(m, hole, p, stop);
    return pass_literal(m, hole, stop);
}

/* The same where it is known that the literal ends at ${end}. */
static inline const char *pass_up_to(struct matching *m, const struct template_item *hole,
                                     const char *p, const char *end)
{
    const char *stop;

    if (end - p < (ptrdiff_t)hole->literal.len + !hole->may_be_empty)
        return NULL;
    stop = end - hole->literal.len;
    if (!has_literal(hole, stop))
        return NULL;
    charge(m, p, stop);
    take(m, hole, p, stop);
    return hole->blank ? pass_blanks(m, end) : end;
}

static const char *pass_line(struct matching *m, const struct template_item *hole, const char *p)
{
    const char *end = pass_up_to(m, hole, p, m->end);

    return end == NULL || holds_all(hole, p, end - hole->literal.len) ? end : NULL;
}

/* An optional part is there wherever it may begin, and goes when what follows does not fit. */
static inline const struct template_item *
enter_optional(struct matching *m, const struct template_item *item, const char *p)
{
    if (!may_begin(item + 1, m, p))
        return item->then;
    if (!item->commits)
        keep_retry(m, item, p, p);
    *m->taken++ = (struct trail_mark){item, slice_of(p, 0)};
    return item + 1;
}

/* What was tried last does not fit. Returns: the item to go on with, from ${p} on; NULL where
 * nothing is left to try. */
static const struct template_item *go_back(struct matching *m, const char **p)
{
    while (m->retry > m->retries) {
        const struct retry retry = *--m->retry;

        m->taken = retry.taken;
        if (++m->tries > TRIES_LIMIT)
            return NULL;
        *p = retry.p;
        if (retry.item->kind == ITEM_HOLE)
            *p = try_ends(m, retry.item, retry.p, retry.stop + 1);
        if (*p != NULL)
            return retry.item->then;
    }
    return NULL;
}

static bool match_items(struct matching *m, const struct template_item *item, const char *p)
{
    const char *const end = m->end;

    while (item != NULL) {
        switch (item->match) {
        case MATCH_OPTIONAL: item = enter_optional(m, item, p); continue;
        case MATCH_END:
            if (p == end)
                return true;
            p = NULL;
            break;
        case MATCH_LITERAL:
            p = is_literal_at(item, p, end) ? pass_literal(m, item, p) : NULL;
            break;
        case MATCH_BLANK: p = pass_blanks(m, p); break;
        case MATCH_DIGITS: p = pass_hole(m, item, p, end_of_digits(item, p, end)); break;
        case MATCH_QUOTED: p = pass_hole(m, item, p, end_of_quoted(p, end)); break;
        case MATCH_WORD: p = pass_up_to(m, item, p, scan_either(p, end, ' ', '\t')); break;
        case MATCH_LINE: p = pass_line(m, item, p); break;
        case MATCH_HALT: p = pass_hole(m, item, p, end_at_halt(item, p, end)); break;
        case MATCH_TRIED: p = try_ends(m, item, p, p); break;
        case MATCH_TIME: p = pass_time(m, item, p); break;
        }
        item = p != NULL ? item->then : go_back(m, &p);
    }
    return false;
}

/* From ${item} on, the line from ${p}, which went no trail. */
static bool match_by_trying(const struct template_item *item, const char *p, const char *end,
                            struct slice *slots, struct trails *trails)
{
    struct matching m;

    m.end = end;
    m.tries = 0;
    m.taken = m.all_taken;
    m.retry = m.retries;
    if (!match_items(&m, item, p))
        return false;
    if (trails != NULL)
        trails_learn(trails, &(struct trail_line){item, p, end, m.all_taken, m.taken});
    while (m.taken > m.all_taken) { /* of two holes of one name the first counts */
        const struct trail_mark *last = --m.taken;

        if (last->item->slot >= 0)
            slots[last->item->slot] = last->text;
    }
    return true;
}

static bool match_from(const struct template_item *item, const char *p, struct slice line,
                       struct slice *slots, struct trails *trails)
{
    const char *end = line.ptr + line.len;

    return (trails != NULL && trails_follow(trails, item, slice_of(p, (size_t)(end - p)), slots)) ||
           match_by_trying(item, p, end, slots, trails);
}

bool template_match(const struct template_item *items, struct slice line, struct slice *slots,
                    struct trails *trails)
{
    return match_from(items, line.ptr, line, slots, trails);
}

/* Does the literal stand at ${p}, and all that follows behind it? */
static bool match_behind(const struct template_item *items, const struct template_lead *lead,
                         struct slice line, const char *p, struct slice *slots,
                         struct trails *trails)
{
    const struct template_item *literal = &items[lead->behind - 1];

    return ((word_load(p) ^ lead->head) & lead->mask) == 0 &&
           is_literal_at(literal, p, line.ptr + line.len) &&
           match_from(literal + 1, p + literal->literal.len, line, slots, trails);
}

bool template_match_lead(const struct template_item *items, const struct template_lead *lead,
                         struct slice line, const char *second, struct slice *slots,
                         struct trails *trails)
{
    if (match_behind(items, lead, line, second, slots, trails))
        return true;
    return lead->may_be_first && match_behind(items, lead, line, line.ptr, slots, trails);
}
