/* cmd_ingest.c: kage ingest: logs into the store. */
#include "base/calendar.h"
#include "base/num.h"
#include "command.h"
#include "intake.h"
#include "manifest.h"
#include "net/psl.h"
#include "people.h"
#include "reading.h"
#include "report/display.h"
#include "report/output.h"
#include "run.h"
#include "sources.h"
#include "store/rollup/rollup.h"
#include "store/silence.h"
#include "store/store.h"
#include "store/upkeep.h"
#include "storing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    DEFAULT_DETAIL_DAYS = 40,
    MOST_DAYS = 36500,
    QUIET_DAYS = 62 /* a clock that is so far ahead of all records may be wrong */
};

struct ingest_arguments {
    struct reading_arguments reading;
    struct storing_arguments storing;
};

/* All that an ingest holds. */
struct ingestion {
    const struct call *call;
    struct ingest_arguments arguments;
    struct reading_words words;
    struct reading reading;
    struct signature_set *signatures;
    struct people people;
    struct psl *psl;
    uint64_t keep, keep_detail; /* days; keep 0: all */
    char digest[33];
    const char *path;
    bool all_sources; /* no archive was named */
    struct store *store;
    struct intake *intake;
    struct archive_keeper keeper;
    struct run run;
};

static const struct option_group groups[] = {
    {"store", storing_ingest_rows, offsetof(struct ingest_arguments, storing)},
    {"keeping", reading_keep_rows, offsetof(struct ingest_arguments, reading)},
    {"reading", reading_rows, offsetof(struct ingest_arguments, reading)},
};

/* The days of all that a store holds are those of one zone. What the surroundings say gives way;
 * what the user says must not differ. */
static bool settle_zone(struct ingestion *in, struct error *err)
{
    const struct reading_arguments *a = &in->arguments.reading;
    bool said = a->report_timezone != NULL || a->config_timezone != NULL || a->timezone != NULL;
    const char *zone = store_zone(in->store);

    if (strcmp(zone_name(in->reading.report_zone), zone) == 0)
        return true;
    if (said)
        return error_set(err, ERROR_USAGE,
                         "%s: the store's days are those of %s, not of %s; expected "
                         "--report-timezone %s",
                         in->path, zone, zone_name(in->reading.report_zone), zone);
    return reading_set_report_zone(&in->reading, zone, err);
}

static bool open_store(struct ingestion *in, struct error *err)
{
    in->path = storing_path(&in->arguments.storing, &in->arguments.reading, err);
    if (in->path == NULL)
        return false;
    in->store = store_open(in->path, STORE_MAKE, zone_name(in->reading.report_zone), err);
    return in->store != NULL && settle_zone(in, err);
}

/* Who is who, and what is not counted. */
static bool load_people(struct ingestion *in, struct error *err)
{
    const struct reading_arguments *a = &in->arguments.reading;

    return people_load(&in->people, in->call, &in->reading, a, &in->words, err) &&
           people_load_exclusions(&in->people, &in->reading, a, in->signatures, err);
}

static bool parse_days(const char *option, const char *text, uint64_t *days, struct error *err)
{
    return text == NULL || num_parse(slice_of_string(text), MOST_DAYS, days) ||
           error_set(err, ERROR_USAGE, "--%s: '%s': expected a number of days from 0 to %d", option,
                     text, MOST_DAYS);
}

/* How long the store keeps what. */
static bool prepare_keeping(struct ingestion *in, struct error *err)
{
    in->keep_detail = DEFAULT_DETAIL_DAYS;
    if (!parse_days("keep", in->arguments.reading.keep, &in->keep, err) ||
        !parse_days("keep-detail", in->arguments.reading.keep_detail, &in->keep_detail, err))
        return false;
    in->psl = psl_open();
    return in->psl != NULL || error_set(err, ERROR_IO,
                                        "no list of public suffixes; expected the one of the "
                                        "package publicsuffix or of libpsl");
}

/* What is wrong with the call and its files, before anything is read. */
static bool prepare(struct ingestion *in, struct error *err)
{
    if (!reading_parse(in->call, &cmd_ingest, &in->arguments, &in->words, err) ||
        storing_path(&in->arguments.storing, &in->arguments.reading, err) == NULL)
        return false;
    in->all_sources = in->words.operands.count == 0;
    if (in->all_sources && !sources_list(&in->words, err))
        return false;
    if (!reading_open(&in->reading, in->call, &in->arguments.reading, &in->words, err))
        return false;
    in->signatures = reading_load_signatures(in->call, &in->arguments.reading, err);
    if (in->signatures == NULL)
        return false;
    signature_digest(in->signatures, in->digest);
    return prepare_keeping(in, err) && run_check_outputs(&in->reading, NULL, err);
}

