/* rows.c: parts ordered by row, user and day; one pass adds each run up. */
#include "report/rows.h"

#include "base/buf.h"
#include "base/num.h"
#include "base/order.h"
#include "record/record.h"
#include "report/use.h"
#include "usage/minutes.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_TENANTS = 20, PREFETCH_PARTS = 8 };

/* Distinct numbers of one row. */
struct ids {
    uint32_t *ids;
    size_t count, capacity;
};

struct build {
    const struct rows_input *input;
    struct rows *out;
    struct part *parts;
    size_t count;                   /* of parts, then of those kept */
    struct order order;             /* of the parts */
    uint32_t *categories, *vendors; /* by app; equal texts have equal numbers */
    struct ids hosts, tenants;      /* of the row in work */
    size_t capacity;                /* of out->rows */
};

/* What a row's cells carry, from which follows what is blank and what is partial. */
struct carried {
    bool dns, proxy;
    uint32_t fields; /* FIELD_BITs that the proxy logs could give */
    uint64_t records, verdicts;
    uint64_t requests, up, down; /* let through; of these with bytes_up, with bytes_down */
};

/* How managed the cell's app is; an unknown host's is not. */
static enum managed managed_of(const struct rows_input *input, const struct usage_cell *cell)
{
    if (cell->key.app == SIGNATURE_NO_APP)
        return MANAGED_NO;
    return signature_app(input->signatures, cell->key.app)->managed;
}

static uint32_t day_code(int32_t day)
{
    return (uint32_t)day ^ UINT32_C(0x80000000); /* earlier days have smaller numbers */
}

/* What tells the part's row from others by ${dimension}. */
static uint32_t code_of(const struct build *b, enum dimension dimension, const struct part *part)
{
    const struct usage_key *key = &part->cell->key;

    switch (dimension) {
    case DIMENSION_DAY: return day_code(key->day);
    case DIMENSION_STATUS: return part->status;
    case DIMENSION_HOUR: return key->hour;
    case DIMENSION_USER: return key->user;
    case DIMENSION_CLIENT: return key->client;
    case DIMENSION_APP:
    case DIMENSION_APP_NAME: return key->app;
    case DIMENSION_CATEGORY: return b->categories[key->app];
    case DIMENSION_VENDOR: return b->vendors[key->app];
    case DIMENSION_MANAGED: return managed_of(b->input, part->cell);
    case DIMENSION_TENANT:
    case DIMENSION_DOMAIN: return key->tenant;
    case DIMENSION_HOST: return key->host;
    case DIMENSION_SOURCE: return key->source;
    case DIMENSION_COUNTRY: return key->country;
    case DIMENSION_USE: return part->use;
    case DIMENSION_DEPARTMENT: return b->out->staff.department[key->user];
    case DIMENSION_LEFT: return staff_has_left(&b->out->staff, key->user, key->day);
    case DIMENSION_WORKHOURS: return key->workhours;
    case DIMENSION_KIND:
    case DIMENSIONS: break; /* alike for all, or for all of one domain */
    }
    return 0;
}

/* Equal numbers for apps of equal categories, and of equal vendors. */
static bool rank_apps(struct build *b, struct error *err)
{
    size_t count = signature_app_count(b->input->signatures);
    struct slice *texts = calloc(count + 1, sizeof *texts);
    bool ok;

    b->categories = calloc(count + 1, sizeof *b->categories);
    b->vendors = calloc(count + 1, sizeof *b->vendors);
    if (texts == NULL || b->categories == NULL || b->vendors == NULL) {
        free(texts);
        return error_set_memory(err);
    }
    for (size_t i = 0; i < count; i++)
        texts[i] = slice_of_string(signature_app(b->input->signatures, (uint32_t)i)->category);
    ok = order_rank_texts(texts, count, b->categories, err);
    for (size_t i = 0; i < count; i++)
        texts[i] = slice_of_string(signature_app(b->input->signatures, (uint32_t)i)->vendor);
    ok = ok && order_rank_texts(texts, count, b->vendors, err);
    free(texts);
    return ok;
}

/* By the plan's dimensions, then by user and day. */
static bool order_parts(struct build *b, struct error *err)
{
    const struct plan *plan = b->input->plan;
    uint64_t *keys = calloc(b->count + 1, sizeof *keys);

    if (keys == NULL)
        return error_set_memory(err);
    if (!order_init(&b->order, b->count, err)) {
        free(keys);
        return false;
    }
    for (size_t i = 0; i < b->count; i++) {
        const struct usage_key *key = &b->parts[i].cell->key;

        keys[i] = (uint64_t)key->user << 32 | day_code(key->day);
    }
    order_by(&b->order, keys);
    for (size_t d = plan->by_count; d-- > 0;) {
        for (size_t i = 0; i < b->count; i++)
            keys[i] = code_of(b, plan->by[d], &b->parts[i]);
        order_by(&b->order, keys);
    }
    free(keys);
    return true;
}

