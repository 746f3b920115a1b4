/* detail.c: a number a record, put in order many at a time and merged into one packed run. */
#include "usage/detail.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/pages.h"
#include "base/room.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * A record is a number: its row, its user, the hour, whether it was refused, from the upper bits to
 * the lowest. The run holds for each row, user and hour (the key: without the lowest bit) the
 * distance to the key before and the counts, all as LEB128.
 */
enum {
    DENIED_BITS = 1,
    HOUR_BITS = 5,
    USER_BITS = 27,
    KEY_USER = HOUR_BITS,            /* where the user stands in a key */
    KEY_ROW = HOUR_BITS + USER_BITS, /* where the row does */
    MOST_ITEMS = 1 << 21,            /* before they are merged */
    FIRST_ITEMS = 1 << 12,
    FIRST_SLOTS = 1 << 10,
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS
};

struct detail {
    const struct psl *psl;
    struct detail_row *rows;
    size_t row_count, row_capacity;
    uint64_t *slots;   /* upper half of the hash, lower half number + 1; 0: free */
    size_t slot_count; /* a power of two, at most half of it used */
    size_t last;       /* the row found last */
    uint32_t *by_host; /* the row found last of a host, + 1; 0: none */
    size_t host_capacity;
    uint64_t *items, *spare;
    size_t item_count, item_capacity;
    struct buf run;
    struct run_place *places; /* by row; after detail_finish */
    struct hits hits;
};

/* Where a row's pairs begin. */
struct run_place {
    size_t offset;
    uint64_t before; /* the key before */
};

struct detail *detail_create(const struct psl *psl, struct error *err)
{
    struct detail *d = calloc(1, sizeof *d);

    if (d == NULL)
        error_set_memory(err);
    else
        d->psl = psl;
    return d;
}

const struct psl *detail_psl(const struct detail *d)
{
    return d->psl;
}

/* --- rows --- */

static uint64_t hash_row(const struct detail_row *row)
{
    uint64_t hash = 0;

    _Static_assert(sizeof *row == 3 * sizeof hash, "three words without a gap");
    for (size_t i = 0; i < sizeof *row; i += sizeof hash)
        hash = hash_mix(hash ^ hash_load((const char *)row + i, sizeof hash));
    return hash;
}

static void put_slot(struct detail *d, uint64_t hash, size_t number)
{
    size_t at = (size_t)hash & (d->slot_count - 1);

    while (d->slots[at] != 0)
        at = (at + 1) & (d->slot_count - 1);
    d->slots[at] = (hash & ~(uint64_t)UINT32_MAX) | (uint32_t)(number + 1);
}

static bool grow_slots(struct detail *d)
{
    size_t count = d->slot_count == 0 ? FIRST_SLOTS : d->slot_count * 2;
    uint64_t *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return false;
    free(d->slots);
    d->slots = slots;
    d->slot_count = count;
    for (size_t i = 0; i < d->row_count; i++)
        put_slot(d, hash_row(&d->rows[i]), i);
    return true;
}

static bool add_row(struct detail *d, const struct detail_row *row, uint64_t hash)
{
    if (d->row_count >= INT32_MAX || !ROOM_FOR_ONE(d->rows, d->row_count, d->row_capacity))
        return false;
    if ((d->row_count + 1) * 2 > d->slot_count && !grow_slots(d))
        return false;
    d->rows[d->row_count] = *row;
    put_slot(d, hash, d->row_count);
    d->last = d->row_count++;
    return true;
}

/* Most hosts have one row; logs stay in a day. */
static bool is_as_before(struct detail *d, const struct detail_row *row)
{
    uint32_t before = row->host < d->host_capacity ? d->by_host[row->host] : 0;

    if (before == 0 || memcmp(&d->rows[before - 1], row, sizeof *row) != 0)
        return false;
    d->last = before - 1;
    return true;
}

/* Remember the row found last as its host's. */
static bool remember(struct detail *d, uint32_t host)
{
    if (host >= d->host_capacity) {
        size_t capacity = (size_t)host * 2 + FIRST_SLOTS;
        uint32_t *grown = reallocarray(d->by_host, capacity, sizeof *grown);

        if (grown == NULL)
            return false;
        memset(grown + d->host_capacity, 0, (capacity - d->host_capacity) * sizeof *grown);
        d->by_host = grown;
        d->host_capacity = capacity;
    }
    d->by_host[host] = (uint32_t)d->last + 1;
    return true;
}

