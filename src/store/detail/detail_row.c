/* detail_row.c: rows of packed pairs that grow and shrink. */
#include "store/detail/detail_row.h"

#include "store/pairs.h"

static int bind_key(sqlite3_stmt *statement, const struct detail_row_key *key)
{
    int at = 1;

    sqlite3_bind_int(statement, at++, key->day);
    sql_bind_text(statement, at++, key->name);
    sqlite3_bind_int(statement, at++, key->kind);
    sqlite3_bind_int(statement, at++, key->flags);
    if (!key->domain) {
        sqlite3_bind_int(statement, at++, key->role);
        sqlite3_bind_int64(statement, at++, key->app);
        sqlite3_bind_int64(statement, at++, key->tenant);
    }
    return at;
}

/* ${archive}: 0 where there is no row. */
static bool find(struct store *s, const struct detail_row_key *key, struct buf *pairs,
                 int64_t *archive, struct error *err)
{
    enum statement id = key->domain ? STATEMENT_UNMATCHED_FIND : STATEMENT_DETAIL_FIND;
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);
    bool row = false;

    *archive = 0;
    buf_reset(pairs);
    if (statement == NULL)
        return false;
    bind_key(statement, key);
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    if (!row)
        return true;
    *archive = sqlite3_column_int64(statement, 0);
    buf_append(pairs, sql_column_blob(statement, 1));
    return sql_run(&s->sql, statement, err) && (!pairs->failed || error_set_memory(err));
}

bool detail_row_read(struct store *s, const struct detail_row_key *key, struct buf *pairs,
                     struct error *err)
{
    int64_t archive;

    return find(s, key, pairs, &archive, err);
}

static bool put(struct store *s, const struct detail_row_key *key, const struct pairs *pairs,
                int64_t archive, struct error *err)
{
    enum statement id = key->domain ? STATEMENT_UNMATCHED_PUT : STATEMENT_DETAIL_PUT;
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);
    int at;

    if (statement == NULL)
        return false;
    at = bind_key(statement, key);
    sqlite3_bind_int64(statement, at++, archive);
    sqlite3_bind_int64(statement, at++, (int64_t)pairs->passed);
    sqlite3_bind_int64(statement, at++, (int64_t)pairs->denied);
    sqlite3_bind_int64(statement, at++, pairs->users);
    sql_bind_blob(statement, at, buf_slice(pairs->out));
    return sql_run(&s->sql, statement, err);
}

static bool take_out(struct store *s, const struct detail_row_key *key, struct error *err)
{
    enum statement id = key->domain ? STATEMENT_UNMATCHED_DELETE : STATEMENT_DETAIL_DELETE;
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return false;
    bind_key(statement, key);
    return sql_run(&s->sql, statement, err);
}

typedef bool combine(struct pairs *out, struct slice a, struct slice b);

static bool change(struct store *s, const struct detail_row_key *key, struct slice with,
                   int64_t archive, combine *how, struct error *err)
{
    struct buf old = {0}, new = {0};
    struct pairs pairs = {.out = &new};
    int64_t found = 0;
    bool ok = find(s, key, &old, &found, err);

    if (ok && !how(&pairs, buf_slice(&old), with))
        ok = sql_fail(&s->sql, SQLITE_CORRUPT, err);
    if (ok && new.failed)
        ok = error_set_memory(err);
    if (ok && pairs.users > 0)
        ok = put(s, key, &pairs, found == 0 ? archive : found, err);
    else if (ok && found != 0)
        ok = take_out(s, key, err);
    buf_free(&old);
    buf_free(&new);
    return ok;
}

bool detail_row_add(struct store *s, const struct detail_row_key *key, struct slice pairs,
                    int64_t archive, struct error *err)
{
    return change(s, key, pairs, archive, pairs_join, err);
}

bool detail_row_subtract(struct store *s, const struct detail_row_key *key, struct slice pairs,
                         struct error *err)
{
    return change(s, key, pairs, 0, pairs_subtract, err);
}