static const struct part *part_at(const struct build *b, size_t place)
{
    return &b->parts[b->order.items[place]];
}

/* Do the parts at both places belong into one row? */
static bool is_same_row(const struct build *b, size_t left, size_t right)
{
    const struct plan *plan = b->input->plan;

    for (size_t d = 0; d < plan->by_count; d++)
        if (code_of(b, plan->by[d], part_at(b, left)) != code_of(b, plan->by[d], part_at(b, right)))
            return false;
    return true;
}

/* What the company says of the cell. */
static enum app_status status_of(const struct rows_input *input, const struct staff *staff,
                                 const struct usage_cell *cell)
{
    const struct usage_key *key = &cell->key;
    const struct policy_line *line;
    struct policy_case asked = {.app = key->app, .day = key->day};

    if (input->policy == NULL || key->app == SIGNATURE_NO_APP)
        return STATUS_UNREVIEWED;
    asked.tenant = usage_name(input->usage, NAME_TENANT, key->tenant);
    asked.user = usage_name(input->usage, NAME_USER, key->user);
    asked.department = staff->names[staff->own[key->user]];
    line = policy_decide(input->policy, &asked);
    return line == NULL ? STATUS_UNREVIEWED : line->status;
}

static bool collect_parts(struct build *b, struct error *err)
{
    const struct usage *usage = b->input->usage;
    size_t count = usage_cell_count(usage);

    b->parts = calloc(count + 1, sizeof *b->parts);
    if (b->parts == NULL)
        return error_set_memory(err);
    for (size_t i = 0; i < count; i++) {
        b->parts[i].cell = usage_cell_get(usage, i);
        b->parts[i].status = status_of(b->input, &b->out->staff, b->parts[i].cell);
    }
    b->count = count;
    return use_judge(b->parts, count, usage, err);
}

static bool is_kept(const struct build *b, const struct part *part)
{
    const struct rows_filter *filter = &b->input->filter;
    const struct usage_key *key = &part->cell->key;
    const struct staff *staff = &b->out->staff;

    return (filter->uses & 1U << part->use) != 0 && (filter->statuses & 1U << part->status) != 0 &&
           staff->kept[staff->department[key->user]] &&
           (!filter->left || staff_has_left(staff, key->user, key->day));
}

static uint64_t records_of(const struct usage_cell *cell)
{
    return num_add(cell->counts[COUNT_PASSED], cell->counts[COUNT_DENIED]);
}

static void drop_parts(struct build *b)
{
    size_t kept = 0;

    for (size_t i = 0; i < b->count; i++) {
        if (is_kept(b, &b->parts[i]))
            b->parts[kept++] = b->parts[i];
        else
            b->out->dropped_records =
                num_add(b->out->dropped_records, records_of(b->parts[i].cell));
    }
    b->count = kept;
}

