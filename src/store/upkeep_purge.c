/* upkeep_purge.c: taking out days, and the names that are left without any. */
#include "store/bits.h"
#include "store/pack.h"
#include "store/pairs.h"
#include "store/store_internal.h"
#include "store/upkeep.h"

/* Run a statement whose only parameter is a number. */
static bool run_with(struct store *s, enum statement id, int64_t number, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return false;
    if (sqlite3_bind_parameter_count(statement) > 0)
        sqlite3_bind_int64(statement, 1, number);
    return sql_run(&s->sql, statement, err);
}

/* Numbers in the packed sets that ${id} gives. */
static bool collect_sets(struct store *s, enum statement id, struct bits *bits, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row) {
        struct slice set = sql_column_blob(statement, 0);
        uint32_t number = 0;

        while (set.len > 0 && pack_next(&set, &number))
            if (!bits_add(bits, number))
                return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

/* Users that ${id} gives: a number, or their pairs. */
static bool collect_users(struct store *s, enum statement id, struct bits *bits, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row) {
        struct pairs_reader reader = {.bytes = sql_column_blob(statement, 1)};
        struct pair pair = {.user = (uint32_t)sqlite3_column_int64(statement, 0)};

        do
            if (!bits_add(bits, pair.user))
                return error_set_memory(err);
        while (pairs_next(&reader, &pair));
    }
    return err->code == ERROR_NONE;
}

/* Take out what ${all} names and ${kept} lacks. */
static bool purge_others(struct store *s, enum statement all, enum statement take_out,
                         const struct bits *kept, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, all, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row) {
        int64_t id = sqlite3_column_int64(statement, 0);

        if (!bits_has(kept, (uint32_t)id) && !run_with(s, take_out, id, err))
            return false;
    }
    return err->code == ERROR_NONE;
}

/* Names that nothing refers to any more. */
static bool purge_names(struct store *s, struct error *err)
{
    struct bits hosts = {0}, users = {0};
    bool ok = collect_sets(s, STATEMENT_ALL_HOST_SETS, &hosts, err) &&
              purge_others(s, STATEMENT_ALL_HOSTS, STATEMENT_PURGE_HOST, &hosts, err) &&
              collect_users(s, STATEMENT_USERS_OF_CELLS, &users, err) &&
              collect_users(s, STATEMENT_USERS_OF_PAIRS, &users, err) &&
              purge_others(s, STATEMENT_ALL_USERS, STATEMENT_PURGE_USER, &users, err) &&
              run_with(s, STATEMENT_PURGE_TENANTS, 0, err) &&
              run_with(s, STATEMENT_PURGE_STRANGERS, 0, err) &&
              run_with(s, STATEMENT_PURGE_DEPARTMENTS, 0, err);

    bits_free(&hosts);
    bits_free(&users);
    return ok;
}

static bool count_purged(struct store *s, int32_t before_day, struct upkeep_purged *out,
                         struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_PURGE_COUNT, err);
    bool row = false;

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, before_day);
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    out->cells = (uint64_t)sqlite3_column_int64(statement, 0);
    out->records = (uint64_t)sqlite3_column_int64(statement, 1);
    return sql_run(&s->sql, statement, err);
}

static bool note_purge(struct store *s, int32_t before_day, int64_t now_s,
                       const struct upkeep_purged *purged, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_PURGE_NOTE, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 1, now_s);
    sqlite3_bind_int(statement, 2, before_day);
    sqlite3_bind_int64(statement, 3, (int64_t)purged->cells);
    sqlite3_bind_int64(statement, 4, (int64_t)purged->records);
    return sql_run(&s->sql, statement, err);
}

bool upkeep_purge(struct store *s, int32_t before_day, int64_t now_s, struct upkeep_purged *out,
                  struct error *err)
{
    int before = sqlite3_total_changes(s->sql.db);
    bool ok, changed;

    if (!store_begin(s, err))
        return false;
    ok = count_purged(s, before_day, out, err) &&
         run_with(s, STATEMENT_PURGE_DETAIL, before_day, err) &&
         run_with(s, STATEMENT_PURGE_UNMATCHED, before_day, err) &&
         run_with(s, STATEMENT_PURGE_HOURS, before_day, err) &&
         run_with(s, STATEMENT_PURGE_MEMBERS, before_day, err);
    changed = ok && (out->cells > 0 || sqlite3_total_changes(s->sql.db) != before);
    if (changed)
        ok = run_with(s, STATEMENT_PURGE_CELLS, before_day, err) &&
             run_with(s, STATEMENT_PURGE_ROLLUP, before_day, err) && purge_names(s, err) &&
             note_purge(s, before_day, now_s, out, err);
    ok = ok && store_commit(s, err);
    if (!ok)
        store_rollback(s);
    return ok;
}