static int32_t today(const struct ingestion *in)
{
    return (int32_t)zone_day(in->reading.report_zone, in->call->environment->now_s);
}

static bool read_archives(struct ingestion *in, struct error *err)
{
    struct intake_options options = {.store = in->store,
                                     .archives = &in->reading.archives,
                                     .hints = in->reading.hints.archives,
                                     .signatures = in->signatures,
                                     .signature_digest = in->digest,
                                     .version = KAGE_VERSION,
                                     .identity = in->people.identity,
                                     .detail = {today(in), (uint32_t)in->keep_detail},
                                     .now_s = in->call->environment->now_s,
                                     .rehash = in->arguments.storing.rehash,
                                     .threads = in->reading.threads > 1};

    in->intake = intake_create(&options, err);
    if (in->intake == NULL)
        return false;
    in->keeper = intake_keeper(in->intake);
    in->run = (struct run){.call = in->call,
                           .arguments = &in->arguments.reading,
                           .reading = &in->reading,
                           .keeper = &in->keeper};
    run_prepare(&in->run);
    in->run.ingest.signatures = in->signatures;
    in->run.ingest.identity = in->people.identity;
    in->run.ingest.sharing = in->people.sharing;
    in->run.ingest.exclusions = in->people.exclusions;
    in->run.ingest.detail = in->psl;
    return run_ingest(&in->run, NULL, err);
}

static void append_day(struct buf *out, int32_t day)
{
    struct civil date = calendar_date(day);

    buf_printf(out, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, date.year, date.month, date.day);
}

/* Has it archives in this run? What is wrong with those is said of them. */
static bool has_archives(const struct ingestion *in, const char *source)
{
    for (size_t i = 0; i < in->reading.archives.count; i++)
        if (strcmp(in->reading.hints.archives[i].source, source) == 0)
            return true;
    return false;
}

static void append_silence(const struct ingestion *in, const struct source *source,
                           const struct silence *silence)
{
    struct buf *out = in->call->messages;

    buf_append_string(out, "kage: source ");
    display_append(out, slice_of_string(source->name));
    if (silence->is_silent) {
        buf_append_string(out, ": nothing new since ");
        append_day(out, (int32_t)zone_day(in->reading.report_zone, silence->last_s));
        buf_append_string(out, ", for longer than ever before\n");
        return;
    }
    buf_append_string(out, ": never had an archive; its path is ");
    display_append(out, slice_of_string(source->path));
    buf_append_byte(out, '\n');
}

/* A configured source from which nothing comes any more, or never did, is a problem, but no failure
 * of this run. */
static bool append_silences(const struct ingestion *in, struct error *err)
{
    const struct sources *sources = &in->words.sources;

    for (size_t i = 0; in->all_sources && i < sources->count; i++) {
        const struct source *source = &sources->sources[i];
        struct silence silence;

        if (!silence_of(in->store, source->name, in->call->environment->now_s, &silence, err))
            return false;
        if (silence.is_silent || (silence.last_s == 0 && !has_archives(in, source->name)))
            append_silence(in, source, &silence);
    }
    return true;
}

/* A clock that has jumped ahead must not cost what nobody can bring back. */
static void append_doubt(const struct ingestion *in, int32_t newest, int32_t from)
{
    struct buf *out = in->call->messages;

    buf_printf(
        out, "kage: ingest: --keep %" PRIu64 ": no day is taken out, for the newest record is of ",
        in->keep);
    append_day(out, newest);
    buf_append_string(out, " and the clock says ");
    append_day(out, today(in));
    buf_append_string(out, "; where that is right, `kage store purge --before ");
    append_day(out, from);
    buf_append_string(out, "` does it\n");
}

/* Days that are kept no longer. ${left}: they are still there. */
static bool forget_old(struct ingestion *in, bool *left, struct error *err)
{
    int32_t from = today(in) - (int32_t)in->keep + 1, newest;
    struct upkeep_purged purged;

    *left = false;
    if (in->keep == 0)
        return true;
    if (!upkeep_newest_day(in->store, today(in), &newest, err))
        return false;
    *left = newest > INT32_MIN && today(in) - newest > QUIET_DAYS;
    if (!*left)
        return upkeep_purge(in->store, from, in->call->environment->now_s, &purged, err);
    append_doubt(in, newest, from);
    return true;
}

/* Archives are kept one by one: what a failure left is said. */
static enum outcome broken_off(const struct ingestion *in, const struct error *err)
{
    uint64_t added = in->intake == NULL ? 0 : intake_added(in->intake);

