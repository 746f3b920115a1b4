/* detail_add.c: rows of an archive in the order of the tables' keys, merged into those that are
 * there. */
#include "store/detail/detail_add.h"

#include "base/order.h"
#include "store/bits.h"
#include "store/detail/detail_adding.h"

#include <stdlib.h>

static const struct detail_table details = {STATEMENT_DETAIL_FIND,
                                            STATEMENT_DETAIL_PUT,
                                            STATEMENT_DETAIL_FEED,
                                            STATEMENT_DETAIL_DAY,
                                            NAME_HOST,
                                            true};
static const struct detail_table unmatched = {STATEMENT_UNMATCHED_FIND,
                                              STATEMENT_UNMATCHED_PUT,
                                              STATEMENT_UNMATCHED_FEED,
                                              STATEMENT_UNMATCHED_DAY,
                                              NAME_TENANT,
                                              false};

/* Where a row belongs in the table of hosts. */
static bool place_host(struct detail_adding *a, const struct detail_row *row, struct row_key *key,
                       struct error *err)
{
    *key = (struct row_key){
        .day = row->day, .name = row->host, .kind = row->kind, .flags = row->flags};
    if (row->app == SIGNATURE_NO_APP)
        return true;
    key->role = row->role;
    return numbers_of_app(&a->numbers, row->app, &key->app, err) &&
           numbers_of_name(&a->numbers, NAME_TENANT, row->tenant, &key->tenant, err);
}

/* Rows from ${from_day} on that the table is to have. */
static bool place_all(struct detail_adding *a, int32_t from_day, struct error *err)
{
    size_t count;
    const struct detail_row *rows = detail_rows(a->part->detail, &count);

    a->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct detail_row *row = &rows[i];
        struct placed_row *p = &a->placed[a->count];
        bool is_unknown = row->app == SIGNATURE_NO_APP && row->tenant != 0;

        if (row->day < from_day || (!a->table->has_app && !is_unknown))
            continue;
        p->row = i;
        p->key = (struct row_key){.day = row->day,
                                  .name = row->tenant,
                                  .kind = row->kind,
                                  .flags = (uint8_t)(row->flags & DETAIL_VERDICT)};
        if (a->table->has_app && !place_host(a, row, &p->key, err))
            return false;
        a->count++;
    }
    return true;
}

/* Names of the table's kind by their place among each other. */
static uint32_t *rank_names(const struct detail_adding *a, struct error *err)
{
    uint32_t count = usage_name_count(a->part->usage, a->table->names);
    uint32_t *ranks = calloc((size_t)count + 1, sizeof *ranks);
    struct slice *texts = calloc((size_t)count + 1, sizeof *texts);
    bool ok = ranks != NULL && texts != NULL;

    if (!ok)
        error_set_memory(err);
    for (uint32_t i = 0; ok && i < count; i++)
        texts[i] = usage_name(a->part->usage, a->table->names, i);
    ok = ok && order_rank_texts(texts, count, ranks, err);
    free(texts);
    if (ok)
        return ranks;
    free(ranks);
    return NULL;
}

enum { KEYS = 6 };

/* The least significant first. */
static uint32_t key_at(const struct placed_row *p, const uint32_t *ranks, unsigned n)
{
    const struct row_key *key = &p->key;

    switch (n) {
    case 0: return key->flags;
    case 1: return key->tenant;
    case 2: return key->app;
    case 3: return (uint32_t)key->kind << 8 | key->role;
    case 4: return ranks[key->name];
    default: return (uint32_t)((int64_t)key->day - INT32_MIN);
    }
}

/* In the order of the table's key. */
static bool put_in_order(const struct detail_adding *a, struct order *order, struct error *err)
{
    uint32_t *ranks = rank_names(a, err);
    uint32_t *keys = calloc(a->count + 1, sizeof *keys);
    bool ok = ranks != NULL && keys != NULL;

    if (keys == NULL)
        error_set_memory(err);
    ok = ok && order_init(order, a->count, err);
    for (unsigned n = 0; ok && n < KEYS; n++) {
        for (size_t i = 0; i < a->count; i++)
            keys[i] = key_at(&a->placed[i], ranks, n);
        order_by(order, keys);
    }
    free(keys);
    free(ranks);
    return ok;
}

