/* detail_new.c: rows of a day of which a table has none: one thread packs them, the other has
 * SQLite write many at a time. */
#include "store/detail/detail_adding.h"

#include "base/belt.h"
#include "store/feed.h"

enum { LOT_ROWS = 512, LOT_BYTES = 128 * 1024 };

struct new_rows {
    struct detail_adding *adding;
    const uint32_t *order;
    size_t count, next; /* the first that is not packed yet */
    struct feed lots[BELT_LOTS];
};

/* The key in the order of the table's columns. Returns: the value behind it. */
static struct feed_value *feed_key(const struct detail_adding *a, const struct row_key *key,
                                   struct feed *f, struct feed_value *v)
{
    *v++ = feed_number(key->day);
    *v++ = feed_text(f, usage_name(a->part->usage, a->table->names, key->name));
    *v++ = feed_number(key->kind);
    *v++ = feed_number(key->flags);
    if (a->table->has_app) {
        *v++ = feed_number(key->role);
        *v++ = feed_number(key->app);
        *v++ = feed_number(key->tenant);
    }
    return v;
}

/* The listed pairs as a row. */
static bool pack_row(const struct detail_adding *a, const struct row_key *key, struct feed *f)
{
    struct feed_value *v = feed_add(f);
    struct pairs pairs = {.out = &f->bytes};
    size_t start;

    if (v == NULL)
        return false;
    v = feed_key(a, key, f, v);
    start = f->bytes.len;
    for (size_t i = 0; i < a->list_count; i++)
        pairs_add(&pairs, &a->list[i]);
    pairs_end(&pairs);
    *v++ = feed_number(a->part->archive);
    *v++ = feed_number((int64_t)pairs.passed);
    *v++ = feed_number((int64_t)pairs.denied);
    *v++ = feed_number(pairs.users);
    *v = feed_blob_since(f, start);
    return !f->bytes.failed;
}

static bool make_lot(void *context, void *lot, bool *more, struct error *err)
{
    struct new_rows *n = context;
    struct detail_adding *a = n->adding;
    struct feed *f = lot;

    feed_clear(f);
    *more = n->next < n->count;
    while (n->next < n->count && f->count < LOT_ROWS && f->bytes.len < LOT_BYTES) {
        const uint32_t *order = n->order + n->next;
        size_t alike = detail_alike(a, order, n->count - n->next);

        if (!detail_list_pairs(a, order, alike, err))
            return false;
        if (!pack_row(a, &a->placed[*order].key, f))
            return error_set_memory(err);
        n->next += alike;
    }
    return true;
}

static bool write_lot(void *context, void *lot, struct error *err)
{
    const struct new_rows *n = context;

    return feed_run(&n->adding->store->sql, n->adding->table->feed, lot, err);
}

bool detail_put_new(struct detail_adding *a, const uint32_t *order, size_t count, struct error *err)
{
    struct new_rows n = {.adding = a, .order = order, .count = count};
    struct belt belt = {make_lot, write_lot, &n, {NULL}};
    bool ok;

    for (size_t i = 0; i < BELT_LOTS; i++)
        belt.lots[i] = &n.lots[i];
    ok = belt_run(&belt, a->part->threads, err);
    for (size_t i = 0; i < BELT_LOTS; i++)
        feed_free(&n.lots[i]);
    return ok;
}
