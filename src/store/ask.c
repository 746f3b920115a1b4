/* ask.c: a statement under SQLite's authorizer. */
#include "store/ask.h"

#include "base/buf.h"
#include "base/text_map.h"
#include "store/store_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LONGEST_S = 600,
    MOST_ROWS = 20000000,
    MOST_BYTES = 16 << 20,
    STEPS_BETWEEN_CHECKS = 100000
};

struct ask {
    struct sql *sql;
    struct text_map views, tables; /* of the schema */
    struct text_map shown;         /* tables that a view of the question reads */
    sqlite3_stmt *statement;
    struct buf *texts; /* of the current row's bytes, a column each */
    size_t columns;
    struct ask_limits limits;
    uint64_t rows; /* given so far */
    int bytes;     /* SQLite's own limit, before ours */
    time_t until;
};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; name != NULL && i < count; i++)
        if (sqlite3_stricmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Names of the schema are in lower case; SQL may spell them as it likes. */
static bool is_in(const struct text_map *names, const char *name)
{
    for (uint32_t i = 0; name != NULL && i < names->count; i++)
        if (sqlite3_stricmp(name, names->texts[i].ptr) == 0)
            return true;
    return false;
}

/* Rows of these could be counted without reading a column. */
static bool is_table(const struct ask *a, const char *name)
{
    if (name == NULL) /* a subquery */
        return false;
    return sqlite3_strnicmp(name, "sqlite_", 7) == 0 || sqlite3_strnicmp(name, "pragma_", 7) == 0 ||
           is_in(&a->tables, name);
}

/* Functions of SQLite that do more than compute. */
static bool is_harmless(const char *function)
{
    static const char *const refused[] = {"load_extension", "readfile", "writefile", "edit",
                                          "fts3_tokenizer"};

    return !is_one_of(function, refused, sizeof refused / sizeof *refused);
}

/* Of what is no table, such as the name of a common table expression, rows may be counted: its
 * columns have been looked at. So may those of a table behind a view of the question: SQLite says
 * no more of a view whose rows are counted. */
static bool may_read(struct ask *a, const char *table, const char *column, const char *view)
{
    if (is_in(&a->views, view))
        return table == NULL ||
               text_map_add(&a->shown, slice_of_string(table), NULL) != TEXT_MAP_NONE;
    if (is_in(&a->views, table))
        return true;
    return (column == NULL || column[0] == '\0') &&
           (!is_table(a, table) || is_in(&a->shown, table));
}

/* For SQLite: ${one} is the table that is read, ${two} the function; ${view} the view that reads.
 */
static int authorize(void *context, int action, const char *one, const char *two,
                     const char *database, const char *view)
{
    (void)database;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ: return may_read(context, one, two, view) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION: return is_harmless(two) ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
    }
}

static int is_late(void *context)
{
    const struct ask *a = context;

    return time(NULL) > a->until;
}

static bool refuse(const struct ask *a, struct error *err)
{
    struct buf views = {0};

    for (uint32_t i = 0; i < a->views.count; i++)
        buf_printf(&views, "%s%s",
                   i == 0                   ? ""
                   : i + 1 < a->views.count ? ", "
                                            : " or ",
                   a->views.texts[i].ptr);
    if (views.failed)
        error_set_memory(err);
    else
        error_set(err, ERROR_USAGE, "--sql: %s; expected a SELECT from %.*s",
                  sqlite3_errmsg(a->sql->db), SLICE_FMT(buf_slice(&views)));
    buf_free(&views);
    return false;
}

static bool prepare(struct ask *a, const char *text, struct error *err)
{
    const char *rest = NULL;
    int code = sqlite3_prepare_v2(a->sql->db, text, -1, &a->statement, &rest);

    if (code == SQLITE_AUTH)
        return refuse(a, err);
    if (code != SQLITE_OK)
        return error_set(err, ERROR_USAGE, "--sql: %s", sqlite3_errmsg(a->sql->db));
    while (*rest == ' ' || *rest == ';' || *rest == '\n' || *rest == '\t' || *rest == '\r')
        rest++;
    if (a->statement == NULL || *rest != '\0' || sqlite3_column_count(a->statement) == 0)
        return error_set(err, ERROR_USAGE, "--sql: expected one SELECT");
    return true;
}

/* Names of that type in the schema. */
static bool list_names(struct ask *a, const char *type, struct text_map *names, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(a->sql, STATEMENT_SCHEMA_NAMES, err);
    bool row = true;

    if (statement == NULL)
        return false;
    sql_bind_text(statement, 1, slice_of_string(type));
    while (sql_step(a->sql, statement, &row, err) && row)
        if (text_map_add(names, sql_column_text(statement, 0), NULL) == TEXT_MAP_NONE)
            return error_set_memory(err);
    return err->code == ERROR_NONE;
}

