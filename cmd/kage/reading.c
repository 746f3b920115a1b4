/* reading.c: from options to loaded formats, signatures, zones and archives. */
#include "reading.h"

#include "base/num.h"
#include "geo.h"
#include "report/output.h"
#include "signature/image.h"
#include "spared.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_CONFIG      "/etc/kage/kage.conf"
#define DEFAULT_MAX_MEMORY  (UINT64_C(1) << 30)
#define LEAST_MAX_MEMORY    (UINT64_C(1) << 20)
#define DEFAULT_MAX_REJECTS 10000 /* 1 % in millionths */

enum { FIRST_YEAR = 1970, LAST_YEAR = 9999, MOST_THREADS = 1024, WHOLE_PPM = 1000000 };

#define ROW(letter, name, argument, type, member, help)                                            \
    {                                                                                              \
        letter, name, argument, type, offsetof(struct reading_arguments, member), help             \
    }
#define CATALOGUE_ROWS                                                                             \
    ROW('c', "config", "FILE", OPTION_TEXT, config,                                                \
        "configuration; default: $KAGE_CONFIG, else\n" DEFAULT_CONFIG),                            \
        ROW('\0', "no-config", NULL, OPTION_FLAG, no_config, "read no configuration"),             \
        ROW('\0', "signatures", "DIR", OPTION_LIST, signatures,                                    \
            "more signatures, laid over the built-in ones;\nmay be repeated"),                     \
        ROW('\0', "geoip", "FILE", OPTION_LIST, geoip,                                             \
            "a MaxMind DB of countries or AS numbers; may be\n"                                    \
            "repeated; default: those in /usr/share/GeoIP and\n"                                   \
            "/var/lib/GeoIP")

#define POLICY_ROW                                                                                 \
    ROW('\0', "policy", "FILE", OPTION_TEXT, policy,                                               \
        "what the company allows (CSV), for the column status;\n`kage help policy` has an "        \
        "example")

#define USERS_ROWS                                                                                 \
    ROW('\0', "users", "FILE", OPTION_TEXT, users,                                                 \
        "directory: CSV user,name,department,email,aliases,\nleft_on, or LDIF"),                   \
        ROW('\0', "user-columns", "PAIRS", OPTION_TEXT, user_columns,                              \
            "headings of that file: user:Login,department:Unit")

#define IDENTITY_ROWS                                                                              \
    USERS_ROWS,                                                                                    \
        ROW('\0', "user-domains", "WORDS", OPTION_TEXT, user_domains,                              \
            "the company's domains, taken off names: corp,*.example;\ndefault: by the directory"), \
        ROW('\0', "service-users", "WORDS", OPTION_TEXT, service_users,                            \
            "names that are no people's: svc-*,monitor*"),                                         \
        ROW('\0', "leases", "FILE", OPTION_LIST, leases,                                           \
            "who had an address when: CSV ip_or_cidr,user,from,\nuntil, a DHCP server's file or "  \
            "a log "                                                                               \
            "of logons; may be\nrepeated"),                                                        \
        ROW('\0', "lease-hours", "N", OPTION_TEXT, lease_hours,                                    \
            "how long a lease or logon holds that does not say;\ndefault: 12"),                    \
        ROW('\0', "shared-users", "N", OPTION_TEXT, shared_users,                                  \
            "name addresses that more people share; default: 3"),                                  \
        ROW('\0', "devices", "FILE", OPTION_TEXT, devices,                                         \
            "machines to people: CSV mac,name,user")

#define WORKHOURS_ROWS                                                                             \
    ROW('\0', "work-hours", "HOURS", OPTION_TEXT, work_hours,                                      \
        "for --by workhours: mon-fri 9:00-12:00,13:00-18:00;\ndefault: mon-fri 9:00-18:00"),       \
        ROW('\0', "holidays", "FILE", OPTION_TEXT, holidays,                                       \
            "CSV of dates in place of Japan's built-in holidays")

const struct option_row reading_catalogue_rows[] = {CATALOGUE_ROWS, {0}};
const struct option_row reading_users_rows[] = {USERS_ROWS, {0}};
const struct option_row reading_identity_rows[] = {IDENTITY_ROWS, {0}};

const struct option_row reading_workhours_rows[] = {WORKHOURS_ROWS, {0}};

