/* cmd_policy.c: kage policy: is a policy right, and which of its lines decides. */
#include "base/calendar.h"
#include "base/period.h"
#include "command.h"
#include "reading.h"
#include "report/display.h"
#include "report/output.h"
#include "report/policy.h"

#include <string.h>

struct policy_own_arguments {
    bool lint, explain;
    const char *user, *department, *day;
};

struct policy_arguments {
    struct reading_arguments reading;
    struct policy_own_arguments own;
};

struct checking {
    const struct call *call;
    struct policy_arguments arguments;
    struct reading_words words;
    struct signature_set *signatures;
    struct policy *policy;
    struct zone *zone;
    struct output *out;
    int32_t today;
    bool faults; /* were any found? */
};

#define ROW(name, argument, type, member, help)                                                    \
    {                                                                                              \
        '\0', name, argument, type, offsetof(struct policy_own_arguments, member), help            \
    }

static const struct option_row own_rows[] = {
    ROW("lint", NULL, OPTION_FLAG, lint, "find fault with the policy FILE"),
    ROW("explain", NULL, OPTION_FLAG, explain, "which line decides on each APP or APP/TENANT"),
    ROW("user", "NAME", OPTION_TEXT, user, "explain: for that user"),
    ROW("department", "NAME", OPTION_TEXT, department, "explain: for that department"),
    ROW("day", "DATE", OPTION_TEXT, day, "as of that day; default: today"),
    {0}};

static const struct option_group groups[] = {
    {"policy", own_rows, offsetof(struct policy_arguments, own)},
    {"files", reading_policy_rows, offsetof(struct policy_arguments, reading)},
};

static void append_place(struct checking *c, const struct policy_line *line)
{
    struct buf *out = output_buf(c->out);

    display_append(out, slice_of_string(policy_name(c->policy)));
    buf_printf(out, ":%zu", line->line);
}

static void append_text(struct buf *out, void (*append)(struct buf *, const struct policy_line *),
                        const struct policy_line *line)
{
    struct buf text = {0};

    append(&text, line);
    display_append(out, buf_slice(&text));
    out->failed = out->failed || text.failed;
    buf_free(&text);
}

static void append_fault(struct checking *c, const struct policy_line *line, const char *fault)
{
    struct buf *out = output_buf(c->out);

    append_place(c, line);
    buf_append_string(out, ": ");
    append_text(out, policy_append_subject, line);
    buf_printf(out, ": %s\n", fault);
    c->faults = true;
}

/* Lines that do nothing, or say nothing that somebody could be asked about. */
static void lint_line(struct checking *c, const struct policy_line *line)
{
    if (line->until < c->today)
        append_fault(c, line, "has ended");
    if (line->status == STATUS_TOLERATED && line->until == POLICY_FOREVER)
        append_fault(c, line, "is tolerated without an end");
    if (line->status != STATUS_UNSANCTIONED && line->status != STATUS_UNREVIEWED &&
        line->scope != SCOPE_ALL && line->approver.len == 0)
        append_fault(c, line, "is an exception without an approver");
}

static bool lint(struct checking *c, struct error *err)
{
    (void)err;
    for (size_t n = 0, line = 0; n < policy_line_count(c->policy); n++) {
        const struct policy_line *next = NULL;

        for (size_t i = 0; i < policy_line_count(c->policy); i++) { /* as they stand in the file */
            const struct policy_line *candidate = policy_line_at(c->policy, i);

            if (candidate->line > line && (next == NULL || candidate->line < next->line))
                next = candidate;
        }
        if (next == NULL)
            break;
        line = next->line;
        lint_line(c, next);
    }
    return true;
}

static void append_decision(struct checking *c, const struct policy_line *line)
{
    struct buf *out = output_buf(c->out);

    if (line == NULL) {
        buf_printf(out, "  %s  -\n", plan_status_name(STATUS_UNREVIEWED));
        return;
    }
    buf_printf(out, "  %s  ", plan_status_name(line->status));
    append_place(c, line);
    buf_append_string(out, "  ");
    append_text(out, policy_append_subject, line);
    if (line->scope != SCOPE_ALL) {
        buf_append_string(out, "  ");
        append_text(out, policy_append_scope, line);
    }
    if (line->until != POLICY_FOREVER) {
        struct civil date = calendar_date(line->until);

        buf_printf(out, "  until %04d-%02d-%02d", date.year, date.month, date.day);
    }
    if (line->reason.len > 0) {
        buf_append_string(out, "  ");
        display_append(out, line->reason);
    }
    buf_append_byte(out, '\n');
}

