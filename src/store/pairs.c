/* pairs.c: distances and counts as LEB128. */
#include "store/pairs.h"

#include "base/num.h"
#include "store/pack.h"
#include "usage/detail.h"

enum { HAS_HOUR = 1, HAS_DENIED = 2, FLAG_BITS = 2 };

int pairs_compare(const struct pair *a, const struct pair *b)
{
    if (a->user != b->user)
        return a->user < b->user ? -1 : 1;
    return (a->hour > b->hour) - (a->hour < b->hour);
}

static void write_last(struct pairs *p)
{
    const struct pair *pair = &p->last;
    bool hour = pair->hour != DETAIL_NO_HOUR, denied = pair->denied > 0;

    pack_put(p->out, (uint64_t)(pair->user - p->before) << FLAG_BITS | (hour ? HAS_HOUR : 0U) |
                         (denied ? HAS_DENIED : 0U));
    if (hour)
        pack_put(p->out, pair->hour);
    pack_put(p->out, pair->passed);
    if (denied)
        pack_put(p->out, pair->denied);
    p->before = pair->user;
}

void pairs_add(struct pairs *p, const struct pair *pair)
{
    p->passed = num_add(p->passed, pair->passed);
    p->denied = num_add(p->denied, pair->denied);
    if (p->begun && pairs_compare(&p->last, pair) == 0) {
        p->last.passed = num_add(p->last.passed, pair->passed);
        p->last.denied = num_add(p->last.denied, pair->denied);
        return;
    }
    p->users += !p->begun || p->last.user != pair->user;
    if (p->begun)
        write_last(p);
    p->last = *pair;
    p->begun = true;
}

void pairs_end(struct pairs *p)
{
    if (p->begun)
        write_last(p);
    p->begun = false;
}

static bool read_pair(struct pairs_reader *r, struct pair *pair)
{
    uint64_t head, hour = DETAIL_NO_HOUR;

    *pair = (struct pair){0};
    if (!pack_get(&r->bytes, &head) || head >> FLAG_BITS > UINT32_MAX - r->user)
        return false;
    r->user += (uint32_t)(head >> FLAG_BITS);
    pair->user = r->user;
    if ((head & HAS_HOUR) != 0 && (!pack_get(&r->bytes, &hour) || hour >= DETAIL_NO_HOUR))
        return false;
    pair->hour = (uint8_t)hour;
    return pack_get(&r->bytes, &pair->passed) &&
           ((head & HAS_DENIED) == 0 || pack_get(&r->bytes, &pair->denied));
}

bool pairs_next(struct pairs_reader *r, struct pair *pair)
{
    if (r->bytes.len == 0 || r->damaged)
        return false;
    r->damaged = !read_pair(r, pair);
    return !r->damaged;
}

bool pairs_join(struct pairs *out, struct slice a, struct slice b)
{
    struct pairs_reader readers[2] = {{.bytes = a}, {.bytes = b}};
    struct pair pairs[2];
    bool has[2] = {pairs_next(&readers[0], &pairs[0]), pairs_next(&readers[1], &pairs[1])};

    while (has[0] || has[1]) {
        unsigned which = !has[0] || (has[1] && pairs_compare(&pairs[1], &pairs[0]) < 0);

        pairs_add(out, &pairs[which]);
        has[which] = pairs_next(&readers[which], &pairs[which]);
    }
    pairs_end(out);
    return !readers[0].damaged && !readers[1].damaged;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

bool pairs_subtract(struct pairs *out, struct slice a, struct slice b)
{
    struct pairs_reader all = {.bytes = a}, gone = {.bytes = b};
    struct pair pair, taken;
    bool has_taken = pairs_next(&gone, &taken);

    while (pairs_next(&all, &pair)) {
        while (has_taken && pairs_compare(&taken, &pair) < 0)
            has_taken = pairs_next(&gone, &taken);
        if (has_taken && pairs_compare(&taken, &pair) == 0) {
            pair.passed = less(pair.passed, taken.passed);
            pair.denied = less(pair.denied, taken.denied);
        }
        if (pair.passed > 0 || pair.denied > 0)
            pairs_add(out, &pair);
    }
    pairs_end(out);
    while (has_taken)
        has_taken = pairs_next(&gone, &taken);
    return !all.damaged && !gone.damaged;
}
