/* cmd_formats.c: kage formats: the known log formats, what each gives, and their definitions. */
#include "command.h"
#include "format/catalog.h"
#include "format/mapping/transform.h"
#include "help.h"
#include "printing.h"
#include "record/record.h"
#include "report/display.h"
#include "report/output.h"
#include "spared.h"
#include "trial.h"

#include <string.h>

struct trying_arguments {
    const char *definition;
};

struct formats_arguments {
    struct printing_arguments printing;
    struct trying_arguments trying;
};

struct listing {
    const struct call *call;
    struct formats_arguments arguments;
    struct text_list operands;
    struct arena arena;
    enum writer_form form;
    struct format_catalog *catalog;
    struct output *out;
    const struct format *tried;   /* of --test */
    const struct format **chosen; /* to list or show, in order */
    size_t count;
};

/* What a column of the list shows: a field, or one of these. */
enum shown {
    SHOWN_ID = FIELD_COUNT,
    SHOWN_FAMILY,
    SHOWN_KINDS,
    SHOWN_ZONE,
    SHOWN_YEAR,
    SHOWN_TITLE,
    SHOWN_NOTES
};

enum { COLUMNS = FIELD_COUNT + 7 };

static const struct option_row trying_rows[] = {
    {'\0', "test", "DEF", OPTION_TEXT, offsetof(struct trying_arguments, definition),
     "show how the definition DEF (a file, or an id)\nreads the first lines of the logs FILE"},
    {0}};

static const struct option_group groups[] = {
    {"printing", printing_rows, offsetof(struct formats_arguments, printing)},
    {"trying", trying_rows, offsetof(struct formats_arguments, trying)},
};

/* In their order; `weight` as in struct column. */
static const struct shown_column {
    const char *name, *heading;
    int shows;
    uint8_t weight;
} shown_columns[COLUMNS] = {
    {"id", "id", SHOWN_ID, 1},
    {"family", "family", SHOWN_FAMILY, 8},
    {"kinds", "kinds", SHOWN_KINDS, 6},
    {"ts", "time", FIELD_TS, 2},
    {"zone", "zone", SHOWN_ZONE, 2},
    {"year", "year", SHOWN_YEAR, 6},
    {"client", "client", FIELD_CLIENT, 2},
    {"user", "user", FIELD_USER, 2},
    {"host", "host", FIELD_HOST, 2},
    {"url", "url", FIELD_URL, 3},
    {"method", "method", FIELD_METHOD, 4},
    {"status", "status", FIELD_STATUS, 3},
    {"bytes_up", "up", FIELD_BYTES_UP, 2},
    {"bytes_down", "down", FIELD_BYTES_DOWN, 2},
    {"action", "action", FIELD_ACTION, 2},
    {"qtype", "qtype", FIELD_QTYPE, 5},
    {"dest_ip", "dest", FIELD_DEST_IP, 3},
    {"user_agent", "agent", FIELD_USER_AGENT, 3},
    {"elapsed", "elapsed", FIELD_ELAPSED, 0},
    {"event", "event", FIELD_EVENT, 0},
    {"mac", "mac", FIELD_MAC, 0},
    {"name", "name", FIELD_NAME, 0},
    {"ts_end", "ts_end", FIELD_TS_END, 0},
    {"kind", "kind", FIELD_KIND, 0},
    {"title", "title", SHOWN_TITLE, 7},
    {"notes", "notes", SHOWN_NOTES, 0},
};

static void set_columns(struct column columns[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct column){shown_columns[i].name, shown_columns[i].heading, false,
                                     shown_columns[i].weight};
}

static bool write_kinds(struct writer *writer, unsigned kinds, struct error *err)
{
    struct buf text = {0};
    struct value value;
    bool ok;

    for (unsigned kind = RECORD_PROXY; kind <= RECORD_IDENTITY; kind++)
        if ((kinds & 1U << kind) != 0) {
            buf_append_string(&text, text.len > 0 ? "+" : "");
            buf_append_string(&text, record_kind_name((enum record_kind)kind));
        }
    value = value_text(buf_slice(&text));
    ok = text.failed ? error_set_memory(err) : writer_cell(writer, &value, err);
    buf_free(&text);
    return ok;
}

static bool write_notes(struct writer *writer, const struct format *format, struct error *err)
{
    struct buf text = {0};
    struct value value;
    const char *note;
    bool ok;

    for (size_t i = 0; (note = format_note(format, i)) != NULL; i++) {
        buf_append_string(&text, i == 0 ? "" : " ");
        buf_append_string(&text, note);
    }
    value = value_text(buf_slice(&text));
    if (text.len == 0)
        value.type = VALUE_EMPTY;
    ok = text.failed ? error_set_memory(err) : writer_cell(writer, &value, err);
    buf_free(&text);
    return ok;
}

