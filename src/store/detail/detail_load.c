/* detail_load.c: packed pairs of users into the cells of a usage. */
#include "store/detail/detail_load.h"

#include "base/num.h"
#include "record/record.h"
#include "store/known.h"
#include "store/members.h"
#include "store/pairs.h"
#include "store/store_internal.h"
#include "usage/detail.h"

#include <string.h>

enum {
    COLUMN_DAY,
    COLUMN_NAME, /* host, or domain */
    COLUMN_KIND,
    COLUMN_FLAGS,
    COLUMN_ROLE,
    COLUMN_APP,
    COLUMN_TENANT,
    COLUMN_PAIRS = 8
};

struct detail_loading {
    struct store *store;
    const struct detail_wanted *wanted;
    struct usage *usage;
    struct known_names names;
    struct members members;
};

/* The key of an unknown host's or domain's cell. */
static bool key_of_unknown(const struct detail_loading *l, sqlite3_stmt *row, struct usage_key *key)
{
    struct slice name = sql_column_text(row, COLUMN_NAME);

    if (l->wanted->hosts) /* what was noted together stands for its domain */
        name = psl_group(l->wanted->psl,
                         slice_starts_with(name, SLICE("*.")) ? slice_from(name, 2) : name);
    key->app = SIGNATURE_NO_APP;
    key->role = ROLE_SERVICE;
    return usage_name_id(l->usage, NAME_TENANT, name, &key->tenant);
}

/* The key but for its user. ${kept}: is it wanted? Returns: false where the row is none, or memory
 * is out (then ${err} says so). */
static bool key_of(const struct detail_loading *l, sqlite3_stmt *row, struct usage_key *key,
                   bool *kept, struct error *err)
{
    bool has_app = l->wanted->hosts && sqlite3_column_int64(row, COLUMN_APP) != 0;
    const struct known *app = known_of(&l->names.apps, row, COLUMN_APP);
    const struct known *tenant = known_of(&l->names.tenants, row, COLUMN_TENANT);
    struct slice host = sql_column_text(row, COLUMN_NAME);

    memset(key, 0, sizeof *key);
    *kept = has_app != l->wanted->unknown &&
            (has_app || (sqlite3_column_int(row, COLUMN_FLAGS) & DETAIL_NO_APP) == 0) &&
            (!l->wanted->hosts || filter_passes(&l->wanted->filter->host, host));
    key->day = sqlite3_column_int(row, COLUMN_DAY);
    key->kind = (uint8_t)sqlite3_column_int(row, COLUMN_KIND);
    key->role = (uint8_t)sqlite3_column_int(row, COLUMN_ROLE);
    if (key->kind >= RECORD_IDENTITY || key->role >= ROLE_COUNT ||
        (has_app && (app == NULL || tenant == NULL)))
        return false;
    if (!*kept)
        return true;
    if (has_app) {
        *kept = app->kept && tenant->kept;
        key->app = app->number;
        key->tenant = tenant->number;
    } else if (!key_of_unknown(l, row, key)) {
        return error_set_memory(err);
    }
    return !l->wanted->by_host || usage_name_id(l->usage, NAME_HOST, host, &key->host) ||
           error_set_memory(err);
}

/* Its host is named where hosts are wanted. */
static bool add_host(const struct detail_loading *l, struct usage_cell *cell, struct slice host)
{
    uint32_t id;

    return !l->wanted->hosts || (usage_name_id(l->usage, NAME_HOST, host, &id) &&
                                 usage_cell_add_host(l->usage, cell, id));
}

static bool add_pair(const struct detail_loading *l, const struct usage_key *key,
                     const struct pair *pair, sqlite3_stmt *row)
{
    uint64_t records = num_add(pair->passed, pair->denied), *counts;
    struct usage_cell *cell = usage_cell_at(l->usage, key);

    if (cell == NULL)
        return false;
    counts = cell->counts;
    counts[COUNT_PASSED] = num_add(counts[COUNT_PASSED], pair->passed);
    counts[COUNT_DENIED] = num_add(counts[COUNT_DENIED], pair->denied);
    counts[COUNT_BARE] = num_add(counts[COUNT_BARE], records);
    if ((sqlite3_column_int(row, COLUMN_FLAGS) & DETAIL_VERDICT) != 0)
        counts[COUNT_CARRIED_VERDICT] = num_add(counts[COUNT_CARRIED_VERDICT], records);
    return add_host(l, cell, sql_column_text(row, COLUMN_NAME));
}

static bool add_row(struct detail_loading *l, sqlite3_stmt *row, struct error *err)
{
    struct pairs_reader reader = {.bytes = sql_column_blob(row, COLUMN_PAIRS)};
    struct usage_key key;
    struct pair pair;
    bool kept;

    if (!key_of(l, row, &key, &kept, err))
        return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
    while (kept && pairs_next(&reader, &pair)) {
        const struct known *user =
            pair.user < l->names.users.count ? &l->names.users.known[pair.user] : NULL;

        if (user == NULL || !user->there)
            return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
        key.user = user->number;
        if (user->kept && l->wanted->departments &&
            !members_of(&l->members, key.day, pair.user, &key.client, err))
            return false;
        if (user->kept && !add_pair(l, &key, &pair, row))
            return error_set_memory(err);
    }
    return !reader.damaged || sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
}

static sqlite3_stmt *of_days(struct store *s, const struct detail_wanted *wanted,
                             const enum statement ids[2], struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, ids[wanted->hosts], err);

    if (statement == NULL)
        return NULL;
    sqlite3_bind_int(statement, 1, wanted->from_day);
    sqlite3_bind_int(statement, 2, wanted->until_day);
    return statement;
}

static bool add_rows(struct detail_loading *l, struct error *err)
{
    static const enum statement ids[] = {STATEMENT_UNMATCHED_PAIRS, STATEMENT_DETAIL_PAIRS};
    sqlite3_stmt *statement = of_days(l->store, l->wanted, ids, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&l->store->sql, statement, &row, err) && row)
        if (!add_row(l, statement, err))
            return false;
    return err->code == ERROR_NONE;
}

bool detail_load(struct store *s, const struct detail_wanted *wanted, struct usage *usage,
                 struct error *err)
{
    struct known_world world = {s, wanted->filter, wanted->signatures, usage};
    struct detail_loading l = {.store = s, .wanted = wanted, .usage = usage};
    unsigned which = wanted->hosts ? KNOWN_USERS | KNOWN_TENANTS | KNOWN_APPS : KNOWN_USERS;
    bool ok = known_names_load(&world, which, &l.names, err) &&
              (!wanted->departments || members_open(&l.members, s, usage, err)) &&
              add_rows(&l, err);

    known_names_free(&l.names);
    members_free(&l.members);
    return ok;
}

bool detail_lacks(struct store *s, const struct detail_wanted *wanted, bool *lacks,
                  struct error *err)
{
    static const enum statement ids[] = {STATEMENT_UNMATCHED_LACK, STATEMENT_DETAIL_LACK};
    sqlite3_stmt *statement = of_days(s, wanted, ids, err);
    bool row = false;

    if (statement == NULL || !sql_step(&s->sql, statement, &row, err))
        return false;
    *lacks = row && sqlite3_column_type(statement, 0) != SQLITE_NULL;
    sqlite3_reset(statement);
    return true;
}
