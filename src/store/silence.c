/* silence.c: the days between deliveries. */
#include "store/silence.h"

#include "base/calendar.h"
#include "store/store_internal.h"

enum { LOOK_BACK_DAYS = 91, WEEK = 7, LATE = 1, UNSURE = 3 };

bool silence_of(struct store *s, const char *source, int64_t now_s, struct silence *out,
                struct error *err)
{
    sqlite3_stmt *days = sql_statement(&s->sql, STATEMENT_DELIVERY_DAYS, err);
    int64_t first = 0, last = 0, allowed;
    bool row = true, any = false;

    *out = (struct silence){0};
    if (days == NULL)
        return false;
    sql_bind_text(days, 1, slice_of_string(source));
    sqlite3_bind_int64(days, 2, now_s);
    while (sql_step(&s->sql, days, &row, err) && row) {
        int64_t day = sqlite3_column_int64(days, 0), gap = day - last;

        if (!any || gap > LOOK_BACK_DAYS) { /* what was taken in long ago tells nothing */
            first = day;
            out->longest = 0;
        } else if (gap > out->longest) {
            out->longest = gap;
        }
        last = day;
        out->last_s = sqlite3_column_int64(days, 1);
        any = true;
    }
    allowed = out->longest + LATE;
    if (last - first < WEEK && allowed < UNSURE)
        allowed = UNSURE;
    out->is_silent = any && now_s / SECONDS_PER_DAY - last > allowed;
    return err->code == ERROR_NONE;
}
