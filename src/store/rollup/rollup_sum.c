/* rollup_sum.c: the cells of a day, one after the other, into sums of their apps. */
#include "store/rollup/rollup.h"

#include "base/num.h"
#include "base/room.h"
#include "store/cells/cells.h"
#include "store/pack.h"
#include "usage/use.h"

#include <stdlib.h>
#include <string.h>

enum { SIDES = 2 };

struct list {
    uint32_t *numbers;
    size_t count, capacity;
};

/* Cells of a user, an app and a tenant, embedded ones or others: what a use is judged by. */
struct held {
    struct usage_cell cells[DOCUMENT_KINDS];
    uint8_t minutes[DOCUMENT_KINDS][MINUTES_BITMAP_BYTES];
    size_t count;
};

/* The sums of an app's embedded cells, or of its others. */
struct side {
    struct rollup_row row;
    struct slice archive_name; /* of its evidence */
    struct held held;
    uint8_t minutes[MINUTES_BITMAP_BYTES]; /* of the last user */
    struct list users, hosts, tenants;
};

struct rollup_sums {
    int32_t day;
    rollup_sink *sink;
    void *context;
    uint32_t app, user, tenant; /* of the cell before */
    bool begun;
    struct side sides[SIDES]; /* 1: embedded */
    struct buf users, hosts, tenants;
};

static bool list_add(struct list *l, uint32_t number)
{
    if (l->count > 0 && l->numbers[l->count - 1] == number)
        return true;
    if (!ROOM_FOR_ONE(l->numbers, l->count, l->capacity))
        return false;
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

static bool end_app(struct rollup_sums *sum, struct side *s, struct error *err)
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

static void begin_app(const struct rollup_sums *sum, unsigned side, struct rollup_row *row)
{
    *row = (struct rollup_row){.day = sum->day,
                               .app = sum->app,
                               .embedded = side == 1,
                               .first_us = INT64_MAX,
                               .last_us = INT64_MIN};
}

/* Nothing more comes of what differs from the key. */
static bool end_before(struct rollup_sums *sum, uint32_t app, uint32_t user, uint32_t tenant,
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

/* The smallest (time, archive name, line) is the evidence. */
static void see(struct side *s, const struct rollup_cell *cell)
{
    struct rollup_row *row = &s->row;
    int order = 0;

    if (cell->first_us == INT64_MAX)
        return;
    if (cell->last_us > row->last_us)
        row->last_us = cell->last_us;
    if (cell->first_us == row->first_us)
        order = slice_compare(cell->archive_name, s->archive_name);
    if (cell->first_us > row->first_us || order > 0 ||
        (cell->first_us == row->first_us && order == 0 && cell->line >= row->line))
        return;
    row->first_us = cell->first_us;
    row->archive = cell->archive;
    row->line = cell->line;
    s->archive_name = cell->archive_name;
}

/* Keep the cell for the judgement of its document. */
static void hold(struct side *s, const struct rollup_cell *from)
{
    struct held *held = &s->held;
    struct usage_cell *cell = &held->cells[held->count];
    uint8_t *minutes = held->minutes[held->count];

    memset(cell, 0, sizeof *cell);
    memcpy(minutes, from->minutes, MINUTES_BITMAP_BYTES);
    cell->key.kind = (uint8_t)(from->class / CELLS_CLASS_KIND);
    cell->key.role = (uint8_t)(from->class % CELLS_CLASS_KIND);
    cell->marks = from->marks;
    memcpy(cell->counts, from->counts, sizeof cell->counts);
    cell->minutes = minutes_of_bitmap(minutes, from->minute_count);
    held->count++;
}

static void add_counts(struct side *s)
{
    const struct usage_cell *cell = &s->held.cells[s->held.count - 1];
    uint64_t *counts = s->row.counts[cell->key.kind];

    s->row.kinds |= 1U << cell->key.kind;
    for (int i = 0; i < COUNTERS; i++)
        counts[i] = num_add(counts[i], cell->counts[i]);
    minutes_or_into(&cell->minutes, s->minutes);
    if (cell->key.kind == RECORD_PROXY)
        s->row.marks |= cell->marks;
}

static bool add_names(struct side *s, const struct rollup_cell *cell)
{
    if (!list_add(&s->users, cell->user) || !list_add(&s->tenants, cell->tenant))
        return false;
    for (size_t i = 0; i < cell->host_count; i++)
        if (!list_add(&s->hosts, cell->hosts[i]))
            return false;
    return true;
}

bool rollup_add(struct rollup_sums *sum, const struct rollup_cell *cell, struct error *err)
{
    struct side *s = &sum->sides[cell->class % CELLS_CLASS_KIND == ROLE_EMBED];

    if (!end_before(sum, cell->app, cell->user, cell->tenant, err))
        return false;
    if (cell->class >= CELLS_CLASS_KIND * RECORD_IDENTITY || s->held.count == DOCUMENT_KINDS)
        return error_set(err, ERROR_DATA, "a cell of a kind that there is not");
    hold(s, cell);
    add_counts(s);
    see(s, cell);
    return add_names(s, cell) || error_set_memory(err);
}

/* --- the day --- */

struct rollup_sums *rollup_begin(int32_t day, rollup_sink *sink, void *context, struct error *err)
{
    struct rollup_sums *sum = calloc(1, sizeof *sum);

    if (sum == NULL) {
        error_set_memory(err);
        return NULL;
    }
    sum->day = day;
    sum->sink = sink;
    sum->context = context;
    return sum;
}

bool rollup_end(struct rollup_sums *sum, struct error *err)
{
    return end_before(sum, 0, 0, 0, err);
}

void rollup_free(struct rollup_sums *sum)
{
    if (sum == NULL)
        return;
    for (unsigned i = 0; i < SIDES; i++) {
        free(sum->sides[i].users.numbers);
        free(sum->sides[i].hosts.numbers);
        free(sum->sides[i].tenants.numbers);
    }
    buf_free(&sum->users);
    buf_free(&sum->hosts);
    buf_free(&sum->tenants);
    free(sum);
}
