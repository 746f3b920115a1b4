/* rollup_read.c: one app after the other, day by day. */
#include "store/rollup/rollup_read.h"

#include "base/room.h"
#include "store/known.h"
#include "store/pack.h"
#include "store/rollup/rollup.h"
#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>

struct list {
    uint32_t *numbers;
    size_t count, capacity;
};

struct rollup_reader {
    struct store *store;
    struct cells_wanted wanted;
    struct usage *usage;
    struct known_names names;
    size_t app;              /* of the store, whose rows come; those before are done */
    sqlite3_stmt *statement; /* NULL: the app's are still to be asked for */
    bool by_day, new_app;
    int32_t day; /* of the row before */
    struct rollup_row row;
    struct slice hosts; /* those to come */
    uint32_t host;
    struct crowd crowd;
    struct list users, tenants;
    struct usage_cell cells[RECORD_IDENTITY];
};

bool rollup_covers(struct store *s, int32_t from_day, int32_t until_day, bool *covers,
                   struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_UNROLLED_IN, err);
    bool row = false;

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, from_day);
    sqlite3_bind_int(statement, 2, until_day);
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    *covers = row && sqlite3_column_int(statement, 0) == 0;
    return !row || sql_run(&s->sql, statement, err);
}

static bool damaged(const struct rollup_reader *r, struct error *err)
{
    return sql_fail(&r->store->sql, SQLITE_CORRUPT, err);
}

static bool list_add(struct list *l, uint32_t number, struct error *err)
{
    if (!ROOM_FOR_ONE(l->numbers, l->count, l->capacity))
        return error_set_memory(err);
    l->numbers[l->count++] = number;
    return true;
}

/* A packed set; with ${known} its numbers become those of the usage. */
static bool list_set(const struct rollup_reader *r, struct slice set,
                     const struct known_list *known, struct list *out, struct error *err)
{
    uint32_t number = 0;

    out->count = 0;
    while (set.len > 0) {
        uint32_t here;

        if (!pack_next(&set, &number) ||
            (known != NULL && (number >= known->count || !known->known[number].there)))
            return damaged(r, err);
        here = known == NULL ? number : known->known[number].number;
        if ((known == NULL || here != 0) && !list_add(out, here, err))
            return false;
    }
    return true;
}

/* The rows of the next app that is wanted. Returns: false where there is none, or on a failure. */
static bool ask_for_app(struct rollup_reader *r, struct error *err)
{
    while (r->app < r->names.apps.count && !known_is_kept(&r->names.apps.known[r->app]))
        r->app++;
    if (r->app == r->names.apps.count)
        return false;
    r->statement = sql_statement(&r->store->sql, STATEMENT_ROLLUP_OF_APP, err);
    if (r->statement == NULL)
        return false;
    sqlite3_bind_int64(r->statement, 1, (int64_t)r->app);
    sqlite3_bind_int(r->statement, 2, r->wanted.from_day);
    sqlite3_bind_int(r->statement, 3, r->wanted.until_day);
    r->new_app = true;
    return true;
}

/* Returns: false at the end or on a failure. */
static bool next_row(struct rollup_reader *r, struct error *err)
{
    for (bool row = false;;) {
        if (r->statement == NULL && !ask_for_app(r, err))
            return false;
        if (!sql_step(&r->store->sql, r->statement, &row, err) || row)
            return row;
        r->statement = NULL;
        r->app++;
    }
}

static bool read_row(struct rollup_reader *r, struct error *err)
{
    struct rollup_row *row = &r->row;

    row->day = sqlite3_column_int(r->statement, 0);
    row->embedded = sqlite3_column_int(r->statement, 1) != 0;
    if (!rollup_unpack(sql_column_blob(r->statement, 2), row))
        return damaged(r, err);
    r->hosts = sql_column_blob(r->statement, 4);
    r->host = 0;
    return list_set(r, sql_column_blob(r->statement, 3), NULL, &r->users, err) &&
           list_set(r, sql_column_blob(r->statement, 5), &r->names.tenants, &r->tenants, err);
}

