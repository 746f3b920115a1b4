/* query.c: from the options of a question to the rows of the store. */
#include "query.h"

#include "base/calendar.h"
#include "net/psl.h"
#include "report/mask.h"
#include "report/output.h"
#include "report/staff.h"
#include "store/detail/detail_load.h"
#include "store/rollup/rollup_read.h"

#include "usage/spill.h"

#include <inttypes.h>

enum { ROWS_MEMORY = 64 << 20 }; /* rows beyond wait on disk */

/* Are days cut into parts, of which only the minutes are kept? */
static bool has_parts(const struct plan *plan)
{
    return plan_has(plan, DIMENSION_HOUR) || plan_has(plan, DIMENSION_WORKHOURS);
}

/* Of hosts only the detail tells. */
static bool asks_for_hosts(const struct query *q)
{
    return plan_has(&q->plan, DIMENSION_HOST) || q->arguments.filter.host.count > 0;
}

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
                   {DIMENSION_COUNTRY, "country", &a->country}};

    if (q->plan.unknown && has_parts(&q->plan))
        return error_set(err, ERROR_USAGE,
                         "--by: hour: of unknown domains the store holds whole days; `kage scan` "
                         "reads it from logs");
    if (q->plan.unknown && q->arguments.question.explain)
        return error_set(err, ERROR_USAGE, "--explain: no signature stands behind --unknown");
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

/* Of a part of a day, or of a host, no use can be judged. */
static bool check_parts(const struct query *q, struct error *err)
{
    const char *by = has_parts(&q->plan) ? "workhours" : "host";

    if (has_parts(&q->plan) && asks_for_hosts(q))
        return error_set(err, ERROR_USAGE,
                         "host: of hosts the store holds whole days; `kage scan` reads parts of "
                         "them from logs");
    if (!has_parts(&q->plan) && !asks_for_hosts(q))
        return true;
    if (asks_for_hosts(q) && q->arguments.question.explain)
        return error_set(err, ERROR_USAGE,
                         "--explain: host: of hosts the store holds no records; `kage match HOST` "
                         "names the signature");
    if (q->arguments.filter.use.count > 0 || plan_has(&q->plan, DIMENSION_USE))
        return error_set(err, ERROR_USAGE,
                         "use: the store does not hold it by %s; `kage scan` reads it from logs",
                         plan_has(&q->plan, DIMENSION_HOUR) ? "hour" : by);
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
           filters_add_people(&q->filter, q->people.identity, &q->words.arena, err) &&
           check_day(q, "since", q->filter.since_us, err) &&
           check_day(q, "until", q->filter.until_us, err);
}

static bool open_store(struct query *q, struct error *err)
{
    const char *path = storing_path(&q->arguments.storing, &q->arguments.reading, err);

    q->at_store = path != NULL;
    q->store = path == NULL ? NULL : store_open(path, STORE_READ, NULL, err);
    if (q->store != NULL && store_begin_reading(q->store, err)) /* all parts of one moment */
        q->zone = zone_load_tz(store_zone(q->store), err);
    q->at_store = q->zone == NULL;
    return q->zone != NULL;
}

enum outcome query_outcome_of_start(const struct query *q, const struct error *err)
{
    return q->at_store ? command_outcome(err) : command_outcome_of_start(err);
}

static bool load_apps(struct query *q, struct error *err)
{
    q->at_store = !cells_load_apps(q->store, q->signatures, err);
    return !q->at_store;
}

