/* cell_table.c: narrow cells, and by number what does not fit them. */
#include "usage/cell_table.h"

#include "base/pages.h"
#include "usage/narrow_cell.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 256 };

_Static_assert(offsetof(struct usage_key, user) == 0, "the rest of a key stands behind the user");

struct wide_cell {
    uint64_t counts[COUNTERS];
    int64_t first_us, last_us;
    uint64_t line;
    uint32_t archive;
};

/* --- what few cells need --- */

/* The number of a new item; UINT32_MAX where memory is out. */
static uint32_t pool_add(struct cell_pool *p, size_t size)
{
    if (p->count == p->capacity) {
        size_t capacity = p->capacity == 0 ? FIRST_ITEMS : p->capacity + p->capacity / 2;
        void *items = capacity >= UINT32_MAX ? NULL : reallocarray(p->items, capacity, size);

        if (items == NULL)
            return UINT32_MAX;
        pages_advise(items, capacity * size);
        p->items = items;
        p->capacity = capacity;
    }
    return (uint32_t)p->count++;
}

/* Keep ${item}: in the place ${*number}, or where ${*has} says that there is none in a new one. */
static bool pool_put(struct cell_pool *p, bool has, uint32_t *number, const void *item, size_t size)
{
    if (!has)
        *number = pool_add(p, size);
    if (*number == UINT32_MAX)
        return false;
    memcpy((char *)p->items + *number * size, item, size);
    return true;
}

static void pool_get(const struct cell_pool *p, uint32_t number, void *item, size_t size)
{
    memcpy(item, (const char *)p->items + number * size, size);
}

/* --- keys --- */

static struct slice rest_of(const struct usage_key *key)
{
    return slice_of((const char *)key + sizeof key->user, sizeof *key - sizeof key->user);
}

struct usage_key cell_table_rest(const struct cell_table *t, uint32_t rest)
{
    struct usage_key key;

    key.user = 0;
    memcpy((char *)&key + sizeof key.user, t->keys.texts[rest].ptr, sizeof key - sizeof key.user);
    return key;
}

struct usage_key cell_table_key(const struct cell_table *t, size_t index)
{
    const struct narrow_cell *n = &t->cells[index];
    struct usage_key key = cell_table_rest(t, n->rest);

    key.user = n->user;
    return key;
}

struct short_key cell_table_short_key(const struct cell_table *t, size_t index)
{
    return (struct short_key){t->cells[index].user, t->cells[index].rest};
}

bool cell_table_has_key(const struct cell_table *t, size_t index, const struct usage_key *key)
{
    const struct narrow_cell *n = &t->cells[index];

    return n->user == key->user && slice_equal(t->keys.texts[n->rest], rest_of(key));
}

/* --- cells --- */

static void unpack_wide(const struct cell_table *t, uint32_t number, struct usage_cell *out)
{
    struct wide_cell wide;

    pool_get(&t->wide, number, &wide, sizeof wide);
    memcpy(out->counts, wide.counts, sizeof out->counts);
    out->first_us = wide.first_us;
    out->last_us = wide.last_us;
    out->evidence_line = wide.line;
    out->evidence_archive = wide.archive;
}

/* What was wide once stays it: it only grows. */
static bool put_numbers(struct cell_table *t, struct narrow_cell *n, const struct usage_cell *cell,
                        unsigned before, unsigned *flags)
{
    struct wide_cell wide = {.first_us = cell->first_us,
                             .last_us = cell->last_us,
                             .line = cell->evidence_line,
                             .archive = cell->evidence_archive};

    if ((before & FLAG_WIDE) == 0 && narrow_pack(n, cell, flags))
        return true;
    *flags |= FLAG_WIDE;
    n->span_denied_flags = 0;
    memcpy(wide.counts, cell->counts, sizeof wide.counts);
    return pool_put(&t->wide, (before & FLAG_WIDE) != 0, &n->line, &wide, sizeof wide);
}

static bool put_minutes(struct cell_table *t, struct narrow_cell *n, const struct minutes *m,
                        unsigned before, unsigned *flags)
{
    if (m->count <= LISTED_MINUTES) {
        n->minutes = narrow_minutes(m->few, m->count);
        return true;
    }
    *flags |= FLAG_MINUTE_SET;
    return pool_put(&t->minute_sets, (before & FLAG_MINUTE_SET) != 0, &n->minutes, m, sizeof *m);
}

