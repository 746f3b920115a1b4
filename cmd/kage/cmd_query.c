/* cmd_query.c: kage query: the usage summary out of the store, and other questions. */
#include "base/calendar.h"
#include "query.h"
#include "query_sql.h"
#include "report/mask.h"
#include "report/output.h"

#include <stdlib.h>

static const struct option_row question_rows[] = {
    {'\0', "new", NULL, OPTION_FLAG, offsetof(struct question_arguments, fresh),
     "only rows that were never seen before --since"},
    {'\0', "gone", NULL, OPTION_FLAG, offsetof(struct question_arguments, gone),
     "only rows seen before --since and not since then"},
    {'\0', "compare", "PERIOD", OPTION_TEXT, offsetof(struct question_arguments, compare),
     "beside each measure that of another period: a month,\na day, 7d"},
    {'\0', "explain", NULL, OPTION_FLAG, offsetof(struct question_arguments, explain),
     "the cells behind the rows: days, hosts, the signatures\nthat match, evidence"},
    {'\0', "sql", "QUERY", OPTION_TEXT, offsetof(struct question_arguments, sql),
     "ask the views by SQL instead; below"},
    {'\0', "unknown", NULL, OPTION_LATER, 0, ""},
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

    if (q->plan.unknown)
        return error_set(err, ERROR_USAGE,
                         "--unknown: the store does not hold it; `kage scan` reads it from logs");
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

    return filters_parse(&q->arguments.filter, &world, &q->filter, &q->rows_filter, &q->words.arena,
                         err) &&
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
    return err->code == ERROR_NONE;
}

/* What SQL answers, and what explains, cannot be looked through for names. */
static bool check_names(const struct query *q, struct error *err)
{
    const struct question_arguments *a = &q->arguments.question;

    if ((a->sql == NULL && !a->explain) || q->privacy.pseudonyms == NULL)
        return true;
    return error_set(err, ERROR_USAGE, "--%s shows names as they are; not with --pseudonymize",
                     a->explain ? "explain" : "sql");
}

/* What of the questions is asked; they exclude each other, but for --new with --gone. */
static bool check_questions(const struct query *q, struct error *err)
{
    const struct question_arguments *a = &q->arguments.question;
    int asked = (a->fresh || a->gone) + (a->compare != NULL) + a->explain + (a->sql != NULL);

    if (asked > 1 || (a->fresh && a->gone))
        return error_set(err, ERROR_USAGE,
                         "only one of --new, --gone, --compare, --explain and --sql can be asked");
    if ((a->fresh || a->gone) && q->arguments.filter.since == NULL)
        return error_set(err, ERROR_USAGE, "--%s: expected --since with it: new since when?",
                         a->fresh ? "new" : "gone");
    return true;
}

static bool prepare(struct query *q, struct error *err)
{
    if (!reading_parse(q->call, &cmd_query, &q->arguments, &q->words, err))
        return false;
    if (q->words.operands.count > 0)
        return error_set(err, ERROR_USAGE, "unexpected '%s'; a query reads the store, no archives",
                         q->words.operands.texts[0]);
    if (!summary_plan(&q->arguments.summary, &q->plan, err) || !check_dimensions(q, err) ||
        !check_hours(q, err) || !check_questions(q, err) ||
        !printing_form(&q->arguments.printing, &q->form, err) ||
        !privacy_open(&q->privacy, &q->arguments.privacy, &q->plan, err) || !check_names(q, err) ||
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

struct query_period query_period(const struct query *q)
{
    return (struct query_period){day_of(q, q->filter.since_us, INT32_MIN),
                                 day_of(q, q->filter.until_us, INT32_MAX)};
}

bool query_load(struct query *q, struct query_period period, struct query_answer *answer,
                struct error *err)
{
    bool hours = plan_has(&q->plan, DIMENSION_HOUR);
    struct cells_wanted wanted = {period.from_day, period.until_day, &q->filter, hours};
    struct rows_input *input = &answer->input;

    answer->usage = usage_create(err);
    if (answer->usage == NULL ||
        !cells_load(q->store, &wanted, q->signatures, answer->usage, &answer->fields, err))
        return false;
    *input = (struct rows_input){.usage = answer->usage,
                                 .signatures = q->signatures,
                                 .plan = &q->plan,
                                 .filter = q->rows_filter,
                                 .archive_fields = answer->fields.fields,
                                 .policy = q->policy,
                                 .identity = q->people.identity,
                                 .suppress = q->privacy.suppress};
    if (hours)
        input->hidden = ~(MEASURE_BIT(MEASURE_USERS) | MEASURE_BIT(MEASURE_ACTIVE_MINUTES) |
                          MEASURE_BIT(MEASURE_ACTIVE_DAYS));
    if (q->privacy.pseudonyms != NULL &&
        !mask_learn(q->privacy.pseudonyms, answer->usage, q->people.identity))
        return error_set_memory(err);
    return rows_build(input, &answer->rows, err);
}

void query_answer_free(struct query_answer *answer)
{
    rows_free(&answer->rows);
    free(answer->fields.fields);
    usage_free(answer->usage);
}

struct report query_report(struct query *q, const struct query_answer *answer)
{
    return (struct report){.input = &answer->input,
                           .rows = &answer->rows,
                           .zone = q->zone,
                           .form = q->form,
                           .look = printing_look(q->call, &q->arguments.printing),
                           .pseudonyms = q->privacy.pseudonyms};
}

static bool print_summary(struct query *q, struct error *err)
{
    struct query_answer answer = {0};
    bool ok = query_load(q, query_period(q), &answer, err);

    if (ok) {
        struct report report = query_report(q, &answer);

        ok = report_print(&report, q->out, err);
    }
    query_answer_free(&answer);
    return ok;
}

static bool print_sql(struct query *q, struct error *err)
{
    struct query_sql sql = {q->store, q->arguments.question.sql, q->form,
                            printing_look(q->call, &q->arguments.printing)};

    return query_sql_print(&sql, q->out, err);
}

static bool print(struct query *q, struct error *err)
{
    const struct question_arguments *a = &q->arguments.question;

    if (a->sql != NULL)
        return print_sql(q, err);
    if (a->fresh || a->gone)
        return query_print_new(q, err);
    if (a->compare != NULL)
        return query_print_comparison(q, err);
    return a->explain ? query_print_explanation(q, err) : print_summary(q, err);
}

static enum outcome answer(struct query *q, struct error *err)
{
    if (!load_signatures(q, err) || !load_policy(q, err) || !parse_filters(q, err))
        return command_outcome_of_start(err);
    q->out = output_open(q->arguments.printing.output, q->call->guard, err);
    if (q->out == NULL)
        return command_outcome_of_start(err);
    if (!print(q, err) || !output_commit(q->out, err))
        return output_reader_is_gone(err) ? OUTCOME_DONE : command_outcome(err);
    printing_append_problems(q->call->messages, &q->arguments.printing);
    return OUTCOME_DONE;
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct query q = {.call = call};
    enum outcome outcome = prepare(&q, err) ? answer(&q, err) : command_outcome_of_start(err);

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
