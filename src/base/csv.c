/* csv.c: libcsv, fed line by line so that every message can name the line. */
#include "base/csv.h"

#include "base/buf.h"

#include <assert.h>
#include <csv.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* What libcsv's callbacks fill. */
struct reading {
    const struct csv_file *file;
    csv_take *take;
    void *context;
    struct error *err;
    size_t line;     /* being parsed */
    size_t row_line; /* in which the row at hand began */
    bool in_row;
    struct buf text;                /* of the row's fields, each with a NUL behind it */
    size_t starts[CSV_COLUMNS_MAX]; /* of the row's fields in ${text} */
    size_t field_count;             /* of the row; may exceed the array */
    bool header_read;
    size_t header_count;            /* columns of the file */
    int column_of[CSV_COLUMNS_MAX]; /* file's column -> asked column, or CSV_PASSED_OVER */
};

bool csv_fail(const struct csv_row *row, struct error *err, const char *format, ...)
{
    char text[sizeof err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return error_set(err, ERROR_SYNTAX, "%s:%zu: %s", row->file, row->line, text);
}

static bool failed(const struct reading *r)
{
    return r->err->code != ERROR_NONE;
}

/* The header or row at hand, for messages. */
static struct csv_row here(const struct reading *r)
{
    return (struct csv_row){r->file->name, r->row_line, NULL};
}

static struct slice field_at(const struct reading *r, size_t n)
{
    size_t end = n + 1 < r->field_count ? r->starts[n + 1] : r->text.len;

    return slice_of(r->text.ptr + r->starts[n], end - r->starts[n] - 1);
}

/* "a,b,c" of the columns asked for. */
static void name_columns(const struct csv_file *file, struct buf *out)
{
    for (size_t i = 0; i < file->column_count; i++) {
        if (i > 0 && slice_is(slice_of_string(file->columns[i].name), file->columns[i - 1].name))
            continue;
        buf_append_string(out, i == 0 ? "" : ",");
        buf_append_string(out, file->columns[i].name);
    }
    buf_append_byte(out, '\0');
}

/* "${what} '${name}'; expected …", or without a name where that is NULL. */
static bool fail_columns(const struct reading *r, const char *what, struct slice name)
{
    struct csv_row row = here(r);
    const char *quote = name.ptr == NULL ? "" : "'";
    struct buf expected = {0};

    name_columns(r->file, &expected);
    if (expected.failed)
        error_set_memory(r->err);
    else
        csv_fail(&row, r->err, "%s%s%.*s%s; expected the columns %s", what, quote, SLICE_FMT(name),
                 quote, expected.ptr);
    buf_free(&expected);
    return false;
}

static int find_column(const struct csv_file *file, struct slice name)
{
    for (size_t i = 0; i < file->column_count; i++)
        if (slice_is(name, file->columns[i].name))
            return (int)i;
    return CSV_PASSED_OVER;
}

/* Columns by their names. */
static bool match_columns(struct reading *r, const struct slice *names)
{
    for (size_t i = 0; i < r->field_count; i++) {
        r->column_of[i] = find_column(r->file, names[i]);
        if (r->column_of[i] == CSV_PASSED_OVER)
            return fail_columns(r, "unknown column ", names[i]);
        for (size_t k = 0; k < i; k++)
            if (r->column_of[k] == r->column_of[i])
                return fail_columns(r, "twice the column ", names[i]);
    }
    return true;
}

static bool take_header(struct reading *r)
{
    bool seen[CSV_COLUMNS_MAX] = {false};
    struct slice names[CSV_COLUMNS_MAX];

    if (r->field_count > CSV_COLUMNS_MAX)
        return fail_columns(r, "too many columns", slice_of(NULL, 0));
    for (size_t i = 0; i < r->field_count; i++)
        names[i] = field_at(r, i);
    if (r->file->choose != NULL)
        r->file->choose(r->file->choose_context, names, r->field_count, r->column_of);
    else if (!match_columns(r, names))
        return false;
    for (size_t i = 0; i < r->field_count; i++)
        if (r->column_of[i] != CSV_PASSED_OVER)
            seen[r->column_of[i]] = true;
    for (size_t i = 0; i < r->file->column_count; i++)
        if (!seen[i] && !r->file->columns[i].optional)
            return fail_columns(r, "no column ", slice_of_string(r->file->columns[i].name));
    r->header_count = r->field_count;
    r->header_read = true;
    return true;
}

static bool take_row(struct reading *r)
{
    struct slice fields[CSV_COLUMNS_MAX];
    struct csv_row row = {r->file->name, r->row_line, fields};

    if (r->field_count != r->header_count)
        return csv_fail(&row, r->err, "%zu fields; the header has %zu", r->field_count,
                        r->header_count);
    for (size_t i = 0; i < r->file->column_count; i++)
        fields[i] = SLICE("");
    for (size_t i = 0; i < r->field_count; i++)
        if (r->column_of[i] != CSV_PASSED_OVER)
            fields[r->column_of[i]] = field_at(r, i);
    return r->take(r->context, &row, r->err);
}

static void on_field(void *bytes, size_t len, void *context)
{
    struct reading *r = context;
    struct buf *text = &r->text;

    len++; /* the NUL of CSV_APPEND_NULL */
    if (r->field_count < CSV_COLUMNS_MAX &&
        (text->cap - text->len >= len || buf_reserve(text, len))) {
        r->starts[r->field_count] = text->len;
        memcpy(text->ptr + text->len, bytes, len);
        text->len += len;
    }
    r->field_count++;
}

static void on_row(int terminator, void *context)
{
    struct reading *r = context;

    (void)terminator;
    if (!failed(r) && r->text.failed)
        error_set_memory(r->err);
    if (!failed(r) && r->header_read)
        take_row(r);
    else if (!failed(r))
        take_header(r);
    buf_reset(&r->text);
    r->field_count = 0;
    r->in_row = false;
}

/* Bytes of the first line of ${s} with its end: LF, CRLF or CR. */
static size_t line_length(struct slice s)
{
    size_t lf = slice_find(s, '\n'), cr = slice_find(slice_of(s.ptr, lf), '\r');

    if (cr < lf && cr + 1 != lf)
        return cr + 1;
    return lf < s.len ? lf + 1 : s.len;
}

static bool is_blank(struct slice line)
{
    size_t i = 0;

    while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t' || line.ptr[i] == '\r' ||
                            line.ptr[i] == '\n'))
        i++;
    return i == line.len;
}

