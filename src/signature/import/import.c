/* import.c: reads a list line by line; rows are normalised, sorted and each kept once. */
#include "signature/import/import.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/room.h"
#include "net/domain.h"
#include "net/psl.h"
#include "signature/import/import_lines.h"
#include "signature/load.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *help;
    import_line *line;
} formats[] = {
#define IMPORT_FORMAT(name, help) {#name, help, import_line_##name},
#include "signature/import/import.def"
#undef IMPORT_FORMAT
    {"csv", "a column domain, host, hostname or fqdn, and perhaps app and role", NULL},
};

enum { FORMATS = sizeof formats / sizeof *formats };

const char *import_format_name(size_t index)
{
    return index < FORMATS ? formats[index].name : NULL;
}

const char *import_format_help(size_t index)
{
    return index < FORMATS ? formats[index].help : NULL;
}

const char *import_skip_words(enum import_skip skip)
{
    static const char *const words[IMPORT_SKIPS] = {
#define IMPORT_SKIP(id, text) [IMPORT_SKIP_##id] = (text),
#include "signature/import/import.def"
#undef IMPORT_SKIP
    };

    return words[skip];
}

void import_skip(struct import *im, enum import_skip skip)
{
    im->out->skipped[skip]++;
}

void import_remark(struct import *im)
{
    im->out->remarks++;
}

static struct import_row *new_row(struct imported *out)
{
    if (!ROOM_FOR_ONE(out->rows, out->count, out->capacity))
        return NULL;
    return &out->rows[out->count++];
}

/* A row of that domain, `=` in front where it is exact. An exception wins. */
static void put_row(struct import *im, struct slice domain, const char *app, enum role role)
{
    struct imported *out = im->out;
    struct import_row *row;
    bool fresh;
    uint32_t number = text_map_add(&out->domains, domain, &fresh);

    if (number == TEXT_MAP_NONE || (fresh && new_row(out) == NULL)) {
        im->failed = true;
        return;
    }
    row = &out->rows[number];
    if (fresh)
        *row = (struct import_row){out->domains.texts[number].ptr, app, role};
    else if (strcmp(app, "-") == 0)
        row->app = app;
    out->repeated += !fresh;
}

static void add_row(struct import *im, const struct import_name *n, const char *app)
{
    char normal[HOST_LIMIT + 1];
    struct slice name = domain_normalise(n->name, normal + 1);
    const char *why;

    if (domain_is_address(name)) {
        import_skip(im, IMPORT_SKIP_ADDRESS);
    } else if (slice_find(n->name, ':') < n->name.len || !domain_valid(name, &why)) {
        import_skip(im, IMPORT_SKIP_NAME);
    } else if (host_kind_of(name) == HOST_LOCAL) {
        import_skip(im, IMPORT_SKIP_LOCAL);
    } else {
        normal[0] = '=';
        put_row(im, slice_of(normal + !n->exact, name.len + n->exact), app, n->role);
    }
}

void import_add(struct import *im, const struct import_name *name)
{
    add_row(im, name, name->exception ? "-" : im->source->app);
}

static void read_lines(struct import *im, import_line *take)
{
    struct slice rest = im->source->bytes, line;

    if (slice_starts_with(rest, SLICE("\xef\xbb\xbf")))
        rest = slice_from(rest, 3);
    while (rest.len > 0 && !im->failed) {
        slice_cut(rest, '\n', &line, &rest);
        while (line.len > 0 && strchr(" \t\r", line.ptr[line.len - 1]) != NULL &&
               line.ptr[line.len - 1] != '\0')
            line.len--;
        im->out->lines++;
        take(im, line);
    }
}

/* --- csv --- */

enum { CSV_DOMAIN_NAMES = 4, CSV_APP = CSV_DOMAIN_NAMES, CSV_ROLE, CSV_COLUMNS };

static const struct csv_column csv_columns[CSV_COLUMNS] = {{"domain", true},   {"host", true},
                                                           {"hostname", true}, {"fqdn", true},
                                                           {"app", true},      {"role", true}};

/* By name, whatever its case; what else a stranger's file has is passed over. */
static void choose_columns(const void *context, const struct slice *names, size_t count,
                           int *columns)
{
    bool chosen[CSV_COLUMNS] = {false};

    (void)context;
    for (size_t i = 0; i < count; i++) {
        columns[i] = CSV_PASSED_OVER;
        for (int c = 0; c < CSV_COLUMNS; c++)
            if (!chosen[c] && slice_equal_nocase(names[i], slice_of_string(csv_columns[c].name))) {
                chosen[c] = true;
                columns[i] = c;
                break;
            }
    }
}

static enum role role_of(const struct import *im, struct slice text)
{
    for (unsigned r = 0; r < ROLE_COUNT; r++)
        if (slice_is(text, role_name((enum role)r)))
            return (enum role)r;
    return im->source->role;
}

/* Returns: NULL where memory is out. */
static const char *app_of(struct import *im, struct slice text)
{
    if (slice_is(text, "-"))
        return "-";
    return load_is_id(text) ? arena_copy(&im->out->arena, text).ptr : im->source->app;
}

