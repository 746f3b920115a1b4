/* cells_load.c: rows into the cells of a usage, as if the archives were read again. */
#include "store/cells.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/num.h"
#include "record/record.h"
#include "store/pack.h"
#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_USERS = 64, MINUTES_PER_HOUR = 60, COLUMN_COUNTS = 5, COLUMN_FIRST = 5 + COUNTERS };

/* Numbers of the store into those of the usage (or of the signatures), by number of the store. */
struct known {
    uint32_t number;
    bool there, kept;
};

struct known_list {
    struct known *known;
    size_t count;
};

struct loading {
    struct store *store;
    const struct cells_wanted *wanted;
    const struct signature_set *signatures;
    struct usage *usage;
    struct cells_fields *fields;
    struct known_list users, tenants, hosts, apps, archives;
};

/* Makes something known of a row whose first column is its number. Returns: false where memory is
 * out. */
typedef bool learn(struct loading *l, sqlite3_stmt *row, struct known *known);

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

static bool learn_all(struct loading *l, enum statement id, struct known_list *list, learn *teach,
                      struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&l->store->sql, id, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&l->store->sql, statement, &row, err) && row) {
        uint64_t number = (uint64_t)sqlite3_column_int64(statement, 0);

        if (!make_room(list, number))
            return error_set_memory(err);
        list->known[number].there = true;
        if (!teach(l, statement, &list->known[number]))
            return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

static bool learn_user(struct loading *l, sqlite3_stmt *row, struct known *known)
{
    struct slice name = sql_column_text(row, 1);

    known->kept = filter_passes(&l->wanted->filter->user, name);
    return !known->kept || usage_name_id(l->usage, NAME_USER, name, &known->number);
}

static bool learn_tenant(struct loading *l, sqlite3_stmt *row, struct known *known)
{
    struct slice name = sql_column_text(row, 1);

    known->kept = filter_passes(&l->wanted->filter->tenant, name);
    return !known->kept || usage_name_id(l->usage, NAME_TENANT, name, &known->number);
}

static bool learn_host(struct loading *l, sqlite3_stmt *row, struct known *known)
{
    return usage_name_id(l->usage, NAME_HOST, sql_column_text(row, 1), &known->number);
}

static bool learn_app(struct loading *l, sqlite3_stmt *row, struct known *known)
{
    known->number = signature_find_app(l->signatures, sql_column_text(row, 1));
    known->kept = known->number != SIGNATURE_NO_APP &&
                  filter_passes_app(l->wanted->filter, signature_app(l->signatures, known->number));
    return true;
}

/* FIELD_BITs of keys joined by blanks. */
static uint32_t fields_of(struct slice keys)
{
    uint32_t fields = 0;
    struct slice key;

    while (keys.len > 0) {
        enum field field;

        slice_cut(keys, ' ', &key, &keys);
        field = field_find(key);
        fields |= field == FIELD_COUNT ? 0 : FIELD_BIT(field);
    }
    return fields;
}

static bool learn_archive(struct loading *l, sqlite3_stmt *row, struct known *known)
{
    struct cells_fields *fields = l->fields;

    if (!usage_name_id(l->usage, NAME_ARCHIVE, sql_column_text(row, 1), &known->number))
        return false;
    if (known->number >= fields->count) {
        uint32_t count = known->number * 2 + 64;
        uint32_t *grown = reallocarray(fields->fields, count, sizeof *grown);

        if (grown == NULL)
            return false;
        memset(grown + fields->count, 0, (count - fields->count) * sizeof *grown);
        fields->fields = grown;
        fields->count = count;
    }
    fields->fields[known->number] |= fields_of(sql_column_text(row, 2));
    return true;
}

/* What is known of a number that a cell refers to; NULL where there is none. */
static const struct known *known_at(const struct known_list *list, sqlite3_stmt *row, int column)
{
    uint64_t number = (uint64_t)sqlite3_column_int64(row, column);

    return number < list->count && list->known[number].there ? &list->known[number] : NULL;
}

/* The key of a row's cell. ${kept}: is it wanted? Returns: false where the row refers to nothing.
 */
static bool key_of(const struct loading *l, sqlite3_stmt *row, struct usage_key *key, bool *kept)
{
    const struct known *user = known_at(&l->users, row, 1), *app = known_at(&l->apps, row, 2);
    const struct known *tenant = known_at(&l->tenants, row, 3);
    unsigned class = (unsigned)sqlite3_column_int(row, 4);

    if (user == NULL || app == NULL || tenant == NULL)
        return false;
    memset(key, 0, sizeof *key);
    key->day = sqlite3_column_int(row, 0);
    key->user = user->number;
    key->app = app->number;
    key->tenant = tenant->number;
    key->kind = (uint8_t)(class / CELLS_CLASS_KIND);
    key->role = (uint8_t)(class % CELLS_CLASS_KIND);
    *kept = user->kept && app->kept && tenant->kept;
    return class < CELLS_CLASS_KIND * RECORD_IDENTITY;
}

static bool add_minutes(struct loading *l, struct usage_cell *cell, const uint8_t *bitmap,
                        unsigned from, unsigned until)
{
    for (unsigned minute = from; minute < until; minute++) {
        if (minute % 8 == 0 && bitmap[minute / 8] == 0)
            minute += 7; /* none of these */
        else if ((bitmap[minute / 8] >> (minute % 8) & 1) != 0 &&
                 !usage_cell_add_minute(l->usage, cell, minute))
            return false;
    }
    return true;
}

/* A cell for each part of the day that is asked for; what else than minutes fell into which is not
 * kept. */
static bool add_parts(struct loading *l, struct usage_key *key, const uint8_t *bitmap,
                      struct error *err)
{
    const struct workhours *w = l->wanted->workhours;
    struct usage_cell *cell = NULL;

    for (unsigned minute = 0; minute < MINUTES_PER_DAY; minute++) {
        uint8_t hour = l->wanted->hours ? (uint8_t)(minute / MINUTES_PER_HOUR) : 0;
        uint8_t class;

        if ((bitmap[minute / 8] >> (minute % 8) & 1) == 0)
            continue;
        class = w == NULL ? WORKHOURS_NONE : (uint8_t)workhours_of(w, key->day, minute);
        if (cell == NULL || key->hour != hour || key->workhours != class) {
            key->hour = hour;
            key->workhours = class;
            cell = usage_cell_at(l->usage, key);
        }
        if (cell == NULL || !usage_cell_add_minute(l->usage, cell, minute))
            return error_set_memory(err);
    }
    return true;
}

/* First, last and evidence, as two records give them. */
static bool see(struct loading *l, sqlite3_stmt *row, struct usage_cell *cell)
{
    int64_t day_us = (int64_t)cell->key.day * SECONDS_PER_DAY * MICROSECONDS_PER_SECOND, first_us;
    const struct known *archive = known_at(&l->archives, row, COLUMN_FIRST + 2);

    if (sqlite3_column_type(row, COLUMN_FIRST) == SQLITE_NULL)
        return true;
    if (archive == NULL)
        return false;
    first_us = day_us + sqlite3_column_int64(row, COLUMN_FIRST);
    usage_cell_seen(l->usage, cell, first_us, archive->number,
                    (uint64_t)sqlite3_column_int64(row, COLUMN_FIRST + 3));
    usage_cell_seen(l->usage, cell, first_us + sqlite3_column_int64(row, COLUMN_FIRST + 1),
                    archive->number, UINT64_MAX);
    return true;
}

/* Returns: false where the row is none, or memory is out (then ${err} says so). */
static bool add_hosts(struct loading *l, sqlite3_stmt *row, struct usage_cell *cell,
                      struct error *err)
{
    struct slice hosts = sql_column_blob(row, COLUMN_FIRST + 5);
    uint32_t host = 0;

    while (hosts.len > 0) {
        if (!pack_next(&hosts, &host) || host >= l->hosts.count || !l->hosts.known[host].there)
            return false;
        if (!usage_cell_add_host(l->usage, cell, l->hosts.known[host].number))
            return error_set_memory(err);
    }
    return true;
}

static bool add_row(struct loading *l, sqlite3_stmt *row, struct error *err)
{
    uint8_t bitmap[MINUTES_BITMAP_BYTES] = {0};
    struct usage_cell *cell;
    struct usage_key key;
    bool kept = false;

    if (!key_of(l, row, &key, &kept))
        return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
    if (!kept)
        return true;
    if (!pack_read_minutes(sql_column_blob(row, COLUMN_FIRST + 4), bitmap))
        return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
    if (l->wanted->hours || l->wanted->workhours != NULL)
        return add_parts(l, &key, bitmap, err);
    cell = usage_cell_at(l->usage, &key);
    if (cell == NULL)
        return error_set_memory(err);
    for (int i = 0; i < COUNTERS; i++)
        cell->counts[i] =
            num_add(cell->counts[i], (uint64_t)sqlite3_column_int64(row, COLUMN_COUNTS + i));
    if (!see(l, row, cell) || !add_hosts(l, row, cell, err))
        return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
    return add_minutes(l, cell, bitmap, 0, MINUTES_PER_DAY) || error_set_memory(err);
}

static sqlite3_stmt *of_days(struct loading *l, enum statement id, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&l->store->sql, id, err);

    if (statement == NULL)
        return NULL;
    sqlite3_bind_int(statement, 1, l->wanted->from_day);
    sqlite3_bind_int(statement, 2, l->wanted->until_day);
    return statement;
}

