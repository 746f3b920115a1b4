/* explain_shape.c: the place where a line leaves the shape of its format. */
#include "format/explain/explain_shape.h"

#include "format/mapping/reason.h"

enum { SHOWN_NAMES = 8 };

/* How many columns a line has; where a quote breaks it, SPLIT_BROKEN, and ${broken} is the number
 * of its column, from 0. */
static size_t split_columns(const struct split *how, struct slice body, size_t *broken,
                            struct arena *scratch)
{
    struct slice columns[COLUMN_LIMIT] = {{NULL, 0}};
    struct split_column every[COLUMN_LIMIT];
    const struct split_target to = {every, COLUMN_LIMIT, columns};
    size_t count;

    split_every(COLUMN_LIMIT, every);
    count = split_line(how, body, &to, scratch);
    for (*broken = 0; *broken < COLUMN_LIMIT && columns[*broken].ptr != NULL;)
        ++*broken;
    return count;
}

/* The same where columns have no quotes. */
static size_t count_columns(const struct format *f, struct slice body)
{
    size_t columns = 0;
    bool inside = false;

    for (size_t i = 0; i < body.len; i++) {
        if (f->separator != ' ') {
            columns += body.ptr[i] == f->separator;
            continue;
        }
        columns += body.ptr[i] != ' ' && !inside;
        inside = body.ptr[i] != ' ';
    }
    return f->separator == ' ' ? columns : columns + 1;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void append_open_quote(struct buf *out, const struct format *f, size_t column)
{
    buf_printf(out, "column %zu", column + 1);
    if (column < f->named_columns)
        buf_printf(out, " ('%.*s')", SLICE_FMT(f->columns[column]));
    buf_append_string(out, ": a quote that is not closed, or text behind one that is");
}

/* The columns that the definition names are too few or too many. */
static void append_count(struct buf *out, const struct format *f, size_t columns)
{
    bool more = f->spread_column >= 0 || f->open_end || f->least_columns < f->named_columns;

    buf_printf(out, "%zu column%s; expected ", columns, plural(columns));
    if (columns < f->least_columns)
        buf_printf(out, "%s%zu: from column %zu ('%.*s') on they are missing",
                   more ? "at least " : "", f->least_columns, columns + 1,
                   SLICE_FMT(f->columns[columns]));
    else
        buf_printf(out, "%zu, the last of them '%.*s'", f->named_columns,
                   SLICE_FMT(f->columns[f->named_columns - 1]));
}

static void explain_delimited(const struct uncut *line, struct arena *scratch, struct buf *out)
{
    const struct format *f = line->format;
    const struct split how = {f->separator, f->quoting, f->brackets};
    bool plain = f->quoting == QUOTE_NONE && !f->brackets;
    size_t broken = 0, columns = plain ? count_columns(f, line->body)
                                       : split_columns(&how, line->body, &broken, scratch);

    if (columns == SPLIT_BROKEN)
        append_open_quote(out, f, broken);
    else
        append_count(out, f, columns);
}

/* The first names that the definition uses, in quotes. */
static void append_names(struct buf *out, const struct format *f)
{
    size_t shown = 0;

    for (size_t i = 0; i < f->column_count && shown < SHOWN_NAMES; i++)
        if (f->slot_of[i] >= 0)
            buf_printf(out, "%s '%.*s'", shown++ == 0 ? "" : ",", SLICE_FMT(f->columns[i]));
}

static void explain_headed(const struct uncut *line, struct arena *scratch, struct buf *out)
{
    const struct format *f = line->format;
    struct split how;
    size_t expected = headed_layout(f, line->state, &how), broken = 0, columns;

    if (expected == 0 && !f->open_end) {
        buf_append_string(out, "no heading stands before it; expected one with");
        append_names(out, f);
        return;
    }
    columns = split_columns(&how, line->body, &broken, scratch);
    if (columns == SPLIT_BROKEN)
        append_open_quote(out, f, broken);
    else if (expected == 0)
        append_count(out, f, columns);
    else
        buf_printf(out, "%zu column%s; expected %zu, as the heading before it has", columns,
                   plural(columns), expected);
}

static void explain_keys(const struct uncut *line, struct arena *scratch, struct buf *out)
{
    struct slice key = kv_open_quote(line->format, line->body, scratch);

    if (key.len > 0) {
        buf_append_string(out, "key '");
        reason_append_text(out, key);
        buf_append_string(out, "': its quote is not closed");
        return;
    }
    buf_append_string(out, "none of its keys; expected");
    append_names(out, line->format);
}

static void explain_json(const struct uncut *line, struct arena *scratch, struct buf *out)
{
    size_t at = json_reach(line->format, line->body, scratch);
    struct slice rest = slice_from(line->body, at), before = slice_trim(line->body);
    bool begun = before.len > 0 && line->body.ptr + at > before.ptr;

    buf_printf(out, "byte %zu", line->offset + at + 1);
    if (rest.len > 0) {
        buf_append_string(out, ", '");
        reason_append_text(out, rest);
        buf_append_byte(out, '\'');
    }
    if (!begun)
        buf_append_string(out, ": expected {, the begin of a JSON object");
    else if (rest.len == 0)
        buf_append_string(out, ": the line ends before its JSON object does");
    else if (at > 0 && rest.ptr[-1] == '"')
        buf_append_string(out, ": a JSON string that is not closed or has a wrong escape");
    else
        buf_append_string(out, ": no JSON object from here on");
}

void explain_shape(const struct uncut *line, struct template_probes *probes, struct arena *scratch,
                   struct buf *out)
{
    const struct decoder *decoder = line->format->decoder;

    if (decoder == &decode_delimited)
        explain_delimited(line, scratch, out);
    else if (decoder == &decode_template)
        explain_template(line, probes, out);
    else if (decoder == &decode_kv)
        explain_keys(line, scratch, out);
    else if (decoder == &decode_json)
        explain_json(line, scratch, out);
    else
        explain_headed(line, scratch, out);
}
