/* rollup_sum.c: the cells of a day, one after the other, into sums of their apps. */
#include "store/rollup.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/num.h"
#include "store/cells.h"
#include "store/known.h"
#include "store/pack.h"
#include "store/store_internal.h"
#include "usage/use.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_COUNTS = 4, COLUMN_FIRST = COLUMN_COUNTS + COUNTERS, SIDES = 2 };

struct list {
    uint32_t *numbers;
    size_t count, capacity;
};

/* Cells of a user, an app and a tenant, embedded ones or others: what a use is judged by. */
struct held {
    struct usage_cell cells[DOCUMENT_CELLS];
    uint8_t minutes[DOCUMENT_CELLS][MINUTES_BITMAP_BYTES];
    size_t count;
};

/* The sums of an app's embedded cells, or of its others. */
struct side {
    struct rollup_row row;
    struct held held;
    uint8_t minutes[MINUTES_BITMAP_BYTES]; /* of the last user */
    struct list users, hosts, tenants;
};

struct summing {
    struct store *store;
    int32_t day;
    rollup_sink *sink;
    void *context;
    struct slice *archives; /* names by number */
    size_t archive_count;
    struct arena arena;
    uint32_t app, user, tenant; /* of the cell before */
    bool begun;
    struct side sides[SIDES]; /* 1: embedded */
    struct buf users, hosts, tenants;
};