const struct option_row reading_keep_rows[] = {
    ROW('\0', "keep", "DAYS", OPTION_TEXT, keep,
        "take out days that are older, as `store purge` does;\ndefault: none"),
    ROW('\0', "keep-detail", "DAYS", OPTION_TEXT, keep_detail,
        "keep hosts with their users for so many days, for\n`store reclassify`; default: 40, 0 "
        "keeps "
        "none"),
    {0}};

const struct option_row reading_policy_rows[] = {CATALOGUE_ROWS, POLICY_ROW, {0}};

const struct option_row reading_rows[] = {
    CATALOGUE_ROWS,
    POLICY_ROW,
    ROW('f', "format", "ID", OPTION_TEXT, format,
        "exact id, family or definition file;\ndefault: detected from the content"),
    ROW('z', "timezone", "ZONE", OPTION_TEXT, timezone,
        "zone of stamps that carry none (Asia/Tokyo);\ndefault: the report zone"),
    ROW('\0', "report-timezone", "ZONE", OPTION_TEXT, report_timezone,
        "zone of days, hours and printed times;\ndefault: [kage] timezone, -z, TZ, the system's"),
    ROW('\0', "year", "YEAR", OPTION_TEXT, year,
        "year of the last stamp where stamps carry none;\ndefault: by the archive's own date"),
    ROW('\0', "date-order", "ORDER", OPTION_TEXT, date_order,
        "mdy or dmy, of dates such as 1/2/2026;\ndefault: as the log shows it, else by its own "
        "date"),
    ROW('\0', "rejects", "FILE", OPTION_TEXT, rejects,
        "write every rejected line there, with archive,\nline number and reason"),
    ROW('\0', "max-rejects", "SHARE", OPTION_TEXT, max_rejects,
        "exit status 3 where more lines are rejected;\ndefault: 1%"),
    ROW('j', "threads", "N", OPTION_TEXT, threads, "default: the number of processors"),
    ROW('\0', "max-memory", "SIZE", OPTION_TEXT, max_memory,
        "about so much memory; usage beyond waits in temporary\nfiles (TMPDIR); default: 1G, at "
        "least 1M"),
    ROW('\0', "manifest", "FILE", OPTION_TEXT, manifest,
        "write the account there as JSON, with digests"),
    ROW('q', "quiet", NULL, OPTION_FLAG, quiet, "no account; problems are still named"),
    ROW('v', "verbose", NULL, OPTION_FLAG, verbose, "an account of every archive"),
    IDENTITY_ROWS,
    ROW('\0', "exclude", "FILE", OPTION_TEXT, exclude,
        "what not to count: CSV user,client,host,app,until,\nreason"),
    WORKHOURS_ROWS,
    {0}};

/* The configuration to read, or NULL. */
static const char *configuration_path(const struct call *call, const struct reading_arguments *a)
{
    if (a->no_config)
        return NULL;
    if (a->config != NULL)
        return a->config;
    if (call->environment->config != NULL)
        return call->environment->config;
    return access(DEFAULT_CONFIG, F_OK) == 0 ? DEFAULT_CONFIG : NULL;
}

/* The options that are keys of [kage], with their values in ${a}. */
static struct options keys_of(struct reading_arguments *a, struct arena *arena)
{
    static const struct option_group keys[] = {{"", reading_rows, 0}, {"", reading_keep_rows, 0}};

    return (struct options){keys, sizeof keys / sizeof *keys, a, arena};
}

static bool read_configuration(const char *path, struct reading_arguments *a,
                               struct reading_words *words, struct error *err)
{
    struct options options = keys_of(a, &words->arena);
    struct config config = {
        path, &options, &a->config_timezone, &a->config_store, &words->sources, &words->places};

    return config_read(&config, &words->arena, err);
}

bool reading_parse(const struct call *call, const struct command *command, void *arguments,
                   struct reading_words *words, struct error *err)
{
    struct options options = {command->groups, command->group_count, arguments, &words->arena};
    struct reading_arguments *reading = arguments, configured = {0};
    const char *path;

    memset(arguments, 0, command->arguments_size);
    if (!options_parse(&options, call_arguments(call), &words->operands, err))
        return false;
    path = configuration_path(call, reading);
    if (path == NULL)
        return spared_check(&options, NULL, NULL, err);
    if (!read_configuration(path, &configured, words, err))
        return false;
    /* Once more, over what the configuration says. */
    memset(arguments, 0, command->arguments_size);
    *reading = configured;
    words->operands.count = 0;
    return options_parse(&options, call_arguments(call), &words->operands, err) &&
           spared_check(&options, path, reading->config_store, err);
}