/* libcsv stopped ${at} bytes into the line. */
static bool fail_parse(const struct reading *r, struct csv_parser *parser, size_t at)
{
    struct csv_row row = {r->file->name, r->line, NULL};

    if (csv_error(parser) != CSV_EPARSE)
        return error_set_memory(r->err);
    return csv_fail(&row, r->err,
                    "stray quote near byte %zu; a field that holds a quote stands in quotes, with "
                    "the quote doubled",
                    at + 1);
}

static bool parse_line(struct reading *r, struct csv_parser *parser, struct slice line)
{
    size_t done;

    if (!r->in_row && is_blank(line))
        return true;
    if (!r->in_row)
        r->row_line = r->line;
    r->in_row = true;
    done = csv_parse(parser, line.ptr, line.len, on_field, on_row, r);
    return done == line.len ? !failed(r) : fail_parse(r, parser, done);
}

static bool parse_lines(struct reading *r, struct csv_parser *parser, struct slice rest)
{
    struct csv_row row;

    for (r->line = 1; rest.len > 0; r->line++) {
        struct slice line = slice_of(rest.ptr, line_length(rest));

        if (!parse_line(r, parser, line))
            return false;
        rest = slice_from(rest, line.len);
    }
    row = here(r);
    if (csv_fini(parser, on_field, on_row, r) == 0)
        return !failed(r);
    if (csv_error(parser) != CSV_EPARSE)
        return error_set_memory(r->err);
    return csv_fail(&row, r->err, "a quote is opened in this row and never closed");
}

/* Length of the UTF-8 sequence at the start of ${s}, or 0 where there is none. NUL is none. */
static size_t sequence_length(struct slice s)
{
    static const struct {
        unsigned char first_min, first_max, second_min, second_max;
        size_t len;
    } forms[] = {
        {0x01, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const unsigned char *b = (const unsigned char *)s.ptr;
    size_t f = 0;

    while (f < sizeof forms / sizeof *forms &&
           (b[0] < forms[f].first_min || b[0] > forms[f].first_max))
        f++;
    if (f == sizeof forms / sizeof *forms || s.len < forms[f].len)
        return 0;
    if (forms[f].len > 1 && (b[1] < forms[f].second_min || b[1] > forms[f].second_max))
        return 0;
    for (size_t i = 2; i < forms[f].len; i++)
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    return forms[f].len;
}

/* Are the next eight bytes ASCII without NUL? */
static bool is_plain_word(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return ((word | (word - ones)) & tops) == 0;
}

/* All must be UTF-8 without NUL: a spreadsheet's Shift_JIS would give wrong names in silence. */
static bool check_text(const struct csv_file *file, struct slice text, struct error *err)
{
    size_t at = 0, line = 1;

    while (at < text.len) {
        size_t n = text.len - at >= 8 && is_plain_word(text.ptr + at)
                       ? 8
                       : sequence_length(slice_from(text, at));

        if (n == 0)
            break;
        at += n;
    }
    if (at == text.len)
        return true;
    for (size_t i = 0; i < at; i++)
        line += text.ptr[i] == '\n';
    return error_set(err, ERROR_SYNTAX, "%s:%zu: not UTF-8 text; save the file as UTF-8",
                     file->name, line);
}

bool csv_read(const struct csv_file *file, csv_take *take, void *context, struct error *err)
{
    struct reading r = {.file = file, .take = take, .context = context, .err = err, .row_line = 1};
    struct slice bytes = file->bytes;
    struct csv_parser parser;
    bool ok;

    assert(file->column_count <= CSV_COLUMNS_MAX);
    if (slice_starts_with(bytes, SLICE("\xef\xbb\xbf")))
        bytes = slice_from(bytes, 3);
    if (!check_text(file, bytes, err))
        return false;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
        return error_set_memory(err);
    if (file->delimiter != 0)
        csv_set_delim(&parser, (unsigned char)file->delimiter);
    ok = parse_lines(&r, &parser, bytes);
    if (ok && !r.header_read)
        ok = fail_columns(&r, "no header line", slice_of(NULL, 0));
    csv_free(&parser);
    buf_free(&r.text);
    return ok;
}