/* Returns: the position behind the key's. */
static int bind_key(const struct detail_adding *a, sqlite3_stmt *statement,
                    const struct row_key *key)
{
    int at = 1;

    sqlite3_bind_int(statement, at++, key->day);
    sql_bind_text(statement, at++, usage_name(a->part->usage, a->table->names, key->name));
    sqlite3_bind_int(statement, at++, key->kind);
    sqlite3_bind_int(statement, at++, key->flags);
    if (a->table->has_app) {
        sqlite3_bind_int(statement, at++, key->role);
        sqlite3_bind_int64(statement, at++, key->app);
        sqlite3_bind_int64(statement, at++, key->tenant);
    }
    return at;
}

/* The listed pairs with those the row has already. Returns: false where these are damaged. */
static bool merge_pairs(const struct detail_adding *a, struct slice found, struct pairs *out)
{
    struct pairs_reader reader = {.bytes = found};
    struct pair old;
    bool has_old = pairs_next(&reader, &old);
    size_t i = 0;

    while (has_old || i < a->list_count) {
        const struct pair *new = i < a->list_count ? &a->list[i] : NULL;

        if (has_old && (new == NULL || pairs_compare(&old, new) < 0)) {
            pairs_add(out, &old);
            has_old = pairs_next(&reader, &old);
        } else {
            pairs_add(out, new);
            i++;
        }
    }
    pairs_end(out);
    return !reader.damaged;
}

static bool put_row(struct detail_adding *a, const struct row_key *key, const struct pairs *pairs,
                    int64_t archive, struct error *err)
{
    sqlite3_stmt *put = sql_statement(&a->store->sql, a->table->put, err);
    int at;

    if (put == NULL)
        return false;
    at = bind_key(a, put, key);
    sqlite3_bind_int64(put, at++, archive);
    sqlite3_bind_int64(put, at++, (int64_t)pairs->passed);
    sqlite3_bind_int64(put, at++, (int64_t)pairs->denied);
    sqlite3_bind_int64(put, at++, pairs->users);
    sql_bind_blob(put, at, buf_slice(&a->pairs));
    return sql_run(&a->store->sql, put, err);
}

/* One row of the table: ${count} placed rows of the archive. */
static bool merge_row(struct detail_adding *a, const uint32_t *order, size_t count,
                      struct error *err)
{
    const struct row_key *key = &a->placed[*order].key;
    sqlite3_stmt *find = sql_statement(&a->store->sql, a->table->find, err);
    struct pairs pairs = {.out = &a->pairs};
    int64_t archive = a->part->archive;
    struct slice old = {NULL, 0};
    bool found = false;

    if (find == NULL || !detail_list_pairs(a, order, count, err))
        return false;
    bind_key(a, find, key);
    if (!sql_step(&a->store->sql, find, &found, err))
        return false;
    if (found) {
        archive = sqlite3_column_int64(find, 0);
        old = sql_column_blob(find, 1);
    }
    buf_reset(&a->pairs);
    if (!merge_pairs(a, old, &pairs))
        return sql_fail(&a->store->sql, SQLITE_CORRUPT, err);
    if (a->pairs.failed)
        return error_set_memory(err);
    sqlite3_reset(find);
    return put_row(a, key, &pairs, archive, err);
}

/* Rows of a day of which the table has some already, perhaps. */
static bool merge_rows(struct detail_adding *a, const uint32_t *order, size_t count,
                       struct error *err)
{
    for (size_t i = 0, alike; i < count; i += alike) {
        alike = detail_alike(a, order + i, count - i);
        if (!merge_row(a, order + i, alike, err))
            return false;
    }
    return true;
}

