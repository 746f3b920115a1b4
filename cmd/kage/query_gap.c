/* query_gap.c: days that are asked for, and that a purge took out: no data is not no use. */
#include "base/calendar.h"
#include "query.h"
#include "store/upkeep.h"

#include <inttypes.h>

bool query_tell_gap(struct query *q, struct query_period period, struct error *err)
{
    bool fresh = q->arguments.question.fresh, asked = fresh || period.from_day != INT32_MIN;
    struct civil date;
    int32_t before;

    if (!asked || q->gap_told)
        return true;
    if (!upkeep_purged_before(q->store, &before, err))
        return false;
    if (period.from_day >= before || before == INT32_MIN)
        return true;
    date = calendar_date(before);
    buf_printf(q->call->messages,
               "kage: days before %04" PRId32 "-%02" PRId32 "-%02" PRId32
               " were taken out of the store (`kage store purge`, or keep)%s\n",
               date.year, date.month, date.day,
               fresh ? ": what was seen only then counts as new" : "");
    q->gap_told = true;
    return true;
}
