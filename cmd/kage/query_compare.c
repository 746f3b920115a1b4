/* query_compare.c: each row's measures beside those of another period. */
#include "query.h"

#include "base/period.h"
#include "base/text_map.h"

#include <stdio.h>

enum { NAME_BYTES = 32 };

/* Measures that are compared. */
static const enum measure measures[] = {
    MEASURE_USERS,    MEASURE_QUERIES,    MEASURE_REQUESTS,       MEASURE_DENIED,
    MEASURE_BYTES_UP, MEASURE_BYTES_DOWN, MEASURE_ACTIVE_MINUTES, MEASURE_ACTIVE_DAYS};

enum { COMPARED = sizeof measures / sizeof *measures };

/* The columns: dimensions, `change`, then each measure twice. */
struct layout {
    struct column columns[PLAN_COLUMNS + 1 + 2 * COMPARED];
    char names[COMPARED][NAME_BYTES], headings[COMPARED][NAME_BYTES];
    size_t count, dimensions;
};

struct comparison {
    struct query *query;
    struct query_answer now, before;
    struct report now_report, before_report;
    struct text_map before_keys; /* by their numbers the rows of before */
    struct row *rows_before;     /* by number; borrowed from the arena */
    bool *met;                   /* those that now has, too */
    struct arena arena;
    struct layout layout;
    struct writer *writer;
    struct buf scratch;       /* of keys and packed rows */
    struct row_scratch cells; /* of what is printed */
};

static bool is_compared(const struct plan *plan, enum measure measure)
{
    return measure != MEASURE_USERS || !plan_has(plan, DIMENSION_USER);
}

static void lay_out(struct layout *l, const struct plan *plan)
{
    for (size_t i = 0; i < plan->column_count && plan->columns[i] < DIMENSIONS; i++)
        l->columns[l->count++] = plan_column(plan, plan->columns[i]);
    l->dimensions = l->count;
    l->columns[l->count++] = (struct column){.name = "change", .heading = "change", .weight = 1};
    for (size_t i = 0; i < COMPARED; i++) {
        struct column column = plan_column(plan, DIMENSIONS + measures[i]);

        if (!is_compared(plan, measures[i]))
            continue;
        l->columns[l->count++] = column;
        (void)snprintf(l->names[i], NAME_BYTES, "%s_before", column.name);
        (void)snprintf(l->headings[i], NAME_BYTES, "before");
        column.name = l->names[i];
        column.heading = l->headings[i];
        l->columns[l->count++] = column;
    }
}

/* The days of --compare. */
static bool parse_before(const struct query *q, struct query_period *out, struct error *err)
{
    const char *text = q->arguments.question.compare;
    struct period period;

    if (!period_parse(text, q->zone, q->call->environment->now_s, &period, err))
        return error_context(err, "--compare");
    if (period.from_s == period.until_s ||
        zone_day_start(q->zone, zone_day(q->zone, period.from_s)) != period.from_s)
        return error_set(err, ERROR_USAGE, "--compare '%s': expected days, such as 2026-09 or 7d",
                         text);
    *out = (struct query_period){(int32_t)zone_day(q->zone, period.from_s),
                                 (int32_t)zone_day(q->zone, period.until_s)};
    return true;
}

/* A copy of the row that lasts. */
static bool keep_row(struct comparison *c, const struct row *row, uint32_t number)
{
    struct slice packed;

    buf_reset(&c->scratch);
    row_pack(&c->scratch, row);
    packed = arena_copy(&c->arena, buf_slice(&c->scratch));
    return packed.ptr != NULL && row_unpack(packed, &c->rows_before[number]);
}

static bool collect_before(struct comparison *c, struct error *err)
{
    struct rows *rows = c->before.rows;
    size_t count = (size_t)rows_count(rows);
    struct row row;
    bool ok = rows_start(rows, err);

    c->met = ARENA_NEW(&c->arena, bool, count + 1);
    c->rows_before = ARENA_NEW(&c->arena, struct row, count + 1);
    if (c->met == NULL || c->rows_before == NULL)
        return error_set_memory(err);
    while (ok && rows_next(rows, &row, err)) {
        uint32_t number;

        buf_reset(&c->scratch);
        report_append_key(&c->before_report, &row, &c->cells, &c->scratch);
        number = text_map_add(&c->before_keys, buf_slice(&c->scratch), NULL);
        ok = (number != TEXT_MAP_NONE && keep_row(c, &row, number) && !c->scratch.failed) ||
             error_set_memory(err);
    }
    return ok && err->code == ERROR_NONE;
}