static bool take_csv_row(void *context, const struct csv_row *row, struct error *err)
{
    struct import *im = context;
    struct import_name name = {.role = role_of(im, row->fields[CSV_ROLE])};
    const char *app = app_of(im, row->fields[CSV_APP]);

    for (size_t i = CSV_DOMAIN_NAMES; i-- > 0;)
        if (row->fields[i].len > 0)
            name.name = row->fields[i];
    im->out->lines++;
    name.exact = slice_starts_with(name.name, SLICE("="));
    if (name.exact || slice_starts_with(name.name, SLICE("*.")))
        name.name = slice_from(name.name, name.exact ? 1 : 2);
    if (app != NULL)
        add_row(im, &name, app);
    return (app != NULL && !im->failed) || error_set_memory(err);
}

/* Spreadsheets of some countries write semicolons; the head says it. */
static char delimiter_of(struct slice bytes)
{
    static const char others[] = {';', '\t'};
    struct slice head = slice_of(bytes.ptr, slice_find(bytes, '\n'));

    for (size_t i = 0; i < sizeof others; i++)
        if (slice_find(head, ',') == head.len && slice_find(head, others[i]) < head.len)
            return others[i];
    return ',';
}

static bool read_csv(struct import *im, struct error *err)
{
    const struct csv_file file = {.name = im->source->name,
                                  .bytes = im->source->bytes,
                                  .columns = csv_columns,
                                  .column_count = CSV_COLUMNS,
                                  .delimiter = delimiter_of(im->source->bytes),
                                  .choose = choose_columns};

    if (!csv_read(&file, take_csv_row, im, err))
        return false;
    return im->out->lines == 0 || im->out->skipped[IMPORT_SKIP_NAME] < im->out->lines ||
           error_set(err, ERROR_SYNTAX,
                     "%s: no host name in any row; expected a column domain, host, hostname or "
                     "fqdn",
                     im->source->name);
}

/* --- the whole --- */

static int compare_rows(const void *left, const void *right)
{
    const struct import_row *a = left, *b = right;

    return strcmp(a->domain, b->domain);
}

/* The next wider row, for all names around this one; NULL: none. */
static const struct import_row *wider(const struct imported *out, const struct import_row *row)
{
    struct slice name = slice_of_string(row->domain), label;
    bool exact = name.len > 0 && name.ptr[0] == '=';
    uint32_t number;

    if (exact)
        name = slice_from(name, 1);
    else
        slice_cut(name, '.', &label, &name);
    for (; name.len > 0; slice_cut(name, '.', &label, &name)) {
        number = text_map_find(&out->domains, name);
        if (number != TEXT_MAP_NONE)
            return &out->rows[number];
    }
    return NULL;
}

enum need { NEEDED, REPEATS, EXCEPTS_NOTHING };

/* What an exception takes out must be in the list: laid over the catalogue it would take out what
 * that knows. Only who names the app `-` himself means that. */
static enum need need_of(const struct import *im, const struct import_row *row)
{
    const struct import_row *around = wider(im->out, row);
    bool exception = strcmp(row->app, "-") == 0;

    if (around == NULL)
        return exception && strcmp(im->source->format, "csv") != 0 ? EXCEPTS_NOTHING : NEEDED;
    return strcmp(around->app, row->app) == 0 && (exception || around->role == row->role) ? REPEATS
                                                                                          : NEEDED;
}

/* All are asked before the first goes: rows are found by their numbers. */
static bool drop_needless(struct import *im)
{
    struct imported *out = im->out;
    enum need *needs = calloc(out->count + 1, sizeof *needs);
    size_t kept = 0;

    if (needs == NULL)
        return false;
    for (size_t i = 0; i < out->count; i++)
        needs[i] = need_of(im, &out->rows[i]);
    for (size_t i = 0; i < out->count; i++) {
        out->repeated += needs[i] == REPEATS;
        out->skipped[IMPORT_SKIP_EXCEPTION] += needs[i] == EXCEPTS_NOTHING;
        if (needs[i] == NEEDED)
            out->rows[kept++] = out->rows[i];
    }
    out->count = kept;
    free(needs);
    return true;
}

static bool unknown_format(const char *name, struct error *err)
{
    struct buf names = {0};

    for (size_t i = 0; i < FORMATS; i++) {
        const char *join = i + 1 == FORMATS ? " or " : ", ";

        buf_printf(&names, "%s%s", i == 0 ? "" : join, formats[i].name);
    }
    buf_append_byte(&names, '\0');
    if (names.failed)
        error_set_memory(err);
    else
        error_set(err, ERROR_USAGE, "--import: '%s': expected %s", name, names.ptr);
    buf_free(&names);
    return false;
}

bool signature_import(const struct import_source *source, struct imported *out, struct error *err)
{
    struct import im = {.source = source, .out = out};
    size_t f = 0;

    while (f < FORMATS && strcmp(source->format, formats[f].name) != 0)
        f++;
    if (f == FORMATS)
        return unknown_format(source->format, err);
    if (formats[f].line != NULL)
        read_lines(&im, formats[f].line);
    else if (!read_csv(&im, err))
        return false;
    if (im.failed || !drop_needless(&im))
        return error_set_memory(err);
    if (out->count > 0)
        qsort(out->rows, out->count, sizeof *out->rows, compare_rows);
    return true;
}

void imported_free(struct imported *imported)
{
    free(imported->rows);
    text_map_free(&imported->domains);
    arena_free(&imported->arena);
    *imported = (struct imported){0};
}