static bool add_rows(struct loading *l, sqlite3_stmt *statement, struct error *err)
{
    bool row = true;

    while (sql_step(&l->store->sql, statement, &row, err) && row)
        if (!add_row(l, statement, err))
            return false;
    return err->code == ERROR_NONE;
}

/* The first and the last day that the table has of those wanted. Returns: false where it has none.
 */
static bool find_days(struct loading *l, int32_t *first, int32_t *last, struct error *err)
{
    sqlite3_stmt *statement = of_days(l, STATEMENT_DAYS, err);
    bool row = false;

    if (statement == NULL || !sql_step(&l->store->sql, statement, &row, err))
        return false;
    row = row && sqlite3_column_type(statement, 0) != SQLITE_NULL;
    *first = sqlite3_column_int(statement, 0);
    *last = sqlite3_column_int(statement, 1);
    sqlite3_reset(statement);
    return row;
}

static bool load_user(struct loading *l, size_t user, int32_t first, int32_t last,
                      struct error *err)
{
    for (int32_t day = first; day <= last; day++) {
        sqlite3_stmt *statement = sql_statement(&l->store->sql, STATEMENT_CELLS_OF_USER, err);

        if (statement == NULL)
            return false;
        sqlite3_bind_int(statement, 1, day);
        sqlite3_bind_int64(statement, 2, (int64_t)user);
        if (!add_rows(l, statement, err))
            return false;
    }
    return true;
}

