/* report.c: what stands in each column of a row, and which row comes first. */
#include "report/report.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/order.h"
#include "net/psl.h"
#include "record/record.h"
#include "report/mask.h"
#include "report/output.h"
#include "usage/workhours.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PREFETCH_ROWS = 16, LINE_BYTES = 64 };

/* Rows being put in order: a key for each, and whether its cell is empty, which comes last in
 * either direction. */
struct sorting {
    const struct report *report;
    struct order *order;
    uint64_t *keys, *empty;
};

static struct value text_or_empty(struct slice text)
{
    struct value value = value_text(text);

    if (text.len == 0)
        value.type = VALUE_EMPTY;
    return value;
}

static struct value use_value(enum use use)
{
    struct value value = value_string(plan_use_name(use));

    if (use == USE_USED)
        value.tone = TONE_ALERT;
    else if (use != USE_LIKELY)
        value.tone = TONE_FAINT;
    return value;
}

static struct value managed_value(enum managed managed)
{
    struct value value = value_string(managed_name(managed));

    if (managed == MANAGED_NO)
        value.tone = TONE_ALERT;
    return value;
}

static void append_day(struct buf *out, int32_t day)
{
    struct civil date = calendar_date(day);

    buf_printf(out, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year, date.month, date.day);
}

static struct value name_of(struct slice name)
{
    struct value value = text_or_empty(name);

    value.name = true;
    return value;
}

static struct value name_value(const struct report *r, enum usage_name kind, uint32_t id)
{
    return name_of(usage_name(r->input->usage, kind, id));
}

/* What the row's unknown domain is. */
static enum host_kind kind_of(const struct rows_input *input, const struct row *row)
{
    return host_kind_of(usage_name(input->usage, NAME_TENANT, row->sample->key.tenant));
}

/* The app of the row; one without a name for unknown hosts. */
static const struct app *app_of(const struct report *r, const struct row *row)
{
    static const struct app none = {.id = "", .name = "", .category = "", .vendor = ""};
    uint32_t app = row->sample->key.app;

    return app == SIGNATURE_NO_APP ? &none : signature_app(r->input->signatures, app);
}

static struct value dimension_value(const struct report *r, const struct row *row,
                                    enum dimension dimension, struct buf *scratch)
{
    const struct usage_key *key = &row->sample->key;
    const struct app *app = app_of(r, row);

    switch (dimension) {
    case DIMENSION_DAY: append_day(scratch, key->day); return value_text(buf_slice(scratch));
    case DIMENSION_HOUR:
        buf_printf(scratch, "%02u", key->hour);
        return value_text(buf_slice(scratch));
    case DIMENSION_USER: return name_value(r, NAME_USER, key->user);
    case DIMENSION_CLIENT: return name_value(r, NAME_CLIENT, key->client);
    case DIMENSION_APP: return value_string(app->id);
    case DIMENSION_APP_NAME: return value_string(app->name);
    case DIMENSION_CATEGORY: return text_or_empty(slice_of_string(app->category));
    case DIMENSION_VENDOR: return text_or_empty(slice_of_string(app->vendor));
    case DIMENSION_MANAGED: return managed_value(app->managed);
    case DIMENSION_STATUS: return value_string(plan_status_name(row->status));
    case DIMENSION_TENANT:
    case DIMENSION_DOMAIN: return name_value(r, NAME_TENANT, key->tenant);
    case DIMENSION_KIND: return value_string(host_kind_name(kind_of(r->input, row)));
    case DIMENSION_HOST: return name_value(r, NAME_HOST, key->host);
    case DIMENSION_COUNTRY: return name_value(r, NAME_COUNTRY, key->country);
    case DIMENSION_SOURCE: return name_value(r, NAME_SOURCE, key->source);
    case DIMENSION_USE: return use_value(row->use);
    case DIMENSION_DEPARTMENT:
        return text_or_empty(r->rows->staff.names[r->rows->staff.department[key->user]]);
    case DIMENSION_LEFT:
        return value_string(staff_has_left(&r->rows->staff, key->user, key->day) ? "yes" : "no");
    case DIMENSION_WORKHOURS:
        return value_string(workhours_name((enum workhours_class)key->workhours));
    case DIMENSIONS: break;
    }
    return (struct value){.type = VALUE_EMPTY};
}

static struct value time_value(const struct report *r, int64_t time_us, struct buf *scratch)
{
    if (time_us == INT64_MAX || time_us == INT64_MIN)
        return (struct value){.type = VALUE_EMPTY};
    zone_append_rfc3339(scratch, r->zone, time_us);
    return value_text(buf_slice(scratch));
}

