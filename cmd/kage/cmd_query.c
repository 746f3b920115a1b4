/* cmd_query.c: kage query: the usage summary out of the store. */
#include "base/calendar.h"
#include "command.h"
#include "filters.h"
#include "people.h"
#include "printing.h"
#include "privacy.h"
#include "query_sql.h"
#include "reading.h"
#include "report/mask.h"
#include "report/output.h"
#include "report/plan.h"
#include "report/report.h"
#include "report/rows.h"
#include "store/cells.h"
#include "store/store.h"
#include "storing.h"
#include "summary.h"

#include <stdlib.h>

struct question_arguments {
    const char *sql;
};

struct query_arguments {
    struct reading_arguments reading;
    struct storing_arguments storing;
    struct filter_arguments filter;
    struct summary_arguments summary;
    struct question_arguments question;
    struct printing_arguments printing;
    struct privacy_arguments privacy;
};

/* All that a query holds. */
struct query {
    const struct call *call;
    struct query_arguments arguments;
    struct reading_words words;
    struct store *store;
    struct zone *zone;
    struct signature_set *signatures;
    struct policy *policy; /* NULL: none is given */
    struct people people;
    struct privacy privacy;
    struct plan plan;
    struct record_filter filter;
    struct rows_input input;
    enum writer_form form;
    struct output *out;
    struct usage *usage;
    struct cells_fields fields;
    struct rows rows;
};

static const struct option_row question_rows[] = {{'\0', "sql", "QUERY", OPTION_TEXT,
                                                   offsetof(struct question_arguments, sql),
                                                   "ask the views by SQL instead; below"},
                                                  {0}};

static const struct option_group groups[] = {
    {"store", storing_rows, offsetof(struct query_arguments, storing)},
    {"signatures and policy", reading_policy_rows, offsetof(struct query_arguments, reading)},
    {"people", reading_users_rows, offsetof(struct query_arguments, reading)},
    {"choosing", filter_rows, offsetof(struct query_arguments, filter)},
    {"summary", summary_rows, offsetof(struct query_arguments, summary)},
    {"other questions", question_rows, offsetof(struct query_arguments, question)},
    {"printing", printing_rows, offsetof(struct query_arguments, printing)},
    {"privacy", privacy_rows, offsetof(struct query_arguments, privacy)},
};

/* What the store does not hold. */
static bool check_dimensions(const struct query *q, struct error *err)
{
    const struct filter_arguments *a = &q->arguments.filter;
    const struct {
        enum dimension dimension;
        const char *name;
        const struct text_list *given;
    } missing[] = {{DIMENSION_CLIENT, "client", &a->client},
                   {DIMENSION_SOURCE, "source", &a->source},
                   {DIMENSION_HOST, "host", &a->host},
                   {DIMENSION_COUNTRY, "country", &a->country},
                   {DIMENSION_WORKHOURS, "workhours", NULL}};

    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        if (plan_has(&q->plan, missing[i].dimension))
            return error_set(err, ERROR_USAGE,
                             "--by: %s: the store does not hold it; `kage scan` reads it from logs",
                             missing[i].name);
        if (missing[i].given != NULL && missing[i].given->count > 0)
            return error_set(err, ERROR_USAGE,
                             "--%s: the store does not hold it; `kage scan` reads it from logs",
                             missing[i].name);
    }
    return true;
}

/* Of hours only the minutes are kept: no use can be judged. */
static bool check_hours(const struct query *q, struct error *err)
{
    if (!plan_has(&q->plan, DIMENSION_HOUR))
        return true;
    if (q->arguments.filter.use.count > 0 || plan_has(&q->plan, DIMENSION_USE))
        return error_set(err, ERROR_USAGE,
                         "use: the store does not hold it by hour; `kage scan` reads it from logs");
    return true;
}

static bool check_day(const struct query *q, const char *option, int64_t time_us, struct error *err)
{
    int64_t time_s = time_us / MICROSECONDS_PER_SECOND;

    if (time_us == INT64_MIN || time_us == INT64_MAX ||
        (time_us % MICROSECONDS_PER_SECOND == 0 &&
         zone_day_start(q->zone, zone_day(q->zone, time_s)) == time_s))
        return true;
    return error_set(err, ERROR_USAGE,
                     "--%s: the store holds whole days (of %s); `kage scan` reads finer times from "
                     "logs",
                     option, zone_name(q->zone));
}