bool reading_parse_size(const char *text, uint64_t *bytes)
{
    static const char units[] = "KMGT";
    struct slice digits = slice_of_string(text);
    const char *unit;
    uint64_t factor = 1;

    if (digits.len > 1 && digits.ptr[digits.len - 1] != '\0') {
        unit = strchr(units, digits.ptr[digits.len - 1] & ~0x20);
        if (unit != NULL) {
            factor = UINT64_C(1) << (10 * (unit - units + 1));
            digits.len--;
        }
    }
    return num_parse(digits, UINT64_MAX, bytes) && !__builtin_mul_overflow(*bytes, factor, bytes) &&
           *bytes > 0;
}

bool reading_parse_share(const char *text, uint32_t *ppm)
{
    struct slice rest = slice_trim(slice_of_string(text)), whole, fraction;
    bool percent = slice_ends_with(rest, SLICE("%"));
    uint64_t value = 0, digits = 0, unit = percent ? WHOLE_PPM / 100 : WHOLE_PPM;

    if (percent)
        rest = slice_trim(slice_of(rest.ptr, rest.len - 1));
    if (slice_cut(rest, '.', &whole, &fraction)) {
        if (fraction.len > 6 || !num_parse(fraction, UINT64_MAX, &digits))
            return false;
        for (size_t i = fraction.len; i < 6; i++)
            digits *= 10;
    }
    if (!num_parse(whole, WHOLE_PPM, &value))
        return false;
    value = value * unit + digits * unit / WHOLE_PPM;
    *ppm = (uint32_t)value;
    return value <= WHOLE_PPM;
}

bool reading_lay_signatures(struct signature_set *set, const struct text_list *folders,
                            struct error *err)
{
    bool ok = signature_set_add_builtin(set, err);

    for (size_t i = 0; ok && i < folders->count; i++)
        ok = signature_set_add_dir(set, folders->texts[i], err);
    return ok;
}

bool reading_add_signatures(struct signature_set *set, const struct text_list *folders,
                            struct error *err)
{
    return reading_lay_signatures(set, folders, err) && signature_set_finish(set, err);
}

struct signature_set *reading_load_signatures(const struct call *call,
                                              const struct reading_arguments *arguments,
                                              struct error *err)
{
    struct signature_set *set = signature_set_create(err);

    if (set != NULL && reading_add_signatures(set, &arguments->signatures, err) &&
        geo_load(&arguments->geoip, call->environment->geoip, set, err))
        return set;
    signature_set_free(set);
    return NULL;
}

static bool unknown_format(const struct reading *r, const char *name, struct error *err)
{
    struct nearest nearest = {.word = slice_of_string(name)};

    for (size_t i = 0; i < catalog_count(r->formats); i++) {
        nearest_offer(&nearest, format_id(catalog_at(r->formats, i)));
        nearest_offer(&nearest, format_family(catalog_at(r->formats, i)));
    }
    if (nearest.best == NULL)
        return error_set(err, ERROR_USAGE,
                         "unknown format '%s'; expected an id or family of `kage formats`, or a "
                         "definition file",
                         name);
    return error_set(err, ERROR_USAGE, "unknown format '%s'; the nearest is '%s'", name,
                     nearest.best);
}

static bool is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* An id, a family, or a definition file. */
static bool is_format(const struct reading *r, const char *name)
{
    return catalog_find(r->formats, name) != NULL || catalog_has_family(r->formats, name) ||
           is_file(name);
}

static bool choose_format(struct reading *r, const char *name, struct error *err)
{
    r->format = name;
    if (name == NULL)
        return true;
    if (!is_format(r, name))
        return unknown_format(r, name, err) || error_context(err, "--format");
    if (catalog_find(r->formats, name) != NULL || catalog_has_family(r->formats, name))
        return true;
    return catalog_add_file(r->formats, name, &r->format, err);
}

static struct zone *load_zone(const char *name, const char *option, struct error *err)
{
    struct zone *zone = zone_load(name, err);

    if (zone == NULL)
        error_context(err, "%s", option);
    return zone;
}

/* The report zone: what is said for it, else the zone of stamps, else the system's. */
static struct zone *load_report_zone(const struct call *call, const struct reading_arguments *a,
                                     struct error *err)
{
    struct zone *zone;

