/* ledger.c: rows of archive, packed and file. */
#include "store/ledger.h"

#include "base/room.h"
#include "store/store_internal.h"

#include <stdlib.h>

static struct slice bytes_of(const struct content_digest *digest)
{
    return slice_of((const char *)digest->bytes, sizeof digest->bytes);
}

/* Does the statement, bound, give a row? */
static bool exists(struct store *s, sqlite3_stmt *statement, bool *found, struct error *err)
{
    bool more = false;

    if (!sql_step(&s->sql, statement, found, err))
        return false;
    more = *found;
    return !more || sql_run(&s->sql, statement, err);
}

static void bind_file(sqlite3_stmt *statement, const struct ledger_file *file)
{
    sqlite3_bind_int64(statement, 1, (int64_t)file->device);
    sqlite3_bind_int64(statement, 2, (int64_t)file->inode);
    sqlite3_bind_int64(statement, 3, (int64_t)file->bytes);
    sqlite3_bind_int64(statement, 4, file->changed_ns);
    sqlite3_bind_int64(statement, 5, file->status_ns);
}

bool ledger_knows_file(struct store *s, const struct ledger_file *file, bool *known,
                       struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_FILE_FIND, err);

    if (statement == NULL)
        return false;
    bind_file(statement, file);
    return exists(s, statement, known, err);
}

bool ledger_add_file(struct store *s, const struct ledger_file *file, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_FILE_ADD, err);

    if (statement == NULL)
        return false;
    bind_file(statement, file);
    return sql_run(&s->sql, statement, err);
}

bool ledger_has_packed_size(struct store *s, uint64_t bytes, bool *has, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_PACKED_SIZE, err);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 1, (int64_t)bytes);
    return exists(s, statement, has, err);
}

/* A statement whose first two parameters are a length and a digest. */
static sqlite3_stmt *with_point(struct store *s, enum statement id,
                                const struct content_point *point, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, id, err);

    if (statement == NULL)
        return NULL;
    sqlite3_bind_int64(statement, 1, (int64_t)point->bytes);
    sql_bind_blob(statement, 2, bytes_of(&point->digest));
    return statement;
}

bool ledger_knows_packed(struct store *s, const struct content_point *packed, bool *known,
                         struct error *err)
{
    sqlite3_stmt *statement = with_point(s, STATEMENT_PACKED_FIND, packed, err);

    return statement != NULL && exists(s, statement, known, err);
}

bool ledger_add_packed(struct store *s, const struct content_point *packed, struct error *err)
{
    sqlite3_stmt *statement = with_point(s, STATEMENT_PACKED_ADD, packed, err);

    return statement != NULL && sql_run(&s->sql, statement, err);
}

bool ledger_knows_content(struct store *s, const struct content_point *content, bool *known,
                          struct error *err)
{
    sqlite3_stmt *statement = with_point(s, STATEMENT_CONTENT_FIND, content, err);

    return statement != NULL && exists(s, statement, known, err);
}

bool ledger_last(struct store *s, int64_t *id, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_ARCHIVE_LAST, err);
    bool row = false;

    *id = 0;
    if (statement == NULL || !sql_step(&s->sql, statement, &row, err))
        return false;
    if (row)
        *id = sqlite3_column_int64(statement, 0);
    return !row || sql_run(&s->sql, statement, err);
}

static bool add_point(struct ledger_points *points, const struct content_point *point)
{
    if (!ROOM_FOR_ONE(points->points, points->count, points->capacity))
        return false;
    points->points[points->count++] = *point;
    return true;
}

static bool read_digest(struct slice bytes, struct content_digest *digest)
{
    if (bytes.len != sizeof digest->bytes)
        return false;
    memcpy(digest->bytes, bytes.ptr, sizeof digest->bytes);
    return true;
}

bool ledger_points(struct store *s, const struct content_digest *first_line, int64_t after,
                   struct ledger_points *points, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_POINTS, err);
    bool row = true;

    *points = (struct ledger_points){0};
    if (statement == NULL)
        return false;
    sql_bind_blob(statement, 1, bytes_of(first_line));
    sqlite3_bind_int64(statement, 2, after);
    while (sql_step(&s->sql, statement, &row, err) && row) {
        struct content_point point = {(uint64_t)sqlite3_column_int64(statement, 0), {{0}}};

        if (!read_digest(sql_column_blob(statement, 1), &point.digest))
            return sql_fail(&s->sql, SQLITE_CORRUPT, err);
        if (!add_point(points, &point))
            return error_set_memory(err);
    }
    return err->code == ERROR_NONE;
}