/* One APP or APP/TENANT. */
static bool explain_one(struct checking *c, const char *subject, struct error *err)
{
    const struct policy_own_arguments *a = &c->arguments.own;
    struct policy_case asked = {.user = slice_of_string(a->user),
                                .department = slice_of_string(a->department),
                                .day = c->today};
    struct slice app;

    slice_cut(slice_of_string(subject), '/', &app, &asked.tenant);
    asked.app = signature_find_app(c->signatures, app);
    if (asked.app == SIGNATURE_NO_APP)
        return error_set(err, ERROR_USAGE, "--explain: app '%.*s' is none that is known",
                         SLICE_FMT(app));
    display_append(output_buf(c->out), slice_of_string(subject));
    append_decision(c, policy_decide(c->policy, &asked));
    return true;
}

static bool explain(struct checking *c, struct error *err)
{
    for (size_t i = 0; i < c->words.operands.count; i++)
        if (!explain_one(c, c->words.operands.texts[i], err))
            return false;
    return true;
}

static bool find_today(struct checking *c, struct error *err)
{
    const char *day = c->arguments.own.day;
    struct period period = {.from_s = c->call->environment->now_s};

    c->zone = c->arguments.reading.config_timezone != NULL
                  ? zone_load(c->arguments.reading.config_timezone, err)
                  : zone_load_tz(c->call->environment->zone, err);
    if (c->zone == NULL)
        return false;
    if (day != NULL && !period_parse(day, c->zone, c->call->environment->now_s, &period, err))
        return error_context(err, "--day");
    c->today = (int32_t)zone_day(c->zone, period.from_s);
    return true;
}

/* `--lint FILE` names the policy like --policy. */
static const char *policy_path(struct checking *c, struct error *err)
{
    const struct policy_own_arguments *a = &c->arguments.own;
    const struct text_list *operands = &c->words.operands;
    const char *path = c->arguments.reading.policy;

    if (a->lint == a->explain)
        error_set(err, ERROR_USAGE, "expected one of --lint and --explain");
    else if (a->explain && operands->count == 0)
        error_set(err, ERROR_USAGE, "--explain: expected an APP or APP/TENANT");
    else if (a->lint && operands->count > 1)
        error_set(err, ERROR_USAGE, "--lint: expected one file");
    else if (a->lint && operands->count == 1)
        path = operands->texts[0];
    if (path == NULL)
        error_set(err, ERROR_USAGE,
                  "no policy named; expected --policy FILE, or `policy` in [kage] of a "
                  "configuration");
    return err->code == ERROR_NONE ? path : NULL;
}

static bool check(struct checking *c, struct error *err)
{
    const char *path;

    if (!reading_parse(c->call, &cmd_policy, &c->arguments, &c->words, err))
        return false;
    path = policy_path(c, err);
    if (path == NULL || !find_today(c, err))
        return false;
    c->signatures = reading_load_signatures(c->call, &c->arguments.reading, err);
    if (c->signatures != NULL)
        c->policy = policy_load(path, c->signatures, err);
    if (c->policy == NULL)
        return false;
    c->out = output_open(NULL, c->call->guard, err);
    return c->out != NULL && (c->arguments.own.lint ? lint(c, err) : explain(c, err)) &&
           output_commit(c->out, err);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct checking c = {.call = call};
    enum outcome outcome = check(&c, err) ? OUTCOME_DONE : command_outcome_of_start(err);

    if (outcome == OUTCOME_DONE && c.faults)
        outcome = OUTCOME_NOT_FOUND;
    output_close(c.out);
    policy_free(c.policy);
    signature_set_free(c.signatures);
    zone_free(c.zone);
    arena_free(&c.words.arena);
    return outcome;
}

const struct command cmd_policy = {
    .operands = "--lint [FILE] | --explain APP[/TENANT]... [options]",
    .about =
        "A policy says what the company thinks of apps; --policy FILE gives it to scan and query,\n"
        "which print it as the column status. It is a CSV:\n"
        "\n"
        "  subject,status,scope,until,approver,reason\n"
        "  category:file-sharing,unsanctioned,,,,\n"
        "  app:slack,sanctioned,,,,\n"
        "  tenant:slack/*,unsanctioned,,,,any other workspace\n"
        "  tenant:slack/acme,sanctioned,,,,our workspace\n"
        "  app:line,tolerated,department:Sales,2027-03-31,T. Mori,customers ask for it\n"
        "\n"
        "status is sanctioned, tolerated, unsanctioned or unreviewed. A line holds up to its day\n"
        "`until`. Of those that hold, tenant goes before app before category, then the scope user\n"
        "before department before none. --lint finds lines that are wrong (status 2), and those "
        "that\n"
        "have ended or lack an end or an approver (status 1); --explain says which line decides.",
    .examples = "  kage policy --lint policy.csv\n"
                "  kage policy --policy policy.csv --explain slack/acme line --department Sales\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct policy_arguments),
    .run = run,
};