static struct value sources_value(const struct row *row)
{
    bool dns = (row->sources & 1U << RECORD_DNS) != 0;
    bool proxy = (row->sources & 1U << RECORD_PROXY) != 0;

    if (dns && proxy)
        return value_string("dns+proxy");
    return value_string(dns ? "dns" : "proxy");
}

static struct value partial_value(const struct row *row, struct buf *scratch)
{
    for (unsigned m = 0; m < MEASURES; m++)
        if ((row->partial & MEASURE_BIT(m)) != 0) {
            buf_append_string(scratch, scratch->len > 0 ? " " : "");
            buf_append_string(scratch, plan_measure_name((enum measure)m));
        }
    return text_or_empty(buf_slice(scratch));
}

static struct value evidence_value(const struct report *r, const struct row *row,
                                   struct buf *scratch)
{
    if (row->first_us == INT64_MAX)
        return (struct value){.type = VALUE_EMPTY};
    buf_append(scratch, usage_name(r->input->usage, NAME_ARCHIVE, row->evidence_archive));
    buf_append_byte(scratch, ':');
    buf_append_uint(scratch, row->evidence_line);
    return value_text(buf_slice(scratch));
}

static struct value measure_value(const struct report *r, const struct row *row,
                                  enum measure measure, struct buf *scratch)
{
    if ((row->blank & MEASURE_BIT(measure)) != 0)
        return (struct value){.type = VALUE_EMPTY};
    switch (measure) {
    case MEASURE_FIRST_SEEN: return time_value(r, row->first_us, scratch);
    case MEASURE_LAST_SEEN: return time_value(r, row->last_us, scratch);
    case MEASURE_USE: return use_value(row->use);
    case MEASURE_SOURCES: return sources_value(row);
    case MEASURE_TENANTS: return name_of(row->tenants);
    case MEASURE_PARTIAL: return partial_value(row, scratch);
    case MEASURE_EVIDENCE: return evidence_value(r, row, scratch);
    case MEASURE_USERS:
    case MEASURE_QUERIES:
    case MEASURE_REQUESTS:
    case MEASURE_DENIED:
    case MEASURE_BYTES_UP:
    case MEASURE_BYTES_DOWN:
    case MEASURE_ACTIVE_MINUTES:
    case MEASURE_ACTIVE_DAYS:
    case MEASURE_HOSTS:
    case MEASURES: break;
    }
    return value_number(row->numbers[measure]);
}

/* mask_append for a text that may itself stand in ${scratch}, which moves when it grows. */
static bool mask_value(const struct pseudonyms *p, unsigned column, struct slice text,
                       struct buf *scratch)
{
    struct buf masked = {0};
    bool any = mask_append(p, column, text, &masked);

    scratch->failed |= masked.failed;
    buf_append(scratch, buf_slice(&masked));
    buf_free(&masked);
    return any;
}

struct value report_value(const struct report *r, const struct row *row, unsigned column,
                          struct buf *scratch)
{
    struct value value;
    size_t shown;

    buf_reset(scratch);
    value = column < DIMENSIONS
                ? dimension_value(r, row, (enum dimension)column, scratch)
                : measure_value(r, row, (enum measure)(column - DIMENSIONS), scratch);
    shown = scratch->len;
    if (r->pseudonyms == NULL || value.type != VALUE_TEXT ||
        !mask_value(r->pseudonyms, column, value.text, scratch))
        return value;
    value.text = slice_from(buf_slice(scratch), shown);
    return value;
}

/* Is the order of its cells that of their text? */
static bool is_text(unsigned column)
{
    switch (column) {
    case DIMENSION_DAY:
    case DIMENSION_HOUR:
    case DIMENSION_MANAGED:
    case DIMENSION_STATUS:
    case DIMENSION_KIND:
    case DIMENSION_USE: return false;
    case DIMENSIONS + MEASURE_SOURCES:
    case DIMENSIONS + MEASURE_TENANTS:
    case DIMENSIONS + MEASURE_PARTIAL:
    case DIMENSIONS + MEASURE_EVIDENCE: return true;
    default: return column < DIMENSIONS;
    }
}

