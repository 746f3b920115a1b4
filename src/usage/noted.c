/* noted.c: one table of hashes, of hosts and of domains with how many hosts they have. */
#include "usage/noted.h"

#include <stdlib.h>
#include <xxhash.h>

enum { COUNT_BITS = 13, COUNT_MASK = (1 << COUNT_BITS) - 1, FIRST_SLOTS = 1 << 8 };

_Static_assert((int)NOTED_OF_DOMAIN <= (int)COUNT_MASK, "a domain's count has room");

/* Where the hash stands, or is to stand; its lowest bits do not count. */
static uint64_t *slot_of(const struct noted *n, uint64_t hash)
{
    size_t at = (size_t)(hash >> COUNT_BITS) & (n->slot_count - 1);

    while (n->slots[at] != 0 && n->slots[at] >> COUNT_BITS != hash >> COUNT_BITS)
        at = (at + 1) & (n->slot_count - 1);
    return &n->slots[at];
}

/* Room for two more. */
static bool make_room(struct noted *n)
{
    struct noted grown = {.slot_count = n->slot_count == 0 ? FIRST_SLOTS : n->slot_count * 2};

    if ((n->used + 2) * 2 <= n->slot_count)
        return true;
    grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
    if (grown.slots == NULL)
        return false;
    for (size_t i = 0; i < n->slot_count; i++)
        if (n->slots[i] != 0)
            *slot_of(&grown, n->slots[i]) = n->slots[i];
    free(n->slots);
    n->slots = grown.slots;
    n->slot_count = grown.slot_count;
    return true;
}

/* One more for the hash. */
static void count(struct noted *n, uint64_t *slot, uint64_t hash)
{
    n->used += *slot == 0;
    *slot = (hash & ~(uint64_t)COUNT_MASK) | ((*slot & COUNT_MASK) + 1);
}

bool noted_add(struct noted *n, struct slice host, struct slice domain, enum noted_as *as)
{
    uint64_t of_host = XXH3_64bits(host.ptr, host.len);
    uint64_t of_domain = ~XXH3_64bits(domain.ptr, domain.len);
    bool has_domain = domain.len > 0 && domain.len < host.len;
    uint64_t *slot;

    if (!make_room(n))
        return false;
    *as = NOTED_BY_NAME;
    if (*slot_of(n, of_host) != 0)
        return true;
    slot = slot_of(n, of_domain);
    *as = has_domain && (*slot & COUNT_MASK) >= NOTED_OF_DOMAIN ? NOTED_TOGETHER : NOTED_NOT;
    if (*as == NOTED_TOGETHER || n->hosts >= NOTED_OF_ALL)
        return true;
    *as = NOTED_BY_NAME;
    n->hosts++;
    if (has_domain)
        count(n, slot, of_domain);
    count(n, slot_of(n, of_host), of_host);
    return true;
}

void noted_free(struct noted *n)
{
    free(n->slots);
    *n = (struct noted){0};
}
