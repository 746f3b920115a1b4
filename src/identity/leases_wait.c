/* leases_wait.c: claims of machines wait for some more, so that what they are looked up in comes
 * into the cache for all of them at once: a million machines and addresses do not stand there. */
#include "identity/leases_internal.h"

#include <stdlib.h>
#include <string.h>

bool leases_can_wait(const struct lease_event *e)
{
    return e->has_network && e->mac.len < WAITING_MAC && e->name.len < WAITING_NAME;
}

/* A letter and ${text} into ${room}; an empty text stays so. */
static struct slice keep(char kind, struct slice text, char *room)
{
    if (text.len == 0)
        return slice_of(room, 0);
    room[0] = kind;
    memcpy(room + 1, text.ptr, text.len);
    return slice_of(room, text.len + 1);
}

bool leases_wait(struct leases *l, const struct lease_event *e, struct error *err)
{
    struct waiting_event *w;

    if (l->waiting == NULL)
        l->waiting = calloc(WAITING_EVENTS, sizeof *l->waiting);
    if (l->waiting == NULL)
        return error_set_memory(err);
    w = &l->waiting[l->waiting_count++];
    w->event = *e;
    w->key.mac = keep('m', e->mac, w->mac);
    w->key.name = keep('n', e->name, w->name);
    w->key.mac_hash = text_map_hash(w->key.mac);
    w->key.name_hash = text_map_hash(w->key.name);
    w->place_hash = leases_hash(&e->network.base, e->network.bits);
    text_map_fetch(&l->raw, w->key.mac_hash);
    text_map_fetch(&l->raw, w->key.name_hash);
    __builtin_prefetch(&l->slots[w->place_hash & (l->slot_count - 1)]);
    return l->waiting_count < WAITING_EVENTS || leases_wait_end(l, err);
}

/* The slots have come: what they point to. */
static void fetch_rows(const struct leases *l, const struct waiting_event *w)
{
    uint32_t mac = text_map_guess(&l->raw, w->key.mac_hash);
    uint32_t name = text_map_guess(&l->raw, w->key.name_hash);
    uint64_t place = l->slots[w->place_hash & (l->slot_count - 1)];

    if (mac != TEXT_MAP_NONE)
        __builtin_prefetch(&l->raw.texts[mac]);
    if (mac < l->mac_name_capacity)
        __builtin_prefetch(&l->mac_name[mac]);
    if (name != TEXT_MAP_NONE)
        __builtin_prefetch(&l->raw.texts[name]);
    if (place != 0)
        __builtin_prefetch(&l->places[(uint32_t)place]);
}

/* The rows have come: their texts. */
static void fetch_texts(const struct leases *l, const struct waiting_event *w)
{
    uint32_t mac = text_map_guess(&l->raw, w->key.mac_hash);
    uint32_t name = text_map_guess(&l->raw, w->key.name_hash);

    if (mac != TEXT_MAP_NONE)
        __builtin_prefetch(l->raw.texts[mac].ptr);
    if (name != TEXT_MAP_NONE)
        __builtin_prefetch(l->raw.texts[name].ptr);
}

bool leases_wait_end(struct leases *l, struct error *err)
{
    bool ok = true;

    for (size_t i = 0; i < l->waiting_count; i++)
        fetch_rows(l, &l->waiting[i]);
    for (size_t i = 0; i < l->waiting_count; i++)
        fetch_texts(l, &l->waiting[i]);
    for (size_t i = 0; ok && i < l->waiting_count; i++) {
        const struct waiting_event *w = &l->waiting[i];

        ok = leases_add_machine(l, &w->event, &w->key, w->place_hash, err);
    }
    l->waiting_count = 0;
    return ok;
}
