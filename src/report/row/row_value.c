/* row_value.c: what stands in each column of a row. */
#include "report/row/row_value.h"

#include "base/calendar.h"
#include "base/digits.h"
#include "net/psl.h"
#include "record/record.h"
#include "report/mask.h"
#include "usage/workhours.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    COLUMN_ROOM = CLOCK_ROOM, /* of what is no name */
    PARTIAL_ROOM = sizeof(""
#define MEASURE(id, name, heading, unit, weight) name " "
#include "report/columns.def"
#undef MEASURE
                          )
};

/* What a cell is made of. */
struct making {
    const struct row_view *view;
    const struct row *row;
    struct row_scratch *scratch;
    const struct known_app *app; /* of the row; NULL: not asked for yet */
};

/* --- a cell's text into memory that has room for it; empty where there is no value --- */

static inline char *put_slice(char *p, struct slice text)
{
    if (text.len > 0)
        memcpy(p, text.ptr, text.len);
    return p + text.len;
}

static char *put_string(char *p, const char *text)
{
    return put_slice(p, slice_of_string(text));
}

static char *put_user(char *p, struct making *m)
{
    return put_slice(p, m->row->names[NAME_USER]);
}

static char *put_client(char *p, struct making *m)
{
    return put_slice(p, m->row->names[NAME_CLIENT]);
}

/* The domain, too. */
static char *put_tenant(char *p, struct making *m)
{
    return put_slice(p, m->row->names[NAME_TENANT]);
}

static char *put_host(char *p, struct making *m)
{
    return put_slice(p, m->row->names[NAME_HOST]);
}

static char *put_source(char *p, struct making *m)
{
    return put_slice(p, m->row->names[NAME_SOURCE]);
}

static char *put_country(char *p, struct making *m)
{
    return put_slice(p, m->row->names[NAME_COUNTRY]);
}

static char *put_department(char *p, struct making *m)
{
    return put_slice(p, m->row->department);
}

static char *put_tenants(char *p, struct making *m)
{
    return put_slice(p, m->row->tenants);
}

static char *put_pair(char *p, unsigned number)
{
    *p++ = (char)('0' + number / 10);
    *p++ = (char)('0' + number % 10);
    return p;
}

static char *put_day(char *p, struct making *m)
{
    struct civil date = calendar_date(m->row->day);

    return p + snprintf(p, COLUMN_ROOM, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year,
                        date.month, date.day);
}

static char *put_hour(char *p, struct making *m)
{
    return put_pair(p, m->row->hour);
}

static char *put_left(char *p, struct making *m)
{
    return put_string(p, m->row->left ? "yes" : "no");
}

static char *put_workhours(char *p, struct making *m)
{
    return put_string(p, workhours_name((enum workhours_class)m->row->workhours));
}

/* What the row's unknown domain is. */
static enum host_kind kind_of(const struct row *row)
{
    return host_kind_of(row->names[NAME_TENANT]);
}

static char *put_kind(char *p, struct making *m)
{
    return put_string(p, host_kind_name(kind_of(m->row)));
}

static char *put_status(char *p, struct making *m)
{
    return put_slice(p, plan_status_text(m->row->status));
}

/* The dimension and the measure. */
static char *put_use(char *p, struct making *m)
{
    return put_slice(p, plan_use_text(m->row->use));
}

static void know_app(struct known_app *known, const struct app *app)
{
    *known = (struct known_app){.app = app,
                                .id_length = (uint32_t)strlen(app->id),
                                .name_length = (uint32_t)strlen(app->name),
                                .category_length = (uint32_t)strlen(app->category),
                                .vendor_length = (uint32_t)strlen(app->vendor),
                                .managed_length = (uint32_t)strlen(managed_name(app->managed))};
}

static const struct known_app *find_app(struct making *m)
{
    static const struct app none = {.id = "", .name = "", .category = "", .vendor = ""};
    uint32_t number = m->row->app;
    const struct app *app =
        number == SIGNATURE_NO_APP ? &none : signature_app(m->view->signatures, number);
    struct known_app *known = &m->scratch->apps[number % KNOWN_APPS];

    if (known->app != app)
        know_app(known, app);
    m->app = known;
    return known;
}

