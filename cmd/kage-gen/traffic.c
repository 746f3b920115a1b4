/* traffic.c: what happens: one request or question after the other, in the order of time. */

#include "traffic.h"

enum { HOURS = 24, HOUR_MS = 3600000 };

struct traffic traffic_of(const struct world *world, uint64_t lines, unsigned days,
                          int64_t start_ms, bool questions)
{
    return (struct traffic){.world = world,
                            .random = random_seeded(world->seed ^ 1),
                            .lines = lines,
                            .slots = (uint64_t)days * HOURS,
                            .start_ms = start_ms,
                            .questions = questions};
}

/* How many of all events lie before that hour. */
static uint64_t events_before(const struct traffic *t, uint64_t slot)
{
    static const uint8_t weights[HOURS] = {1, 1,  1,  1,  1,  2,  4, 8, 14, 18, 18, 16,
                                           9, 16, 18, 17, 16, 14, 9, 5, 3,  2,  2,  1};
    uint64_t day = 0, before = 0;

    for (unsigned h = 0; h < HOURS; h++) {
        day += weights[h];
        if (h < slot % HOURS)
            before += weights[h];
    }
    const uint64_t weight = slot / HOURS * day + before, total = t->slots / HOURS * day;

    /* lines * weight / total without passing 64 bits */
    return t->lines / total * weight + t->lines % total * weight / total;
}

/* An even draw of the magnitude, then one within it: from 2^low to under 2^high. */
static uint64_t log_even(uint64_t noise, unsigned low, unsigned high)
{
    const unsigned bits = low + (unsigned)((noise & 255) * (high - low) >> 8);

    return (UINT64_C(1) << bits) | ((noise >> 8) & ((UINT64_C(1) << bits) - 1));
}

static enum outcome some_outcome(uint32_t draw)
{
    static const uint32_t denied = 12, failed = 17, challenged = 37; /* of 1000, each from there */

    if (draw >= challenged)
        return OUTCOME_PASSED;
    return draw < denied ? OUTCOME_DENIED : draw < failed ? OUTCOME_FAILED : OUTCOME_CHALLENGED;
}

static void fill_request(struct random *r, struct event *e)
{
    const uint64_t sizes = random_next(r), times = random_next(r);

    e->connect = random_below(r, 100) < 85;
    e->outcome = some_outcome(random_below(r, 1000));
    e->elapsed_ms = (uint32_t)log_even(times, 2, e->connect ? 19 : 11);
    e->bytes_up = log_even(sizes, 9, 13);
    e->bytes_down = log_even(sizes >> 32, 9, 16) * (times >> 60 == 0 ? 64 : 1);
    if (e->outcome == OUTCOME_PASSED)
        return;
    e->elapsed_ms = (uint32_t)(times & 3);
    e->bytes_up = 300 + (sizes & 63);
    e->bytes_down = 3900 + (e->outcome == OUTCOME_FAILED ? 0 : 64);
}

bool traffic_next(struct traffic *t, struct event *out)
{
    while (t->step == t->in_slot) {
        if (t->slot == t->slots)
            return false;
        t->in_slot = events_before(t, t->slot + 1) - events_before(t, t->slot);
        t->step = 0;
        t->slot++;
    }
    const uint64_t within = (t->step++ * HOUR_MS + random_below(&t->random, HOUR_MS)) / t->in_slot;

    *out = (struct event){.ts_ms = t->start_ms + (int64_t)((t->slot - 1) * HOUR_MS + within),
                          .user = world_pick_user(t->world, &t->random),
                          .noise = random_next(&t->random)};
    out->host = world_pick_host(t->world, &t->random, out->user, &t->room);
    if (!t->questions)
        fill_request(&t->random, out);
    return true;
}
