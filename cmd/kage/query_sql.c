/* query_sql.c: rows of a question into a writer. */
#include "query_sql.h"

#include "base/buf.h"
#include "report/pseudonym.h"
#include "store/ask.h"

#include <stdlib.h>
#include <string.h>

static struct value value_of(struct ask_value v)
{
    switch (v.type) {
    case ASK_NULL: break;
    case ASK_NUMBER: return value_number(v.number);
    case ASK_TEXT: return (struct value){.type = VALUE_TEXT, .text = v.text, .name = true};
    }
    return (struct value){.type = VALUE_EMPTY};
}

/* Names of files may be people's. */
static bool is_masked(const struct query_sql *q, const char *column)
{
    return q->pseudonyms != NULL &&
           (strcmp(column, "archive") == 0 || strcmp(column, "source") == 0);
}

static bool print_cell(const struct query_sql *q, struct ask *ask, size_t column,
                       struct writer *writer, struct error *err)
{
    struct value value = value_of(ask_value(ask, column));
    struct buf masked = {0};
    bool ok;

    if (value.type == VALUE_TEXT && is_masked(q, ask_column_name(ask, column))) {
        pseudonym_append(q->pseudonyms, PSEUDONYM_TEXT, value.text, &masked);
        value.text = buf_slice(&masked);
    }
    ok = (!masked.failed || error_set_memory(err)) && writer_cell(writer, &value, err);
    buf_free(&masked);
    return ok;
}

static bool print_rows(const struct query_sql *q, struct ask *ask, struct writer *writer,
                       struct error *err)
{
    bool row = true;

    while (ask_next(ask, &row, err) && row)
        for (size_t i = 0; i < ask_column_count(ask); i++)
            if (!print_cell(q, ask, i, writer, err))
                return false;
    return err->code == ERROR_NONE && writer_end(writer, err);
}

bool query_sql_print(const struct query_sql *q, struct output *out, struct error *err)
{
    struct ask *ask = ask_create(q->store, q->text, err);
    size_t count = ask == NULL ? 0 : ask_column_count(ask);
    struct column *columns = calloc(count + 1, sizeof *columns);
    struct writer_task task = {out, columns, count, q->look};
    struct writer *writer = NULL;
    bool ok;

    if (columns == NULL)
        error_set_memory(err);
    for (size_t i = 0; columns != NULL && i < count; i++)
        columns[i] = (struct column){
            .name = ask_column_name(ask, i), .heading = ask_column_name(ask, i), .weight = 1};
    if (err->code == ERROR_NONE)
        writer = writer_open(q->form, &task, err);
    ok = writer != NULL && print_rows(q, ask, writer, err);
    writer_free(writer);
    free(columns);
    ask_free(ask);
    return ok;
}
