/* usage.h: usage cells: what one user did with one app and tenant in one day. */
#ifndef USAGE_USAGE_H
#define USAGE_USAGE_H

#include "base/error.h"
#include "base/slice.h"
#include "record/record.h"
#include "signature/signature.h"
#include "usage/minutes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Cells are a commutative monoid: keys are never removed, values grow by sum, min, max and union,
 * so the order of records, files and threads does not matter. The documented cell (day, user, app,
 * tenant) is kept apart by kind and role of its records, from which the column `use` is computed
 * when reporting; dimensions that `scan --by` asks for join the key.
 */

/* Texts that keys and values refer to by number. */
enum usage_name {
    NAME_USER,
    NAME_TENANT,
    NAME_CLIENT,
    NAME_HOST,
    NAME_SOURCE,
    NAME_COUNTRY,
    NAME_ARCHIVE,
    NAME_KINDS
};

/* Number 0 of every kind of name is the empty text: "not asked for" or "none". */
struct usage_key {
    uint32_t user, tenant, client, host, source, country;
    uint32_t app;      /* index in the signature set */
    int32_t day;       /* days since 1970-01-01 in the report zone */
    uint8_t hour;      /* 0-23 of the report zone where asked for, else 0; beside a detail, for
                          users without a name, 1-24 */
    uint8_t role;      /* enum role */
    uint8_t kind;      /* enum record_kind */
    uint8_t workhours; /* enum workhours_class where asked for, else 0 */
};

/* A key in short: what it has beside the user is one of few, by number. */
struct short_key {
    uint32_t user, rest;
};

enum counter {
    COUNT_PASSED,   /* queries or requests let through */
    COUNT_DENIED,   /* refused ones */
    COUNT_BYTES_UP, /* of let-through requests */
    COUNT_BYTES_DOWN,
    COUNT_CARRIED_UP, /* let-through requests that carry bytes_up */
    COUNT_CARRIED_DOWN,
    COUNT_CARRIED_VERDICT, /* records whose format can say "denied" */
    COUNT_BARE, /* records of which neither time nor bytes are known: only from a store */
    COUNTERS
};

/* What is known of a cell beside its counts. */
enum {
    MARK_UP =
        1, /* the format of one of its archives has bytes_up, whether a record carries it or not */
    MARK_DOWN = 2,  /* bytes_down */
    MARK_TUNNEL = 4 /* a tunnel began in it that was counted in a later one */
};

/* The marks of all cells of a format with these FIELD_BITs. */
static inline uint8_t usage_marks(uint32_t fields)
{
    return (uint8_t)(((fields & FIELD_BIT(FIELD_BYTES_UP)) != 0 ? MARK_UP : 0) |
                     ((fields & FIELD_BIT(FIELD_BYTES_DOWN)) != 0 ? MARK_DOWN : 0));
}

enum { HOSTS_INLINE = 3 };

/* Distinct hosts by number, sorted. Up to HOSTS_INLINE stand in the struct, more in a list that
 * belongs to the usage's arena: of copies of a set only one may grow. */
struct host_set {
    union {
        struct {
            uint32_t count;
            uint32_t few[HOSTS_INLINE];
        };
        struct {
            uint64_t head; /* the count */
            uint32_t *list;
        };
    };
};

_Static_assert(sizeof(struct host_set) == 16, "cells have hundred thousands of them");

/* All members. */
static inline const uint32_t *host_set_members(const struct host_set *s)
{
    return s->count > HOSTS_INLINE ? s->list : s->few;
}

static inline uint32_t host_set_get(const struct host_set *s, uint32_t index)
{
    return host_set_members(s)[index];
}

/* Is ${host} a member? */
bool host_set_has(const struct host_set *s, uint32_t host);

struct usage_cell {
    struct usage_key key;
    uint64_t counts[COUNTERS];
    int64_t first_us, last_us; /* stamps, µs UTC */
    uint64_t evidence_line;    /* of the record with the smallest (time, archive name, line) */
    uint32_t evidence_archive; /* NAME_ARCHIVE; the record's time is first_us */
    uint8_t marks;             /* MARK_…; by union */
    struct minutes minutes;
    struct host_set hosts;
};

/* All cells of a run, of one thread, or of one archive. Opaque. Not thread-safe. */
struct usage;

struct usage *usage_create(struct error *err);

/*
 * usage_name_id(u, kind, text, id):
 * The number of ${text} among the names of ${kind}, given at its first mention (0 for the empty
 * text).
 */
bool usage_name_id(struct usage *u, enum usage_name kind, struct slice text, uint32_t *id);

/* The text of a number; NUL-terminated, borrowed from ${u}. */
struct slice usage_name(const struct usage *u, enum usage_name kind, uint32_t id);
uint32_t usage_name_count(const struct usage *u, enum usage_name kind);