static bool write_yes(struct writer *writer, bool yes, struct error *err)
{
    return writer_string(writer, yes ? "yes" : NULL, err);
}

static bool write_shown(struct writer *writer, const struct format *format, int shows,
                        struct error *err)
{
    switch (shows) {
    case SHOWN_ID: return writer_string(writer, format_id(format), err);
    case SHOWN_FAMILY: return writer_string(writer, format_family(format), err);
    case SHOWN_KINDS: return write_kinds(writer, format_kinds(format), err);
    case SHOWN_ZONE: return write_yes(writer, format_has_zone(format), err);
    case SHOWN_YEAR: return write_yes(writer, format_has_year(format), err);
    case SHOWN_TITLE: return writer_string(writer, format_title(format), err);
    case SHOWN_NOTES: return write_notes(writer, format, err);
    case FIELD_KIND: return write_yes(writer, true, err);
    default:
        return write_yes(writer, (format_fields(format) & FIELD_BIT((unsigned)shows)) != 0, err);
    }
}

static bool write_format(struct writer *writer, const struct format *format, struct error *err)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (!write_shown(writer, format, shown_columns[i].shows, err))
            return false;
    return true;
}

static bool list_formats(struct listing *l, struct error *err)
{
    struct column columns[COLUMNS];
    struct writer_task task = {l->out, columns, COLUMNS,
                               printing_look(l->call, &l->arguments.printing)};
    struct writer *writer;
    bool ok;

    set_columns(columns);
    writer = writer_open(l->form, &task, err);
    ok = writer != NULL;
    for (size_t i = 0; ok && i < l->count; i++)
        ok = write_format(writer, l->chosen[i], err);
    ok = ok && writer_end(writer, err);
    writer_free(writer);
    return ok;
}

static bool unknown_format(const struct listing *l, const char *id, struct error *err)
{
    struct nearest nearest = {.word = slice_of_string(id)};

    for (size_t i = 0; i < catalog_count(l->catalog); i++)
        nearest_offer(&nearest, format_id(catalog_at(l->catalog, i)));
    if (nearest.best == NULL)
        return error_set(err, ERROR_USAGE, "unknown format '%s'; expected an id or a family", id);
    return error_set(err, ERROR_USAGE, "unknown format '%s'; the nearest is '%s'", id,
                     nearest.best);
}

/* One more, unless it is there: a family may be named beside one of its formats. */
static void choose(struct listing *l, const struct format *format)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->chosen[i] == format)
            return;
    l->chosen[l->count++] = format;
}

/* Those named, by id or by family, or all. */
static bool choose_formats(struct listing *l, struct error *err)
{
    size_t count = catalog_count(l->catalog);
    bool all = l->operands.count == 0;

    l->chosen = ARENA_NEW(&l->arena, const struct format *, count + 1);
    if (l->chosen == NULL)
        return error_set_memory(err);
    for (size_t f = 0; all && f < count; f++)
        choose(l, catalog_at(l->catalog, f));
    for (size_t i = 0; i < l->operands.count; i++) {
        const char *name = l->operands.texts[i];
        const struct format *format = catalog_find(l->catalog, name);

        if (format != NULL)
            choose(l, format);
        else if (!catalog_has_family(l->catalog, name))
            return unknown_format(l, name, err);
        for (size_t f = 0; format == NULL && f < count; f++)
            if (strcmp(format_family(catalog_at(l->catalog, f)), name) == 0)
                choose(l, catalog_at(l->catalog, f));
    }
    return true;
}

/* What --test names, and at least one log. */
static bool choose_trial(struct listing *l, struct error *err)
{
    const char *name = l->arguments.trying.definition, *id = name;

    if (l->operands.count == 0)
        return error_set(err, ERROR_USAGE, "--test: expected a log file behind the definition");
    if (catalog_find(l->catalog, name) == NULL && !catalog_add_file(l->catalog, name, &id, err))
        return false;
    l->tried = catalog_find(l->catalog, id);
    return true;
}

/* One log; its result goes to standard error, and into ${outcome}. */
static bool try_log(struct listing *l, struct trial *trial, enum outcome *outcome,
                    struct error *err)
{
    struct trial_result result = {0};
    struct buf *out = l->call->messages;

