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