/* Rows of one group have one text in ${column}, so that it is made and compared once. */
static size_t group_of(const struct report *r, size_t row, unsigned column)
{
    const struct usage_key *key = &r->rows->rows[row].sample->key;

    switch (column) {
    case DIMENSION_USER: return key->user;
    case DIMENSION_CLIENT: return key->client;
    case DIMENSION_TENANT:
    case DIMENSION_DOMAIN: return key->tenant;
    case DIMENSION_HOST: return key->host;
    case DIMENSION_COUNTRY: return key->country;
    case DIMENSION_SOURCE: return key->source;
    case DIMENSION_APP:
    case DIMENSION_APP_NAME:
    case DIMENSION_CATEGORY:
    case DIMENSION_VENDOR: return key->app;
    default: return row;
    }
}

/* The texts of all groups into ${texts}, of ${arena}. */
static bool collect_texts(const struct report *r, unsigned column, struct slice *texts,
                          struct arena *arena)
{
    struct buf scratch = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < r->rows->count; i++) {
        struct slice *text = &texts[group_of(r, i, column)];

        if (text->ptr != NULL)
            continue;
        *text = arena_copy(arena, report_value(r, &r->rows->rows[i], column, &scratch).text);
        ok = !scratch.failed && text->ptr != NULL;
    }
    buf_free(&scratch);
    return ok;
}

static bool fill_text_keys(struct sorting *s, unsigned column, struct error *err)
{
    const struct report *r = s->report;
    struct arena arena = {0};
    size_t groups = 0;
    struct slice *texts;
    uint32_t *ranks;
    bool ok;

    for (size_t i = 0; i < r->rows->count; i++)
        if (group_of(r, i, column) >= groups)
            groups = group_of(r, i, column) + 1;
    texts = calloc(groups + 1, sizeof *texts);
    ranks = calloc(groups + 1, sizeof *ranks);
    if (texts == NULL || ranks == NULL) {
        free(texts);
        free(ranks);
        return error_set_memory(err);
    }
    ok = collect_texts(r, column, texts, &arena);
    ok = ok ? order_rank_texts(texts, groups, ranks, err) : error_set_memory(err);
    for (size_t i = 0; ok && i < r->rows->count; i++) {
        s->keys[i] = ranks[group_of(r, i, column)];
        s->empty[i] = texts[group_of(r, i, column)].len == 0;
    }
    free(texts);
    free(ranks);
    arena_free(&arena);
    return ok;
}

/* Negative numbers before positive ones. */
static uint64_t signed_key(int64_t number)
{
    return (uint64_t)number ^ UINT64_C(1) << 63;
}

static uint64_t number_key(const struct rows_input *input, const struct row *row, unsigned column)
{
    switch (column) {
    case DIMENSION_DAY: return signed_key(row->sample->key.day);
    case DIMENSION_HOUR: return row->sample->key.hour;
    case DIMENSION_MANAGED: return row->managed;
    case DIMENSION_STATUS: return row->status;
    case DIMENSION_KIND: return kind_of(input, row);
    case DIMENSION_USE:
    case DIMENSIONS + MEASURE_USE: return row->use;
    case DIMENSIONS + MEASURE_FIRST_SEEN: return signed_key(row->first_us);
    case DIMENSIONS + MEASURE_LAST_SEEN: return signed_key(row->last_us);
    default: return row->numbers[column - DIMENSIONS];
    }
}

static bool is_empty_number(const struct row *row, unsigned column)
{
    if (column < DIMENSIONS)
        return false;
    if (column == DIMENSIONS + MEASURE_FIRST_SEEN || column == DIMENSIONS + MEASURE_LAST_SEEN)
        return row->first_us == INT64_MAX;
    return (row->blank & MEASURE_BIT(column - DIMENSIONS)) != 0;
}

static void fill_number_keys(struct sorting *s, unsigned column)
{
    for (size_t i = 0; i < s->order->count; i++) {
        const struct row *row = &s->report->rows->rows[i];

        s->empty[i] = is_empty_number(row, column);
        s->keys[i] = s->empty[i] != 0 ? 0 : number_key(s->report->input, row, column);
    }
}

static bool sort_by(struct sorting *s, unsigned column, bool descending, struct error *err)
{
    if (!is_text(column))
        fill_number_keys(s, column);
    else if (!fill_text_keys(s, column, err))
        return false;
    for (size_t i = 0; descending && i < s->order->count; i++)
        s->keys[i] = ~s->keys[i];
    order_by(s->order, s->keys);
    order_by(s->order, s->empty);
    return true;
}

/* A column of the default order. */
struct sort_column {
    unsigned column;
    bool descending;
};

/* The most significant first. */
static const struct sort_column app_order[] = {{DIMENSION_STATUS, false},
                                               {DIMENSION_MANAGED, false},
                                               {DIMENSIONS + MEASURE_ACTIVE_MINUTES, true}};

