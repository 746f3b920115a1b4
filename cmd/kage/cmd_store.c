/* cmd_store.c: kage store: looking after the store. */
#include "base/calendar.h"
#include "base/period.h"
#include "command.h"
#include "identity/identity.h"
#include "net/psl.h"
#include "people.h"
#include "reading.h"
#include "report/display.h"
#include "report/output.h"
#include "store/reattribute.h"
#include "store/reclassify.h"
#include "store/rollup/rollup.h"
#include "store/store.h"
#include "store/upkeep.h"
#include "storing.h"

#include <inttypes.h>
#include <string.h>

struct purge_arguments {
    const char *before;
};

struct store_arguments {
    struct reading_arguments reading;
    struct storing_arguments storing;
    struct purge_arguments purge;
};

struct keeping {
    const struct call *call;
    struct store_arguments arguments;
    struct reading_words words;
    struct store *store;
    struct zone *zone;
    struct output *out;
};

/* A word behind `kage store`. */
struct action {
    const char *name;
    enum store_access access;
    bool wants_file;
    bool (*run)(struct keeping *k, struct buf *out, struct error *err);
};

static const struct option_row purge_rows[] = {
    {'\0', "before", "DATE", OPTION_TEXT, offsetof(struct purge_arguments, before),
     "purge: the first day that stays (2026-10-01), or a\nmonth"},
    {0}};

static const struct option_group groups[] = {
    {"store", storing_rows, offsetof(struct store_arguments, storing)},
    {"purge", purge_rows, offsetof(struct store_arguments, purge)},
    {"people", reading_identity_rows, offsetof(struct store_arguments, reading)},
    {"reading", reading_catalogue_rows, offsetof(struct store_arguments, reading)},
};

static void append_count(struct buf *out, const char *name, uint64_t count)
{
    display_append_label(out, name);
    display_append_number(out, count);
    buf_append_byte(out, '\n');
}

static void append_day(struct buf *out, int32_t day)
{
    struct civil date = calendar_date(day);

    buf_printf(out, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year, date.month, date.day);
}

static void append_archives(struct buf *out, const struct upkeep_status *status)
{
    display_append_label(out, "archives");
    display_append_number(out, status->archives);
    if (status->damaged > 0) {
        buf_append_string(out, ", damaged ");
        display_append_number(out, status->damaged);
    }
    buf_append_byte(out, '\n');
    append_count(out, "lines", status->lines);
    append_count(out, "records", status->records);
    append_count(out, "rejected", status->rejected);
}

static void append_days(struct buf *out, const char *name, int32_t first, int32_t last)
{
    display_append_label(out, name);
    append_day(out, first);
    buf_append_string(out, " to ");
    append_day(out, last);
    buf_append_byte(out, '\n');
}

static void append_times(struct buf *out, const struct keeping *k,
                         const struct upkeep_status *status)
{
    if (status->first_us <= status->last_us) {
        display_append_label(out, "period");
        zone_append_rfc3339(out, k->zone, status->first_us);
        buf_append_string(out, " to ");
        zone_append_rfc3339(out, k->zone, status->last_us);
        buf_append_byte(out, '\n');
    }
    if (status->cells > 0)
        append_days(out, "days", status->first_day, status->last_day);
    if (status->has_detail)
        append_days(out, "detail", status->first_detail, status->last_detail);
    if (status->purged) {
        display_append_label(out, "purged");
        buf_append_string(out, "before ");
        append_day(out, status->purged_before);
        buf_append_string(out, ", records ");
        display_append_number(out, status->purged_records);
        buf_append_byte(out, '\n');
    }
}

static bool show_status(struct keeping *k, struct buf *out, struct error *err)
{
    struct upkeep_status status;

    if (!upkeep_status(k->store, &status, err))
        return false;
    display_append_label(out, "store");
    display_append(out, slice_of_string(store_path(k->store)));
    buf_append_string(out, ", ");
    display_append_bytes(out, status.bytes);
    if (status.free_bytes > 0) {
        buf_append_string(out, ", of which unused ");
        display_append_bytes(out, status.free_bytes);
    }
    buf_append_byte(out, '\n');
    display_append_label(out, "zone");
    buf_printf(out, "%s\n", zone_name(k->zone));
    append_archives(out, &status);
    append_times(out, k, &status);
    append_count(out, "cells", status.cells);
    append_count(out, "users", status.users);
    append_count(out, "apps", status.apps);
    append_count(out, "tenants", status.tenants);
    append_count(out, "hosts", status.hosts);
    return true;
}