/* Are there so few users that their rows are looked up rather than all rows read? */
static bool are_few(const struct known_list *users)
{
    size_t kept = 0, all = 0;

    for (size_t i = 0; i < users->count; i++) {
        kept += users->known[i].there && users->known[i].kept;
        all += users->known[i].there;
    }
    return kept <= FEW_USERS && kept * 4 <= all;
}

static bool load_cells(struct loading *l, struct error *err)
{
    sqlite3_stmt *statement;
    int32_t first, last;

    if (!are_few(&l->users)) {
        statement = of_days(l, STATEMENT_CELLS_OF_DAYS, err);
        return statement != NULL && add_rows(l, statement, err);
    }
    if (!find_days(l, &first, &last, err))
        return err->code == ERROR_NONE;
    for (size_t user = 0; user < l->users.count; user++)
        if (l->users.known[user].there && l->users.known[user].kept &&
            !load_user(l, user, first, last, err))
            return false;
    return true;
}

static bool load_proxy_days(struct loading *l, struct error *err)
{
    sqlite3_stmt *statement = of_days(l, STATEMENT_ALL_PROXY_DAYS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&l->store->sql, statement, &row, err) && row)
        if (!usage_add_proxy_day(l->usage, sqlite3_column_int(statement, 0)))
            return error_set_memory(err);
    return err->code == ERROR_NONE;
}

bool cells_load(struct store *s, const struct cells_wanted *wanted,
                const struct signature_set *signatures, struct usage *usage,
                struct cells_fields *fields, struct error *err)
{
    struct loading l = {s, wanted, signatures, usage, fields, {0}, {0}, {0}, {0}, {0}};
    bool ok;

    *fields = (struct cells_fields){calloc(1, sizeof(uint32_t)), 1};
    ok = (fields->fields != NULL || error_set_memory(err)) &&
         learn_all(&l, STATEMENT_ALL_USERS, &l.users, learn_user, err) &&
         learn_all(&l, STATEMENT_ALL_TENANTS, &l.tenants, learn_tenant, err) &&
         learn_all(&l, STATEMENT_ALL_HOSTS, &l.hosts, learn_host, err) &&
         learn_all(&l, STATEMENT_ALL_APPS, &l.apps, learn_app, err) &&
         learn_all(&l, STATEMENT_ALL_ARCHIVES, &l.archives, learn_archive, err) &&
         load_proxy_days(&l, err) && load_cells(&l, err);
    free(l.users.known);
    free(l.tenants.known);
    free(l.hosts.known);
    free(l.apps.known);
    free(l.archives.known);
    return ok;
}

static void append_field(struct buf *out, struct slice text)
{
    buf_append_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        buf_append_string(out, text.ptr[i] == '"' ? "\"" : "");
        buf_append_byte(out, text.ptr[i]);
    }
    buf_append_byte(out, '"');
}

/* As a row of apps.csv. */
static void append_app(struct buf *out, sqlite3_stmt *row)
{
    append_field(out, sql_column_text(row, 1));
    buf_append_byte(out, ',');
    append_field(out, sql_column_text(row, 2));
    buf_append_string(out, ",,");
    append_field(out, sql_column_text(row, 3));
    buf_append_byte(out, ',');
    append_field(out, sql_column_text(row, 4));
    buf_append_string(out, ",,");
    append_field(out, sql_column_text(row, 5));
    buf_append_string(out, ",,unknown,unknown,unknown,unknown,unknown,unknown,unknown,unknown,\n");
}

bool cells_load_apps(struct store *s, struct signature_set *signatures, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_ALL_APPS, err);
    struct buf csv = {0};
    bool row = true, ok;

    if (statement == NULL)
        return false;
    buf_append_string(&csv, "app,name,name_ja,category,vendor,country,managed,alternative,"
                            "account_suspension,remote_wipe,password_reset,audit_log,sso,"
                            "licence_management,business_terms,age_verification,note\n");
    while (sql_step(&s->sql, statement, &row, err) && row)
        append_app(&csv, statement);
    ok = err->code == ERROR_NONE && (!csv.failed || error_set_memory(err));
    if (ok) {
        struct signature_file file = {"apps.csv", buf_slice(&csv)};

        ok = signature_set_add(signatures, &file, err);
    }
    buf_free(&csv);
    return ok;
}