/* The number of the row becomes that of the last one found. */
static bool find_row(struct detail *d, const struct detail_row *row)
{
    uint64_t hash = hash_row(row);
    size_t mask = d->slot_count - 1;

    for (size_t at = (size_t)hash & mask; d->slot_count > 0 && d->slots[at] != 0;
         at = (at + 1) & mask) {
        size_t number = (uint32_t)d->slots[at] - 1;

        if (d->slots[at] >> 32 == hash >> 32 && memcmp(&d->rows[number], row, sizeof *row) == 0) {
            d->last = number;
            return remember(d, row->host);
        }
    }
    return add_row(d, row, hash) && remember(d, row->host);
}

/* --- items --- */

/* By the digit at ${shift}. */
static void sort_by_digit(struct detail *d, unsigned shift)
{
    size_t starts[DIGITS] = {0}, sum = 0;
    uint64_t *items;

    for (size_t i = 0; i < d->item_count; i++)
        starts[d->items[i] >> shift & (DIGITS - 1)]++;
    for (size_t i = 0; i < DIGITS; i++) {
        size_t count = starts[i];

        starts[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < d->item_count; i++)
        d->spare[starts[d->items[i] >> shift & (DIGITS - 1)]++] = d->items[i];
    items = d->items;
    d->items = d->spare;
    d->spare = items;
}

/* Only digits in which items differ. */
static void sort_items(struct detail *d)
{
    uint64_t differing = 0;

    for (size_t i = 1; i < d->item_count; i++)
        differing |= d->items[i] ^ d->items[0];
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS)
        if ((differing >> shift & (DIGITS - 1)) != 0)
            sort_by_digit(d, shift);
}

static void put_number(struct buf *out, uint64_t number)
{
    for (; number > 0x7f; number >>= 7)
        buf_append_byte(out, (char)(unsigned char)((number & 0x7f) | 0x80));
    buf_append_byte(out, (char)number);
}

/* Of our own run: it is whole. */
static uint64_t get_number(struct slice *bytes)
{
    uint64_t number = 0;
    unsigned shift = 0;
    size_t i = 0;

    for (; ((unsigned char)bytes->ptr[i] & 0x80) != 0; i++, shift += 7)
        number |= (uint64_t)((unsigned char)bytes->ptr[i] & 0x7f) << shift;
    number |= (uint64_t)(unsigned char)bytes->ptr[i] << shift;
    *bytes = slice_from(*bytes, i + 1);
    return number;
}

/* A key of the run with its counts. */
struct counted_key {
    uint64_t key, passed, denied;
};

static bool read_counted(struct slice *bytes, struct counted_key *k)
{
    uint64_t passed;

    if (bytes->len == 0)
        return false;
    k->key += get_number(bytes);
    passed = get_number(bytes);
    k->passed = passed >> 1;
    k->denied = (passed & 1) != 0 ? get_number(bytes) : 0;
    return true;
}

static void write_counted(struct buf *out, const struct counted_key *k, uint64_t before)
{
    put_number(out, k->key - before);
    put_number(out, k->passed << 1 | (k->denied > 0));
    if (k->denied > 0)
        put_number(out, k->denied);
}

/* All items of the key at ${at}. Returns: the next one's place. */
static size_t take_items(const struct detail *d, size_t at, struct counted_key *k)
{
    k->key = d->items[at] >> DENIED_BITS;
    k->passed = k->denied = 0;
    for (; at < d->item_count && d->items[at] >> DENIED_BITS == k->key; at++)
        *((d->items[at] & 1) != 0 ? &k->denied : &k->passed) += 1;
    return at;
}

/* Items into the run. */
static bool merge_items(struct detail *d)
{
    struct counted_key old = {0}, new = {0};
    struct slice left = buf_slice(&d->run);
    struct buf out = {0};
    uint64_t before = 0;
    bool has_old = read_counted(&left, &old), has_new;
    size_t at = 0;

    sort_items(d);
    has_new = at < d->item_count;
    if (has_new)
        at = take_items(d, at, &new);
    while (has_old || has_new) {
        bool take_old = has_old && (!has_new || old.key <= new.key);
        bool take_new = has_new && (!has_old || new.key <= old.key);
        struct counted_key k = take_old ? old : new;

        if (take_old && take_new) {
            k.passed = num_add(k.passed, new.passed);
            k.denied = num_add(k.denied, new.denied);
        }
        write_counted(&out, &k, before);
        before = k.key;
        if (take_old)
            has_old = read_counted(&left, &old);
        if (take_new && (has_new = at < d->item_count))
            at = take_items(d, at, &new);
    }
    buf_free(&d->run);
    d->run = out;
    d->item_count = 0;
    return !out.failed;
}