static void get_minutes(const struct cell_table *t, const struct narrow_cell *n, unsigned flags,
                        struct minutes *out)
{
    uint16_t few[LISTED_MINUTES];

    if ((flags & FLAG_MINUTE_SET) != 0) {
        pool_get(&t->minute_sets, n->minutes, out, sizeof *out);
        return;
    }
    out->count = (uint16_t)narrow_minutes_get(n->minutes, few);
    memcpy(out->few, few, out->count * sizeof *few);
}

static bool put_hosts(struct cell_table *t, struct narrow_cell *n, const struct host_set *s,
                      unsigned before, unsigned *flags)
{
    if (s->count == 0)
        return true;
    if (s->count == 1) {
        *flags |= FLAG_ONE_HOST;
        n->hosts = s->few[0];
        return true;
    }
    if (narrow_holds_pair(s)) {
        *flags |= FLAG_TWO_HOSTS;
        n->hosts = s->few[0] | s->few[1] << PAIR_BITS;
        return true;
    }
    *flags |= FLAG_HOST_SET;
    return pool_put(&t->host_sets, narrow_has_host_set(before), &n->hosts, s, sizeof *s);
}

static void get_hosts(const struct cell_table *t, const struct narrow_cell *n, unsigned flags,
                      struct host_set *out)
{
    const uint32_t first = (uint32_t)narrow_low(n->hosts, PAIR_BITS);

    switch (flags & FLAG_TWO_HOSTS) {
    case FLAG_ONE_HOST: *out = (struct host_set){.count = 1, .few = {n->hosts}}; break;
    case FLAG_HOST_SET: pool_get(&t->host_sets, n->hosts, out, sizeof *out); break;
    case FLAG_TWO_HOSTS:
        *out = (struct host_set){.count = 2, .few = {first, n->hosts >> PAIR_BITS}};
        break;
    default: break;
    }
}

/* --- one record more --- */

/* Add the minute to those that stand in the cell or in its set. */
static enum cell_stepped step_minute(struct cell_table *t, struct narrow_cell *n, unsigned flags,
                                     unsigned minute, struct arena *a)
{
    uint16_t few[LISTED_MINUTES] = {0};
    unsigned count;

    if ((flags & FLAG_MINUTE_SET) != 0) {
        struct minutes *set = (struct minutes *)t->minute_sets.items + n->minutes;

        return minutes_add(set, minute, a) ? STEP_DONE : STEP_NO_MEMORY;
    }
    count = narrow_minutes_get(n->minutes, few);
    if (count > 0 && (few[0] == minute || few[1] == minute || few[2] == minute))
        return STEP_DONE;
    if (count == LISTED_MINUTES)
        return STEP_TOO_FAR;
    few[count] = (uint16_t)minute;
    n->minutes = narrow_minutes(few, count + 1);
    return STEP_DONE;
}

static bool has_host(const struct cell_table *t, const struct narrow_cell *n, unsigned flags,
                     uint32_t host)
{
    switch (flags & FLAG_TWO_HOSTS) {
    case FLAG_ONE_HOST: return n->hosts == host;
    case FLAG_TWO_HOSTS:
        return narrow_low(n->hosts, PAIR_BITS) == host || n->hosts >> PAIR_BITS == host;
    case FLAG_HOST_SET:
        return host_set_has((const struct host_set *)t->host_sets.items + n->hosts, host);
    default: return false;
    }
}

/* Do the record's kinds of values go with those before? */
static bool is_alike(unsigned flags, const struct usage_step *s)
{
    unsigned marks = flags / FLAG_MARKS;

    return (flags & (FLAG_WIDE | FLAG_UNSEEN)) == 0 && (marks | s->marks) == marks &&
           s->has_verdict == ((flags & FLAG_CARRIED_VERDICT) != 0) &&
           (s->denied || (s->has_up == ((flags & FLAG_CARRIED_UP) != 0) &&
                          s->has_down == ((flags & FLAG_CARRIED_DOWN) != 0)));
}

