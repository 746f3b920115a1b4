/* usage.c: the table of cells and the names they refer to. */
#include "usage/usage.h"

#include "base/hash.h"
#include "base/num.h"
#include "base/pages.h"
#include "base/room.h"
#include "usage/usage_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 512, MANY_SLOTS = 1 << 19 };

/* The empty text is number 0 of every kind. */
static bool has_empty_name(struct usage *u, enum usage_name kind)
{
    return text_map_add(&u->names[kind], slice_of("", 0), NULL) != TEXT_MAP_NONE;
}

struct usage *usage_create(struct error *err)
{
    struct usage *u = calloc(1, sizeof *u);

    for (int kind = 0; u != NULL && kind < NAME_KINDS; kind++)
        if (!has_empty_name(u, (enum usage_name)kind)) {
            usage_free(u);
            u = NULL;
        }
    if (u == NULL)
        error_set_memory(err);
    return u;
}

bool usage_name_id(struct usage *u, enum usage_name kind, struct slice text, uint32_t *id)
{
    *id = text.len == 0 ? 0 : text_map_add(&u->names[kind], text, NULL);
    return *id != TEXT_MAP_NONE;
}

struct slice usage_name(const struct usage *u, enum usage_name kind, uint32_t id)
{
    return u->names[kind].texts[id];
}

uint32_t usage_name_count(const struct usage *u, enum usage_name kind)
{
    return u->names[kind].count;
}

/* A sum of products, which the processor works out side by side. */
uint64_t usage_key_hash(const struct usage_key *key)
{
    uint64_t times = (uint64_t)(uint32_t)key->day << 24 | (uint64_t)key->hour << 16 |
                     (uint64_t)key->role << 8 | key->kind;

    return hash_mix(((uint64_t)key->user << 32 | key->app) * UINT64_C(0xff51afd7ed558ccd) +
                    ((uint64_t)key->tenant << 32 | key->host) * UINT64_C(0xc4ceb9fe1a85ec53) +
                    ((uint64_t)key->client << 32 | key->source) * UINT64_C(0x87c37b91114253d5) +
                    times * UINT64_C(0x4cf5ad432745937f) +
                    key->country * UINT64_C(0x52dce729da3ed64d));
}

static uint32_t slot_of(const struct usage *u, uint64_t hash, size_t cell)
{
    return ((uint32_t)(hash >> 32) & ~u->cell_mask) | (uint32_t)(cell + 1);
}

/* The cell + 1 of a slot, or 0 where the slot is that of another hash. */
static size_t cell_in_slot(const struct usage *u, uint32_t slot, uint64_t hash)
{
    return ((slot ^ (uint32_t)(hash >> 32)) & ~u->cell_mask) == 0 ? slot & u->cell_mask : 0;
}

/* Where the cell of ${hash} is looked for first, and where next. Slots are as many as are needed,
 * so that the place is a part of their number instead of bits of the hash. */
static inline size_t first_slot(const struct usage *u, uint64_t hash)
{
    return (size_t)((uint64_t)(uint32_t)hash * u->slot_count >> 32);
}

static inline size_t next_slot(const struct usage *u, size_t at)
{
    return at + 1 == u->slot_count ? 0 : at + 1;
}

/* The first free slot for ${hash}. */
static size_t free_slot(const struct usage *u, uint64_t hash)
{
    size_t at = first_slot(u, hash);

    while (u->slots[at] != 0)
        at = next_slot(u, at);
    return at;
}

/* Have that many slots another cell to be found by? Most probes are in one line of memory. */
static bool has_room(const struct usage *u, size_t slots)
{
    return u->cells.count < slots / 8 * 7;
}

/* As many slots as the cells and another need: twice as many as there were, of many a fourth more.
 */
static size_t more_slots(const struct usage *u)
{
    size_t count = FIRST_SLOTS;

    while (!has_room(u, count))
        count += count < MANY_SLOTS ? count : count / 4;
    return count;
}