static bool parse_filters(struct query *q, struct error *err)
{
    struct filter_world world = {q->signatures, q->zone, q->call->environment->now_s};

    return filters_parse(&q->arguments.filter, &world, &q->filter, &q->input.filter,
                         &q->words.arena, err) &&
           check_day(q, "since", q->filter.since_us, err) &&
           check_day(q, "until", q->filter.until_us, err);
}

static bool open_store(struct query *q, struct error *err)
{
    const char *path = storing_path(&q->arguments.storing, &q->arguments.reading, err);

    q->store = path == NULL ? NULL : store_open(path, STORE_READ, NULL, err);
    q->zone = q->store == NULL ? NULL : zone_load_tz(store_zone(q->store), err);
    return q->zone != NULL;
}

/* Today's catalogue over the one that was counted with. */
static bool load_signatures(struct query *q, struct error *err)
{
    const struct text_list *folders = &q->arguments.reading.signatures;

    q->signatures = signature_set_create(err);
    return q->signatures != NULL && cells_load_apps(q->store, q->signatures, err) &&
           reading_add_signatures(q->signatures, folders, err);
}

static bool load_policy(struct query *q, struct error *err)
{
    const char *path = q->arguments.reading.policy;

    if (path != NULL)
        q->policy = policy_load(path, q->signatures, err);
    q->input.policy = q->policy;
    return err->code == ERROR_NONE;
}

/* What SQL answers cannot be looked through for names. */
static bool check_sql(const struct query *q, struct error *err)
{
    if (q->arguments.question.sql == NULL || q->privacy.pseudonyms == NULL)
        return true;
    return error_set(err, ERROR_USAGE, "--sql shows names as they are; not with --pseudonymize");
}

static bool prepare(struct query *q, struct error *err)
{
    if (!reading_parse(q->call, &cmd_query, &q->arguments, &q->words, err))
        return false;
    if (q->words.operands.count > 0)
        return error_set(err, ERROR_USAGE, "unexpected '%s'; a query reads the store, no archives",
                         q->words.operands.texts[0]);
    if (!summary_plan(&q->arguments.summary, &q->plan, err) || !check_dimensions(q, err) ||
        !check_hours(q, err) || !printing_form(&q->arguments.printing, &q->form, err) ||
        !privacy_open(&q->privacy, &q->arguments.privacy, &q->plan, err) || !check_sql(q, err) ||
        !people_load_users(&q->people, &q->arguments.reading, err))
        return false;
    return open_store(q, err);
}

static int32_t day_of(const struct query *q, int64_t time_us, int32_t otherwise)
{
    if (time_us == INT64_MIN || time_us == INT64_MAX)
        return otherwise;
    return (int32_t)zone_day(q->zone, time_us / MICROSECONDS_PER_SECOND);
}

static bool load_cells(struct query *q, struct error *err)
{
    struct cells_wanted wanted = {.from_day = day_of(q, q->filter.since_us, INT32_MIN),
                                  .until_day = day_of(q, q->filter.until_us, INT32_MAX),
                                  .filter = &q->filter,
                                  .hours = plan_has(&q->plan, DIMENSION_HOUR)};

    q->usage = usage_create(err);
    return q->usage != NULL &&
           cells_load(q->store, &wanted, q->signatures, q->usage, &q->fields, err);
}

static bool make_rows(struct query *q, struct error *err)
{
    q->input.usage = q->usage;
    q->input.signatures = q->signatures;
    q->input.plan = &q->plan;
    q->input.archive_fields = q->fields.fields;
    q->input.identity = q->people.identity;
    q->input.suppress = q->privacy.suppress;
    if (plan_has(&q->plan, DIMENSION_HOUR))
        q->input.hidden = ~(MEASURE_BIT(MEASURE_USERS) | MEASURE_BIT(MEASURE_ACTIVE_MINUTES) |
                            MEASURE_BIT(MEASURE_ACTIVE_DAYS));
    return rows_build(&q->input, &q->rows, err);
}

