/* reattribute.c: hours of addresses to their owners; cells are put together anew from what stays.
 */
#include "store/reattribute.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/num.h"
#include "base/room.h"
#include "net/address.h"
#include "store/cells/cell_row.h"
#include "store/detail/detail_row.h"
#include "store/hours.h"
#include "store/members.h"
#include "store/numbers.h"
#include "store/pairs.h"
#include "usage/detail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { MINUTE_US = 60 * 1000000, MINUTES_PER_HOUR = 60 };

static const struct slice address_mark = {"ip:", 3};

/* A cell of an address that has leases. */
struct candidate {
    struct cell_key key;
    uint32_t place;
};

struct reattributing {
    struct store *store;
    const struct reattribute_options *options;
    struct reattributed *out;
    struct arena arena;
    struct slice *archives; /* names by number */
    size_t archive_count;
    uint32_t *places; /* of users by number; LEASE_NO_PLACE: no address with leases */
    size_t place_count;
    uint32_t *owners; /* users by owner; 0: not asked yet */
    struct candidate *cells;
    size_t cell_count, cell_capacity;
    struct cell_row part, rest, target;
};

/* --- what there is --- */

static bool place_user(struct reattributing *r, uint64_t id, struct slice name, struct error *err)
{
    struct address address;

    if (id >= r->place_count) {
        size_t count = (size_t)id * 2 + 64;
        uint32_t *places = reallocarray(r->places, count, sizeof *places);

        if (places == NULL)
            return error_set_memory(err);
        for (size_t i = r->place_count; i < count; i++)
            places[i] = LEASE_NO_PLACE;
        r->places = places;
        r->place_count = count;
    }
    if (slice_starts_with(name, address_mark) &&
        address_parse(slice_from(name, address_mark.len), &address))
        r->places[id] = leases_find(r->options->leases, &address);
    return true;
}

static bool place_users(struct reattributing *r, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&r->store->sql, STATEMENT_ALL_USERS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&r->store->sql, statement, &row, err) && row)
        if (!place_user(r, (uint64_t)sqlite3_column_int64(statement, 0),
                        sql_column_text(statement, 1), err))
            return false;
    return err->code == ERROR_NONE;
}

static uint32_t place_of(const struct reattributing *r, uint32_t user)
{
    return user < r->place_count ? r->places[user] : LEASE_NO_PLACE;
}