/* Only the cells are needed to make new slots: the old ones go first. */
static bool grow(struct usage *u)
{
    size_t count = more_slots(u);

    usage_forget_slots(u);
    u->slots = count > UINT32_MAX / 2 ? NULL : calloc(count, sizeof *u->slots);
    if (u->slots == NULL)
        return false;
    pages_advise(u->slots, count * sizeof *u->slots);
    u->slot_count = count;
    u->cell_mask = UINT32_MAX >> __builtin_clz((uint32_t)count);
    for (size_t i = 0; i < u->cells.count; i++) {
        struct usage_key key = cell_table_key(&u->cells, i);
        uint64_t hash = usage_key_hash(&key);

        u->slots[free_slot(u, hash)] = slot_of(u, hash, i);
    }
    return true;
}

void usage_prefetch_slot(const struct usage *u, uint64_t hash)
{
    if (u->slot_count > 0)
        __builtin_prefetch(&u->slots[first_slot(u, hash)]);
}

size_t usage_prefetch_cell(const struct usage *u, uint64_t hash)
{
    size_t at = first_slot(u, hash), cell = 0;

    if (u->slot_count == 0)
        return SIZE_MAX;
    for (; u->slots[at] != 0 && cell == 0; at = next_slot(u, at))
        cell = cell_in_slot(u, u->slots[at], hash);
    if (cell > 0)
        cell_table_prefetch(&u->cells, cell - 1);
    return cell - 1;
}

void usage_prefetch_sets(const struct usage *u, size_t cell)
{
    if (cell != SIZE_MAX)
        cell_table_prefetch_sets(&u->cells, cell);
}

void usage_prefetch_members(const struct usage *u, size_t cell, unsigned minute)
{
    if (cell != SIZE_MAX)
        cell_table_prefetch_members(&u->cells, cell, minute);
}

/* The cell's number; a new one where there is none. Returns: false where memory is out. */
static bool find(struct usage *u, const struct usage_key *key, uint64_t hash, size_t *index)
{
    size_t at;

    if (!has_room(u, u->slot_count) && !grow(u))
        return false;
    for (at = first_slot(u, hash); u->slots[at] != 0; at = next_slot(u, at)) {
        size_t cell = cell_in_slot(u, u->slots[at], hash);

        if (cell == 0 || !cell_table_has_key(&u->cells, cell - 1, key))
            continue;
        *index = cell - 1;
        return true;
    }
    *index = u->cells.count;
    if (!cell_table_add(&u->cells, key))
        return false;
    u->slots[at] = slot_of(u, hash, *index);
    return true;
}

void usage_forget_slots(struct usage *u)
{
    free(u->slots);
    u->slots = NULL;
    u->slot_count = 0;
}

bool usage_close_cell(struct usage *u)
{
    bool ok = !u->has_open || cell_table_put(&u->cells, u->open_index, &u->open);

    u->has_open = false;
    return ok;
}

/* That cell may change from now on. */
static struct usage_cell *open_cell(struct usage *u, size_t index)
{
    u->has_open = true;
    u->open_index = index;
    cell_table_get(&u->cells, index, &u->open);
    return &u->open;
}

struct usage_cell *usage_cell_at(struct usage *u, const struct usage_key *key)
{
    size_t index;

    if (u->has_open && memcmp(&u->open.key, key, sizeof *key) == 0)
        return &u->open;
    return usage_close_cell(u) && find(u, key, usage_key_hash(key), &index) ? open_cell(u, index)
                                                                            : NULL;
}

/* Does (archive, line) come before the cell's evidence, both at the same time? Archives compare by
 * name, so that their order of reading does not show. */
static bool is_earlier(const struct usage *u, const struct usage_cell *cell, uint32_t archive,
                       uint64_t line)
{
    int order;

    if (archive == cell->evidence_archive)
        return line < cell->evidence_line;
    order = slice_compare(usage_name(u, NAME_ARCHIVE, archive),
                          usage_name(u, NAME_ARCHIVE, cell->evidence_archive));
    return order < 0;
}

void usage_cell_seen(const struct usage *u, struct usage_cell *cell, int64_t ts_us,
                     uint32_t archive, uint64_t line)
{
    if (ts_us < cell->first_us || (ts_us == cell->first_us && is_earlier(u, cell, archive, line))) {
        cell->first_us = ts_us;
        cell->evidence_archive = archive;
        cell->evidence_line = line;
    }
    if (ts_us > cell->last_us)
        cell->last_us = ts_us;
}

