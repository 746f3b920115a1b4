/* write_markdown.c: a pipe table of GitHub-flavoured Markdown. */
#include "report/display.h"
#include "report/output.h"
#include "report/writer/writer.h"

#include <stdlib.h>
#include <string.h>

struct markdown {
    struct output *out;
    size_t count;
    struct buf scratch;
};

/* Append ${text}, already safe to show, so that Markdown and HTML read it as text. */
static void append_escaped(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '<')
            buf_append_string(out, "&lt;");
        else if (c == '&')
            buf_append_string(out, "&amp;");
        else {
            if (memchr("\\`*_[]|~>", c, sizeof "\\`*_[]|~>" - 1) != NULL)
                buf_append_byte(out, '\\');
            buf_append_byte(out, c);
        }
    }
}

static void append_cell(struct markdown *m, size_t column, struct slice text)
{
    struct buf *out = output_buf(m->out);

    buf_append_string(out, column == 0 ? "| " : " ");
    buf_reset(&m->scratch);
    display_append(&m->scratch, text);
    append_escaped(out, buf_slice(&m->scratch));
    buf_append_string(out, column + 1 == m->count ? " |\n" : " |");
}

static bool write_cell(void *self, size_t column, const struct value *value, struct error *err)
{
    struct markdown *m = self;
    struct buf number = {0};

    switch (value->type) {
    case VALUE_EMPTY: append_cell(m, column, slice_of(NULL, 0)); break;
    case VALUE_TEXT: append_cell(m, column, value->text); break;
    case VALUE_NUMBER:
        display_append_sum(&number, value->number, value->partial);
        append_cell(m, column, buf_slice(&number));
        break;
    }
    if (number.failed || m->scratch.failed)
        error_set_memory(err);
    buf_free(&number);
    return err->code == ERROR_NONE && output_drain(m->out, err);
}

static void *begin_rows(const struct writer_task *task, struct error *err)
{
    struct markdown *m = calloc(1, sizeof *m);

    if (m == NULL) {
        error_set_memory(err);
        return NULL;
    }
    m->out = task->out;
    m->count = task->count;
    return m;
}

static void *begin(const struct writer_task *task, struct error *err)
{
    struct markdown *m = begin_rows(task, err);

    if (m == NULL)
        return NULL;
    for (size_t i = 0; i < task->count; i++)
        append_cell(m, i, slice_of_string(task->columns[i].heading));
    for (size_t i = 0; i < task->count; i++)
        buf_append_string(output_buf(m->out), task->columns[i].number ? "| ---: " : "| --- ");
    buf_append_string(output_buf(m->out), "|\n");
    return m;
}

static bool end(void *self, struct error *err)
{
    const struct markdown *m = self;

    return output_drain(m->out, err);
}

static void free_markdown(void *self)
{
    struct markdown *m = self;

    buf_free(&m->scratch);
    free(m);
}

const struct writer_ops write_markdown_ops = {begin, begin_rows, write_cell,   NULL,
                                              NULL,  end,        free_markdown};
