/* manifest.c: keys and values of the manifest. */
#include "manifest.h"

#include "base/calendar.h"
#include "io/digest.h"
#include "report/json.h"
#include "report/pseudonym.h"
#include "signature/geoip.h"

/* Reasons as keys; their texts are for people. */
static const char *reject_key(enum reject why)
{
    static const char *const keys[REJECT_COUNT] = {
        [REJECT_NONE] = "none",     [REJECT_SHAPE] = "shape",   [REJECT_TIME] = "time",
        [REJECT_HOST] = "host",     [REJECT_NUMBER] = "number", [REJECT_TOO_LONG] = "too_long",
        [REJECT_CLIENT] = "client", [REJECT_VALUE] = "value",
    };

    return keys[why];
}

static void key_time(struct json *j, const char *key, const struct zone *zone, int64_t time_us)
{
    struct buf text = {0};

    zone_append_rfc3339(&text, zone, time_us);
    json_key(j, key);
    json_text(j, buf_slice(&text));
    buf_free(&text);
}

/* What such an option says is no name, address or path. */
static bool is_plain(const char *option)
{
    static const char *const names[] = {"since",    "until",    "by",       "department", "app",
                                        "category", "vendor",   "managed",  "status",     "country",
                                        "use",      "timezone", "encoding", "date-order"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(option, names[i]) == 0)
            return true;
    return false;
}

static void append_text(struct json *j, const char *text, const struct pseudonyms *pseudonyms)
{
    struct buf shown = {0};

    if (pseudonyms == NULL) {
        json_string(j, text);
        return;
    }
    pseudonym_append(pseudonyms, PSEUDONYM_TEXT, slice_of_string(text), &shown);
    j->out->failed |= shown.failed;
    json_text(j, buf_slice(&shown));
    buf_free(&shown);
}

void manifest_key_text(struct json *j, const char *key, const char *text,
                       const struct pseudonyms *pseudonyms)
{
    json_key(j, key);
    if (text == NULL)
        json_null(j);
    else
        append_text(j, text, pseudonyms);
}

static void append_option(struct json *j, const struct options *o, const struct option_group *group,
                          const struct option_row *row, const struct pseudonyms *pseudonyms)
{
    const struct pseudonyms *p = is_plain(row->name) ? NULL : pseudonyms;
    const char *value;

    if (!options_value(o, group, row, 0, &value))
        return;
    json_key(j, row->name);
    if (row->type == OPTION_FLAG) {
        json_boolean(j, true);
        return;
    }
    if (row->type != OPTION_LIST) {
        append_text(j, value, p);
        return;
    }
    json_open(j, '[');
    for (size_t i = 0; options_value(o, group, row, i, &value); i++)
        append_text(j, value, p);
    json_close(j, ']');
}

void manifest_append_options(struct json *j, const struct options *options, const char *but,
                             const struct pseudonyms *pseudonyms)
{
    json_key(j, "options");
    json_open(j, '{');
    for (size_t g = 0; g < options->group_count; g++) {
        const struct option_group *group = &options->groups[g];

        for (const struct option_row *row = group->rows; row->name != NULL; row++)
            if (but == NULL || strcmp(row->name, but) != 0)
                append_option(j, options, group, row, pseudonyms);
    }
    json_close(j, '}');
}

static void append_call(struct json *j, const struct manifest *m)
{
    manifest_append_options(j, m->options, NULL, NULL);
    json_key(j, "arguments");
    json_open(j, '[');
    for (size_t i = 0; i < m->operands->count; i++)
        json_string(j, m->operands->texts[i]);
    json_close(j, ']');
}

/* A file that people write; what it holds has gone into the answer. */
static void append_file(struct json *j, const char *option, const char *path,
                        const struct pseudonyms *pseudonyms)
{
    char hex[DIGEST_HEX] = "";
    struct error gone = {0}; /* since it was read */
    uint64_t bytes = 0;

    json_open(j, '{');
    json_key_string(j, "option", option);
    manifest_key_text(j, "path", path, pseudonyms);
    digest_file_hex(path, &bytes, hex, &gone);
    json_key_number(j, "bytes", bytes);
    json_key_string(j, "sha256", hex);
    json_close(j, '}');
}

void manifest_append_files(struct json *j, const char *key, const struct options *options,
                           const struct pseudonyms *pseudonyms)
{
    static const char *const names[] = {"config", "geoip",   "policy",  "users",
                                        "leases", "devices", "exclude", "holidays"};
    const struct option_group *group = NULL;
    const char *path;

    json_key(j, key);
    json_open(j, '[');
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        const struct option_row *row = options_find(options, slice_of_string(names[n]), &group);

        for (size_t i = 0; row != NULL && options_value(options, group, row, i, &path); i++)
            append_file(j, row->name, path, pseudonyms);
    }
    json_close(j, ']');
}

