/* report.c: what stands in each column of a row, and which row comes first. */
#include "report/report.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "record/record.h"
#include "report/output.h"

#include <inttypes.h>
#include <stdlib.h>

/* A row on its way to its place. */
struct entry {
    const struct row *row;
    const struct report *report;
};

static struct value number_or_empty(const struct row *row, enum measure measure)
{
    if ((row->blank & MEASURE_BIT(measure)) != 0)
        return (struct value){.type = VALUE_EMPTY};
    return value_number(row->numbers[measure]);
}

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

static struct value name_value(const struct report *r, enum usage_name kind, uint32_t id)
{
    return text_or_empty(usage_name(r->input->usage, kind, id));
}

static struct value dimension_value(const struct report *r, const struct row *row,
                                    enum dimension dimension, struct buf *scratch)
{
    const struct usage_key *key = &row->sample->key;
    const struct app *app = signature_app(r->input->signatures, key->app);

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
    case DIMENSION_TENANT: return name_value(r, NAME_TENANT, key->tenant);
    case DIMENSION_HOST: return name_value(r, NAME_HOST, key->host);
    case DIMENSION_SOURCE: return name_value(r, NAME_SOURCE, key->source);
    case DIMENSION_USE: return use_value(row->use);
    case DIMENSION_DEPARTMENT:
    case DIMENSION_WORKHOURS:
    case DIMENSION_COUNTRY:
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
    switch (measure) {
    case MEASURE_FIRST_SEEN: return time_value(r, row->first_us, scratch);
    case MEASURE_LAST_SEEN: return time_value(r, row->last_us, scratch);
    case MEASURE_USE: return use_value(row->use);
    case MEASURE_SOURCES: return sources_value(row);
    case MEASURE_TENANTS: return text_or_empty(row->tenants);
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
    return number_or_empty(row, measure);
}

/* The cell of ${column}; its text may stand in ${scratch}, which is emptied first. */
static struct value value_of(const struct report *r, const struct row *row, unsigned column,
                             struct buf *scratch)
{
    buf_reset(scratch);
    if (column < DIMENSIONS)
        return dimension_value(r, row, (enum dimension)column, scratch);
    return measure_value(r, row, (enum measure)(column - DIMENSIONS), scratch);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_times(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_values(const struct value *a, const struct value *b)
{
    if (a->type == VALUE_NUMBER && b->type == VALUE_NUMBER)
        return compare_numbers(a->number, b->number);
    return slice_compare(a->text, b->text);
}

/* Order of two rows by ${column}: numbers, times, days and steps (use, managed, status) as such,
 * the rest as text; empty ones last whatever the direction. */
static int compare_column(const struct report *r, const struct row *a, const struct row *b,
                          unsigned column, bool descending)
{
    struct buf left = {0}, right = {0};
    struct value left_value = value_of(r, a, column, &left);
    struct value right_value = value_of(r, b, column, &right);
    bool left_empty = left_value.type == VALUE_EMPTY, right_empty = right_value.type == VALUE_EMPTY;
    int order;

    if (left_empty || right_empty)
        order = (left_empty ? 1 : 0) - (right_empty ? 1 : 0);
    else if (column == DIMENSION_USE || column == DIMENSIONS + MEASURE_USE)
        order = compare_numbers(a->use, b->use);
    else if (column == DIMENSION_MANAGED)
        order = compare_numbers(a->managed, b->managed);
    else if (column == DIMENSION_STATUS)
        order = compare_numbers(a->status, b->status);
    else if (column == DIMENSIONS + MEASURE_FIRST_SEEN)
        order = compare_times(a->first_us, b->first_us);
    else if (column == DIMENSIONS + MEASURE_LAST_SEEN)
        order = compare_times(a->last_us, b->last_us);
    else
        order = compare_values(&left_value, &right_value);
    buf_free(&left);
    buf_free(&right);
    return descending && !left_empty && !right_empty ? -order : order;
}

static int compare_by_default(const struct report *r, const struct row *a, const struct row *b)
{
    const struct plan *plan = r->input->plan;

    if (a->status != b->status)
        return compare_numbers(a->status, b->status);
    if (a->managed != b->managed)
        return compare_numbers(a->managed, b->managed);
    if (a->numbers[MEASURE_ACTIVE_MINUTES] != b->numbers[MEASURE_ACTIVE_MINUTES])
        return compare_numbers(b->numbers[MEASURE_ACTIVE_MINUTES],
                               a->numbers[MEASURE_ACTIVE_MINUTES]);
    for (size_t i = 0; i < plan->by_count; i++) {
        int order = compare_column(r, a, b, plan->by[i], false);

        if (order != 0)
            return order;
    }
    return 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    const struct plan *plan = left->report->input->plan;
    int order = 0;

    if (plan->sort != PLAN_COLUMNS)
        order = compare_column(left->report, left->row, right->row, plan->sort, plan->descending);
    return order != 0 ? order : compare_by_default(left->report, left->row, right->row);
}

size_t report_row_count(const struct report *r)
{
    uint64_t top = r->input->plan->top;

    return top > 0 && top < r->rows->count ? (size_t)top : r->rows->count;
}

static struct entry *sort_rows(const struct report *r, struct error *err)
{
    struct entry *entries = calloc(r->rows->count + 1, sizeof *entries);

    if (entries == NULL) {
        error_set_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < r->rows->count; i++)
        entries[i] = (struct entry){&r->rows->rows[i], r};
    qsort(entries, r->rows->count, sizeof *entries, compare_entries);
    return entries;
}

static bool print_row(const struct report *r, const struct row *row, struct writer *writer,
                      struct error *err)
{
    const struct plan *plan = r->input->plan;
    struct buf scratch = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < plan->column_count; i++) {
        struct value value = value_of(r, row, plan->columns[i], &scratch);

        ok = scratch.failed ? error_set_memory(err) : writer_cell(writer, &value, err);
    }
    buf_free(&scratch);
    return ok;
}

static bool print_rows(const struct report *r, const struct entry *entries, struct writer *writer,
                       struct error *err)
{
    for (size_t i = 0; i < report_row_count(r); i++)
        if (!print_row(r, entries[i].row, writer, err))
            return false;
    return writer_end(writer, err);
}

bool report_print(const struct report *r, struct output *out, struct error *err)
{
    const struct plan *plan = r->input->plan;
    struct column columns[PLAN_COLUMNS];
    struct writer_task task = {out, columns, plan->column_count, r->look};
    struct entry *entries = sort_rows(r, err);
    struct writer *writer = NULL;
    bool ok = false;

    for (size_t i = 0; i < plan->column_count; i++)
        columns[i] = plan_column(plan, plan->columns[i]);
    if (entries != NULL)
        writer = writer_open(r->form, &task, err);
    if (writer != NULL)
        ok = print_rows(r, entries, writer, err);
    writer_free(writer);
    free(entries);
    return ok;
}