/* Names of archives, to tell which of two records at the same time is the first. */
static bool name_archives(struct reattributing *r, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&r->store->sql, STATEMENT_ALL_ARCHIVES, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&r->store->sql, statement, &row, err) && row) {
        uint64_t id = (uint64_t)sqlite3_column_int64(statement, 0);

        if (id >= r->archive_count) {
            size_t count = (size_t)id * 2 + 64;
            struct slice *names = reallocarray(r->archives, count, sizeof *names);

            if (names == NULL)
                return error_set_memory(err);
            for (size_t i = r->archive_count; i < count; i++)
                names[i] = slice_of("", 0);
            r->archives = names;
            r->archive_count = count;
        }
        r->archives[id] = arena_copy(&r->arena, sql_column_text(statement, 1));
        if (r->archives[id].ptr == NULL)
            return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

static bool add_candidate(struct reattributing *r, const struct candidate *c)
{
    if (!ROOM_FOR_ONE(r->cells, r->cell_count, r->cell_capacity))
        return false;
    r->cells[r->cell_count++] = *c;
    return true;
}

static bool list_cells(struct reattributing *r, struct error *err)
{
    sqlite3_stmt *row = sql_statement(&r->store->sql, STATEMENT_HOURS_ALL, err);
    bool has_row = true;

    if (row == NULL)
        return false;
    while (sql_step(&r->store->sql, row, &has_row, err) && has_row) {
        struct candidate c = {
            .key = {sqlite3_column_int(row, 0), (uint32_t)sqlite3_column_int64(row, 1),
                    (uint32_t)sqlite3_column_int64(row, 2), (uint32_t)sqlite3_column_int64(row, 3),
                    (unsigned)sqlite3_column_int(row, 4)}};

        c.place = place_of(r, c.key.user);
        if (c.place != LEASE_NO_PLACE && !add_candidate(r, &c))
            return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

/* --- who --- */

/* Whoever had the place from ${from_us} to ${until_us}; LEASE_NOBODY: not one alone. */
static uint32_t owner_between(struct reattributing *r, uint32_t place, int64_t from_us,
                              int64_t until_us, bool *conflict)
{
    uint32_t owner = leases_owner_at(r->options->leases, place, from_us, conflict);

    for (int64_t at_us = from_us; owner != LEASE_NOBODY && at_us < until_us; at_us += MINUTE_US)
        if (leases_owner_at(r->options->leases, place, at_us, conflict) != owner)
            return LEASE_NOBODY;
    if (owner == LEASE_NOBODY ||
        leases_owner_at(r->options->leases, place, until_us, conflict) != owner)
        return LEASE_NOBODY;
    return owner;
}

/* The owner's number among the users. */
static bool user_of(struct reattributing *r, uint32_t owner, int32_t day, uint32_t *user,
                    struct error *err)
{
    struct slice name = leases_owner(r->options->leases, owner);

    if (r->owners[owner] == 0 &&
        !numbers_of_text(r->store, NAME_USER, name, &r->owners[owner], err))
        return false;
    *user = r->owners[owner];
    return members_put(r->store, r->options->identity, day, *user, name, err);
}

/* --- cells --- */

static bool next_part(struct reattributing *r, struct slice *parts, const struct cell_key *key,
                      struct error *err)
{
    if (!hours_next(parts, key, &r->part))
        return sql_fail(&r->store->sql, SQLITE_CORRUPT, err);
    if ((uint64_t)r->part.archive < r->archive_count)
        r->part.archive_name = r->archives[r->part.archive];
    return true;
}

/* Is all of the cell kept by the hour? */
static bool is_complete(struct reattributing *r, const struct cell_key *key, struct slice parts,
                        bool *complete, struct error *err)
{
    uint64_t passed = 0, denied = 0;
    bool found;

    while (parts.len > 0) {
        if (!next_part(r, &parts, key, err))
            return false;
        passed = num_add(passed, r->part.counts[COUNT_PASSED]);
        denied = num_add(denied, r->part.counts[COUNT_DENIED]);
    }
    cell_row_clear(&r->rest);
    if (!cell_row_join_stored(r->store, key, &r->rest, &found, err))
        return false;
    *complete =
        found && passed == r->rest.counts[COUNT_PASSED] && denied == r->rest.counts[COUNT_DENIED];
    return true;
}

/* The part in work joins the owner's cell. */
static bool give(struct reattributing *r, const struct cell_key *from, uint32_t owner,
                 struct error *err)
{
    struct cell_key key = *from;
    bool found;

    cell_row_clear(&r->target);
    if (!user_of(r, owner, key.day, &key.user, err))
        return false;
    if (!cell_row_join(&r->target, &r->part))
        return error_set_memory(err);
    r->out->hours++;
    r->out->records = num_add(r->out->records,
                              num_add(r->part.counts[COUNT_PASSED], r->part.counts[COUNT_DENIED]));
    return cell_row_join_stored(r->store, &key, &r->target, &found, err) &&
           cell_row_put(r->store, &key, &r->target, err);
}

/* Each part to its owner, or to what is left: r->rest and ${left}. */
static bool share_out(struct reattributing *r, const struct candidate *c, struct slice parts,
                      struct buf *left, struct error *err)
{
    cell_row_clear(&r->rest);
    while (parts.len > 0) {
        uint32_t owner = LEASE_NOBODY;
        bool conflict = false;

        if (!next_part(r, &parts, &c->key, err))
            return false;
        if (r->part.first_us != INT64_MAX)
            owner = owner_between(r, c->place, r->part.first_us, r->part.last_us, &conflict);
        r->out->conflicts += conflict;
        if (owner != LEASE_NOBODY) {
            if (!give(r, &c->key, owner, err))
                return false;
            continue;
        }
        hours_append(left, &c->key, &r->part);
        if (!cell_row_join(&r->rest, &r->part))
            return error_set_memory(err);
    }
    return true;
}

/* What is left of the cell takes its place. */
static bool replace(struct reattributing *r, const struct candidate *c, const struct buf *left,
                    struct error *err)
{
    if (!hours_delete(r->store, &c->key, err))
        return false;
    if (left->len == 0)
        return cell_row_delete(r->store, &c->key, err);
    return cell_row_put(r->store, &c->key, &r->rest, err) &&
           hours_add(r->store, &c->key, left, err);
}

static bool settle_cell(struct reattributing *r, const struct candidate *c, struct buf *parts,
                        struct buf *left, struct error *err)
{
    uint64_t before = r->out->hours;
    bool complete = false;

    buf_reset(left);
    if (!hours_read(r->store, &c->key, parts, err) ||
        !is_complete(r, &c->key, buf_slice(parts), &complete, err))
        return false;
    r->out->incomplete += !complete;
    return !complete || (share_out(r, c, buf_slice(parts), left, err) &&
                         (r->out->hours == before || replace(r, c, left, err)));
}

static bool settle_cells(struct reattributing *r, struct error *err)
{
    struct buf parts = {0}, left = {0};
    bool ok = list_cells(r, err);

    for (size_t i = 0; ok && i < r->cell_count; i++)
        ok = settle_cell(r, &r->cells[i], &parts, &left, err);
    buf_free(&parts);
    buf_free(&left);
    return ok;
}

/* --- hosts and unknown domains --- */

/* The pair's user is the owner of the address for all of its hour. */
static bool settle_pair(struct reattributing *r, int32_t day, struct pair *pair, bool *changed,
                        struct error *err)
{
    uint32_t place = place_of(r, pair->user), owner;
    int64_t from_us;
    bool conflict;

    if (place == LEASE_NO_PLACE || pair->hour == DETAIL_NO_HOUR)
        return true;
    from_us = (zone_day_start(r->options->zone, day) + (int64_t)pair->hour * 3600) *
              MICROSECONDS_PER_SECOND;
    owner = owner_between(r, place, from_us, from_us + MINUTES_PER_HOUR * (int64_t)MINUTE_US - 1,
                          &conflict);
    if (owner == LEASE_NOBODY)
        return true;
    *changed = true;
    r->out->pairs++;
    pair->hour = DETAIL_NO_HOUR;
    return user_of(r, owner, day, &pair->user, err);
}

static int compare_pairs(const void *left, const void *right)
{
    return pairs_compare(left, right);
}

/* The row's pairs with owners instead of addresses, packed into ${out}. */
static bool settle_pairs(struct reattributing *r, int32_t day, struct slice bytes, struct buf *out,
                         bool *changed, struct error *err)
{
    struct pairs_reader reader = {.bytes = bytes};
    struct pair *list = calloc(bytes.len / 2 + 1, sizeof *list); /* a pair has two bytes */
    struct pairs pairs = {.out = out};
    size_t count = 0;
    bool ok = list != NULL;

    if (!ok)
        error_set_memory(err);
    while (ok && pairs_next(&reader, &list[count]))
        ok = settle_pair(r, day, &list[count++], changed, err);
    if (ok && reader.damaged)
        ok = sql_fail(&r->store->sql, SQLITE_CORRUPT, err);
    if (ok && *changed && count > 1)
        qsort(list, count, sizeof *list, compare_pairs);
    for (size_t i = 0; ok && *changed && i < count; i++)
        pairs_add(&pairs, &list[i]);
    pairs_end(&pairs);
    free(list);
    return ok && (!out->failed || error_set_memory(err));
}

/* A row that is to be another, with its pairs. */
struct settled {
    struct detail_row_key key;
    struct slice old, new;
    int64_t archive;
};

/* Of one day: changes wait until the table has been read. */
struct settling {
    struct settled *rows;
    size_t count, capacity;
    struct arena arena;
};

static struct settled *new_settled(struct settling *s)
{
    if (!ROOM_FOR_ONE(s->rows, s->count, s->capacity))
        return NULL;
    return &s->rows[s->count++];
}

static bool keep_settled(struct settling *s, sqlite3_stmt *row, bool domain, struct slice pairs,
                         struct error *err)
{
    struct settled *settled = new_settled(s);
    struct slice name = arena_copy(&s->arena, sql_column_text(row, 1));

    if (settled == NULL || name.ptr == NULL)
        return error_set_memory(err);
    *settled = (struct settled){.key = {.day = sqlite3_column_int(row, 0),
                                        .name = name,
                                        .kind = (uint8_t)sqlite3_column_int(row, 2),
                                        .flags = (uint8_t)sqlite3_column_int(row, 3),
                                        .role = (uint8_t)sqlite3_column_int(row, 4),
                                        .app = sqlite3_column_int64(row, 5),
                                        .tenant = sqlite3_column_int64(row, 6),
                                        .domain = domain},
                                .archive = sqlite3_column_int64(row, 7),
                                .old = arena_copy(&s->arena, sql_column_blob(row, 8)),
                                .new = arena_copy(&s->arena, pairs)};
    return (settled->old.ptr != NULL && settled->new.ptr != NULL) || error_set_memory(err);
}

static bool read_day(struct reattributing *r, struct settling *s, int32_t day, bool domain,
                     struct error *err)
{
    enum statement id = domain ? STATEMENT_UNMATCHED_PAIRS : STATEMENT_DETAIL_PAIRS;
    sqlite3_stmt *statement = sql_statement(&r->store->sql, id, err);
    struct buf pairs = {0};
    bool row = true, ok = statement != NULL;

    if (ok) {
        sqlite3_bind_int(statement, 1, day);
        sqlite3_bind_int(statement, 2, day + 1);
    }
    while (ok && sql_step(&r->store->sql, statement, &row, err) && row) {
        bool changed = false;

        buf_reset(&pairs);
        ok = settle_pairs(r, day, sql_column_blob(statement, 8), &pairs, &changed, err) &&
             (!changed || keep_settled(s, statement, domain, buf_slice(&pairs), err));
    }
    buf_free(&pairs);
    return ok && err->code == ERROR_NONE;
}

static bool settle_day(struct reattributing *r, int32_t day, bool domain, struct error *err)
{
    struct settling s = {0};
    bool ok = read_day(r, &s, day, domain, err);

    for (size_t i = 0; ok && i < s.count; i++)
        ok = detail_row_subtract(r->store, &s.rows[i].key, s.rows[i].old, err) &&
             detail_row_add(r->store, &s.rows[i].key, s.rows[i].new, s.rows[i].archive, err);
    free(s.rows);
    arena_free(&s.arena);
    return ok;
}

/* The first and the last day of which there is detail; first > last: none. */
static bool find_days(struct reattributing *r, int32_t *first, int32_t *last, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&r->store->sql, STATEMENT_DETAIL_DAYS, err);
    bool row = false;

    *first = 1;
    *last = 0;
    if (statement == NULL || !sql_step(&r->store->sql, statement, &row, err))
        return false;
    if (row && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
        *first = sqlite3_column_int(statement, 0);
        *last = sqlite3_column_int(statement, 1);
    }
    return !row || sql_run(&r->store->sql, statement, err);
}

static bool settle_details(struct reattributing *r, struct error *err)
{
    int32_t first, last;
    bool ok = find_days(r, &first, &last, err);

    for (int64_t day = first; ok && day <= last; day++)
        ok = settle_day(r, (int32_t)day, false, err) && settle_day(r, (int32_t)day, true, err);
    return ok;
}

static bool note(struct reattributing *r, struct error *err)
{
    char text[256];

    (void)snprintf(text, sizeof text,
                   "reattributed by leases: %" PRIu64 " hours of addresses with %" PRIu64
                   " records; hours of hosts: %" PRIu64,
                   r->out->hours, r->out->records, r->out->pairs);
    return store_note(r->store, r->options->now_s, text, err);
}

static bool settle(struct reattributing *r, struct error *err)
{
    r->owners = calloc(leases_owner_count(r->options->leases) + 1, sizeof *r->owners);
    if (r->owners == NULL)
        return error_set_memory(err);
    return place_users(r, err) && name_archives(r, err) && settle_cells(r, err) &&
           settle_details(r, err) && note(r, err);
}

bool reattribute(struct store *s, const struct reattribute_options *options,
                 struct reattributed *out, struct error *err)
{
    struct reattributing r = {.store = s, .options = options, .out = out};
    bool ok = store_begin(s, err);

    *out = (struct reattributed){0};
    ok = ok && settle(&r, err) && store_commit(s, err);
    if (!ok)
        store_rollback(s);
    arena_free(&r.arena);
    free(r.archives);
    free(r.places);
    free(r.owners);
    free(r.cells);
    cell_row_free(&r.part);
    cell_row_free(&r.rest);
    cell_row_free(&r.target);
    return ok;
}
