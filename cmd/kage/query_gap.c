/* query_gap.c: days that are asked for, and that a purge took out, people whom the store does not
 * know: no data is not no use. */
#include "base/calendar.h"
#include "query.h"
#include "report/display.h"
#include "store/upkeep.h"

#include <inttypes.h>
#include <string.h>

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

/* A word that a directory resolves stands behind it under the name that counts. */
static bool is_resolved(const struct query *q, const char *word)
{
    struct buf name = {0};
    bool resolved;

    if (q->people.identity == NULL)
        return false;
    identity_append_user(q->people.identity, slice_of_string(word), &name);
    resolved = !slice_is(buf_slice(&name), word) &&
               identity_person(q->people.identity, buf_slice(&name)) != NULL;
    buf_free(&name);
    return resolved;
}

bool query_tell_strangers(const struct query *q, struct error *err)
{
    const struct filter_list *users = &q->filter.user;

    for (size_t i = 0; i < users->wanted_count && q->privacy.pseudonyms == NULL; i++) {
        const char *word = users->wanted[i];
        bool known;

        if (strchr(word, '*') != NULL || is_resolved(q, word))
            continue;
        if (!store_knows_user(q->store, slice_of_string(word), &known, err))
            return false;
        if (known)
            continue;
        buf_append_string(q->call->messages, "kage: --user: the store has nobody of the name '");
        display_append(q->call->messages, slice_of_string(word));
        buf_append_string(q->call->messages, q->arguments.reading.users == NULL
                                                 ? "'; without --users capitals count\n"
                                                 : "'\n");
    }
    return true;
}
