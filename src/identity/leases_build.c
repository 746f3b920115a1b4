/* leases_build.c: the claims on one address after the other into spans with at most one owner. */
#include "identity/leases_internal.h"

#include <stdlib.h>
#include <string.h>

/* A moment at which an owner's hold begins or ends. */
struct edge {
    int64_t at_us;
    uint32_t owner;
    bool begins;
};

/* Owners of one kind that hold at a moment. Owners are added up, so that where there is one its
 * number is known. */
struct holders {
    size_t count;
    uint64_t sum;
};

/* A machine's lease. */
struct lease {
    const struct claim *claim;
    size_t other; /* the last one before it of another machine, counted from 1; 0: none */
};

struct build {
    struct leases *l;
    const uint32_t *final;
    struct edge *edges; /* of the place in work */
    size_t edge_count, edge_capacity;
    int64_t *handovers; /* moments at which another machine got it, in order */
    size_t handover_count, handover_capacity;
    struct lease *leases; /* of machines, in order of time; they do not overlap */
    size_t lease_count, lease_capacity;
};

/* --- order --- */

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_uint32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* By time; of what began at the same moment an end that is certain comes last and so holds. */
static int by_time(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    int order = compare_int64(x->from_us, y->from_us);

    if (order == 0)
        order = (x->claim == LEASE_DEVICE_PAST) - (y->claim == LEASE_DEVICE_PAST);
    return order != 0 ? order : compare_uint32(x->order, y->order);
}

static int by_owner(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    int order = compare_uint32(x->owner, y->owner);

    return order != 0 ? order : by_time(a, b);
}

/* What ends at a moment ends before something else begins. */
static int by_moment(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    int order = compare_int64(x->at_us, y->at_us);

    return order != 0 ? order : x->begins - y->begins;
}

static int by_person(const void *a, const void *b)
{
    const struct logoff *x = a, *y = b;
    int order = compare_uint32(x->owner, y->owner);

    return order != 0 ? order : compare_int64(x->at_us, y->at_us);
}

/* Claims of one place side by side, in the order they came. Counting sort: places are numbers
 * without gaps. */
static bool group_by_place(struct leases *l)
{
    size_t *ends = calloc(l->place_count + 1, sizeof *ends);
    struct claim *sorted = calloc(l->claim_count + 1, sizeof *sorted);
    bool ok = ends != NULL && sorted != NULL;

    for (size_t i = 0; ok && i < l->claim_count; i++)
        ends[l->claims[i].place + 1]++;
    for (size_t i = 0; ok && i < l->place_count; i++)
        ends[i + 1] += ends[i];
    for (size_t i = 0; ok && i < l->claim_count; i++)
        sorted[ends[l->claims[i].place]++] = l->claims[i];
    free(ends);
    if (!ok) {
        free(sorted);
        return false;
    }
    free(l->claims);
    l->claims = sorted;
    return true;
}

typedef int comparison(const void *, const void *);

/* Few items, most of them in order already. */
static inline void sort_few(void *items, size_t size, size_t count, comparison *compare)
{
    char *all = items, one[sizeof(struct claim)];

    for (size_t i = 1; i < count; i++) {
        size_t at = i;

        while (at > 0 && compare(all + (at - 1) * size, all + i * size) > 0)
            at--;
        if (at == i)
            continue;
        memcpy(one, all + i * size, size);
        memmove(all + (at + 1) * size, all + at * size, (i - at) * size);
        memcpy(all + at * size, one, size);
    }
}

/* Items that are equal keep their order where they are few; none are, or it does not matter. */
static inline void sort_items(void *items, size_t size, size_t count, comparison *compare)
{
    enum { FEW = 32 };
    const char *all = items;
    size_t i = 1;

    if (count <= FEW) {
        sort_few(items, size, count, compare);
        return;
    }
    while (i < count && compare(all + (i - 1) * size, all + i * size) <= 0)
        i++;
    if (i < count)
        qsort(items, count, size, compare);
}

/* --- machines: one after the other --- */

static bool is_lease(const struct claim *c)
{
    return c->claim == LEASE_DEVICE || c->claim == LEASE_DEVICE_PAST;
}

static bool note_handover(struct build *b, int64_t at_us)
{
    int64_t *handovers =
        leases_make_room(b->handovers, sizeof *handovers, b->handover_count, &b->handover_capacity);

    if (handovers == NULL)
        return false;
    b->handovers = handovers;
    handovers[b->handover_count++] = at_us;
    return true;
}

static bool note_lease(struct build *b, const struct claim *c, bool same)
{
    struct lease *leases =
        leases_make_room(b->leases, sizeof *leases, b->lease_count, &b->lease_capacity);

    if (leases == NULL)
        return false;
    b->leases = leases;
    leases[b->lease_count] =
        (struct lease){c, same ? leases[b->lease_count - 1].other : b->lease_count};
    b->lease_count++;
    return true;
}