static void append_tally(struct json *j, const struct manifest *m, const struct tally *t)
{
    json_key_number(j, "lines", t->lines);
    json_key_number(j, "records", t->records);
    json_key_number(j, "skipped", t->skipped);
    json_key_number(j, "rejected", t->rejected);
    json_key(j, "rejected_by");
    json_open(j, '{');
    for (int why = 0; why < REJECT_COUNT; why++)
        if (t->rejected_by[why] > 0)
            json_key_number(j, reject_key((enum reject)why), t->rejected_by[why]);
    json_close(j, '}');
    if (t->first_us > t->last_us)
        return;
    key_time(j, "first", m->report_zone, t->first_us);
    key_time(j, "last", m->report_zone, t->last_us);
}

static void append_archive(struct json *j, const struct manifest *m,
                           const struct archive_result *archive)
{
    json_open(j, '{');
    json_key_string(j, "name", archive->name);
    json_key_string(j, "sha256", archive->sha256);
    json_key_string(j, "packing", archive->packing);
    json_key_number(j, "bytes", archive->compressed_bytes);
    json_key_number(j, "unpacked_bytes", archive->tally.bytes);
    json_key_string(j, "format", archive->format);
    json_key_string(j, "read_alike", archive->twins);
    if (archive->year_of_last != 0)
        json_key_number(j, "year", (uint64_t)archive->year_of_last);
    if (archive->date_order != ORDER_OPEN) {
        json_key_string(j, "date_order", stamp_order_name(archive->date_order));
        json_key_string(j, "date_order_by", archive->date_order_by_time ? "archive" : "format");
    }
    append_tally(j, m, &archive->tally);
    for (int e = ENCODING_CP932; e < ENCODING_COUNT; e++)
        if (archive->recoded[e] > 0)
            json_key_number(j, encoding_name((enum encoding)e), archive->recoded[e]);
    json_key_string(j, "damage", archive->damage);
    json_key_string(j, "failure", archive->failure.text);
    json_close(j, '}');
}

static void append_total(struct json *j, const struct manifest *m)
{
    const struct tally *total = &m->result->total;

    json_key(j, "total");
    json_open(j, '{');
    append_tally(j, m, total);
    if (m->signatures != NULL) {
        json_key_number(j, "matched", total->matched);
        json_key_number(j, "unmatched", total->unmatched);
        json_key_number(j, "excluded", total->excluded);
        json_key_number(j, "filtered", total->filtered);
        json_key_number(j, "challenged", total->challenged);
        json_key_number(j, "elapsed_ignored", total->elapsed_ignored);
    }
    json_close(j, '}');
}

/* The databases of addresses. */
static void append_geoip(struct json *j, const struct manifest *m)
{
    const struct geoip *geoip = m->catalogue == NULL ? NULL : signature_geoip(m->catalogue);

    if (geoip == NULL || geoip_count(geoip) == 0)
        return;
    json_key(j, "geoip");
    json_open(j, '[');
    for (size_t i = 0; i < geoip_count(geoip); i++) {
        struct geoip_note note = geoip_at(geoip, i);

        json_open(j, '{');
        json_key_string(j, "path", note.path);
        json_key_string(j, "type", note.type);
        key_time(j, "built", m->report_zone, note.built_s * MICROSECONDS_PER_SECOND);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void manifest_append(struct buf *out, const struct manifest *m)
{
    struct json j = {.out = out, .pretty = true};

    json_open(&j, '{');
    json_key_string(&j, "kage", KAGE_VERSION);
    json_key_string(&j, "command", m->command);
    append_call(&j, m);
    manifest_append_files(&j, "files", m->options, NULL);
    json_key_string(&j, "signatures", m->signatures);
    append_geoip(&j, m);
    json_key_string(&j, "report_timezone", zone_name(m->report_zone));
    json_key_string(&j, "timezone", zone_name(m->stamp_zone));
    json_key_number(&j, "status", m->outcome);
    append_total(&j, m);
    json_key(&j, "archives");
    json_open(&j, '[');
    for (size_t i = 0; i < m->result->count; i++)
        append_archive(&j, m, &m->result->archives[i]);
    json_close(&j, ']');
    json_close(&j, '}');
    buf_append_byte(out, '\n');
}