static bool verify(struct keeping *k, struct buf *out, struct error *err)
{
    struct buf faults = {0};
    bool ok = upkeep_verify(k->store, &faults, err);

    for (size_t i = 0; i + 1 < faults.len; i++)
        if (faults.ptr[i] == '\n')
            faults.ptr[i] = ';';
    if (ok && faults.len > 0)
        ok = error_set(err, ERROR_DATA, "%s: %.*s", store_path(k->store), (int)faults.len - 1,
                       faults.ptr);
    else if (ok)
        buf_append_string(out, "sound\n");
    buf_free(&faults);
    return ok;
}

/* Tomorrow takes out all there is. A day far behind it is a slip of the pen. */
static bool check_purged_until(const struct keeping *k, int32_t day, struct error *err)
{
    int32_t tomorrow = (int32_t)zone_day(k->zone, k->call->environment->now_s) + 1;
    struct buf text = {0};

    if (day <= tomorrow)
        return true;
    append_day(&text, tomorrow);
    error_set(err, ERROR_USAGE, "expected a day up to tomorrow, %.*s, which takes out all",
              (int)text.len, text.ptr);
    buf_free(&text);
    return false;
}

static bool purge(struct keeping *k, struct buf *out, struct error *err)
{
    const char *before = k->arguments.purge.before;
    struct upkeep_purged purged = {0};
    struct period period;
    int32_t day;

    if (before == NULL)
        return error_set(err, ERROR_USAGE,
                         "purge: expected --before DATE: the first day that stays");
    if (!period_parse(before, k->zone, k->call->environment->now_s, &period, err))
        return error_context(err, "--before");
    day = (int32_t)zone_day(k->zone, period.from_s);
    if (zone_day_start(k->zone, day) != period.from_s)
        return error_set(err, ERROR_USAGE, "--before %s: expected a day or a month", before);
    if (!check_purged_until(k, day, err))
        return error_context(err, "--before");
    if (!upkeep_purge(k->store, day, k->call->environment->now_s, &purged, err))
        return false;
    display_append_number(out, purged.cells);
    buf_append_string(out, " cells of ");
    display_append_number(out, purged.records);
    buf_append_string(out, " records taken out\n");
    return true;
}

static bool compact(struct keeping *k, struct buf *out, struct error *err)
{
    (void)out;
    return upkeep_compact(k->store, err);
}

static bool backup(struct keeping *k, struct buf *out, struct error *err)
{
    (void)out;
    return upkeep_backup(k->store, k->words.operands.texts[1], err);
}

static bool apply_signatures(struct keeping *k, struct buf *out, struct error *err)
{
    struct signature_set *signatures = reading_load_signatures(k->call, &k->arguments.reading, err);
    struct psl *psl = psl_open();
    struct reclassified done = {0};
    char digest[33];
    bool ok = signatures != NULL;

    if (ok && psl == NULL)
        ok = error_set(err, ERROR_IO, "no list of public suffixes");
    if (ok) {
        struct reclassify_options options = {signatures, digest, psl, k->call->environment->now_s};

        signature_digest(signatures, digest);
        ok = reclassify(k->store, &options, &done, err) && rollup_refresh(k->store, err);
    }
    if (ok) {
        display_append_number(out, done.rows);
        buf_append_string(out, " hosts of days counted anew: records found for apps ");
        display_append_number(out, done.came);
        buf_append_string(out, ", taken from apps ");
        display_append_number(out, done.went);
        buf_append_string(out, ", from one app to another ");
        display_append_number(out, done.moved);
        buf_append_byte(out, '\n');
    }
    psl_close(psl);
    signature_set_free(signatures);
    return ok;
}

/* Leases are read as ingest reads them. */
static bool load_leases(struct keeping *k, struct reading *reading, struct people *people,
                        struct error *err)
{
    struct reading_words words = {.may_be_empty = true};
    const struct reading_arguments *a = &k->arguments.reading;
    bool ok = reading_open(reading, k->call, a, &words, err) &&
              reading_set_report_zone(reading, zone_name(k->zone), err) &&
              people_load(people, k->call, reading, a, &words, err);

    arena_free(&words.arena);
    if (ok && (people->identity == NULL || identity_leases(people->identity) == NULL))
        return error_set(err, ERROR_USAGE,
                         "reattribute: expected --leases FILE: who had an address when");
    return ok;
}