static bool list_add(struct list *l, uint32_t number)
{
    if (l->count > 0 && l->numbers[l->count - 1] == number)
        return true;
    if (l->count == l->capacity) {
        size_t capacity = l->capacity == 0 ? 64 : l->capacity * 2;
        uint32_t *numbers = reallocarray(l->numbers, capacity, sizeof *numbers);

        if (numbers == NULL)
            return false;
        l->numbers = numbers;
        l->capacity = capacity;
    }
    l->numbers[l->count++] = number;
    return true;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* Each number once, in order, as a packed set. */
static struct slice pack_list(struct list *l, struct buf *out)
{
    size_t kept = 0;

    if (l->count > 1)
        qsort(l->numbers, l->count, sizeof *l->numbers, compare_numbers);
    for (size_t i = 0; i < l->count; i++)
        if (kept == 0 || l->numbers[i] != l->numbers[kept - 1])
            l->numbers[kept++] = l->numbers[i];
    buf_reset(out);
    pack_set(out, l->numbers, kept);
    l->count = 0;
    return buf_slice(out);
}

/* --- what ends --- */

/* The documented cell. */
static void end_document(struct side *s)
{
    struct document document = {.count = s->held.count};

    if (s->held.count == 0)
        return;
    for (size_t i = 0; i < s->held.count; i++)
        document.cells[i] = &s->held.cells[i];
    for (unsigned proxy = 0; proxy < 2; proxy++)
        s->row.uses[proxy] |= 1U << use_of(&document, proxy == 1);
    s->held.count = 0;
}

/* The user of the app. */
static void end_user(struct side *s)
{
    s->row.minutes += minutes_count_bitmap(s->minutes);
    memset(s->minutes, 0, sizeof s->minutes);
}

static bool end_app(struct summing *sum, struct side *s, struct error *err)
{
    struct rollup_row *row = &s->row;

    if (row->kinds == 0)
        return true;
    row->days = s->users.count;
    row->users = pack_list(&s->users, &sum->users);
    row->hosts = pack_list(&s->hosts, &sum->hosts);
    row->tenants = pack_list(&s->tenants, &sum->tenants);
    if (sum->users.failed || sum->hosts.failed || sum->tenants.failed)
        return error_set_memory(err);
    return sum->sink(sum->context, row, err);
}

static void begin_app(const struct summing *sum, unsigned side, struct rollup_row *row)
{
    *row = (struct rollup_row){.day = sum->day,
                               .app = sum->app,
                               .embedded = side == 1,
                               .first_us = INT64_MAX,
                               .last_us = INT64_MIN};
}

/* Nothing more comes of what differs from the key. */
static bool end_before(struct summing *sum, uint32_t app, uint32_t user, uint32_t tenant,
                       struct error *err)
{
    bool other_app = !sum->begun || app != sum->app, other_user = other_app || user != sum->user;
    bool ok = true;

    for (unsigned i = 0; ok && i < SIDES; i++) {
        if (other_user || tenant != sum->tenant)
            end_document(&sum->sides[i]);
        if (other_user)
            end_user(&sum->sides[i]);
        ok = !other_app || end_app(sum, &sum->sides[i], err);
    }
    sum->app = app;
    sum->user = user;
    sum->tenant = tenant;
    sum->begun = true;
    for (unsigned i = 0; other_app && i < SIDES; i++)
        begin_app(sum, i, &sum->sides[i].row);
    return ok;
}

/* --- a cell --- */

static struct slice archive_at(const struct summing *sum, int64_t number)
{
    bool known = number >= 0 && (uint64_t)number < sum->archive_count;

    return known ? sum->archives[number] : slice_of("", 0);
}

/* The smallest (time, archive name, line) is the evidence. */
static void see(const struct summing *sum, struct rollup_row *row, sqlite3_stmt *cell)
{
    int64_t first_us = (int64_t)sum->day * SECONDS_PER_DAY * MICROSECONDS_PER_SECOND, last_us;
    int64_t archive = sqlite3_column_int64(cell, COLUMN_FIRST + 2);
    int64_t line = sqlite3_column_int64(cell, COLUMN_FIRST + 3);
    int order = 0;

    if (sqlite3_column_type(cell, COLUMN_FIRST) == SQLITE_NULL)
        return;
    first_us += sqlite3_column_int64(cell, COLUMN_FIRST);
    last_us = first_us + sqlite3_column_int64(cell, COLUMN_FIRST + 1);
    if (last_us > row->last_us)
        row->last_us = last_us;
    if (first_us == row->first_us)
        order = slice_compare(archive_at(sum, archive), archive_at(sum, row->archive));
    if (first_us > row->first_us || order > 0 ||
        (first_us == row->first_us && order == 0 && line >= row->line))
        return;
    row->first_us = first_us;
    row->archive = archive;
    row->line = line;
}

/* Keep the cell for the judgement of its document. Returns: false where its minutes are none. */
static bool hold(struct side *s, unsigned class, sqlite3_stmt *row)
{
    struct held *held = &s->held;
    struct usage_cell *cell = &held->cells[held->count];
    uint8_t *minutes = held->minutes[held->count];

    if (held->count == DOCUMENT_CELLS)
        return false;
    memset(cell, 0, sizeof *cell);
    memset(minutes, 0, MINUTES_BITMAP_BYTES);
    cell->key.kind = (uint8_t)(class / CELLS_CLASS_KIND);
    cell->key.role = (uint8_t)(class % CELLS_CLASS_KIND);
    cell->marks = (uint8_t)sqlite3_column_int(row, COLUMN_FIRST + 7);
    for (int i = 0; i < COUNTERS; i++)
        cell->counts[i] = (uint64_t)sqlite3_column_int64(row, COLUMN_COUNTS + i);
    cell->minutes.count = (uint16_t)sqlite3_column_int(row, COLUMN_FIRST + 4);
    cell->minutes.bitmap = minutes;
    held->count++;
    return pack_read_minutes(sql_column_blob(row, COLUMN_FIRST + 5), minutes);
}

static void add_counts(struct side *s)
{
    const struct usage_cell *cell = &s->held.cells[s->held.count - 1];
    uint64_t *counts = s->row.counts[cell->key.kind];

    s->row.kinds |= 1U << cell->key.kind;
    for (int i = 0; i < COUNTERS; i++)
        counts[i] = num_add(counts[i], cell->counts[i]);
    minutes_or_into(&cell->minutes, s->minutes);
}

/* Returns: false where the row is damaged, or memory is out (then ${err} says so). */
static bool add_names(struct summing *sum, struct side *s, sqlite3_stmt *row, struct error *err)
{
    struct slice hosts = sql_column_blob(row, COLUMN_FIRST + 6);
    uint32_t host = 0;

    if (!list_add(&s->users, sum->user) || !list_add(&s->tenants, sum->tenant))
        return error_set_memory(err);
    while (hosts.len > 0) {
        if (!pack_next(&hosts, &host))
            return false;
        if (!list_add(&s->hosts, host))
            return error_set_memory(err);
    }
    return true;
}

static bool add_cell(struct summing *sum, sqlite3_stmt *row, struct error *err)
{
    unsigned class = (unsigned)sqlite3_column_int(row, 3);
    struct side *s = &sum->sides[class % CELLS_CLASS_KIND == ROLE_EMBED];

    if (class >= CELLS_CLASS_KIND * RECORD_IDENTITY)
        return false;
    if (!end_before(sum, (uint32_t)sqlite3_column_int64(row, 0),
                    (uint32_t)sqlite3_column_int64(row, 1), (uint32_t)sqlite3_column_int64(row, 2),
                    err) ||
        !hold(s, class, row))
        return false;
    add_counts(s);
    see(sum, &s->row, row);
    if (class < CELLS_CLASS_KIND)
        s->row.marks |= s->held.cells[s->held.count - 1].marks;
    return add_names(sum, s, row, err);
}

/* --- the day --- */

static bool learn_archive(struct summing *sum, sqlite3_stmt *row)
{
    uint64_t number = (uint64_t)sqlite3_column_int64(row, 0);
    struct slice name = arena_copy(&sum->arena, sql_column_text(row, 1));

    if (name.ptr == NULL || number >= UINT32_MAX)
        return false;
    if (number >= sum->archive_count) {
        size_t count = (size_t)number * 2 + 64;
        struct slice *archives = reallocarray(sum->archives, count, sizeof *archives);

        if (archives == NULL)
            return false;
        memset(archives + sum->archive_count, 0, (count - sum->archive_count) * sizeof *archives);
        sum->archives = archives;
        sum->archive_count = count;
    }
    sum->archives[number] = name;
    return true;
}

static bool learn_archives(struct summing *sum, struct error *err)
{
    sqlite3_stmt *statement = sql_statement(&sum->store->sql, STATEMENT_ALL_ARCHIVES, err);
    bool row = true;

    while (statement != NULL && sql_step(&sum->store->sql, statement, &row, err) && row)
        if (!learn_archive(sum, statement))
            return error_set_memory(err);
    return err->code == ERROR_NONE;
}

static bool add_cells(struct summing *sum, struct error *err)
{
    struct sql *sql = &sum->store->sql;
    sqlite3_stmt *statement = sql_statement(sql, STATEMENT_ROLLUP_CELLS, err);
    bool row = true;

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 1, sum->day);
    while (sql_step(sql, statement, &row, err) && row)
        if (!add_cell(sum, statement, err))
            return err->code == ERROR_NONE ? sql_fail(sql, SQLITE_CORRUPT, err) : false;
    return err->code == ERROR_NONE && end_before(sum, 0, 0, 0, err);
}

bool rollup_sum(struct store *s, int32_t day, rollup_sink *sink, void *context, struct error *err)
{
    struct summing *sum = calloc(1, sizeof *sum);
    bool ok;

    if (sum == NULL)
        return error_set_memory(err);
    sum->store = s;
    sum->day = day;
    sum->sink = sink;
    sum->context = context;
    ok = learn_archives(sum, err) && add_cells(sum, err);
    for (unsigned i = 0; i < SIDES; i++) {
        free(sum->sides[i].users.numbers);
        free(sum->sides[i].hosts.numbers);
        free(sum->sides[i].tenants.numbers);
    }
    buf_free(&sum->users);
    buf_free(&sum->hosts);
    buf_free(&sum->tenants);
    arena_free(&sum->arena);
    free(sum->archives);
    free(sum);
    return ok;
}