static bool grow_items(struct detail *d)
{
    size_t capacity = d->item_capacity == 0 ? FIRST_ITEMS : d->item_capacity * 2;
    uint64_t *items = reallocarray(d->items, capacity, sizeof *items), *spare;

    if (items == NULL)
        return false;
    d->items = items;
    spare = reallocarray(d->spare, capacity, sizeof *spare);
    if (spare == NULL)
        return false;
    d->spare = spare;
    pages_advise(items, capacity * sizeof *items);
    pages_advise(spare, capacity * sizeof *spare);
    d->item_capacity = capacity;
    return true;
}

void detail_prefetch_host(const struct detail *d, uint32_t host)
{
    if (host < d->host_capacity)
        __builtin_prefetch(&d->by_host[host]);
}

void detail_prefetch_row(const struct detail *d, uint32_t host)
{
    if (host < d->host_capacity && d->by_host[host] != 0)
        __builtin_prefetch(&d->rows[d->by_host[host] - 1]);
}

bool detail_note(struct detail *d, const struct detail_row *row, uint32_t user, uint8_t hour,
                 bool denied)
{
    if (user >> USER_BITS != 0 || (!is_as_before(d, row) && !find_row(d, row)))
        return false;
    if (d->item_count == MOST_ITEMS && !merge_items(d))
        return false;
    if (d->item_count == d->item_capacity && !grow_items(d))
        return false;
    d->items[d->item_count++] =
        ((uint64_t)d->last << KEY_ROW | (uint64_t)user << KEY_USER | hour) << DENIED_BITS | denied;
    return true;
}

/* --- the answer --- */

bool detail_finish(struct detail *d)
{
    struct counted_key k = {0};
    struct slice left;
    size_t next = 0; /* the first row without a place */

    if (!merge_items(d))
        return false;
    free(d->items);
    free(d->spare);
    d->items = d->spare = NULL;
    d->item_capacity = 0;
    d->places = calloc(d->row_count + 1, sizeof *d->places);
    if (d->places == NULL)
        return false;
    left = buf_slice(&d->run);
    for (;;) {
        struct run_place place = {d->run.len - left.len, k.key};

        if (!read_counted(&left, &k))
            break;
        for (; next <= k.key >> KEY_ROW; next++)
            d->places[next] = place;
    }
    return true;
}

const struct detail_row *detail_rows(const struct detail *d, size_t *count)
{
    *count = d->row_count;
    return d->rows;
}

struct detail_reader detail_read(const struct detail *d, size_t row)
{
    const struct run_place *place = &d->places[row];

    return (struct detail_reader){slice_from(buf_slice(&d->run), place->offset), place->before,
                                  (uint64_t)(row + 1) << KEY_ROW};
}

bool detail_next(struct detail_reader *r, struct detail_pair *pair)
{
    struct counted_key k = {.key = r->key};

    if (!read_counted(&r->left, &k) || k.key >= r->end) {
        r->left = slice_of(NULL, 0);
        return false;
    }
    r->key = k.key;
    *pair = (struct detail_pair){(uint32_t)(k.key >> KEY_USER & ((1U << USER_BITS) - 1)),
                                 (uint8_t)(k.key & ((1U << HOUR_BITS) - 1)), k.passed, k.denied};
    return true;
}

const struct hits *detail_hits(const struct detail *d)
{
    return &d->hits;
}

bool detail_hit(struct detail *d, enum hit_kind kind, uint32_t row)
{
    return hits_note(&d->hits, kind, row);
}

size_t detail_memory(const struct detail *d)
{
    return d->row_capacity * sizeof *d->rows + d->slot_count * sizeof *d->slots +
           d->host_capacity * sizeof *d->by_host + d->item_capacity * 2 * sizeof *d->items +
           d->run.cap;
}

void detail_clear(struct detail *d)
{
    free(d->rows);
    free(d->slots);
    free(d->by_host);
    free(d->items);
    free(d->spare);
    free(d->places);
    buf_free(&d->run);
    hits_free(&d->hits);
    *d = (struct detail){.psl = d->psl};
}

void detail_free(struct detail *d)
{
    if (d == NULL)
        return;
    detail_clear(d);
    free(d);
}