static bool apply_leases(struct keeping *k, struct buf *out, struct error *err)
{
    struct reading reading = {0};
    struct people people = {0};
    struct reattributed done = {0};
    bool ok = load_leases(k, &reading, &people, err);

    if (ok) {
        struct reattribute_options options = {identity_leases(people.identity), k->zone,
                                              k->call->environment->now_s, people.identity};

        ok = reattribute(k->store, &options, &done, err) && rollup_refresh(k->store, err);
    }
    if (ok) {
        display_append_number(out, done.hours);
        buf_append_string(out, " hours of addresses given to their owners, with records ");
        display_append_number(out, done.records);
        buf_append_string(out, "; hours of hosts ");
        display_append_number(out, done.pairs);
        buf_append_string(out, "; left, as two had the address: hours ");
        display_append_number(out, done.conflicts);
        buf_append_string(out, ", as hours are not kept: cells ");
        display_append_number(out, done.incomplete);
        buf_append_byte(out, '\n');
    }
    people_free(&people);
    reading_close(&reading);
    return ok;
}

static const struct action actions[] = {
    {"status", STORE_READ, false, show_status},
    {"verify", STORE_READ, false, verify},
    {"purge", STORE_WRITE, false, purge},
    {"compact", STORE_WRITE, false, compact},
    {"backup", STORE_READ, true, backup},
    {"reclassify", STORE_WRITE, false, apply_signatures},
    {"reattribute", STORE_WRITE, false, apply_leases},
};

static const struct action *find_action(const struct text_list *operands, struct error *err)
{
    for (size_t i = 0; operands->count > 0 && i < sizeof actions / sizeof *actions; i++) {
        size_t wanted = actions[i].wants_file ? 2 : 1;

        if (strcmp(actions[i].name, operands->texts[0]) != 0)
            continue;
        if (operands->count == wanted)
            return &actions[i];
        error_set(err, ERROR_USAGE, "%s: expected %s behind it", actions[i].name,
                  actions[i].wants_file ? "one file" : "nothing");
        return NULL;
    }
    error_set(err, ERROR_USAGE,
              "expected one of status, verify, purge, compact, backup, reclassify or reattribute");
    return NULL;
}

static bool open_store(struct keeping *k, const struct action *action, struct error *err)
{
    const char *path = storing_path(&k->arguments.storing, &k->arguments.reading, err);

    k->store = path == NULL ? NULL : store_open(path, action->access, NULL, err);
    k->zone = k->store == NULL ? NULL : zone_load_tz(store_zone(k->store), err);
    return k->zone != NULL;
}

static bool act(struct keeping *k, struct error *err)
{
    const struct action *action;

    if (!reading_parse(k->call, &cmd_store, &k->arguments, &k->words, err))
        return false;
    action = find_action(&k->words.operands, err);
    if (action == NULL || !open_store(k, action, err))
        return false;
    k->out = output_open(NULL, k->call->guard, err);
    return k->out != NULL && action->run(k, output_buf(k->out), err) && output_commit(k->out, err);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct keeping k = {.call = call};
    enum outcome outcome = act(&k, err) ? OUTCOME_DONE : command_outcome(err);

    output_close(k.out);
    zone_free(k.zone);
    store_close(k.store);
    arena_free(&k.words.arena);
    return outcome;
}

const struct command cmd_store = {
    .operands = "status|verify|purge|compact|backup FILE|reclassify|reattribute [options]",
    .about =
        "Looks after the store. status: what it holds. verify: is the file sound, and do its "
        "cells\n"
        "add up to what the ledger of archives says? purge: take out all days before one; their\n"
        "archives stay in the ledger and are not counted again. compact: give unused space back.\n"
        "backup: copy it into a file while others use it. reclassify: count the hosts of the last "
        "weeks\n"
        "(`ingest --keep-detail`) as today's signatures say, without reading archives again; of "
        "what is\n"
        "found so only requests, queries and refusals are known, and other measures are empty.\n"
        "reattribute: give what was counted for addresses in those weeks to whoever had them then, "
        "by\n"
        "leases that came after the logs, an hour at a time.",
    .examples =
        "  kage store status --store usage.db\n"
        "  kage store purge --before 2025-10-01 --store usage.db\n"
        "  kage store reclassify --signatures my-signatures\n"
        "  kage store reattribute --leases /var/lib/dhcp/dhcpd.leases --devices devices.csv\n"
        "  kage store backup /backup/usage-$(date +%F).db\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct store_arguments),
    .run = run,
};