/* Is the end ${c} that of the lease ${current}? It may name the machine as that was named, or not
 * at all. */
static bool is_end_of(const struct leases *l, const struct claim *c, const struct claim *current)
{
    uint32_t owner = current->owner;

    return c->owner == owner || c->owner + 1 == l->nameless ||
           (owner < l->mac_name_capacity && l->mac_name[owner] == c->owner);
}

/* A lease ends the one before; what a machine gives back is its no more. Claims in order of time,
 * owners still those of the machines. */
static bool hand_over(struct build *b, struct claim *claims, size_t count)
{
    struct claim *current = NULL;

    b->handover_count = b->lease_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct claim *c = &claims[i];
        bool ends = c->claim == LEASE_DEVICE_END;
        bool same = current != NULL && current->owner == c->owner;

        if (!is_lease(c) && !ends)
            continue;
        if (current != NULL && (!ends || is_end_of(b->l, c, current)) &&
            current->until_us > c->from_us)
            current->until_us = c->from_us;
        if (ends)
            continue;
        if (!note_lease(b, c, same) || (!same && !note_handover(b, c->from_us)))
            return false;
        current = c;
    }
    return true;
}

/* A machine whose lease began nobody knows when had the address only after the last other one. */
static void start_later(const struct build *b, struct claim *c)
{
    size_t low = 0, high = b->lease_count, last;

    while (low < high) { /* leases that began before it ends */
        size_t middle = low + (high - low) / 2;

        if (b->leases[middle].claim->from_us < c->until_us)
            low = middle + 1;
        else
            high = middle;
    }
    last = low > 0 && b->leases[low - 1].claim->owner == c->owner ? b->leases[low - 1].other : low;
    if (last > 0 && b->leases[last - 1].claim->until_us > c->from_us)
        c->from_us = b->leases[last - 1].claim->until_us;
}

/* --- one owner's holds on a place --- */

static bool add_edge(struct build *b, int64_t at_us, uint32_t owner, bool begins)
{
    struct edge *edges =
        leases_make_room(b->edges, sizeof *edges, b->edge_count, &b->edge_capacity);

    if (edges == NULL)
        return false;
    b->edges = edges;
    edges[b->edge_count++] = (struct edge){at_us, owner, begins};
    return true;
}

/* What an owner holds without a break: by lists, and by sessions and leases, which may be ended. */
struct owner_hold {
    uint32_t owner;
    int64_t from_us, listed_until_us, until_us;
};

static int64_t end_of(const struct owner_hold *h)
{
    return h->listed_until_us > h->until_us ? h->listed_until_us : h->until_us;
}

static bool add_hold(struct build *b, const struct owner_hold *h)
{
    int64_t until_us = end_of(h);

    return h->from_us >= until_us ||
           (add_edge(b, h->from_us, h->owner, true) &&
            (until_us == LEASE_OPEN || add_edge(b, until_us, h->owner, false)));
}

/* The first logoff anywhere of the claim's owner after it began. */
static int64_t next_logoff(const struct leases *l, const struct claim *c)
{
    size_t low = 0, high = l->logoff_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct logoff *logoff = &l->logoffs[middle];

        if (logoff->owner < c->owner || (logoff->owner == c->owner && logoff->at_us <= c->from_us))
            low = middle + 1;
        else
            high = middle;
    }
    if (low < l->logoff_count && l->logoffs[low].owner == c->owner)
        return l->logoffs[low].at_us;
    return LEASE_OPEN;
}

