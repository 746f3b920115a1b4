/* known.c: each table of names read once. */
#include "store/known.h"

#include <stdlib.h>
#include <string.h>

/* Makes something known of a row whose first column is its number. Returns: false where memory is
 * out. */
typedef bool learn(const struct known_world *w, sqlite3_stmt *row, struct known *known);

static bool make_room(struct known_list *list, uint64_t number)
{
    size_t count = list->count == 0 ? 64 : list->count;
    struct known *known;

    if (number < list->count)
        return true;
    if (number >= UINT32_MAX)
        return false;
    while (count <= number)
        count *= 2;
    known = reallocarray(list->known, count, sizeof *known);
    if (known == NULL)
        return false;
    memset(known + list->count, 0, (count - list->count) * sizeof *known);
    list->known = known;
    list->count = count;
    return true;
}

static bool learn_all(const struct known_world *w, enum statement id, struct known_list *list,
                      learn *teach, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&w->store->sql, id, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&w->store->sql, statement, &row, err) && row) {
        uint64_t number = (uint64_t)sqlite3_column_int64(statement, 0);

        if (!make_room(list, number))
            return error_set_memory(err);
        list->known[number].there = true;
        if (!teach(w, statement, &list->known[number]))
            return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

static bool learn_user(const struct known_world *w, sqlite3_stmt *row, struct known *known)
{
    struct slice name = sql_column_text(row, 1);

    known->kept = filter_passes(&w->filter->user, name);
    return !known->kept || usage_name_id(w->usage, NAME_USER, name, &known->number);
}

static bool learn_tenant(const struct known_world *w, sqlite3_stmt *row, struct known *known)
{
    struct slice name = sql_column_text(row, 1);

    known->kept = filter_passes(&w->filter->tenant, name);
    return !known->kept || usage_name_id(w->usage, NAME_TENANT, name, &known->number);
}

static bool learn_host(const struct known_world *w, sqlite3_stmt *row, struct known *known)
{
    return usage_name_id(w->usage, NAME_HOST, sql_column_text(row, 1), &known->number);
}

static bool learn_app(const struct known_world *w, sqlite3_stmt *row, struct known *known)
{
    known->number = signature_find_app(w->signatures, sql_column_text(row, 1));
    known->kept = known->number != SIGNATURE_NO_APP &&
                  filter_passes_app(w->filter, signature_app(w->signatures, known->number));
    return true;
}

static bool learn_archive(const struct known_world *w, sqlite3_stmt *row, struct known *known)
{
    return usage_name_id(w->usage, NAME_ARCHIVE, sql_column_text(row, 1), &known->number);
}

bool known_names_load(const struct known_world *world, unsigned which, struct known_names *names,
                      struct error *err)
{
    const struct {
        unsigned bit;
        enum statement all;
        struct known_list *list;
        learn *teach;
    } tables[] = {{KNOWN_USERS, STATEMENT_ALL_USERS, &names->users, learn_user},
                  {KNOWN_TENANTS, STATEMENT_ALL_TENANTS, &names->tenants, learn_tenant},
                  {KNOWN_HOSTS, STATEMENT_ALL_HOSTS, &names->hosts, learn_host},
                  {KNOWN_APPS, STATEMENT_ALL_APPS, &names->apps, learn_app},
                  {KNOWN_ARCHIVES, STATEMENT_ALL_ARCHIVES, &names->archives, learn_archive}};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if ((which & tables[i].bit) != 0 &&
            !learn_all(world, tables[i].all, tables[i].list, tables[i].teach, err))
            return false;
    return true;
}

void known_names_free(struct known_names *names)
{
    free(names->users.known);
    free(names->tenants.known);
    free(names->hosts.known);
    free(names->apps.known);
    free(names->archives.known);
    *names = (struct known_names){0};
}
