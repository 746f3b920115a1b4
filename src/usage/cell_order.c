/* cell_order.c: radix sort by one part of the keys after the other. */
#include "usage/cell_order.h"

#include <stdlib.h>

void cell_order_add(struct cell_order *order, enum key_part part, const uint32_t *codes)
{
    order->steps[order->count++] = (struct order_step){part, codes};
    order->row = order->count;
}

/* Does a step tell all values of the part apart? */
static bool has_step(const struct cell_order *order, enum key_part part, size_t *place)
{
    for (size_t i = 0; i < order->count; i++)
        if (order->steps[i].part == part && order->steps[i].codes == NULL) {
            *place = i;
            return true;
        }
    return false;
}

static size_t behind(const struct cell_order *order, enum key_part part, size_t atleast)
{
    size_t place = 0;

    return has_step(order, part, &place) && place >= atleast ? place + 1 : atleast;
}

void cell_order_finish(struct cell_order *order)
{
    size_t place;

    for (unsigned part = 0; part < KEY_PARTS; part++) {
        if (part == PART_KIND)
            order->document = order->count;
        if (!has_step(order, (enum key_part)part, &place))
            order->steps[order->count++] = (struct order_step){(enum key_part)part, NULL};
    }
    order->user = behind(order, PART_USER, order->row);
    order->day = behind(order, PART_DAY, order->user);
}

uint32_t key_part_get(const struct usage_key *key, enum key_part part)
{
    switch (part) {
    case PART_USER: return key->user;
    case PART_DAY: return (uint32_t)key->day ^ UINT32_C(0x80000000); /* earlier is smaller */
    case PART_APP: return key->app;
    case PART_TENANT: return key->tenant;
    case PART_CLIENT: return key->client;
    case PART_HOST: return key->host;
    case PART_SOURCE: return key->source;
    case PART_COUNTRY: return key->country;
    case PART_HOUR: return key->hour;
    case PART_WORKHOURS: return key->workhours;
    case PART_EMBED: return key->role == ROLE_EMBED;
    case PART_KIND: return key->kind;
    case PART_ROLE: return key->role;
    case KEY_PARTS: break;
    }
    return 0;
}

void key_part_set(struct usage_key *key, enum key_part part, uint32_t number)
{
    switch (part) {
    case PART_USER: key->user = number; break;
    case PART_DAY: key->day = (int32_t)(number ^ UINT32_C(0x80000000)); break;
    case PART_APP: key->app = number; break;
    case PART_TENANT: key->tenant = number; break;
    case PART_CLIENT: key->client = number; break;
    case PART_HOST: key->host = number; break;
    case PART_SOURCE: key->source = number; break;
    case PART_COUNTRY: key->country = number; break;
    case PART_HOUR: key->hour = (uint8_t)number; break;
    case PART_WORKHOURS: key->workhours = (uint8_t)number; break;
    case PART_KIND: key->kind = (uint8_t)number; break;
    case PART_ROLE: key->role = (uint8_t)number; break;
    case PART_EMBED:
    case KEY_PARTS: break; /* the role says it */
    }
}

enum usage_name key_part_name(enum key_part part)
{
    switch (part) {
    case PART_USER: return NAME_USER;
    case PART_TENANT: return NAME_TENANT;
    case PART_CLIENT: return NAME_CLIENT;
    case PART_HOST: return NAME_HOST;
    case PART_COUNTRY: return NAME_COUNTRY;
    case PART_SOURCE: /* given once for a run */
    case PART_DAY:
    case PART_APP:
    case PART_HOUR:
    case PART_WORKHOURS:
    case PART_EMBED:
    case PART_KIND:
    case PART_ROLE:
    case KEY_PARTS: break;
    }
    return NAME_KINDS;
}

static uint32_t code_of(const struct order_step *step, const struct usage_key *key)
{
    uint32_t number = key_part_get(key, step->part);

    return step->codes == NULL ? number : step->codes[number];
}

size_t cell_order_difference(const struct cell_order *order, const struct usage_key *a,
                             const struct usage_key *b)
{
    size_t i = 0;

    while (i < order->count && code_of(&order->steps[i], a) == code_of(&order->steps[i], b))
        i++;
    return i;
}