    if (!trial_run(trial, &result, err))
        return false;
    buf_printf(out, "%s: %s: ", trial->path, format_id(trial->format));
    display_append_number(out, result.lines);
    buf_append_string(out, " lines = ");
    display_append_number(out, result.records);
    buf_append_string(out, " records ");
    if (result.adding > 0) {
        buf_append_byte(out, '(');
        display_append_number(out, result.adding);
        buf_append_string(out, " of them are skipped where they add to an earlier line) ");
    }
    buf_append_string(out, "+ ");
    display_append_number(out, result.skipped);
    buf_append_string(out, " skipped + ");
    display_append_number(out, result.rejected);
    buf_append_string(out, " rejected\n");
    if (result.rejected > 0 || (result.records == 0 && result.lines > 0))
        *outcome = OUTCOME_INCOMPLETE;
    return true;
}

static bool try_logs(struct listing *l, enum outcome *outcome, struct error *err)
{
    struct writer_task task = {l->out, trial_columns, trial_column_count,
                               printing_look(l->call, &l->arguments.printing)};
    struct trial trial = {.format = l->tried, .writer = writer_open(l->form, &task, err)};
    struct zone *zone = trial.writer == NULL ? NULL : zone_load_tz(l->call->environment->zone, err);
    bool ok = zone != NULL;

    trial.zone = zone;
    for (size_t i = 0; ok && i < l->operands.count; i++) {
        trial.path = l->operands.texts[i];
        ok = try_log(l, &trial, outcome, err);
    }
    ok = ok && writer_end(trial.writer, err);
    writer_free(trial.writer);
    zone_free(zone);
    return ok;
}

/* The definitions as they were written. */
static bool show_formats(struct listing *l, struct error *err)
{
    struct buf *out = output_buf(l->out);

    for (size_t i = 0; i < l->count; i++) {
        buf_append_string(out, i == 0 ? "" : "\n");
        buf_append(out, format_source(l->chosen[i]));
    }
    return output_drain(l->out, err);
}

static bool prepare(struct listing *l, struct error *err)
{
    struct options options = {groups, cmd_formats.group_count, &l->arguments, &l->arena};

    const struct text_list none = {0};
    bool trying;

    if (!options_parse(&options, call_arguments(l->call), &l->operands, err))
        return false;
    trying = l->arguments.trying.definition != NULL;
    if (!spared_check(&options, NULL, NULL, err) ||
        !spared_check_operands(l->arguments.printing.output, trying ? &l->operands : &none, err) ||
        !printing_form(&l->arguments.printing, &l->form, err))
        return false;
    l->catalog = catalog_create(err);
    if (l->catalog == NULL || !(trying ? choose_trial(l, err) : choose_formats(l, err)))
        return false;
    l->out = output_open(l->arguments.printing.output, l->call->guard, err);
    return l->out != NULL;
}

/* Formats that are named are shown in full, but for a form that has rows. */
static bool answer(struct listing *l, enum outcome *outcome, struct error *err)
{
    bool in_full = l->operands.count > 0 && l->form == WRITER_TABLE;

    if (l->tried != NULL)
        return try_logs(l, outcome, err);
    return in_full ? show_formats(l, err) : list_formats(l, err);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct listing l = {.call = call};
    enum outcome outcome = OUTCOME_DONE;

    if (!prepare(&l, err))
        outcome = command_outcome_of_start(err);
    else if (!answer(&l, &outcome, err) || !output_commit(l.out, err))
        outcome = command_outcome(err);
    output_close(l.out);
    catalog_free(l.catalog);
    arena_free(&l.arena);
    return outcome;
}

static void append_transforms(struct buf *out)
{
    const struct transform *transform;

    buf_append_string(out, "\ntransforms, for the fields of a definition:\n");
    for (size_t i = 0; (transform = transform_at(i)) != NULL; i++)
        help_append_entry(out, transform->name, transform->help);
}

const struct command cmd_formats = {
    .operands = "[options] [FORMAT...]\n       kage formats [options] --test DEF FILE...",
    .about =
        "Lists the log formats that kage knows and which fields each can give (blank: it cannot);\n"
        "zone and year: do its stamps carry them? With FORMAT, an id or a family: prints the\n"
        "definitions, or lists these alone where one of --csv, --json, --ndjson and --markdown "
        "asks\n"
        "for rows. The text of a definition in a file of yours is a format, too: `kage scan -f "
        "FILE`;\n`kage help formats-guide` tells how to write one.",
    .append_more = append_transforms,
    .examples = "  kage formats\n"
                "  kage formats squid-native > my.format\n"
                "  kage formats --test my.format access.log\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct formats_arguments),
    .run = run,
};
