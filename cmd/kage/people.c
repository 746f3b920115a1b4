/* people.c: loads the files about people; names lines of them that make no sense. */
#include "people.h"

#include "account.h"
#include "base/num.h"
#include "format/decoding.h"
#include "identity/identity.h"
#include "ingest.h"
#include "report/display.h"
#include "report/pseudonym.h"
#include "usage/exclude.h"
#include "usage/sharing.h"
#include "usage/workhours.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistr.h>

#define HOUR_US (INT64_C(3600) * 1000000)

/* Leases may take so much memory whatever --max-memory says. */
#define LEAST_MEMORY (UINT64_C(64) << 20)

enum {
    MOST_HOURS = 24 * 366,
    MOST_SHARED = 1000000,
    SHOWN_COMPLAINTS = 5,
    RECORDS_A_LOOK = 4096, /* between looks at the memory that leases take */
    DEFAULT_SHARED = 3
};

/* What is wrong with a line. */
struct complaint {
    const char *archive, *what; /* borrowed */
    uint64_t line;
    bool passed_over;
    char detail[200]; /* of a rejected line: what was expected where; else "" */
};

/* The lease files being read. */
struct leasing {
    struct people *people;
    struct buf *messages;
    struct complaint shown[SHOWN_COMPLAINTS]; /* the first ones, by archive and line */
    uint64_t complaints;
    uint64_t most_memory, records;
};

/* --- rules --- */

static bool parse_number(const char *option, const char *text, uint64_t most, uint64_t *out,
                         struct error *err)
{
    *out = 0;
    if (text == NULL)
        return true;
    if (num_parse(slice_of_string(text), most, out) && *out > 0)
        return true;
    return error_set(err, ERROR_USAGE, "--%s: '%s': expected a number from 1 to %" PRIu64, option,
                     text, most);
}

static bool create(struct people *p, const struct reading_arguments *a, struct error *err)
{
    struct identity_rules rules = {.domains = a->user_domains, .services = a->service_users};
    uint64_t hours, shared;
    bool known;

    if (!parse_number("lease-hours", a->lease_hours, MOST_HOURS, &hours, err) ||
        !parse_number("shared-users", a->shared_users, MOST_SHARED, &shared, err))
        return false;
    rules.hold_us = (int64_t)hours * HOUR_US;
    p->shared = shared == 0 ? DEFAULT_SHARED : (uint32_t)shared;
    rules.shared = p->shared;
    known = a->users != NULL || a->devices != NULL || a->leases.count > 0;
    p->identity = known ? identity_create(&rules, err) : NULL;
    p->sharing = sharing_create(err);
    if (err->code != ERROR_NONE)
        return false;
    if (a->users != NULL && !identity_load_users(p->identity, a->users, a->user_columns, err))
        return error_context(err, "--users");
    if (a->devices != NULL && !identity_load_devices(p->identity, a->devices, err))
        return error_context(err, "--devices");
    return true;
}

/* An answer of none must not come from a column that is missing: that is said. */
static void note_nobody_left(const struct people *p, const struct call *call, const char *users)
{
    const struct directory *d;

    if (!p->asked_left || users == NULL)
        return;
    d = identity_directory(p->identity);
    for (uint32_t i = 0; i < directory_count(d); i++)
        if (directory_person(d, i)->has_left)
            return;
    buf_append_string(call->messages,
                      "kage: --users: nobody has a date in left_on, so nobody counts "
                      "as having left\n");
}

/* --- leases --- */

/* Names of files may be people's. */
static void append_file(const struct leasing *l, const char *name)
{
    pseudonym_show(l->people->pseudonyms, PSEUDONYM_TEXT, slice_of_string(name), l->messages);
}

/* Returns: where it is noted, NULL where enough are. Archives come one after the other, but what is
 * wrong with a record shows later than that a line is none. */
