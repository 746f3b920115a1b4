/* exclude.c: rows of exclusions, held against records one after the other. */
#include "usage/exclude.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/calendar.h"
#include "base/room.h"
#include "identity/identity.h"
#include "identity/table.h"
#include "net/address.h"

#include <stdatomic.h>
#include <stdlib.h>

enum exclude_column {
    COLUMN_USER,
    COLUMN_CLIENT,
    COLUMN_HOST,
    COLUMN_APP,
    COLUMN_UNTIL,
    COLUMN_REASON,
    EXCLUDE_COLUMNS
};

/* One row; texts are empty where anything fits. */
struct exclusion {
    struct slice user, client, host, reason;
    struct network network;
    bool is_network; /* the client is an address or network */
    bool has_app;
    uint32_t app;
    int64_t until_us; /* exclusive */
    _Atomic uint64_t count;
};

struct exclusions {
    struct arena arena;
    struct exclusion *rows;
    size_t count, capacity;
    struct exclude_with with;
};

static const struct csv_column columns[EXCLUDE_COLUMNS] = {
    [COLUMN_USER] = {"user", true},   [COLUMN_CLIENT] = {"client", true},
    [COLUMN_HOST] = {"host", true},   [COLUMN_APP] = {"app", true},
    [COLUMN_UNTIL] = {"until", true}, [COLUMN_REASON] = {"reason", false},
};

static bool set_app(const struct exclusions *e, const struct csv_row *row, struct exclusion *x,
                    struct error *err)
{
    struct slice id = slice_trim(row->fields[COLUMN_APP]);
    size_t app = 0, count = signature_app_count(e->with.signatures);

    if (id.len == 0)
        return true;
    while (app < count && !slice_is(id, signature_app(e->with.signatures, (uint32_t)app)->id))
        app++;
    if (app == count)
        return csv_fail(row, err, "app '%.*s' is none that is known", SLICE_FMT(id));
    x->has_app = true;
    x->app = (uint32_t)app;
    return true;
}

static bool set_until(const struct exclusions *e, const struct csv_row *row, struct exclusion *x,
                      struct error *err)
{
    struct slice text = slice_trim(row->fields[COLUMN_UNTIL]);
    int64_t day;

    x->until_us = INT64_MAX;
    if (text.len == 0)
        return true;
    if (!table_day(text, &day))
        return csv_fail(row, err, "until '%.*s': expected a date such as 2026-09-30",
                        SLICE_FMT(text));
    x->until_us = zone_day_start(e->with.zone, day + 1) * MICROSECONDS_PER_SECOND;
    return true;
}

static bool keep_texts(struct exclusions *e, const struct csv_row *row, struct exclusion *x)
{
    struct slice *texts[] = {&x->user, &x->client, &x->host, &x->reason};
    static const enum exclude_column sources[] = {COLUMN_USER, COLUMN_CLIENT, COLUMN_HOST,
                                                  COLUMN_REASON};

    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        *texts[i] = arena_copy(&e->arena, slice_trim(row->fields[sources[i]]));
        if (texts[i]->ptr == NULL)
            return false;
    }
    return true;
}

/* A user by the name under which the directory's people are counted; hosts are in lower case. */
static bool make_plain(struct exclusions *e, struct exclusion *x)
{
    struct buf user = {0}, host = {0};
    bool ok;

    if (e->with.identity == NULL || slice_find(x->user, '*') < x->user.len)
        buf_append(&user, x->user);
    else
        identity_append_user(e->with.identity, x->user, &user);
    for (size_t i = 0; i < x->host.len; i++)
        buf_append_byte(&host, (char)(x->host.ptr[i] >= 'A' && x->host.ptr[i] <= 'Z'
                                          ? x->host.ptr[i] - 'A' + 'a'
                                          : x->host.ptr[i]));
    x->user = arena_copy(&e->arena, buf_slice(&user));
    x->host = arena_copy(&e->arena, buf_slice(&host));
    ok = !user.failed && !host.failed && x->user.ptr != NULL && x->host.ptr != NULL;
    buf_free(&user);
    buf_free(&host);
    return ok;
}

static struct exclusion *new_row(struct exclusions *e)
{
    if (!ROOM_FOR_ONE(e->rows, e->count, e->capacity))
        return NULL;
    e->rows[e->count] = (struct exclusion){.app = SIGNATURE_NO_APP};
    return &e->rows[e->count++];
}

static bool take_row(void *context, const struct csv_row *row, struct error *err)
{
    struct exclusions *e = context;
    struct exclusion *x = new_row(e);
    const char *why = "no network";

    if (x == NULL || !keep_texts(e, row, x) || !make_plain(e, x))
        return error_set_memory(err);
    if (x->reason.len == 0)
        return csv_fail(row, err, "no reason; expected why this is not counted");
    x->is_network = x->client.len > 0 && network_parse(x->client, &x->network, &why);
    if (x->client.len > 0 && !x->is_network && slice_find(x->client, '/') < x->client.len)
        return csv_fail(row, err, "client '%.*s': %s", SLICE_FMT(x->client), why);
    if (!set_app(e, row, x, err) || !set_until(e, row, x, err))
        return false;
    return x->user.len + x->client.len + x->host.len > 0 || x->has_app ||
           csv_fail(row, err, "expected a user, client, host or app that is not counted");
}

/* Every column must be known: one that is not could be what a row was meant to be narrowed by. */
static bool load(struct exclusions *e, const char *path, struct error *err)
{
    struct arena arena = {0};
    struct slice text;
    struct csv_file file = {.name = path, .columns = columns, .column_count = EXCLUDE_COLUMNS};
    bool ok = table_text(path, &arena, &text, err);

    file.bytes = text;
    ok = ok && csv_read(&file, take_row, e, err);
    arena_free(&arena);
    return ok;
}

struct exclusions *exclude_load(const char *path, const struct exclude_with *with,
                                struct error *err)
{
    struct exclusions *e = calloc(1, sizeof *e);

    if (e == NULL) {
        error_set_memory(err);
        return NULL;
    }
    e->with = *with;
    if (load(e, path, err))
        return e;
    exclude_free(e);
    return NULL;
}

static bool fits_client(const struct exclusion *x, struct slice client)
{
    struct address address;

    if (!x->is_network)
        return x->client.len == 0 || slice_glob(x->client, client);
    return address_parse(client, &address) && network_has(&x->network, &address);
}

static bool fits(const struct exclusion *x, const struct exclude_subject *s)
{
    return (!x->has_app || x->app == s->app) && s->ts_us < x->until_us &&
           (x->user.len == 0 || slice_glob(x->user, s->user)) &&
           (x->host.len == 0 || slice_glob(x->host, s->host)) && fits_client(x, s->client);
}

bool exclude_holds(struct exclusions *e, const struct exclude_subject *s)
{
    for (size_t i = 0; i < e->count; i++)
        if (fits(&e->rows[i], s)) {
            atomic_fetch_add_explicit(&e->rows[i].count, 1, memory_order_relaxed);
            return true;
        }
    return false;
}

bool exclude_row(const struct exclusions *e, size_t index, struct slice *reason, uint64_t *count)
{
    if (index >= e->count)
        return false;
    *reason = e->rows[index].reason;
    *count = atomic_load_explicit(&e->rows[index].count, memory_order_relaxed);
    return true;
}

void exclude_free(struct exclusions *e)
{
    if (e == NULL)
        return;
    free(e->rows);
    arena_free(&e->arena);
    free(e);
}