/* The app of the row; one without a name for unknown hosts. */
static inline const struct known_app *app_of(struct making *m)
{
    return m->app != NULL ? m->app : find_app(m);
}

static char *put_app(char *p, struct making *m)
{
    const struct known_app *known = app_of(m);

    return put_slice(p, slice_of(known->app->id, known->id_length));
}

static char *put_app_name(char *p, struct making *m)
{
    const struct known_app *known = app_of(m);

    return put_slice(p, slice_of(known->app->name, known->name_length));
}

static char *put_category(char *p, struct making *m)
{
    const struct known_app *known = app_of(m);

    return put_slice(p, slice_of(known->app->category, known->category_length));
}

static char *put_vendor(char *p, struct making *m)
{
    const struct known_app *known = app_of(m);

    return put_slice(p, slice_of(known->app->vendor, known->vendor_length));
}

static char *put_managed(char *p, struct making *m)
{
    const struct known_app *known = app_of(m);

    return put_slice(p, slice_of(managed_name(known->app->managed), known->managed_length));
}

/* Of a year that has not four digits, or where no zone is asked for. */
static char *put_odd_time(char *p, struct making *m, int64_t time_us)
{
    struct buf text = {0};

    zone_append_rfc3339(&text, m->view->zone, time_us);
    m->scratch->text.failed |= text.failed;
    p = put_slice(p, buf_slice(&text));
    buf_free(&text);
    return p;
}

static inline char *put_time(char *p, struct making *m, int64_t time_us)
{
    char *end = NULL;

    if (time_us == INT64_MAX || time_us == INT64_MIN)
        return p;
    if (m->view->zone != NULL)
        end = zone_clock_put(&m->scratch->clock, m->view->zone, p, time_us);
    return end == NULL ? put_odd_time(p, m, time_us) : end;
}

static char *put_first_seen(char *p, struct making *m)
{
    return put_time(p, m, m->row->first_us);
}

static char *put_last_seen(char *p, struct making *m)
{
    return put_time(p, m, m->row->last_us);
}

static char *put_sources(char *p, struct making *m)
{
    bool dns = (m->row->sources & 1U << RECORD_DNS) != 0;
    bool proxy = (m->row->sources & 1U << RECORD_PROXY) != 0;

    if (dns && proxy)
        return put_slice(p, SLICE("dns+proxy"));
    return dns ? put_slice(p, SLICE("dns")) : put_slice(p, SLICE("proxy"));
}

static char *put_partial(char *p, struct making *m)
{
    const char *from = p;

    for (unsigned measure = 0; m->row->partial >> measure != 0; measure++)
        if ((m->row->partial & MEASURE_BIT(measure)) != 0) {
            p = put_string(p, p > from ? " " : "");
            p = put_string(p, plan_measure_name((enum measure)measure));
        }
    return p;
}

static char *put_evidence(char *p, struct making *m)
{
    const struct row *row = m->row;

    if (row->first_us == INT64_MAX)
        return p;
    p = put_slice(p, usage_name(m->view->archives, NAME_ARCHIVE, row->evidence_archive));
    *p++ = ':';
    return digits_put(p, row->evidence_line);
}

