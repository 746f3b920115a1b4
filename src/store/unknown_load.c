/* unknown_load.c: packed pairs of users and domains into the cells of a usage. */
#include "store/unknown_load.h"

#include "base/num.h"
#include "record/record.h"
#include "signature/signature.h"
#include "store/pairs.h"
#include "store/store_internal.h"
#include "usage/detail.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_DAY, COLUMN_DOMAIN, COLUMN_KIND, COLUMN_FLAGS, COLUMN_PAIRS = 8 };

/* In place of a user's number. */
static const uint32_t not_there = UINT32_MAX, not_wanted = UINT32_MAX - 1;

struct unknown_loading {
    struct store *store;
    const struct unknown_wanted *wanted;
    struct usage *usage;
    uint32_t *users; /* by number in the store: that of the usage, or not_… */
    size_t user_count;
};

static bool make_room(struct unknown_loading *l, uint64_t number)
{
    size_t count = l->user_count == 0 ? 64 : l->user_count;
    uint32_t *users;

    if (number < l->user_count)
        return true;
    if (number >= not_wanted)
        return false;
    while (count <= number)
        count *= 2;
    users = reallocarray(l->users, count, sizeof *users);
    if (users == NULL)
        return false;
    for (size_t i = l->user_count; i < count; i++)
        users[i] = not_there;
    l->users = users;
    l->user_count = count;
    return true;
}

static bool learn_users(struct unknown_loading *l, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&l->store->sql, STATEMENT_ALL_USERS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&l->store->sql, statement, &row, err) && row) {
        uint64_t number = (uint64_t)sqlite3_column_int64(statement, 0);
        struct slice name = sql_column_text(statement, 1);

        if (!make_room(l, number))
            return error_set_memory(err);
        l->users[number] = not_wanted;
        if (filter_passes(&l->wanted->filter->user, name) &&
            !usage_name_id(l->usage, NAME_USER, name, &l->users[number]))
            return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

static bool add_pair(struct unknown_loading *l, struct usage_key *key, const struct pair *pair,
                     bool verdict)
{
    uint64_t records = num_add(pair->passed, pair->denied);
    struct usage_cell *cell;

    key->user = l->users[pair->user];
    cell = usage_cell_at(l->usage, key);
    if (cell == NULL)
        return false;
    cell->counts[COUNT_PASSED] = num_add(cell->counts[COUNT_PASSED], pair->passed);
    cell->counts[COUNT_DENIED] = num_add(cell->counts[COUNT_DENIED], pair->denied);
    cell->counts[COUNT_BARE] = num_add(cell->counts[COUNT_BARE], records);
    if (verdict)
        cell->counts[COUNT_CARRIED_VERDICT] = num_add(cell->counts[COUNT_CARRIED_VERDICT], records);
    return true;
}

static bool add_row(struct unknown_loading *l, sqlite3_stmt *row, struct error *err)
{
    struct pairs_reader reader = {.bytes = sql_column_blob(row, COLUMN_PAIRS)};
    bool verdict = (sqlite3_column_int(row, COLUMN_FLAGS) & DETAIL_VERDICT) != 0;
    struct usage_key key;
    struct pair pair;

    memset(&key, 0, sizeof key);
    key.day = sqlite3_column_int(row, COLUMN_DAY);
    key.app = SIGNATURE_NO_APP;
    key.kind = (uint8_t)sqlite3_column_int(row, COLUMN_KIND);
    key.role = ROLE_SERVICE;
    if (key.kind >= RECORD_IDENTITY)
        return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
    if (!usage_name_id(l->usage, NAME_TENANT, sql_column_text(row, COLUMN_DOMAIN), &key.tenant))
        return error_set_memory(err);
    while (pairs_next(&reader, &pair)) {
        if (pair.user >= l->user_count || l->users[pair.user] == not_there)
            return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
        if (l->users[pair.user] != not_wanted && !add_pair(l, &key, &pair, verdict))
            return error_set_memory(err);
    }
    return !reader.damaged || sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
}

static bool add_rows(struct unknown_loading *l, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&l->store->sql, STATEMENT_UNMATCHED_PAIRS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, l->wanted->from_day);
    sqlite3_bind_int(statement, 2, l->wanted->until_day);
    while (sql_step(&l->store->sql, statement, &row, err) && row)
        if (!add_row(l, statement, err))
            return false;
    return err->code == ERROR_NONE;
}

bool unknown_load(struct store *s, const struct unknown_wanted *wanted, struct usage *usage,
                  struct error *err)
{
    struct unknown_loading l = {.store = s, .wanted = wanted, .usage = usage};
    bool ok = learn_users(&l, err) && add_rows(&l, err);

    free(l.users);
    return ok;
}

bool unknown_lacks(struct store *s, const struct unknown_wanted *wanted, bool *lacks,
                   struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_UNMATCHED_LACK, err);
    bool row = false;

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, wanted->from_day);
    sqlite3_bind_int(statement, 2, wanted->until_day);
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    *lacks = row && sqlite3_column_type(statement, 0) != SQLITE_NULL;
    sqlite3_reset(statement);
    return true;
}
