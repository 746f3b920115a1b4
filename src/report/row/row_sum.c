/* row_sum.c: sums, unions, the earliest and the strongest. */
#include "report/row/row_sum.h"

#include "base/num.h"
#include "record/record.h"

#include <string.h>

enum { SHOWN_TENANTS = 20 };

/* Forget what was added; the dimensions are others'. */
static void reset(struct row_sum *s)
{
#define MEASURE(id, name, heading, unit, weight) s->row.numbers[MEASURE_##id] = 0;
#include "report/columns.def"
#undef MEASURE
    s->row.blank = s->row.partial = 0;
    s->row.sources = 0;
    s->row.evidence_archive = 0;
    s->row.evidence_line = 0;
    s->row.use = USES;
    s->row.status = STATUSES - 1; /* the mildest */
    s->row.managed = MANAGED_YES;
    s->row.first_us = INT64_MAX;
    s->row.last_us = INT64_MIN;
    memset(&s->carried, 0, sizeof s->carried);
    minutes_union_start(&s->active);
    s->user = s->day = UINT64_MAX;
    bits_clear(&s->crowd);
    distinct_clear(&s->hosts);
    distinct_clear(&s->tenants);
}

void row_sum_start(struct row_sum *s)
{
    s->begun = false;
    reset(s);
}

static void add_number(struct row *row, enum measure measure, uint64_t number)
{
    row->numbers[measure] = num_add(row->numbers[measure], number);
}

/* How managed the cell's app is; an unknown host's is not. */
static enum managed managed_of(const struct row_sum *s, const struct usage_cell *cell)
{
    if (cell->key.app == SIGNATURE_NO_APP)
        return MANAGED_NO;
    return signature_app(s->signatures, cell->key.app)->managed;
}

static void add_evidence(const struct usage *archives, struct row *row,
                         const struct usage_cell *cell)
{
    int order = 0;

    if (cell->first_us == INT64_MAX || cell->first_us > row->first_us)
        return;
    if (cell->first_us == row->first_us) {
        order = slice_compare(usage_name(archives, NAME_ARCHIVE, cell->evidence_archive),
                              usage_name(archives, NAME_ARCHIVE, row->evidence_archive));
        if (order > 0 || (order == 0 && cell->evidence_line >= row->evidence_line))
            return;
    }
    row->first_us = cell->first_us;
    row->evidence_archive = cell->evidence_archive;
    row->evidence_line = cell->evidence_line;
}

static void add_counts(struct row_sum *s, const struct usage_cell *cell)
{
    const uint64_t *counts = cell->counts;
    struct carried *carried = &s->carried;
    struct row *row = &s->row;
    uint64_t records = num_add(counts[COUNT_PASSED], counts[COUNT_DENIED]);

    row->sources |= 1U << cell->key.kind;
    add_number(row, MEASURE_DENIED, counts[COUNT_DENIED]);
    carried->records = num_add(carried->records, records);
    carried->verdicts = num_add(carried->verdicts, counts[COUNT_CARRIED_VERDICT]);
    carried->bare = num_add(carried->bare, counts[COUNT_BARE]);
    if (cell->key.kind != RECORD_PROXY) {
        carried->dns = true;
        add_number(row, MEASURE_QUERIES, counts[COUNT_PASSED]);
        return;
    }
    carried->proxy = true;
    carried->marks |= cell->marks;
    carried->requests = num_add(carried->requests, counts[COUNT_PASSED]);
    carried->up = num_add(carried->up, counts[COUNT_CARRIED_UP]);
    carried->down = num_add(carried->down, counts[COUNT_CARRIED_DOWN]);
    add_number(row, MEASURE_REQUESTS, counts[COUNT_PASSED]);
    add_number(row, MEASURE_BYTES_UP, counts[COUNT_BYTES_UP]);
    add_number(row, MEASURE_BYTES_DOWN, counts[COUNT_BYTES_DOWN]);
}

/* Minutes, days and users. */
static void add_days(struct row_sum *s, const struct document *document, struct row_place place)
{
    if (place.user != s->user)
        add_number(&s->row, MEASURE_USERS, 1);
    if (place.user != s->user || place.day != s->day) {
        add_number(&s->row, MEASURE_ACTIVE_DAYS, 1);
        add_number(&s->row, MEASURE_ACTIVE_MINUTES, minutes_union_count(&s->active));
        minutes_union_start(&s->active);
    }
    s->user = place.user;
    s->day = place.day;
    for (size_t i = 0; i < document->count; i++)
        minutes_union_add(&s->active, &document->cells[i]->minutes);
}