static struct complaint *complain(struct leasing *l, const char *archive, uint64_t line,
                                  const char *what, bool passed_over)
{
    size_t at = l->complaints < SHOWN_COMPLAINTS ? (size_t)l->complaints : SHOWN_COMPLAINTS;

    l->complaints++;
    for (; at > 0 && l->shown[at - 1].archive == archive && l->shown[at - 1].line > line; at--)
        if (at < SHOWN_COMPLAINTS)
            l->shown[at] = l->shown[at - 1];
    if (at == SHOWN_COMPLAINTS)
        return NULL;
    l->shown[at] = (struct complaint){archive, what, line, passed_over, ""};
    return &l->shown[at];
}

static void append_complaints(const struct leasing *l)
{
    for (size_t i = 0; i < SHOWN_COMPLAINTS && i < l->complaints; i++) {
        buf_append_string(l->messages, "kage: ");
        append_file(l, l->shown[i].archive);
        buf_printf(l->messages, ":%" PRIu64 ": %s", l->shown[i].line, l->shown[i].what);
        if (l->shown[i].detail[0] != '\0') {
            buf_append_string(l->messages, ": ");
            display_append(l->messages, slice_of_string(l->shown[i].detail));
        }
        buf_printf(l->messages, "%s\n", l->shown[i].passed_over ? "; passed over" : "");
    }
    if (l->complaints > SHOWN_COMPLAINTS)
        buf_printf(l->messages, "kage: %" PRIu64 " more such line%s of the leases\n",
                   l->complaints - SHOWN_COMPLAINTS,
                   l->complaints == SHOWN_COMPLAINTS + 1 ? "" : "s");
}

/* Leases stay in memory. */
static bool check_memory(struct leasing *l, const char *archive, uint64_t line, struct error *err)
{
    const struct leases *leases = identity_leases(l->people->identity);

    if (++l->records % RECORDS_A_LOOK != 0 || leases_memory(leases) <= l->most_memory)
        return true;
    return error_set(err, ERROR_SYNTAX,
                     "--leases: %s:%" PRIu64 ": %" PRIu64 " leases so far, more than --max-memory "
                     "holds; expected those of the time that is looked at, or more memory",
                     archive, line, l->records);
}

/* A name whose bytes are no text of any encoding that is known. The lease holds all the same:
 * without it the one before it would go on. */
static bool is_no_text(const struct record *r, enum field field, struct slice name)
{
    return record_has(r, field) && u8_check((const uint8_t *)name.ptr, name.len) != NULL;
}

static bool take_record(void *context, const char *archive, const struct record *record,
                        struct error *err)
{
    struct leasing *l = context;
    const char *why;

    if (!identity_add(l->people->identity, record, &why, err) ||
        !check_memory(l, archive, record->line, err))
        return false;
    if (why != NULL)
        complain(l, archive, record->line, why, true);
    else if (is_no_text(record, FIELD_USER, record->user) ||
             is_no_text(record, FIELD_NAME, record->name))
        complain(l, archive, record->line, "a name that is neither UTF-8 nor Japanese text", false);
    return true;
}

static void take_reject(void *context, const char *archive, const struct rejected *rejected)
{
    struct leasing *l = context;
    struct complaint *told = complain(l, archive, rejected->line, reject_text(rejected->why), true);

    if (told != NULL && l->people->pseudonyms == NULL)
        snprintf(told->detail, sizeof told->detail, "%.*s", SLICE_FMT(rejected->detail));
}

/* What cannot be read at all is a mistake of the call; what is damaged is used as far as it goes.
 */
static bool check_results(struct leasing *l, const struct ingest_result *result, struct error *err)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct archive_result *archive = &result->archives[i];

        if (archive->failure.code == ERROR_DATA && archive->format == NULL)
            return error_set(
                err, ERROR_SYNTAX,
                "--leases: %s:1: no list of leases that is known; expected the columns "
                "ip_or_cidr,user,from,until or an identity log of `kage formats`",
                archive->name);
        if (archive->failure.code != ERROR_NONE) {
            *err = archive->failure;
            return err->code == ERROR_IO /* which names the file */
                       ? error_context(err, "--leases")
                       : error_context(err, "--leases: %s", archive->name);
        }
        if (account_guess(archive) != NULL) {
            buf_append_string(l->messages, "kage: ");
            append_file(l, archive->name);
            buf_printf(l->messages, ": %s\n", account_guess(archive));
        }
        if (archive->damage[0] == '\0')
            continue;
        l->people->incomplete = true;
        buf_append_string(l->messages, "kage: ");
        append_file(l, archive->name);
        buf_printf(l->messages, ": %s\n", archive->damage);
    }
    return true;
}