/* The number of the source of that name, given now where it has none. */
static bool source_id(struct store *s, const char *name, int64_t *id, struct error *err)
{
    sqlite3_stmt *add = sql_statement(&s->sql, STATEMENT_SOURCE_ADD, err);
    sqlite3_stmt *find = sql_statement(&s->sql, STATEMENT_SOURCE_FIND, err);
    bool row = false;

    if (add == NULL || find == NULL)
        return false;
    sql_bind_text(add, 1, slice_of_string(name));
    sql_bind_text(find, 1, slice_of_string(name));
    if (!sql_run(&s->sql, add, err) || !sql_step(&s->sql, find, &row, err))
        return false;
    *id = row ? sqlite3_column_int64(find, 0) : 0;
    return sql_run(&s->sql, find, err);
}

/* Parameters in the order of the table's columns. */
struct binding {
    sqlite3_stmt *statement;
    int position;
};

static void put_text(struct binding *b, const char *text)
{
    sql_bind_text(b->statement, ++b->position, slice_of_string(text));
}

static void put_number(struct binding *b, uint64_t number)
{
    sqlite3_bind_int64(b->statement, ++b->position,
                       number > INT64_MAX ? INT64_MAX : (int64_t)number);
}

static void put_digest(struct binding *b, const struct content_digest *digest)
{
    sql_bind_blob(b->statement, ++b->position, bytes_of(digest));
}

static void put_tally(struct binding *b, const struct tally *t)
{
    const uint64_t numbers[] = {t->lines,     t->records,  t->skipped,  t->rejected,  t->matched,
                                t->unmatched, t->excluded, t->filtered, t->challenged};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put_number(b, numbers[i]);
    b->position += 2;
    if (t->first_us > t->last_us)
        return; /* NULL */
    sqlite3_bind_int64(b->statement, b->position - 1, t->first_us);
    sqlite3_bind_int64(b->statement, b->position, t->last_us);
}

static void bind_entry(sqlite3_stmt *statement, const struct ledger_entry *entry, int64_t source)
{
    struct binding b = {statement, 0};

    sqlite3_clear_bindings(statement);
    put_text(&b, entry->name);
    put_number(&b, (uint64_t)source);
    put_text(&b, entry->format);
    put_text(&b, entry->fields);
    put_text(&b, entry->packing);
    put_text(&b, entry->damage);
    put_number(&b, entry->from_bytes);
    put_number(&b, entry->content.bytes);
    put_digest(&b, &entry->content.digest);
    put_number(&b, entry->whole.bytes);
    put_digest(&b, &entry->whole.digest);
    put_digest(&b, &entry->first_line);
    put_number(&b, entry->file_bytes);
    put_text(&b, entry->sha256);
    put_tally(&b, &entry->tally);
    put_number(&b, (uint64_t)entry->year);
    put_number(&b, (uint64_t)entry->taken_s);
    put_text(&b, entry->signatures);
    put_text(&b, entry->version);
    put_number(&b, entry->open_end);
}

bool ledger_add(struct store *s, const struct ledger_entry *entry, int64_t *id, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&s->sql, STATEMENT_ARCHIVE_ADD, err);
    int64_t source = 0;

    if (statement == NULL || !source_id(s, entry->source, &source, err))
        return false;
    bind_entry(statement, entry, source);
    if (!sql_run(&s->sql, statement, err))
        return false;
    *id = sqlite3_last_insert_rowid(s->sql.db);
    return true;
}

bool ledger_add_coverage(struct store *s, const char *source, const struct coverage *coverage,
                         struct error *err)
{
    int64_t id = 0;

    if (!source_id(s, source, &id, err))
        return false;
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_hour *hour = &coverage->hours[i];
        sqlite3_stmt *add = sql_statement(&s->sql, STATEMENT_COVERED_ADD, err);

        if (add == NULL)
            return false;
        sqlite3_bind_int64(add, 1, id);
        sqlite3_bind_int(add, 2, hour->day);
        sqlite3_bind_int(add, 3, hour->hour);
        sqlite3_bind_int(add, 4, hour->kind);
        sqlite3_bind_int64(add, 5, (int64_t)hour->records);
        if (!sql_run(&s->sql, add, err))
            return false;
    }
    return true;
}