struct ask *ask_create(struct store *s, const char *sql, struct error *err)
{
    const struct ask_limits limits = {MOST_ROWS, MOST_BYTES, LONGEST_S};

    return ask_create_within(s, sql, &limits, err);
}

struct ask *ask_create_within(struct store *s, const char *sql, const struct ask_limits *limits,
                              struct error *err)
{
    struct ask *a = calloc(1, sizeof *a);

    if (a == NULL) {
        error_set_memory(err);
        return NULL;
    }
    a->sql = &s->sql;
    a->limits = *limits;
    a->until = time(NULL) + limits->seconds;
    a->bytes = sqlite3_limit(s->sql.db, SQLITE_LIMIT_LENGTH, limits->bytes);
    if (!list_names(a, "view", &a->views, err) || !list_names(a, "table", &a->tables, err)) {
        ask_free(a);
        return NULL;
    }
    sqlite3_set_authorizer(s->sql.db, authorize, a);
    sqlite3_progress_handler(s->sql.db, STEPS_BETWEEN_CHECKS, is_late, a);
    if (prepare(a, sql, err)) {
        a->columns = (size_t)sqlite3_column_count(a->statement);
        a->texts = calloc(a->columns, sizeof *a->texts);
        if (a->texts != NULL)
            return a;
        error_set_memory(err);
    }
    ask_free(a);
    return NULL;
}

size_t ask_column_count(const struct ask *a)
{
    return a->columns;
}

const char *ask_column_name(const struct ask *a, size_t column)
{
    return sqlite3_column_name(a->statement, (int)column);
}

static void append_hex(struct buf *out, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        buf_printf(out, "%02x", (unsigned)(unsigned char)bytes.ptr[i]);
}

bool ask_next(struct ask *a, bool *row, struct error *err)
{
    int code = sqlite3_step(a->statement);

    *row = code == SQLITE_ROW;
    if (code == SQLITE_DONE)
        return true;
    if ((code & 0xff) == SQLITE_INTERRUPT)
        return error_set(err, ERROR_LIMIT, "--sql: takes longer than %d seconds",
                         a->limits.seconds);
    if (*row && a->rows++ == a->limits.rows)
        return error_set(err, ERROR_LIMIT, "--sql: gives more than %" PRIu64 " rows",
                         a->limits.rows);
    if ((code & 0xff) == SQLITE_ERROR || (code & 0xff) == SQLITE_TOOBIG)
        return error_set(err, ERROR_USAGE, "--sql: %s", sqlite3_errmsg(a->sql->db));
    if (code != SQLITE_ROW)
        return sql_fail(a->sql, code, err);
    for (size_t i = 0; i < a->columns; i++) {
        buf_reset(&a->texts[i]);
        if (sqlite3_column_type(a->statement, (int)i) == SQLITE_BLOB)
            append_hex(&a->texts[i], sql_column_blob(a->statement, (int)i));
        if (a->texts[i].failed)
            return error_set_memory(err);
    }
    return true;
}

struct ask_value ask_value(const struct ask *a, size_t column)
{
    int type = sqlite3_column_type(a->statement, (int)column);
    int64_t number = type == SQLITE_INTEGER ? sqlite3_column_int64(a->statement, (int)column) : -1;

    if (type == SQLITE_NULL)
        return (struct ask_value){.type = ASK_NULL};
    if (number >= 0)
        return (struct ask_value){.type = ASK_NUMBER, .number = (uint64_t)number};
    if (type == SQLITE_BLOB)
        return (struct ask_value){.type = ASK_TEXT, .text = buf_slice(&a->texts[column])};
    return (struct ask_value){.type = ASK_TEXT, .text = sql_column_text(a->statement, (int)column)};
}

void ask_free(struct ask *a)
{
    if (a == NULL)
        return;
    sqlite3_finalize(a->statement);
    sqlite3_set_authorizer(a->sql->db, NULL, NULL);
    sqlite3_progress_handler(a->sql->db, 0, NULL, NULL);
    if (a->bytes > 0)
        sqlite3_limit(a->sql->db, SQLITE_LIMIT_LENGTH, a->bytes);
    for (size_t i = 0; a->texts != NULL && i < a->columns; i++)
        buf_free(&a->texts[i]);
    free(a->texts);
    text_map_free(&a->views);
    text_map_free(&a->tables);
    text_map_free(&a->shown);
    free(a);
}