bool usage_cell_add_minute(struct usage *u, struct usage_cell *cell, unsigned minute)
{
    return minutes_add(&cell->minutes, minute, &u->arena);
}

bool usage_cell_add_minutes(struct usage *u, struct usage_cell *cell, const uint8_t *bitmap)
{
    return minutes_add_bitmap(&cell->minutes, bitmap, &u->arena);
}

static void count_values(uint64_t counts[COUNTERS], const struct usage_step *s)
{
    counts[s->denied ? COUNT_DENIED : COUNT_PASSED]++;
    counts[COUNT_CARRIED_VERDICT] += s->has_verdict;
    if (s->denied)
        return;
    counts[COUNT_CARRIED_UP] += s->has_up;
    counts[COUNT_BYTES_UP] = num_add(counts[COUNT_BYTES_UP], s->bytes_up);
    counts[COUNT_CARRIED_DOWN] += s->has_down;
    counts[COUNT_BYTES_DOWN] = num_add(counts[COUNT_BYTES_DOWN], s->bytes_down);
}

bool usage_count(struct usage *u, const struct usage_key *key, uint64_t hash,
                 const struct usage_step *s)
{
    enum cell_stepped stepped;
    struct usage_cell *cell;
    size_t index;

    if (!usage_close_cell(u) || !find(u, key, hash, &index))
        return false;
    stepped = cell_table_step(&u->cells, index, key->day, s, &u->arena);
    if (stepped != STEP_TOO_FAR)
        return stepped == STEP_DONE;
    cell = open_cell(u, index);
    cell->marks |= s->marks;
    usage_cell_seen(u, cell, s->ts_us, s->archive, s->line);
    count_values(cell->counts, s);
    return usage_cell_add_minute(u, cell, s->minute) &&
           (s->start_minute == USAGE_NO_MINUTE ||
            usage_cell_add_minute(u, cell, s->start_minute)) &&
           usage_cell_add_host(u, cell, s->host);
}

/* Index of the first of ${count} members that is not less than ${host}. */
static uint32_t lower_bound(const uint32_t *members, uint32_t count, uint32_t host)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (members[middle] < host)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool host_set_has(const struct host_set *s, uint32_t host)
{
    const uint32_t *members = host_set_members(s);
    uint32_t at = lower_bound(members, s->count, host);

    return at < s->count && members[at] == host;
}

/* Has a list of ${count} members no room for another? It has room for a power of two. */
static bool is_full(uint32_t count)
{
    return count == HOSTS_INLINE || (count > HOSTS_INLINE && (count & (count - 1)) == 0);
}

/* Room for one more. Returns: the members, NULL where memory is out. */
static uint32_t *grow_hosts(struct usage *u, struct host_set *s)
{
    bool listed = s->count > HOSTS_INLINE;
    size_t room = listed ? 2 * (size_t)s->count : HOSTS_INLINE + 1;
    uint32_t *list = arena_block(&u->arena, room * sizeof *list);

    if (list == NULL)
        return NULL;
    memcpy(list, host_set_members(s), s->count * sizeof *list);
    if (listed)
        arena_give_back(&u->arena, s->list, s->count * sizeof *list);
    s->list = list;
    return list;
}

bool usage_cell_add_host(struct usage *u, struct usage_cell *cell, uint32_t host)
{
    struct host_set *s = &cell->hosts;
    uint32_t *members = s->count > HOSTS_INLINE ? s->list : s->few;
    uint32_t at = lower_bound(members, s->count, host);

    if (at < s->count && members[at] == host)
        return true;
    if (is_full(s->count) && (members = grow_hosts(u, s)) == NULL)
        return false;
    memmove(members + at + 1, members + at, (s->count - at) * sizeof *members);
    members[at] = host;
    s->count++;
    return true;
}

static size_t day_position(const struct usage *u, int32_t day)
{
    size_t at = u->proxy_day_count;

    while (at > 0 && u->proxy_days[at - 1] >= day) /* almost always the newest */
        at--;
    return at;
}

bool usage_has_proxy_day(const struct usage *u, int32_t day)
{
    size_t at = day_position(u, day);

    return at < u->proxy_day_count && u->proxy_days[at] == day;
}

size_t usage_proxy_days(const struct usage *u, const int32_t **days)
{
    *days = u->proxy_days;
    return u->proxy_day_count;
}

