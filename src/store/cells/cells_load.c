/* cells_load.c: rows into the cells of a usage, as if the archives were read again. */
#include "store/cells/cells.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/num.h"
#include "store/known.h"
#include "store/members.h"
#include "store/pack.h"
#include "store/store_internal.h"

#include <string.h>

enum { FEW_SEEKS = 2048, MINUTES_PER_HOUR = 60, COLUMN_COUNTS = 5, COLUMN_FIRST = 5 + COUNTERS };

struct loading {
    struct store *store;
    const struct cells_wanted *wanted;
    struct usage *usage;
    struct known_names names;
    struct members members;
};

/* The key of a row's cell. ${kept}: is it wanted? Returns: false where the row refers to nothing.
 */
static bool key_of(const struct loading *l, sqlite3_stmt *row, struct usage_key *key, bool *kept)
{
    const struct known *user = known_of(&l->names.users, row, 1),
                       *app = known_of(&l->names.apps, row, 2);
    const struct known *tenant = known_of(&l->names.tenants, row, 3);
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
    const struct known *archive = known_of(&l->names.archives, row, COLUMN_FIRST + 2);

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
        if (!pack_next(&hosts, &host) || host >= l->names.hosts.count ||
            !l->names.hosts.known[host].there)
            return false;
        if (!usage_cell_add_host(l->usage, cell, l->names.hosts.known[host].number))
            return error_set_memory(err);
    }
    return true;
}

/* The parts of a row's cell. */
static bool cut(struct loading *l, sqlite3_stmt *row, struct usage_key *key, const uint8_t *bitmap,
                struct error *err)
{
    uint64_t *timeless = l->wanted->timeless;

    if (timeless != NULL)
        *timeless =
            num_add(*timeless, (uint64_t)sqlite3_column_int64(row, COLUMN_COUNTS + COUNT_BARE));
    return add_parts(l, key, bitmap, err);
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
    if (l->wanted->departments &&
        !members_of(&l->members, key.day, (uint32_t)sqlite3_column_int64(row, 1), &key.client, err))
        return false;
    if (!pack_read_minutes(sql_column_blob(row, COLUMN_FIRST + 4), bitmap))
        return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
    if (l->wanted->hours || l->wanted->workhours != NULL)
        return cut(l, row, &key, bitmap, err);
    cell = usage_cell_at(l->usage, &key);
    if (cell == NULL)
        return error_set_memory(err);
    for (int i = 0; i < COUNTERS; i++)
        cell->counts[i] =
            num_add(cell->counts[i], (uint64_t)sqlite3_column_int64(row, COLUMN_COUNTS + i));
    cell->marks |= (uint8_t)sqlite3_column_int(row, COLUMN_FIRST + 6);
    if (!see(l, row, cell) || !add_hosts(l, row, cell, err))
        return sql_fail(&l->store->sql, SQLITE_CORRUPT, err);
    return usage_cell_add_minutes(l->usage, cell, bitmap) || error_set_memory(err);
}

static sqlite3_stmt *of_days(struct store *s, const struct cells_wanted *wanted, enum statement id,
                             struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return NULL;
    sqlite3_bind_int(statement, 1, wanted->from_day);
    sqlite3_bind_int(statement, 2, wanted->until_day);
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
    sqlite3_stmt *statement = of_days(l->store, l->wanted, STATEMENT_DAYS, err);
    bool row = false;

    if (statement == NULL || !sql_step(&l->store->sql, statement, &row, err))
        return false;
    row = row && sqlite3_column_type(statement, 0) != SQLITE_NULL;
    *first = sqlite3_column_int(statement, 0);
    *last = sqlite3_column_int(statement, 1);
    sqlite3_reset(statement);
    return row;
}

static size_t count_kept(const struct known_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += known_is_kept(&list->known[i]);
    return count;
}

static bool is_all(const struct known_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->known[i].there && !list->known[i].kept)
            return false;
    return true;
}

