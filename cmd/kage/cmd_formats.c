/* cmd_formats.c: kage formats: the known log formats, what each gives, and their definitions. */
#include "command.h"
#include "format/catalog.h"
#include "format/transform.h"
#include "help.h"
#include "printing.h"
#include "record/record.h"
#include "report/output.h"

#include <string.h>

struct formats_arguments {
    struct printing_arguments printing;
};

struct listing {
    const struct call *call;
    struct formats_arguments arguments;
    struct text_list operands;
    struct arena arena;
    enum writer_form form;
    struct format_catalog *catalog;
    struct output *out;
    const struct format **chosen; /* to list or show, in order */
    size_t count;
};

enum { LEADING_COLUMNS = 3, TRAILING_COLUMNS = 4 };
enum { COLUMNS = LEADING_COLUMNS + FIELD_COUNT + TRAILING_COLUMNS };

static const struct option_row later_rows[] = {{'\0', "test", "DEF", OPTION_LATER, 0, ""}, {0}};

static const struct option_group groups[] = {
    {"printing", printing_rows, offsetof(struct formats_arguments, printing)},
    {"formats", later_rows, 0},
};

/* How soon a field's column makes room on a narrow terminal; 0: all formats have it, or none that
 * people look for. */
static uint8_t field_weight(enum field field)
{
    static const uint8_t weights[FIELD_COUNT] = {
        [FIELD_CLIENT] = 2, [FIELD_USER] = 2,    [FIELD_BYTES_UP] = 2,   [FIELD_BYTES_DOWN] = 2,
        [FIELD_ACTION] = 2, [FIELD_STATUS] = 3,  [FIELD_METHOD] = 6,     [FIELD_QTYPE] = 5,
        [FIELD_URL] = 4,    [FIELD_DEST_IP] = 5, [FIELD_USER_AGENT] = 5,
    };

    return weights[field];
}

static void set_columns(struct column columns[COLUMNS])
{
    static const struct column leading[LEADING_COLUMNS] = {
        {"id", "id", false, 1}, {"family", "family", false, 2}, {"kinds", "kinds", false, 1}};
    static const struct column trailing[TRAILING_COLUMNS] = {{"zone", "zone", false, 4},
                                                             {"year", "year", false, 4},
                                                             {"title", "title", false, 7},
                                                             {"notes", "notes", false, 0}};

    for (size_t i = 0; i < LEADING_COLUMNS; i++)
        columns[i] = leading[i];
    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        const char *key = field_info((enum field)f)->key;

        columns[LEADING_COLUMNS + f] =
            (struct column){key, key, false, field_weight((enum field)f)};
    }
    for (size_t i = 0; i < TRAILING_COLUMNS; i++)
        columns[LEADING_COLUMNS + FIELD_COUNT + i] = trailing[i];
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

static bool write_format(struct writer *writer, const struct format *format, struct error *err)
{
    bool ok = writer_string(writer, format_id(format), err) &&
              writer_string(writer, format_family(format), err) &&
              write_kinds(writer, format_kinds(format), err);

    for (unsigned f = 0; ok && f < FIELD_COUNT; f++)
        ok = write_yes(writer, f == FIELD_KIND || (format_fields(format) & FIELD_BIT(f)) != 0, err);
    return ok && write_yes(writer, format_has_zone(format), err) &&
           write_yes(writer, format_has_year(format), err) &&
           writer_string(writer, format_title(format), err) && write_notes(writer, format, err);
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

    if (!options_parse(&options, call_arguments(l->call), &l->operands, err) ||
        !printing_form(&l->arguments.printing, &l->form, err))
        return false;
    l->catalog = catalog_create(err);
    if (l->catalog == NULL || !choose_formats(l, err))
        return false;
    l->out = output_open(l->arguments.printing.output, l->call->guard, err);
    return l->out != NULL;
}

/* Formats that are named are shown in full, but for a form that has rows. */
static bool answer(struct listing *l, struct error *err)
{
    bool in_full = l->operands.count > 0 && l->form == WRITER_TABLE;

    return in_full ? show_formats(l, err) : list_formats(l, err);
}

static enum outcome run(const struct call *call, struct error *err)
{
    struct listing l = {.call = call};
    enum outcome outcome = OUTCOME_DONE;

    if (!prepare(&l, err))
        outcome = command_outcome_of_start(err);
    else if (!answer(&l, err) || !output_commit(l.out, err))
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
    .operands = "[options] [FORMAT...]",
    .about =
        "Lists the log formats that kage knows and which fields each can give (blank: it cannot);\n"
        "zone and year: do its stamps carry them? With FORMAT, an id or a family: prints the\n"
        "definitions, or lists these alone where one of --csv, --json, --ndjson and --markdown "
        "asks\n"
        "for rows. The text of a definition in a file of yours is a format, too: `kage scan -f "
        "FILE`.",
    .append_more = append_transforms,
    .examples = "  kage formats\n"
                "  kage formats squid-native > my.format\n",
    .groups = groups,
    .group_count = sizeof groups / sizeof *groups,
    .arguments_size = sizeof(struct formats_arguments),
    .run = run,
};
