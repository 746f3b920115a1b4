/* ledger_repeats.c: the lines of entries as prints, and archives held against them. */
#include "store/ledger.h"

#include "store/store_internal.h"

bool ledger_add_prints(struct store *s, int64_t archive, const struct prints_view *prints,
                       struct error *err)
{
    sqlite3_stmt *add = sql_statement(&s->sql, STATEMENT_PRINTS_ADD, err);
    size_t bytes =
        prints->width == PRINT_FINE ? prints->count * sizeof(uint64_t) : (prints->count + 1) / 2;

    if (add == NULL)
        return false;
    sqlite3_bind_int64(add, 1, archive);
    sqlite3_bind_int(add, 2, prints->width);
    sqlite3_bind_int64(add, 3, (int64_t)prints->count);
    sql_bind_blob(add, 4, slice_of((const char *)prints->bytes, bytes));
    return sql_run(&s->sql, add, err);
}

/* The entry in the row. */
static bool compare(struct store *s, sqlite3_stmt *row, const struct prints_view *archive,
                    struct repeats *runs, struct error *err)
{
    struct prints_view known;

    if (!prints_unpack(sql_column_blob(row, 3), (size_t)sqlite3_column_int64(row, 2),
                       sqlite3_column_int(row, 1), &known))
        return sql_fail(&s->sql, SQLITE_CORRUPT, err);
    return repeats_add(runs, archive, &known, sqlite3_column_int64(row, 0), err);
}

bool ledger_find_repeats(struct store *s, const struct ledger_search *search, struct repeats *runs,
                         struct error *err)
{
    sqlite3_stmt *like = sql_statement(&s->sql, STATEMENT_PRINTS_LIKE, err);
    bool row = true;

    if (like == NULL)
        return false;
    sqlite3_bind_int64(like, 1, search->first_us);
    sqlite3_bind_int64(like, 2, search->last_us);
    sql_bind_text(like, 3, slice_of_string(search->format));
    sqlite3_bind_int64(like, 4, search->after);
    while (sql_step(&s->sql, like, &row, err) && row)
        if (!compare(s, like, search->prints, runs, err))
            return false;
    return err->code == ERROR_NONE;
}
