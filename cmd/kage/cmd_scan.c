/* cmd_scan.c: kage scan: logs into the usage summary. */
#include "command.h"
#include "filters.h"
#include "geo.h"
#include "manifest.h"
#include "net/psl.h"
#include "people.h"
#include "printing.h"
#include "privacy.h"
#include "reading.h"
#include "report/grouping.h"
#include "report/mask.h"
#include "report/output.h"
#include "report/plan.h"
#include "report/report.h"
#include "report/row/rows.h"
#include "report/staff.h"
#include "run.h"
#include "summary.h"

struct scan_arguments {
    struct reading_arguments reading;
    struct filter_arguments filter;
    struct summary_arguments summary;
    struct printing_arguments printing;
    struct privacy_arguments privacy;
};

/* Rows before they wait on disk: a share of --max-memory, but few are ever looked at. */
enum { ROWS_SHARE = 8, ROWS_MEMORY = 4 << 20 };

/* All that a scan holds. */
struct scan {
    const struct call *call;
    struct scan_arguments arguments;
    struct reading_words words;
    struct reading reading;
    struct signature_set *signatures;
    struct policy *policy; /* NULL: none is given */
    char digest[33];
    struct psl *psl; /* NULL without --unknown */
    struct people people;
    struct privacy privacy;
    struct plan plan;
    struct grouping grouping;
    struct record_filter filter;
    struct rows_filter rows_filter;
    enum writer_form form;
    struct output *out;
    struct run run;
    struct rows *rows;
};

static const struct option_group groups[] = {
    {"reading", reading_rows, offsetof(struct scan_arguments, reading)},
    {"choosing", filter_rows, offsetof(struct scan_arguments, filter)},
    {"summary", summary_rows, offsetof(struct scan_arguments, summary)},
    {"unknown hosts", summary_unknown_rows, offsetof(struct scan_arguments, summary)},
    {"printing", printing_rows, offsetof(struct scan_arguments, printing)},
    {"privacy", privacy_rows, offsetof(struct scan_arguments, privacy)},
};

/* Dimensions beyond (day, user, app, tenant) join the cells' key while reading. */
static unsigned joined_dimensions(const struct plan *plan)
{
    return (plan_has(plan, DIMENSION_HOUR) ? WITH_HOUR : 0U) |
           (plan_has(plan, DIMENSION_CLIENT) ? WITH_CLIENT : 0U) |
           (plan_has(plan, DIMENSION_HOST) ? WITH_HOST : 0U) |
           (plan_has(plan, DIMENSION_SOURCE) ? WITH_SOURCE : 0U) |
           (plan_has(plan, DIMENSION_COUNTRY) ? WITH_COUNTRY : 0U);
}

static bool check_countries(const struct scan *s, struct error *err)
{
    if (s->arguments.filter.country.count > 0 &&
        !geo_need_countries(s->signatures, "--country", err))
        return false;
    return !plan_has(&s->plan, DIMENSION_COUNTRY) ||
           geo_need_countries(s->signatures, "--by country", err);
}

static bool open_psl(struct scan *s, struct error *err)
{
    if (!s->plan.unknown)
        return true;
    s->psl = psl_open();
    return s->psl != NULL || error_set(err, ERROR_IO,
                                       "--unknown: no list of public suffixes; expected the one "
                                       "of the package publicsuffix or of libpsl");
}

static bool parse_filters(struct scan *s, struct error *err)
{
    struct filter_world world = {s->signatures, s->reading.report_zone,
                                 s->call->environment->now_s};

    return filters_parse(&s->arguments.filter, &world, &s->filter, &s->rows_filter, &s->words.arena,
                         err);
}

static bool load_policy(struct scan *s, struct error *err)
{
    const char *path = s->arguments.reading.policy;

    if (path != NULL)
        s->policy = policy_load(path, s->signatures, err);
    if (s->arguments.reading.users == NULL && policy_is_of_departments(s->policy))
        buf_append_string(s->call->messages,
                          "kage: --policy: has lines for departments, and without "
                          "--users nobody is of one\n");
    return err->code == ERROR_NONE;
}

/* Files that hold lines and paths as they are. */
static bool check_privacy(const struct scan *s, struct error *err)
{
    const struct reading_arguments *a = &s->arguments.reading;

    if (s->privacy.pseudonyms == NULL || (a->rejects == NULL && a->manifest == NULL))
        return true;
    return error_set(err, ERROR_USAGE, "--%s holds names as they are; not with --pseudonymize",
                     a->rejects != NULL ? "rejects" : "manifest");
}

/* Who is who, what is not counted, and when people work. */
static bool load_people(struct scan *s, struct error *err)
{
    const struct reading_arguments *a = &s->arguments.reading;
    bool workhours = plan_has(&s->plan, DIMENSION_WORKHOURS);

    s->people.pseudonyms = s->privacy.pseudonyms;
    s->people.asked_left = filters_ask_left(&s->arguments.filter, &s->plan);
    return people_load(&s->people, s->call, &s->reading, a, &s->words, err) &&
           filters_add_people(&s->filter, s->people.identity, &s->words.arena, err) &&
           people_load_exclusions(&s->people, &s->reading, a, s->signatures, err) &&
           people_load_workhours(&s->people, a, workhours, err);
}

