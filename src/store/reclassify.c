/* reclassify.c: rows of hosts that the catalogue sees otherwise, and the cells behind them. */
#include "store/reclassify.h"

#include "base/arena.h"
#include "base/num.h"
#include "base/room.h"
#include "signature/match.h"
#include "store/cells/cell_row.h"
#include "store/cells/cells.h"
#include "store/detail/detail_row.h"
#include "store/hours.h"
#include "store/numbers.h"
#include "store/pairs.h"
#include "usage/detail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A row that is to be another. */
struct change {
    struct detail_row_key from, to; /* app and tenant of ${to} are given a number later */
    int64_t archive;
    uint32_t app; /* index, or SIGNATURE_NO_APP */
    struct slice tenant;
};

struct reclassifying {
    struct store *store;
    const struct reclassify_options *options;
    struct numbers numbers; /* of apps alone */
    struct arena arena;     /* texts of the changes */
    struct change *changes;
    size_t count, capacity;
    struct cell_row old, new;
    struct buf hours; /* of the old cell */
    struct reclassified *out;
};

/* What the catalogue says of a host. */
struct verdict {
    uint32_t app; /* index, or SIGNATURE_NO_APP */
    enum role role;
    unsigned flags;
    struct slice tenant;
};

/* A row of the table, as it stands in a statement. */
struct known_row {
    unsigned flags, role;
    struct slice app, tenant;
};

/* Does it stay, whatever host signatures say? */
static bool is_settled(const struct known_row *row, const struct match *match)
{
    return (row->flags & DETAIL_BY_RULE) != 0 ||
           ((row->flags & DETAIL_BY_NETWORK) != 0 && match->app == SIGNATURE_NO_APP &&
            match->signature == MATCH_NO_SIGNATURE);
}

static struct verdict judge(const struct reclassifying *r, const struct known_row *row,
                            const struct match *match)
{
    struct verdict v = {.app = match->app, .flags = row->flags & DETAIL_VERDICT};

    if (match->app == SIGNATURE_NO_APP) {
        v.flags |= match->signature != MATCH_NO_SIGNATURE ? (unsigned)DETAIL_NO_APP : 0U;
        return v;
    }
    v.role = match->role;
    v.tenant = match->tenant;
    if (match->url_tenant && slice_is(row->app, signature_app(r->options->signatures, v.app)->id))
        v.tenant = row->tenant; /* of a path that is gone */
    return v;
}

static bool is_same(const struct reclassifying *r, const struct known_row *row,
                    const struct verdict *v)
{
    if (v->app == SIGNATURE_NO_APP)
        return row->app.len == 0 && row->flags == v->flags;
    return slice_is(row->app, signature_app(r->options->signatures, v->app)->id) &&
           row->role == (unsigned)v->role && slice_equal(row->tenant, v->tenant);
}

static struct change *new_change(struct reclassifying *r)
{
    if (!ROOM_FOR_ONE(r->changes, r->count, r->capacity))
        return NULL;
    return &r->changes[r->count++];
}

/* Note that the statement's row is to be as ${v} says. */
static bool add_change(struct reclassifying *r, sqlite3_stmt *row, const struct verdict *v,
                       struct error *err)
{
    struct change *c = new_change(r);
    struct slice host = arena_copy(&r->arena, sql_column_text(row, 1));
    struct slice tenant = arena_copy(&r->arena, v->tenant);

    if (c == NULL || host.ptr == NULL || tenant.ptr == NULL)
        return error_set_memory(err);
    c->from = (struct detail_row_key){.day = sqlite3_column_int(row, 0),
                                      .name = host,
                                      .kind = (uint8_t)sqlite3_column_int(row, 2),
                                      .role = (uint8_t)sqlite3_column_int(row, 3),
                                      .flags = (uint8_t)sqlite3_column_int(row, 4),
                                      .app = sqlite3_column_int64(row, 5),
                                      .tenant = sqlite3_column_int64(row, 6)};
    c->to = c->from;
    c->to.role = (uint8_t)v->role;
    c->to.flags = (uint8_t)v->flags;
    c->to.app = c->to.tenant = 0;
    c->app = v->app;
    c->tenant = tenant;
    c->archive = sqlite3_column_int64(row, 7);
    return true;
}

