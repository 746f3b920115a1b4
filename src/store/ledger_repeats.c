/* ledger_repeats.c: the lines of entries as prints, and archives held against them. */
#include "store/ledger.h"

#include "store/store_internal.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US    (86400 * SECOND_US)

enum {
    MERGED_MOST = 4,   /* entries that an archive may be put together from, line by line, */
    MERGED_AMONG = 100 /* of so many */
};

/* Lines of an entry, in whatever order. */
struct summed {
    int64_t entry;
    uint64_t lines, sum;
};

bool ledger_add_prints(struct store *s, int64_t archive, const struct prints_view *prints,
                       struct error *err)
{
    sqlite3_stmt *add = sql_statement(&s->sql, STATEMENT_PRINTS_ADD, err);

    if (add == NULL)
        return false;
    sqlite3_bind_int64(add, 1, archive);
    sqlite3_bind_int(add, 2, prints->width);
    sqlite3_bind_int64(add, 3, (int64_t)prints->count);
    sql_bind_blob(add, 4, slice_of((const char *)prints->bytes, prints_bytes(prints)));
    sqlite3_bind_int64(add, 5, (int64_t)prints->sum);
    return sql_run(&s->sql, add, err);
}

/* Have they less than a second in common, and that where one of them ends? What comes in that
 * second may rightly stand in both. */
static bool touch(const struct ledger_search *a, int64_t first_us, int64_t last_us)
{
    int64_t from = a->first_us > first_us ? a->first_us : first_us,
            to = a->last_us < last_us ? a->last_us : last_us;

    return to - from < SECOND_US && (from - first_us < SECOND_US || last_us - to < SECOND_US) &&
           (from - a->first_us < SECOND_US || a->last_us - to < SECOND_US);
}

/* The entry in the row. */
static bool compare(struct store *s, sqlite3_stmt *row, const struct ledger_search *search,
                    struct repeats *runs, struct error *err)
{
    struct repeats_known known = {
        .other = sqlite3_column_int64(row, 0),
        .touches = touch(search, sqlite3_column_int64(row, 4), sqlite3_column_int64(row, 5))};

    if (!prints_unpack(sql_column_blob(row, 3), (size_t)sqlite3_column_int64(row, 2),
                       sqlite3_column_int(row, 1), &known.prints))
        return sql_fail(&s->sql, SQLITE_CORRUPT, err);
    return repeats_add(runs, search->prints, &known, err);
}

static void bind_search(sqlite3_stmt *statement, const struct ledger_search *search)
{
    sqlite3_bind_int64(statement, 1, search->first_us);
    sqlite3_bind_int64(statement, 2, search->last_us);
    sql_bind_text(statement, 3, slice_of_string(search->format));
    sqlite3_bind_int64(statement, 4, search->after);
    sql_bind_text(statement, 5, slice_of_string(search->source));
}

bool ledger_find_repeats(struct store *s, const struct ledger_search *search, struct repeats *runs,
                         struct error *err)
{
    sqlite3_stmt *like = sql_statement(&s->sql, STATEMENT_PRINTS_LIKE, err);
    bool row = true;

    if (like == NULL)
        return false;
    bind_search(like, search);
    while (sql_step(&s->sql, like, &row, err) && row)
        if (!compare(s, like, search, runs, err))
            return false;
    return err->code == ERROR_NONE;
}

/* Are there some of the entries, from one on, whose lines are those that are wanted? */
static bool some_are(const struct summed *entries, size_t count, struct summed wanted, int most)
{
    if (wanted.lines == 0)
        return wanted.sum == 0;
    for (size_t i = 0; most > 0 && i < count; i++) {
        struct summed rest = {0, wanted.lines - entries[i].lines, wanted.sum - entries[i].sum};

        if (entries[i].lines <= wanted.lines &&
            some_are(entries + i + 1, count - i - 1, rest, most - 1))
            return true;
    }
    return false;
}

bool ledger_find_merged(struct store *s, const struct ledger_search *search, int64_t *other,
                        struct error *err)
{
    struct summed entries[MERGED_AMONG], wanted = {0, search->prints->count, search->prints->sum};
    sqlite3_stmt *like = sql_statement(&s->sql, STATEMENT_PRINTS_SUMS, err);
    size_t count = 0;
    bool row = true;

    *other = 0;
    if (like == NULL)
        return false;
    bind_search(like, search);
    sqlite3_bind_int64(like, 6, (int64_t)wanted.lines);
    while (sql_step(&s->sql, like, &row, err) && row)
        if (count < MERGED_AMONG)
            entries[count++] = (struct summed){sqlite3_column_int64(like, 0),
                                               (uint64_t)sqlite3_column_int64(like, 1),
                                               (uint64_t)sqlite3_column_int64(like, 2)};
    if (err->code != ERROR_NONE)
        return false;
    for (size_t i = 0; *other == 0 && wanted.sum != 0 && i < count; i++) {
        struct summed rest = {0, wanted.lines - entries[i].lines, wanted.sum - entries[i].sum};

        if (some_are(entries + i + 1, count - i - 1, rest, MERGED_MOST - 1))
            *other = entries[i].entry;
    }
    return true;
}

bool ledger_prune_prints(struct store *s, int64_t now_s, int days, struct error *err)
{
    sqlite3_stmt *prune = sql_statement(&s->sql, STATEMENT_PRINTS_PRUNE, err);

    if (prune == NULL)
        return false;
    sqlite3_bind_int64(prune, 1, now_s * SECOND_US);
    sqlite3_bind_int64(prune, 2, days * DAY_US);
    return sql_run(&s->sql, prune, err);
}