/* All that can be wrong with the call and its files, before anything is read. */
static bool prepare(struct scan *s, struct error *err)
{
    if (!reading_parse(s->call, &cmd_scan, &s->arguments, &s->words, err) ||
        !summary_plan(&s->arguments.summary, &s->plan, err) ||
        !printing_form(&s->arguments.printing, &s->form, err) ||
        !privacy_open(&s->privacy, &s->arguments.privacy, &s->plan, err) ||
        !check_privacy(s, err) ||
        !reading_open(&s->reading, s->call, &s->arguments.reading, &s->words, err))
        return false;
    s->signatures = reading_load_signatures(s->call, &s->arguments.reading, err);
    if (s->signatures == NULL || !load_policy(s, err) ||
        !filters_check_unknown(&s->arguments.filter, s->plan.unknown, err) ||
        !filters_check_departments(&s->arguments.filter, s->arguments.reading.users, err) ||
        !filters_check_left(&s->arguments.filter, &s->plan, s->arguments.reading.users, err) ||
        !check_countries(s, err) || !parse_filters(s, err) || !open_psl(s, err) ||
        !load_people(s, err) || !grouping_init(&s->grouping, &s->plan, s->signatures, err))
        return false;
    s->plan.has_directory = s->arguments.reading.users != NULL;
    s->plan.has_policy = s->policy != NULL;
    signature_digest(s->signatures, s->digest);
    s->out = output_open(s->arguments.printing.output, s->call->guard, err);
    return s->out != NULL && run_check_outputs(&s->reading, s->out, err);
}

static bool read_archives(struct scan *s, struct error *err)
{
    s->run =
        (struct run){.call = s->call, .arguments = &s->arguments.reading, .reading = &s->reading};
    run_prepare(&s->run);
    s->run.ingest.signatures = s->signatures;
    s->run.ingest.psl = s->psl;
    s->run.ingest.identity = s->people.identity;
    s->run.ingest.sharing = s->people.sharing;
    s->run.ingest.exclusions = s->people.exclusions;
    s->run.ingest.workhours = s->people.workhours;
    s->run.ingest.filter = &s->filter;
    s->run.ingest.with = joined_dimensions(&s->plan);
    s->run.ingest.order = &s->grouping.order;
    return run_ingest(&s->run, NULL, err);
}

/* Records of cells that the row filters dropped are not matched but filtered. */
static bool settle_account(struct scan *s, struct error *err)
{
    struct tally *total = &s->run.result.total;
    uint64_t *counted = s->plan.unknown ? &total->unmatched : &total->matched;
    uint64_t dropped = rows_dropped_records(s->rows);

    if (dropped <= *counted) {
        *counted -= dropped;
        total->filtered += dropped;
        if (tally_adds_up(total))
            return true;
    }
    return error_set(err, ERROR_BUG, "the account does not add up; please report this bug");
}

/* No name that is known may stand in a host or tenant. */
static bool hide_names(struct scan *s, struct error *err)
{
    const struct ingest_result *result = &s->run.result;
    struct pseudonyms *p = s->privacy.pseudonyms;

    return p == NULL ||
           (mask_learn(p, s->people.identity) &&
            spill_each_user(result->spill, result->usage, mask_learn_user, p, err)) ||
           error_set_memory(err);
}

/* Users without a department, where it matters how many they are. */
static bool count_without(const struct scan *s, uint64_t *count, struct error *err)
{
    const struct ingest_result *result = &s->run.result;
    struct staff_without without = {s->people.identity, 0};
    bool ok = s->privacy.suppress == 0 ||
              spill_each_user(result->spill, result->usage, staff_count_without, &without, err);

    *count = without.count;
    return ok;
}

static struct documents *open_documents(struct scan *s, struct error *err)
{
    const struct ingest_result *result = &s->run.result;

    return result->spill != NULL ? documents_of_spill(result->spill, err)
                                 : documents_of_usage(result->usage, &s->grouping.order, err);
}

static bool build_rows(struct scan *s, struct rows_input *input, struct error *err)
{
    if (!hide_names(s, err) || !count_without(s, &input->without, err))
        return false;
    input->documents = open_documents(s, err);
    if (input->documents != NULL)
        s->rows = rows_build(input, err);
    documents_free(input->documents);
    return s->rows != NULL && settle_account(s, err);
}

static size_t rows_memory(const struct scan *s)
{
    uint64_t share = s->reading.max_memory / ROWS_SHARE;

    return share < ROWS_MEMORY ? (size_t)share : ROWS_MEMORY;
}

