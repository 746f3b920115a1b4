/* write_csv.c: RFC 4180, quoted only where needed; the data exactly as it is, or as a spreadsheet
 * wants it. */
#include "report/output.h"
#include "report/writer/sheet.h"
#include "report/writer/writer.h"

#include <csv.h>
#include <limits.h>
#include <stdlib.h>

struct csv {
    struct output *out;
    struct buf *text; /* the output's */
    size_t count;
    struct sheet *sheet;
    bool exact;       /* the sheet leaves texts as they are */
    struct buf field; /* before it is quoted */
};

static bool needs_quotes(struct slice text)
{
    static const bool quoted[UCHAR_MAX + 1] = {
        [','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true};
    bool any = false;

    for (size_t i = 0; i < text.len; i++)
        any |= quoted[(unsigned char)text.ptr[i]];
    return any;
}

static void append_quoted(struct buf *out, struct slice text)
{
    size_t need;

    if (!needs_quotes(text)) {
        buf_append(out, text);
        return;
    }
    need = csv_write(NULL, 0, text.ptr, text.len);
    if (!buf_reserve(out, need))
        return;
    csv_write(out->ptr + out->len, need, text.ptr, text.len);
    out->len += need;
}

static void append_text(struct csv *c, const struct value *value)
{
    if (c->exact && value->plain) {
        buf_append(c->text, value->text);
        return;
    }
    if (c->exact) {
        append_quoted(c->text, value->text);
        return;
    }
    buf_reset(&c->field);
    sheet_field(c->sheet, value->text, value->name, &c->field);
    append_quoted(c->text, buf_slice(&c->field));
    c->text->failed = c->text->failed || c->field.failed;
}

static void end_cell(struct csv *c, size_t column)
{
    if (column + 1 == c->count)
        sheet_end_row(c->sheet, c->text);
    else
        buf_append_byte(c->text, ',');
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    struct csv *c = self;

    switch (value->type) {
    case VALUE_EMPTY: break;
    case VALUE_TEXT: append_text(c, value); break;
    case VALUE_NUMBER: buf_append_uint(c->text, value->number); break;
    }
    end_cell(c, column);
    return column + 1 < c->count || output_drain(c->out, err); /* rows are handed on whole */
}

static void *begin_rows(const struct writer_task *task, struct error *err)
{
    struct csv *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->sheet = sheet_create(task->look.sheet, err);
    if (c->sheet == NULL) {
        free(c);
        return NULL;
    }
    c->exact = sheet_is_exact(c->sheet);
    c->out = task->out;
    c->text = output_buf(task->out);
    c->count = task->count;
    return c;
}

static void *begin(const struct writer_task *task, struct error *err)
{
    struct csv *c = begin_rows(task, err);

    if (c == NULL)
        return NULL;
    sheet_begin(c->sheet, c->text);
    for (size_t i = 0; i < task->count; i++) {
        struct value name = value_string(task->columns[i].name);

        append_text(c, &name);
        end_cell(c, i);
    }
    return c;
}

static bool end(void *self, struct error *err)
{
    const struct csv *c = self;

    return output_drain(c->out, err);
}

static void free_csv(void *self)
{
    struct csv *c = self;

    sheet_free(c->sheet);
    buf_free(&c->field);
    free(c);
}

const struct writer_ops write_csv_ops = {begin, begin_rows, write_cell, end, free_csv};
