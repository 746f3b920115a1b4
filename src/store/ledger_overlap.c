/* ledger_overlap.c: which archive has lines of another. */
#include "store/ledger.h"

#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>

enum { ARCHIVES_LIMIT = 256 }; /* looked at; more of them share lines only where all do */

/* How many of the hashes each archive has. */
struct hits {
    int64_t archives[ARCHIVES_LIMIT];
    size_t counts[ARCHIVES_LIMIT];
    size_t count;
};

bool ledger_add_samples(struct store *s, int64_t archive, const uint64_t *hashes, size_t count,
                        struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *add = sql_statement(&s->sql, STATEMENT_SAMPLE_ADD, err);

        if (add == NULL)
            return false;
        sqlite3_bind_int64(add, 1, (int64_t)hashes[i]);
        sqlite3_bind_int64(add, 2, archive);
        if (!sql_run(&s->sql, add, err))
            return false;
    }
    return true;
}

static void hit(struct hits *hits, int64_t archive)
{
    size_t i = 0;

    while (i < hits->count && hits->archives[i] != archive)
        i++;
    if (i == ARCHIVES_LIMIT)
        return;
    if (i == hits->count) {
        hits->archives[hits->count++] = archive;
        hits->counts[i] = 0;
    }
    hits->counts[i]++;
}

static bool look_up(struct store *s, const char *format, uint64_t hash, struct hits *hits,
                    struct error *err)
{
    sqlite3_stmt *find = sql_statement(&s->sql, STATEMENT_SAMPLE_FIND, err);
    bool row = true;

    if (find == NULL)
        return false;
    sqlite3_bind_int64(find, 1, (int64_t)hash);
    sql_bind_text(find, 2, slice_of_string(format));
    while (sql_step(&s->sql, find, &row, err) && row)
        hit(hits, sqlite3_column_int64(find, 0));
    return err->code == ERROR_NONE;
}

bool ledger_rejected(struct store *s, int64_t archive, uint64_t *lines, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_ARCHIVE_REJECTED, err);
    bool row = false;

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 1, archive);
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    *lines = row ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return true;
}

char *ledger_name(struct store *s, int64_t archive, struct error *err)
{
    sqlite3_stmt *find = sql_statement(&s->sql, STATEMENT_ARCHIVE_NAME, err);
    struct slice text;
    char *name;
    bool row = false;

    if (find == NULL)
        return NULL;
    sqlite3_bind_int64(find, 1, archive);
    if (!sql_step(&s->sql, find, &row, err) || !row)
        return NULL;
    text = sql_column_text(find, 0);
    name = strndup(text.ptr, text.len);
    if (name == NULL)
        error_set_memory(err);
    else if (!sql_run(&s->sql, find, err)) {
        free(name);
        name = NULL;
    }
    return name;
}

bool ledger_find_overlap(struct store *s, const char *format, struct ledger_samples samples,
                         struct ledger_overlap *overlap, struct error *err)
{
    struct hits hits = {.count = 0};
    size_t most = 0;

    *overlap = (struct ledger_overlap){0};
    for (size_t i = 0; i < samples.count; i++)
        if (!look_up(s, format, samples.hashes[i], &hits, err))
            return false;
    for (size_t i = 1; i < hits.count; i++)
        if (hits.counts[i] > hits.counts[most])
            most = i;
    if (hits.count == 0)
        return true;
    overlap->shared = hits.counts[most];
    overlap->name = ledger_name(s, hits.archives[most], err);
    return err->code == ERROR_NONE;
}