static const struct row *row_before(struct comparison *c, const struct row *row)
{
    uint32_t number;

    buf_reset(&c->scratch);
    report_append_key(&c->now_report, row, &c->cells, &c->scratch);
    number = text_map_find(&c->before_keys, buf_slice(&c->scratch));
    if (number == TEXT_MAP_NONE)
        return NULL;
    c->met[number] = true;
    return &c->rows_before[number];
}

/* A row that is not there has used nothing. */
static bool print_measure(struct comparison *c, const struct report *report, const struct row *row,
                          enum measure measure, struct error *err)
{
    struct value value = {.type = VALUE_EMPTY};

    if (row != NULL)
        value = row_value(&report->view, row, DIMENSIONS + measure, &c->cells);
    return writer_cell(c->writer, &value, err);
}

static bool print_row(struct comparison *c, const struct row *now, const struct row *before,
                      struct error *err)
{
    const struct plan *plan = &c->query->plan;
    const struct report *report = now != NULL ? &c->now_report : &c->before_report;
    const char *change = "";
    bool ok = true;

    for (size_t i = 0; ok && i < c->layout.dimensions; i++) {
        struct value value =
            row_value(&report->view, now != NULL ? now : before, plan->columns[i], &c->cells);

        ok = writer_cell(c->writer, &value, err);
    }
    if (before == NULL)
        change = "new";
    else if (now == NULL)
        change = "gone";
    ok = ok && writer_string(c->writer, change, err);
    for (size_t i = 0; ok && i < COMPARED; i++)
        if (is_compared(plan, measures[i]))
            ok = print_measure(c, &c->now_report, now, measures[i], err) &&
                 print_measure(c, &c->before_report, before, measures[i], err);
    return ok && (!c->cells.text.failed || error_set_memory(err));
}

/* Rows of now in their order, then those that are gone in theirs. */
static bool print_rows(struct comparison *c, struct error *err)
{
    uint64_t left = c->query->plan.top == 0 ? UINT64_MAX : c->query->plan.top;
    struct row row;
    bool ok = rows_start(c->now.rows, err);

    for (; ok && left > 0 && rows_next(c->now.rows, &row, err); left--)
        ok = print_row(c, &row, row_before(c, &row), err);
    for (uint32_t i = 0; ok && i < c->before_keys.count && left > 0; i++) {
        if (c->met[i])
            continue;
        ok = print_row(c, NULL, &c->rows_before[i], err);
        left--;
    }
    return ok && err->code == ERROR_NONE && writer_end(c->writer, err);
}

static bool compare(struct comparison *c, struct error *err)
{
    struct query *q = c->query;
    struct query_period before = {0, 0};
    struct writer_task task = {q->out, c->layout.columns, 0,
                               printing_look(q->call, &q->arguments.printing)};

    if (!parse_before(q, &before, err) || !query_load(q, query_period(q), &c->now, err) ||
        !query_load(q, before, &c->before, err))
        return false;
    c->now_report = query_report(q, &c->now);
    c->before_report = query_report(q, &c->before);
    if (!collect_before(c, err))
        return false;
    lay_out(&c->layout, &q->plan);
    task.count = c->layout.count;
    c->writer = writer_open(q->form, &task, err);
    return c->writer != NULL && print_rows(c, err);
}

bool query_print_comparison(struct query *q, struct error *err)
{
    struct comparison c = {.query = q};
    bool ok = compare(&c, err);

    writer_free(c.writer);
    query_answer_free(&c.now);
    query_answer_free(&c.before);
    text_map_free(&c.before_keys);
    arena_free(&c.arena);
    buf_free(&c.scratch);
    row_scratch_free(&c.cells);
    return ok;
}