    if (a->report_timezone != NULL)
        return load_zone(a->report_timezone, "--report-timezone", err);
    if (a->config_timezone != NULL)
        return load_zone(a->config_timezone, "[kage] timezone", err);
    if (a->timezone != NULL)
        return load_zone(a->timezone, "--timezone", err);
    zone = zone_load_tz(call->environment->zone, err);
    if (zone == NULL)
        error_context(err, "the system's zone (TZ or /etc/localtime)");
    return zone;
}

const struct zone *reading_stamp_zone(const struct reading *r)
{
    return r->own_stamp_zone != NULL ? r->own_stamp_zone : r->report_zone;
}

bool reading_set_report_zone(struct reading *r, const char *name, struct error *err)
{
    struct zone *zone = zone_load_tz(name, err);

    if (zone == NULL)
        return error_context(err, "the store's zone");
    zone_free(r->report_zone);
    r->report_zone = zone;
    return true;
}

static bool choose_inflate(struct reading *r, const char *name, struct error *err)
{
    r->inflate = INFLATE_BEST;
    if (name == NULL)
        return true;
    if (strcmp(name, "zlib") == 0)
        r->inflate = INFLATE_ZLIB;
    else if (strcmp(name, "isal") == 0)
        r->inflate = INFLATE_ISAL;
    else
        return error_set(err, ERROR_USAGE, "KAGE_INFLATE: '%s': expected zlib or isal", name);
    return true;
}

static bool parse_number(const char *option, const char *text, uint64_t least, uint64_t most,
                         uint64_t *out, struct error *err)
{
    if (text == NULL)
        return true;
    if (num_parse(slice_of_string(text), most, out) && *out >= least)
        return true;
    return error_set(err, ERROR_USAGE, "--%s: '%s': expected a number from %llu to %llu", option,
                     text, (unsigned long long)least, (unsigned long long)most);
}

static bool parse_numbers(struct reading *r, const struct call *call,
                          const struct reading_arguments *a, struct error *err)
{
    uint64_t year = 0, threads = call->environment->processors;

    if (!parse_number("year", a->year, FIRST_YEAR, LAST_YEAR, &year, err) ||
        !parse_number("threads", a->threads, 1, MOST_THREADS, &threads, err))
        return false;
    r->year = (int)year;
    r->date_order =
        a->date_order == NULL ? ORDER_OPEN : stamp_order_of(slice_of_string(a->date_order));
    if (a->date_order != NULL && r->date_order == ORDER_OPEN)
        return error_set(err, ERROR_USAGE, "--date-order: '%s': expected mdy or dmy",
                         a->date_order);
    r->threads = (unsigned)threads;
    r->max_memory = DEFAULT_MAX_MEMORY;
    if (a->max_memory != NULL && !reading_parse_size(a->max_memory, &r->max_memory))
        return error_set(err, ERROR_USAGE, "--max-memory: '%s': expected a size such as 512M or 1G",
                         a->max_memory);
    if (r->max_memory < LEAST_MAX_MEMORY)
        r->max_memory = LEAST_MAX_MEMORY;
    r->max_rejects_ppm = DEFAULT_MAX_REJECTS;
    if (a->max_rejects != NULL && !reading_parse_share(a->max_rejects, &r->max_rejects_ppm))
        return error_set(err, ERROR_USAGE,
                         "--max-rejects: '%s': expected a share such as 1%% or 0.01",
                         a->max_rejects);
    return true;
}

/* A definition file is loaded once; from then on its id stands for it. */
static bool load_source_format(struct reading *r, const struct sources *sources, size_t index,
                               struct error *err)
{
    struct source *source = &sources->sources[index];

    if (source->format == NULL || !is_format(r, source->format))
        return source->format == NULL || unknown_format(r, source->format, err);
    if (catalog_find(r->formats, source->format) != NULL ||
        catalog_has_family(r->formats, source->format))
        return true;
    source->format_file = source->format;
    for (size_t i = 0; i < index; i++)
        if (sources->sources[i].format_file != NULL &&
            strcmp(sources->sources[i].format_file, source->format_file) == 0) {
            source->format = sources->sources[i].format;
            return true;
        }
    return catalog_add_file(r->formats, source->format_file, &source->format, err);
}

static bool check_encoding(const char *name, struct error *err)
{
    return name == NULL || encoding_find(slice_of_string(name)) != ENCODING_UNKNOWN ||
           error_set(err, ERROR_USAGE, "encoding '%s': expected utf-8, cp932 or euc-jp", name);
}