static bool put_day(struct detail_adding *a, const uint32_t *order, size_t count, struct error *err)
{
    bool known;

    return sql_finds(&a->store->sql, a->table->day, a->placed[*order].key.day, &known, err) &&
           (known ? merge_rows(a, order, count, err) : detail_put_new(a, order, count, err));
}

static bool put_rows(struct detail_adding *a, const struct order *order, struct error *err)
{
    for (size_t i = 0, next; i < order->count; i = next) {
        const int32_t day = a->placed[order->items[i]].key.day;

        for (next = i + 1; next < order->count && a->placed[order->items[next]].key.day == day;
             next++)
            continue;
        if (!put_day(a, order->items + i, next - i, err))
            return false;
    }
    return true;
}

/* Users get their numbers in the order of their pairs, as far as they are new: then these need not
 * be put in order again. */
static bool number_users(struct detail_adding *a, int32_t from_day, struct error *err)
{
    struct bits users = {0};
    size_t count;
    const struct detail_row *rows = detail_rows(a->part->detail, &count);
    uint32_t id, names = usage_name_count(a->part->usage, NAME_USER);
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        struct detail_reader reader = detail_read(a->part->detail, i);
        struct detail_pair pair;

        while (ok && rows[i].day >= from_day && detail_next(&reader, &pair))
            ok = bits_has(&users, pair.user) || bits_add(&users, pair.user);
    }
    if (!ok)
        error_set_memory(err);
    for (uint32_t name = 0; ok && name < names; name++)
        ok = !bits_has(&users, name) || numbers_of_name(&a->numbers, NAME_USER, name, &id, err);
    bits_free(&users);
    return ok;
}

static bool add_to(struct detail_adding *a, const struct detail_table *table, int32_t from_day,
                   struct error *err)
{
    struct order order = {0};
    bool ok;

    a->table = table;
    ok = place_all(a, from_day, err) && put_in_order(a, &order, err) && put_rows(a, &order, err);
    order_free(&order);
    return ok;
}

static bool prune_before(struct store *s, enum statement id, int32_t day, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, day);
    return sql_run(&s->sql, statement, err);
}

bool detail_keep(struct store *s, const struct detail *detail, const struct detail_keeping *keeping,
                 int32_t *from_day, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_DETAIL_LAST, err);
    int64_t newest = INT32_MIN;
    const struct detail_row *rows;
    size_t count;
    bool row = false;

    if (statement == NULL || !sql_step(&s->sql, statement, &row, err))
        return false;
    if (row && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        newest = sqlite3_column_int64(statement, 0);
    if (row && !sql_run(&s->sql, statement, err))
        return false;
    rows = detail_rows(detail, &count);
    for (size_t i = 0; i < count; i++)
        newest = rows[i].day > newest ? rows[i].day : newest;
    newest = newest > keeping->today ? keeping->today : newest;
    newest = newest - keeping->days + 1;
    *from_day = newest < INT32_MIN ? INT32_MIN : (int32_t)newest;
    return prune_before(s, STATEMENT_PURGE_DETAIL, *from_day, err) &&
           prune_before(s, STATEMENT_PURGE_UNMATCHED, *from_day, err) &&
           prune_before(s, STATEMENT_PURGE_HOURS, *from_day, err);
}

bool detail_add(struct store *s, const struct detail_part *part, int32_t from_day,
                struct error *err)
{
    struct detail_adding a = {
        .store = s,
        .part = part,
        .numbers = {.store = s, .usage = part->usage, .signatures = part->signatures}};
    size_t count;
    bool ok;

    (void)detail_rows(part->detail, &count);
    a.placed = calloc(count + 1, sizeof *a.placed);
    if (a.placed == NULL)
        error_set_memory(err);
    ok = a.placed != NULL && numbers_start(&a.numbers, err) && number_users(&a, from_day, err) &&
         add_to(&a, &details, from_day, err) && add_to(&a, &unmatched, from_day, err);
    numbers_free(&a.numbers);
    free(a.placed);
    free(a.list);
    buf_free(&a.pairs);
    return ok;
}