static bool read_lists(struct leasing *l, struct ingest_options *options,
                       const struct archive_list *list, struct error *err)
{
    struct record_sink records = {take_record, l};
    struct reject_sink rejects = {take_reject, l};
    struct ingest_sinks sinks = {.records = &records, .rejects = &rejects};
    struct ingest_result result = {0};
    bool ok = ingest_run(options, list, &sinks, &result, err);

    append_complaints(l);
    ok = ok && check_results(l, &result, err);
    ingest_result_free(&result);
    return ok;
}

static bool read_leases(struct people *p, const struct call *call, const struct reading *reading,
                        const struct reading_arguments *a, const struct reading_words *words,
                        struct error *err)
{
    struct leasing l = {.people = p,
                        .messages = call->messages,
                        .most_memory = reading->max_memory > LEAST_MEMORY ? reading->max_memory
                                                                          : LEAST_MEMORY};
    struct archive_list list = {0};
    struct hints hints = {0};
    struct format_catalog *formats = catalog_create(err);
    bool ok = formats != NULL;

    for (size_t i = 0; ok && i < a->leases.count; i++)
        ok = archive_list_add(&list, a->leases.texts[i], err);
    ok = ok && hints_make(&hints, &list, &words->sources, NULL, reading->own_stamp_zone, err);
    if (ok) {
        struct ingest_options options = {.formats = formats,
                                         .hints = hints.archives,
                                         .stamp_zone = reading_stamp_zone(reading),
                                         .report_zone = reading->report_zone,
                                         .now_s = call->environment->now_s,
                                         .year = reading->year,
                                         .date_order = reading->date_order,
                                         .inflate = reading->inflate,
                                         .temporary = call->environment->temporary,
                                         .threads = reading->threads};

        catalog_keep_kinds(formats, 1U << RECORD_IDENTITY);
        ok = read_lists(&l, &options, &list, err);
    }
    hints_free(&hints);
    catalog_free(formats);
    archive_list_free(&list);
    return ok;
}

bool people_load(struct people *p, const struct call *call, const struct reading *reading,
                 const struct reading_arguments *a, const struct reading_words *words,
                 struct error *err)
{
    if (!create(p, a, err))
        return false;
    note_nobody_left(p, call, a->users);
    if (a->leases.count > 0 && !read_leases(p, call, reading, a, words, err))
        return false;
    return p->identity == NULL || identity_finish(p->identity, err);
}

bool people_load_users(struct people *p, const struct call *call, const struct reading_arguments *a,
                       struct error *err)
{
    struct reading_arguments users = {.users = a->users,
                                      .user_columns = a->user_columns,
                                      .user_domains = a->user_domains,
                                      .service_users = a->service_users};

    if (!create(p, &users, err))
        return false;
    note_nobody_left(p, call, a->users);
    return true;
}

bool people_load_exclusions(struct people *p, const struct reading *reading,
                            const struct reading_arguments *a,
                            const struct signature_set *signatures, struct error *err)
{
    if (a->exclude == NULL)
        return true;
    p->exclusions = exclude_load(
        a->exclude, &(struct exclude_with){p->identity, signatures, reading->report_zone}, err);
    return p->exclusions != NULL || error_context(err, "--exclude");
}

bool people_load_workhours(struct people *p, const struct reading_arguments *a, bool wanted,
                           struct error *err)
{
    struct workhours *w = workhours_create(a->work_hours, a->holidays, err);

    if (w == NULL)
        return error_context(err, err->code == ERROR_USAGE ? "--work-hours" : "--holidays");
    if (wanted)
        p->workhours = w;
    else
        workhours_free(w);
    return true;
}

void people_free(struct people *p)
{
    identity_free(p->identity);
    exclude_free(p->exclusions);
    workhours_free(p->workhours);
    sharing_free(p->sharing);
}
