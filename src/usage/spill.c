/* spill.c: a table of cells into one sorted run. */
#include "usage/spill.h"

#include "base/buf.h"
#include "base/room.h"
#include "usage/cell_pack.h"
#include "usage/spill_internal.h"

#include <stdlib.h>
#include <string.h>

/* One run being written. */
struct writing {
    const struct cell_order *order;
    const struct usage *usage;
    uint32_t *ranks[NAME_KINDS]; /* of names by their texts */
    struct run_writer *run;
    struct buf key, value;
    size_t document; /* length of the key that all records of a documented cell share */
    uint64_t *hosts; /* of it, rank and number */
    size_t host_count, host_capacity;
};

struct spill *spill_create(const struct spill_options *options, const struct usage *archives,
                           struct error *err)
{
    struct spill *s = calloc(1, sizeof *s);

    if (s == NULL) {
        error_set_memory(err);
        return NULL;
    }
    s->options = *options;
    s->archives = archives;
    s->runs = runs_create(options->folder, err);
    s->users = runs_create(options->folder, err);
    if (s->runs != NULL && s->users != NULL)
        return s;
    spill_free(s);
    return NULL;
}

bool spill_is_empty(const struct spill *s)
{
    return runs_count(s->runs) == 0;
}

void spill_free(struct spill *s)
{
    if (s == NULL)
        return;
    runs_free(s->runs);
    runs_free(s->users);
    free(s);
}

static bool rank_names(struct writing *w, enum usage_name kind, struct error *err)
{
    uint32_t count = usage_name_count(w->usage, kind);
    struct slice *texts = calloc((size_t)count + 1, sizeof *texts);
    bool ok;

    w->ranks[kind] = calloc((size_t)count + 1, sizeof *w->ranks[kind]);
    if (texts == NULL || w->ranks[kind] == NULL) {
        free(texts);
        return error_set_memory(err);
    }
    for (uint32_t id = 0; id < count; id++)
        texts[id] = usage_name(w->usage, kind, id);
    ok = order_rank_texts(texts, count, w->ranks[kind], err);
    free(texts);
    return ok;
}

static bool note_host(struct writing *w, uint32_t host)
{
    if (!ROOM_FOR_ONE(w->hosts, w->host_count, w->host_capacity))
        return false;
    w->hosts[w->host_count++] = (uint64_t)w->ranks[NAME_HOST][host] << 32 | host;
    return true;
}

/* For qsort. */
static int compare_hosts(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static bool add_record(struct writing *w, struct error *err)
{
    bool ok = !w->key.failed && !w->value.failed;

    ok = ok ? run_writer_add(w->run, buf_slice(&w->key), buf_slice(&w->value), err)
            : error_set_memory(err);
    w->key.len = w->document;
    return ok;
}

/* The hosts of the documented cell that ends. */
static bool write_hosts(struct writing *w, struct error *err)
{
    if (w->host_count > 1)
        qsort(w->hosts, w->host_count, sizeof *w->hosts, compare_hosts);
    buf_reset(&w->value);
    for (size_t i = 0; i < w->host_count; i++) {
        if (i > 0 && w->hosts[i] == w->hosts[i - 1])
            continue;
        cell_pack_host(&w->key, usage_name(w->usage, NAME_HOST, (uint32_t)w->hosts[i]));
        if (!add_record(w, err))
            return false;
    }
    w->host_count = 0;
    return true;
}

static bool write_cell(struct writing *w, const struct usage_cell *cell, struct error *err)
{
    const struct host_set *hosts = &cell->hosts;

    cell_pack_kind(&w->key, &cell->key);
    buf_reset(&w->value);
    cell_pack_value(&w->value, cell);
    for (uint32_t i = 0; i < hosts->count; i++)
        if (!note_host(w, host_set_get(hosts, i)))
            return error_set_memory(err);
    return add_record(w, err);
}

static bool write_cells(struct writing *w, const struct order *order, struct error *err)
{
    struct usage_key before;

    for (size_t i = 0; i < order->count; i++) {
        struct usage_cell cell = usage_cell_get(w->usage, order->items[i]);

        if (i == 0 || cell_order_difference(w->order, &before, &cell.key) < w->order->document) {
            if (!write_hosts(w, err))
                return false;
            buf_reset(&w->key);
            cell_pack_document(&w->key, w->order, w->usage, &cell.key);
            w->document = w->key.len;
        }
        if (!write_cell(w, &cell, err))
            return false;
        before = cell.key;
    }
    return write_hosts(w, err);
}

static bool write_run(struct writing *w, struct error *err)
{
    struct order order = {0};
    bool ok = true;

    for (unsigned part = 0; ok && part < KEY_PARTS; part++) {
        enum usage_name kind = key_part_name((enum key_part)part);

        ok = kind == NAME_KINDS || rank_names(w, kind, err);
    }
    ok = ok && cell_order_sort(w->order, w->usage, w->ranks, &order, err) &&
         write_cells(w, &order, err);
    order_free(&order);
    return ok;
}

/* All users by name, also those without a cell. */
static bool write_users(struct spill *s, const struct writing *w, struct error *err)
{
    uint32_t count = usage_name_count(w->usage, NAME_USER);
    uint32_t *by_rank = calloc(count, sizeof *by_rank);
    struct run_writer *run;
    bool ok;

    if (by_rank == NULL)
        return error_set_memory(err);
    run = run_writer_open(s->users, err);
    ok = run != NULL;
    for (uint32_t id = 0; id < count; id++)
        by_rank[w->ranks[NAME_USER][id]] = id;
    for (uint32_t i = 0; ok && i + 1 < count; i++) /* the empty name is the last */
        ok = run_writer_add(run, usage_name(w->usage, NAME_USER, by_rank[i]), SLICE(""), err);
    free(by_rank);
    if (ok)
        return run_writer_finish(run, err);
    run_writer_drop(run);
    return false;
}

bool spill_each_user(const struct spill *s, const struct usage *usage,
                     bool (*visit)(void *context, struct slice user), void *context,
                     struct error *err)
{
    struct buf before = {0};
    struct slice user, value;
    struct merge *m;
    bool ok = true;

    for (uint32_t id = 1; s == NULL && ok && id < usage_name_count(usage, NAME_USER); id++)
        ok = visit(context, usage_name(usage, NAME_USER, id));
    if (s == NULL)
        return ok;
    m = merge_open(s->users, err);
    while (m != NULL && ok && merge_next(m, &user, &value, err)) {
        if (slice_equal(user, buf_slice(&before)))
            continue;
        buf_reset(&before);
        buf_append(&before, user);
        ok = visit(context, user) && (!before.failed || error_set_memory(err));
    }
    merge_free(m);
    buf_free(&before);
    return ok && err->code == ERROR_NONE;
}

bool spill_take(struct spill *s, struct usage *usage, struct error *err)
{
    struct writing w = {.order = s->options.order, .usage = usage};
    bool ok;

    w.run = run_writer_open(s->runs, err);
    ok = w.run != NULL && write_run(&w, err);
    if (ok)
        ok = run_writer_finish(w.run, err) && write_users(s, &w, err);
    else
        run_writer_drop(w.run);
    for (int kind = 0; kind < NAME_KINDS; kind++)
        free(w.ranks[kind]);
    buf_free(&w.key);
    buf_free(&w.value);
    free(w.hosts);
    return ok && (usage_clear(usage) || error_set_memory(err));
}