/* Columns that are no numbers. */
static const struct {
    char *(*put)(char *p, struct making *m);
    bool name, plain; /* as in struct value */
} texts[PLAN_COLUMNS] = {[DIMENSION_DAY] = {put_day, false, true},
                         [DIMENSION_HOUR] = {put_hour, false, true},
                         [DIMENSION_WORKHOURS] = {put_workhours, false, true},
                         [DIMENSION_USER] = {put_user, true, false},
                         [DIMENSION_DEPARTMENT] = {put_department, true, false},
                         [DIMENSION_LEFT] = {put_left, false, true},
                         [DIMENSION_CLIENT] = {put_client, true, false},
                         [DIMENSION_APP] = {put_app, false, false},
                         [DIMENSION_APP_NAME] = {put_app_name, false, false},
                         [DIMENSION_CATEGORY] = {put_category, false, false},
                         [DIMENSION_VENDOR] = {put_vendor, false, false},
                         [DIMENSION_MANAGED] = {put_managed, false, true},
                         [DIMENSION_STATUS] = {put_status, false, true},
                         [DIMENSION_TENANT] = {put_tenant, true, false},
                         [DIMENSION_DOMAIN] = {put_tenant, true, false},
                         [DIMENSION_KIND] = {put_kind, false, true},
                         [DIMENSION_HOST] = {put_host, true, false},
                         [DIMENSION_COUNTRY] = {put_country, true, false},
                         [DIMENSION_SOURCE] = {put_source, true, false},
                         [DIMENSION_USE] = {put_use, false, true},
                         [DIMENSIONS + MEASURE_FIRST_SEEN] = {put_first_seen, false, true},
                         [DIMENSIONS + MEASURE_LAST_SEEN] = {put_last_seen, false, true},
                         [DIMENSIONS + MEASURE_USE] = {put_use, false, true},
                         [DIMENSIONS + MEASURE_SOURCES] = {put_sources, false, true},
                         [DIMENSIONS + MEASURE_TENANTS] = {put_tenants, true, false},
                         [DIMENSIONS + MEASURE_PARTIAL] = {put_partial, false, false},
                         [DIMENSIONS + MEASURE_EVIDENCE] = {put_evidence, false, false}};

_Static_assert(PLAN_COLUMNS <= 64, "each has a bit");

/* A bit for each column that is blank. */
static inline uint64_t blank_columns(const struct row *row)
{
    return (uint64_t)row->blank << DIMENSIONS;
}

static inline char *put_cell(char *p, struct making *m, unsigned column)
{
    char *(*put)(char *p, struct making *m) = texts[column].put;

    return put == NULL ? digits_put(p, m->row->numbers[column - DIMENSIONS]) : put(p, m);
}

/* Room for all cells of a row; of names and the like the row has each in one column, or two. */
static size_t room_of(struct making *m)
{
    const struct row *row = m->row;
    const struct known_app *app = app_of(m);
    struct slice archive = usage_name(m->view->archives, NAME_ARCHIVE, row->evidence_archive);
    size_t names = row->names[NAME_USER].len + row->names[NAME_TENANT].len +
                   row->names[NAME_CLIENT].len + row->names[NAME_HOST].len +
                   row->names[NAME_SOURCE].len + row->names[NAME_COUNTRY].len +
                   row->department.len + row->tenants.len + archive.len;

    return PLAN_COLUMNS * COLUMN_ROOM + PARTIAL_ROOM + 2 * names + app->id_length +
           app->name_length + app->category_length + app->vendor_length + WRITER_SLACK;
}

/* The pseudonym of what stands behind the first ${from} bytes of ${text}, where the column has
 * them; room for ${room} bytes is kept behind it. */
static void mask(const struct pseudonyms *p, unsigned column, struct buf *text, size_t from,
                 size_t room)
{
    struct slice plain = slice_from(buf_slice(text), from);
    struct buf masked = {0};

    if (plain.len > 0 && mask_append(p, column, plain, &masked)) {
        text->len = from;
        buf_append(text, buf_slice(&masked));
        buf_reserve(text, room);
    }
    text->failed |= masked.failed;
    buf_free(&masked);
}

/* Where pseudonyms stand in columns of numbers and the like, none do. */
static void append_masked_cells(struct making *m, const unsigned *columns, size_t count,
                                size_t room)
{
    struct buf *text = &m->scratch->text;
    uint64_t blank = blank_columns(m->row);

    for (size_t i = 0; i < count && !text->failed; i++) {
        size_t from = text->len;

        if ((blank >> columns[i] & 1) == 0)
            text->len = (size_t)(put_cell(text->ptr + from, m, columns[i]) - text->ptr);
        if (texts[columns[i]].put != NULL)
            mask(m->view->pseudonyms, columns[i], text, from, room);
        m->scratch->ends[i] = (uint32_t)text->len;
        buf_append_byte(text, ',');
    }
}

static void append_cells(struct making *m, const unsigned *columns, size_t count)
{
    struct buf *text = &m->scratch->text;
    uint32_t *ends = m->scratch->ends;
    uint64_t blank = blank_columns(m->row);
    char *from = text->ptr, *p = from;

    for (size_t i = 0; i < count; i++) {
        if ((blank >> columns[i] & 1) == 0)
            p = put_cell(p, m, columns[i]);
        ends[i] = (uint32_t)(p - from);
        *p++ = ',';
    }
    memset(p, 0, WRITER_SLACK);
    text->len = (size_t)(p - from);
}