/* What is sorted. */
struct sorting {
    const struct cell_order *order;
    const struct usage *usage;
    uint32_t *const *ranks;  /* of names, by kind; NULL: their numbers */
    struct usage_key *rests; /* of the keys, by number */
    uint32_t rest_count;
    uint32_t *before, *behind; /* the places of rests in the order, but for the user: by the steps
                                  before him, and by those behind him */
    uint32_t *keys;            /* to sort by: as many as there are cells or rests */
};

static uint32_t rank_of(const struct sorting *s, const struct order_step *step,
                        const struct usage_key *key)
{
    enum usage_name name = key_part_name(step->part);
    uint32_t code = code_of(step, key);

    return name == NAME_KINDS || s->ranks[name] == NULL ? code : s->ranks[name][code];
}

/* Do the rests agree in the steps from ${first} to ${end}? */
static bool agree(const struct sorting *s, uint32_t a, uint32_t b, size_t first, size_t end)
{
    while (first < end && rank_of(s, &s->order->steps[first], &s->rests[a]) ==
                              rank_of(s, &s->order->steps[first], &s->rests[b]))
        first++;
    return first == end;
}

/* Number the rests in the order of those steps; which agree have the same number. */
static bool rank_rests(const struct sorting *s, size_t first, size_t end, uint32_t *numbers,
                       struct error *err)
{
    struct order sorted;
    uint32_t number = 0;
    bool ok = order_init(&sorted, s->rest_count, err);

    for (size_t step = end; ok && step-- > first;) {
        for (uint32_t i = 0; i < s->rest_count; i++)
            s->keys[i] = rank_of(s, &s->order->steps[step], &s->rests[i]);
        order_by(&sorted, s->keys);
    }
    for (uint32_t i = 0; ok && i < s->rest_count; i++) {
        number += i > 0 && !agree(s, sorted.items[i - 1], sorted.items[i], first, end);
        numbers[sorted.items[i]] = number;
    }
    order_free(&sorted);
    return ok;
}

/* Cells are many, rests of their keys few: where rests have their places, cells need only three
 * keys. */
static bool sort_cells(const struct sorting *s, struct order *out, struct error *err)
{
    const uint32_t *users = s->ranks[NAME_USER];
    size_t count = usage_cell_count(s->usage), user = 0;

    while (s->order->steps[user].part != PART_USER)
        user++;
    if (!rank_rests(s, 0, user, s->before, err) ||
        !rank_rests(s, user + 1, s->order->count, s->behind, err))
        return false;
    for (size_t i = 0; i < count; i++)
        s->keys[i] = s->behind[usage_short_key_get(s->usage, i).rest];
    order_by(out, s->keys);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = usage_short_key_get(s->usage, i).user;

        s->keys[i] = users == NULL ? number : users[number];
    }
    order_by(out, s->keys);
    for (size_t i = 0; i < count; i++)
        s->keys[i] = s->before[usage_short_key_get(s->usage, i).rest];
    order_by(out, s->keys);
    return true;
}

bool cell_order_sort(const struct cell_order *order, const struct usage *usage,
                     uint32_t *const ranks[NAME_KINDS], struct order *out, struct error *err)
{
    size_t count = usage_cell_count(usage), rests = usage_rest_count(usage);
    struct sorting s = {
        .order = order, .usage = usage, .ranks = ranks, .rest_count = (uint32_t)rests};
    bool ok = order_init(out, count, err);

    s.rests = calloc(rests + 1, sizeof *s.rests);
    s.before = calloc(rests + 1, sizeof *s.before);
    s.behind = calloc(rests + 1, sizeof *s.behind);
    s.keys = calloc((count > rests ? count : rests) + 1, sizeof *s.keys);
    if (s.rests == NULL || s.before == NULL || s.behind == NULL || s.keys == NULL) {
        error_set_memory(err);
        ok = false;
    }
    for (uint32_t i = 0; ok && i < rests; i++)
        s.rests[i] = usage_rest_get(usage, i);
    ok = ok && sort_cells(&s, out, err);
    order_settle(out);
    free(s.rests);
    free(s.before);
    free(s.behind);
    free(s.keys);
    return ok;
}
