/* main.c: kage-gen: writes a log that never was, and what is true of it. */

#include "base/calendar.h"
#include "base/embedded.h"
#include "base/num.h"
#include "lines.h"
#include "traffic.h"
#include "truth.h"
#include "world.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_BYTES = 1 << 18, LINE_ROOM = 4096, DAYS_MAX = 3650, EXIT_USAGE = 2, EXIT_FAILED = 4 };
#define LINES_MAX UINT64_C(1000000000000)

struct options {
    const struct line_format *format;
    uint64_t lines, users, hosts, apps, days, seed;
    int64_t start_ms;
    double app_share;
    const char *truth;
    bool help;
};

static const char usage[] =
    "usage: kage-gen --format FORMAT [options]\n"
    "Writes a log to standard output; the same options give the same bytes.\n\n"
    "  --format FORMAT     squid, bind, csv, zeek-http-json, bluecoat-w3c or fortigate-kv\n"
    "  --lines N           lines (default 100000)\n"
    "  --users U           users (default 200)\n"
    "  --hosts H           host names (default 2000), visited by Zipf's law\n"
    "  --apps A            apps in use, of all that are known (default 400); a user has a quarter\n"
    "  --days D            days spanned (default 1)\n"
    "  --seed S            another seed, another log (default 1)\n"
    "  --start YYYY-MM-DD  the first day, UTC (default 2026-09-01)\n"
    "  --app-share SHARE   share of the hosts that belong to apps, 0 to 1 (default 0.3)\n"
    "  --truth FILE        CSV of what is true, per user and app\n";

static bool parse_number(const char *name, const char *text, uint64_t max, uint64_t *out,
                         struct error *err)
{
    if (num_parse(slice_of_string(text), max, out) && *out != 0)
        return true;
    return error_set(err, ERROR_USAGE, "--%s '%s': expected a number from 1 to %llu", name, text,
                     (unsigned long long)max);
}

static bool parse_share(const char *text, double *out, struct error *err)
{
    char *end;

    *out = strtod(text, &end);
    if (end != text && *end == '\0' && *out >= 0 && *out <= 1)
        return true;
    return error_set(err, ERROR_USAGE, "--app-share '%s': expected a number from 0 to 1", text);
}

static bool parse_start(const char *text, int64_t *out_ms, struct error *err)
{
    const struct slice s = slice_of_string(text);
    uint64_t year = 0, month = 0, day = 0;
    struct civil c;

    if (s.len == 10 && text[4] == '-' && text[7] == '-' &&
        num_parse(slice_of(text, 4), 9999, &year) && num_parse(slice_of(text + 5, 2), 12, &month) &&
        num_parse(slice_of(text + 8, 2), 31, &day)) {
        c = (struct civil){.year = (int32_t)year, .month = (int32_t)month, .day = (int32_t)day};
        *out_ms = calendar_seconds(&c) * 1000;
        if (year >= 1970 && calendar_valid(&c))
            return true;
    }
    return error_set(err, ERROR_USAGE, "--start '%s': expected a date from 1970-01-01 on", text);
}

static bool parse_format(const char *text, const struct line_format **out, struct error *err)
{
    *out = line_format_find(text);
    if (*out != NULL)
        return true;
    return error_set(err, ERROR_USAGE, "--format '%s': expected %s", text, line_format_names);
}

static bool set_option(struct options *o, int option, const char *value, struct error *err)
{
    switch (option) {
    case 'f': return parse_format(value, &o->format, err);
    case 'l': return parse_number("lines", value, LINES_MAX, &o->lines, err);
    case 'u': return parse_number("users", value, WORLD_USERS_MAX, &o->users, err);
    case 'h': return parse_number("hosts", value, WORLD_HOSTS_MAX, &o->hosts, err);
    case 'p': return parse_number("apps", value, WORLD_APPS_MAX, &o->apps, err);
    case 'd': return parse_number("days", value, DAYS_MAX, &o->days, err);
    case 's': return parse_number("seed", value, UINT64_MAX, &o->seed, err);
    case 'a': return parse_share(value, &o->app_share, err);
    case 'b': return parse_start(value, &o->start_ms, err);
    case 't': o->truth = value; return true;
    case 'H': o->help = true; return true;
    }
    return error_set(err, ERROR_USAGE, "see kage-gen --help");
}