/* Of many users. */
static bool add_crowd(struct row_sum *s, const struct crowd *crowd, struct error *err)
{
    add_number(&s->row, MEASURE_ACTIVE_DAYS, crowd->days);
    add_number(&s->row, MEASURE_ACTIVE_MINUTES, crowd->minutes);
    for (size_t i = 0; i < crowd->user_count; i++)
        if (!bits_add(&s->crowd, crowd->users[i]))
            return error_set_memory(err);
    for (size_t i = 0; i < crowd->tenant_count; i++)
        if (!distinct_add(&s->tenants, crowd->tenants[i], err))
            return false;
    return true;
}

static void add_cell(struct row_sum *s, const struct usage_cell *cell)
{
    enum managed managed = managed_of(s, cell);

    add_counts(s, cell);
    add_evidence(s->archives, &s->row, cell);
    if (cell->last_us > s->row.last_us)
        s->row.last_us = cell->last_us;
    if (managed < s->row.managed)
        s->row.managed = managed;
}

bool row_sum_add(struct row_sum *s, const struct document *document, struct judged judged,
                 struct row_place place, bool *counts, struct error *err)
{
    enum use use = judged.use;
    uint32_t tenant = document->cells[0]->key.tenant;

    *counts = use != USE_EMBEDDED || !s->begun || s->row.use == USE_EMBEDDED;
    if (use != USE_EMBEDDED && s->begun && s->row.use == USE_EMBEDDED)
        reset(s);
    s->begun = true;
    if (!*counts)
        return true;
    if (judged.use < s->row.use)
        s->row.use = judged.use;
    if (judged.status < s->row.status)
        s->row.status = judged.status;
    for (size_t i = 0; i < document->count; i++)
        add_cell(s, document->cells[i]);
    if (document->crowd != NULL)
        return add_crowd(s, document->crowd, err);
    add_days(s, document, place);
    return tenant == 0 || distinct_add(&s->tenants, tenant, err);
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
    static const enum measure timed[] = {MEASURE_ACTIVE_MINUTES, MEASURE_FIRST_SEEN,
                                         MEASURE_LAST_SEEN};

    mark(row, MEASURE_DENIED, carried->verdicts, carried->records);
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++)
        mark(row, timed[i], carried->records - carried->bare, carried->records);
    mark(row, MEASURE_BYTES_UP, carried->up, carried->requests);
    mark(row, MEASURE_BYTES_DOWN, carried->down, carried->requests);
    if (carried->requests == 0 && (carried->marks & MARK_UP) == 0)
        row->blank |= MEASURE_BIT(MEASURE_BYTES_UP);
    if (carried->requests == 0 && (carried->marks & MARK_DOWN) == 0)
        row->blank |= MEASURE_BIT(MEASURE_BYTES_DOWN);
    if (!carried->dns)
        row->blank |= MEASURE_BIT(MEASURE_QUERIES);
    if (!carried->proxy)
        row->blank |= MEASURE_BIT(MEASURE_REQUESTS) | MEASURE_BIT(MEASURE_BYTES_UP) |
                      MEASURE_BIT(MEASURE_BYTES_DOWN);
}

bool row_sum_finish(struct row_sum *s, const struct usage *names, struct error *err)
{
    add_number(&s->row, MEASURE_ACTIVE_MINUTES, minutes_union_count(&s->active));
    add_number(&s->row, MEASURE_USERS, bits_count(&s->crowd));
    mark_all(&s->row, &s->carried);
    buf_reset(&s->joined);
    if (!distinct_count(&s->hosts, names, &s->row.numbers[MEASURE_HOSTS], err) ||
        !distinct_join(&s->tenants, names, SHOWN_TENANTS, &s->joined, err))
        return false;
    s->row.tenants = buf_slice(&s->joined);
    return true;
}

void row_sum_free(struct row_sum *s)
{
    bits_free(&s->crowd);
    distinct_free(&s->hosts);
    distinct_free(&s->tenants);
    buf_free(&s->joined);
}