enum cell_stepped cell_table_step(struct cell_table *t, size_t index, int32_t day,
                                  const struct usage_step *s, struct arena *a)
{
    struct narrow_cell *n = &t->cells[index];
    unsigned flags = narrow_flags(n);
    uint64_t first = narrow_start(day) + narrow_low(n->first_archive_down, TIME_BITS);
    uint64_t span = (uint64_t)s->ts_us - first, sum = n->span_denied_flags;
    uint64_t up = narrow_low(n->up_passed, BYTES_BITS) + s->bytes_up;
    uint64_t high = n->first_archive_down >> (TIME_BITS + ARCHIVE_BITS);
    uint64_t down = (n->down_low | high << 32) + s->bytes_down;
    enum cell_stepped stepped;

    if (!is_alike(flags, s) || span == 0 || !narrow_fits(span, TIME_BITS) ||
        !has_host(t, n, flags, s->host) || !narrow_fits(s->bytes_up, BYTES_BITS) ||
        !narrow_fits(s->bytes_down, BYTES_BITS) || !narrow_fits(up, BYTES_BITS) ||
        !narrow_fits(down, BYTES_BITS) ||
        !narrow_fits((n->up_passed >> BYTES_BITS) + 1, PASSED_BITS) ||
        !narrow_fits(narrow_low(sum >> TIME_BITS, DENIED_BITS) + 1, DENIED_BITS))
        return STEP_TOO_FAR;
    stepped = step_minute(t, n, flags, s->minute, a);
    if (stepped == STEP_DONE && s->start_minute != USAGE_NO_MINUTE)
        stepped = step_minute(t, n, flags, s->start_minute, a);
    if (stepped != STEP_DONE)
        return stepped;
    if (span > narrow_low(sum, TIME_BITS))
        n->span_denied_flags = sum - narrow_low(sum, TIME_BITS) + span;
    if (s->denied) {
        n->span_denied_flags += UINT64_C(1) << TIME_BITS;
        return STEP_DONE;
    }
    n->up_passed = up | ((n->up_passed >> BYTES_BITS) + 1) << BYTES_BITS;
    n->down_low = (uint32_t)down;
    n->first_archive_down = narrow_low(n->first_archive_down, TIME_BITS + ARCHIVE_BITS) |
                            down >> 32 << (TIME_BITS + ARCHIVE_BITS);
    return STEP_DONE;
}

/* --- whole cells --- */

void cell_table_get(const struct cell_table *t, size_t index, struct usage_cell *out)
{
    const struct narrow_cell *n = &t->cells[index];
    unsigned flags = narrow_flags(n);

    memset(out, 0, sizeof *out);
    out->key = cell_table_key(t, index);
    if ((flags & FLAG_WIDE) != 0)
        unpack_wide(t, n->line, out);
    else
        narrow_unpack(n, flags, out);
    out->marks = (uint8_t)(flags / FLAG_MARKS);
    get_minutes(t, n, flags, &out->minutes);
    get_hosts(t, n, flags, &out->hosts);
}

bool cell_table_put(struct cell_table *t, size_t index, const struct usage_cell *cell)
{
    struct narrow_cell *n = &t->cells[index];
    unsigned before = narrow_flags(n), flags = (unsigned)cell->marks * FLAG_MARKS;

    if (!put_numbers(t, n, cell, before, &flags) ||
        !put_minutes(t, n, &cell->minutes, before, &flags) ||
        !put_hosts(t, n, &cell->hosts, before, &flags))
        return false;
    narrow_set_flags(n, flags);
    return true;
}

static bool grow(struct cell_table *t)
{
    size_t capacity = t->capacity == 0 ? FIRST_ITEMS : t->capacity * 2;
    struct narrow_cell *cells =
        capacity >= UINT32_MAX ? NULL : reallocarray(t->cells, capacity, sizeof *cells);

    if (cells == NULL)
        return false;
    pages_advise(cells, capacity * sizeof *cells);
    t->cells = cells;
    t->capacity = capacity;
    return true;
}

bool cell_table_add(struct cell_table *t, const struct usage_key *key)
{
    uint32_t rest = text_map_add(&t->keys, rest_of(key), NULL);
    struct narrow_cell *n;

    if (rest == TEXT_MAP_NONE || (t->count == t->capacity && !grow(t)))
        return false;
    n = &t->cells[t->count++];
    memset(n, 0, sizeof *n);
    n->user = key->user;
    n->rest = rest;
    n->minutes = NO_MINUTES;
    narrow_set_flags(n, FLAG_UNSEEN);
    return true;
}

/* --- other numbers of names --- */