/* Next month's app is what several people use on several days. */
static const struct sort_column unknown_order[] = {{DIMENSION_KIND, false},
                                                   {DIMENSIONS + MEASURE_USERS, true},
                                                   {DIMENSIONS + MEASURE_ACTIVE_DAYS, true},
                                                   {DIMENSIONS + MEASURE_REQUESTS, true},
                                                   {DIMENSIONS + MEASURE_QUERIES, true},
                                                   {DIMENSIONS + MEASURE_BYTES_UP, true}};

/* The least significant column first. */
static bool sort_by_all(struct sorting *s, struct error *err)
{
    const struct plan *plan = s->report->input->plan;
    const struct sort_column *order = plan->unknown ? unknown_order : app_order;
    size_t count = plan->unknown ? sizeof unknown_order / sizeof *unknown_order
                                 : sizeof app_order / sizeof *app_order;

    for (size_t i = plan->by_count; i-- > 0;)
        if (!sort_by(s, plan->by[i], false, err))
            return false;
    while (count-- > 0)
        if (!sort_by(s, order[count].column, order[count].descending, err))
            return false;
    return plan->sort == PLAN_COLUMNS || sort_by(s, plan->sort, plan->descending, err);
}

void report_append_key(const struct report *r, const struct row *row, struct buf *out)
{
    const struct plan *plan = r->input->plan;
    struct buf scratch = {0};

    for (size_t i = 0; i < plan->by_count; i++) {
        struct value value = report_value(r, row, plan->by[i], &scratch);

        if (value.type == VALUE_TEXT)
            buf_append(out, value.text);
        buf_append_byte(out, '\0');
    }
    out->failed = out->failed || scratch.failed;
    buf_free(&scratch);
}

size_t report_row_count(const struct report *r)
{
    uint64_t top = r->input->plan->top;

    return top > 0 && top < r->rows->count ? (size_t)top : r->rows->count;
}

bool report_sort(const struct report *r, struct order *order, struct error *err)
{
    struct sorting s = {.report = r, .order = order};
    bool ok = order_init(order, r->rows->count, err);

    s.keys = calloc(r->rows->count + 1, sizeof *s.keys);
    s.empty = calloc(r->rows->count + 1, sizeof *s.empty);
    if (s.keys == NULL || s.empty == NULL)
        ok = ok && error_set_memory(err);
    else
        ok = ok && sort_by_all(&s, err);
    free(s.keys);
    free(s.empty);
    return ok;
}

static bool print_row(const struct report *r, const struct row *row, struct writer *writer,
                      struct error *err)
{
    const struct plan *plan = r->input->plan;
    struct buf scratch = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < plan->column_count; i++) {
        struct value value = report_value(r, row, plan->columns[i], &scratch);

        ok = scratch.failed ? error_set_memory(err) : writer_cell(writer, &value, err);
    }
    buf_free(&scratch);
    return ok;
}

/* Get the memory of a row ready: printed in order, rows are visited all over. */
static void prefetch_row(const struct row *row)
{
    const char *p = (const char *)row;

    for (size_t i = 0; i < sizeof *row; i += LINE_BYTES)
        __builtin_prefetch(p + i);
}

static bool print_rows(const struct report *r, const struct order *order, struct writer *writer,
                       struct error *err)
{
    size_t count = report_row_count(r);

    for (size_t i = 0; i < count; i++) {
        if (count - i > PREFETCH_ROWS)
            prefetch_row(&r->rows->rows[order->items[i + PREFETCH_ROWS]]);
        if (count - i > PREFETCH_ROWS / 2)
            usage_cell_prefetch(r->rows->rows[order->items[i + PREFETCH_ROWS / 2]].sample);
        if (!print_row(r, &r->rows->rows[order->items[i]], writer, err))
            return false;
    }
    return writer_end(writer, err);
}

bool report_print(const struct report *r, struct output *out, struct error *err)
{
    const struct plan *plan = r->input->plan;
    struct column columns[PLAN_COLUMNS];
    struct writer_task task = {out, columns, plan->column_count, r->look};
    struct order order;
    struct writer *writer = NULL;
    bool ok = report_sort(r, &order, err);

    for (size_t i = 0; i < plan->column_count; i++)
        columns[i] = plan_column(plan, plan->columns[i]);
    if (ok)
        writer = writer_open(r->form, &task, err);
    ok = writer != NULL && print_rows(r, &order, writer, err);
    writer_free(writer);
    order_free(&order);
    return ok;
}