    if (added > 0)
        buf_printf(in->call->messages,
                   "kage: ingest: broken off; %" PRIu64 " of %zu archives are in the store, whole, "
                   "and nothing of the others\n",
                   added, in->reading.archives.count);
    return command_outcome(err);
}

/* What follows the archives: they are kept, so that a full disk is no failure of them. Returns:
 * false where the run has failed. */
static bool keep_up(struct ingestion *in, bool *left, struct error *err)
{
    if (forget_old(in, left, err) && rollup_refresh(in->store, err))
        return true;
    *left = true;
    if (err->code != ERROR_IO)
        return false;
    buf_append_string(in->call->messages, "kage: ingest: ");
    display_append(in->call->messages, slice_of_string(err->text));
    buf_append_string(in->call->messages, "; the archives are kept, what is left (days to be taken "
                                          "out, sums of days) is for the next ingest\n");
    *err = (struct error){0};
    return true;
}

static void write_manifest(struct ingestion *in, enum outcome outcome)
{
    struct options options = {groups, cmd_ingest.group_count, &in->arguments, NULL};
    struct manifest manifest = {.command = "ingest",
                                .options = &options,
                                .operands = &in->words.operands,
                                .signatures = in->digest,
                                .catalogue = in->signatures,
                                .report_zone = in->reading.report_zone,
                                .stamp_zone = reading_stamp_zone(&in->reading),
                                .result = &in->run.result,
                                .outcome = outcome};

    manifest_append(output_buf(in->reading.manifest), &manifest);
}

/* Under cron a good night is silent. */
static void append_account(const struct ingestion *in)
{
    struct account account = run_account(&in->run);
    bool shown = in->arguments.reading.verbose ||
                 (!in->arguments.reading.quiet && in->call->environment->progress);

    account.signatures = in->digest;
    account.catalogue = in->signatures;
    account.stored = true;
    account.people = &in->people;
    if (shown)
        account_append(in->call->messages, &account);
    account_append_problems(in->call->messages, &account);
    intake_append_notes(in->intake, in->call->messages);
}

/* A store that was made for nothing is taken away again. */
static void discard(struct ingestion *in)
{
    if (in->intake != NULL && intake_added(in->intake) > 0)
        return;
    store_discard(in->store);
    in->store = NULL;
}

static enum outcome ingest(struct ingestion *in, struct error *err)
{
    enum outcome outcome;
    bool left;

    if (!open_store(in, err))
        return command_outcome(err);
    if (!load_people(in, err)) /* days are those of the store's zone now */
        return command_outcome_of_start(err);
    if (!read_archives(in, err) || !keep_up(in, &left, err))
        return broken_off(in, err);
    outcome = in->reading.archives.count == 0 ? OUTCOME_DONE : run_outcome(&in->run);
    if (outcome == OUTCOME_DONE && (in->people.incomplete || left))
        outcome = OUTCOME_INCOMPLETE;
    if (in->reading.manifest != NULL && outcome != OUTCOME_FAILED)
        write_manifest(in, outcome);
    append_account(in);
    if (!append_silences(in, err))
        return command_outcome(err);
    if (outcome != OUTCOME_FAILED && !run_deliver(&in->run, NULL, err))
        return command_outcome(err);
    return outcome;
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct ingestion in = {.call = call};
    enum outcome outcome = prepare(&in, err) ? ingest(&in, err) : command_outcome_of_start(err);

    if (outcome == OUTCOME_FAILED || outcome == OUTCOME_WRONG_CALL)
        discard(&in);
    run_free(&in.run);
    intake_free(in.intake);
    store_close(in.store);
    signature_set_free(in.signatures);
    psl_close(in.psl);
    people_free(&in.people);
    reading_close(&in.reading);
    arena_free(&in.words.arena);
    return outcome;
}

const struct command cmd_ingest = {
    .operands = "[options] [ARCHIVE...]",
    .about =
        "Reads proxy and DNS logs as scan does and keeps the usage in a store, one SQLite file.\n"
        "With no archive it takes every [source] of the configuration, the newest last. What was\n"
        "counted once is not counted again, whatever it is called and however it is packed: "
        "renamed,\n"
        "copied, cut off, re-compressed, put together, rotated, or grown since, of which only the "
        "new\n"
        "lines count. An archive is kept whole or not at all; a last line without its end waits "
        "for the\n"
        "next run in a plain file. Silent where all is well and standard error is no terminal.",
    .examples = "  kage ingest --store usage.db /var/log/squid/access.log*\n"
                "  kage ingest -c /etc/kage/kage.conf\n"
                "  crontab: 15 4 * * * kage ingest\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct ingest_arguments),
    .run = run,
};