static bool rename_rests(struct cell_table *t, uint32_t *const ids[NAME_KINDS])
{
    struct text_map renamed = {0};
    bool ok = text_map_reserve(&renamed, t->keys.count);

    for (uint32_t rest = 0; ok && rest < t->keys.count; rest++) {
        struct usage_key key = cell_table_rest(t, rest);

        key.tenant = ids[NAME_TENANT][key.tenant];
        key.client = ids[NAME_CLIENT][key.client];
        key.host = ids[NAME_HOST][key.host];
        key.source = ids[NAME_SOURCE][key.source];
        key.country = ids[NAME_COUNTRY][key.country];
        ok = text_map_add(&renamed, rest_of(&key), NULL) == rest;
    }
    if (!ok) {
        text_map_free(&renamed);
        return false;
    }
    text_map_free(&t->keys);
    t->keys = renamed;
    return true;
}

/* For qsort. */
static int compare_hosts(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* The hosts that stand in the cell itself. Returns: false where memory is out. */
static bool rename_own_hosts(struct cell_table *t, struct narrow_cell *n, const uint32_t *ids)
{
    unsigned before = narrow_flags(n), flags = before & ~(unsigned)FLAG_TWO_HOSTS;
    struct host_set hosts = {.count = 0};

    if ((before & FLAG_TWO_HOSTS) == 0 || narrow_has_host_set(before))
        return true;
    get_hosts(t, n, before, &hosts);
    for (uint32_t h = 0; h < hosts.count; h++)
        hosts.few[h] = ids[hosts.few[h]];
    qsort(hosts.few, hosts.count, sizeof *hosts.few, compare_hosts);
    if (!put_hosts(t, n, &hosts, before, &flags))
        return false;
    narrow_set_flags(n, flags);
    return true;
}

static void rename_members(struct host_set *s, const uint32_t *ids)
{
    uint32_t *members = s->count > HOSTS_INLINE ? s->list : s->few;

    for (uint32_t h = 0; h < s->count; h++)
        members[h] = ids[members[h]];
    qsort(members, s->count, sizeof *members, compare_hosts);
}

bool cell_table_rename(struct cell_table *t, uint32_t *const ids[NAME_KINDS])
{
    if (!rename_rests(t, ids))
        return false;
    for (size_t i = 0; i < t->host_sets.count; i++) /* before cells make new ones */
        rename_members((struct host_set *)t->host_sets.items + i, ids[NAME_HOST]);
    for (size_t i = 0; i < t->count; i++) {
        t->cells[i].user = ids[NAME_USER][t->cells[i].user];
        if (!rename_own_hosts(t, &t->cells[i], ids[NAME_HOST]))
            return false;
    }
    return true;
}

void cell_table_prefetch(const struct cell_table *t, size_t index)
{
    const char *cell = (const char *)&t->cells[index];

    __builtin_prefetch(cell, 1);
    __builtin_prefetch(cell + sizeof *t->cells - 1, 1);
}

void cell_table_prefetch_sets(const struct cell_table *t, size_t index)
{
    const struct narrow_cell *n = &t->cells[index];
    unsigned flags = narrow_flags(n);

    if ((flags & FLAG_MINUTE_SET) != 0)
        __builtin_prefetch((const struct minutes *)t->minute_sets.items + n->minutes, 1);
    if (narrow_has_host_set(flags))
        __builtin_prefetch((const struct host_set *)t->host_sets.items + n->hosts);
}

void cell_table_prefetch_members(const struct cell_table *t, size_t index, unsigned minute)
{
    const struct narrow_cell *n = &t->cells[index];
    unsigned flags = narrow_flags(n);
    const struct host_set *hosts;

    if ((flags & FLAG_MINUTE_SET) != 0)
        minutes_prefetch((const struct minutes *)t->minute_sets.items + n->minutes, minute);
    if (!narrow_has_host_set(flags))
        return;
    hosts = (const struct host_set *)t->host_sets.items + n->hosts;
    if (hosts->count > HOSTS_INLINE)
        __builtin_prefetch(hosts->list);
}

size_t cell_table_memory(const struct cell_table *t)
{
    return t->count * sizeof *t->cells + text_map_memory(&t->keys) +
           t->minute_sets.capacity * sizeof(struct minutes) +
           t->host_sets.capacity * sizeof(struct host_set) +
           t->wide.capacity * sizeof(struct wide_cell);
}

void cell_table_free(struct cell_table *t)
{
    free(t->cells);
    text_map_free(&t->keys);
    free(t->minute_sets.items);
    free(t->host_sets.items);
    free(t->wide.items);
    memset(t, 0, sizeof *t);
}