/* The first moment after the claim began at which another machine got the address. */
static int64_t next_handover(const struct build *b, const struct claim *c)
{
    size_t low = 0, high = b->handover_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (b->handovers[middle] <= c->from_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->handover_count ? b->handovers[low] : LEASE_OPEN;
}

/* A session ends with a logoff that does not say where, and with the machine. */
static int64_t end_of_claim(const struct build *b, const struct claim *c)
{
    int64_t until_us = c->until_us, logoff_us, handover_us;

    if (c->claim != LEASE_LOGON)
        return until_us;
    logoff_us = next_logoff(b->l, c);
    handover_us = next_handover(b, c);
    until_us = logoff_us < until_us ? logoff_us : until_us;
    return handover_us < until_us ? handover_us : until_us;
}

static bool is_end(const struct claim *c)
{
    return c->claim == LEASE_LOGOFF || c->claim == LEASE_DEVICE_END;
}

static void extend(struct owner_hold *h, enum lease_claim claim, int64_t until_us)
{
    int64_t *end = claim == LEASE_LISTED ? &h->listed_until_us : &h->until_us;

    if (until_us > *end)
        *end = until_us;
}

/* The claims of one owner, in order of time, put together into holds that do not overlap. */
static bool add_holds(struct build *b, const struct claim *claims, size_t count)
{
    struct owner_hold h = {claims[0].owner, LEASE_OPEN, LEASE_ALWAYS, LEASE_ALWAYS};

    for (size_t i = 0; i < count; i++) {
        const struct claim *c = &claims[i];
        enum lease_claim claim = (enum lease_claim)c->claim;

        if (is_end(c)) {
            if (h.until_us > c->from_us)
                h.until_us = c->from_us;
            continue;
        }
        if (h.from_us > c->from_us || end_of(&h) < c->from_us) {
            if (!add_hold(b, &h))
                return false;
            h = (struct owner_hold){c->owner, c->from_us, LEASE_ALWAYS, LEASE_ALWAYS};
        }
        extend(&h, claim, end_of_claim(b, c));
    }
    return add_hold(b, &h);
}

/* --- spans --- */

static bool add_span(struct leases *l, int64_t from_us, uint32_t owner)
{
    struct span *spans =
        leases_make_room(l->spans, sizeof *spans, l->span_count, &l->span_capacity);

    if (spans == NULL)
        return false;
    l->spans = spans;
    if (l->span_count >= UINT32_MAX)
        return false;
    spans[l->span_count++] = (struct span){from_us, owner};
    return true;
}

static void count_edge(struct holders *h, const struct edge *e)
{
    if (e->begins) {
        h->count++;
        h->sum += e->owner;
    } else {
        h->count--;
        h->sum -= e->owner;
    }
}

/* A person before a machine of nobody; two of the same kind are none. */
static uint32_t holder(const struct holders *people, const struct holders *machines)
{
    const struct holders *h = people->count > 0 ? people : machines;

    return h->count == 0 ? LEASE_NOBODY : h->count == 1 ? (uint32_t)h->sum : CONFLICT;
}

static void note_conflict(struct leases *l, const struct place *place, const struct edge *e,
                          uint32_t before)
{
    if (l->stats.conflicts < NOTICE_LIMIT)
        l->conflicts[l->stats.conflicts] =
            (struct lease_notice){.network = {place->base, place->bits},
                                  .from_us = e->at_us,
                                  .owner = before,
                                  .other = e->owner};
    l->stats.conflicts++;
}

static void note_shared(struct leases *l, const struct place *place, size_t people)
{
    if (people <= l->threshold)
        return;
    if (l->stats.shared < NOTICE_LIMIT)
        l->shared[l->stats.shared] =
            (struct lease_notice){.network = {place->base, place->bits}, .people = people};
    l->stats.shared++;
}

/* The edges of a place, in order of time, into its spans. */
static bool sweep(struct build *b, struct place *place)
{
    struct leases *l = b->l;
    struct holders people = {0}, machines = {0};
    uint32_t now = LEASE_NOBODY;
    size_t most = 0;

    place->first = (uint32_t)l->span_count;
    for (size_t i = 0; i < b->edge_count; i++) {
        const struct edge *e = &b->edges[i];
        uint32_t next;

        count_edge(l->is_person[e->owner] ? &people : &machines, e);
        if (people.count > most)
            most = people.count;
        if (i + 1 < b->edge_count && b->edges[i + 1].at_us == e->at_us)
            continue;
        next = holder(&people, &machines);
        if (next == now)
            continue;
        if (next == CONFLICT && e->begins)
            note_conflict(l, place, e, now);
        if (!add_span(l, e->at_us, next))
            return false;
        now = next;
    }
    place->count = (uint32_t)(l->span_count - place->first);
    note_shared(l, place, most);
    return true;
}

static bool build_place(struct build *b, struct claim *claims, size_t count)
{
    struct place *place = &b->l->places[claims[0].place];

    sort_items(claims, sizeof *claims, count, by_time);
    if (!hand_over(b, claims, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (claims[i].claim == LEASE_DEVICE_NOW)
            start_later(b, &claims[i]);
    for (size_t i = 0; i < count; i++)
        claims[i].owner = b->final[claims[i].owner];
    sort_items(claims, sizeof *claims, count, by_owner);
    b->edge_count = 0;
    for (size_t from = 0, until; from < count; from = until) {
        for (until = from + 1; until < count && claims[until].owner == claims[from].owner; until++)
            ;
        if (!add_holds(b, claims + from, until - from))
            return false;
    }
    sort_items(b->edges, sizeof *b->edges, b->edge_count, by_moment);
    return sweep(b, place);
}

bool leases_build(struct leases *l, const uint32_t *final, struct error *err)
{
    struct build b = {.l = l, .final = final};
    bool ok = group_by_place(l);

    for (size_t i = 0; i < l->logoff_count; i++)
        l->logoffs[i].owner = final[l->logoffs[i].owner];
    if (l->logoff_count > 0)
        qsort(l->logoffs, l->logoff_count, sizeof *l->logoffs, by_person);
    for (size_t from = 0, until; ok && from < l->claim_count; from = until) {
        for (until = from + 1;
             until < l->claim_count && l->claims[until].place == l->claims[from].place; until++)
            ;
        ok = build_place(&b, l->claims + from, until - from);
    }
    free(b.edges);
    free(b.handovers);
    free(b.leases);
    return ok || error_set_memory(err);
}