static bool find_changes(struct reclassifying *r, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&r->store->sql, STATEMENT_DETAIL_ALL, err);
    bool has_row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&r->store->sql, statement, &has_row, err) && has_row) {
        struct match match = signature_match(r->options->signatures, sql_column_text(statement, 1));
        struct known_row row = {(unsigned)sqlite3_column_int(statement, 4),
                                (unsigned)sqlite3_column_int(statement, 3),
                                sql_column_text(statement, 8), sql_column_text(statement, 9)};
        struct verdict v = judge(r, &row, &match);

        if (!is_settled(&row, &match) && !is_same(r, &row, &v) &&
            !add_change(r, statement, &v, err))
            return false;
    }
    return err->code == ERROR_NONE;
}

/* --- cells --- */

static struct cell_key cell_of(const struct detail_row_key *key, uint32_t user)
{
    return (struct cell_key){key->day, user, (uint32_t)key->app, (uint32_t)key->tenant,
                             CELLS_CLASS_KIND * (unsigned)key->kind + key->role};
}

static uint64_t records_of(const struct cell_row *row)
{
    return num_add(row->counts[COUNT_PASSED], row->counts[COUNT_DENIED]);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ${part} of the cell's records are gone: nobody knows which minutes and bytes were theirs. */
static void lessen(struct cell_row *row, const struct pair *part, uint32_t host)
{
    uint64_t all = records_of(row), left = all - part->passed - part->denied;
    uint64_t verdicts = row->counts[COUNT_CARRIED_VERDICT];

    row->counts[COUNT_PASSED] -= part->passed;
    row->counts[COUNT_DENIED] -= part->denied;
    row->counts[COUNT_BYTES_UP] = row->counts[COUNT_BYTES_DOWN] = 0;
    row->counts[COUNT_CARRIED_UP] = row->counts[COUNT_CARRIED_DOWN] = 0;
    row->counts[COUNT_CARRIED_VERDICT] = verdicts == all ? left : least(verdicts, left);
    row->counts[COUNT_BARE] = left;
    row->marks = 0;
    row->first_us = INT64_MAX;
    row->last_us = INT64_MIN;
    for (size_t i = 0; i < sizeof row->minutes; i++)
        row->minutes[i] = 0;
    if (row->host_count > 1)
        cell_row_remove_host(row, host);
}

/* Its hours go with a cell that goes as it is; to what is left they say nothing any more. */
static bool take_hours(struct reclassifying *r, const struct cell_key *key, struct error *err)
{
    return hours_read(r->store, key, &r->hours, err) &&
           (r->hours.len == 0 || hours_delete(r->store, key, err));
}

/* What leaves the old cell is in r->new afterwards, on what the new one has already. Returns: false
 * on a failure; ${part} becomes what the old cell really had. */
static bool leave(struct reclassifying *r, const struct change *c, uint32_t host, struct pair *part,
                  bool *whole, struct error *err)
{
    struct cell_key key = cell_of(&c->from, part->user);
    bool found;

    *whole = false;
    cell_row_clear(&r->old);
    if (!cell_row_join_stored(r->store, &key, &r->old, &found, err))
        return false;
    part->passed = least(part->passed, r->old.counts[COUNT_PASSED]);
    part->denied = least(part->denied, r->old.counts[COUNT_DENIED]);
    if (!found)
        return true;
    if (!take_hours(r, &key, err))
        return false;
    *whole = num_add(part->passed, part->denied) == records_of(&r->old);
    if (*whole)
        return cell_row_delete(r->store, &key, err);
    lessen(&r->old, part, host);
    return cell_row_put(r->store, &key, &r->old, err);
}

/* Records without anything but their counts. */
static bool add_bare(struct reclassifying *r, const struct change *c, const struct pair *part,
                     uint32_t host)
{
    uint64_t records = num_add(part->passed, part->denied), *counts = r->new.counts;

    counts[COUNT_PASSED] = num_add(counts[COUNT_PASSED], part->passed);
    counts[COUNT_DENIED] = num_add(counts[COUNT_DENIED], part->denied);
    counts[COUNT_BARE] = num_add(counts[COUNT_BARE], records);
    if ((c->from.flags & DETAIL_VERDICT) != 0)
        counts[COUNT_CARRIED_VERDICT] = num_add(counts[COUNT_CARRIED_VERDICT], records);
    if (r->new.archive == 0)
        r->new.archive = c->archive;
    return cell_row_add_host(&r->new, host);
}

static bool arrive(struct reclassifying *r, const struct change *c, uint32_t host,
                   const struct pair *part, bool whole, struct error *err)
{
    struct cell_key key = cell_of(&c->to, part->user);
    bool found;

    cell_row_clear(&r->new);
    if (!cell_row_join_stored(r->store, &key, &r->new, &found, err))
        return false;
    if (!(whole ? cell_row_join(&r->new, &r->old) : add_bare(r, c, part, host)))
        return error_set_memory(err);
    return cell_row_put(r->store, &key, &r->new, err) &&
           (!whole || r->hours.len == 0 || hours_add(r->store, &key, &r->hours, err));
}

static void tell(struct reclassifying *r, const struct change *c, const struct pair *part)
{
    uint64_t records = num_add(part->passed, part->denied);
    uint64_t *count = c->from.app == 0 ? &r->out->came
                      : c->to.app == 0 ? &r->out->went
                                       : &r->out->moved;

    *count = num_add(*count, records);
}

/* The numbers of the new app and tenant. */
static bool number(struct reclassifying *r, struct change *c, struct error *err)
{
    uint32_t app, tenant;

    if (c->app == SIGNATURE_NO_APP)
        return true;
    if (!numbers_of_app(&r->numbers, c->app, &app, err) ||
        !numbers_of_text(r->store, NAME_TENANT, c->tenant, &tenant, err))
        return false;
    c->to.app = app;
    c->to.tenant = tenant;
    return true;
}

/* One user's part of the row. */
static bool move_user(struct reclassifying *r, const struct change *c, uint32_t host,
                      struct pair part, struct error *err)
{
    bool whole = false;

    if (c->from.app != 0 && !leave(r, c, host, &part, &whole, err))
        return false;
    if (part.passed == 0 && part.denied == 0 && !whole)
        return true;
    tell(r, c, &part);
    return c->to.app == 0 || arrive(r, c, host, &part, whole, err);
}

static bool move_cells(struct reclassifying *r, const struct change *c, struct slice pairs,
                       struct error *err)
{
    struct pairs_reader reader = {.bytes = pairs};
    struct pair pair, sum = {0};
    bool more = pairs_next(&reader, &pair), ok = true;
    uint32_t host = 0;

    if (c->from.app == 0 && c->to.app == 0)
        return true;
    if (more && !numbers_of_text(r->store, NAME_HOST, c->from.name, &host, err))
        return false;
    while (ok && more) {
        sum = pair;
        while ((more = pairs_next(&reader, &pair)) && pair.user == sum.user) {
            sum.passed = num_add(sum.passed, pair.passed);
            sum.denied = num_add(sum.denied, pair.denied);
        }
        ok = move_user(r, c, host, sum, err);
    }
    return ok && (!reader.damaged || sql_fail(&r->store->sql, SQLITE_CORRUPT, err));
}

/* --- rows --- */

/* Its row among unknown domains. Returns: is it unknown? */
static bool domain_of(const struct reclassifying *r, const struct detail_row_key *key,
                      struct detail_row_key *domain)
{
    *domain = (struct detail_row_key){.day = key->day,
                                      .name = psl_group(r->options->psl, key->name),
                                      .kind = key->kind,
                                      .flags = key->flags & DETAIL_VERDICT,
                                      .domain = true};
    return key->app == 0 && (key->flags & DETAIL_NO_APP) == 0 && domain->name.len > 0;
}

static bool move_row(struct reclassifying *r, const struct change *c, struct slice pairs,
                     struct error *err)
{
    struct detail_row_key domain;

    if (domain_of(r, &c->from, &domain) && !detail_row_subtract(r->store, &domain, pairs, err))
        return false;
    if (domain_of(r, &c->to, &domain) && !detail_row_add(r->store, &domain, pairs, c->archive, err))
        return false;
    return detail_row_subtract(r->store, &c->from, pairs, err) &&
           detail_row_add(r->store, &c->to, pairs, c->archive, err);
}

/* What the catalogue says of the apps themselves. */
static bool refresh_apps(struct reclassifying *r, struct error *err)
{
    size_t count = signature_app_count(r->options->signatures);
    bool *known = calloc(count + 1, sizeof *known);
    sqlite3_stmt *statement = sql_statement(&r->store->sql, STATEMENT_ALL_APPS, err);
    bool row = true, ok = known != NULL && statement != NULL;
    uint32_t id;

    if (known == NULL)
        error_set_memory(err);
    while (ok && sql_step(&r->store->sql, statement, &row, err) && row) {
        uint32_t app = signature_find_app(r->options->signatures, sql_column_text(statement, 1));

        if (app != SIGNATURE_NO_APP)
            known[app] = true;
    }
    ok = ok && err->code == ERROR_NONE;
    for (uint32_t app = 0; ok && app < count; app++)
        ok = !known[app] || numbers_of_app(&r->numbers, app, &id, err);
    free(known);
    return ok;
}

static bool apply(struct reclassifying *r, struct error *err)
{
    struct buf pairs = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < r->count; i++) {
        struct change *c = &r->changes[i];

        ok = number(r, c, err) && detail_row_read(r->store, &c->from, &pairs, err) &&
             move_cells(r, c, buf_slice(&pairs), err) && move_row(r, c, buf_slice(&pairs), err);
    }
    buf_free(&pairs);
    r->out->rows = r->count;
    return ok;
}