static bool check_order(const char *name, struct error *err)
{
    return name == NULL || stamp_order_of(slice_of_string(name)) != ORDER_OPEN ||
           error_set(err, ERROR_USAGE, "date-order '%s': expected mdy or dmy", name);
}

/* Every source must be right, read now or not. */
static bool check_sources(struct reading *r, const struct sources *sources, struct error *err)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct source *source = &sources->sources[i];
        struct zone *zone = source->timezone == NULL ? NULL : zone_load(source->timezone, err);

        zone_free(zone);
        if (err->code != ERROR_NONE || !load_source_format(r, sources, i, err) ||
            !check_encoding(source->encoding, err) || !check_order(source->date_order, err)) {
            err->code = err->code == ERROR_USAGE ? ERROR_SYNTAX : err->code;
            return error_context(err, "%s:%zu: [source %s]", source->file, source->line,
                                 source->name);
        }
    }
    return true;
}

static bool list_archives(struct reading *r, const struct text_list *operands, struct error *err)
{
    for (size_t i = 0; i < operands->count; i++)
        if (!archive_list_add(&r->archives, operands->texts[i], err))
            return false;
    return true;
}

static bool open_outputs(struct reading *r, const struct call *call,
                         const struct reading_arguments *a, struct error *err)
{
    if (a->rejects != NULL)
        r->rejects = output_open(a->rejects, call->guard, err);
    if (err->code == ERROR_NONE && a->manifest != NULL)
        r->manifest = output_open(a->manifest, call->guard, err);
    return err->code == ERROR_NONE;
}

/* The zones, the formats, and which of them the archives are read with. */
static bool load(struct reading *r, const struct call *call, const struct reading_arguments *a,
                 const struct sources *sources, struct error *err)
{
    r->report_zone = load_report_zone(call, a, err);
    if (r->report_zone == NULL)
        return false;
    r->formats = catalog_create(err);
    if (r->formats == NULL || !check_sources(r, sources, err) || !choose_format(r, a->format, err))
        return false;
    if (a->timezone != NULL)
        r->own_stamp_zone = load_zone(a->timezone, "--timezone", err);
    return err->code == ERROR_NONE &&
           hints_make(&r->hints, &r->archives, sources, r->format, r->own_stamp_zone, err);
}

/* Is ${value} of the configuration what holds, or did the command line say something else? */
static bool holds(const struct reading_arguments *a, const char *name, const char *value)
{
    struct reading_arguments copy = *a;
    const struct options options = keys_of(&copy, NULL);
    const struct option_group *group = NULL;
    const struct option_row *row;
    const char *held;

    if (a->config_timezone == value)
        return true;
    row = options_find(&options, slice_from(slice_of_string(name), strlen("--")), &group);
    for (size_t i = 0; row != NULL && options_value(&options, group, row, i, &held); i++)
        if (held == value)
            return true;
    return false;
}

/* A failure about a value of the configuration is to say where that stands. */
static bool blame(const struct reading_arguments *a, const struct config_places *places,
                  struct error *err)
{
    for (size_t i = 0; i < places->names.count; i++) {
        const char *name = places->names.texts[i];
        size_t length = strlen(name);

        if (strncmp(err->text, name, length) != 0 || err->text[length] != ':' ||
            !holds(a, name, places->values.texts[i]))
            continue;
        err->code = err->code == ERROR_USAGE ? ERROR_SYNTAX : err->code;
        return error_context(err, "%s", places->places.texts[i]);
    }
    return false;
}

bool reading_open(struct reading *r, const struct call *call, const struct reading_arguments *a,
                  const struct reading_words *words, struct error *err)
{
    if (words->operands.count == 0 && !words->may_be_empty)
        return error_set(err, ERROR_USAGE,
                         "no archive named; expected a log file, a folder of them, or -");
    return (choose_inflate(r, call->environment->inflate, err) && parse_numbers(r, call, a, err) &&
            list_archives(r, &words->operands, err) && load(r, call, a, &words->sources, err) &&
            open_outputs(r, call, a, err)) ||
           blame(a, &words->places, err);
}

void reading_close(struct reading *r)
{
    output_close(r->rejects);
    output_close(r->manifest);
    archive_list_free(&r->archives);
    catalog_free(r->formats);
    hints_free(&r->hints);
    zone_free(r->own_stamp_zone);
    zone_free(r->report_zone);
}