static bool make_rows(struct scan *s, struct error *err)
{
    struct rows_input input = {.archives = s->run.result.usage,
                               .signatures = s->signatures,
                               .plan = &s->plan,
                               .filter = s->rows_filter,
                               .policy = s->policy,
                               .identity = s->people.identity,
                               .suppress = s->privacy.suppress,
                               .pseudonyms = s->privacy.pseudonyms,
                               .folder = s->call->environment->temporary,
                               .memory = rows_memory(s),
                               .threads = s->reading.threads};

    return build_rows(s, &input, err);
}

static struct report report_of(struct scan *s)
{
    return (struct report){.plan = &s->plan,
                           .rows = s->rows,
                           .view = {.archives = s->run.result.usage,
                                    .signatures = s->signatures,
                                    .zone = s->reading.report_zone,
                                    .pseudonyms = s->privacy.pseudonyms},
                           .form = s->form,
                           .look = printing_look(s->call, &s->arguments.printing),
                           .threads = s->reading.threads};
}

static void write_manifest(struct scan *s, enum outcome outcome)
{
    struct options options = {groups, cmd_scan.group_count, &s->arguments, NULL};
    struct manifest manifest = {.command = "scan",
                                .options = &options,
                                .operands = &s->words.operands,
                                .signatures = s->digest,
                                .catalogue = s->signatures,
                                .report_zone = s->reading.report_zone,
                                .stamp_zone = reading_stamp_zone(&s->reading),
                                .result = &s->run.result,
                                .outcome = outcome};

    manifest_append(output_buf(s->reading.manifest), &manifest);
}

static void append_account(struct scan *s, enum outcome outcome)
{
    struct account account = run_account(&s->run);
    struct report report = report_of(s);

    account.signatures = s->digest;
    account.catalogue = s->signatures;
    account.people = &s->people;
    account.pseudonyms = s->privacy.pseudonyms;
    account.rows = (size_t)rows_count(s->rows);
    account.shown = report_row_count(&report);
    if (run_shows_account(&s->run) && outcome != OUTCOME_FAILED)
        account_append(s->call->messages, &account);
    account_append_problems(s->call->messages, &account);
    printing_append_problems(s->call->messages, &s->arguments.printing);
    privacy_append_problems(&s->privacy, s->call->messages);
}

/* Print and put all files into their places; what is not answered leaves none. */
static bool deliver(struct scan *s, enum outcome outcome, struct error *err)
{
    struct report report = report_of(s);
    struct error printing = {0};

    if (outcome == OUTCOME_FAILED) {
        append_account(s, outcome);
        return true;
    }
    if (s->reading.manifest != NULL)
        write_manifest(s, outcome);
    if (!report_print(&report, s->out, &printing) && !output_reader_is_gone(&printing)) {
        *err = printing;
        return false;
    }
    if (!run_deliver(&s->run, s->out, err))
        return false;
    append_account(s, outcome);
    return true;
}

static void free_scan(struct scan *s)
{
    rows_free(s->rows);
    grouping_free(&s->grouping);
    run_free(&s->run);
    output_close(s->out);
    policy_free(s->policy);
    signature_set_free(s->signatures);
    psl_close(s->psl);
    people_free(&s->people);
    privacy_close(&s->privacy);
    reading_close(&s->reading);
    arena_free(&s->words.arena);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct scan scan = {.call = call};
    enum outcome outcome;

    if (!prepare(&scan, err))
        outcome = command_outcome_of_start(err);
    else if (!read_archives(&scan, err) || !make_rows(&scan, err))
        outcome = command_outcome(err);
    else {
        outcome = run_outcome(&scan.run);
        if (outcome == OUTCOME_DONE && scan.people.incomplete)
            outcome = OUTCOME_INCOMPLETE;
        if (!deliver(&scan, outcome, err))
            outcome = output_reader_is_gone(err) ? outcome : command_outcome(err);
    }
    free_scan(&scan);
    return outcome;
}

static void append_more(struct buf *out)
{
    buf_printf(
        out,
        "\n--unknown counts what no signature knows: rows by `domain` (the registrable domain by "
        "the\n"
        "Public Suffix List, the address, or the last two labels of a local name) and its `kind`\n"
        "(domain, address, local). --by takes\n%s.\n"
        "Most users come first, then most active days, requests, queries and bytes up; addresses\n"
        "and local names stand behind all domains. Filters of apps do not go with it.\n",
        plan_dimensions(true));
}

const struct command cmd_scan = {
    .operands = "[options] ARCHIVE...",
    .about =
        "Reads proxy and DNS logs (plain, gzip, zstd, xz, bzip2; files, folders, - for standard\n"
        "input) and prints who used which app, how much and since when. Stores nothing. A folder "
        "is\n"
        "read with all that is below it, except names that begin with a dot, links to folders and\n"
        "what is no file (pipes, sockets). A file that is named twice, or linked, is read once.",
    .examples = "  kage scan /var/log/squid/access.log*.gz\n"
                "  kage scan --managed no --since 7d --csv -o apps.csv /var/log/archive\n"
                "  kage scan --by day,app,use --app line,discord access.log.gz query.log\n"
                "  kage scan --unknown --top 50 /var/log/archive\n",
    .append_more = append_more,
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct scan_arguments),
    .run = run,
};