static struct crowd crowd_of(const struct rollup_reader *r)
{
    const struct rollup_row *row = &r->row;

    return (struct crowd){.uses = row->uses[usage_has_proxy_day(r->usage, row->day) ? 1 : 0],
                          .minutes = row->minutes,
                          .days = row->days,
                          .users = r->users.numbers,
                          .user_count = r->users.count,
                          .tenants = r->tenants.numbers,
                          .tenant_count = r->tenants.count};
}

/* A cell for each kind of logs; the first has the times and the evidence. */
static bool make_cells(struct rollup_reader *r, struct document *out, struct error *err)
{
    const struct rollup_row *row = &r->row;

    out->count = 0;
    for (unsigned kind = 0; kind < RECORD_IDENTITY; kind++) {
        struct usage_cell *cell = &r->cells[out->count];

        if ((row->kinds >> kind & 1) == 0)
            continue;
        memset(cell, 0, sizeof *cell);
        cell->key.day = row->day;
        cell->key.app = r->names.apps.known[r->app].number;
        cell->key.kind = (uint8_t)kind;
        cell->key.role = row->embedded ? ROLE_EMBED : ROLE_SERVICE;
        memcpy(cell->counts, row->counts[kind], sizeof cell->counts);
        cell->first_us = INT64_MAX;
        cell->last_us = INT64_MIN;
        cell->marks = row->marks;
        out->cells[out->count++] = cell;
    }
    if (out->count == 0 ||
        (row->first_us != INT64_MAX && ((uint64_t)row->archive >= r->names.archives.count ||
                                        !r->names.archives.known[row->archive].there)))
        return damaged(r, err);
    r->cells[0].first_us = row->first_us;
    r->cells[0].last_us = row->last_us;
    r->cells[0].evidence_line = (uint64_t)row->line;
    if (row->first_us != INT64_MAX)
        r->cells[0].evidence_archive = r->names.archives.known[row->archive].number;
    return true;
}

static bool next(void *context, struct document *out, struct error *err)
{
    struct rollup_reader *r = context;

    if (!next_row(r, err) || !read_row(r, err) || !make_cells(r, out, err))
        return false;
    r->crowd = crowd_of(r);
    out->crowd = &r->crowd;
    out->new_row = r->new_app || (r->by_day && r->row.day != r->day);
    out->new_user = out->new_day = true;
    r->new_app = false;
    r->day = r->row.day;
    return true;
}

static bool next_host(void *context, uint32_t *host, struct error *err)
{
    struct rollup_reader *r = context;

    if (r->hosts.len == 0)
        return false;
    if (!pack_next(&r->hosts, &r->host))
        return damaged(r, err);
    *host = r->host;
    return true;
}

struct rollup_reader *rollup_read(struct store *s, const struct cells_wanted *wanted,
                                  const struct signature_set *signatures, struct usage *usage,
                                  struct error *err)
{
    struct known_world world = {s, wanted->filter, signatures, usage};
    struct rollup_reader *r = calloc(1, sizeof *r);

    if (r == NULL) {
        error_set_memory(err);
        return NULL;
    }
    r->store = s;
    r->wanted = *wanted;
    r->usage = usage;
    if (known_names_load(&world, KNOWN_TENANTS | KNOWN_APPS | KNOWN_ARCHIVES, &r->names, err) &&
        cells_load_proxy_days(s, wanted, usage, err))
        return r;
    rollup_reader_free(r);
    return NULL;
}

struct documents_source rollup_documents(struct rollup_reader *r, bool by_day)
{
    r->by_day = by_day;
    return (struct documents_source){next, next_host, r->usage, r};
}

void rollup_reader_free(struct rollup_reader *r)
{
    if (r == NULL)
        return;
    known_names_free(&r->names);
    free(r->users.numbers);
    free(r->tenants.numbers);
    free(r);
}
