/* row_value.c: what stands in each column of a row. */
#include "report/row/row_value.h"

#include "base/calendar.h"
#include "net/psl.h"
#include "record/record.h"
#include "report/mask.h"
#include "usage/workhours.h"

#include <inttypes.h>

/* Values are made where they are returned to: a copy of what was just written would wait for it. */
static struct value text_or_empty(struct slice text)
{
    return (struct value){.type = text.len == 0 ? VALUE_EMPTY : VALUE_TEXT, .text = text};
}

static struct value use_value(enum use use)
{
    return (struct value){.type = VALUE_TEXT,
                          .tone = use == USE_USED     ? TONE_ALERT
                                  : use == USE_LIKELY ? TONE_PLAIN
                                                      : TONE_FAINT,
                          .text = slice_of_string(plan_use_name(use)),
                          .plain = true};
}

static struct value managed_value(enum managed managed)
{
    return (struct value){.type = VALUE_TEXT,
                          .tone = managed == MANAGED_NO ? TONE_ALERT : TONE_PLAIN,
                          .text = slice_of_string(managed_name(managed)),
                          .plain = true};
}

static void append_day(struct buf *out, int32_t day)
{
    struct civil date = calendar_date(day);

    buf_printf(out, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year, date.month, date.day);
}

static struct value name_of(struct slice name)
{
    return (struct value){
        .type = name.len == 0 ? VALUE_EMPTY : VALUE_TEXT, .text = name, .name = true};
}

/* What the row's unknown domain is. */
static enum host_kind kind_of(const struct row *row)
{
    return host_kind_of(row->names[NAME_TENANT]);
}

/* The app of the row; one without a name for unknown hosts. */
static const struct app *app_of(const struct row_view *v, const struct row *row)
{
    static const struct app none = {.id = "", .name = "", .category = "", .vendor = ""};
    return row->app == SIGNATURE_NO_APP ? &none : signature_app(v->signatures, row->app);
}

static struct value dimension_value(const struct row_view *v, const struct row *row,
                                    enum dimension dimension, struct buf *scratch)
{
    const struct app *app = app_of(v, row);

    switch (dimension) {
    case DIMENSION_DAY: append_day(scratch, row->day); return value_plain(buf_slice(scratch));
    case DIMENSION_HOUR:
        buf_printf(scratch, "%02u", row->hour);
        return value_plain(buf_slice(scratch));
    case DIMENSION_USER: return name_of(row->names[NAME_USER]);
    case DIMENSION_CLIENT: return name_of(row->names[NAME_CLIENT]);
    case DIMENSION_APP: return value_string(app->id);
    case DIMENSION_APP_NAME: return value_string(app->name);
    case DIMENSION_CATEGORY: return text_or_empty(slice_of_string(app->category));
    case DIMENSION_VENDOR: return text_or_empty(slice_of_string(app->vendor));
    case DIMENSION_MANAGED: return managed_value(app->managed);
    case DIMENSION_STATUS: return value_plain(slice_of_string(plan_status_name(row->status)));
    case DIMENSION_TENANT:
    case DIMENSION_DOMAIN: return name_of(row->names[NAME_TENANT]);
    case DIMENSION_KIND: return value_string(host_kind_name(kind_of(row)));
    case DIMENSION_HOST: return name_of(row->names[NAME_HOST]);
    case DIMENSION_SOURCE: return name_of(row->names[NAME_SOURCE]);
    case DIMENSION_USE: return use_value(row->use);
    case DIMENSION_COUNTRY: return name_of(row->names[NAME_COUNTRY]);
    case DIMENSION_DEPARTMENT: return name_of(row->department);
    case DIMENSION_LEFT: return value_string(row->left ? "yes" : "no");
    case DIMENSION_WORKHOURS:
        return value_string(workhours_name((enum workhours_class)row->workhours));
    case DIMENSIONS: break;
    }
    return (struct value){.type = VALUE_EMPTY};
}

