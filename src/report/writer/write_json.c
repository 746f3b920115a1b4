/* write_json.c: rows as JSON objects, in an array or one a line. */
#include "report/json.h"
#include "report/output.h"
#include "report/writer/writer.h"

#include <stdlib.h>

struct rows_json {
    struct output *out;
    const struct column *columns;
    size_t count;
    struct json json;
    bool array; /* else one object a line */
    bool any;   /* has a row been written? */
};

static void *begin(const struct writer_task *task, bool array, struct error *err)
{
    struct rows_json *r = calloc(1, sizeof *r);

    if (r == NULL) {
        error_set_memory(err);
        return NULL;
    }
    r->out = task->out;
    r->columns = task->columns;
    r->count = task->count;
    r->array = array;
    if (array)
        buf_append_byte(output_buf(r->out), '[');
    return r;
}

static void *begin_array(const struct writer_task *task, struct error *err)
{
    return begin(task, true, err);
}

static void *begin_lines(const struct writer_task *task, struct error *err)
{
    return begin(task, false, err);
}

static void begin_row(struct rows_json *r)
{
    if (r->array)
        buf_append_string(output_buf(r->out), r->any ? ",\n" : "\n");
    r->any = true;
    r->json = (struct json){.out = output_buf(r->out)};
    json_open(&r->json, '{');
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    struct rows_json *r = self;

    if (column == 0)
        begin_row(r);
    json_key(&r->json, r->columns[column].name);
    switch (value->type) {
    case VALUE_EMPTY: json_null(&r->json); break;
    case VALUE_TEXT: json_text(&r->json, value->text); break;
    case VALUE_NUMBER: json_number(&r->json, value->number); break;
    }
    if (column + 1 < r->count)
        return true;
    json_close(&r->json, '}');
    if (!r->array)
        buf_append_byte(output_buf(r->out), '\n');
    return output_drain(r->out, err);
}

static bool end(void *self, struct error *err)
{
    const struct rows_json *r = self;

    if (r->array)
        buf_append_string(output_buf(r->out), r->any ? "\n]\n" : "]\n");
    return output_drain(r->out, err);
}

const struct writer_ops write_json_ops = {begin_array, NULL, write_cell, NULL, NULL, end, free};
const struct writer_ops write_json_lines_ops = {begin_lines, begin_lines, write_cell, NULL,
                                                NULL,        end,         free};
