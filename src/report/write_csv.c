/* write_csv.c: RFC 4180 with LF, quoted only where needed; the data exactly as it is. */
#include "report/output.h"
#include "report/writer.h"

#include <csv.h>
#include <stdlib.h>

struct csv {
    struct output *out;
    size_t count;
};

static bool needs_quotes(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == ',' || text.ptr[i] == '"' || text.ptr[i] == '\n' || text.ptr[i] == '\r')
            return true;
    return false;
}

static void append_text(struct buf *out, struct slice text)
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

static void end_cell(const struct csv *c, size_t column)
{
    buf_append_byte(output_buf(c->out), column + 1 == c->count ? '\n' : ',');
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    const struct csv *c = self;
    struct buf *out = output_buf(c->out);

    switch (value->type) {
    case VALUE_EMPTY: break;
    case VALUE_TEXT: append_text(out, value->text); break;
    case VALUE_NUMBER: buf_append_uint(out, value->number); break;
    }
    end_cell(c, column);
    return output_drain(c->out, err);
}

static void *begin(const struct writer_task *task, struct error *err)
{
    struct csv *c = calloc(1, sizeof *c);

    if (c == NULL) {
        error_set_memory(err);
        return NULL;
    }
    c->out = task->out;
    c->count = task->count;
    for (size_t i = 0; i < task->count; i++) {
        append_text(output_buf(c->out), slice_of_string(task->columns[i].name));
        end_cell(c, i);
    }
    return c;
}

static bool end(void *self, struct error *err)
{
    const struct csv *c = self;

    return output_drain(c->out, err);
}

const struct writer_ops write_csv_ops = {begin, write_cell, end, free};
