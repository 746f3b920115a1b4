/* query_new.c: rows that one period has and all the time before it has not, or the other way. */
#include "query.h"

#include "base/text_map.h"

/* The keys of all rows. */
static bool collect_keys(const struct report *report, struct text_map *keys, struct error *err)
{
    struct buf key = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < report->rows->count; i++) {
        buf_reset(&key);
        report_append_key(report, &report->rows->rows[i], &key);
        ok = !key.failed && text_map_add(keys, buf_slice(&key), NULL) != TEXT_MAP_NONE;
    }
    buf_free(&key);
    return ok || error_set_memory(err);
}

/* Keep the rows of ${answer} that are not among ${keys}. */
static bool drop_known(const struct report *report, struct query_answer *answer,
                       const struct text_map *keys, struct error *err)
{
    struct buf key = {0};
    size_t kept = 0;

    for (size_t i = 0; i < answer->rows.count && !key.failed; i++) {
        buf_reset(&key);
        report_append_key(report, &answer->rows.rows[i], &key);
        if (text_map_find(keys, buf_slice(&key)) == TEXT_MAP_NONE)
            answer->rows.rows[kept++] = answer->rows.rows[i];
    }
    answer->rows.count = kept;
    buf_free(&key);
    return !key.failed || error_set_memory(err);
}

bool query_print_new(struct query *q, struct error *err)
{
    struct query_period period = query_period(q), before = {INT32_MIN, period.from_day};
    bool fresh = q->arguments.question.fresh;
    struct query_answer shown = {0}, other = {0};
    struct text_map keys = {0};
    bool ok = query_load(q, fresh ? period : before, &shown, err) &&
              query_load(q, fresh ? before : period, &other, err);

    if (ok) {
        struct report report = query_report(q, &shown), others = query_report(q, &other);

        ok = collect_keys(&others, &keys, err) && drop_known(&report, &shown, &keys, err) &&
             report_print(&report, q->out, err);
    }
    text_map_free(&keys);
    query_answer_free(&shown);
    query_answer_free(&other);
    return ok;
}
