/* numbers.c: a look-up a name, remembered. */
#include "store/numbers.h"

#include <stdlib.h>

static const struct {
    enum usage_name kind;
    enum statement find, add;
} tables[] = {{NAME_USER, STATEMENT_USER_FIND, STATEMENT_USER_ADD},
              {NAME_TENANT, STATEMENT_TENANT_FIND, STATEMENT_TENANT_ADD},
              {NAME_HOST, STATEMENT_HOST_FIND, STATEMENT_HOST_ADD}};

enum { TABLES = sizeof tables / sizeof *tables };

bool numbers_start(struct numbers *n, struct error *err)
{
    bool ok;

    n->apps = calloc(signature_app_count(n->signatures) + 1, sizeof *n->apps);
    ok = n->apps != NULL;
    for (size_t i = 0; ok && i < TABLES; i++) {
        uint32_t count = usage_name_count(n->usage, tables[i].kind);

        n->names[tables[i].kind] = calloc((size_t)count + 1, sizeof(uint32_t));
        ok = n->names[tables[i].kind] != NULL;
    }
    return ok || error_set_memory(err);
}

/* The number that ${statement}, bound, finds; 0: none. */
static bool find_number(struct store *s, sqlite3_stmt *statement, uint32_t *id, struct error *err)
{
    bool row = false;

    *id = 0;
    if (!sql_step(&s->sql, statement, &row, err))
        return false;
    if (row)
        *id = (uint32_t)sqlite3_column_int64(statement, 0);
    return !row || sql_run(&s->sql, statement, err);
}

bool numbers_of_text(struct store *s, enum usage_name kind, struct slice text, uint32_t *id,
                     struct error *err)
{
    sqlite3_stmt *find, *add;
    size_t table = 0;

    while (table + 1 < TABLES && tables[table].kind != kind)
        table++;
    find = sql_statement(&s->sql, tables[table].find, err);
    if (find == NULL)
        return false;
    sql_bind_text(find, 1, text);
    if (!find_number(s, find, id, err))
        return false;
    if (*id != 0)
        return true;
    add = sql_statement(&s->sql, tables[table].add, err);
    if (add == NULL)
        return false;
    sql_bind_text(add, 1, text);
    if (!sql_run(&s->sql, add, err))
        return false;
    *id = (uint32_t)sqlite3_last_insert_rowid(s->sql.db);
    return true;
}

bool numbers_of_name(struct numbers *n, enum usage_name kind, uint32_t name, uint32_t *id,
                     struct error *err)
{
    uint32_t *known = &n->names[kind][name];

    if (*known == 0 &&
        !numbers_of_text(n->store, kind, usage_name(n->usage, kind, name), known, err))
        return false;
    *id = *known;
    return true;
}

bool numbers_of_app(struct numbers *n, uint32_t index, uint32_t *id, struct error *err)
{
    const struct app *app = signature_app(n->signatures, index);
    struct sql *sql = &n->store->sql;
    sqlite3_stmt *add, *find;

    *id = n->apps[index];
    if (*id != 0)
        return true;
    add = sql_statement(sql, STATEMENT_APP_ADD, err);
    find = sql_statement(sql, STATEMENT_APP_FIND, err);
    if (add == NULL || find == NULL)
        return false;
    sql_bind_text(add, 1, slice_of_string(app->id));
    sql_bind_text(add, 2, slice_of_string(app->name));
    sql_bind_text(add, 3, slice_of_string(app->category));
    sql_bind_text(add, 4, slice_of_string(app->vendor));
    sql_bind_text(add, 5, slice_of_string(managed_name(app->managed)));
    sql_bind_text(find, 1, slice_of_string(app->id));
    if (!sql_run(sql, add, err) || !find_number(n->store, find, id, err))
        return false;
    n->apps[index] = *id;
    return true;
}

void numbers_free(struct numbers *n)
{
    for (size_t i = 0; i < NAME_KINDS; i++)
        free(n->names[i]);
    free(n->apps);
}
