/* cmd_report.c: kage report: files for those who check. */
#include "bundle.h"
#include "query.h"

static const struct option_row bundle_rows[] = {{'\0', "bundle", "DIR", OPTION_TEXT,
                                                 offsetof(struct question_arguments, bundle),
                                                 "write the audit files there"},
                                                {0}};

static const struct option_row sheet_rows[] = {
    {'\0', "excel", NULL, OPTION_FLAG, offsetof(struct printing_arguments, excel),
     "CSV for Excel, as of query"},
    {'\0', "encoding", "NAME", OPTION_TEXT, offsetof(struct printing_arguments, encoding),
     "of the CSV files: utf-8 or cp932"},
    {0}};

static const struct option_group groups[] = {
    {"report", bundle_rows, offsetof(struct query_arguments, question)},
    {"store", storing_rows, offsetof(struct query_arguments, storing)},
    {"signatures and policy", reading_policy_rows, offsetof(struct query_arguments, reading)},
    {"people", reading_users_rows, offsetof(struct query_arguments, reading)},
    {"choosing", filter_rows, offsetof(struct query_arguments, filter)},
    {"privacy", privacy_key_rows, offsetof(struct query_arguments, privacy)},
    {"printing", sheet_rows, offsetof(struct query_arguments, printing)},
};

static bool check_call(const struct query *q, struct error *err)
{
    return q->arguments.question.bundle != NULL ||
           error_set(err, ERROR_USAGE, "expected --bundle DIR");
}

static enum outcome report(struct query *q, struct error *err)
{
    struct options options = {groups, sizeof groups / sizeof *groups, &q->arguments, NULL};

    if (!query_prepare(q, &cmd_report, err) || !check_call(q, err) || !query_open(q, err))
        return query_outcome_of_start(q, err);
    if (!bundle_write(q, q->arguments.question.bundle, &options, err))
        return command_outcome(err);
    printing_append_problems(q->call->messages, &q->arguments.printing);
    privacy_append_problems(&q->privacy, q->call->messages);
    return OUTCOME_DONE;
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct query q = {.call = call};
    enum outcome outcome = report(&q, err);

    query_close(&q);
    return outcome;
}

const struct command cmd_report = {
    .operands = "--bundle DIR [options]",
    .about =
        "Writes what an auditor asks for: the usage by user and app, by app and by department, "
        "the\n"
        "archives read and the hours they cover, the catalogue, the signatures and the policy in\n"
        "force, and manifest.json with the SHA-256 of each of these files and of every archive.\n"
        "The same store, signatures, policy and options give the same bytes again. With\n"
        "--pseudonymize no file holds a name or address: paths, reasons and approvers are "
        "pseudonyms,\n"
        "too, and so is what options were given, but for dates and the like.",
    .examples = "  kage report --bundle audit-2026-09 --since 2026-09 --until 2026-09\n"
                "  kage report --bundle audit --policy policy.csv --excel\n"
                "  kage report --bundle audit --users users.csv --pseudonymize kage.key\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct query_arguments),
    .run = run,
};
