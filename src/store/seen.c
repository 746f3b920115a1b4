/* seen.c: a row for each network, tenant pattern and rule that was hit; hosts and apps are there.
 */
#include "store/seen.h"

#include "base/buf.h"
#include "store/store_internal.h"

static bool add_row(struct store *s, enum hit_kind kind, struct slice name, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_HIT_ADD, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, (int)kind);
    sql_bind_text(statement, 2, name);
    return sql_run(&s->sql, statement, err);
}

static bool add_kind(struct store *s, const struct hits *hits, enum hit_kind kind,
                     const struct signature_set *signatures, struct error *err)
{
    struct buf name = {0};
    bool ok = true;

    for (uint32_t row = 0; ok && row < hits->count[kind]; row++) {
        if (!hits_has(hits, kind, row))
            continue;
        buf_reset(&name);
        hits_append_name(signatures, kind, row, &name);
        ok = name.failed ? error_set_memory(err) : add_row(s, kind, buf_slice(&name), err);
    }
    buf_free(&name);
    return ok;
}

bool seen_add(struct store *s, const struct hits *hits, const struct signature_set *signatures,
              struct error *err)
{
    for (int kind = 0; kind < HIT_KINDS; kind++)
        if (!add_kind(s, hits, (enum hit_kind)kind, signatures, err))
            return false;
    return true;
}

bool seen_read(struct store *s, seen_take *take, void *context, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_SEEN_ALL, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row)
        take(context, (enum seen_kind)sqlite3_column_int(statement, 0),
             sql_column_text(statement, 1));
    return err->code == ERROR_NONE;
}

bool seen_reach(struct store *s, struct seen_reach *out, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_SEEN_REACH, err);
    bool row = false;

    *out = (struct seen_reach){0};
    if (statement == NULL || !sql_step(&s->sql, statement, &row, err))
        return false;
    if (!row)
        return true;
    out->archives_before = (uint64_t)sqlite3_column_int64(statement, 0);
    out->has_detail = sqlite3_column_type(statement, 1) != SQLITE_NULL;
    out->detail_from = sqlite3_column_int(statement, 1);
    return sql_run(&s->sql, statement, err);
}