/*
 * usage_cell_at(u, key):
 * The cell of that key, made empty (first_us INT64_MAX, last_us INT64_MIN) where it is new.
 * Returns: a pointer that holds until the next call, or NULL where memory is out.
 */
struct usage_cell *usage_cell_at(struct usage *u, const struct usage_key *key);

/*
 * usage_key_hash(key):
 * The hash that usage_count asks for; between the two usage_prefetch_slot, usage_prefetch_cell,
 * _sets and _members, one after the other for many records, get the memory ready that the second
 * will read. The number that usage_prefetch_cell gives (SIZE_MAX: there seems to be none) is for
 * the last two.
 */
uint64_t usage_key_hash(const struct usage_key *key);
void usage_prefetch_slot(const struct usage *u, uint64_t hash);
size_t usage_prefetch_cell(const struct usage *u, uint64_t hash);
void usage_prefetch_sets(const struct usage *u, size_t cell);
void usage_prefetch_members(const struct usage *u, size_t cell, unsigned minute);

/* Give back the memory by which cells are found: nothing more is to be counted. It is taken again
 * where a cell is asked for nevertheless. */
void usage_forget_slots(struct usage *u);

enum { USAGE_NO_MINUTE = UINT16_MAX };

/* What one record adds to its cell. */
struct usage_step {
    int64_t ts_us;
    uint64_t line; /* of the record, and its NAME_ARCHIVE: evidence */
    uint32_t archive;
    uint32_t host;         /* NAME_HOST */
    uint16_t minute;       /* of the day, when it was active */
    uint16_t start_minute; /* likewise, or USAGE_NO_MINUTE */
    uint8_t marks;         /* MARK_… */
    bool denied;
    bool has_verdict; /* its format can say "denied" */
    bool has_up, has_down;
    uint64_t bytes_up, bytes_down; /* 0 where it has none */
};

/* Add the record to the cell of ${key}, whose hash is ${hash}. Returns: false where memory is out.
 */
bool usage_count(struct usage *u, const struct usage_key *key, uint64_t hash,
                 const struct usage_step *step);

/* Widen first, last and evidence by a record at ${ts_us}. */
void usage_cell_seen(const struct usage *u, struct usage_cell *cell, int64_t ts_us,
                     uint32_t archive, uint64_t line);

bool usage_cell_add_minute(struct usage *u, struct usage_cell *cell, unsigned minute);
bool usage_cell_add_minutes(struct usage *u, struct usage_cell *cell, const uint8_t *bitmap);
bool usage_cell_add_host(struct usage *u, struct usage_cell *cell, uint32_t host);

/* Days (days since 1970) for which at least one proxy record was read, matched or not. */
bool usage_add_proxy_day(struct usage *u, int32_t day);
bool usage_has_proxy_day(const struct usage *u, int32_t day);

/* All of them, sorted; borrowed. Returns: how many. */
size_t usage_proxy_days(const struct usage *u, const int32_t **days);

/* Add what ${from} counts to ${cell}, but not its hosts. Its archive is one of ${names}; ${a} holds
 * what does not fit the cell. Returns: false where memory is out. */
bool usage_cell_merge(const struct usage *names, struct usage_cell *cell,
                      const struct usage_cell *from, struct arena *a);

/* Forget all cells, and all names but those of archives and sources, which keep their numbers. Days
 * of proxy records stay. Returns: false where memory is out. */
bool usage_clear(struct usage *u);

/* Add all cells and names of ${from}. */
bool usage_merge(struct usage *into, const struct usage *from, struct error *err);

enum { USAGE_PARTS = 8 };

/*
 * usage_join(into, from, err):
 * As usage_merge, but where it can be, cells are taken over as they are, which costs little: from
 * then on up to USAGE_PARTS cells of ${into} may have the same key. ${from} is good for nothing any
 * more but to be freed.
 */
bool usage_join(struct usage *into, struct usage *from, struct error *err);

size_t usage_cell_count(const struct usage *u);

/*
 * usage_cell_get(u, index):
 * A copy of the cell; its bitmap of minutes and its list of hosts are borrowed from ${u} and hold
 * until the cell grows.
 */
struct usage_cell usage_cell_get(const struct usage *u, size_t index);

/* Its key alone. */
struct usage_key usage_key_get(const struct usage *u, size_t index);

/* The same in short, and what the number of the rest, below usage_rest_count, stands for: a key of
 * user 0. Joined cells may have the same rest by several numbers. */
struct short_key usage_short_key_get(const struct usage *u, size_t index);
uint32_t usage_rest_count(const struct usage *u);
struct usage_key usage_rest_get(const struct usage *u, uint32_t rest);

/* Get the memory of a cell ready: where cells are not visited in the order they were made. */
void usage_prefetch_index(const struct usage *u, size_t index);

/* Bytes of memory held. */
size_t usage_memory(const struct usage *u);

void usage_free(struct usage *u);

#endif
