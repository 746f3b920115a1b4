/* members.c: a row a day and user; read a day at a time. */
#include "store/members.h"

#include "identity/identity.h"
#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>

static bool find_number(struct store *s, enum statement id, struct slice name, uint32_t *number,
                        struct error *err)
{
    sqlite3_stmt *find = sql_statement(&s->sql, id, err);
    bool row = false;

    *number = 0;
    if (find == NULL)
        return false;
    sql_bind_text(find, 1, name);
    if (!sql_step(&s->sql, find, &row, err))
        return false;
    if (row)
        *number = (uint32_t)sqlite3_column_int64(find, 0);
    return !row || sql_run(&s->sql, find, err);
}

static bool department_number(struct store *s, struct slice name, uint32_t *number,
                              struct error *err)
{
    sqlite3_stmt *add;

    if (!find_number(s, STATEMENT_DEPARTMENT_FIND, name, number, err))
        return false;
    if (*number != 0)
        return true;
    add = sql_statement(&s->sql, STATEMENT_DEPARTMENT_ADD, err);
    if (add == NULL)
        return false;
    sql_bind_text(add, 1, name);
    if (!sql_run(&s->sql, add, err))
        return false;
    *number = (uint32_t)sqlite3_last_insert_rowid(s->sql.db);
    return true;
}

static bool put(struct store *s, int32_t day, uint32_t user, uint32_t department, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_MEMBER_PUT, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, day);
    sqlite3_bind_int64(statement, 2, user);
    sqlite3_bind_int64(statement, 3, department);
    return sql_run(&s->sql, statement, err);
}

static struct slice department_of(const struct identity *identity, struct slice user)
{
    const struct person *person = identity == NULL ? NULL : identity_person(identity, user);

    return person == NULL ? SLICE("") : person->department;
}

bool members_put(struct store *s, const struct identity *identity, int32_t day, uint32_t user,
                 struct slice name, struct error *err)
{
    struct slice department = department_of(identity, name);
    uint32_t number;

    return department.len == 0 ||
           (department_number(s, department, &number, err) && put(s, day, user, number, err));
}

/* Of one user, for all days. */
static bool note_user(struct store *s, struct slice user, struct slice department,
                      const struct coverage *coverage, struct error *err)
{
    uint32_t number, of;

    if (!find_number(s, STATEMENT_USER_FIND, user, &number, err) ||
        !department_number(s, department, &of, err))
        return false;
    for (size_t i = 0; number != 0 && i < coverage->count; i++) {
        int32_t day = coverage->hours[i].day;

        if ((i == 0 || coverage->hours[i - 1].day != day) && !put(s, day, number, of, err))
            return false;
    }
    return true;
}

bool members_note(struct store *s, const struct usage *usage, const struct identity *identity,
                  const struct coverage *coverage, struct error *err)
{
    uint32_t count = usage_name_count(usage, NAME_USER);

    for (uint32_t i = 0; identity != NULL && i < count; i++) {
        struct slice user = usage_name(usage, NAME_USER, i);
        struct slice department = department_of(identity, user);

        if (department.len > 0 && !note_user(s, user, department, coverage, err))
            return false;
    }
    return true;
}

/* Room for a number, zeroed. */
static bool make_room(uint32_t **list, size_t *count, uint64_t number)
{
    size_t wanted = *count == 0 ? 64 : *count;
    uint32_t *grown;

    if (number < *count)
        return true;
    if (number >= UINT32_MAX)
        return false;
    while (wanted <= number)
        wanted *= 2;
    grown = reallocarray(*list, wanted, sizeof *grown);
    if (grown == NULL)
        return false;
    memset(grown + *count, 0, (wanted - *count) * sizeof *grown);
    *list = grown;
    *count = wanted;
    return true;
}

bool members_open(struct members *m, struct store *s, struct usage *usage, struct error *err)
{
    sqlite3_stmt *all = sql_statement(&s->sql, STATEMENT_ALL_DEPARTMENTS, err);
    bool row = true;

    m->store = s;
    if (all == NULL)
        return false;
    while (sql_step(&s->sql, all, &row, err) && row) {
        uint64_t number = (uint64_t)sqlite3_column_int64(all, 0);

        if (!make_room(&m->names, &m->name_count, number) ||
            !usage_name_id(usage, NAME_CLIENT, sql_column_text(all, 1), &m->names[number]))
            return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

static bool load_day(struct members *m, int32_t day, struct error *err)
{
    sqlite3_stmt *of_day = sql_statement(&m->store->sql, STATEMENT_MEMBERS_OF_DAY, err);
    bool row = true;

    if (of_day == NULL)
        return false;
    if (m->user_count > 0)
        memset(m->of_user, 0, m->user_count * sizeof *m->of_user);
    sqlite3_bind_int(of_day, 1, day);
    while (sql_step(&m->store->sql, of_day, &row, err) && row) {
        uint64_t user = (uint64_t)sqlite3_column_int64(of_day, 0),
                 department = (uint64_t)sqlite3_column_int64(of_day, 1);

        if (department >= m->name_count)
            return sql_fail(&m->store->sql, SQLITE_CORRUPT, err);
        if (!make_room(&m->of_user, &m->user_count, user))
            return error_set_memory(err);
        m->of_user[user] = m->names[department];
    }
    m->loaded = true;
    m->day = day;
    return err->code == ERROR_NONE;
}

bool members_of(struct members *m, int32_t day, uint32_t user, uint32_t *name, struct error *err)
{
    if ((!m->loaded || m->day != day) && !load_day(m, day, err))
        return false;
    *name = user < m->user_count ? m->of_user[user] : 0;
    return true;
}

void members_free(struct members *m)
{
    free(m->names);
    free(m->of_user);
    *m = (struct members){0};
}