static void make(struct making *m, const unsigned *columns, size_t count)
{
    struct buf *text = &m->scratch->text;
    size_t room = room_of(m);

    buf_reset(text);
    if (!buf_reserve(text, room))
        return;
    if (m->view->pseudonyms == NULL) {
        append_cells(m, columns, count);
        return;
    }
    append_masked_cells(m, columns, count, room);
    if (!text->failed)
        memset(text->ptr + text->len, 0, WRITER_SLACK);
}

static enum tone tone_of(struct making *m, unsigned column)
{
    if (column == DIMENSION_MANAGED)
        return app_of(m)->app->managed == MANAGED_NO ? TONE_ALERT : TONE_PLAIN;
    if (column != DIMENSION_USE && column != DIMENSIONS + MEASURE_USE)
        return TONE_PLAIN;
    if (m->row->use == USE_USED)
        return TONE_ALERT;
    return m->row->use == USE_LIKELY ? TONE_PLAIN : TONE_FAINT;
}

static struct value value_of(struct making *m, unsigned column, struct slice text)
{
    if ((blank_columns(m->row) >> column & 1) != 0)
        return (struct value){.type = VALUE_EMPTY};
    if (texts[column].put == NULL)
        return (struct value){.type = VALUE_NUMBER,
                              .number = m->row->numbers[column - DIMENSIONS],
                              .partial = (m->row->partial & MEASURE_BIT(column - DIMENSIONS)) != 0};
    return (struct value){.type = text.len == 0 ? VALUE_EMPTY : VALUE_TEXT,
                          .tone = tone_of(m, column),
                          .text = text,
                          .name = texts[column].name,
                          .plain = texts[column].plain};
}

void row_texts(const struct row_view *v, const struct row *row, const unsigned *columns,
               size_t count, struct row_scratch *scratch)
{
    struct making m = {v, row, scratch, NULL};

    make(&m, columns, count);
}

void row_values(const struct row_view *v, const struct row *row, const unsigned *columns,
                size_t count, struct row_scratch *scratch, struct value *values)
{
    struct making m = {v, row, scratch, NULL};
    size_t from = 0;

    make(&m, columns, count);
    for (size_t i = 0; i < count && !scratch->text.failed; i++) {
        values[i] =
            value_of(&m, columns[i], slice_of(scratch->text.ptr + from, scratch->ends[i] - from));
        from = scratch->ends[i] + 1;
    }
}

struct value row_value(const struct row_view *v, const struct row *row, unsigned column,
                       struct row_scratch *scratch)
{
    struct value value = {.type = VALUE_EMPTY};

    row_values(v, row, &column, 1, scratch, &value);
    return value;
}

struct slice row_app_id(const struct row_view *v, const struct row *row,
                        struct row_scratch *scratch)
{
    struct making m = {v, row, scratch, NULL};
    const struct known_app *known = find_app(&m);

    return slice_of(known->app->id, known->id_length);
}

void row_scratch_free(struct row_scratch *scratch)
{
    buf_free(&scratch->text);
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

enum usage_name row_value_name(unsigned column)
{
    switch (column) {
    case DIMENSION_USER: return NAME_USER;
    case DIMENSION_CLIENT: return NAME_CLIENT;
    case DIMENSION_TENANT:
    case DIMENSION_DOMAIN: return NAME_TENANT;
    case DIMENSION_HOST: return NAME_HOST;
    case DIMENSION_SOURCE: return NAME_SOURCE;
    case DIMENSION_COUNTRY: return NAME_COUNTRY;
    default: return NAME_KINDS;
    }
}

bool row_value_is_count(unsigned column)
{
    return texts[column].put == NULL;
}

/* Negative numbers before positive ones. */
static uint64_t signed_key(int64_t number)
{
    return (uint64_t)number ^ UINT64_C(1) << 63;
}

uint64_t row_value_number(const struct row *row, unsigned column)
{
    switch (column) {
    case DIMENSION_DAY: return (uint64_t)((int64_t)row->day - INT32_MIN);
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