bool usage_add_proxy_day(struct usage *u, int32_t day)
{
    size_t at = day_position(u, day);

    if (at < u->proxy_day_count && u->proxy_days[at] == day)
        return true;
    if (!ROOM_FOR_ONE(u->proxy_days, u->proxy_day_count, u->proxy_day_capacity))
        return false;
    memmove(u->proxy_days + at + 1, u->proxy_days + at,
            (u->proxy_day_count - at) * sizeof *u->proxy_days);
    u->proxy_days[at] = day;
    u->proxy_day_count++;
    return true;
}

static void free_cells(struct usage *u)
{
    cell_table_free(&u->cells);
    arena_free(&u->arena);
    usage_forget_slots(u);
    for (size_t i = 0; i < u->joined_count; i++) {
        cell_table_free(&u->joined[i].table);
        arena_free(&u->joined[i].arena);
    }
    u->joined_count = 0;
    u->joined_rests = 0;
}

bool usage_clear(struct usage *u)
{
    bool ok = true;

    for (int kind = 0; kind < NAME_KINDS; kind++)
        if (kind != NAME_ARCHIVE && kind != NAME_SOURCE) {
            text_map_free(&u->names[kind]);
            ok = has_empty_name(u, (enum usage_name)kind) && ok;
        }
    free_cells(u);
    u->has_open = false;
    return ok;
}

size_t usage_cell_count(const struct usage *u)
{
    size_t count = u->cells.count;

    for (size_t i = 0; i < u->joined_count; i++)
        count += u->joined[i].table.count;
    return count;
}

/* Where a cell stands. */
struct place {
    const struct cell_table *table;
    size_t index;
    uint32_t first_rest;
};

static struct place place_of(const struct usage *u, size_t index)
{
    for (size_t i = 0; i < u->joined_count; i++) {
        const struct joined_cells *joined = &u->joined[i];

        if (index < joined->table.count)
            return (struct place){&joined->table, index, joined->first_rest};
        index -= joined->table.count;
    }
    return (struct place){&u->cells, index, u->joined_rests};
}

struct usage_key usage_key_get(const struct usage *u, size_t index)
{
    struct place place = place_of(u, index);

    return cell_table_key(place.table, place.index);
}

struct short_key usage_short_key_get(const struct usage *u, size_t index)
{
    struct place place = place_of(u, index);
    struct short_key key = cell_table_short_key(place.table, place.index);

    key.rest += place.first_rest;
    return key;
}

uint32_t usage_rest_count(const struct usage *u)
{
    return u->joined_rests + u->cells.keys.count;
}

struct usage_key usage_rest_get(const struct usage *u, uint32_t rest)
{
    for (size_t i = 0; i < u->joined_count; i++) {
        const struct joined_cells *joined = &u->joined[i];

        if (rest - joined->first_rest < joined->table.keys.count)
            return cell_table_rest(&joined->table, rest - joined->first_rest);
    }
    return cell_table_rest(&u->cells, rest - u->joined_rests);
}

struct usage_cell usage_cell_get(const struct usage *u, size_t index)
{
    struct place place = place_of(u, index);
    struct usage_cell cell;

    if (u->has_open && place.table == &u->cells && place.index == u->open_index)
        return u->open;
    cell_table_get(place.table, place.index, &cell);
    return cell;
}

void usage_prefetch_index(const struct usage *u, size_t index)
{
    struct place place = place_of(u, index);

    cell_table_prefetch(place.table, place.index);
}

size_t usage_memory(const struct usage *u)
{
    size_t bytes = cell_table_memory(&u->cells) + u->slot_count * sizeof *u->slots +
                   u->arena.total + u->proxy_day_capacity * sizeof *u->proxy_days;

    for (int kind = 0; kind < NAME_KINDS; kind++)
        bytes += text_map_memory(&u->names[kind]);
    for (size_t i = 0; i < u->joined_count; i++)
        bytes += cell_table_memory(&u->joined[i].table) + u->joined[i].arena.total;
    return bytes;
}

void usage_free(struct usage *u)
{
    if (u == NULL)
        return;
    for (int kind = 0; kind < NAME_KINDS; kind++)
        text_map_free(&u->names[kind]);
    free_cells(u);
    free(u->proxy_days);
    free(u);
}