static bool print(struct query *q, struct error *err)
{
    struct report report = {.input = &q->input,
                            .rows = &q->rows,
                            .zone = q->zone,
                            .form = q->form,
                            .look = printing_look(q->call, &q->arguments.printing),
                            .pseudonyms = q->privacy.pseudonyms};

    if (q->privacy.pseudonyms != NULL &&
        !mask_learn(q->privacy.pseudonyms, q->usage, q->people.identity))
        return error_set_memory(err);

    if (!report_print(&report, q->out, err) || !output_commit(q->out, err))
        return false;
    printing_append_problems(q->call->messages, &q->arguments.printing);
    return true;
}

static enum outcome answer_sql(struct query *q, struct error *err)
{
    struct query_sql sql = {q->store, q->arguments.question.sql, q->form,
                            printing_look(q->call, &q->arguments.printing)};

    q->out = output_open(q->arguments.printing.output, q->call->guard, err);
    if (q->out == NULL)
        return command_outcome_of_start(err);
    if (!query_sql_print(&sql, q->out, err) || !output_commit(q->out, err))
        return output_reader_is_gone(err) ? OUTCOME_DONE : command_outcome(err);
    printing_append_problems(q->call->messages, &q->arguments.printing);
    return OUTCOME_DONE;
}

static enum outcome answer(struct query *q, struct error *err)
{
    if (q->arguments.question.sql != NULL)
        return answer_sql(q, err);
    if (!load_signatures(q, err) || !load_policy(q, err) || !parse_filters(q, err))
        return command_outcome_of_start(err);
    q->out = output_open(q->arguments.printing.output, q->call->guard, err);
    if (q->out == NULL)
        return command_outcome_of_start(err);
    if (!load_cells(q, err) || !make_rows(q, err) || !print(q, err))
        return output_reader_is_gone(err) ? OUTCOME_DONE : command_outcome(err);
    return OUTCOME_DONE;
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct query q = {.call = call};
    enum outcome outcome = prepare(&q, err) ? answer(&q, err) : command_outcome_of_start(err);

    rows_free(&q.rows);
    free(q.fields.fields);
    usage_free(q.usage);
    output_close(q.out);
    policy_free(q.policy);
    signature_set_free(q.signatures);
    people_free(&q.people);
    privacy_close(&q.privacy);
    zone_free(q.zone);
    store_close(q.store);
    arena_free(&q.words.arena);
    return outcome;
}

static void append_views(struct buf *out)
{
    buf_append_string(
        out,
        "\nviews of --sql (any SQLite program can ask them, too; times are UTC):\n"
        "  usage     day, user, department, app, tenant, kind, role, queries, requests, denied,\n"
        "            bytes_up, bytes_down, active_minutes, first_seen, last_seen, hosts,\n"
        "            evidence\n"
        "  users     user, department\n"
        "  apps      app, app_name, category, vendor, managed\n"
        "  archives  archive, source, format, packing, damage, from_bytes, content_bytes,\n"
        "            file_bytes, sha256, lines, records, skipped, rejected, matched,\n"
        "            unmatched, excluded, filtered, challenged, first_record, last_record,\n"
        "            year, ingested, signatures, version\n"
        "  coverage  source, day, hour, kind, records\n");
}

const struct command cmd_query = {
    .operands = "[options]",
    .about =
        "Prints from the store what scan would print of the archives it was made of: who used\n"
        "which app, how much and since when. The store holds days, users, departments, apps and\n"
        "tenants; clients, sources, countries and times finer than a day are scan's. By hour only\n"
        "active minutes are known.",
    .examples = "  kage query --store usage.db --since 7d --managed no\n"
                "  kage query --store usage.db --by app --since 2026-05 --until 2026-05 --csv\n"
                "  kage query --store usage.db --user aoki --by day,app\n"
                "  kage query --store usage.db --sql \"SELECT day, sum(records) FROM coverage "
                "GROUP BY 1\"\n",
    .append_more = append_views,
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct query_arguments),
    .run = run,
};
