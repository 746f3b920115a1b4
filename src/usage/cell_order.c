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

bool cell_order_sort(const struct cell_order *order, const struct usage *usage,
                     uint32_t *const ranks[NAME_KINDS], struct order *out, struct error *err)
{
    size_t count = usage_cell_count(usage);
    uint64_t *keys;

    if (!order_init(out, count, err))
        return false;
    keys = calloc(count + 1, sizeof *keys);
    if (keys == NULL)
        return error_set_memory(err);
    for (size_t s = order->count; s-- > 0;) {
        const struct order_step *step = &order->steps[s];
        enum usage_name name = key_part_name(step->part);
        const uint32_t *rank = name == NAME_KINDS ? NULL : ranks[name];

        for (size_t i = 0; i < count; i++) {
            struct usage_key key = usage_key_get(usage, i);
            uint32_t code = code_of(step, &key);

            keys[i] = rank == NULL ? code : rank[code];
        }
        order_by(out, keys);
    }
    free(keys);
    return true;
}