static bool add_id(struct ids *s, uint32_t id)
{
    if (s->count > 0 && s->ids[s->count - 1] == id)
        return true;
    if (s->count == s->capacity) {
        size_t capacity = s->capacity == 0 ? 64 : s->capacity * 2;
        uint32_t *ids =
            capacity > SIZE_MAX / 2 / sizeof *ids ? NULL : realloc(s->ids, capacity * sizeof *ids);

        if (ids == NULL)
            return false;
        s->ids = ids;
        s->capacity = capacity;
    }
    s->ids[s->count++] = id;
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    const uint32_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Sort and keep each number once. */
static void unite_ids(struct ids *s)
{
    size_t kept = 0;

    if (s->count == 0)
        return;
    qsort(s->ids, s->count, sizeof *s->ids, compare_ids);
    for (size_t i = 0; i < s->count; i++)
        if (kept == 0 || s->ids[i] != s->ids[kept - 1])
            s->ids[kept++] = s->ids[i];
    s->count = kept;
}

static bool add_names(struct build *b, const struct usage_cell *cell)
{
    const struct host_set *hosts = &cell->hosts;

    for (uint32_t i = 0; i < hosts->count; i++)
        if (!add_id(&b->hosts, hosts->count == 1 ? hosts->one : hosts->many[i]))
            return false;
    return cell->key.tenant == 0 || add_id(&b->tenants, cell->key.tenant);
}

static void add_number(struct row *row, enum measure measure, uint64_t number)
{
    row->numbers[measure] = num_add(row->numbers[measure], number);
}

static void add_evidence(const struct usage *usage, struct row *row, const struct usage_cell *cell)
{
    int order = 0;

    if (cell->first_us == INT64_MAX || cell->first_us > row->first_us)
        return;
    if (cell->first_us == row->first_us) {
        order = slice_compare(usage_name(usage, NAME_ARCHIVE, cell->evidence_archive),
                              usage_name(usage, NAME_ARCHIVE, row->evidence_archive));
        if (order > 0 || (order == 0 && cell->evidence_line >= row->evidence_line))
            return;
    }
    row->first_us = cell->first_us;
    row->evidence_archive = cell->evidence_archive;
    row->evidence_line = cell->evidence_line;
}

static void add_counts(const struct rows_input *input, struct row *row, struct carried *carried,
                       const struct usage_cell *cell)
{
    const uint64_t *counts = cell->counts;

    row->sources |= 1U << cell->key.kind;
    add_number(row, MEASURE_DENIED, counts[COUNT_DENIED]);
    carried->records = num_add(carried->records, records_of(cell));
    carried->verdicts = num_add(carried->verdicts, counts[COUNT_CARRIED_VERDICT]);
    if (cell->key.kind != RECORD_PROXY) {
        carried->dns = true;
        add_number(row, MEASURE_QUERIES, counts[COUNT_PASSED]);
        return;
    }
    carried->proxy = true;
    carried->fields |=
        input->archive_fields == NULL ? UINT32_MAX : input->archive_fields[cell->evidence_archive];
    carried->requests = num_add(carried->requests, counts[COUNT_PASSED]);
    carried->up = num_add(carried->up, counts[COUNT_CARRIED_UP]);
    carried->down = num_add(carried->down, counts[COUNT_CARRIED_DOWN]);
    add_number(row, MEASURE_REQUESTS, counts[COUNT_PASSED]);
    add_number(row, MEASURE_BYTES_UP, counts[COUNT_BYTES_UP]);
    add_number(row, MEASURE_BYTES_DOWN, counts[COUNT_BYTES_DOWN]);
}

/* ${some} of ${all} records carry the measure. */
static void mark(struct row *row, enum measure measure, uint64_t some, uint64_t all)
{
    if (all > 0 && some == 0)
        row->blank |= MEASURE_BIT(measure);
    else if (some < all)
        row->partial |= MEASURE_BIT(measure);
}

/* Blank is not zero. */
static void mark_all(struct row *row, const struct carried *carried)
{
    mark(row, MEASURE_DENIED, carried->verdicts, carried->records);
    mark(row, MEASURE_BYTES_UP, carried->up, carried->requests);
    mark(row, MEASURE_BYTES_DOWN, carried->down, carried->requests);
    if (carried->requests == 0 && (carried->fields & FIELD_BIT(FIELD_BYTES_UP)) == 0)
        row->blank |= MEASURE_BIT(MEASURE_BYTES_UP);
    if (carried->requests == 0 && (carried->fields & FIELD_BIT(FIELD_BYTES_DOWN)) == 0)
        row->blank |= MEASURE_BIT(MEASURE_BYTES_DOWN);
    if (!carried->dns)
        row->blank |= MEASURE_BIT(MEASURE_QUERIES);
    if (!carried->proxy)
        row->blank |= MEASURE_BIT(MEASURE_REQUESTS) | MEASURE_BIT(MEASURE_BYTES_UP) |
                      MEASURE_BIT(MEASURE_BYTES_DOWN);
}

/* For qsort of slices. */
static int compare_texts(const void *a, const void *b)
{
    const struct slice *left = a, *right = b;

    return slice_compare(*left, *right);
}

static bool join_tenants(struct build *b, struct row *row)
{
    size_t count = b->tenants.count;
    struct slice *texts;
    struct buf joined = {0};

    if (count == 0)
        return true;
    texts = calloc(count, sizeof *texts);
    if (texts == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        texts[i] = usage_name(b->input->usage, NAME_TENANT, b->tenants.ids[i]);
    qsort(texts, count, sizeof *texts, compare_texts);
    for (size_t i = 0; i < count && i < SHOWN_TENANTS; i++) {
        buf_append_string(&joined, i == 0 ? "" : " ");
        buf_append(&joined, texts[i]);
    }
    if (count > SHOWN_TENANTS)
        buf_printf(&joined, " +%zu", count - SHOWN_TENANTS);
    row->tenants = arena_copy(&b->out->arena, buf_slice(&joined));
    free(texts);
    buf_free(&joined);
    return row->tenants.ptr != NULL;
}

/* The parts of one row: those that count in it. */
struct run {
    size_t from, until; /* places in the order */
    bool embed;         /* do embed cells count? only where nothing else is there */
};

static bool counts_in(const struct run *run, const struct usage_cell *cell)
{
    return run->embed || !use_is_embed(cell);
}

/* Minutes, days and users: the run is sorted by user and day. */
static void add_days(const struct build *b, struct row *row, const struct run *run)
{
    const struct usage_key *before = NULL;
    struct minutes_union active;

    minutes_union_start(&active);
    for (size_t i = run->from; i < run->until; i++) {
        const struct usage_cell *cell = part_at(b, i)->cell;
        bool new_user = before == NULL || before->user != cell->key.user;

        if (!counts_in(run, cell))
            continue;
        if (new_user)
            add_number(row, MEASURE_USERS, 1);
        if (new_user || before->day != cell->key.day) {
            add_number(row, MEASURE_ACTIVE_DAYS, 1);
            add_number(row, MEASURE_ACTIVE_MINUTES, minutes_union_count(&active));
            minutes_union_start(&active);
        }
        minutes_union_add(&active, &cell->minutes);
        before = &cell->key;
    }
    add_number(row, MEASURE_ACTIVE_MINUTES, minutes_union_count(&active));
}

static bool add_cells(struct build *b, struct row *row, const struct run *run)
{
    struct carried carried = {0};

    b->hosts.count = b->tenants.count = 0;
    for (size_t i = run->from; i < run->until; i++) {
        const struct usage_cell *cell = part_at(b, i)->cell;
        enum managed managed = managed_of(b->input, cell);

        if (!counts_in(run, cell))
            continue;
        if (part_at(b, i)->status < row->status)
            row->status = part_at(b, i)->status;
        add_counts(b->input, row, &carried, cell);
        add_evidence(b->input->usage, row, cell);
        if (cell->last_us > row->last_us)
            row->last_us = cell->last_us;
        if (managed < row->managed)
            row->managed = managed;
        if (!add_names(b, cell))
            return false;
    }
    mark_all(row, &carried);
    row->blank |= b->input->hidden;
    row->partial &= ~b->input->hidden;
    unite_ids(&b->hosts);
    unite_ids(&b->tenants);
    row->numbers[MEASURE_HOSTS] = b->hosts.count;
    return join_tenants(b, row);
}

static struct row *new_row(struct build *b)
{
    struct rows *out = b->out;

    if (out->count == b->capacity) {
        size_t capacity = b->capacity == 0 ? 64 : b->capacity * 2;
        struct row *rows = capacity > SIZE_MAX / 2 / sizeof *rows
                               ? NULL
                               : realloc(out->rows, capacity * sizeof *rows);

        if (rows == NULL)
            return NULL;
        out->rows = rows;
        b->capacity = capacity;
    }
    out->rows[out->count] = (struct row){.status = STATUSES - 1, /* the mildest */
                                         .managed = MANAGED_YES,
                                         .first_us = INT64_MAX,
                                         .last_us = INT64_MIN};
    return &out->rows[out->count++];
}

static bool make_row(struct build *b, size_t from, size_t until)
{
    struct run run = {from, until, false};
    struct row *row = new_row(b);

    if (row == NULL)
        return false;
    row->sample = part_at(b, from)->cell;
    row->use = USES;
    for (size_t i = from; i < until; i++)
        if (part_at(b, i)->use < row->use)
            row->use = part_at(b, i)->use;
    run.embed = row->use == USE_EMBEDDED;
    add_days(b, row, &run);
    return add_cells(b, row, &run);
}

static bool make_rows(struct build *b, struct error *err)
{
    for (size_t from = 0, until; from < b->count; from = until) {
        if (b->count - from > PREFETCH_PARTS)
            usage_cell_prefetch(part_at(b, from + PREFETCH_PARTS)->cell);
        for (until = from + 1; until < b->count && is_same_row(b, from, until); until++)
            ;
        if (!make_row(b, from, until))
            return error_set_memory(err);
    }
    return true;
}

bool rows_build(const struct rows_input *input, struct rows *out, struct error *err)
{
    struct build b = {.input = input, .out = out};
    bool ok = staff_make(input->identity, input->usage, &input->filter.departments, input->suppress,
                         &out->staff, err) &&
              collect_parts(&b, err) && rank_apps(&b, err);

    if (ok)
        drop_parts(&b);
    ok = ok && order_parts(&b, err) && make_rows(&b, err);
    free(b.parts);
    order_free(&b.order);
    free(b.categories);
    free(b.vendors);
    free(b.hosts.ids);
    free(b.tenants.ids);
    if (!ok)
        rows_free(out);
    return ok;
}

void rows_free(struct rows *rows)
{
    free(rows->rows);
    staff_free(&rows->staff);
    arena_free(&rows->arena);
    memset(rows, 0, sizeof *rows);
}