static bool note(struct reclassifying *r, struct error *err)
{
    sqlite3_stmt *add = sql_statement(&r->store->sql, STATEMENT_RECLASSIFIED_ADD, err);
    char text[256];

    if (add == NULL)
        return false;
    sqlite3_bind_int64(add, 1, r->options->now_s);
    sql_bind_text(add, 2, slice_of_string(r->options->digest));
    sqlite3_bind_int64(add, 3, (int64_t)r->out->rows);
    sqlite3_bind_int64(add, 4, (int64_t)r->out->came);
    sqlite3_bind_int64(add, 5, (int64_t)r->out->went);
    (void)snprintf(text, sizeof text,
                   "reclassified by signatures %s: %" PRIu64 " hosts of days; records that came: "
                   "%" PRIu64 ", went: %" PRIu64 ", moved: %" PRIu64,
                   r->options->digest, r->out->rows, r->out->came, r->out->went, r->out->moved);
    return sql_run(&r->store->sql, add, err) && store_note(r->store, r->options->now_s, text, err);
}

bool reclassify(struct store *s, const struct reclassify_options *options, struct reclassified *out,
                struct error *err)
{
    struct reclassifying r = {
        .store = s, .options = options, .numbers = {.store = s, .signatures = options->signatures}};
    struct usage *none = usage_create(err);
    bool ok = none != NULL && store_begin(s, err);

    *out = (struct reclassified){0};
    r.out = out;
    r.numbers.usage = none;
    ok = ok && numbers_start(&r.numbers, err) && refresh_apps(&r, err) && find_changes(&r, err) &&
         apply(&r, err) && note(&r, err) && store_commit(s, err);
    if (!ok)
        store_rollback(s);
    numbers_free(&r.numbers);
    usage_free(none);
    arena_free(&r.arena);
    free(r.changes);
    cell_row_free(&r.old);
    cell_row_free(&r.new);
    buf_free(&r.hours);
    return ok;
}