/* Cells of an app in a day: of all users, or of those that are kept. */
static bool load_app(struct loading *l, int32_t day, size_t app, bool of_users, struct error *err)
{
    enum statement id = of_users ? STATEMENT_CELLS_OF_USER : STATEMENT_CELLS_OF_APP;

    for (size_t user = 0; user < l->names.users.count; user++) {
        sqlite3_stmt *statement;

        if (of_users && !known_is_kept(&l->names.users.known[user]))
            continue;
        statement = sql_statement(&l->store->sql, id, err);
        if (statement == NULL)
            return false;
        sqlite3_bind_int(statement, 1, day);
        sqlite3_bind_int64(statement, 2, (int64_t)app);
        if (of_users)
            sqlite3_bind_int64(statement, 3, (int64_t)user);
        if (!add_rows(l, statement, err))
            return false;
        if (!of_users)
            break;
    }
    return true;
}

static bool load_day(struct loading *l, int32_t day, bool of_users, struct error *err)
{
    for (size_t app = 0; app < l->names.apps.count; app++)
        if (known_is_kept(&l->names.apps.known[app]) && !load_app(l, day, app, of_users, err))
            return false;
    return true;
}

/* Rows are looked up where few apps, or few apps and users, are asked for; else all are read. */
static bool load_cells(struct loading *l, struct error *err)
{
    size_t apps = count_kept(&l->names.apps), users = count_kept(&l->names.users);
    bool of_users = !is_all(&l->names.users) && users * apps <= FEW_SEEKS;
    sqlite3_stmt *statement;
    int32_t first, last;

    if (!of_users && (is_all(&l->names.apps) || apps > FEW_SEEKS)) {
        statement = of_days(l->store, l->wanted, STATEMENT_CELLS_OF_DAYS, err);
        return statement != NULL && add_rows(l, statement, err);
    }
    if (!find_days(l, &first, &last, err))
        return err->code == ERROR_NONE;
    for (int32_t day = first; day <= last; day++)
        if (!load_day(l, day, of_users, err))
            return false;
    return true;
}

bool cells_load_proxy_days(struct store *s, const struct cells_wanted *wanted, struct usage *usage,
                           struct error *err)
{
    sqlite3_stmt *statement = of_days(s, wanted, STATEMENT_ALL_PROXY_DAYS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    while (sql_step(&s->sql, statement, &row, err) && row)
        if (!usage_add_proxy_day(usage, sqlite3_column_int(statement, 0)))
            return error_set_memory(err);
    return err->code == ERROR_NONE;
}

bool cells_load(struct store *s, const struct cells_wanted *wanted,
                const struct signature_set *signatures, struct usage *usage, struct error *err)
{
    struct known_world world = {s, wanted->filter, signatures, usage};
    struct loading l = {.store = s, .wanted = wanted, .usage = usage};
    bool ok = known_names_load(&world, KNOWN_ALL, &l.names, err) &&
              (!wanted->departments || members_open(&l.members, s, usage, err)) &&
              cells_load_proxy_days(s, wanted, usage, err) && load_cells(&l, err);

    known_names_free(&l.names);
    members_free(&l.members);
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
    size_t heading;
    bool row = true, ok;

    if (statement == NULL)
        return false;
    buf_append_string(&csv, "app,name,name_ja,category,vendor,country,managed,alternative,"
                            "account_suspension,remote_wipe,password_reset,audit_log,sso,"
                            "licence_management,business_terms,age_verification,note\n");
    heading = csv.len;
    while (sql_step(&s->sql, statement, &row, err) && row)
        if (signature_find_app(signatures, sql_column_text(statement, 1)) == SIGNATURE_NO_APP)
            append_app(&csv, statement);
    ok = err->code == ERROR_NONE && (!csv.failed || error_set_memory(err));
    if (ok && csv.len > heading) {
        struct signature_file file = {"apps.csv", buf_slice(&csv)};

        ok = signature_set_add(signatures, &file, err);
    }
    buf_free(&csv);
    return ok;
}
