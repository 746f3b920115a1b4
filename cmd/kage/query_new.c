/* query_new.c: rows that one period has and all the time before it has not, or the other way. */
#include "query.h"

#include "base/text_map.h"

/* The keys of the rows that are not to be shown. */
struct known {
    const struct report *report; /* of the rows that are asked about */
    struct text_map keys;
    struct buf key;
    struct row_scratch scratch;
};

static bool collect_keys(const struct report *report, struct known *known, struct error *err)
{
    struct row row;
    bool ok = rows_start(report->rows, err);

    while (ok && rows_next(report->rows, &row, err)) {
        buf_reset(&known->key);
        report_append_key(report, &row, &known->scratch, &known->key);
        ok = (!known->key.failed &&
              text_map_add(&known->keys, buf_slice(&known->key), NULL) != TEXT_MAP_NONE) ||
             error_set_memory(err);
    }
    return ok && err->code == ERROR_NONE;
}

static bool is_unknown(void *context, const struct row *row)
{
    struct known *known = context;

    buf_reset(&known->key);
    report_append_key(known->report, row, &known->scratch, &known->key);
    return text_map_find(&known->keys, buf_slice(&known->key)) == TEXT_MAP_NONE;
}

bool query_print_new(struct query *q, struct error *err)
{
    struct query_period period = query_period(q), before = {INT32_MIN, period.from_day};
    bool fresh = q->arguments.question.fresh;
    struct query_answer shown = {0}, other = {0};
    struct known known = {0};
    bool ok = query_load(q, fresh ? period : before, &shown, err) &&
              query_load(q, fresh ? before : period, &other, err);

    if (ok) {
        struct report report = query_report(q, &shown), others = query_report(q, &other);

        known.report = &report;
        report.keep = is_unknown;
        report.context = &known;
        ok = collect_keys(&others, &known, err) && report_print(&report, q->out, err) &&
             (!known.key.failed || error_set_memory(err));
    }
    text_map_free(&known.keys);
    buf_free(&known.key);
    row_scratch_free(&known.scratch);
    query_answer_free(&shown);
    query_answer_free(&other);
    return ok;
}