static bool parse_options(int argc, char **argv, struct options *o, struct error *err)
{
    static const struct option known[] = {
        {"format", required_argument, NULL, 'f'}, {"lines", required_argument, NULL, 'l'},
        {"users", required_argument, NULL, 'u'},  {"hosts", required_argument, NULL, 'h'},
        {"apps", required_argument, NULL, 'p'},   {"days", required_argument, NULL, 'd'},
        {"seed", required_argument, NULL, 's'},   {"app-share", required_argument, NULL, 'a'},
        {"start", required_argument, NULL, 'b'},  {"truth", required_argument, NULL, 't'},
        {"help", no_argument, NULL, 'H'},         {NULL, 0, NULL, 0}};
    int option;

    *o = (struct options){.lines = 100000,
                          .users = 200,
                          .hosts = 2000,
                          .apps = 400,
                          .days = 1,
                          .seed = 1,
                          .start_ms = INT64_C(1788220800000),
                          .app_share = 0.3};
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
        if (!set_option(o, option, optarg, err))
            return false;
    if (optind != argc)
        return error_set(err, ERROR_USAGE, "'%s': expected options only", argv[optind]);
    if (o->format == NULL && !o->help)
        return error_set(err, ERROR_USAGE, "--format is missing: expected %s", line_format_names);
    return true;
}

static struct signature_set *load_signatures(struct error *err)
{
    struct signature_set *set = signature_set_create(err);
    bool ok = set != NULL;

    for (size_t i = 0; ok && i < embedded_signatures_count; i++) {
        const struct embedded_file *f = &embedded_signatures[i];
        const struct signature_file file = {f->name, slice_of(f->bytes, f->len)};

        ok = signature_set_add(set, &file, err);
    }
    if (ok && signature_set_finish(set, err))
        return set;
    signature_set_free(set);
    return NULL;
}

static bool flush(struct buf *out, struct error *err)
{
    if (out->failed)
        return error_set_memory(err);
    if (fwrite(out->ptr, 1, out->len, stdout) != out->len)
        return error_set_errno(err, errno, "standard output");
    buf_reset(out);
    return true;
}

static bool write_lines(struct traffic *traffic, const struct line_format *format,
                        struct truth *truth, struct buf *out, struct error *err)
{
    struct event event;

    buf_append_string(out, format->header);
    while (traffic_next(traffic, &event)) {
        if (truth != NULL && !truth_add(truth, &event, err))
            return false;
        format->append(out, &event);
        if (out->len >= OUTPUT_BYTES && !flush(out, err))
            return false;
    }
    if (!flush(out, err))
        return false;
    return fflush(stdout) == 0 || error_set_errno(err, errno, "standard output");
}

static bool generate_in(const struct options *o, const struct world *world, FILE *truth_file,
                        struct error *err)
{
    const struct line_format *format = o->format;
    struct traffic traffic =
        traffic_of(world, o->lines, (unsigned)o->days, o->start_ms, format->shape.dns);
    struct truth *truth = truth_file == NULL ? NULL : truth_create(world, &format->shape, err);
    struct buf out = {0};
    bool ok = err->code == ERROR_NONE;

    ok = ok && (buf_reserve(&out, OUTPUT_BYTES + LINE_ROOM) || error_set_memory(err));
    ok = ok && write_lines(&traffic, format, truth, &out, err);
    ok = ok && (truth == NULL || truth_write(truth, truth_file, err));
    buf_free(&out);
    truth_free(truth);
    return ok;
}

static bool generate(const struct options *o, struct error *err)
{
    const struct world_size size = {o->users, o->hosts, o->app_share, o->seed, o->apps};
    FILE *truth_file = o->truth == NULL ? NULL : fopen(o->truth, "w");
    struct signature_set *signatures;
    struct world world;
    bool ok;

    if (o->truth != NULL && truth_file == NULL)
        return error_set_errno(err, errno, "--truth %s", o->truth);
    signatures = load_signatures(err);
    ok = signatures != NULL && world_create(&size, signatures, &world, err);
    if (ok) {
        ok = generate_in(o, &world, truth_file, err);
        world_free(&world);
    }
    signature_set_free(signatures);
    if (truth_file != NULL)
        fclose(truth_file);
    return ok;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error err = {0};

    if (!parse_options(argc, argv, &options, &err)) {
        fprintf(stderr, "kage-gen: %s\n", err.text);
        return EXIT_USAGE;
    }
    if (options.help || options.format == NULL)
        return fputs(usage, stdout) < 0 ? EXIT_FAILED : 0;
    if (generate(&options, &err))
        return 0;
    fprintf(stderr, "kage-gen: %s\n", err.text);
    return EXIT_FAILED;
}