/* Today's catalogue, and apps that were counted and are gone from it. */
static bool load_signatures(struct query *q, struct error *err)
{
    const struct text_list *folders = &q->arguments.reading.signatures;

    q->signatures = signature_set_create(err);
    return q->signatures != NULL && reading_lay_signatures(q->signatures, folders, err) &&
           load_apps(q, err) && signature_set_finish(q->signatures, err);
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

/* What SQL does not ask for itself would be thought to hold, and would not. */
static bool check_sql(const struct query *q, struct error *err)
{
    static const struct option_group groups[] = {
        {"", filter_rows, offsetof(struct query_arguments, filter)},
        {"", summary_rows, offsetof(struct query_arguments, summary)},
        {"", summary_unknown_rows, offsetof(struct query_arguments, summary)}};
    struct query_arguments arguments = q->arguments;
    struct options given = {groups, sizeof groups / sizeof *groups, &arguments, NULL};
    const char *value;

    for (size_t g = 0; q->arguments.question.sql != NULL && g < given.group_count; g++)
        for (const struct option_row *row = groups[g].rows; row->name != NULL; row++)
            if (options_value(&given, &groups[g], row, 0, &value))
                return error_set(err, ERROR_USAGE,
                                 "--sql: expected no --%s beside it; the QUERY says what it asks",
                                 row->name);
    return true;
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

/* Who has left is in no store. */
static bool load_users(struct query *q, struct error *err)
{
    const struct query_arguments *a = &q->arguments;

    q->people.asked_left = filters_ask_left(&a->filter, &q->plan);
    return filters_check_left(&a->filter, &q->plan, a->reading.users, err) &&
           people_load_users(&q->people, q->call, &a->reading, err);
}

bool query_prepare(struct query *q, const struct command *command, struct error *err)
{
    if (!reading_parse(q->call, command, &q->arguments, &q->words, err))
        return false;
    if (q->words.operands.count > 0)
        return error_set(err, ERROR_USAGE, "unexpected '%s'; the store is read, no archives",
                         q->words.operands.texts[0]);
    if (q->arguments.question.bundle != NULL)
        q->arguments.printing.csv = true; /* that is what its files are */
    if (!summary_plan(&q->arguments.summary, &q->plan, err) || !check_dimensions(q, err) ||
        !filters_check_unknown(&q->arguments.filter, q->plan.unknown, err) ||
        !check_parts(q, err) || !check_questions(q, err) || !check_sql(q, err) ||
        !printing_form(&q->arguments.printing, &q->form, err) ||
        !privacy_open(&q->privacy, &q->arguments.privacy, &q->plan, err) || !check_names(q, err) ||
        !load_users(q, err) ||
        !people_load_workhours(&q->people, &q->arguments.reading,
                               plan_has(&q->plan, DIMENSION_WORKHOURS), err))
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

/* No name that is known may stand in a tenant. */
static bool hide_names(struct query *q, const struct usage *usage, struct error *err)
{
    struct pseudonyms *p = q->privacy.pseudonyms;

    return p == NULL ||
           (mask_learn(p, q->people.identity) &&
            spill_each_user(NULL, usage, mask_learn_user, p, err)) ||
           error_set_memory(err);
}

static struct documents *open_documents(const struct query *q, struct query_answer *answer,
                                        struct error *err)
{
    struct documents_source source;

    if (answer->rollup != NULL) {
        source = rollup_documents(answer->rollup, plan_has(&q->plan, DIMENSION_DAY));
        return documents_of_source(&source, err);
    }
    return grouping_init(&answer->grouping, &q->plan, q->signatures, err)
               ? documents_of_usage(answer->usage, &answer->grouping.order, err)
               : NULL;
}

/* Does anything depend on the department that a user was of on a day? */
static bool asks_for_departments(const struct query *q)
{
    return plan_has(&q->plan, DIMENSION_USER) || plan_has(&q->plan, DIMENSION_DEPARTMENT) ||
           q->arguments.filter.department.count > 0 || policy_is_personal(q->policy);
}

static bool build_rows(struct query *q, struct query_answer *answer, struct error *err)
{
    struct staff_without without = {q->people.identity, 0};
    struct rows_input input = {.archives = answer->usage,
                               .signatures = q->signatures,
                               .plan = &q->plan,
                               .filter = q->rows_filter,
                               .policy = q->policy,
                               .identity = q->people.identity,
                               .departments = asks_for_departments(q),
                               .suppress = q->privacy.suppress,
                               .pseudonyms = q->privacy.pseudonyms,
                               .folder = q->call->environment->temporary,
                               .memory = ROWS_MEMORY,
                               .witness = answer->witness};

    if (has_parts(&q->plan))
        input.hidden = ~(MEASURE_BIT(MEASURE_USERS) | MEASURE_BIT(MEASURE_ACTIVE_MINUTES) |
                         MEASURE_BIT(MEASURE_ACTIVE_DAYS));
    if (q->plan.unknown && !asks_for_hosts(q))
        input.hidden = MEASURE_BIT(MEASURE_HOSTS);
    if (asks_for_hosts(q) || q->plan.unknown)
        input.hidden |= MEASURE_BIT(MEASURE_BYTES_UP) | MEASURE_BIT(MEASURE_BYTES_DOWN) |
                        MEASURE_BIT(MEASURE_ACTIVE_MINUTES) | MEASURE_BIT(MEASURE_FIRST_SEEN) |
                        MEASURE_BIT(MEASURE_LAST_SEEN) | MEASURE_BIT(MEASURE_USE) |
                        MEASURE_BIT(MEASURE_EVIDENCE);
    if (!spill_each_user(NULL, answer->usage, staff_count_without, &without, err))
        return false;
    input.without = without.count;
    input.documents = open_documents(q, answer, err);
    if (input.documents != NULL)
        answer->rows = rows_build(&input, err);
    documents_free(input.documents);
    return answer->rows != NULL;
}

/* What is kept of hosts for some weeks alone. */
static bool load_detail(struct query *q, struct query_period period, struct usage *usage,
                        struct error *err)
{
    struct psl *psl = psl_open();
    struct detail_wanted wanted = {.from_day = period.from_day,
                                   .until_day = period.until_day,
                                   .filter = &q->filter,
                                   .signatures = q->signatures,
                                   .psl = psl,
                                   .unknown = q->plan.unknown,
                                   .hosts = asks_for_hosts(q),
                                   .departments = asks_for_departments(q),
                                   .by_host = plan_has(&q->plan, DIMENSION_HOST)};
    bool lacks = false, ok;

    ok = (psl != NULL || error_set(err, ERROR_IO, "no list of public suffixes")) &&
         detail_lacks(q->store, &wanted, &lacks, err) && detail_load(q->store, &wanted, usage, err);
    if (ok && lacks && !q->lack_told)
        buf_printf(q->call->messages,
                   "kage: %s: of some days asked for no %s are kept any more (`kage store status` "
                   "says of which they are)\n",
                   wanted.hosts ? "host" : "--unknown", wanted.hosts ? "hosts" : "domains");
    q->lack_told = q->lack_told || lacks;
    psl_close(psl);
    return ok;
}

/* Is nothing asked for that sums over users cannot tell? A row must be of one app. */
static bool is_of_apps(const struct query *q)
{
    const unsigned told = 1U << DIMENSION_DAY | 1U << DIMENSION_APP | 1U << DIMENSION_CATEGORY |
                          1U << DIMENSION_VENDOR | 1U << DIMENSION_MANAGED | 1U << DIMENSION_STATUS;
    const struct filter_arguments *a = &q->arguments.filter;

    for (size_t i = 0; i < q->plan.by_count; i++)
        if ((told >> q->plan.by[i] & 1) == 0)
            return false;
    return plan_has(&q->plan, DIMENSION_APP) && !q->plan.unknown &&
           !q->arguments.question.explain && a->user.count == 0 && a->department.count == 0 &&
           a->tenant.count == 0 && a->use.count == 0 && !a->left && q->privacy.pseudonyms == NULL &&
           !policy_is_personal(q->policy);
}

static bool load_cells(struct query *q, struct query_period period, struct query_answer *answer,
                       struct error *err)
{
    uint64_t timeless = 0;
    bool sums = false, ok;
    struct cells_wanted wanted = {.from_day = period.from_day,
                                  .until_day = period.until_day,
                                  .filter = &q->filter,
                                  .hours = plan_has(&q->plan, DIMENSION_HOUR),
                                  .departments = asks_for_departments(q),
                                  .workhours = q->people.workhours,
                                  .timeless = &timeless};

    if (is_of_apps(q) && !rollup_covers(q->store, period.from_day, period.until_day, &sums, err))
        return false;
    if (!sums) {
        ok = cells_load(q->store, &wanted, q->signatures, answer->usage, err);
        if (ok && timeless > 0)
            buf_printf(q->call->messages,
                       "kage: %" PRIu64 " records are in no row: `kage store reclassify` found "
                       "them, and their time is not known\n",
                       timeless);
        return ok;
    }
    answer->rollup = rollup_read(q->store, &wanted, q->signatures, answer->usage, err);
    return answer->rollup != NULL;
}

bool query_load(struct query *q, struct query_period period, struct query_answer *answer,
                struct error *err)
{
    answer->usage = usage_create(err);
    return answer->usage != NULL && query_tell_gap(q, period, err) &&
           (q->plan.unknown || asks_for_hosts(q) ? load_detail(q, period, answer->usage, err)
                                                 : load_cells(q, period, answer, err)) &&
           hide_names(q, answer->usage, err) && build_rows(q, answer, err);
}

void query_answer_free(struct query_answer *answer)
{
    rows_free(answer->rows);
    rollup_reader_free(answer->rollup);
    grouping_free(&answer->grouping);
    usage_free(answer->usage);
}

struct report query_report(struct query *q, const struct query_answer *answer)
{
    return (struct report){.plan = &q->plan,
                           .rows = answer->rows,
                           .view = {.archives = answer->usage,
                                    .signatures = q->signatures,
                                    .zone = q->zone,
                                    .pseudonyms = q->privacy.pseudonyms},
                           .form = q->form,
                           .look = printing_look(q->call, &q->arguments.printing)};
}

bool query_open(struct query *q, struct error *err)
{
    q->plan.has_directory = q->arguments.reading.users != NULL;
    q->plan.has_policy = q->arguments.reading.policy != NULL;
    return load_signatures(q, err) && load_policy(q, err) && parse_filters(q, err) &&
           query_tell_strangers(q, err);
}

void query_close(struct query *q)
{
    output_close(q->out);
    policy_free(q->policy);
    signature_set_free(q->signatures);
    people_free(&q->people);
    privacy_close(&q->privacy);
    zone_free(q->zone);
    store_close(q->store);
    arena_free(&q->words.arena);
}
