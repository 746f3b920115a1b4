/* cmd_query.c: kage query: the usage summary out of the store, and other questions. */
#include "query.h"
#include "query_sql.h"
#include "report/output.h"

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
    {0}};

static const struct option_group groups[] = {
    {"store", storing_rows, offsetof(struct query_arguments, storing)},
    {"signatures and policy", reading_policy_rows, offsetof(struct query_arguments, reading)},
    {"people", reading_users_rows, offsetof(struct query_arguments, reading)},
    {"working hours", reading_workhours_rows, offsetof(struct query_arguments, reading)},
    {"choosing", filter_rows, offsetof(struct query_arguments, filter)},
    {"summary", summary_rows, offsetof(struct query_arguments, summary)},
    {"unknown hosts", summary_unknown_rows, offsetof(struct query_arguments, summary)},
    {"other questions", question_rows, offsetof(struct query_arguments, question)},
    {"printing", printing_rows, offsetof(struct query_arguments, printing)},
    {"privacy", privacy_rows, offsetof(struct query_arguments, privacy)},
};

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
    struct query_sql sql = {.store = q->store,
                            .text = q->arguments.question.sql,
                            .form = q->form,
                            .look = printing_look(q->call, &q->arguments.printing)};

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
    if (!query_open(q, err))
        return query_outcome_of_start(q, err);
    q->out = output_open(q->arguments.printing.output, q->call->guard, err);
    if (q->out == NULL)
        return command_outcome_of_start(err);
    if (!print(q, err) || !output_commit(q->out, err))
        return output_reader_is_gone(err) ? OUTCOME_DONE : command_outcome(err);
    printing_append_problems(q->call->messages, &q->arguments.printing);
    privacy_append_problems(&q->privacy, q->call->messages);
    return OUTCOME_DONE;
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct query q = {.call = call};
    enum outcome outcome =
        query_prepare(&q, &cmd_query, err) ? answer(&q, err) : query_outcome_of_start(&q, err);

    query_close(&q);
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
        "  coverage  source, day, hour, kind, records\n"
        "  unknown   day, domain, kind, users, queries, requests, denied: of hosts that no\n"
        "            signature knows, as long as detail is kept (ingest --keep-detail); so\n"
        "  hosts     day, host, app, tenant, kind, role, users, queries, requests, denied\n");
}

const struct command cmd_query = {
    .operands = "[options]",
    .about =
        "Prints from the store what scan would print of the archives it was made of: who used\n"
        "which app, how much and since when. The store holds days, users, departments, apps and\n"
        "tenants; clients, sources, countries and times finer than a day are scan's. A department\n"
        "is the one of that day, as the directory said then, else the one that --users names. By\n"
        "hour and by workhours only active minutes are known; of hosts (--by host, --host) and of "
        "unknown\n"
        "domains (--unknown) who asked for them how often, as long as detail is kept (`kage store\n"
        "status`); a day on which a tunnel only began is none of theirs.",
    .examples = "  kage query --store usage.db --since 7d --managed no\n"
                "  kage query --store usage.db --by app --since 2026-05 --until 2026-05 --csv\n"
                "  kage query --store usage.db --user aoki --by day,app\n"
                "  kage query --store usage.db --unknown --since 7d --top 50\n"
                "  kage query --store usage.db --app line --since 7d --by host\n"
                "  kage query --store usage.db --sql \"SELECT day, sum(records) FROM coverage "
                "GROUP BY 1\"\n",
    .append_more = append_views,
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct query_arguments),
    .run = run,
};