static struct value time_value(const struct row_view *v, int64_t time_us, struct buf *scratch)
{
    if (time_us == INT64_MAX || time_us == INT64_MIN)
        return (struct value){.type = VALUE_EMPTY};
    zone_append_rfc3339(scratch, v->zone, time_us);
    return value_plain(buf_slice(scratch));
}

static struct value sources_value(const struct row *row)
{
    bool dns = (row->sources & 1U << RECORD_DNS) != 0;
    bool proxy = (row->sources & 1U << RECORD_PROXY) != 0;

    if (dns && proxy)
        return value_plain(SLICE("dns+proxy"));
    return value_plain(dns ? SLICE("dns") : SLICE("proxy"));
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

static struct value evidence_value(const struct row_view *v, const struct row *row,
                                   struct buf *scratch)
{
    if (row->first_us == INT64_MAX)
        return (struct value){.type = VALUE_EMPTY};
    buf_append(scratch, usage_name(v->archives, NAME_ARCHIVE, row->evidence_archive));
    buf_append_byte(scratch, ':');
    buf_append_uint(scratch, row->evidence_line);
    return value_text(buf_slice(scratch));
}

static struct value measure_value(const struct row_view *v, const struct row *row,
                                  enum measure measure, struct buf *scratch)
{
    if ((row->blank & MEASURE_BIT(measure)) != 0)
        return (struct value){.type = VALUE_EMPTY};
    switch (measure) {
    case MEASURE_FIRST_SEEN: return time_value(v, row->first_us, scratch);
    case MEASURE_LAST_SEEN: return time_value(v, row->last_us, scratch);
    case MEASURE_USE: return use_value(row->use);
    case MEASURE_SOURCES: return sources_value(row);
    case MEASURE_TENANTS: return name_of(row->tenants);
    case MEASURE_PARTIAL: return partial_value(row, scratch);
    case MEASURE_EVIDENCE: return evidence_value(v, row, scratch);
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
    return (struct value){.type = VALUE_NUMBER,
                          .number = row->numbers[measure],
                          .partial = (row->partial & MEASURE_BIT(measure)) != 0};
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

struct value row_value_plain(const struct row_view *v, const struct row *row, unsigned column,
                             struct buf *scratch)
{
    buf_reset(scratch);
    return column < DIMENSIONS
               ? dimension_value(v, row, (enum dimension)column, scratch)
               : measure_value(v, row, (enum measure)(column - DIMENSIONS), scratch);
}

struct value row_value_masked(const struct row_view *v, const struct row *row, unsigned column,
                              struct buf *scratch)
{
    struct value value = row_value_plain(v, row, column, scratch);
    size_t shown = scratch->len;

    if (value.type != VALUE_TEXT || !mask_value(v->pseudonyms, column, value.text, scratch))
        return value;
    value.text = slice_from(buf_slice(scratch), shown);
    value.plain = false;
    return value;
}

bool row_value_is_text(unsigned column)
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

/* Negative numbers before positive ones. */
static uint64_t signed_key(int64_t number)
{
    return (uint64_t)number ^ UINT64_C(1) << 63;
}

uint64_t row_value_number(const struct row *row, unsigned column)
{
    switch (column) {
    case DIMENSION_DAY: return signed_key(row->day);
    case DIMENSION_HOUR: return row->hour;
    case DIMENSION_MANAGED: return row->managed;
    case DIMENSION_STATUS: return row->status;
    case DIMENSION_KIND: return kind_of(row);
    case DIMENSION_USE:
    case DIMENSIONS + MEASURE_USE: return row->use;
    case DIMENSIONS + MEASURE_FIRST_SEEN: return signed_key(row->first_us);
    case DIMENSIONS + MEASURE_LAST_SEEN: return signed_key(row->last_us);
    default: return row->numbers[column - DIMENSIONS];
    }
}

bool row_value_is_blank(const struct row *row, unsigned column)
{
    if (column < DIMENSIONS)
        return false;
    if (column == DIMENSIONS + MEASURE_FIRST_SEEN || column == DIMENSIONS + MEASURE_LAST_SEEN)
        return row->first_us == INT64_MAX;
    return (row->blank & MEASURE_BIT(column - DIMENSIONS)) != 0;
}
